/**
 * Paints marks: each passage is cut at every edge of a stretch, and each piece that is marked
 * becomes one <mark> that carries all its annotations. The text itself never changes.
 */

import { byPassage, segments } from "./segments.js";

const LANES = 3;

/**
 * The painter { paint, repaint, light, idsIn, idsAt }. `look(annotation)` gives
 * { colour (a CSS value), pattern, label, key } of an annotation's content.
 */
export function makePainter({ text, look }) {
  const shares = text.passages.map(() => []);
  const painted = new Map(); // annotation id → its mark
  const placesOf = new Map(); // annotation id → the passages in which it is painted
  const pieces = new Map(); // annotation id → its elements
  let lit = [];

  /** Paint these annotations and no others. */
  function paint(annotations) {
    const marks = annotations.map(markOf);
    painted.clear();
    placesOf.clear();
    pieces.clear();
    for (const mark of marks) painted.set(mark.id, mark);
    byPassage(text.passages, marks).forEach((share, nth) => {
      const had = shares[nth].length;
      shares[nth] = share;
      for (const { id } of share) enter(id, nth);
      if (had || share.length) paintPassage(nth);
    });
  }

  /**
   * Paint one annotation anew, or take it off the page (undefined): only passages it touches, and
   * only if it looks different: what is being selected must not be replaced by its like.
   */
  function repaint(id, annotation) {
    const mark = annotation && markOf(annotation);
    if (JSON.stringify(mark) === JSON.stringify(painted.get(id))) return;
    if (mark) painted.set(id, mark);
    else painted.delete(id);
    const touched = new Set(placesOf.get(id));
    placesOf.delete(id);
    for (const nth of touched) shares[nth] = shares[nth].filter((mark) => mark.id !== id);
    if (mark) {
      const first = text.nthOf(mark.spans[0][0]);
      const last = text.nthOf(mark.spans.at(-1)[1]);
      byPassage(text.passages.slice(first, last + 1), [mark]).forEach((share, offset) => {
        if (!share.length) return;
        shares[first + offset] = [...shares[first + offset], ...share];
        enter(id, first + offset);
        touched.add(first + offset);
      });
    }
    touched.forEach(paintPassage);
  }

  function enter(id, nth) {
    if (!placesOf.has(id)) placesOf.set(id, new Set());
    placesOf.get(id).add(nth);
  }

  function paintPassage(nth) {
    const passage = text.passages[nth];
    for (const { id } of shares[nth]) {
      const elsewhere = (pieces.get(id) ?? []).filter((piece) => (
        piece.isConnected && !passage.element.contains(piece)
      ));
      pieces.set(id, elsewhere);
    }
    const lanes = lanesOf(shares[nth]);
    const byId = new Map(shares[nth].map((mark) => [mark.id, mark]));
    const children = segments(passage.end - passage.start, shares[nth], passage.start)
      .map((piece) => {
        const words = text.slice(piece.start, piece.end);
        return piece.ids.length ? marked(piece, words, byId, lanes) : words;
      });
    passage.element.replaceChildren(...children);
  }

  function marked({ end, ids }, words, byId, lanes) {
    const element = document.createElement("mark");
    element.textContent = words;
    element.dataset.ids = ids.join(" ");
    const own = ids.map((id) => byId.get(id));
    const claims = own.filter((mark) => mark.look.key);
    element.classList.toggle("only-mention", !claims.length);
    element.style.setProperty("--tint", shortest(claims.length ? claims : own).look.colour);
    for (const mark of own) {
      element.style.setProperty(`--line-${lanes.get(mark.id)}`, lineOf(mark.look));
      if (!pieces.has(mark.id)) pieces.set(mark.id, []);
      pieces.get(mark.id).push(element);
    }
    const ending = own.filter((mark) => mark.spans.at(-1)[1] === end && mark.look.key);
    if (ending.length) element.dataset.keys = ending.map((mark) => mark.look.key).join(" ");
    return element;
  }

  /** Let all pieces of some annotations stand out, and no others: [id, is-open or is-near] pairs. */
  function light(classes) {
    for (const element of lit) element.classList.remove("is-open", "is-near");
    lit = [];
    for (const [id, name] of classes) {
      for (const element of pieces.get(id) ?? []) {
        element.classList.add(name);
        lit.push(element);
      }
    }
  }

  /** The annotations in one passage. */
  const idsIn = (nth) => new Set(shares[nth].map((mark) => mark.id));

  /** The annotations at a place, the shortest first: the innermost of nested marks. */
  function idsAt(place) {
    return shares[text.nthOf(place)]
      .filter((mark) => mark.spans.some(([start, end]) => start <= place && place < end))
      .sort((one, other) => one.length - other.length)
      .map((mark) => mark.id);
  }

  function markOf(annotation) {
    const spans = annotation.content.spans.map(({ start, end }) => [start, end]);
    const length = spans.reduce((sum, [start, end]) => sum + end - start, 0);
    return { id: annotation.id, spans, length, look: look(annotation.content) };
  }

  return { paint, repaint, light, idsIn, idsAt };
}

function shortest(marks) {
  return marks.reduce((one, other) => (other.length < one.length ? other : one));
}

/** For each mark the line below the text on which it is drawn, so that lines do not cross. */
function lanesOf(marks) {
  const lanes = new Map();
  const ends = [];
  const inOrder = [...marks].sort((one, other) => (
    one.spans[0][0] - other.spans[0][0] || one.length - other.length
  ));
  for (const mark of inOrder) {
    const free = ends.findIndex((end) => end <= mark.spans[0][0]);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = mark.spans.at(-1)[1];
    lanes.set(mark.id, Math.min(lane, LANES - 1));
  }
  return lanes;
}

/** The line's picture: its pattern says what its colour says. */
function lineOf({ colour, pattern }) {
  const [dash, gap, dot] = { dashed: [7, 3, 0], dotted: [2, 3, 0], "dash-dot": [7, 3, 2] }[pattern] ?? [];
  if (!dash) return `linear-gradient(${colour}, ${colour})`;
  const stops = [`${colour} 0 ${dash}px`, `transparent ${dash}px ${dash + gap}px`];
  if (dot) {
    const from = dash + gap;
    stops.push(`${colour} ${from}px ${from + dot}px`, `transparent ${from + dot}px ${from + dot + gap}px`);
  }
  return `repeating-linear-gradient(90deg, ${stops.join(", ")})`;
}
