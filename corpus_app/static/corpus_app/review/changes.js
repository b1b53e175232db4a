/**
 * What was changed on the page, to undo and to redo. A change is { lines, fields }: `lines` of
 * { number, from, to } roles, `fields` of { name, from, to } values.
 */

/** An empty log: { add, undo, redo, done, undone }; `undo` and `redo` give the change or null. */
export function createChanges() {
  const done = [];
  const undone = [];
  const move = (from, to) => {
    const change = from.pop() ?? null;
    if (change) to.push(change);
    return change;
  };
  return {
    add(change) {
      if (!change.lines.length && !change.fields.length) return;
      done.push(change);
      undone.length = 0;
    },
    undo: () => move(done, undone),
    redo: () => move(undone, done),
    get done() { return done.length; },
    get undone() { return undone.length; },
  };
}
