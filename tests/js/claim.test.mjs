import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence, withEndorsement } from "../../annotations/static/annotations/workbench/chain.js";
import { turned } from "../../annotations/static/annotations/workbench/choice.js";
import { makeCodebook } from "../../annotations/static/annotations/workbench/codebook.js";
import { addPart, asked, blank, partsOf } from "../../annotations/static/annotations/workbench/content.js";
import { copyOf, lastClaim, likeLast } from "../../annotations/static/annotations/workbench/like_last.js";
import {
  makeBacklinks,
  nextLinkable,
  withLink,
  withoutLink,
} from "../../annotations/static/annotations/workbench/links.js";

const tag = (id, facet, more = {}) => ({
  id, facet, parent: null, slug: id, label: id, key: "", colour: "", retired: false,
  definition: "", examples: [], ...more,
});
const codebook = makeCodebook({
  facets: [
    { id: "type", name: "Claim type", choose: "one", required: true, stance: false, retired: false },
    { id: "says", name: "Proposition", choose: "any", required: false, stance: true, retired: false },
  ],
  tags: [tag("fact", 0), tag("norm", 0), tag("calm", 1), tag("old", 1, { retired: true })],
  actors: [
    ["1", "Ada Quill", "person", [], [], 0], ["2", "Office of Tides", "state", [], [], 0],
    ["3", "Gone Office", "state", [], [], 1],
  ],
});
const author = { actor: null, stands_for: "author" };
const claim = (...codings) => ({
  ...blank("claim", [[10, 20]]), codings: codings.map(([id, stance = ""]) => ({ tag: id, stance })),
});
const said = (content, ...parts) => parts.reduce(
  (known, [role, part]) => addPart(known, role, part), content,
);

test("a chain is read first to last, each voice with how it stands to what it passes on", () => {
  const steps = [
    ["The Harbour Post", ""], ["Ada Quill", "distances"], ["the Office of Tides", "endorses"],
    ["the mate", "neutral"],
  ].map(([name, endorsement]) => ({ name, endorsement }));
  assert.equal(sentence(steps), "The Harbour Post → Ada Quill, keeping a distance → "
    + "the Office of Tides, endorsing it → the mate, staying neutral");
  assert.equal(sentence([]), "");
});

test("an endorsement is given to one step, and pressed again taken back", () => {
  const chain = said(claim(), ["claimant", author], ["voice", author], ["voice", { actor: "1" }]);
  const given = withEndorsement(chain, 1, "distances");
  assert.deepEqual(partsOf(given, "voice").map(({ endorsement }) => endorsement), ["", "distances"]);
  assert.deepEqual(withEndorsement(given, 1, "distances"), chain);
  assert.equal(withEndorsement(chain, 2, "neutral"), chain);
});

test("a row of choices is turned through, with nothing between its ends", () => {
  const row = [["a", "A"], ["b", "B"]];
  const turns = (from, step, needed) => [1, 2, 3].reduce(
    (seen) => [...seen, turned(row, seen.at(-1) ?? from, step, needed)], [],
  );
  assert.deepEqual(turns("", 1), ["a", "b", ""]);
  assert.deepEqual(turns("", -1), ["b", "a", ""]);
  assert.deepEqual(turns("a", 1, true), ["b", "a", "b"]);
});

test("what is asked for leads to its field, and to the tag that lacks a stance", () => {
  assert.deepEqual(
    asked(claim(["calm"]), codebook).map(({ field, tag: lacking }) => [field, lacking?.id]),
    [["claimant", undefined], ["type", undefined], ["says", "calm"]],
  );
  assert.deepEqual(asked(said(claim(["fact"], ["calm", "oppose"]), ["claimant", author]), codebook), []);
  assert.deepEqual(asked(blank("mention", [[0, 1]]), codebook).map(({ field }) => field), ["named"]);
});

test("the last claim is the one made or changed last, standing, one's own and not the open one", () => {
  const known = {
    a: { mine: true, content: claim() }, b: { mine: true, content: null },
    c: { mine: true, content: blank("mention", [[0, 1]]) }, d: { mine: false, content: claim() },
    e: { mine: true, content: claim() },
  };
  const log = ["e", "a", "b", "c", "d", "e", "e"].map((annotation) => ({ annotation }));
  const get = (id) => known[id];
  assert.equal(lastClaim(log, get, undefined), known.e);
  assert.equal(lastClaim(log, get, "e"), known.a);
  assert.equal(lastClaim([], get, "e"), null);
});

test("like the last one takes what the claim does not say yet, and says which fields", () => {
  const model = {
    ...said(
      claim(["fact"], ["calm", "oppose"], ["old", "support"]),
      ["claimant", author], ["target", { actor: "3" }], ["voice", { actor: "1", endorsement: "neutral" }],
    ),
    attribution: "quoted", certainty: "low", note: "mine", flagged: true,
    links: [{ relation: "supports", claim: "x" }],
  };
  const own = said(claim(["norm"]), ["claimant", { actor: "2" }]);
  const { content, took } = likeLast(own, model, codebook);
  assert.deepEqual(took, ["voice", "facet says", "attribution"]);
  assert.deepEqual(content, {
    ...own,
    participants: [...own.participants, ...partsOf(model, "voice")],
    codings: [{ tag: "norm", stance: "" }, { tag: "calm", stance: "oppose" }],
    attribution: "quoted",
  });
  assert.deepEqual(likeLast(content, model, codebook), { content, took: [] });
});

test("a copy says the same elsewhere, without note, flag and links", () => {
  const model = {
    ...said(claim(["fact"]), ["claimant", author]), certainty: "low", note: "mine", flagged: true,
    links: [{ relation: "supports", claim: "x" }],
  };
  assert.deepEqual(copyOf(model)(blank("claim", [[30, 40]])), {
    ...model, spans: [{ start: 30, end: 40 }], note: "", flagged: false, links: [],
  });
});

test("a claim is linked to once, under the relation given last", () => {
  const linked = withLink(withLink(claim(), "x", "supports"), "y", "restates");
  assert.deepEqual(withLink(linked, "x", "qualifies").links, [
    { relation: "qualifies", claim: "x" }, { relation: "restates", claim: "y" },
  ]);
  assert.deepEqual(withoutLink(linked, "x").links, [{ relation: "restates", claim: "y" }]);
});

test("links from others are known as they change, also when one is gone", () => {
  const known = new Map([["a", claim()], ["b", withLink(claim(), "a", "supports")]]
    .map(([id, content]) => [id, { id, content }]));
  const links = makeBacklinks({ all: () => [...known.values()], get: (id) => known.get(id) });
  assert.deepEqual(links.to("a"), [{ from: "b", relation: "supports" }]);
  known.set("c", { id: "c", content: withLink(claim(), "a", "restates") });
  known.set("b", { id: "b", content: null });
  links.renew(new Set(["b", "c"]));
  assert.deepEqual(links.to("a"), [{ from: "c", relation: "restates" }]);
});

test("claims to link to are gone through in reading order and round, past what cannot be linked", () => {
  const open = { id: "open", content: withLink(claim(), "known", "supports") };
  const row = [
    { id: "one", content: claim() }, open, { id: "known", content: claim() },
    { id: "named", content: blank("mention", [[0, 1]]) }, { id: "two", content: claim() },
  ];
  const steps = (step, ...from) => from.map((at) => nextLinkable(row, open, at, step)?.id);
  assert.deepEqual(steps(1, null, "two", "one"), ["two", "one", "two"]);
  assert.deepEqual(steps(-1, null, "one", "two"), ["one", "two", "one"]);
  assert.equal(nextLinkable([open], open, null, 1), undefined);
});
