/**
 * What other articles have in common with this one: a note at each passage, in the margin where
 * there is room and below the passage otherwise, with the difference word for word. Passages are
 * never touched: notes stand between them, and quotations are underlined by a highlight.
 */

import { button, el, fill } from "./dom.js";
import { makeLayer } from "./highlights.js";
import { addressOf, label, unpackRetold } from "./retold.js";

const HIGHLIGHT = "workbench-cut-quotation";
const WITH_MARGIN = "screen and (min-width: 84rem)";

/** The notes { next(place) } over a text; `moved()` is called when they have moved its lines. */
export function makeSaidTwice({ retold, text, moved }) {
  const stretches = unpackRetold(retold);
  const byNumber = new Map(text.passages.map((passage) => [passage.number, passage]));
  const notes = new Map(); // passage → its note
  const wide = matchMedia(text.root.closest(".bs-column") ? "not all" : WITH_MARGIN);
  const layer = makeLayer(HIGHLIGHT);

  for (const [number, rows] of grouped(stretches)) {
    const passage = byNumber.get(number);
    if (passage) notes.set(passage, makeNote(passage, rows));
  }
  if (notes.size) {
    for (const around of [text.root.closest(".workbench"), document.body]) around.classList.add("has-retold");
    place();
    wide.addEventListener("change", place);
    underline();
    new MutationObserver(underline).observe(text.root, { childList: true, subtree: true });
  }

  function makeNote(passage, rows) {
    const words = el("div", {
      class: "wb-retold-words", id: `${passage.element.id.replace("passage", "retold")}`, hidden: true, lang: "en",
    });
    const differing = rows.filter(({ changes }) => changes.length);
    const toggle = differing.length ? button("Show the difference", () => open(), {
      class: "link", "aria-expanded": "false", "aria-controls": words.id,
    }) : null;
    const hidden = rows[0].places - rows.length;
    const note = el(
      "div",
      {
        class: "wb-retold", role: "note", lang: "en", data: { retold: passage.number },
        "aria-label": `Passage ${passage.number} stands elsewhere too`,
      },
      el("ul", {}, rows.map(line)),
      hidden > 0 ? el("p", { class: "others", text: `and ${hidden} more places` }) : null,
      toggle,
    );
    for (const part of [note, words]) keepToItself(part);

    function open() {
      const show = words.hidden;
      if (show && !words.childElementCount) fill(words, differing.map(difference));
      words.hidden = !show;
      toggle.setAttribute("aria-expanded", String(show));
      toggle.textContent = show ? "Hide the difference" : "Show the difference";
      moved();
    }
    return { note, words };
  }

  function place() {
    for (const [{ element }, { note, words }] of notes) {
      if (wide.matches) {
        element.before(note);
        element.after(words);
      } else element.after(note, words);
    }
    moved();
  }

  /** A dotted line below each quotation that reads otherwise in another article. */
  function underline() {
    const ranges = stretches.filter(({ isQuotation, changes }) => isQuotation && changes.length)
      .flatMap(({ start, end }) => text.rangesOf(start, end));
    layer.show(ranges);
  }

  /** The next passage with a note after this place, the first one again after the last. */
  function next(at) {
    const all = [...notes.keys()];
    const passage = all.find(({ start }) => start > at) ?? all[0];
    if (!passage) return null;
    const { note } = notes.get(passage);
    const lines = [...note.querySelectorAll("li")].map((one) => one.textContent).join(". ");
    return { place: passage.start, told: lines, control: note.querySelector("button") ?? note.querySelector("a") };
  }

  return { next };
}

function line(row) {
  const { before, after } = label(row);
  return el(
    "li", { class: row.isQuotation && row.changes.length ? "cut" : null },
    before, " ",
    el("a", { href: addressOf(row) }, el("cite", {}, el("bdi", { text: row.title }))),
    row.outlet ? [" (", el("bdi", { text: row.outlet }), ")"] : "",
    after,
  );
}

/** One article's words and this one's, side by side in one line of text. */
function difference(row) {
  const [there, here] = row.isEarlier ? [0, 1] : [1, 0];
  return el(
    "section", {},
    el("p", { class: "with" }, "Compared with ", el("cite", {}, el("bdi", { text: row.title }))),
    el("p", { class: "words", dir: "auto" }, row.changes.flatMap((change) => (
      typeof change === "string" ? [change, " "] : [
        change[there] && el("del", {}, el("span", { class: "unseen", text: "only there: " }), change[there]),
        change[there] && " ",
        change[here] && el("ins", {}, el("span", { class: "unseen", text: "only here: " }), change[here]),
        change[here] && " ",
      ].filter(Boolean)
    ))),
    el(
      "p", { class: "key" }, el("del", { text: "only there" }), " ", el("ins", { text: "only here" }),
    ),
  );
}

function grouped(stretches) {
  const groups = new Map();
  for (const row of stretches) {
    if (!groups.has(row.passage)) groups.set(row.passage, []);
    groups.get(row.passage).push(row);
  }
  return [...groups].sort(([one], [other]) => one - other);
}

/** A press in a note moves no cursor and selects nothing in the text. */
function keepToItself(element) {
  for (const type of ["pointerdown", "click", "mousedown"]) {
    element.addEventListener(type, (event) => event.stopPropagation());
  }
}
