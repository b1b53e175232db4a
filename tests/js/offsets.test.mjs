import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  fromUtf16,
  graphemes,
  makeOffsets,
  sentences,
  snapToWords,
  toUtf16,
  trimSpan,
  words,
} from "../../annotations/static/annotations/workbench/offsets.js";

const table = JSON.parse(readFileSync(new URL("../data/offsets.json", import.meta.url), "utf8"));

const read = (text, spans) => spans.map(([start, end]) => makeOffsets(text).slice(start, end));

for (const { name, text, utf16, whole = [] } of table.texts) {
  test(`code points become UTF-16 units and come back: ${name}`, () => {
    const offsets = makeOffsets(text);
    assert.equal(offsets.length, utf16.length - 1);
    assert.deepEqual(utf16.map((_, point) => offsets.toUtf16(point)), utf16);
    assert.deepEqual(utf16.map(offsets.fromUtf16), utf16.map((_, point) => point));
    assert.deepEqual(utf16.map((_, point) => toUtf16(text, point)), utf16);
    assert.deepEqual(utf16.map((unit) => fromUtf16(text, unit)), utf16.map((_, point) => point));
  });

  test(`places inside a pair or outside the text are refused: ${name}`, () => {
    const offsets = makeOffsets(text);
    for (let unit = 0; unit <= text.length; unit += 1) {
      if (!utf16.includes(unit)) assert.throws(() => offsets.fromUtf16(unit), RangeError);
    }
    for (const bad of [-1, text.length + 1, 0.5, NaN, undefined, "0", null]) {
      assert.throws(() => offsets.fromUtf16(bad), RangeError);
      assert.throws(() => offsets.toUtf16(bad), RangeError);
    }
  });

  test(`slices are the same as slices of code points: ${name}`, () => {
    const offsets = makeOffsets(text);
    const points = Array.from(text);
    for (let start = 0; start <= points.length; start += 1) {
      for (let end = start; end <= points.length; end += 1) {
        assert.equal(offsets.slice(start, end), points.slice(start, end).join(""));
      }
    }
    assert.equal(offsets.slice(0), text);
  });

  test(`graphemes, words and sentences lie in order inside the text: ${name}`, () => {
    const length = makeOffsets(text).length;
    const seen = graphemes(text, "en");
    assert.equal(read(text, seen).join(""), text);
    for (const stretch of whole) {
      assert.ok(seen.some((found) => String(found) === String(stretch)), `${stretch} in ${seen}`);
    }
    for (const spans of [seen, words(text, "en"), sentences(text, "en")]) {
      const places = spans.flat();
      assert.deepEqual(places, places.toSorted((one, other) => one - other));
      assert.ok(places.every((place) => place >= 0 && place <= length));
    }
  });
}

test("a long text with pairs everywhere is converted quickly", () => {
  const text = "a😀".repeat(100_000);
  const began = performance.now();
  const offsets = makeOffsets(text);
  for (let point = 0; point <= offsets.length; point += 1) {
    assert.equal(offsets.fromUtf16(offsets.toUtf16(point)), point);
  }
  assert.ok(performance.now() - began < 2000);
});

test("a lone surrogate counts as one code point", () => {
  const offsets = makeOffsets("a\ud83d😀\ude00b");
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(offsets.toUtf16), [0, 1, 2, 4, 5, 6]);
});

test("words leave out blanks and punctuation", () => {
  const text = "“No,” she said. 😀 It’s 1.5 m.";
  assert.deepEqual(read(text, words(text, "en")), ["No", "she", "said", "It’s", "1.5", "m"]);
});

test("sentences come without the blanks around them", () => {
  const text = "  First one. 😀 Second?\n\nThird ";
  assert.deepEqual(read(text, sentences(text, "en")), ["First one.", "😀 Second?", "Third"]);
});

test("words are cut by the rules of the language, also where none are written apart", () => {
  assert.deepEqual(words("我爱北京", "zh").at(-1), [2, 4]);
});

