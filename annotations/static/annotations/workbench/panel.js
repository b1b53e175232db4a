/** The panel beside the text: the annotations of the passage at hand, one of them open. */

import { button, el, fill } from "./dom.js";
import { makeConflicts } from "./conflict.js";
import { makeEditor } from "./editor.js";
import { missing } from "./content.js";
import { linksOf } from "./links.js";

const HOW_TO_SELECT = matchMedia("(pointer: coarse)").matches
  ? "Hold a word to select it, then move the handles."
  : "Select words with the mouse, or with Shift and the arrow keys.";
const TITLES = { mention: "Mention", rejection: "Rejected suggestions" };
const TROUBLES = {
  conflict: "changed in two places: choose", refused: "not stored: look at it",
};

/**
 * The panel in `root`: { show, keep, focusFirst, focusField }. `show` takes what is to be seen:
 * { passage, annotations, open }, annotations in reading order. `slots(annotation)` are nodes of
 * other modules that stand in the open annotation; the same node again keeps what it holds.
 * `talk(annotation)` is what its card says of its thread, { words, asks }.
 */
export function makePanel({ root, state, text, codebook, labels, people, act, change, near, slots, talk }) {
  const names = new Map(); // of people, who may become more while the page is open
  const head = el("header", { class: "wb-panel-head" });
  const title = head.appendChild(el("h2"));
  const holder = el("div", { class: "wb-open" });
  const cards = el("ul", { class: "wb-cards" });
  const slot = el("div", { class: "wb-slots" });
  const made = new Map(); // the card of each annotation of the passage, as it was last drawn
  const conflict = makeConflicts({ state, text, labels, codebook, names, act });
  root.append(head, holder, cards);
  let choice = null; // of whose annotations are shown
  let editor = null;
  let read = null; // what somebody else made, as it was last drawn
  let isScrolled = false; // told by the browser: to ask would make it lay out the page at once

  cards.addEventListener("click", ({ target }) => {
    const card = target.closest("[data-id]");
    if (card) act({ command: "open", id: card.dataset.id });
  });
  cards.addEventListener("pointerover", ({ target }) => near(idsOf(target)));
  cards.addEventListener("pointerleave", () => near([]));
  root.addEventListener("scroll", () => { isScrolled = root.scrollTop > 0; }, { passive: true });
  cards.addEventListener("focusin", ({ target }) => near(idsOf(target)));

  function show({ passage, annotations, open, person }) {
    people.forEach(([name, shown]) => names.set(name, shown));
    drawHead(passage, annotations.length, person);
    drawOpen(open);
    drawSlot(open);
    drawCards(annotations, open);
    root.classList.toggle("has-open", Boolean(open));
  }

  function drawSlot(open) {
    const nodes = open ? slots(open) : [];
    const isSame = nodes.length === slot.children.length
      && nodes.every((node, nth) => slot.children[nth] === node);
    if (!isSame) fill(slot, nodes);
  }

  /** Only cards that say something else than before are made anew. */
  function drawCards(annotations, open) {
    const focused = cards.contains(document.activeElement) && document.activeElement.dataset.id;
    const before = new Map(made);
    made.clear();
    const nodes = annotations.map((annotation) => {
      const { content, waiting, trouble } = annotation;
      const isOpen = annotation.id === open?.id;
      const { words, asks } = talk(annotation);
      const said = [content, waiting, trouble, isOpen, words, asks];
      const known = before.get(annotation.id);
      const isSame = known?.said.every((one, nth) => one === said[nth]);
      const node = isSame ? known.node : card(annotation, isOpen);
      made.set(annotation.id, { said, node });
      return node;
    });
    if (!nodes.length && !open) nodes.push(emptiness());
    arrange(nodes);
    if (focused && !cards.contains(document.activeElement)) {
      cards.querySelector(`[data-id="${focused}"]`)?.focus();
    }
  }

  /** These cards in the list, and only those touched that were not there. */
  function arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...cards.children]) if (!wanted.has(child)) child.remove();
    let at = cards.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else cards.insertBefore(node, at);
    }
  }

  function drawHead(passage, count, person) {
    const words = count === 1 ? "1 annotation" : `${count || "no"} annotations`;
    title.replaceChildren(`Passage ${passage.number} `, el("span", { text: words }));
    if (people.length > 1 && choice?.options.length !== people.length + 1) {
      choice?.remove();
      choice = head.appendChild(choiceOf());
    }
    if (choice && choice.value !== person) choice.value = person;
  }

  function choiceOf() {
    const choose = ({ target }) => act({ command: "person", person: target.value });
    const options = [["", "Everybody"], ...people];
    return el(
      "select", { "aria-label": "Whose annotations", on: { change: choose } },
      options.map(([value, words]) => el("option", { value, text: words })),
    );
  }

  function drawOpen(open) {
    if (!open) {
      editor?.keep();
      editor = null;
      fill(holder);
    } else if (open.trouble?.state === "conflict") {
      const section = conflict(open);
      editor = null;
      if (section.parentNode === holder) return;
      fill(holder, section);
      toTop();
    } else if (!open.mine || !open.content || open.content.kind === "rejection") {
      editor = null;
      drawReading(open);
    } else if (editor?.id === open.id && holder.contains(editor.node)) {
      editor.update(open);
    } else {
      editor?.keep();
      editor = makeEditor({
        annotation: open, codebook, labels, text, act, slot,
        change: (fillIn, options) => {
          change(open.id, fillIn, options);
          showChanged(open.id);
        },
      });
      fill(holder, editor.node);
      toTop();
    }
  }

  function toTop() {
    if (isScrolled) root.scrollTop = 0;
  }

  /** At once, since the next key may already be about what was just chosen. */
  function showChanged(id) {
    const present = state.get(id);
    if (editor?.id === id && present?.content) editor.update(present);
  }

  function drawReading(open) {
    const said = [open.id, open.content, open.trouble];
    if (read?.node.isConnected && said.every((one, nth) => one === read.said[nth])) return;
    const typing = slot.contains(document.activeElement) ? document.activeElement : null;
    read = { said, node: reading(open) };
    fill(holder, read.node);
    typing?.focus({ preventScroll: true }); // what stands in the slot goes on as it was
  }

  /** An annotation that the person may read and not change. */
  function reading({ id, author, layer, origin, content, trouble }) {
    const rows = labels.rows(content, (spans) => text.short(spans, 300));
    rows.push(["origin", "Origin", labels.origin(origin)]);
    const said = rows.filter(([field, , words]) => words && field !== "links");
    const copy = () => act({ command: "copy" });
    const close = button("Close", () => act({ command: "close" }), { key: "Esc", class: "link" });
    const giveUp = () => act({ command: "take-theirs", id });
    return el(
      "section", { class: "wb-editor reading", "aria-label": "The open annotation" },
      el(
        "header", {}, el("h2", { text: TITLES[content?.kind] ?? "Claim" }),
        byLine(author, layer), close,
      ),
      el("dl", {}, said.flatMap(([, name, words]) => (
        [el("dt", { text: name }), el("dd", { dir: "auto", text: words })]
      ))),
      state.mayMark && content && content.kind !== "rejection"
        ? el("div", { class: "wb-quick" }, button("Copy to the selection", copy, { key: "\\", class: "link" }))
        : null,
      slot,
      trouble && !content ? el("p", { class: "trouble", text: wordsOf(trouble) }) : null,
      trouble ? button("Give up what was not stored", giveUp, { class: "button quiet small" }) : null,
    );
  }

  function byLine(author, layer) {
    if (layer === "gold") return el("span", { class: "by", text: "gold" });
    return author === state.me ? null : el("span", { class: "by", text: names.get(author) ?? author });
  }

  function card({ id, author, layer, origin, content, waiting, trouble }, isOpen) {
    const look = content ? labels.look(content) : { colour: "var(--bad)", pattern: "solid" };
    const element = el(
      "button", {
        type: "button", class: `wb-card ${look.pattern}`, data: { id },
        "aria-current": isOpen ? "true" : null,
      },
      content ? said(content, author, layer) : el("span", { text: "Removed here" }),
      origin === "suggestion" ? el("span", { class: "by", text: "was suggested" }) : null,
      trouble ? el("span", { class: "lacks trouble", text: TROUBLES[trouble.state] }) : null,
      waiting && !trouble ? el("span", { class: "unseen", text: "not saved yet" }) : null,
      talkOf(talk({ id })),
    );
    element.style.setProperty("--tint", look.colour);
    return el("li", {}, element);
  }

  function said(content, author, layer) {
    const lacks = author === state.me ? missing(content, codebook) : [];
    return [
      el("q", { dir: "auto", text: text.short(content.spans, 110) }),
      el("span", { class: "who" }, who(content), byLine(author, layer)),
      content.codings.length ? el("span", { class: "tags" }, content.codings.map(tagOf)) : null,
      aside(content),
      lacks.length ? el("span", { class: "lacks", text: `asks for ${lacks.join(", ")}` }) : null,
    ];
  }

  function talkOf({ words, asks }) {
    if (!words) return null;
    const line = asks ? `${words}, you are asked` : words;
    return el("span", { class: asks ? "talk asks" : "talk", text: line });
  }

  /** What else a card says, quietly: how sure, linked to how many, whether a curator is asked. */
  function aside(content) {
    const number = linksOf(content).length;
    const words = [
      labels.certainty(content), number ? `${number} ${number === 1 ? "link" : "links"}` : "",
      content.note ? "a note" : "",
    ].filter(Boolean).join(" · ");
    const flag = content.flagged ? el("span", { class: "flag" }, "Curator, look here") : null;
    return words || flag ? el("span", { class: "aside" }, words, flag) : null;
  }

  function tagOf({ tag: id, stance }) {
    const tag = codebook.tag(id);
    const words = stance ? `${tag.label} · ${stance}` : tag.label;
    return el("span", { class: "tag" }, labels.sign(tag), el("span", { text: words }));
  }

  function who(content) {
    if (content.kind === "mention") return labels.line(content);
    const [claimant, target] = [labels.names(content, "claimant"), labels.names(content, "target")];
    return claimant + (target ? ` → ${target}` : "");
  }

  function emptiness() {
    return el("li", { class: "none" }, state.mayMark
      ? `Nothing is marked in this passage yet. ${HOW_TO_SELECT}`
      : "Nothing is marked in this passage.");
  }

  return {
    show,
    keep: () => editor?.keep(),
    focusFirst: (content) => editor?.focusFirst(content),
    focusField: (name) => editor?.focusField(name),
  };
}

/** What could not be stored and is not to be seen in the text. */
function wordsOf({ quotes, messages }) {
  const quote = (quotes ?? []).filter(Boolean).join(" … ");
  return [quote && `“${quote}”`, ...(messages ?? [])].filter(Boolean).join(" – ");
}

function idsOf(target) {
  const card = target.closest?.("[data-id]");
  return card ? [card.dataset.id] : [];
}
