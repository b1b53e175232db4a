/** The fields of which the form of an annotation is made. Each is { node, update(content) }. */

import {
  addPart, addTag, ATTRIBUTIONS, dropPart, dropTag, movePart, partsOf, SINGLE_ROLES, STANCES,
  withStance,
} from "./content.js";
import { makeCombobox } from "./combobox.js";
import { button, el, fill } from "./dom.js";

const TYPING = 250; // milliseconds without a key until what was typed is kept

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
    "div", { class: "wb-field", role: "group", "aria-label": title, data: { field: role } },
    el("span", { class: "wb-field-title", text: title }), chosen, combobox.node,
    el("div", { class: "wb-stand-ins" }, standIns.map(standInButton)),
  );

  function standInButton([standIn, words, key]) {
    const give = () => change((content) => addPart(content, role, { stands_for: standIn }));
    return button(words, give, { key, class: "link" });
  }

  function update(content) {
    const parts = partsOf(content, role);
    fill(chosen, parts.map((part, nth) => el(
      "li", {}, el("span", { text: labels.name(part) }), role === "voice" ? order(parts, nth) : null,
      button("×", () => {
        combobox.focus();
        change((now) => dropPart(now, role, part));
      }, { class: "icon", "aria-label": `Take out ${labels.name(part)}` }),
    )));
    combobox.node.hidden = SINGLE_ROLES.has(role) && parts.length > 0;
  }

  function order(parts, nth) {
    const move = (step, words, sign) => {
      if (!parts[nth + step]) return null;
      const shift = () => change((content) => movePart(content, role, nth, step));
      const name = `${words}: ${labels.name(parts[nth])}`;
      return button(sign, shift, { class: "icon", "aria-label": name });
    };
    return el("span", {}, move(-1, "Earlier", "↑"), move(1, "Later", "↓"));
  }

  const isAnswered = (content) => partsOf(content, role).length > 0;
  return { node, update, focus: combobox.focus, isAnswered };
}

/** An actor in a list: name, kind and other names. */
export function actorOption(actor) {
  const others = [...actor.aliases, ...actor.metonyms].join(", ");
  return [
    el("span", { text: actor.name }), el("span", { class: "kind", text: actor.kind }),
    others ? el("span", { class: "others", text: others }) : null,
  ].filter(Boolean);
}

/** The tags of one facet, to take one or any; with a stance for each where it takes one. */
export function facetField({ facet, id, codebook, labels, change }) {
  const definition = el("p", { class: "wb-definition", hidden: true });
  const single = facet.choose === "one";
  const options = facet.tags.map((tag) => tagOption(tag));
  const none = single && !facet.required ? tagless() : null;
  const asked = facet.required ? el("span", { class: "asked", text: "required" }) : null;
  const node = el(
    "fieldset", { class: "wb-field wb-facet" },
    el("legend", { class: "wb-field-title" }, facet.name, asked),
    options.map((option) => option.node), none?.node, definition,
  );
  node.addEventListener("focusin", ({ target }) => explain(target));
  node.addEventListener("pointerover", ({ target }) => explain(target));
  node.addEventListener("pointerleave", () => { definition.hidden = true; });

  function explain(target) {
    const option = options.find((one) => one.node.contains(target));
    const tag = option?.tag;
    definition.hidden = !tag?.definition;
    if (tag?.definition) fill(definition, el("b", { text: `${tag.label}: ` }), tag.definition);
  }

  function tagOption(tag) {
    const choose = () => change((content) => (
      input.checked ? addTag(content, tag, codebook) : dropTag(content, tag)
    ));
    const input = el("input", {
      type: single ? "radio" : "checkbox", name: `${id} ${facet.id}`, on: { change: choose },
    });
    const label = el(
      "label", { class: tag.parent ? "is-narrower" : "" },
      input, labels.sign(tag), el("span", { text: tag.label }),
    );
    const stance = facet.stance ? stanceOf(tag) : null;
    return { tag, input, stance, node: el("div", { class: "wb-tag" }, label, stance?.node) };
  }

  function stanceOf(tag) {
    const buttons = STANCES.map((stance) => {
      const take = () => change((content) => withStance(content, tag, stance));
      return button(stance, take, { class: "stance", data: { stance } });
    });
    const name = `Stance towards “${tag.label}”`;
    const group = el("div", { class: "wb-stances", role: "group", "aria-label": name }, buttons);
    return { node: group, buttons };
  }

  function tagless() {
    const input = el("input", {
      type: "radio", name: `${id} ${facet.id}`,
      on: { change: () => change((content) => facet.tags.reduce(dropTag, content)) },
    });
    const label = el("label", {}, input, el("span", { text: "none" }));
    return { input, node: el("div", { class: "wb-tag" }, label) };
  }

  function update(content) {
    let any = false;
    for (const { tag, input, stance, node: option } of options) {
      const coding = content.codings.find((own) => own.tag === tag.id);
      any ||= Boolean(coding);
      input.checked = Boolean(coding);
      option.hidden = (tag.retired || facet.retired) && !coding;
      if (!stance) continue;
      stance.node.hidden = !coding;
      for (const one of stance.buttons) {
        one.setAttribute("aria-pressed", String(one.dataset.stance === coding?.stance));
      }
    }
    if (none) none.input.checked = !any;
    node.hidden = facet.retired && !any;
  }

  return {
    node,
    update,
    focus: () => (options.find(({ input }) => input.checked) ?? options[0])?.input.focus(),
    isAnswered: (content) => content.codings.some((own) => codebook.tag(own.tag)?.facet === facet),
  };
}

/** Whose voice it is: the article's own, quoted or reported. */
export function attributionField({ id, change }) {
  const inputs = ATTRIBUTIONS.map(([value, words]) => {
    const input = el("input", {
      type: "radio", name: `${id} attribution`, value,
      on: { change: () => change((content) => ({ ...content, attribution: value })) },
    });
    return { value, input, node: el("label", {}, input, el("span", { text: words })) };
  });
  const node = el(
    "fieldset", { class: "wb-field wb-attribution" },
    el("legend", { class: "wb-field-title", text: "Attribution" }),
    inputs.map((one) => one.node),
  );
  return {
    node,
    update: ({ attribution }) => {
      for (const { value, input } of inputs) input.checked = value === attribution;
    },
    focus: () => inputs.find(({ input }) => input.checked)?.input.focus(),
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

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, TYPING);
  });
  area.addEventListener("blur", keep);
  return {
    node,
    keep,
    update: ({ note }) => { if (!timer && area.value !== note) area.value = note; },
    focus: () => area.focus(),
  };
}
