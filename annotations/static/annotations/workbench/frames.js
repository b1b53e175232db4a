/** Work that waits for the next picture on the screen. */

/** The function once for all calls within one frame; `now` calls it at once if one is due. */
export function later(run) {
  let due = 0;
  const call = () => {
    due ||= requestAnimationFrame(() => { due = 0; run(); });
  };
  call.now = () => {
    cancelAnimationFrame(due);
    due = 0;
    run();
  };
  return call;
}
