import assert from "node:assert/strict";
import { test } from "node:test";

import {
  folded,
  hitsIn,
  nearest,
  wanted,
} from "../../annotations/static/annotations/workbench/found.js";

const find = (text, words, options) => hitsIn(text, folded(text), wanted(words), options)
  .map(([start, end]) => Array.from(text).slice(start, end).join(""));

const CASES = [
  ["nothing looked for", "A storm.", "", []],
  ["only blanks looked for", "A storm.", "  ", []],
  ["nothing there", "A storm.", "calm", []],
  ["case", "Storm, STORM, storm", "storm", ["Storm", "STORM", "storm"]],
  ["accents in the text", "Kovač said, Kovac said", "kovac", ["Kovač", "Kovac"]],
  ["accents looked for", "Kovac", "Kovač", ["Kovac"]],
  ["combining accents stay with their letter", "cafe\u0301s, cafe", "cafe", ["cafe\u0301", "cafe"]],
  ["hits that follow one another", "aaaa", "aa", ["aa", "aa"]],
  ["any number of blanks", "the  calm\nsea", "the calm sea", ["the  calm\nsea"]],
  ["quotation marks", "“So,” said Ada’s aunt", "\"so,\" said ada's", ["“So,” said Ada’s"]],
  ["dashes", "ten–twelve and ten-twelve", "ten-twelve", ["ten–twelve", "ten-twelve"]],
  ["a soft hyphen is not seen", "tele\u00adgram", "telegram", ["tele\u00adgram"]],
  ["sharp s", "Straße und STRASSE", "strasse", ["Straße", "STRASSE"]],
  ["no half of a sharp s", "Straße", "stras", []],
  ["ligatures", "ﬁsh and fish", "fish", ["ﬁsh", "fish"]],
  ["Turkish i", "İstanbul, istanbul", "istanbul", ["İstanbul", "istanbul"]],
  ["final sigma", "ΟΔΟΣ οδός", "οδος", ["ΟΔΟΣ", "οδός"]],
  ["beyond the basic plane", "𠮷野 waits", "野", ["野"]],
  ["after characters beyond the basic plane", "𠮷𠮷 waits", "waits", ["waits"]],
  ["a family is one character", "So 👨‍👩‍👧‍👦 sailed", "👨", ["👨‍👩‍👧‍👦"]],
  ["a flag is one character", "🇺🇸 sailed", "🇺🇸", ["🇺🇸"]],
  ["Arabic with and without vowels", "قَالَتْ موسكو، قالت", "قالت", ["قَالَتْ", "قالت"]],
  ["Arabic with hamza and stretched", "أحد واحـــد", "احد", ["أحد", "احـــد"]],
  ["Chinese", "我爱北京的海。北京", "北京", ["北京", "北京"]],
  ["Korean syllables are not cut", "한국", "하", []],
  ["wide letters", "ＡＢＣ", "abc", ["ＡＢＣ"]],
];

for (const [name, text, words, quotes] of CASES) {
  test(`words are found as a reader means them: ${name}`, () => {
    assert.deepEqual(find(text, words), quotes);
  });
}

const WHOLE = [
  ["within words", "stormy storm thunderstorm", "storm", ["storm"]],
  ["beside punctuation", "“storm”, (storm)", "storm", ["storm", "storm"]],
  ["several words", "the calm sea, the calmest sea", "the calm", ["the calm"]],
  ["a part of a Chinese word", "我爱北京。", "京", []],
  ["a whole Chinese word", "我爱北京。", "北京", ["北京"]],
];

for (const [name, text, words, quotes] of WHOLE) {
  test(`whole words only: ${name}`, () => {
    assert.deepEqual(find(text, words, { whole: true, locale: "zh" }), quotes);
  });
}

test("a hit's place counts code points", () => {
  const text = "𠮷 e\u0301 storm";
  assert.deepEqual(hitsIn(text, folded(text), "storm"), [[5, 10]]);
});

test("the nearest hit is the next one, the first again after the last", () => {
  const hits = [[3, 5], [8, 9]];
  assert.deepEqual([0, 3, 4, 8, 9].map((place) => nearest(hits, place)), [0, 0, 1, 1, 0]);
});

test("a megabyte in passages is searched in a moment", () => {
  const passage = "The harbour was quiet before dawn. ".repeat(15);
  const began = performance.now();
  let found = 0;
  for (let nth = 0; nth < 2000; nth += 1) found += hitsIn(passage, folded(passage), "dawn").length;
  assert.equal(found, 30_000);
  assert.ok(performance.now() - began < 10_000);
});
