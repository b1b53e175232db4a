/**
 * A narrow strip beside the text: every mark in its tag's colour, one's own on the left half and
 * those of others on the right, with the window's place. A slider: press, drag or key to go there.
 */

import { el } from "./dom.js";

const LEAST = 2; // CSS pixels of the smallest mark
const READ_FROM = 96; // CSS pixels at the window's top in which nobody reads

const whenIdle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 50));

/** The strip { changed, refreshed, ready }. */
export function makeMinimap({ part, text, labels, view, painter, data, isAlone }) {
  const last = text.passages.at(-1);
  if (!isAlone || !last) return {};
  const length = Math.max(last.end, 1);
  const canvas = el("canvas", { "aria-hidden": "true" });
  const frame = el("div", { class: "wb-minimap-window" });
  const strip = el("div", {
    class: "wb-minimap", role: "slider", tabindex: "0", "aria-label": "Place in the article",
    "aria-orientation": "vertical", "aria-valuemin": "1", "aria-valuemax": String(text.passages.length),
    "aria-valuenow": "1",
    title: "The marks of the whole article: yours on the left, those of others on the right",
    on: { keydown: onKey, pointerdown: onPress },
  }, canvas, frame);
  part("panel").before(strip);
  let drawn = null; // the marks that were drawn last
  let awaited = false;
  let framed = 0;
  let chosen = -1; // the passage that a key went to
  const isRead = (nth) => text.passages[nth].element.getBoundingClientRect().bottom > READ_FROM;

  addEventListener("scroll", placeFrame, { passive: true });
  new ResizeObserver(() => { drawn = null; drawLater(); }).observe(strip);
  new MutationObserver(() => { drawn = null; drawLater(); })
    .observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawn = null; drawLater(); });

  /** Draw once the browser rests, if there is something else to be drawn. */
  function drawLater() {
    if (awaited) return;
    awaited = true;
    whenIdle(() => {
      awaited = false;
      if (drawn !== view.inOrder() && strip.offsetHeight) draw();
    }, { timeout: 1000 });
  }

  function draw() {
    const [width, height] = [strip.clientWidth, strip.clientHeight];
    const marks = view.inOrder();
    const ratio = devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const ink = canvas.getContext("2d");
    ink.scale(ratio, ratio);
    const shade = shades();
    ink.fillStyle = shade("var(--rule)");
    for (const { element, start } of text.passages) {
      if (element.matches("h1, h2")) ink.fillRect(0, start / length * height, width, 1);
    }
    for (const { content, author, layer } of marks) {
      ink.fillStyle = shade(labels.look(content).colour);
      const isOwn = author === data.me && layer === "analyst";
      const [left, wide] = isOwn ? [1, width / 2 - 2] : [width / 2 + 1, width / 2 - 3];
      for (const { start, end } of content.spans) {
        const top = start / length * height;
        ink.fillRect(left, top, wide, Math.max(LEAST, end / length * height - top));
      }
    }
    drawn = marks;
    placeFrame();
  }

  /** Colours as they are now, by day or at night: a canvas knows no variables. */
  function shades() {
    const known = new Map();
    return (colour) => {
      if (!known.has(colour)) {
        frame.style.color = colour;
        known.set(colour, getComputedStyle(frame).color);
        frame.style.color = "";
      }
      return known.get(colour);
    };
  }

  function placeFrame() {
    framed ||= requestAnimationFrame(() => {
      framed = 0;
      const seen = painter.inSight();
      if (!seen.length || !strip.offsetHeight) return;
      const top = placeAt(seen[0], 0);
      const bottom = placeAt(seen.at(-1), innerHeight);
      frame.style.top = `${top / length * 100}%`;
      frame.style.height = `${Math.max(0, bottom - top) / length * 100}%`;
      const nth = seen.includes(chosen) ? chosen : seen.find(isRead) ?? seen.at(-1);
      const { number } = text.passages[nth];
      strip.setAttribute("aria-valuenow", String(nth + 1));
      strip.setAttribute("aria-valuetext", `Passage ${number}, ${counted(painter.idsIn(nth).size)}`);
    });
  }

  /** The place, roughly, at a height of the window that a passage reaches over. */
  function placeAt(nth, y) {
    const { element, start, end } = text.passages[nth];
    const { top, height } = element.getBoundingClientRect();
    return start + (end - start) * Math.min(1, Math.max(0, (y - top) / height));
  }

  function goTo(place) {
    const [range] = text.rangesOf(place, Math.min(place + 1, last.end));
    scrollBy({ top: range.getBoundingClientRect().top - innerHeight * 0.3 });
  }

  function onPress(event) {
    const go = ({ clientY }) => {
      const { top, height } = strip.getBoundingClientRect();
      const place = Math.round((clientY - top) / height * length);
      goTo(Math.min(Math.max(place, 0), last.end - 1));
    };
    event.preventDefault();
    strip.setPointerCapture(event.pointerId);
    strip.addEventListener("pointermove", go);
    strip.addEventListener("lostpointercapture", () => strip.removeEventListener("pointermove", go), { once: true });
    go(event);
  }

  function onKey(event) {
    const nth = Number(strip.getAttribute("aria-valuenow")) - 1;
    const most = text.passages.length - 1;
    const tenth = Math.ceil(most / 10);
    const to = {
      ArrowDown: nth + 1, ArrowRight: nth + 1, ArrowUp: nth - 1, ArrowLeft: nth - 1,
      PageDown: nth + tenth, PageUp: nth - tenth, Home: 0, End: most,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    chosen = Math.min(Math.max(to, 0), most);
    scrollBy({ top: text.passages[chosen].element.getBoundingClientRect().top - READ_FROM });
    placeFrame();
  }

  return { changed: drawLater, refreshed: drawLater, ready: () => { drawLater(); placeFrame(); } };
}

function counted(marks) {
  if (!marks) return "no marks";
  return marks === 1 ? "one mark" : `${marks} marks`;
}
