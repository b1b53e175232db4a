/**
 * The text cursor and the selection: set by mouse and touch, moved by keys, drawn over the text.
 * `anchor` and `focus` are places in the revision; where they are equal, nothing is selected.
 */

import { extendTo, moveTo, unitAt } from "./cursor.js";
import { el } from "./dom.js";
import { makeLayer } from "./highlights.js";

const HIGHLIGHT = "workbench-selection";
const READ_FROM = 64; // CSS pixels at the top that the tools cover

/**
 * The selection over a text. `changed({ byKey })` is called after it was set or moved; `floor()`
 * is the height of the window below which the text is covered; `edges(nth)` the ends of the marks
 * in a passage, as units.
 */
export function makeSelection({ text, page, changed, floor, edges = () => [] }) {
  const ways = {
    passages: text.passages,
    units: (nth, unit) => (unit === "mark" ? edges(nth) : text.units(nth, unit)),
  };
  const caret = page.appendChild(el("span", { class: "wb-caret", "aria-hidden": "true" }));
  const layer = makeLayer(HIGHLIGHT);
  const scroller = text.root.closest(".bs-column"); // scrolls by itself, beside others
  let anchor = text.passages[0]?.start ?? 0;
  let focus = anchor;
  let exact = false;
  let touched = 0;
  let pressed = false;

  function set(from, to, { byKey = false, asIs = false } = {}) {
    [anchor, focus, exact] = [from, to, asIs];
    const native = getSelection();
    if (from === to && text.root.contains(native.anchorNode)) native.removeAllRanges();
    draw();
    if (byKey) {
      reveal();
      requestAnimationFrame(() => focus === to && reveal()); // what came near is laid out only now
    }
    changed({ byKey });
  }

  /** Move by a unit (step 1 or -1); with `extend` the anchor stays where it is. */
  function move(unit, step, { extend = false } = {}) {
    if (toSight()) return;
    const asIs = unit === "grapheme" || unit === "mark" || (extend && exact);
    if (extend) {
      set(anchor, extendTo(ways, anchor, focus, unit, step), { byKey: true, asIs });
    } else {
      const [start, end] = bounds();
      const from = start === end || unit === "passage" ? focus : edge(step, start, end);
      const to = moveTo(ways, from, unit, step);
      set(to, to, { byKey: true, asIs });
    }
  }

  /** Where moving starts from a selection: a step on leaves it at its end. */
  function edge(step, start, end) {
    return step > 0 ? Math.max(start, end - 1) : start;
  }

  const bounds = () => [Math.min(anchor, focus), Math.max(anchor, focus)];

  /** The [start, end] that would be marked: whole words unless set exactly. Null for nothing. */
  function stretch() {
    const [start, end] = bounds();
    if (start === end) return null;
    return exact ? text.trim(start, end) : text.snap(start, end);
  }

  /** The word, sentence or passage at the cursor, or at another place, as it would be marked. */
  function around(unit, at = focus) {
    const [start, end] = unitAt(text, at, unit);
    return unit === "word" ? [start, end] : text.trim(start, end);
  }

  const collapse = (options) => set(focus, focus, options);

  function draw() {
    const [start, end] = bounds();
    const ranges = text.rangesOf(start, end);
    if (globalThis.Highlight) layer.show(start === end ? [] : ranges);
    else if (start !== end) {
      const [first, last] = [ranges[0], ranges.at(-1)];
      getSelection().setBaseAndExtent(
        first.startContainer, first.startOffset, last.endContainer, last.endOffset,
      );
    }
    const rect = caretRect();
    caret.hidden = !rect;
    if (!rect) return;
    const origin = page.getBoundingClientRect();
    caret.style.height = `${rect.height}px`;
    caret.style.transform = `translate(${rect.x - origin.x}px, ${rect.y - origin.y}px)`;
  }

  /** Where the cursor stands on the screen: at the near edge of the character it is before. */
  function caretRect() {
    const nth = text.nthOf(focus);
    const passage = text.passages[nth];
    if (!passage) return null;
    const atEnd = focus >= passage.end;
    const [range] = atEnd ? text.rangesOf(passage.end - 1, passage.end) : text.rangesOf(focus, focus + 1);
    const rects = range.getClientRects();
    const rect = atEnd ? rects[rects.length - 1] : rects[0];
    if (!rect) return null;
    const right = text.isRightToLeft(nth) !== atEnd;
    return { x: right ? rect.right - 1 : rect.left - 1, y: rect.top, height: rect.height };
  }

  /** The box of the selection on the screen. */
  function box() {
    const rects = text.rangesOf(...bounds()).flatMap((range) => [...range.getClientRects()]);
    return { first: rects[0], last: rects.at(-1) };
  }

  /** What is seen of the text, from top to bottom: the window's height, or a column's. */
  function sight() {
    const { top, height } = scroller?.getBoundingClientRect() ?? { top: 0, height: innerHeight };
    return { top, height, from: top + READ_FROM, to: Math.min(floor(), top + height) };
  }

  /** Keep the cursor's line between two shares of what is seen: what follows can be read. */
  function reveal(first = 0.2, last = 0.7) {
    const rect = caretRect();
    if (!rect) return;
    const { top, height, to } = sight();
    const upper = rect.y - (top + height * first);
    const lower = rect.y - Math.min(top + height * last, to);
    if (upper < 0) (scroller ?? window).scrollBy({ top: upper });
    else if (lower > 0) (scroller ?? window).scrollBy({ top: lower });
  }

  /** Put a cursor that was scrolled away where the person reads; whether it was away. */
  function toSight() {
    const rect = caretRect();
    const { from, to } = sight();
    const isSeen = rect && rect.y + rect.height > from && rect.y < to;
    if (anchor !== focus || !rect || isSeen) return false;
    const place = firstInSight();
    if (place === undefined) return false;
    set(place, place, { byKey: true });
    return true;
  }

  /** Where the first sentence begins that can be seen from its beginning. */
  function firstInSight() {
    const { from, to } = sight();
    for (const [nth, { element }] of text.passages.entries()) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom < from || top > to) continue;
      const seen = text.units(nth, "sentence").map(([start]) => start).find((start) => {
        const y = text.rangesOf(start, start + 1)[0].getBoundingClientRect().top;
        return y > from && y < to;
      });
      if (seen !== undefined) return seen;
    }
    return undefined;
  }

  /** Take over what was selected with a mouse or a finger. */
  function adopt({ altKey, shiftKey, keepNative }) {
    const native = getSelection();
    if (!native.rangeCount || !text.root.contains(native.anchorNode)) return false;
    if (shiftKey) {
      const place = text.placeOf(native.focusNode, native.focusOffset);
      if (place !== null) set(anchor, place, { asIs: altKey });
    } else {
      const span = text.spanOf(native.getRangeAt(0));
      if (!span) return false;
      const wanted = span[0] === span[1] ? span : snapped(span, altKey);
      set(...wanted, { asIs: altKey });
    }
    if (!keepNative) native.removeAllRanges();
    return true;
  }

  function snapped([start, end], asIs) {
    return (asIs ? text.trim(start, end) : text.snap(start, end)) ?? [start, start];
  }

  function onPointerDown(event) {
    pressed = event.pointerType === "mouse" && event.button === 0;
  }

  /** A drag that began in the text may end anywhere. */
  function onPointerUp(event) {
    if (pressed) adopt(event);
    pressed = false;
  }

  /** A tap puts the cursor where it was. */
  function onClick({ pointerType, clientX, clientY }) {
    if (pointerType === "mouse" || !getSelection().isCollapsed) return;
    const place = placeAt(clientX, clientY);
    if (place !== null) set(place, place);
  }

  /** The place in the text at a point of the window, or null outside the text. */
  function placeAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const [node, unit] = caret
      ? [caret.offsetNode, caret.offset] : [range?.startContainer, range?.startOffset];
    return node ? text.placeOf(node, unit) : null;
  }

  /** Fingers move the handles of the browser's own selection, so it stays. */
  function onSelectionChange() {
    clearTimeout(touched);
    if (!matchMedia("(pointer: coarse)").matches || getSelection().isCollapsed) return;
    touched = setTimeout(() => adopt({ altKey: false, shiftKey: false, keepNative: true }), 250);
  }

  function onCopy(event) {
    const [start, end] = bounds();
    if (start === end || !getSelection().isCollapsed) return;
    event.clipboardData.setData("text/plain", text.slice(start, end));
    event.preventDefault();
  }

  text.root.addEventListener("pointerdown", onPointerDown);
  text.root.addEventListener("click", onClick);
  document.addEventListener("pointerup", onPointerUp);
  text.root.addEventListener("copy", onCopy);
  document.addEventListener("selectionchange", onSelectionChange);
  addEventListener("resize", draw);
  new ResizeObserver(draw).observe(text.root);

  return {
    set,
    move,
    stretch,
    around,
    collapse,
    draw,
    toSight,
    uncover: () => reveal(0, 1),
    box,
    bounds,
    placeAt,
    column: () => text.root.getBoundingClientRect(),
    place: () => focus,
    isEmpty: () => anchor === focus,
  };
}
