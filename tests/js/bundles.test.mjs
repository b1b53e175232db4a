import assert from "node:assert/strict";
import { test } from "node:test";

import { bundles } from "../../corpus_app/static/corpus_app/bundles.js";

const KB = 1024;
const MB = 1024 * KB;

const files = (...sizes) => sizes.map((size, number) => ({ file: { size }, path: `${number}.txt` }));
const lengths = ({ fit }) => fit.map((bundle) => bundle.length);

test("small files go together, at most a hundred at a time", () => {
  assert.deepEqual(lengths(bundles(files(...Array(250).fill(5 * KB)), 32 * MB)), [100, 100, 50]);
});

test("a bundle of several files stays below four megabytes, a large file goes alone", () => {
  assert.deepEqual(lengths(bundles(files(3 * MB, 3 * MB, KB, 20 * MB, KB), 32 * MB)), [1, 2, 1, 1]);
});

test("what is above the limit by itself is told and stops none of the others", () => {
  const { fit, large } = bundles(files(KB, 40 * MB, KB), 32 * MB);
  assert.deepEqual(large.map(({ path }) => path), ["1.txt"]);
  assert.deepEqual(fit.map((bundle) => bundle.map(({ path }) => path)), [["0.txt", "2.txt"]]);
});

test("every file is sent once and in order", () => {
  const all = files(...Array.from({ length: 333 }, (_, n) => (n * 7919) % (2 * MB)));
  assert.deepEqual(bundles(all, 32 * MB).fit.flat(), all);
});

test("nothing to send is no bundle", () => {
  assert.deepEqual(bundles([], MB), { fit: [], large: [] });
});
