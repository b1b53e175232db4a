import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  byPassage,
  clip,
  segments,
} from "../../annotations/static/annotations/workbench/segments.js";

const table = JSON.parse(readFileSync(new URL("../data/segments.json", import.meta.url), "utf8"));

const flat = (pieces) => pieces.map(({ start, end, ids }) => [start, end, ids]);
const shared = (marks) => marks.map(({ id, spans }) => [id, spans]);

for (const { name, length, start, marks, pieces } of table.segments) {
  test(`a passage is cut at every span's end: ${name}`, () => {
    assert.deepEqual(flat(segments(length, marks, start)), pieces);
  });
}

for (const { name, passages, marks, shares } of table.passages) {
  const stretches = passages.map(([start, end]) => ({ start, end }));
  test(`each passage gets its share of the marks: ${name}`, () => {
    assert.deepEqual(byPassage(stretches, marks).map(shared), shares);
  });
  test(`clipping to one passage gives the same share: ${name}`, () => {
    const clipped = stretches.map(({ start, end }) => shared(clip(marks, start, end)));
    assert.deepEqual(clipped, shares);
  });
}

test("what else a mark carries stays with its share", () => {
  const mark = { id: "a", spans: [[0, 9]], colour: "#123456" };
  assert.deepEqual(clip([mark], 2, 4), [{ id: "a", spans: [[2, 4]], colour: "#123456" }]);
  assert.deepEqual(mark.spans, [[0, 9]]);
});

test("every code point carries exactly the marks that cover it", () => {
  const random = randomFrom(20261122);
  for (let round = 0; round < 200; round += 1) {
    const length = 1 + random(30);
    const marks = drawnMarks(random, random(8), length + 10);
    const start = random(10);
    const found = segments(length, marks, start).flatMap(({ start: from, end, ids }) =>
      Array.from({ length: end - from }, (_, nth) => [from + nth, ids]),
    );
    const wanted = Array.from({ length }, (_, nth) => [
      start + nth,
      marks.filter((mark) => covers(mark, start + nth)).map(({ id }) => id),
    ]);
    assert.deepEqual(found, wanted);
  }
});

test("ten thousand marks on a hundred thousand code points are cut well under 50 ms", () => {
  const random = randomFrom(7);
  const marks = Array.from({ length: 10_000 }, (_, id) => {
    const start = random(99_900);
    return { id, spans: [[start, start + 1 + random(100)]] };
  });
  const passages = Array.from({ length: 200 }, (_, nth) => (
    { start: nth * 500, end: nth * 500 + 499 }
  ));
  for (const work of [() => segments(100_000, marks), () => byPassage(passages, marks)]) {
    const quickest = Math.min(...Array.from({ length: 8 }, () => timeOf(work)));
    assert.ok(quickest < 50, `${quickest} ms`);
  }
});

function timeOf(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function covers(mark, place) {
  return mark.spans.some(([start, end]) => start <= place && place < end);
}

function drawnMarks(random, count, reach) {
  return Array.from({ length: count }, (_, id) => ({
    id,
    spans: Array.from({ length: 1 + random(3) }, () => {
      const start = random(reach);
      return [start, start + random(8)];
    }),
  }));
}

/** Whole numbers below a bound, the same in every run. */
function randomFrom(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
