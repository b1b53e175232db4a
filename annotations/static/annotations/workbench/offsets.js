/**
 * Places in a text. Crossread counts Unicode code points, half-open; the browser counts UTF-16
 * units. Every conversion between the two happens here, and nothing here knows the page.
 */

const BLANK = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const CLOSERS = new Map([
  ["(", ")"], ["[", "]"], ["{", "}"], ["“", "”"], ["„", "“”"], ["‘", "’"], ["‚", "‘’"],
  ["«", "»"], ["»", "«"], ['"', '"'], ["'", "'"],
  ["（", "）"], ["【", "】"], ["《", "》"], ["「", "」"], ["『", "』"],
]);
const ALL_CLOSERS = new Set([...CLOSERS.values()].join(""));
const ENDINGS = new Set(".!?…。！？؟।");
const SEPARATORS = new Set(",;:-–—•·،؛、，；：");

const segmenters = new Map();

/**
 * A text made ready for many conversions: { length, toUtf16, fromUtf16, slice }.
 *
 * length and slice count code points. toUtf16 and fromUtf16 throw RangeError for a place that is
 * outside the text, not a whole number, or inside a surrogate pair. One pass to make; then O(1),
 * or O(log n) in texts with characters beyond the basic plane.
 */
export function makeOffsets(text) {
  const pairs = pairsIn(text);
  const length = text.length - pairs.length;

  function toUtf16(point) {
    mustLieIn(point, length);
    return point + countWhile(pairs.length, (nth) => pairs[nth] - nth < point);
  }

  function fromUtf16(unit) {
    mustLieIn(unit, text.length);
    const before = countWhile(pairs.length, (nth) => pairs[nth] < unit);
    if (before && pairs[before - 1] + 1 === unit) {
      throw new RangeError("The offset points into the middle of a character.");
    }
    return unit - before;
  }

  const slice = (start, end = length) => text.slice(toUtf16(start), toUtf16(end));
  return { length, toUtf16, fromUtf16, slice };
}

/** The UTF-16 unit at which a code point begins. For many of them use makeOffsets. */
export function toUtf16(text, point) {
  return makeOffsets(text).toUtf16(point);
}

/** The code point that begins at a UTF-16 unit. For many of them use makeOffsets. */
export function fromUtf16(text, unit) {
  return makeOffsets(text).fromUtf16(unit);
}

/** The words of a text as [start, end] in code points; white space and punctuation left out. */
export function words(text, locale) {
  const found = pieces(text, "word", locale).filter((piece) => piece.isWordLike);
  return inPoints(text, found);
}

/** The sentences of a text as [start, end] in code points, without the blanks around them. */
export function sentences(text, locale) {
  const found = pieces(text, "sentence", locale).map((piece) => trimmed(text, piece));
  return inPoints(text, found.filter(Boolean));
}

/** What a reader sees as single characters, as [start, end] in code points. */
export function graphemes(text, locale) {
  return inPoints(text, pieces(text, "grapheme", locale));
}

/** The span [start, end] without the white space at its ends; null if nothing else is in it. */
export function trimSpan(text, start, end) {
  const offsets = makeOffsets(text);
  const span = trimmed(text, { start: offsets.toUtf16(start), end: offsets.toUtf16(end) });
  return span && [offsets.fromUtf16(span.start), offsets.fromUtf16(span.end)];
}

/**
 * The span [start, end] a person meant by a rough selection; null if it holds only white space.
 *
 * Widened to whole words; white space and punctuation at its ends go, except quotation marks and
 * brackets that have their partner inside, and the full stop of a sentence taken from its start.
 */
