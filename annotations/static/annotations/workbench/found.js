/**
 * Finding words in a text as a reader means them: without case, accents, doubled blanks and the
 * kinds of quotation marks. Places are code points, half-open. No page.
 */

import { graphemes, words as wordsIn } from "./offsets.js";

const LETTERS = {
  "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ς": "σ",
  "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"",
  "–": "-", "—": "-", "‐": "-", "−": "-", "ـ": "",
};
const known = new Map();

/**
 * A passage's text made ready to be searched: { folded, places }. The nth UTF-16 unit of `folded`
 * comes of the code point places[nth]; at its end stands how many code points there are.
 */
export function folded(text) {
  const places = [];
  const letters = [];
  let last = "";
  let point = 0;
  for (const letter of text) {
    const plain = foldLetter(letter);
    const isDoubled = plain === " " && last === " ";
    if (plain && !isDoubled) {
      letters.push(plain);
      for (let nth = 0; nth < plain.length; nth += 1) places.push(point);
      last = plain;
    }
    point += 1;
  }
  places.push(point);
  return { folded: letters.join(""), places };
}

/** What is looked for, folded as the text is; nothing if only blanks and accents are left. */
export function wanted(words) {
  return folded(words).folded.trim();
}

/**
 * Where the folded words stand in a passage, as [start, end] in its code points, in order and not
 * overlapping. A hit is made of whole characters as they are seen: no half of an emoji, no letter
 * without its accent. With `whole` it begins and ends where words do.
 */
export function hitsIn(text, ready, words, { whole = false, locale } = {}) {
  const hits = [];
  if (!words) return hits;
  let edges = null;
  for (let at = ready.folded.indexOf(words); at >= 0; at = ready.folded.indexOf(words, at)) {
    edges ??= edgesOf(text, whole, locale);
    const hit = wholeHit(ready.places, at, words.length, edges);
    if (hit) hits.push(hit);
    at += hit ? words.length : 1;
  }
  return hits;
}

/** The number, from 0, of the first hit at or after a place; of the first one after the last. */
export function nearest(hits, place) {
  const nth = hits.findIndex(([start]) => start >= place);
  return nth < 0 ? 0 : nth;
}

function foldLetter(letter) {
  const code = letter.codePointAt(0);
  if (code < 0x80) return code <= 0x20 ? " " : letter.toLowerCase();
  if (!known.has(letter)) known.set(letter, foldOther(letter));
  return known.get(letter);
}

function foldOther(letter) {
  const bare = letter.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "").toLowerCase();
  return Array.from(bare.normalize("NFKD").replace(/\p{M}/gu, ""), (one) => (
    LETTERS[one] ?? (/\s/u.test(one) ? " " : one)
  )).join("");
}

/** Where characters, as they are seen, begin and end; and whether a place lies within a word. */
function edgesOf(text, whole, locale) {
  const seen = graphemes(text, locale);
  const starts = Int32Array.from(seen, ([start]) => start);
  const ends = new Map(seen.map(([start, end]) => [start, end]));
  const inner = new Set();
  if (whole) {
    for (const [start, end] of wordsIn(text, locale)) {
      for (let place = start + 1; place < end; place += 1) inner.add(place);
    }
  }
  return { starts, ends, inner };
}

/** The hit as [start, end] of whole characters, or null where it begins or ends amid a letter. */
function wholeHit(places, at, length, { starts, ends, inner }) {
  const isCut = (nth) => nth > 0 && places[nth] === places[nth - 1];
  if (isCut(at) || isCut(at + length)) return null;
  const start = beginning(starts, places[at]);
  const end = ends.get(beginning(starts, places[at + length - 1]));
  return inner.has(start) || inner.has(end) ? null : [start, end];
}

/** The beginning of the character, as it is seen, to which a code point belongs. */
function beginning(starts, place) {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return starts[low];
}
