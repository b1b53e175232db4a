import assert from "node:assert/strict";
import { test } from "node:test";

import {
  extendTo,
  moveTo,
  passageAt,
  unitAt,
} from "../../annotations/static/annotations/workbench/cursor.js";
import { sentences, words } from "../../annotations/static/annotations/workbench/offsets.js";

// Two passages: “One two. Three four.” at 0 and “Five six.” at 22.
const texts = ["One two. Three four.", "Five six."];
const starts = [0, 22];
const cuts = { word: words, sentence: sentences };
const text = {
  passages: starts.map((start, nth) => ({ start, end: start + texts[nth].length })),
  units: (nth, unit) => (unit === "passage"
    ? [[starts[nth], starts[nth] + texts[nth].length]]
    : cuts[unit](texts[nth], "en").map((piece) => piece.map((place) => place + starts[nth]))),
};

for (const [unit, from, step, to] of [
  ["word", 0, 1, 4], ["word", 5, 1, 9], ["word", 15, 1, 22], ["word", 22, -1, 15],
  ["word", 6, -1, 4], ["word", 0, -1, 0], ["word", 27, 1, 27],
  ["sentence", 0, 1, 9], ["sentence", 9, 1, 22], ["sentence", 22, -1, 9], ["sentence", 12, -1, 9],
  ["passage", 3, 1, 22], ["passage", 25, -1, 22], ["passage", 22, -1, 0],
]) {
  test(`the cursor moves by ${unit} from ${from} to ${to}`, () => {
    assert.equal(moveTo(text, from, unit, step), to);
  });
}

for (const [name, anchor, focus, unit, step, to] of [
  ["to the word's end", 4, 4, "word", 1, 7],
  ["to the next word's end", 4, 7, "word", 1, 14],
  ["a word is given back at its end", 4, 14, "word", -1, 7],
  ["the last word given back leaves nothing", 4, 7, "word", -1, 4],
  ["backwards to a word's beginning", 9, 9, "word", -1, 4],
  ["backwards, a word is given back", 9, 0, "word", 1, 4],
  ["to the sentence's end", 0, 0, "sentence", 1, 8],
  ["over the passage's end", 9, 20, "sentence", 1, 31],
  ["to the passage's end", 9, 9, "passage", 1, 20],
  ["not beyond the text", 22, 31, "word", 1, 31],
]) {
  test(`a selection is extended: ${name}`, () => {
    assert.equal(extendTo(text, anchor, focus, unit, step), to);
  });
}

test("the unit at a place is the one it lies in, or the one before it", () => {
  assert.deepEqual(unitAt(text, 5, "word"), [4, 7]);
  assert.deepEqual(unitAt(text, 8, "word"), [4, 7]);
  assert.deepEqual(unitAt(text, 12, "sentence"), [9, 20]);
  assert.deepEqual(unitAt(text, 21, "passage"), [0, 20]);
});

test("places between passages belong to the one before", () => {
  assert.deepEqual([0, 20, 21, 22, 99].map((place) => passageAt(text, place)), [0, 0, 0, 1, 1]);
});
