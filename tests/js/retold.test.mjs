import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, label, unpackRetold, when } from "../../annotations/static/annotations/workbench/retold.js";

const PACKED = {
  articles: [["a1", "A calm strait", "The Quay", -3]],
  rows: [[2, 1, "quotation", 10, 40, "shorter", 0, 7, 1, ["the same", ["gone", ""]]]],
};

test("a packed row becomes what the note tells", () => {
  const [row] = unpackRetold(PACKED);
  assert.deepEqual(row, {
    passage: 2, isEarlier: true, isQuotation: true, kind: "quotation", start: 10, end: 40,
    fate: "shorter", article: "a1", title: "A calm strait", outlet: "The Quay", days: -3,
    otherPassage: 7, places: 1, changes: ["the same", ["gone", ""]],
  });
  assert.equal(addressOf(row), "/articles/a1/#passage-7");
  assert.deepEqual(label(row), { before: "quotation cut here; longer in", after: ", 3 days earlier" });
});

test("what became of a passage is told from both sides", () => {
  const before = (kind, isEarlier, fate) => label({ kind, isEarlier, fate, days: 0 }).before;
  assert.equal(before("passage", true, "same"), "also in");
  assert.equal(before("passage", true, "changed"), "also, with changes, in");
  assert.equal(before("passage", false, "same"), "taken over by");
  assert.equal(before("passage", false, "longer"), "taken over, with changes, by");
  assert.equal(before("quotation", false, "changed"), "quotation changed in");
});

test("times are counted in days and, when they are long, rounded", () => {
  const cases = [[null, ", later"], [0, ", the same day"], [1, ", 1 day later"], [59, ", 59 days later"],
    [61, ", 2 months later"], [729, ", 24 months later"], [2480, ", 7 years later"]];
  for (const [days, words] of cases) assert.equal(when(days, false), words);
  assert.equal(when(-1, true), ", 1 day earlier");
});
