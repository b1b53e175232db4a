/** What the tags at hand mean: definition and examples in a note that stays out of the way. */

import { el, fill } from "./dom.js";

/** The note of a desk, shown and put away by one command. */
export function makeDefinition(desk) {
  const { root, page, codebook, labels, state, view, painter, selection, said } = desk;
  const note = page.appendChild(el("section", {
    class: "wb-meaning", role: "note", "aria-label": "What the tags mean", hidden: true,
  }));
  let shown = "";

  /** The tags meant: at the focus, of what the mouse is over, of the open mark, at the cursor. */
  function atHand() {
    const focused = document.activeElement?.closest?.("[data-tag]");
    if (root.contains(focused)) return { tags: [codebook.tag(focused.dataset.tag)], beside: focused };
    const near = root.querySelector(".wb-text mark.is-near");
    const ids = near ? near.dataset.ids.split(" ") : [view.open, ...painter.idsAt(selection.place())];
    const open = root.querySelector(".wb-text mark.is-open");
    return { tags: [...new Set(ids.flatMap(tagsOf))], beside: near ?? open };
  }

  function tagsOf(id) {
    const { content } = (id && state.get(id)) || {};
    return (content?.codings ?? []).map(({ tag }) => codebook.tag(tag)).filter(Boolean);
  }

  function show() {
    const { tags, beside } = atHand();
    const wanted = tags.map(({ id }) => id).join(" ");
    if (!note.hidden && wanted === shown) return hide();
    if (!tags.length) {
      hide();
      return said("No tag is at hand: go to a mark that has one, or look it up in the palette.");
    }
    shown = wanted;
    fill(note, tags.map((tag) => meaning(tag, labels)));
    note.hidden = false;
    place((beside ?? root.querySelector(".wb-text")).getBoundingClientRect());
    return said(note.innerText);
  }

  /** Below what it explains, or above where there is no room; styles put it down on narrow screens. */
  function place({ left, top, bottom }) {
    const origin = page.getBoundingClientRect();
    const above = bottom + note.offsetHeight + 16 > innerHeight && top > note.offsetHeight + 72;
    const edge = above ? top - note.offsetHeight - 8 : bottom + 10;
    const most = origin.width - note.offsetWidth;
    note.style.left = `${Math.max(0, Math.min(left - origin.left, most))}px`;
    note.style.top = `${edge - origin.top}px`;
  }

  function hide() {
    note.hidden = true;
  }

  /** A step back puts the note away first. */
  function takes({ command }) {
    if (command !== "back" || note.hidden) return false;
    hide();
    return true;
  }

  root.addEventListener("pointerdown", ({ target }) => note.contains(target) || hide());
  return { commands: { definition: show }, takes, moved: hide };
}

/** A tag with its sign, the definition, and how it is used. */
export function meaning(tag, labels) {
  const { label, facet, definition, examples } = tag;
  return el(
    "div", { class: "wb-tag-meaning" },
    el("h3", {}, labels.sign(tag), el("span", { text: label }), el("span", { class: "kind", text: facet.name })),
    el("p", { dir: "auto", text: definition || "This tag has no definition yet." }),
    examples.length
      ? el("ul", { "aria-label": "Examples" }, examples.map((text) => el("li", { dir: "auto", text })))
      : null,
  );
}
