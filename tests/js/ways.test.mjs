import assert from "node:assert/strict";
import { test } from "node:test";

import { fits, tally } from "../../annotations/static/annotations/workbench/density.js";
import { sectionsOf } from "../../annotations/static/annotations/workbench/outline.js";

const mark = (author, actors, tags, layer = "analyst") => ({
  author,
  layer,
  content: {
    kind: "claim",
    participants: actors.map((actor) => ({ role: "claimant", actor })),
    codings: tags.map((tag) => ({ tag, stance: "" })),
  },
});
const MARKS = {
  mine: mark("ada", ["quill"], ["fact"]),
  theirs: mark("ben", ["quill", "tides"], []),
  gold: mark("ada", [], ["norm"], "gold"),
};
const CHOICES = [
  ["all", { kind: "all" }, ["mine", "theirs", "gold"]],
  ["mine, gold is nobody's", { kind: "mine" }, ["mine"]],
  ["one actor", { kind: "actor", id: "quill" }, ["mine", "theirs"]],
  ["one tag", { kind: "tag", id: "norm" }, ["gold"]],
  ["none", { kind: "none" }, []],
];

for (const [name, choice, shown] of CHOICES) {
  test(`marks shown: ${name}`, () => {
    const found = Object.keys(MARKS).filter((key) => fits(MARKS[key], choice, "ada"));
    assert.deepEqual(found, shown);
  });
}

test("what was removed is shown only among all", () => {
  const removed = { author: "ada", layer: "analyst", content: null };
  assert.equal(fits(removed, { kind: "mine" }, "ada"), false);
});

test("an annotation counts once for each actor and tag that it has", () => {
  const { actor, tag } = tally([...Object.values(MARKS), mark("ada", ["quill", "quill", null], [])]);
  assert.deepEqual([...actor], [["quill", 3], ["tides", 1]]);
  assert.deepEqual([...tag], [["fact", 1], ["norm", 1]]);
});

const passage = (start, name) => ({
  start, end: start + 9, element: { matches: (names) => names.split(", ").includes(name) },
});
const OUTLINES = [
  ["no passage", [], []],
  ["no heading below the title", [passage(0, "h1"), passage(10, "p"), passage(20, "p")], [0, 10, 20]],
  ["headings", [passage(0, "h1"), passage(10, "p"), passage(20, "h2"), passage(30, "p")], [0, 20]],
  ["words before the first heading", [passage(0, "p"), passage(10, "h2")], [0, 10]],
];

for (const [name, passages, starts] of OUTLINES) {
  test(`the outline of a text: ${name}`, () => {
    assert.deepEqual(sectionsOf(passages).map(({ start }) => start), starts);
  });
}
