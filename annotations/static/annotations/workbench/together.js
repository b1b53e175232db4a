/**
 * Columns scrolled together by what they share, not by the line: whichever one the person scrolls
 * leads, and once it rests the others bring what belongs to its reading line to the same height.
 */

import { countOf, inPlace, nextShared, onlyOf, partners, sharedKeys } from "./aligned.js";
import { button, el, fill } from "./dom.js";
import { makeLayer } from "./highlights.js";
import { hint } from "./keys.js";

const KINDS = [["tag", "shared tags"], ["actor", "shared actors"], ["date", "shared days"], ["", "not together"]];
const NOUNS = { tag: "tag", actor: "actor", date: "day" };
const STORED = "crossread side by side";
const REST = 90; // milliseconds without scrolling until the others follow
const READING = 0.3; // of a column's height: where the eye is
const NEAR = 4; // CSS pixels that are not worth a movement

/**
 * The togetherness { step, moved, stale } of columns { section, name, desk }. `leading()` is the
 * active one's number; `stale` is called when marks have changed.
 */
export function makeTogether({ root, columns, leading }) {
  const layer = makeLayer("workbench-shared");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let kind = kept();
  let only = ""; // the key gone through alone
  let found = null; // each column's anchors; read again after a change
  let driver = -1; // the column that the person moves; others only follow
  let resting = 0;
  let drawing = 0;
  let at = false; // whether anything shared is at hand

  const kinds = select("Scroll together by", (value) => {
    [kind, only, at] = [value, "", false];
    keep(kind);
    stale();
    follow(leading());
  });
  const keys = select("Go through", (value) => {
    only = value;
    if (only) step(1, -1);
    else follow(leading());
  });
  const hand = el("p", { class: "bs-hand" });
  const heads = columns.map(({ section, name }) => {
    const here = el("span");
    section.querySelector(".wb-tools").prepend(el("p", { class: "bs-name" }, el("b", {}, el("bdi", { text: name })), here));
    return here;
  });
  const steps = el(
    "div", { class: "bs-steps" },
    arrow("‹", "Previous shared", "previous-shared", () => step(-1)),
    arrow("›", "Next shared", "next-shared", () => step(1)),
  );
  fill(kinds.choice, KINDS.map(([value, text]) => el("option", { value, text })));
  kinds.choice.value = kind;
  fill(root, kinds.label, keys.label, steps, hand);

  for (const { section, nth } of columns) {
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      section.addEventListener(type, () => { driver = nth; }, { capture: true, passive: true });
    }
    section.addEventListener("scroll", () => {
      if (nth !== driver || !kind) return;
      clearTimeout(resting);
      resting = setTimeout(() => follow(nth), REST);
    }, { passive: true });
  }

  /** Marks have changed: what is shared is read again when there is time, once for all changes. */
  function stale() {
    found = null;
    drawing ||= whenIdle(() => { drawing = 0; draw(); }, { timeout: 500 });
  }

  function anchors() {
    found ??= columns.map(({ desk }) => inPlace(READERS[kind]?.(desk) ?? []));
    return found;
  }

  function draw() {
    const shared = sharedKeys(anchors());
    if (!shared.some(({ key }) => key === only)) only = "";
    const all = shared.length ? `everything shared (${shared.length})` : "nothing shared yet";
    fill(
      keys.choice, el("option", { value: "", text: all }),
      shared.map(({ key, counts }) => el("option", { value: key, text: `${wordsOf(key)}: ${counts.join(" · ")}` })),
    );
    keys.choice.value = only;
    keys.label.hidden = steps.hidden = hand.hidden = !kind;
    if (kind && at) return; // what is at hand stays
    const hint = shared.length ? "Scroll an article: the others come along." : `These articles share no ${NOUNS[kind]} yet.`;
    tell([], kind ? hint : "");
  }

  /** Bring what belongs to the leading column's reading line to its height in the others. */
  function follow(nth, place = readingPlace(columns[nth])) {
    if (!kind) return [];
    const seen = partners(onlyOf(anchors(), only), nth, place)
      .map((pair) => (pair && isInSight(columns[nth], pair.from.place) ? pair : null));
    for (const [other, pair] of seen.entries()) {
      if (pair) bring(columns[other], pair.to.place, heightOf(columns[nth], pair.from.place));
    }
    tell(seen, seen.some(Boolean) ? "" : `Nothing shared in sight in ${columns[nth].name}.`, nth);
    return seen;
  }

  /** To the next (1) or previous (-1) shared thing of the active column, from its cursor. */
  function step(way, from) {
    const nth = leading();
    const { desk } = columns[nth];
    const own = onlyOf(anchors(), only);
    const next = nextShared(own, nth, from ?? cursor(columns[nth]), way);
    if (!kind) return desk.said("The columns are not scrolled together.");
    if (!next) return desk.said(noneLeft(way, nth));
    driver = nth;
    desk.selection.set(next.place, next.place, { byKey: true });
    clearTimeout(resting);
    const seen = follow(nth, next.place);
    return desk.spoken(described(nth, next, seen));
  }

  function noneLeft(way, nth) {
    const what = only ? wordsOf(only) : `shared ${NOUNS[kind]}`;
    return `No ${what} ${way > 0 ? "after" : "before"} this place in ${columns[nth].name}.`;
  }

  /** The cursor was moved by a key: what it stands at leads. */
  function moved(nth) {
    driver = nth;
    clearTimeout(resting);
    resting = setTimeout(() => follow(nth, cursor(columns[nth])), REST);
  }

  function tell(seen, words, nth) {
    hand.textContent = words;
    at = seen.some(Boolean);
    const near = nearest(seen);
    for (const [other, here] of heads.entries()) {
      here.textContent = near ? counted(other, other === nth ? near : seen[other]?.to ?? near) : "";
    }
    layer.show(seen.flatMap((pair, other) => (pair ? [
      ...columns[nth].desk.text.rangesOf(pair.from.place, pair.from.end),
      ...columns[other].desk.text.rangesOf(pair.to.place, pair.to.end),
    ] : [])));
  }

  /** The anchor of the leading column that is told: the first that is shown. */
  function nearest(seen) {
    return seen.find(Boolean)?.from ?? null;
  }

  /** “Sanctions 2 of 3”, or how many a column has that stays where it is. */
  function counted(nth, anchor) {
    const own = anchors()[nth];
    const [number, total] = countOf(own, anchor);
    if (!total) return `no ${wordsOf(anchor.key)}`;
    const which = number ? `${number} of ${total}` : `(${total})`;
    return `${wordsOf(anchor.key)} ${which}`;
  }

  /** “Courier: Sanctions 2 of 3. Evening Post: Sanctions 1 of 1.” */
  function described(nth, anchor, seen) {
    return columns.map(({ name }, other) => (
      `${name}: ${counted(other, other === nth ? anchor : seen[other]?.to ?? anchor)}.`)).join(" ");
  }

  function wordsOf(key) {
    if (kind === "date") return longDay(key);
    const names = columns.map(({ desk: { codebook } }) => (
      kind === "tag" ? codebook.tag(key)?.label : codebook.actor(key)?.name));
    return names.find(Boolean) ?? "unknown";
  }

  function bring({ section, desk }, place, height) {
    const top = heightOf({ section, desk }, place) - height;
    if (Math.abs(top) >= NEAR) section.scrollBy({ top, behavior: calm.matches ? "instant" : "smooth" });
  }

  return { step, moved, stale };
}

