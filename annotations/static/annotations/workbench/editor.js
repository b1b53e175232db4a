/** The form in which one annotation is read and changed. */

import { missing } from "./content.js";
import { button, el, fill } from "./dom.js";
import { attributionField, facetField, noteField, peopleField } from "./fields.js";

/**
 * The form of the annotation with this id: { id, node, update(annotation), keep, focusFirst,
 * focusField(name) }. `change(fill)` gets a function from content to content.
 */
export function makeEditor({ annotation, codebook, labels, text, act, change }) {
  const { id, origin, content: { kind } } = annotation;
  const from = labels.origin(origin);
  const escape = () => act({ command: "back" });
  const shared = { id, codebook, labels, change, escape };
  const fields = kind === "mention" ? mentionFields(shared) : claimFields(shared);
  const note = noteField(shared);
  const quotes = el("ol", { class: "wb-stretches" });
  const lacking = el("p", { class: "wb-lacking" });
  const refused = el("div", { class: "errors", role: "alert", hidden: true });
  const node = el(
    "section", { class: `wb-editor ${kind}`, "aria-label": `The open ${kind}` },
    el(
      "header", {}, el("h2", { text: kind === "claim" ? "Claim" : "Mention" }), lacking,
      button("Close", () => act({ command: "close" }), { key: "Esc", class: "link" }),
    ),
    refused, quotes, from ? el("p", { class: "by", text: `${from}.` }) : null,
    [...fields.values()].map((field) => field.node), note.node,
    el("footer", {}, button(
      "Remove", () => act({ command: "remove" }), { key: "Del", class: "button danger small" },
    )),
  );

  function update({ content, trouble }) {
    const lacks = missing(content, codebook);
    fill(lacking, lacks.length ? `asks for ${lacks.join(", ")}` : "complete");
    lacking.classList.toggle("is-lacking", lacks.length > 0);
    fill(quotes, content.spans.map((span, nth) => stretch(span, nth, content.spans.length)));
    for (const field of fields.values()) field.update(content);
    note.update(content);
    refused.hidden = trouble?.state !== "refused";
    if (!refused.hidden) tellRefusal(trouble);
  }

  function stretch(span, nth, total) {
    const icon = (sign, command, words) => button(
      sign, () => act({ ...command, nth }), { class: "icon", "aria-label": words },
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

  /** Into the first field that is asked for and not answered, or the first of all. */
  function focusFirst(content) {
    const all = [...fields.values()];
    const open = all.find((field) => field.isAnswered && !field.isAnswered(content));
    (open ?? all[0]).focus();
  }

  update(annotation);
  return {
    id, node, update, keep: note.keep, focusFirst, focusField: (name) => fields.get(name)?.focus(),
  };
}

function mentionFields(shared) {
  const named = { role: "named", title: "Named", hint: "who the words name", standIns: [] };
  const meant = { role: "meant", title: "Meant", hint: "who is meant, if another", standIns: [] };
  return new Map([named, meant].map((field) => [field.role, peopleField({ ...field, ...shared })]));
}

function claimFields(shared) {
  const author = ["author", "the author"];
  const people = (role, title, hint, standIns) => [
    role, peopleField({ role, title, hint, standIns, ...shared }),
  ];
  return new Map([
    people("claimant", "Claimant", "who claims it", [[...author, "@"]]),
    people("target", "Target", "about whom", []),
    ...shared.codebook.facets.map((facet) => [facet.id, facetField({ facet, ...shared })]),
    ["attribution", attributionField(shared)],
    people("voice", "Voice chain", "who tells it, first to last", [["outlet", "the outlet"], author]),
  ]);
}
