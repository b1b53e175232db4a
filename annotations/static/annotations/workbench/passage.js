/**
 * Paints marks: each passage is cut at every edge of a stretch, and each piece that is marked
 * becomes one <mark> that carries all its annotations. The text itself never changes. What is in
 * the window is painted at once, the rest while the browser rests.
 */

import { countWhile } from "./offsets.js";
import { byPassage, segments } from "./segments.js";

const LANES = 3;
const AT_ONCE = 600; // shares of marks in passages that are painted before the page is answered
const SLICE = 10; // milliseconds of painting between which the page answers
const MOST_SIGNS = 5;
const SIGNS = { own: "", other: "", gold: "★" };

const whenIdle = globalThis.requestIdleCallback
  ?? ((run) => setTimeout(() => run({ timeRemaining: () => 8 }), 30));

/**
 * The painter { paint, repaint, settle, light, idsIn, idsAt, inSight }. `look(content)` gives
 * { colour (a CSS value), pattern, label, key }, `whose(annotation)` own, other or gold.
 */
export function makePainter({ text, look, whose = () => "own" }) {
  const shares = text.passages.map(() => []);
  const painted = new Map(); // annotation id → its mark
  const placesOf = new Map(); // annotation id → the passages in which it is painted
  const pieces = new Map(); // annotation id → its elements
  const due = new Set(); // passages whose marks are not on the page yet
  let lit = [];
  let lighted = [];
  let awaited = false;

  addEventListener("scroll", () => due.size && paintSome(inSight()), { passive: true, capture: true });

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
      if (had || share.length) due.add(nth);
    });
    paintSome(inSight());
    paintSome(due, AT_ONCE);
    goOn();
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

  /** Put on the page what is not there yet. */
  const settle = () => paintSome(due);

  function paintSome(wanted, atMost = Infinity) {
    let left = atMost;
    for (const nth of wanted) {
      if (left <= 0) return;
      if (!due.has(nth)) continue;
      left -= shares[nth].length;
      paintPassage(nth);
    }
  }

  function goOn() {
    if (awaited || !due.size) return;
    awaited = true;
    whenIdle((rest) => {
      awaited = false;
      const until = performance.now() + Math.max(SLICE, rest.timeRemaining() - 3);
      for (const nth of due) {
        paintPassage(nth);
        if (performance.now() > until) break;
      }
      goOn();
    }, { timeout: 100 });
  }

  /** The passages in the window, found without measuring all. */
  function inSight() {
    const box = (nth) => text.passages[nth].element.getBoundingClientRect();
    const total = text.root.offsetHeight ? text.passages.length : 0; // none in a column not shown
    const first = countWhile(total, (nth) => box(nth).bottom < 0);
    const last = first + countWhile(total - first, (nth) => box(first + nth).top < innerHeight);
    return Array.from({ length: last - first }, (_, nth) => first + nth);
  }

  function enter(id, nth) {
    if (!placesOf.has(id)) placesOf.set(id, new Set());
    placesOf.get(id).add(nth);
  }

  function paintPassage(nth) {
    due.delete(nth);
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
    for (const [id, name] of lighted) if (byId.has(id)) lightOne(id, name, passage.element);
  }

  function marked({ end, ids }, words, byId, lanes) {
    const element = document.createElement("mark");
    element.textContent = words;
    element.dataset.ids = ids.join(" ");
    const own = ids.map((id) => byId.get(id));
    const claims = own.filter((mark) => mark.look.key);
    const inner = shortest(claims.length ? claims : own);
    element.classList.toggle("only-mention", !claims.length);
    element.classList.toggle("others", own.every((mark) => mark.whose === "other"));
    element.style.setProperty("--tint", inner.look.colour);
    for (const mark of own) {
      underline(element, mark, lanes.get(mark.id));
      if (!pieces.has(mark.id)) pieces.set(mark.id, []);
      pieces.get(mark.id).push(element);
    }
    const ending = own.filter((mark) => mark.spans.at(-1)[1] === end && signOf(mark));
    if (ending.length) element.dataset.keys = signsOf(ending);
    return element;
  }

  /** Let all pieces of some annotations stand out, and no others: [id, is-open or is-near] pairs. */
  function light(classes) {
    for (const element of lit) element.classList.remove("is-open", "is-near");
    lit = [];
    lighted = classes;
    for (const [id, name] of classes) lightOne(id, name);
  }

  function lightOne(id, name, within = null) {
    for (const element of pieces.get(id) ?? []) {
      if (within && !within.contains(element)) continue;
      element.classList.add(name);
      element.style.setProperty("--lit", painted.get(id)?.look.colour ?? null);
      lit.push(element);
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
    return {
      id: annotation.id, spans, length, look: look(annotation.content), whose: whose(annotation),
    };
  }

  return { paint, repaint, settle, light, idsIn, idsAt, inSight };
}

function shortest(marks) {
  return marks.reduce((one, other) => (other.length < one.length ? other : one));
}

/** Whose it is, its tag's key, and a question mark if a curator is asked to look. */
/** The signs of marks that end together; of many the first, and how many more there are. */
function signsOf(marks) {
  const more = marks.length - MOST_SIGNS;
  const signs = marks.slice(0, MOST_SIGNS).map(signOf);
  return [...signs, more > 0 ? `+${more}` : []].flat().join(" ");
}

const signOf = ({ whose, look }) => (look.key ? SIGNS[whose] : "") + look.key + (look.flag ?? "");

/** One's own line is thick, others' are thin; those too deep for a line of their own share one. */
function underline(element, mark, lane) {
  if (lane === undefined) {
    element.classList.add("deep");
    return;
  }
  element.style.setProperty(`--line-${lane}`, lineOf(mark.look));
  if (mark.whose === "other") element.style.setProperty(`--thick-${lane}`, "1px");
}

/**
 * For each mark the line below the text on which it is drawn, so that lines do not cross. The
 * last line is kept for all that lie deeper than the others have room for; those have no number.
 */
function lanesOf(marks) {
  const lanes = new Map();
  const ends = new Array(LANES).fill(-1);
  const inOrder = [...marks].sort((one, other) => (
    one.spans[0][0] - other.spans[0][0] || one.length - other.length
  ));
  for (const mark of inOrder) {
    const free = ends.findIndex((end) => end <= mark.spans[0][0]);
    if (free < 0) continue;
    ends[free] = mark.spans.at(-1)[1];
    lanes.set(mark.id, free);
  }
  return lanes;
}

const lines = new Map();

/** The line's picture: its pattern says what its colour says. */
function lineOf({ colour, pattern }) {
  const name = `${colour} ${pattern}`;
  if (!lines.has(name)) lines.set(name, drawn(colour, pattern));
  return lines.get(name);
}

function drawn(colour, pattern) {
  const [dash, gap, dot] = { dashed: [7, 3, 0], dotted: [2, 3, 0], "dash-dot": [7, 3, 2] }[pattern] ?? [];
  if (!dash) return `linear-gradient(${colour}, ${colour})`;
  const stops = [`${colour} 0 ${dash}px`, `transparent ${dash}px ${dash + gap}px`];
  if (dot) {
    const from = dash + gap;
    stops.push(`${colour} ${from}px ${from + dot}px`, `transparent ${from + dot}px ${from + dot + gap}px`);
  }
  return `repeating-linear-gradient(90deg, ${stops.join(", ")})`;
}