export function snapToWords(text, start, end, locale) {
  const offsets = makeOffsets(text);
  const rough = trimmed(text, { start: offsets.toUtf16(start), end: offsets.toUtf16(end) });
  if (!rough) return null;

  const line = linesAround(text, rough);
  const touched = pieces(line.text, "word", locale)
    .map((piece) => ({ ...piece, start: piece.start + line.start, end: piece.end + line.start }))
    .filter((piece) => piece.end > rough.start && piece.start < rough.end);
  const starts = new Set(
    pieces(line.text, "sentence", locale).map((sentence) => sentence.start + line.start),
  );
  const kept = withoutLooseEnds(touched, starts);
  return [offsets.fromUtf16(kept[0].start), offsets.fromUtf16(kept.at(-1).end)];
}

function pairsIn(text) {
  const pairs = [];
  for (let unit = 0; unit < text.length - 1; unit += 1) {
    const isHigh = (text.charCodeAt(unit) & 0xfc00) === 0xd800;
    if (isHigh && (text.charCodeAt(unit + 1) & 0xfc00) === 0xdc00) pairs.push(unit);
  }
  return pairs;
}

function mustLieIn(place, length) {
  if (!Number.isInteger(place) || place < 0 || place > length) {
    throw new RangeError("The offset is not a whole number within the text.");
  }
}

/** How many of the indexes 0 … total - 1 hold, when all that hold come first. O(log n). */
export function countWhile(total, holds) {
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inPoints(text, found) {
  const { fromUtf16: point } = makeOffsets(text);
  return found.map(({ start, end }) => [point(start), point(end)]);
}

function pieces(text, granularity, locale) {
  const cut = segmenter(granularity, locale).segment(text);
  return Array.from(cut, ({ segment, index, isWordLike }) => (
    { start: index, end: index + segment.length, segment, isWordLike }
  ));
}

function segmenter(granularity, locale) {
  const key = `${granularity} ${locale ?? ""}`;
  if (!segmenters.has(key)) {
    segmenters.set(key, new Intl.Segmenter(known(locale), { granularity }));
  }
  return segmenters.get(key);
}

/** The locale, or undefined where an article's language is missing or no language tag. */
function known(locale) {
  try {
    return Intl.Segmenter.supportedLocalesOf(locale || [])[0];
  } catch {
    return undefined;
  }
}

function trimmed(text, { start, end }) {
  let first = start;
  let last = end;
  while (first < last && BLANK.test(text[first])) first += 1;
  while (first < last && BLANK.test(text[last - 1])) last -= 1;
  return first < last ? { start: first, end: last } : null;
}

/** The whole lines that a span touches: words and sentences never reach over a line's end. */
function linesAround(text, { start, end }) {
  const first = text.lastIndexOf("\n", start) + 1;
  const newline = text.indexOf("\n", end);
  return { start: first, text: text.slice(first, newline < 0 ? text.length : newline) };
}

function withoutLooseEnds(touched, sentenceStarts) {
  let first = 0;
  let last = touched.length;
  while (first < last && isLooseHead(touched.slice(first, last))) first += 1;
  const whole = first < last && sentenceStarts.has(touched[first].start);
  while (first < last && isLooseTail(touched.slice(first, last), whole)) last -= 1;
  return first < last ? touched.slice(first, last) : touched;
}

function isLooseHead([{ segment }, ...rest]) {
  if (CLOSERS.has(segment)) {
    return !rest.some((piece) => CLOSERS.get(segment).includes(piece.segment));
  }
  return isLoose(segment) || ENDINGS.has(segment);
}

function isLooseTail(span, isWholeSentence) {
  const { segment } = span.at(-1);
  const rest = span.slice(0, -1);
  if (ALL_CLOSERS.has(segment)) {
    return !rest.some((piece) => CLOSERS.get(piece.segment)?.includes(segment));
  }
  if (ENDINGS.has(segment)) return !isWholeSentence && !rest.at(-1)?.segment.includes(".");
  return isLoose(segment) || CLOSERS.has(segment);
}

function isLoose(segment) {
  return BLANK.test(segment[0]) || SEPARATORS.has(segment) || ALL_CLOSERS.has(segment);
}
