import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, search } from "../../annotations/static/annotations/workbench/codebook.js";

const NAMES = [
  ["Office of Tides", "the Office"], ["Ada Quill"], ["Harbour Town", "Harbor"], ["Ministry of Grain"],
];
const entries = NAMES.map((names) => ({ thing: names[0], names: names.map(fold) }));

const table = [
  ["office", ["Office of Tides"]],
  ["tides off", ["Office of Tides"]],
  ["ÁDA", ["Ada Quill"]],
  ["harbor", ["Harbour Town"]],
  ["of", ["Office of Tides", "Ministry of Grain"]],
  ["mog", ["Ministry of Grain"]],
  ["qiull", ["Ada Quill"]],
  ["mnistry", ["Ministry of Grain"]],
  ["minnistry", ["Ministry of Grain"]],
  ["graib", ["Ministry of Grain"]],
  ["xyz", []],
  ["qx", []],
  ["", NAMES.map(([name]) => name)],
];

for (const [words, found] of table) {
  test(`what is found for ${JSON.stringify(words)}`, () => {
    assert.deepEqual(search(entries, words), found);
  });
}
