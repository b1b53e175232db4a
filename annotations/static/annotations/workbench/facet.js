/** The field of one facet: its tags as a tree, those chosen with their stance. */

import { addTag, dropTag, STANCES, withStance } from "./content.js";
import { fold, search } from "./codebook.js";
import { makeChoice } from "./choice.js";
import { makeCombobox } from "./combobox.js";
import { button, el, fill } from "./dom.js";

const FEW = 9; // tags are listed; more are found by typing

/** The tags of one facet, to take one or any; with a stance for each where it takes one. */
export function facetField({ facet, id, codebook, labels, change, escape }) {
  const single = facet.choose === "one";
  const offered = facet.tags.filter((tag) => !tag.retired && !facet.retired);
  const isLong = offered.length > FEW;
  const options = new Map(); // made when they are first seen
  const definition = el("p", { class: "wb-definition", hidden: true });
  const none = single && !facet.required && !isLong ? tagless() : null;
  const list = el("div", { class: "wb-tags" });
  const typed = isLong ? typeAhead() : null;
  const asked = facet.required ? el("span", { class: "asked", text: "required" }) : null;
  const node = el(
    "fieldset", { class: "wb-field wb-facet", data: { field: facet.id } },
    el("legend", { class: "wb-field-title" }, facet.name, asked),
    typed?.unfold, list, none?.node, typed?.node, definition,
  );
  let unfolded = false;
  let content = null;
  node.addEventListener("focusin", ({ target }) => {
    const found = [...options.values()].find((one) => one.node.contains(target));
    if (found) explain(found.tag);
  });

  /** What the tag means, with an example; it stays until another is looked at. */
  function explain(tag) {
    if (!tag?.definition) return;
    definition.hidden = false;
    fill(
      definition, el("b", { text: `${tag.label}: ` }), tag.definition,
      tag.examples?.length ? el("q", { class: "example", dir: "auto", text: tag.examples[0] }) : null,
    );
  }

  function optionOf(tag) {
    if (!options.has(tag)) options.set(tag, makeOption(tag));
    return options.get(tag);
  }

  function makeOption(tag) {
    const choose = () => change((now) => (
      input.checked ? addTag(now, tag, codebook) : dropTag(now, tag)
    ));
    const input = el("input", {
      type: single ? "radio" : "checkbox", name: `${id} ${facet.id}`, on: { change: choose },
    });
    const path = el("span", { class: "path", text: tag.parent ? `in ${pathOf(tag)}` : "" });
    const words = el("span", {}, `${tag.label} `, path);
    const label = el("label", { title: tag.definition || null }, input, labels.sign(tag), words);
    label.style.setProperty("--depth", depthOf(tag));
    const node = el("div", { class: "wb-tag", data: { tag: tag.id } }, label);
    return { tag, input, path, stance: null, node };
  }

  function stanceOf(option) {
    const { tag } = option;
    option.stance = makeChoice({
      name: `Stance towards “${tag.label}”`, options: STANCES.map((stance) => [stance, stance]),
      take: (stance) => change((now) => withStance(now, tag, stance)),
    });
    option.node.append(option.stance.node);
    return option.stance;
  }

  function tagless() {
    const input = el("input", {
      type: "radio", name: `${id} ${facet.id}`,
      on: { change: () => change((now) => facet.tags.reduce(dropTag, now)) },
    });
    const label = el("label", {}, input, el("span", { text: "none" }));
    return { input, node: el("div", { class: "wb-tag" }, label) };
  }

  /** The way through a long facet: by typing, or by unfolding the whole tree. */
  function typeAhead() {
    const entriesOf = (tag) => ({ thing: tag, names: [tag.label, tag.slug, pathOf(tag)].map(fold) });
    const all = `All ${offered.length} tags of ${facet.name}`;
    let entries = null; // made when they are first searched
    const combobox = makeCombobox({
      label: facet.name, placeholder: `find among ${offered.length} tags`,
      find: (words) => search(entries ??= offered.map(entriesOf), words), show: shown, escape, onMove: explain,
      pick: (tag) => change((now) => addTag(now, tag, codebook)),
    });
    combobox.input.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const last = step && !combobox.input.value && lastWithStance();
      if (!last || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      last.stance.turn(step);
    });
    const unfold = button(`All ${offered.length}`, () => {
      unfolded = !unfolded;
      unfold.setAttribute("aria-expanded", String(unfolded));
      update(content);
    }, { class: "link", "aria-expanded": "false", "aria-label": all });
    return { node: combobox.node, unfold: el("div", { class: "wb-stand-ins" }, unfold), combobox };
  }

  /** The tag of this field that was chosen last, for its stance. */
  function lastWithStance() {
    const coding = content.codings.findLast((own) => options.has(codebook.tag(own.tag)));
    const option = coding && options.get(codebook.tag(coding.tag));
    return option?.stance ? option : null;
  }

  function shown(tag) {
    return [
      labels.sign(tag), el("span", { text: tag.label }),
      tag.parent ? el("span", { class: "kind", text: pathOf(tag) }) : null,
    ].filter(Boolean);
  }

  function update(now) {
    content = now;
    const codings = new Map(content.codings.map((own) => [codebook.tag(own.tag), own]));
    const chosen = facet.tags.filter((tag) => codings.has(tag));
    const seen = facet.tags.filter((tag) => (
      codings.has(tag) || (offered.includes(tag) && (unfolded || !isLong))
    ));
    arrange(seen.map(optionOf));
    for (const option of options.values()) {
      const coding = codings.get(option.tag);
      option.input.checked = Boolean(coding);
      option.path.hidden = !isLong || unfolded;
      option.node.classList.toggle("is-flat", isLong && !unfolded);
      if (facet.stance && coding) (option.stance ?? stanceOf(option)).update(coding.stance);
      if (option.stance) option.stance.node.hidden = !coding;
    }
    if (none) none.input.checked = !chosen.length;
    node.hidden = facet.retired && !chosen.length;
  }

  /** These options in the list; the focus stays in the field. */
  function arrange(wanted) {
    const nodes = wanted.map((option) => option.node);
    const isSame = nodes.length === list.children.length
      && nodes.every((one, nth) => list.children[nth] === one);
    if (isSame) return;
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    fill(list, nodes);
    if (!focused) return;
    if (focused.isConnected) focused.focus();
    else typed?.combobox.focus();
  }

  /** Into what is asked for: the stance of a tag, or the choice of one. */
  function focus(tag) {
    const option = options.get(tag);
    if (option?.stance) return option.stance.focus();
    if (typed && !unfolded) return typed.combobox.focus();
    const inputs = [...options.values()].filter(({ node: { isConnected } }) => isConnected);
    return (inputs.find(({ input }) => input.checked) ?? inputs[0])?.input.focus();
  }

  return { node, update, focus };
}

function above(tag) {
  return tag.parent ? [...above(tag.parent), tag.parent] : [];
}

const depthOf = (tag) => above(tag).length;
const pathOf = (tag) => above(tag).map(({ label }) => label).join(" › ");
