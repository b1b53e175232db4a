import assert from "node:assert/strict";
import test from "node:test";

import { createChanges } from "../../corpus_app/static/corpus_app/review/changes.js";
import { passagesOf } from "../../corpus_app/static/corpus_app/review/passages.js";

const line = (role, text, paragraph) => ({ role, text, paragraph });

test("kept lines become passages, dropped ones do not", () => {
  const lines = [line("boilerplate", "Home", 0), line("title", " Calm ", 1), line("provenance", "First in x", 2)];
  assert.deepEqual(passagesOf(lines), [
    { kind: "title", text: "Calm" }, { kind: "note", text: "First in x" },
  ]);
});

test("lines of one paragraph are joined as long as they have one role", () => {
  const lines = [
    line("body", "The strait", 0), line("body", "is calm.", 0), line("body", "Is it?", 1),
    line("caption", "A", 2), line("body", "B", 2), line("boilerplate", "x", 2), line("body", "C", 2),
  ];
  assert.deepEqual(passagesOf(lines).map(({ text }) => text), [
    "The strait is calm.", "Is it?", "A", "B", "C",
  ]);
});

test("a page of which nothing is kept has no passages", () => {
  assert.deepEqual(passagesOf([line("duplicate", "x", 0)]), []);
});

const change = (number) => ({ lines: [{ number, from: "body", to: "bio" }], fields: [] });

test("changes are undone and redone in order", () => {
  const changes = createChanges();
  changes.add(change(1));
  changes.add(change(2));
  assert.equal(changes.undo().lines[0].number, 2);
  assert.equal(changes.undo().lines[0].number, 1);
  assert.equal(changes.undo(), null);
  assert.equal(changes.redo().lines[0].number, 1);
  assert.deepEqual([changes.done, changes.undone], [1, 1]);
});

test("a new change ends all redoing, and no change is none", () => {
  const changes = createChanges();
  changes.add(change(1));
  changes.undo();
  changes.add({ lines: [], fields: [] });
  assert.deepEqual([changes.done, changes.undone], [0, 1]);
  changes.add(change(2));
  assert.equal(changes.redo(), null);
});