test("a missing or unknown language does no harm", () => {
  for (const locale of [undefined, null, "", "xx", "not a language"]) {
    assert.deepEqual(words("one two", locale), [[0, 3], [4, 7]]);
  }
});

test("white space means the same characters as in Python", () => {
  for (const blank of table.white_space) assert.equal(trimSpan(blank, 0, 1), null);
  for (const letter of table.not_white_space) assert.deepEqual(trimSpan(letter, 0, 1), [0, 1]);
});

test("trimming takes white space from both ends and leaves null of nothing", () => {
  assert.deepEqual(trimSpan("😀 \u00a0yes\n\n", 1, 8), [3, 6]);
  assert.deepEqual(trimSpan("😀 yes", 0, 5), [0, 5]);
  assert.equal(trimSpan("a \n b", 1, 4), null);
  assert.equal(trimSpan("abc", 2, 2), null);
});

// The rough selection stands between ‹ and ›, the span that is meant between { and }.
const snaps = [
  ["a part of a word becomes the word", "Mos‹cow bel›ieves", "{Moscow believes}"],
  ["a click's width becomes a word", "Mos‹c›ow", "{Moscow}"],
  ["blanks go", "He‹ said ›no", "He {said} no"],
  ["a comma goes", "In ‹Moscow, ›he", "In {Moscow}, he"],
  ["a full stop goes", "in ‹Moscow.›", "in {Moscow}."],
  ["the full stop of a whole sentence stays", "Yes. ‹It rained.› No.", "Yes. {It rained.} No."],
  ["two whole sentences keep the last stop", "‹Yes. It rained.› No.", "{Yes. It rained.} No."],
  ["the last dot of an abbreviation stays", "by the ‹U.S.› army", "by the {U.S.} army"],
  ["quotation marks with their partner stay", "He: ‹“No way,”› then", "He: {“No way,”} then"],
  ["an opening mark alone goes", "say ‹“No› way”", "say “{No} way”"],
  ["a closing mark alone goes, and its comma", "say “No ‹way,”› he", "say “No {way},” he"],
  ["straight marks are paired too", 'say ‹"No"› he', 'say {"No"} he'],
  ["a straight mark alone goes", 'say ‹"No› way"', 'say "{No} way"'],
  ["brackets with their partner stay", "the ‹IMF (the Fund)› said", "the {IMF (the Fund)} said"],
  ["a bracket alone goes", "the ‹(Fund› of)", "the ({Fund} of)"],
  ["a dash goes with its blank", "it ‹– the Fund –› said", "it – {the Fund} – said"],
  ["a possessive's mark goes", "the ‹Russians’› view", "the {Russians}’ view"],
  ["an apostrophe inside stays", "It‹’s› so", "{It’s} so"],
  ["per cent and currency stay", "up ‹$5 or 5%,› no", "up {$5 or 5%}, no"],
  ["an emoji family is not torn", "so ‹👨‍👩›‍👧‍👦 said", "so {👨‍👩‍👧‍👦} said"],
  ["a combining accent stays with its letter", "a cafe‹\u0301 ›there", "a {cafe\u0301} there"],
  ["punctuation alone stays what it is", "well ‹—› no", "well {—} no"],
  ["over a line's end", "‹ne\nTwo›fold", "{ne\nTwofold}"],
  ["Arabic", "قالت ‹موسك›و: لا", "قالت {موسكو}: لا"],
];

for (const [name, rough, meant] of snaps) {
  test(`a rough selection snaps to words: ${name}`, () => {
    const text = meant.replace(/[{}]/g, "");
    assert.equal(rough.replace(/[‹›]/g, ""), text);
    const found = snapToWords(text, ...between(rough, "‹", "›"), "en");
    assert.deepEqual(found, between(meant, "{", "}"));
  });
}

test("a selection of nothing but blanks means nothing", () => {
  assert.equal(snapToWords("one  two", 3, 5, "en"), null);
  assert.equal(snapToWords("one two", 2, 2, "en"), null);
});

function between(marked, open, close) {
  const points = Array.from(marked);
  return [points.indexOf(open), points.indexOf(close) - 1];
}
