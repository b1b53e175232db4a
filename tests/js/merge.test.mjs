import assert from "node:assert/strict";
import { test } from "node:test";

import { compare, disputed, joined, merged } from "../../annotations/static/annotations/workbench/merge.js";

const facets = { fact: { id: "type", choose: "one" }, norm: { id: "type", choose: "one" } };
const facetOf = (tag) => facets[tag] ?? { id: "says", choose: "any" };

const part = (role, who, endorsement = "") => (
  { role, actor: who === "author" ? null : who, stands_for: who === "author" ? who : "", endorsement }
);
const code = (tag, stance = "") => ({ tag, stance });
const link = (claim, relation) => ({ relation, claim });
const spans = (...places) => places.map(([start, end]) => ({ start, end }));
const claim = (more = {}) => ({
  kind: "claim", spans: spans([0, 9]), participants: [], codings: [], attribution: "",
  certainty: "", note: "", flagged: false, links: [], ...more,
});
const people = (...participants) => claim({ participants });
const coded = (...codings) => claim({ codings });
const linked = (...links) => claim({ links });
const note = (text) => claim({ note: text });

// Each: what it was, what one and what the other made of it; what both come to, and the fields in
// which somebody has to choose (where what is mine stands until then).
const table = [
  ["nothing differs", claim(), note("a"), note("a"), note("a"), []],
  ["only I changed it", claim(), note("a"), claim(), note("a"), []],
  ["only they changed it", claim(), claim(), note("a"), note("a"), []],
  ["each changed another field", claim(), note("a"), claim({ certainty: "high" }),
    claim({ note: "a", certainty: "high" }), []],
  ["both wrote a note", note("was"), note("a"), note("b"), note("a"), ["note"]],
  ["one took the note away, the other wrote on", note("was"), note(""), note("was, and is"),
    note(""), ["note"]],
  ["one asks a curator, the other takes it back", claim({ flagged: true }), claim({ flagged: true }),
    claim(), claim(), []],
  ["both moved the stretch", claim(), claim({ spans: spans([0, 5]) }), claim({ spans: spans([3, 9]) }),
    claim({ spans: spans([0, 5]) }), ["spans"]],
  ["one added a stretch", claim(), claim({ spans: spans([0, 9], [12, 14]) }), note("b"),
    claim({ spans: spans([0, 9], [12, 14]), note: "b" }), []],
  ["each added a claimant", people(), people(part("claimant", "1")), people(part("claimant", "2")),
    people(part("claimant", "1"), part("claimant", "2")), []],
  ["both added the same claimant", people(), people(part("claimant", "author")),
    people(part("claimant", "author")), people(part("claimant", "author")), []],
  ["one took a target out, the other added one", people(part("target", "1")), people(),
    people(part("target", "1"), part("target", "2")), people(part("target", "2")), []],
  ["a claimant and a target", people(), people(part("claimant", "1")), people(part("target", "1")),
    people(part("claimant", "1"), part("target", "1")), []],
  ["both built a voice chain", people(), people(part("voice", "1")), people(part("voice", "2")),
    people(part("voice", "1")), ["voice"]],
  ["one turned the voice chain round", people(part("voice", "1"), part("voice", "2")),
    people(part("voice", "1"), part("voice", "2")), people(part("voice", "2"), part("voice", "1")),
    people(part("voice", "2"), part("voice", "1")), []],
  ["one said how a voice stands to it", people(part("voice", "1")), people(part("voice", "1", "distances")),
    people(part("voice", "1")), people(part("voice", "1", "distances")), []],
  ["one emptied the chain that the other left", people(part("voice", "1")), people(),
    people(part("voice", "1")), people(), []],
  ["each gave another proposition", coded(), coded(code("a")), coded(code("b")), coded(code("a"), code("b")), []],
  ["each gave the same with another stance", coded(code("a")), coded(code("a", "support")),
    coded(code("a", "oppose")), coded(code("a", "support")), ["facet says"]],
  ["one gave a stance, the other another tag", coded(code("a")), coded(code("a", "support")),
    coded(code("a"), code("b")), coded(code("a", "support"), code("b")), []],
  ["one took the tag away to which the other gave a stance", coded(code("a")), coded(),
    coded(code("a", "support")), coded(), ["facet says"]],
  ["two types where there may be one", coded(), coded(code("fact")), coded(code("norm")),
    coded(code("fact")), ["facet type"]],
  ["one changed the type", coded(code("fact")), coded(code("norm")), coded(code("fact"), code("a")),
    coded(code("norm"), code("a")), []],
  ["each linked another claim", linked(), linked(link("x", "supports")), linked(link("y", "restates")),
    linked(link("x", "supports"), link("y", "restates")), []],
  ["the same claim linked in two ways", linked(), linked(link("x", "supports")),
    linked(link("x", "contradicts")), linked(link("x", "supports")), ["links"]],
  ["what it was is not known", null, note("a"), claim({ certainty: "low" }), note("a"),
    ["certainty", "note"]],
];

for (const [name, before, mine, theirs, both, asks] of table) {
  test(`two versions are made one: ${name}`, () => {
    const differences = compare({ before, mine, theirs }, facetOf);
    assert.deepEqual(disputed(differences).sort(), asks);
    assert.deepEqual(merged({ mine, theirs }, differences, {}, facetOf), both);
  });
}

for (const [name, mine, theirs, choices, both] of [
  ["theirs", note("a"), note("b"), { note: "theirs" }, note("b")],
  ["joined", note("a"), note("b"), { note: "joined" }, note("a\n\nb")],
  ["of one field only", claim({ note: "a", certainty: "high" }), claim({ note: "b", certainty: "low" }),
    { certainty: "theirs" }, claim({ note: "a", certainty: "low" })],
  ["a tag that was taken away", coded(), coded(code("a", "support")), { "facet says": "theirs" },
    coded(code("a", "support"))],
  ["that a tag is taken away", coded(code("a", "support")), coded(), { "facet says": "theirs" }, coded()],
]) {
  test(`where both changed it one chooses: ${name}`, () => {
    const before = coded(code("a"));
    const differences = compare({ before, mine, theirs }, facetOf);
    assert.deepEqual(merged({ mine, theirs }, differences, choices, facetOf), both);
  });
}

for (const [mine, theirs, both] of [
  ["a", "b", "a\n\nb"], ["a", "and a, too", "and a, too"], ["a b", "a", "a b"], ["", "b", "b"],
]) {
  test(`two notes are one: ${JSON.stringify([mine, theirs])}`, () => assert.equal(joined(mine, theirs), both));
}

test("what the server or the page leave out counts as empty", () => {
  const { links, flagged, certainty, ...bare } = claim();
  assert.deepEqual(compare({ before: null, mine: claim(), theirs: bare }, facetOf), []);
});
