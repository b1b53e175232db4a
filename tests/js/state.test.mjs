import assert from "node:assert/strict";
import { test } from "node:test";

import { blank } from "../../annotations/static/annotations/workbench/content.js";
import { makeState, unpack } from "../../annotations/static/annotations/workbench/state.js";

const page = {
  people: [["amina", "Amina"], ["bram", "Bram"]],
  actors: [["actor-0", "Harbour", "state", [], [], 0]],
  tags: [{ id: "tag-0" }],
  annotations: [
    ["a", 0, "claim", "analyst", 3, [1, 5, 7, 9], [["claimant", "author"], ["target", 0]], [[0, "oppose"]], "quoted", "hm"],
    ["b", 1, "mention", "analyst", 1, [2, 4], [], [], "", ""],
  ],
  logged: ["a", "gone"],
  log: [["e1", 0, "created", 1, null], ["e2", 1, "removed", 2, "e0"]],
};
const change = (id, annotation, more = {}) => ({
  id, annotation, seen: 3, content: blank("claim", [[0, 2]]), before: null, undoes: null,
  state: "waiting", ...more,
});
const stored = (id, version, more = {}) => ({
  ...blank("claim", [[0, 9]]), id, author: "amina", layer: "analyst", version, deleted: null, ...more,
});

function desk() {
  const state = makeState({ ...unpack(page), me: "amina", mayMark: true });
  const told = [];
  state.listen((ids) => told.push([...ids]));
  return { state, told };
}

test("the page's rows are unpacked", () => {
  const { annotations, log } = unpack(page);
  assert.deepEqual(annotations[0], {
    id: "a", author: "amina", layer: "analyst", version: 3, origin: "human",
    content: {
      kind: "claim",
      spans: [{ start: 1, end: 5 }, { start: 7, end: 9 }],
      participants: [
        { role: "claimant", actor: null, stands_for: "author", endorsement: "" },
        { role: "target", actor: "actor-0", stands_for: "", endorsement: "" },
      ],
      codings: [{ tag: "tag-0", stance: "oppose" }],
      attribution: "quoted",
      certainty: "",
      note: "hm",
      flagged: false,
      links: [],
    },
  });
  assert.deepEqual(log[1], { id: "e2", annotation: "gone", verb: "removed", version: 2, undoes: "e0" });
});

test("what few annotations say is unpacked from the end of their rows", () => {
  const extra = { origin: "import", certainty: "low", flagged: 1, links: [["restates", "b"]] };
  const row = ["a", 0, "claim", "analyst", 1, [0, 2], [["voice", 0, "distances"]], [], "", "", extra];
  const { annotations: [{ origin, content }] } = unpack({ ...page, annotations: [row] });
  assert.deepEqual(
    [origin, content.participants, content.certainty, content.flagged, content.links],
    [
      "import", [{ role: "voice", actor: "actor-0", stands_for: "", endorsement: "distances" }],
      "low", true, [{ relation: "restates", claim: "b" }],
    ],
  );
});

test("one's own changes lie upon what the server gave", () => {
  const { state, told } = desk();
  state.add(change("1", "a"));
  assert.deepEqual(state.get("a").content.spans, [{ start: 0, end: 2 }]);
  assert.equal(state.get("a").version, 4);
  assert.deepEqual(told, [["a"]]);
});

test("an annotation that only this device knows is one's own", () => {
  const { state } = desk();
  state.add(change("1", "new", { seen: 0 }));
  assert.deepEqual([state.get("new").author, state.get("new").version, state.get("new").mine], ["amina", 1, true]);
});

test("nobody changes another's annotation, nor her own when she may not mark", () => {
  const { state } = desk();
  assert.deepEqual([state.get("a").mine, state.get("b").mine], [true, false]);
  const closed = makeState({ ...unpack(page), me: "amina", mayMark: false });
  assert.equal(closed.get("a").mine, false);
});

test("a removed annotation that only the log tells of keeps its version", () => {
  const { state } = desk();
  assert.deepEqual([state.get("gone").version, state.get("gone").content], [2, null]);
  assert.equal(state.get("a").version, 3);
});

