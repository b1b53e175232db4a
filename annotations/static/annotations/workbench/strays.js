/** Annotations that lost their place in the text: their tray is fetched once there is one. */

/** The part of a desk { takes, changed, ready }. */
export function makeStrays(desk) {
  const { state, data, said } = desk;
  let tray = null;

  async function show() {
    if (!tray && !state.strays().length) return;
    const loaded = await import("./tray.js").catch(() => null); // asked for again at the next change
    if (!loaded) return;
    tray ??= loaded.makeTray({
      ...desk, panel: desk.part("panel"), people: data.people,
      put, remove: ({ id }) => desk.changes.removeStray(id),
      may: (stray) => ({ put: isOwn(stray) || data.curated, remove: isOwn(stray) }),
    });
    tray.show();
  }

  function isOwn({ author, layer }) {
    return data.mayMark && author === data.me && layer === "analyst";
  }

  /** One's own work goes the way of all changes; a curator places that of others at once. */
  async function put(stray, stretches) {
    if (isOwn(stray)) return desk.changes.place(stray.id, stretches);
    const spans = stretches.map(([start, end]) => ({ start, end }));
    try {
      state.receive(await desk.sync.place(stray.id, stray.version, spans));
      said("It has its place in the text again.");
    } catch ({ message }) {
      said(`Not placed: ${message}`);
    }
    return undefined;
  }

  return { takes: (command) => Boolean(tray?.act(command)), changed: show, ready: show };
}
