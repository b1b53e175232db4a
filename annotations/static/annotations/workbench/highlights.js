/** Text lit up without touching it. Several desks on one page light up theirs under one name. */

/**
 * The layer { show(ranges) } of one owner: what it showed before is dark again. Where layers lie
 * over each other, the one of higher priority is seen.
 */
export function makeLayer(name, priority = 0) {
  let own = [];

  function show(ranges) {
    if (!globalThis.Highlight) return;
    const lit = CSS.highlights.get(name) ?? new Highlight();
    for (const range of own) lit.delete(range);
    for (const range of ranges) lit.add(range);
    lit.priority = priority;
    own = ranges;
    CSS.highlights.set(name, lit);
  }

  return { show };
}
