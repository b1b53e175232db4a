import assert from "node:assert/strict";
import { test } from "node:test";

import { makeCodebook, search } from "../../annotations/static/annotations/workbench/codebook.js";
import {
  addPart,
  addStretch,
  addTag,
  blank,
  describeChange,
  dropPart,
  dropStretch,
  dropTag,
  missing,
  movePart,
  moveStretch,
  partsOf,
  plain,
  same,
  withStance,
} from "../../annotations/static/annotations/workbench/content.js";

const tag = (id, facet, more = {}) => ({
  id, facet, parent: null, slug: id, label: id, key: "", colour: "", retired: false,
  definition: "", examples: [], ...more,
});
const codebook = makeCodebook({
  facets: [
    { id: "type", name: "Claim type", choose: "one", required: true, stance: false, retired: false },
    { id: "says", name: "Proposition", choose: "any", required: false, stance: true, retired: false },
  ],
  tags: [
    tag("under", 1, { parent: 3 }), tag("fact", 0, { key: "f" }), tag("norm", 0, { key: "n" }),
    tag("calm", 1), tag("old", 1, { key: "o", retired: true }),
  ],
  actors: [
    ["1", "Éireann Office", "state", ["the Office"], ["Green House"], 0],
    ["2", "Office of Tides", "state", [], [], 0],
    ["3", "Gone Office", "state", [], [], 1],
  ],
});
const [fact, norm, calm] = ["fact", "norm", "calm"].map(codebook.tag);
const claim = blank("claim", [[10, 20]]);
const spans = (content) => content.spans.map(({ start, end }) => [start, end]);

test("a facet that takes one has its tag replaced, another has it added", () => {
  const both = addTag(addTag(addTag(claim, fact, codebook), calm, codebook), norm, codebook);
  assert.deepEqual(both.codings, [{ tag: "calm", stance: "" }, { tag: "norm", stance: "" }]);
  assert.deepEqual(dropTag(both, calm).codings, [{ tag: "norm", stance: "" }]);
});

test("the same stance chosen again is taken back", () => {
  const opposed = withStance(addTag(claim, calm, codebook), calm, "oppose");
  assert.deepEqual(opposed.codings, [{ tag: "calm", stance: "oppose" }]);
  assert.deepEqual(withStance(opposed, calm, "oppose").codings, [{ tag: "calm", stance: "" }]);
});

test("people of a role stand in order, each once", () => {
  const author = { stands_for: "author" };
  const both = addPart(addPart(addPart(claim, "voice", { actor: "1" }), "voice", author), "voice", author);
  assert.deepEqual(partsOf(both, "voice").map(({ actor }) => actor), ["1", null]);
  const turned = movePart(both, "voice", 0, 1);
  assert.deepEqual(partsOf(turned, "voice").map(({ actor }) => actor), [null, "1"]);
  assert.equal(movePart(turned, "voice", 1, 1), turned);
  assert.deepEqual(dropPart(both, "voice", author).participants.length, 1);
});

test("a mention names one actor only", () => {
  const mention = addPart(blank("mention", [[0, 1]]), "named", { actor: "1" });
  assert.deepEqual(partsOf(addPart(mention, "named", { actor: "2" }), "named").map(({ actor }) => actor), ["2"]);
});

for (const [name, stretch, result] of [
  ["apart", [30, 40], [[10, 20], [30, 40]]],
  ["before", [0, 5], [[0, 5], [10, 20]]],
  ["overlapping", [15, 25], [[10, 25]]],
  ["touching", [20, 22], [[10, 22]]],
]) {
  test(`a stretch is added: ${name}`, () => {
    assert.deepEqual(spans(addStretch(claim, stretch)), result);
  });
}

test("a stretch is taken away, but never the last", () => {
  const two = addStretch(claim, [30, 40]);
  assert.deepEqual(spans(dropStretch(two, [35, 35])), [[10, 20]]);
  assert.equal(dropStretch(claim, [15, 15]), claim);
});