/** Where something shared stands in a desk: its tags, its actors, the days that its text names. */
const READERS = {
  tag: ({ view }) => view.inOrder().flatMap(({ content: { codings, spans: [span] } }) => (
    codings.map(({ tag }) => ({ key: tag, place: span.start, end: span.end })))),
  actor: ({ view }) => view.inOrder().flatMap(({ content: { participants, spans: [span] } }) => (
    participants.filter(({ actor }) => actor)
      .map(({ actor }) => ({ key: actor, place: span.start, end: span.end })))),
  date: ({ data, text }) => data.dates.map(([place, key]) => (
    { key, place, end: text.snap(place, place + 1)?.[1] ?? place + 1 })),
};

/** Safari has no idle callbacks. */
const whenIdle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 200));

/** A place's height below the top of its column. */
function heightOf({ section, desk }, place) {
  const [range] = desk.text.rangesOf(place, place + 1);
  return range.getBoundingClientRect().top - section.getBoundingClientRect().top;
}

function isInSight(column, place) {
  const height = heightOf(column, place);
  return height >= 0 && height <= column.section.clientHeight;
}

/** The cursor's place if it is seen, else where the eye is. */
function cursor(column) {
  const place = column.desk.selection.place();
  return isInSight(column, place) ? place : readingPlace(column);
}

/** The place on the line at which a column is read. */
function readingPlace({ section, desk: { text } }) {
  const box = section.getBoundingClientRect();
  const line = box.top + box.height * READING;
  let [low, high] = [0, text.passages.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (text.passages[middle].element.getBoundingClientRect().bottom < line) low = middle + 1;
    else high = middle;
  }
  const { element, start, end } = text.passages[low];
  const { top, height } = element.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (line - top) / (height || 1)));
  return start + Math.floor(share * (end - start));
}

function longDay(day) {
  return new Date(`${day}T12:00`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

function select(words, chosen) {
  const choice = el("select", { on: { change: ({ target }) => chosen(target.value) } });
  return { choice, label: el("label", {}, el("span", { text: words }), choice) };
}

/** A button of one sign, with its words and the key that does the same. */
function arrow(sign, words, name, run) {
  return button(sign, run, {
    class: "button quiet small", "aria-label": words, title: [words, hint(name)].filter(Boolean).join(", "),
  });
}

function kept() {
  try {
    return localStorage.getItem(STORED) ?? "tag";
  } catch {
    return "tag"; // a browser may keep nothing
  }
}

function keep(kind) {
  try {
    localStorage.setItem(STORED, kind);
  } catch {
    // It is asked for anew on the next page.
  }
}
