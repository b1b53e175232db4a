/**
 * Where the text cursor goes: by word, sentence, passage or single character. Places are code
 * points of the revision. A text is { passages: [{ start, end }], units(nth, unit) }, where
 * units gives the [start, end] pieces of one passage in order.
 */

/** The place to which the cursor moves: the next (step 1) or previous (-1) beginning of a unit. */
export function moveTo(text, place, unit, step) {
  return next(text, place, unit, step, 0) ?? place;
}

/**
 * The end to which a selection from `anchor` to `focus` is extended. Growing it takes whole
 * units; shrinking it gives whole units back.
 */
export function extendTo(text, anchor, focus, unit, step) {
  const growing = step > 0 ? focus >= anchor : focus <= anchor;
  const side = growing === step > 0 ? 1 : 0;
  const found = next(text, focus, unit, step, side);
  if (found === undefined) return focus;
  if (growing) return found;
  return step > 0 ? Math.min(found, anchor) : Math.max(found, anchor);
}

/** The unit of the text at a place, as [start, end]; the nearest before it between units. */
export function unitAt(text, place, unit) {
  const nth = passageAt(text, place);
  const units = text.units(nth, unit);
  const at = units.findLast(([start]) => start <= place) ?? units[0];
  return at ?? [text.passages[nth].start, text.passages[nth].end];
}

/** The ends of some spans within a passage, as units without width, in order. */
export function edgesOf(spans, { start, end }) {
  const edges = new Set(spans.flatMap((span) => [span.start, span.end]));
  return [...edges].filter((at) => start <= at && at <= end).sort((one, other) => one - other)
    .map((at) => [at, at]);
}

/** The number, from 0, of the passage at a place; of the one before it between passages. */
export function passageAt(text, place) {
  const nth = text.passages.findLastIndex((passage) => passage.start <= place);
  return Math.max(nth, 0);
}

function next(text, place, unit, step, side) {
  const from = passageAt(text, place);
  const last = step > 0 ? text.passages.length : -1;
  for (let nth = from; nth !== last; nth += step) {
    const places = text.units(nth, unit).map((piece) => piece[side]);
    const found = step > 0
      ? places.find((other) => other > place)
      : places.findLast((other) => other < place);
    if (found !== undefined) return found;
  }
  return undefined;
}