test("a moved stretch stays apart from the others and holds something", () => {
  const two = addStretch(claim, [30, 40]);
  assert.deepEqual(spans(moveStretch(two, 0, [12, 29])), [[12, 29], [30, 40]]);
  assert.equal(moveStretch(two, 0, [12, 31]), null);
  assert.equal(moveStretch(two, 0, [12, 12]), null);
});

test("what is missing is said in words", () => {
  assert.deepEqual(missing(claim, codebook), ["a claimant", "Claim type"]);
  const full = addTag(addPart(claim, "claimant", { actor: "1" }), fact, codebook);
  assert.deepEqual(missing(full, codebook), []);
  assert.deepEqual(missing(addTag(full, calm, codebook), codebook), ["the stance towards “calm”"]);
  assert.deepEqual(missing(blank("mention", [[0, 1]]), codebook), ["the actor that is named"]);
});

test("contents are the same whatever the order of their tags", () => {
  const one = addTag(addTag(claim, fact, codebook), calm, codebook);
  const other = addTag(addTag(claim, calm, codebook), fact, codebook);
  assert.equal(same(one, other), true);
  assert.equal(same(one, claim), false);
  assert.equal(same(null, null), true);
  assert.equal(same(null, claim), false);
});

test("what an older page kept says the same as what this one makes of it", () => {
  const { certainty, flagged, links, ...older } = addPart(claim, "voice", { actor: "1" });
  older.participants = older.participants.map(({ role, actor, stands_for: standsFor }) => (
    { role, actor, stands_for: standsFor }
  ));
  assert.deepEqual([certainty, flagged, links], ["", false, []]);
  assert.equal(same(older, plain(older)), true);
  assert.deepEqual(plain(older), addPart(claim, "voice", { actor: "1" }));
});

test("how a voice stands to what it says, moves with it", () => {
  const both = addPart(addPart(claim, "voice", { actor: "1", endorsement: "endorses" }), "voice", { actor: "2" });
  const words = partsOf(movePart(both, "voice", 0, 1), "voice").map(({ endorsement }) => endorsement);
  assert.deepEqual(words, ["", "endorses"]);
  assert.equal(addPart(both, "voice", { actor: "1", endorsement: "neutral" }), both);
});

for (const [field, value, words] of [
  ["certainty", "low", "certainty changed"], ["flagged", true, "flag changed"],
  ["links", [{ relation: "supports", claim: "other" }], "links changed"],
]) {
  test(`contents that differ in one value are told apart: ${field}`, () => {
    const other = { ...claim, [field]: value };
    assert.equal(same(claim, other), false);
    assert.deepEqual(plain(other), other);
    assert.equal(describeChange(claim, other), words);
  });
}

test("changes are named by what they change", () => {
  const noted = { ...claim, note: "hm" };
  const names = [[null, claim], [claim, null], [claim, noted], [noted, addTag(claim, fact, codebook)]]
    .map((pair) => describeChange(...pair));
  assert.deepEqual(names, ["claim added", "claim removed", "note changed", "claim changed"]);
});

test("narrower tags stand under theirs, and retired ones have no key", () => {
  assert.deepEqual(codebook.facets[1].tags.map(({ id }) => id), ["calm", "under", "old"]);
  assert.equal(codebook.byKey("f"), fact);
  assert.equal(codebook.byKey("o"), undefined);
  assert.equal(codebook.leading(addTag(addTag(claim, calm, codebook), fact, codebook)), fact);
});

test("actors are found by name, alias and metonym, without accents, best first", () => {
  const found = (words) => codebook.findActors(words).map(({ id }) => id);
  assert.deepEqual(found("eireann"), ["1"]);
  assert.deepEqual(found("office"), ["2", "1"]);
  assert.deepEqual(found("green ho"), ["1"]);
  assert.deepEqual(found("tides of"), ["2"]);
  assert.deepEqual(found("nobody"), []);
  assert.deepEqual(found(""), ["1", "2"]);
});

test("words name an actor only if no other is called so", () => {
  assert.equal(codebook.named("the  office").id, "1");
  assert.equal(codebook.named("Office"), undefined);
  assert.deepEqual(search([], "x"), []);
});
