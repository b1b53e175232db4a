/**
 * Find in the text: a bar below the tools. Every hit is lit, the one at hand is the selection, so
 * that it can be marked at once. Esc goes back to where one was.
 */

import { button, el } from "./dom.js";
import { folded, hitsIn, nearest, wanted } from "./found.js";
import { makeLayer } from "./highlights.js";

const LIT = 200; // hits lit before and after the one at hand: a text may have a hundred thousand
const LONGEST = 60; // code points of a selection that is taken as what is looked for

/** The bar { commands, changed }. */
export function makeFind({ root, text, painter, selection, focus, data }) {
  const layer = makeLayer("workbench-found");
  const atHand = makeLayer("workbench-found-here", 1);
  const input = el("input", {
    type: "search", "aria-label": "Find in the text", placeholder: "Find in the text",
    autocomplete: "off", spellcheck: "false", on: { input: () => search() },
  });
  const whole = el("input", { type: "checkbox", on: { change: () => search() } });
  const count = el("output", { class: "wb-find-count", "aria-live": "polite" });
  const bar = el(
    "search", { class: "wb-find", hidden: true, on: { keydown: onKey } },
    input, count,
    button("‹", () => go(-1), { class: "icon", "aria-label": "Previous hit", title: "Previous (Shift + Enter)" }),
    button("›", () => go(1), { class: "icon", "aria-label": "Next hit", title: "Next (Enter)" }),
    el("label", {}, whole, " Whole words"),
    button("To the hit", stay, { key: "Ctrl ⏎", class: "link" }),
    button("Back", back, { key: "Esc", class: "link" }),
  );
  root.querySelector(".wb-tools").append(bar);
  let hits = [];
  let current = 0;
  let from = null; // where one was

  function open() {
    if (bar.hidden) {
      from = { bounds: selection.bounds(), ...sight() };
      bar.hidden = false;
      const [start, end] = from.bounds;
      if (end > start && end - start <= LONGEST) input.value = text.slice(start, end);
    }
    input.focus({ preventScroll: true });
    input.select();
    search();
  }

  /** Look again; the hit at hand is the first from where one was. */
  function search() {
    const words = wanted(input.value);
    const options = { whole: whole.checked, locale: data.language };
    hits = words ? text.passages.flatMap((passage) => hitsOf(passage, words, options)) : [];
    current = nearest(hits, from.bounds[0]);
    if (hits.length) show();
    else {
      darken();
      count.textContent = words ? "No hits" : "";
      selection.set(...from.bounds, { asIs: true });
    }
  }

  function hitsOf(passage, words, options) {
    passage.folded ??= folded(passage.text);
    return hitsIn(passage.text, passage.folded, words, options)
      .map(([start, end]) => [start + passage.start, end + passage.start]);
  }

  function go(step) {
    if (!hits.length) return;
    current = (current + step + hits.length) % hits.length;
    show();
  }

  function show() {
    count.textContent = `${current + 1} of ${hits.length}`;
    light();
    selection.set(...hits[current], { byKey: true, asIs: true });
  }

  function light() {
    const near = hits.slice(Math.max(0, current - LIT), current + LIT);
    layer.show(near.flatMap(([start, end]) => text.rangesOf(start, end)));
    atHand.show(hits.length ? text.rangesOf(...hits[current]) : []);
  }

  function darken() {
    layer.show([]);
    atHand.show([]);
  }

  /** What the person saw: the first passage of the window and where it stood. */
  function sight() {
    const element = text.passages[painter.inSight()[0]]?.element ?? text.root;
    return { element, top: element.getBoundingClientRect().top };
  }

  function back() {
    const { bounds, element, top } = from;
    const scroller = root.closest(".bs-column") ?? window;
    const restore = () => scroller.scrollBy({ top: element.getBoundingClientRect().top - top });
    close();
    selection.set(...bounds, { asIs: true });
    restore();
    requestAnimationFrame(restore); // passages laid out only now may have pushed it away
  }

  /** On to marking: the hit stays selected, and keys go to the text. */
  function stay() {
    if (hits.length) close();
  }

  function close() {
    bar.hidden = true;
    darken();
    focus.text();
  }

  function onKey(event) {
    const isEnter = event.key === "Enter" && event.target === input;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "f") event.stopPropagation(); // the browser's own
    else if (event.key === "Escape") run(event, back);
    else if (isEnter && control) run(event, stay);
    else if (isEnter) run(event, () => go(event.shiftKey ? -1 : 1));
  }

  return { commands: { find: open }, changed: () => bar.hidden || light() };
}

function run(event, act) {
  event.preventDefault();
  event.stopPropagation();
  act();
}
