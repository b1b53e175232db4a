import assert from "node:assert/strict";
import { test } from "node:test";

import { isIdle, pauseOf } from "../../annotations/static/annotations/workbench/pace.js";

const MINUTE = 60_000;
const page = (more) => pauseOf({ sighted: true, idle: 0, failures: 0, ...more });

test("others' changes are asked for every second and a half, where they are shown", () => {
  assert.equal(page({}), 1_500);
  assert.equal(page({ sighted: false }), 15_000);
});

test("who has done nothing for ten minutes is told more slowly", () => {
  assert.deepEqual([page({ idle: 10 * MINUTE }), page({ idle: 10 * MINUTE + 1 })], [1_500, 10_000]);
  assert.equal(page({ idle: 60 * MINUTE, sighted: false }), 15_000);
  assert.deepEqual([10 * MINUTE, 10 * MINUTE + 1].map(isIdle), [false, true]);
});

test("a server that does not answer is asked less and less often, at least once a minute", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 600].map((failures) => page({ failures }));
  assert.deepEqual(pauses, [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
  assert.equal(page({ failures: 1, sighted: false }), 15_000);
  assert.equal(page({ failures: 1, idle: 60 * MINUTE }), 10_000);
});
