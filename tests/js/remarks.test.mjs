import assert from "node:assert/strict";
import { test } from "node:test";

import { remark } from "../../annotations/static/annotations/workbench/content.js";
import { nextToSend } from "../../annotations/static/annotations/workbench/queue.js";
import {
  countInWords, inPieces, namedIn, nameAt, withName,
} from "../../annotations/static/annotations/workbench/remarks.js";
import { makeState, TALK, unpack } from "../../annotations/static/annotations/workbench/state.js";

const NAMES = ["amina", "boris", "boris.t", "żaneta", "clara@desk"];

for (const [text, names] of [
  ["no name", []],
  ["@amina", ["amina"]],
  ["Ask @boris and @amina, then @boris.", ["amina", "boris"]],
  ["(@amina)", ["amina"]],
  ["@boris.t knows", ["boris.t"]],
  ["@boris.", ["boris"]],
  ["@Amina", ["amina"]],
  ["@żaneta!", ["żaneta"]],
  ["@clara@desk", ["clara@desk"]],
  ["mail amina@boris", []],
  ["@aminas", []],
  ["@nobody", []],
  ["", []],
]) {
  test(`whom these words name: “${text}”`, () => {
    assert.deepEqual(namedIn(text, NAMES), names);
    assert.equal(inPieces(text, NAMES).map((piece) => piece.text).join(""), text);
  });
}

for (const [text, place, expected] of [
  ["@", 1, { start: 0, words: "" }],
  ["Ask @am", 7, { start: 4, words: "am" }],
  ["Ask @am now", 7, { start: 4, words: "am" }],
  ["Ask @am now", 8, null],
  ["amina@b", 7, null],
  ["لـ @a", 5, { start: 3, words: "a" }],
  ["", 0, null],
]) {
  test(`the name being written at ${place} of “${text}”`, () => {
    assert.deepEqual(nameAt(text, place), expected);
  });
}

test("a chosen name takes the place of what was begun, with one blank behind it", () => {
  const chosen = (text, place) => withName(text, { ...nameAt(text, place), place, name: "amina" });
  assert.deepEqual(chosen("Ask @am", 7), { text: "Ask @amina ", place: 11 });
  assert.deepEqual(chosen("Ask @am now", 7), { text: "Ask @amina now", place: 11 });
});

test("comments are counted in words", () => {
  assert.deepEqual([0, 1, 2].map(countInWords), ["", "1 comment", "2 comments"]);
});

// As changes among all others

const page = {
  people: [["amina", "Amina"]], actors: [], tags: [], logged: [], log: [],
  annotations: [["a", 0, "claim", "analyst", 1, [0, 4], [], [], "", ""]],
  said: [
    ["c1", "a", 2, "Why?", ["boris"], "2026-01-02T03:04:05Z", null],
    ["c2", "a", 3, "Gone.", [], "2026-01-02T03:04:06Z", "2026-01-02T03:05:00Z"],
  ],
};
const desk = (mayMark = true) => makeState({ ...unpack(page), me: "amina", mayMark, revision: "r" });
const change = (id, more = {}) => ({
  id, annotation: "c3", noun: "comments", content: remark({ annotation: "a", text: "New." }),
  revision: "older", seen: 0, before: null, undoes: null, state: "waiting", at: 0, ...more,
});

test("one's own comments are known, and are no annotations", () => {
  const state = desk();
  assert.deepEqual(state.all().map(({ id }) => id), ["a"]);
  assert.deepEqual(state.get("c1").content, remark({ annotation: "a", text: "Why?", mentions: ["boris"] }));
  assert.deepEqual([state.get("c2").content, state.get("c2").version, state.get("c2").mine], [null, 3, true]);
});

test("a comment can be changed by whoever may not mark, whatever text it was made on", () => {
  const state = desk(false);
  state.add(change("1"));
  const { content, mine, layer } = state.get("c3");
  assert.deepEqual([content.text, mine, layer], ["New.", true, TALK]);
  assert.equal(state.get("a").mine, false);
  assert.deepEqual(state.all().map(({ id }) => id), ["a"]);
});

test("what the server stored of a comment is known from then on", () => {
  const state = desk();
  state.add(change("1"));
  state.saved(change("1"), {
    id: "c3", author: "amina", version: 1, annotation: "a", name: "Amina", text: "New.",
    mentions: [], created: "2026-02-03T04:05:06Z", updated: "2026-02-03T04:05:06Z", deleted: null,
  });
  assert.deepEqual([state.get("c3").waiting, state.get("c3").about.name], [false, "Amina"]);
});

test("a comment waits for the annotation it is on while that is in trouble", () => {
  const stuck = { ...change("0"), annotation: "a", noun: "annotations", content: null, state: "refused" };
  assert.deepEqual(nextToSend([stuck, change("1")], 0), {});
  assert.equal(nextToSend([change("1")], 0).change.id, "1");
});
