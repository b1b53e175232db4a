import assert from "node:assert/strict";
import { test } from "node:test";

import {
  aboutOf, byActor, inPieces, nextFrom, stillOpen, suggestionAt, unpackSuggestions,
} from "../../annotations/static/annotations/workbench/proposals.js";

const reading = (named, more = {}) => (
  { named, meant: null, name: "Name", sense: "name", reason: "why", ...more }
);
const suggestion = (start, end, ...named) => ({ start, end, readings: named.map((who) => reading(who)) });
const all = [suggestion(0, 6, "russia"), suggestion(10, 16, null, "russia"), suggestion(20, 26, "tides")];
const content = (kind, ...spans) => ({ kind, spans: spans.map(([start, end]) => ({ start, end })) });

test("the answer is unpacked, actors by their ids", () => {
  const found = unpackSuggestions({
    actors: [["r", "Russia", "state"], ["k", "Kremlin", "government body"]],
    suggestions: [[4, 11, [[1, 0, "Kremlin", "metonym", "a seat"], [1, null, "Kremlin", "name", "own"]]]],
  });
  assert.deepEqual(found.actors[1], { id: "k", name: "Kremlin", kind: "government body" });
  assert.deepEqual(found.suggestions, [{
    start: 4,
    end: 11,
    readings: [
      { named: "k", meant: "r", name: "Kremlin", sense: "metonym", reason: "a seat" },
      { named: "k", meant: null, name: "Kremlin", sense: "name", reason: "own" },
    ],
  }]);
});

const open = [
  ["nothing was done", [], [0, 10, 20]],
  ["a mention on the very words", [content("mention", [10, 16])], [0, 20]],
  ["a mention that overlaps by one character", [content("mention", [5, 10])], [10, 20]],
  ["a mention that only touches", [content("mention", [6, 10], [16, 20])], [0, 10, 20]],
  ["a long mention over several", [content("mention", [0, 30]), content("mention", [1, 2])], []],
  ["a claim", [content("claim", [0, 30])], [0, 10, 20]],
  ["a rejection of two", [content("rejection", [0, 6], [20, 26])], [10]],
  ["a rejection of other words at the place", [content("rejection", [0, 5])], [0, 10, 20]],
];
for (const [name, contents, starts] of open) {
  test(`still open after ${name}`, () => {
    assert.deepEqual(stillOpen(all, contents).map(({ start }) => start), starts);
  });
}

test("it is about whom the first reading names that names anybody", () => {
  assert.deepEqual(all.map(aboutOf), ["russia", "russia", "tides"]);
  assert.equal(aboutOf(suggestion(0, 1, null)), null);
});

test("groups come by how many they are", () => {
  const groups = byActor([all[2], ...all]).map(([actor, own]) => [actor, own.length]);
  assert.deepEqual(groups, [["tides", 2], ["russia", 2]]);
  assert.deepEqual(byActor(all).map(([actor]) => actor), ["russia", "tides"]);
});

test("a suggestion is at a place from its start to before its end", () => {
  const starts = [0, 5, 6, 10, 15, 16, 19].map((place) => suggestionAt(all, place)?.start);
  assert.deepEqual(starts, [0, 0, undefined, 10, 10, undefined, undefined]);
});

test("the next one comes after the cursor, and after the last one the first", () => {
  const from = (place, step) => nextFrom(all, place, step)?.start;
  assert.deepEqual([from(0, 1), from(3, 1), from(10, 1), from(20, 1)], [10, 10, 20, 0]);
  assert.deepEqual([from(20, -1), from(12, -1), from(0, -1)], [10, 0, 20]);
  assert.equal(nextFrom([], 0, 1), undefined);
});

test("many are sent in pieces", () => {
  assert.deepEqual(inPieces([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
});
