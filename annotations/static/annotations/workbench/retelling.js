/** Passages that other articles have too: what is said of them is fetched where there are any. */

/** The part of a desk { commands, loading }. */
export function makeRetelling({ data, text, selection, said }) {
  let notes = null;

  async function load() {
    if (!data.retold.rows.length) return;
    const { makeSaidTwice } = await import("./said_twice.js");
    notes = makeSaidTwice({ retold: data.retold, text, moved: () => selection.draw() });
  }

  /** The next passage with a note that another article has it too. */
  function next() {
    const found = notes?.next(selection.place());
    if (!found) return said("No other article has a passage of this one.");
    selection.set(found.place, found.place, { byKey: true });
    found.control.focus({ preventScroll: true });
    return said(found.told);
  }

  const failed = () => said("What other articles have too could not be fetched.");
  return { commands: { "said-twice": next }, loading: load().catch(failed) };
}
