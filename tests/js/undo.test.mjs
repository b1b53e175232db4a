import assert from "node:assert/strict";
import { test } from "node:test";

import { replay, untouchedSince } from "../../annotations/static/annotations/workbench/undo.js";

const entry = (id, undoes = null) => ({ id, annotation: "a", undoes });
const ids = (stack) => stack.map(({ id }) => id);
const about = (stack) => stack.map((one) => one.about.id);

// Each: a log as “change” or “change:what it undoes”, then what can be undone and redone.
const logs = [
  ["nothing", "", "", ""],
  ["changes can be undone, the last first", "1 2", "1 2", ""],
  ["an undone change can be redone", "1 2 u:2", "1", "u"],
  ["undoing twice takes back two", "1 2 u:2 v:1", "", "u v"],
  ["a redone change can be undone again", "1 2 u:2 r:u", "1 r", ""],
  ["redoing goes through all that was undone", "1 2 u:2 v:1 r:v s:u", "r s", ""],
  ["undo after redo", "1 u:1 r:u w:r", "", "w"],
  ["a new change ends redoing", "1 2 u:2 3", "1 3", ""],
  ["a change may be undone out of order", "1 2 u:1", "2", "u"],
  ["undoing something unknown counts as a change", "1 u:x", "1 u", ""],
];

for (const [name, log, done, undone] of logs) {
  test(`the log of changes is read: ${name}`, () => {
    const read = replay(log.split(" ").filter(Boolean).map((word) => entry(...word.split(":"))));
    assert.deepEqual(ids(read.done), done.split(" ").filter(Boolean));
    assert.deepEqual(ids(read.undone), undone.split(" ").filter(Boolean));
  });
}

test("undone and redone changes are still known as what they were first", () => {
  const log = [entry("1"), entry("2"), entry("u", "2"), entry("v", "1"), entry("r", "v")];
  assert.deepEqual(about(replay(log).done), ["1"]);
  assert.deepEqual(about(replay(log).undone), ["2"]);
});

test("the log itself is not changed by reading it", () => {
  const log = [entry("1"), entry("u", "1")];
  replay(log);
  assert.deepEqual(log, [entry("1"), entry("u", "1")]);
});

const at = (version, annotation = "a") => ({ annotation, version });

for (const [name, log, version, untouched] of [
  ["all later versions are one's own", [at(1), at(2), at(3)], 3, true],
  ["the change is the last", [at(1)], 1, true],
  ["somebody else made a later version", [at(1), at(2)], 3, false],
  ["somebody else's lies between", [at(1), at(3)], 3, false],
  ["other annotations do not count", [at(1), at(2, "b")], 2, false],
  ["somebody else's came before", [at(2), at(3)], 3, true],
]) {
  test(`whether nobody else has changed it since: ${name}`, () => {
    assert.equal(untouchedSince(log, log[0], version), untouched);
  });
}

test("what a correction of the text moved is no change to undo, but counts as known", () => {
  const log = [at(1), { ...at(2), verb: "carried" }];
  assert.deepEqual(replay(log.map((one, nth) => ({ ...one, id: String(nth) }))).done.map(({ id }) => id), ["0"]);
  assert.equal(untouchedSince(log, log[0], 2), true);
});
