/**
 * What columns have in common, and which places belong together. A column is its anchors
 * { key, place, end } in order of place: where a tag, an actor or a day occurs in its text.
 */

/** Anchors in order of place; those of one key that overlap are told once. */
export function inPlace(anchors) {
  const ends = new Map();
  return [...anchors].sort((one, other) => one.place - other.place).filter(({ key, place, end }) => {
    const isNew = place >= (ends.get(key) ?? -1);
    ends.set(key, Math.max(end, ends.get(key) ?? -1));
    return isNew;
  });
}

/** The keys that at least two columns have, with how often each has it: the most shared first. */
export function sharedKeys(columns) {
  const counts = new Map();
  for (const [nth, column] of columns.entries()) {
    for (const { key } of column) {
      if (!counts.has(key)) counts.set(key, columns.map(() => 0));
      counts.get(key)[nth] += 1;
    }
  }
  const wide = (own) => own.filter(Boolean).length;
  const sum = (own) => own.reduce((one, other) => one + other, 0);
  return Array.from(counts, ([key, own]) => ({ key, counts: own }))
    .filter(({ counts: own }) => wide(own) > 1)
    .sort((one, other) => wide(other.counts) - wide(one.counts) || sum(other.counts) - sum(one.counts));
}

/** The columns with the anchors of one key alone; all if there is none. */
export function onlyOf(columns, key) {
  return key ? columns.map((column) => column.filter((anchor) => anchor.key === key)) : columns;
}

/**
 * For each column the pair { from, to } of anchors that belong together and whose `from`, in the
 * leading column, is nearest to the place; null where the two share nothing, and for the leading
 * one. The first occurrence of a key belongs to the first, the second to the second.
 */
export function partners(columns, leading, place) {
  return columns.map((column, nth) => (
    nth === leading ? null : nearest(pairs(columns[leading], column), place)
  ));
}

/** The next (step 1) or previous (-1) anchor of the leading column whose key another one has. */
export function nextShared(columns, leading, place, step) {
  const others = new Set(columns.flatMap((column, nth) => (
    nth === leading ? [] : column.map(({ key }) => key)
  )));
  const own = columns[leading].filter(({ key }) => others.has(key));
  return (step > 0
    ? own.find((anchor) => anchor.place > place)
    : own.findLast((anchor) => anchor.place < place)) ?? null;
}

/** An anchor's number among those of its key in a column, and how many there are. */
export function countOf(column, anchor) {
  const own = column.filter(({ key }) => key === anchor.key);
  return [own.indexOf(anchor) + 1, own.length];
}

function pairs(leading, other) {
  const there = byKey(other);
  const seen = new Map();
  return leading.flatMap((from) => {
    const nth = seen.get(from.key) ?? 0;
    seen.set(from.key, nth + 1);
    const to = there.get(from.key)?.[nth];
    return to ? [{ from, to }] : [];
  });
}

function byKey(column) {
  const groups = new Map();
  for (const anchor of column) {
    if (!groups.has(anchor.key)) groups.set(anchor.key, []);
    groups.get(anchor.key).push(anchor);
  }
  return groups;
}

function nearest(all, place) {
  const away = ({ from }) => Math.abs(from.place - place);
  return all.reduce((best, one) => (best && away(best) <= away(one) ? best : one), null);
}
