/** The form in which one annotation is read and changed. */

import { asked } from "./content.js";
import { button, el, fill } from "./dom.js";
import { facetField } from "./facet.js";
import { attributionField, certaintyField, noteField, peopleField } from "./fields.js";
import { voiceField } from "./voices.js";

/**
 * The form of the annotation with this id: { id, node, update(annotation), keep, focusFirst,
 * focusField(name) }. `change(fill)` gets a function from content to content; `slot` is an element
 * with what else belongs to the annotation.
 */
export function makeEditor({ annotation, codebook, labels, text, act, change, slot }) {
  const { id, origin, content: { kind } } = annotation;
  const from = labels.origin(origin);
  const escape = () => act({ command: "back" });
  const quick = (words, command, key) => button(words, () => act({ command }), { key, class: "link" });
  const shared = { id, codebook, labels, change, escape, act };
  const fields = kind === "mention" ? mentionFields(shared) : claimFields(shared);
  const quotes = el("ol", { class: "wb-stretches" });
  const lacking = el("p", { class: "wb-lacking" });
  const refused = el("div", { class: "errors", role: "alert", hidden: true });
  const node = el(
    "section", { class: `wb-editor ${kind}`, "aria-label": `The open ${kind}` },
    el(
      "header", {}, el("h2", { text: kind === "claim" ? "Claim" : "Mention" }),
      button("Close", () => act({ command: "close" }), { key: "Esc", class: "link" }),
    ),
    refused, quotes, from ? el("p", { class: "by", text: `${from}.` }) : null, lacking,
    el(
      "div", { class: "wb-quick" },
      kind === "claim" ? quick("Like the last one", "like-last", "&") : null,
      quick("Copy to the selection", "copy", "\\"),
    ),
    [...fields.values()].map((field) => field.node), slot,
    el("footer", {}, button(
      "Remove", () => act({ command: "remove" }), { key: "Del", class: "button danger small" },
    )),
  );
  let content = annotation.content;
  let drawn = null;
  node.addEventListener("keydown", onKey);

  function update({ content: now, trouble }) {
    content = now;
    refused.hidden = trouble?.state !== "refused";
    if (!refused.hidden) tellRefusal(trouble);
    if (drawn === content) return;
    drawn = content;
    tellAsked(asked(content, codebook));
    drawStretches(content.spans);
    for (const field of fields.values()) field.update(content);
  }

  /** What is missing stands first, and each word of it leads to its field. */
  function tellAsked(asks) {
    const hadFocus = lacking.contains(document.activeElement);
    fill(lacking, asks.length ? ["Asks for ", asks.map((ask) => (
      button(ask.words, () => goTo(ask), { class: "link" })
    ))].flat() : "Complete");
    lacking.classList.toggle("is-lacking", asks.length > 0);
    if (hadFocus) focusFirst();
  }

  function goTo({ field, tag }) {
    fields.get(field)?.focus(tag);
  }

  /** The stretches anew; a button that was pressed keeps the focus. */
  function drawStretches(spans) {
    const focused = [...quotes.querySelectorAll("button")].indexOf(document.activeElement);
    fill(quotes, spans.map((span, nth) => stretch(span, nth, spans.length)));
    if (focused >= 0) [...quotes.querySelectorAll("button")].at(focused)?.focus();
  }

  function stretch(span, nth, total) {
    const icon = (sign, command, words) => button(
      sign, () => act({ ...command, nth }), { class: "icon", title: words, "aria-label": words },
    );
    const nudge = (side, step, sign, words) => (
      icon(sign, { command: "nudge", side, step }, `${words} of stretch ${nth + 1}`)
    );
    return el(
      "li", {}, el("q", { dir: "auto", text: text.short([span], 220) }),
      el(
        "span", { class: "wb-nudges" },
        "start",
        nudge("start", -1, "←", "Earlier start"), nudge("start", 1, "→", "Later start"),
        el("span", { text: "end" }),
        nudge("end", -1, "←", "Earlier end"), nudge("end", 1, "→", "Later end"),
        total > 1 ? icon("×", { command: "drop-stretch" }, `Take stretch ${nth + 1} away`) : null,
      ),
    );
  }

  function tellRefusal({ messages }) {
    fill(
      refused, el("p", { text: "The server did not take this. It is kept here: change it, or give it up." }),
      messages.map((message) => el("p", {}, el("b", { text: message }))),
      button("Give it up", () => act({ command: "take-theirs", id }), { class: "button quiet small" }),
    );
  }

  /** Ctrl + Enter goes on to what is still asked for, and out once nothing is. */
  function onKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || slot.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    if (asked(content, codebook).length) focusFirst();
    else escape();
  }

  /** Into the first field that is asked for and not answered, or the first of all. */
  function focusFirst() {
    const [first] = asked(content, codebook);
    if (first) goTo(first);
    else fields.values().next().value.focus();
  }

  update(annotation);
  return {
    id, node, update, keep: fields.get("note").keep, focusFirst,
    focusField: (name) => fields.get(name)?.focus(),
  };
}

function mentionFields(shared) {
  const named = { role: "named", title: "Named", hint: "who the words name", standIns: [] };
  const meant = { role: "meant", title: "Meant", hint: "who is meant, if another", standIns: [] };
  return new Map([
    ...[named, meant].map((field) => [field.role, peopleField({ ...field, ...shared })]),
    ["certainty", certaintyField(shared)], ["note", noteField(shared)],
  ]);
}

function claimFields(shared) {
  const people = (role, title, hint, standIns) => [
    role, peopleField({ role, title, hint, standIns, ...shared }),
  ];
  return new Map([
    people("claimant", "Claimant", "who claims it", [["author", "the author", "@"]]),
    people("target", "Target", "about whom", []),
    ...shared.codebook.facets.map((facet) => [facet.id, facetField({ facet, ...shared })]),
    ["attribution", attributionField(shared)],
    ["voice", voiceField(shared)],
    ["certainty", certaintyField(shared)],
    ["note", noteField(shared)],
  ]);
}
