import assert from "node:assert/strict";
import { test } from "node:test";

import {
  counts,
  folded,
  goesOn,
  nextToSend,
  PAUSE,
  versionAfter,
} from "../../annotations/static/annotations/workbench/queue.js";

const NOW = 1_000_000;
const change = (id, annotation, more = {}) => ({
  id, annotation, seen: 1, before: "before", content: id, undoes: null, typed: false, at: NOW,
  state: "waiting", attempted: false, ...more,
});
const next = (...changes) => nextToSend(changes, NOW).change?.id;

test("changes go in the order in which they were made", () => {
  assert.equal(next(change("1", "a"), change("2", "b")), "1");
});

test("an empty queue sends nothing", () => {
  assert.deepEqual(nextToSend([], NOW), {});
});

for (const state of ["refused", "conflict"]) {
  test(`what follows on an annotation in trouble waits, all else goes on: ${state}`, () => {
    const stuck = change("1", "a", { state });
    assert.equal(next(stuck, change("2", "a"), change("3", "b")), "3");
    assert.equal(next(stuck, change("2", "a")), undefined);
  });
}

for (const [name, content] of [
  ["a comment on it", { annotation: "a" }],
  ["a link to it", { links: [{ relation: "supports", claim: "a" }] }],
]) {
  test(`what needs an annotation in trouble waits, and all that follows on it: ${name}`, () => {
    const stuck = change("1", "a", { state: "refused", seen: 0 });
    const needing = change("2", "b", { content, seen: 0 });
    assert.equal(next(stuck, needing, change("3", "b", { content: null }), change("4", "c")), "4");
  });
}

test("typing is sent when it pauses", () => {
  const typed = change("1", "a", { typed: true, at: NOW - 200 });
  assert.deepEqual(nextToSend([typed], NOW), { wait: PAUSE - 200 });
  assert.equal(nextToSend([typed], NOW + PAUSE).change, typed);
});

test("typing is sent at once when something else was done after it", () => {
  assert.equal(next(change("1", "a", { typed: true }), change("2", "b")), "1");
});

test("a clock that was set back holds nothing up", () => {
  assert.equal(next(change("1", "a", { typed: true, at: NOW + 86_400_000 })), "1");
});

for (const [name, last, goes] of [
  ["the same note", { typed: true }, true],
  ["another annotation", { typed: true, annotation: "b" }, false],
  ["after something that was not typed", {}, false],
  ["after it may have reached the server", { typed: true, attempted: true }, false],
  ["after it was refused", { typed: true, state: "refused" }, false],
]) {
  test(`typing goes on where it stopped or begins anew: ${name}`, () => {
    assert.equal(goesOn(change("1", "a", last), change("2", "a", { typed: true })), goes);
  });
}

test("there is nothing to go on with in an empty queue", () => {
  assert.equal(goesOn(undefined, change("1", "a", { typed: true })), false);
});

test("each change raises the version by one", () => {
  assert.equal(versionAfter([], 4), 4);
  assert.equal(versionAfter([change("1", "a", { seen: 0 })], 0), 1);
  assert.equal(versionAfter([change("1", "a", { seen: 4 }), change("2", "a", { seen: 5 })], 4), 6);
});

test("several changes become one, upon the version now seen", () => {
  const given = [
    change("1", "a", { before: "start", state: "conflict", theirs: {}, attempted: true }),
    change("2", "a", { undoes: "x" }),
  ];
  assert.deepEqual(folded(given, 7, "3"), {
    ...change("3", "a"), content: "2", before: "start", seen: 7, messages: null, theirs: null,
    suggestion: null,
  });
});

test("what waits for the network is counted apart from what waits for the person", () => {
  const changes = [change("1", "a"), change("2", "b", { state: "refused" }), change("3", "c")];
  assert.deepEqual(counts(changes), { waiting: 2, troubled: 1 });
});
