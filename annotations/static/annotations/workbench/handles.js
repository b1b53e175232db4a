/**
 * Handles at both ends of every stretch of the open annotation, to be dragged by mouse, pen or
 * finger: whole words, or single characters while Alt is held. Keys do the same.
 */

import { moveStretch, same } from "./content.js";
import { unitAt } from "./cursor.js";
import { el } from "./dom.js";

const MARGIN = 70; // CSS pixels from the window's ends, within which dragging scrolls
const SCROLLED = 18;

/** The handles over the text of a desk. */
export function makeHandles(desk) {
  const { page, text, state, view, painter, selection, said } = desk;
  const layer = page.appendChild(el("div", { class: "wb-handles", "aria-hidden": "true" }));
  let drag = null; // { id, nth, side, dx, dy, preview, content }
  let due = 0;

  /** The open annotation, if it can be changed as it is. */
  function changeable() {
    const open = view.open ? state.get(view.open) : undefined;
    const isOpen = open?.mine && open.content && open.content.kind !== "rejection";
    return isOpen && open.trouble?.state !== "conflict" ? open : null;
  }

  /** Once the mark is painted: measuring before would make the person wait for it. */
  function later() {
    due ||= requestAnimationFrame(draw);
  }

  function draw() {
    due = 0;
    if (!drag) show(changeable()?.content.spans ?? []);
  }

  function show(spans) {
    const origin = page.getBoundingClientRect();
    const wanted = spans.flatMap((span, nth) => ["start", "end"].map((side) => ({ span, nth, side })));
    while (layer.children.length > wanted.length) layer.lastChild.remove();
    while (layer.children.length < wanted.length) layer.append(el("span", { class: "wb-handle" }));
    wanted.forEach(({ span, nth, side }, which) => {
      const element = layer.children[which];
      const edge = edgeOf(span, side);
      element.hidden = !edge;
      if (!edge) return;
      Object.assign(element.dataset, { nth, side });
      element.classList.toggle("turned", edge.isTurned);
      element.style.height = `${edge.height}px`;
      element.style.transform = `translate(${edge.x - origin.x}px, ${edge.y - origin.y}px)`;
    });
  }

  /** Where an end of a span stands on the screen. */
  function edgeOf({ start, end }, side) {
    const isStart = side === "start";
    const [range] = isStart ? text.rangesOf(start, start + 1) : text.rangesOf(end - 1, end).slice(-1);
    const rects = range.getClientRects();
    const rect = isStart ? rects[0] : rects[rects.length - 1];
    if (!rect) return null;
    const isTurned = text.isRightToLeft(text.nthOf(isStart ? start : end - 1));
    const x = isTurned === isStart ? rect.right : rect.left;
    return { x, y: rect.top, height: rect.height, isTurned };
  }

  function onDown(event) {
    const handle = event.target.closest(".wb-handle");
    const open = changeable();
    if (!handle || !open || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const { side } = handle.dataset;
    const nth = Number(handle.dataset.nth);
    const edge = edgeOf(open.content.spans[nth], side);
    drag = {
      id: open.id, nth, side, dx: event.clientX - edge.x, dy: event.clientY - edge.y - edge.height / 2,
      content: open.content, preview: open.content,
    };
    layer.classList.add("is-dragged");
    layer.setPointerCapture(event.pointerId);
    addEventListener("keydown", onKey, { capture: true });
  }

  function onMove(event) {
    if (!drag) return;
    scrollNear(event.clientY);
    const place = selection.placeAt(event.clientX - drag.dx, event.clientY - drag.dy);
    const next = place === null ? null : movedTo(place, event.altKey);
    const present = state.get(drag.id);
    if (!next || !present?.content || same(next, drag.preview)) return;
    drag.preview = next;
    painter.repaint(drag.id, { ...present, content: next });
    show(next.spans);
  }

  /** The content with the dragged end at a place; null if the stretch would be empty or clash. */
  function movedTo(place, exactly) {
    const { start, end } = drag.content.spans[drag.nth];
    const isStart = drag.side === "start";
    const to = exactly ? wholly(place) : place;
    const [from, until] = isStart ? [to, end] : [start, to];
    const found = from < until && (exactly ? [from, until] : text.snap(from, until));
    if (!found) return null;
    return moveStretch(drag.content, drag.nth, isStart ? [found[0], end] : [start, found[1]]);
  }

  /** The place, moved out of a character it would cut. */
  function wholly(place) {
    const [start, end] = unitAt(text, place, "grapheme");
    return place < end ? start : place;
  }

  function scrollNear(y) {
    if (y < MARGIN) scrollBy({ top: -SCROLLED });
    else if (y > innerHeight - MARGIN) scrollBy({ top: SCROLLED });
  }

  function onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    finish({ content: drag.content });
    said("The end is where it was.");
  }

  function onUp() {
    if (drag) finish({ content: drag.preview });
  }

  function finish({ content }) {
    const { id, nth } = drag;
    drag = null;
    layer.classList.remove("is-dragged");
    removeEventListener("keydown", onKey, { capture: true });
    const present = state.get(id);
    if (present?.content) desk.changes.set(id, content);
    painter.repaint(id, present?.content ? state.get(id) : undefined);
    draw();
    said(text.short([content.spans[nth]]));
  }

  layer.addEventListener("pointerdown", onDown);
  layer.addEventListener("mousedown", (event) => event.preventDefault());
  layer.addEventListener("pointermove", onMove);
  layer.addEventListener("pointerup", onUp);
  layer.addEventListener("pointercancel", () => drag && finish({ content: drag.content }));
  addEventListener("resize", later);
  return { refreshed: later };
}
