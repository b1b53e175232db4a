import assert from "node:assert/strict";
import { test } from "node:test";

import { differing } from "../../annotations/static/annotations/workbench/difference.js";

// Each: two texts, then both as one: [what went] and {what came}.
for (const [before, after, both] of [
  ["", "", ""],
  ["", "new", "{new}"],
  ["gone", "", "[gone]"],
  ["as it was", "as it was", "as it was"],
  ["a calm sea", "a rough sea", "a [calm ]{rough }sea"],
  ["a calm sea", "a calm and open sea", "a calm {and open }sea"],
  ["one two three", "three", "[one two ]three"],
  ["one two three four", "one 2 three 4", "one [two ]{2 }three [four]{4}"],
  ["He said so.", "He said so!", "He said so[.]{!}"],
  ["naïve café", "naive café", "[naïve ]{naive }café"],
  ["مرحبا بكم", "مرحبا بهم", "مرحبا [بكم]{بهم}"],
]) {
  test(`words that differ are told: ${JSON.stringify([before, after])}`, () => {
    const signs = { same: ["", ""], gone: ["[", "]"], new: ["{", "}"] };
    const read = differing(before, after).map(([kind, text]) => signs[kind].join(text)).join("");
    assert.equal(read, both);
  });
}

test("two long texts that have nothing in common are told apart as a whole", () => {
  const [one, other] = ["a ", "b "].map((word) => word.repeat(2000));
  assert.deepEqual(differing(one, other), [["gone", one], ["new", other]]);
});
