/**
 * What can be undone and redone, read from the log of one's own changes. An entry is
 * { id, annotation, undoes, … }; undoing is itself a change, which `undoes` the one it takes back.
 */

// What a correction of the text did: it changes where an annotation is, not what it says.
const MOVES = new Set(["carried", "placed"]);

/**
 * The changes that can be undone and those that can be redone, the latest last: { done, undone }.
 * A redone change takes the place of the one it brings back; a new change ends all redoing.
 */
export function replay(log) {
  const done = [];
  let undone = [];
  for (const entry of log) {
    if (MOVES.has(entry.verb)) continue;
    if (!entry.undoes) {
      done.push({ ...entry, about: entry });
      undone = [];
    } else if (take(done, entry.undoes, (taken) => undone.push({ ...entry, about: taken.about }))) {
      continue;
    } else if (!take(undone, entry.undoes, (taken) => done.push({ ...entry, about: taken.about }))) {
      done.push({ ...entry, about: entry });
    }
  }
  return { done, undone };
}

/** Whether all versions of an annotation since an entry's own were made by the log's person. */
export function untouchedSince(log, entry, version) {
  const own = log.filter((other) => other.annotation === entry.annotation);
  return own.every((other) => other.version <= version)
    && own.filter((other) => other.version > entry.version).length === version - entry.version;
}

function take(stack, id, then) {
  const nth = stack.findLastIndex((entry) => entry.id === id);
  if (nth < 0) return false;
  then(...stack.splice(nth, 1));
  return true;
}
