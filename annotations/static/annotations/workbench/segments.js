/**
 * Overlapping marks as flat pieces of text, so that each piece becomes one element or one text
 * node. A mark is { id, spans: [[start, end], …], … }; all places are code points, half-open.
 */

import { countWhile } from "./offsets.js";

/**
 * The pieces of a passage of `length` code points that begins at `start`: [{ start, end, ids }]
 * in order, without gaps, cut wherever a span begins or ends. ids are in the order of the marks;
 * plain text has none. O((n + m) log n), plus what is returned.
 */
export function segments(length, marks, start = 0) {
  const end = start + length;
  const open = openMarks(marks);
  const pieces = [];
  let at = start;
  for (const edge of edgesOf(marks, start, end)) {
    if (edge.at > at) {
      pieces.push({ start: at, end: edge.at, ids: open.ids() });
      at = edge.at;
    }
    open.change(edge.nth, edge.step);
  }
  if (at < end) pieces.push({ start: at, end, ids: open.ids() });
  return pieces;
}

/** The marks that reach into [start, end), each with its spans cut to that stretch. */
export function clip(marks, start, end) {
  return byPassage([{ start, end }], marks)[0];
}

/**
 * For each passage, in the same order, what clip would give: all of them in one sweep.
 * Passages are { start, end }, in order and not overlapping, as a revision's passages are.
 */
export function byPassage(passages, marks) {
  const shares = passages.map(() => []);
  for (const mark of marks) {
    for (const [start, end] of mark.spans) {
      for (let nth = firstEndingAfter(passages, start); passages[nth]?.start < end; nth += 1) {
        const span = [Math.max(start, passages[nth].start), Math.min(end, passages[nth].end)];
        if (span[0] < span[1]) addShare(shares[nth], mark, span);
      }
    }
  }
  return shares.map((share) => share.map(({ mark, spans }) => ({ ...mark, spans })));
}

function edgesOf(marks, start, end) {
  const edges = [];
  marks.forEach((mark, nth) => {
    for (const span of mark.spans) {
      const first = Math.max(span[0], start);
      const last = Math.min(span[1], end);
      if (first < last) edges.push({ at: first, nth, step: 1 }, { at: last, nth, step: -1 });
    }
  });
  return edges.sort((one, other) => one.at - other.at);
}

/** The marks that are open at a place; counted, because one mark's own spans may overlap. */
function openMarks(marks) {
  const counts = new Int32Array(marks.length);
  const open = [];

  function change(nth, step) {
    const was = counts[nth];
    counts[nth] += step;
    if (was === 0) open.splice(rank(nth), 0, nth);
    else if (counts[nth] === 0) open.splice(rank(nth), 1);
  }

  function rank(nth) {
    return countWhile(open.length, (place) => open[place] < nth);
  }

  return { change, ids: () => open.map((nth) => marks[nth].id) };
}

function firstEndingAfter(passages, place) {
  return countWhile(passages.length, (nth) => passages[nth].end <= place);
}

function addShare(share, mark, span) {
  const latest = share.at(-1);
  if (latest?.mark === mark) latest.spans.push(span);
  else share.push({ mark, spans: [span] });
}
