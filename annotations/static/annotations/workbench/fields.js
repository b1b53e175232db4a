/** The fields of which the form of an annotation is made. Each is { node, update(content) }. */

import {
  addPart, ATTRIBUTIONS, CERTAINTIES, dropPart, partsOf, SINGLE_ROLES,
} from "./content.js";
import { makeChoice } from "./choice.js";
import { makeCombobox } from "./combobox.js";
import { button, el, fill } from "./dom.js";

const TYPING = 250; // milliseconds after which what is typed is kept, while it is typed

/** Who takes part in a role: those chosen, a field to choose more, and the stand-ins. */
export function peopleField({ role, title, hint, standIns, codebook, labels, change, escape }) {
  const chosen = el("ul", { class: "wb-chosen" });
  const combobox = makeCombobox({
    label: title,
    placeholder: hint,
    find: codebook.findActors,
    ask: codebook.askActors,
    show: actorOption,
    pick: (actor) => change((content) => addPart(content, role, { actor: actor.id })),
    escape,
  });
  const node = el(
    "div", { class: "wb-field wb-people", role: "group", "aria-label": title, data: { field: role } },
    el("span", { class: "wb-field-title", text: title }), chosen, combobox.node,
    el("div", { class: "wb-stand-ins" }, standIns.map(standInButton)),
  );

  function standInButton([standIn, words, key]) {
    const give = () => change((content) => addPart(content, role, { stands_for: standIn }));
    return button(words, give, { key, class: "link" });
  }

  function update(content) {
    const parts = partsOf(content, role);
    fill(chosen, parts.map((part) => el(
      "li", {}, el("span", { text: labels.name(part) }),
      button("×", () => {
        combobox.focus();
        change((now) => dropPart(now, role, part));
      }, { class: "icon", "aria-label": `Take out ${labels.name(part)}` }),
    )));
    combobox.node.hidden = SINGLE_ROLES.has(role) && parts.length > 0;
  }

  return { node, update, focus: combobox.focus };
}

/** An actor in a list: name, kind and other names. */
export function actorOption(actor) {
  const others = [...actor.aliases, ...actor.metonyms].join(", ");
  return [
    el("span", { text: actor.name }), el("span", { class: "kind", text: actor.kind }),
    others ? el("span", { class: "others", text: others }) : null,
  ].filter(Boolean);
}

/** Whose voice it is: the article's own, quoted or reported. */
export function attributionField({ change }) {
  const choice = makeChoice({
    name: "Attribution", options: ATTRIBUTIONS.filter(([value]) => value),
    take: (value) => change((content) => (
      { ...content, attribution: content.attribution === value ? "" : value }
    )),
  });
  const title = el("span", { class: "wb-field-title", text: "Attribution" });
  const node = el("div", { class: "wb-field wb-attribution" }, title, choice.node);
  return { node, update: ({ attribution }) => choice.update(attribution), focus: choice.focus };
}

/** How sure the person is of it, and whether she asks a curator to look. */
export function certaintyField({ change, act }) {
  const choice = makeChoice({
    name: "Certainty", options: CERTAINTIES.filter(([value]) => value),
    take: (value) => change((content) => (
      { ...content, certainty: content.certainty === value ? "" : value }
    )),
  });
  const flag = button(
    "Curator, look here", () => act({ command: "flag" }), { key: "$", class: "wb-flag" },
  );
  const key = el("kbd", { text: "%", data: { key: "%" }, "aria-hidden": "true" });
  const node = el(
    "div", { class: "wb-field wb-certainty" },
    el("span", { class: "wb-field-title" }, "Certainty ", key), choice.node, flag,
  );
  return {
    node,
    update: ({ certainty, flagged }) => {
      choice.update(certainty);
      flag.setAttribute("aria-pressed", String(flagged));
    },
    focus: choice.focus,
  };
}

/** The note; kept while it is typed. */
export function noteField({ change }) {
  const area = el("textarea", { rows: 2, "aria-label": "Note" });
  const title = el("span", { class: "wb-field-title", text: "Note" });
  const node = el("div", { class: "wb-field" }, title, area);
  let timer = 0;

  function keep() {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    change((content) => ({ ...content, note: area.value }), { typed: true });
  }

  area.addEventListener("input", () => { timer ||= setTimeout(keep, TYPING); });
  area.addEventListener("blur", keep);
  return {
    node,
    keep,
    update: ({ note }) => { if (!timer && area.value !== note) area.value = note; },
    focus: () => area.focus(),
  };
}