test("a removed annotation is not shown, except when that could not be stored", () => {
  const { state } = desk();
  state.add(change("1", "a", { content: null }));
  assert.deepEqual(state.all().map(({ id }) => id), ["b"]);
  state.swap(change("1", "a", { content: null, state: "conflict" }));
  assert.deepEqual(state.all().map(({ id }) => id), ["a", "b"]);
});

test("a stored change is known with what the server answered", () => {
  const { state } = desk();
  const made = change("1", "a");
  state.add(made);
  state.saved(made, stored("a", 4));
  assert.deepEqual([state.get("a").version, state.get("a").content.spans[0].end], [4, 9]);
  assert.equal(state.get("a").waiting, false);
  assert.equal(state.stacks().done.at(-1).id, "1");
});

test("older news does not take the place of newer", () => {
  const { state } = desk();
  state.receive(stored("a", 5, { note: "new" }));
  state.receive(stored("a", 4, { note: "old" }));
  assert.deepEqual([state.get("a").version, state.get("a").content.note], [5, "new"]);
});

test("changes kept on the device are in the log once, also if the server has them already", () => {
  const { state } = desk();
  state.load([change("e1", "a"), change("2", "a", { seen: 4 })]);
  assert.deepEqual(state.log().map(({ id }) => id), ["e1", "e2", "2"]);
});

test("a change that was given up can no longer be undone", () => {
  const { state } = desk();
  const made = change("1", "a");
  state.add(made);
  state.drop([made]);
  assert.deepEqual(state.get("a").version, 3);
  assert.deepEqual(state.log().map(({ id }) => id), ["e1", "e2"]);
});

function corrected({ tray = {} } = {}) {
  return makeState({ ...unpack({ ...page, tray }), me: "amina", mayMark: true, revision: "new" });
}

test("what lost its place is not in the text but in the tray", () => {
  const state = corrected({ tray: { a: ["old", ["calm"], [2, 4]] } });
  assert.deepEqual(state.all().map(({ id }) => id), ["b"]);
  const [stray] = state.strays();
  assert.deepEqual([stray.id, stray.revision, stray.quotes, stray.places], ["a", "old", ["calm"], [[2, 4]]]);
});

test("a change made on an older text waits unseen", () => {
  const state = corrected();
  state.load([change("c1", "a", { revision: "old" }), change("c2", "x", { seen: 0, revision: "old" })]);
  assert.deepEqual(state.get("a").content.spans, [{ start: 1, end: 5 }, { start: 7, end: 9 }]);
  assert.deepEqual(state.all().map(({ id }) => id), ["a", "b"]);
  assert.equal(state.changes().length, 2);
});

test("an answer that counts in a newer text leaves what is seen as it is", () => {
  const state = corrected();
  const own = change("c1", "a", { revision: "new" });
  state.add(own);
  state.saved(own, stored("a", 4, { revision: "newer" }));
  assert.deepEqual(state.get("a").content.spans, own.content.spans);
  assert.equal(state.get("a").version, 4);
});

test("the versions of a correction before a change make room for it and for those after it", () => {
  const state = corrected();
  const [first, second] = [change("c1", "a", { revision: "new" }), change("c2", "a", { seen: 4, revision: "new" })];
  state.add(first);
  state.add(second);
  state.saved(first, stored("a", 5, { revision: "newer" }), 1);
  assert.equal(state.changes()[0].seen, 5);
  assert.deepEqual(state.log().slice(-3).map(({ verb, version }) => [verb, version]), [
    ["carried", 4], ["changed", 5], ["changed", 6],
  ]);
});

test("what was said of an older text and has no place in this one comes into the tray", () => {
  const state = corrected();
  const own = change("c1", "a", { revision: "old" });
  state.add(own);
  const spans = [{ start: 0, end: 4, quote: "Calm" }];
  state.saved(own, stored("a", 4, { revision: "old", spans }));
  assert.equal(state.get("a").content, null);
  assert.deepEqual(state.strays().map(({ id, quotes }) => [id, quotes]), [["a", ["Calm"]]]);
  state.receive(stored("a", 5, { revision: "new" }));
  assert.deepEqual(state.strays(), []);
  assert.deepEqual(state.get("a").content.spans, [{ start: 0, end: 9 }]);
});
