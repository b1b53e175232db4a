/** Text lit up without touching it. Several desks on one page light up theirs under one name. */

/** The layer { show(ranges) } of one owner: what it showed before is dark again. */
export function makeLayer(name) {
  let own = [];

  function show(ranges) {
    if (!globalThis.Highlight) return;
    const lit = CSS.highlights.get(name) ?? new Highlight();
    for (const range of own) lit.delete(range);
    for (const range of ranges) lit.add(range);
    own = ranges;
    CSS.highlights.set(name, lit);
  }

  return { show };
}
