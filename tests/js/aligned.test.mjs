import assert from "node:assert/strict";
import { test } from "node:test";

import {
  countOf,
  inPlace,
  nextShared,
  onlyOf,
  partners,
  sharedKeys,
} from "../../annotations/static/annotations/workbench/aligned.js";

/** A column in short: "a3 b5" has the key a at 3 and b at 5, each two code points long. */
function column(words) {
  return words.split(" ").filter(Boolean).map((word) => {
    const place = Number(word.slice(1));
    return { key: word[0], place, end: place + 2 };
  });
}

const short = (anchor) => anchor && `${anchor.key}${anchor.place}`;
const shortPair = (pair) => pair && `${short(pair.from)}-${short(pair.to)}`;

for (const [name, columns, leading, place, expected] of [
  ["the nearest shared key", ["a10 b50", "a30 b90"], 0, 45, [null, "b50-b90"]],
  ["the earlier one of two as near", ["a10 b50", "a30 b90"], 0, 30, [null, "a10-a30"]],
  ["from any column", ["a10 b50", "a30 b90"], 1, 80, ["b90-b50", null]],
  ["a key of its own is passed over", ["a10 x40 b90", "a30 b80"], 0, 41, [null, "a10-a30"]],
  ["the first belongs to the first, the second to the second", ["a10 a50", "a5 a7"], 0, 49, [null, "a50-a7"]],
  ["what occurs more often here has no partner there", ["a10 a50 a90", "a5"], 0, 95, [null, "a10-a5"]],
  ["orders may cross", ["a10 b50", "b5 a80"], 0, 12, [null, "a10-a80"]],
  ["each column by what it shares", ["a10 b20", "a3", "b4"], 0, 15, [null, "a10-a3", "b20-b4"]],
  ["nothing shared", ["a10", "b20", ""], 0, 10, [null, null, null]],
  ["nothing at all", ["", ""], 0, 0, [null, null]],
]) {
  test(`columns stand together: ${name}`, () => {
    assert.deepEqual(partners(columns.map(column), leading, place).map(shortPair), expected);
  });
}

for (const [name, columns, leading, place, step, expected] of [
  ["on", ["a10 b50", "a30 b90"], 0, 10, 1, "b50"],
  ["back", ["a10 b50", "a30 b90"], 0, 50, -1, "a10"],
  ["over what is not shared", ["a10 x30 b50", "a30 b90"], 0, 10, 1, "b50"],
  ["also to what has no partner of its number", ["a10 a50", "a5"], 0, 10, 1, "a50"],
  ["not beyond the last", ["a10", "a5"], 0, 10, 1, null],
  ["not before the first", ["a10", "a5"], 0, 10, -1, null],
  ["not to what only this column has", ["a10 b20", "b5 b9"], 1, 0, 1, "b5"],
]) {
  test(`one goes through what is shared: ${name}`, () => {
    assert.equal(short(nextShared(columns.map(column), leading, place, step)), expected);
  });
}

test("what is shared is listed with counts, the most shared first", () => {
  const columns = ["a1 a5 b9 c12", "c1 a4 x9", "c3 c9 c20"].map(column);
  assert.deepEqual(sharedKeys(columns), [
    { key: "c", counts: [1, 1, 3] },
    { key: "a", counts: [2, 1, 0] },
  ]);
});

test("one key alone may be gone through", () => {
  const columns = ["a1 b5", "b2 a9"].map(column);
  assert.deepEqual(onlyOf(columns, "b").map((own) => own.map(short)), [["b5"], ["b2"]]);
  assert.equal(onlyOf(columns, ""), columns);
});

test("anchors of one key that overlap are told once, in order of place", () => {
  const found = inPlace([
    { key: "a", place: 30, end: 40 }, { key: "a", place: 0, end: 20 }, { key: "b", place: 5, end: 8 },
    { key: "a", place: 10, end: 25 }, { key: "a", place: 22, end: 24 },
  ]);
  assert.deepEqual(found.map(short), ["a0", "b5", "a30"]);
});

test("an anchor knows its number", () => {
  const own = column("a1 b5 a9");
  assert.deepEqual(own.map((anchor) => countOf(own, anchor)), [[1, 2], [1, 1], [2, 2]]);
});
