/**
 * The order in which changes are sent. A change is { id, annotation, content, before, seen,
 * undoes, typed, at, state, attempted }: `content` is the whole annotation after it (null removes
 * it), `seen` the version it was made upon (0 makes the annotation). Its state is waiting,
 * refused (the server said why) or conflict (somebody else was faster).
 */

export const PAUSE = 1200; // milliseconds for which typing may go on before it is sent

/**
 * What to send now: { change } or { wait } in milliseconds, or neither. Changes go in order; those
 * of an annotation in trouble wait for it, and so do comments on it and links to it; all others go on.
 * Typing is sent when it pauses.
 */
export function nextToSend(changes, now) {
  const stuck = new Set();
  for (const [nth, change] of changes.entries()) {
    if (change.state !== "waiting") stuck.add(change.annotation);
    if (needs(change).some((id) => stuck.has(id))) {
      stuck.add(change.annotation);
      continue;
    }
    const wait = change.at + PAUSE - now;
    const typing = change.typed && nth === changes.length - 1 && wait > 0 && wait <= PAUSE;
    return typing ? { wait } : { change };
  }
  return {};
}

/** What has to be stored before a change: its annotation, what a comment is on, linked claims. */
function needs({ annotation, content }) {
  const linked = content?.links?.map(({ claim }) => claim) ?? [];
  return [annotation, content?.annotation, ...linked];
}

/** Whether a change only goes on typing where the last one, not sent yet, stopped. */
export function goesOn(last, change) {
  return Boolean(last?.typed && change.typed && !last.attempted && last.state === "waiting")
    && last.annotation === change.annotation && last.revision === change.revision;
}

/** The version that an annotation will have after these changes of it, and the change upon it. */
export function versionAfter(changes, version) {
  return changes.length ? changes.at(-1).seen + 1 : version;
}

/** One change that says what several of one annotation came to, made upon the version seen. */
export function folded(changes, seen, id) {
  const last = changes.at(-1);
  return {
    ...last, id, seen, before: changes[0].before, undoes: null, state: "waiting",
    attempted: false, messages: null, theirs: null, suggestion: changes[0].suggestion ?? null,
  };
}

/** How many of the changes wait for the network, and how many for the person. */
export function counts(changes) {
  const troubled = changes.filter((change) => change.state !== "waiting").length;
  return { waiting: changes.length - troubled, troubled };
}
