/** The field of the voice chain: who tells it, first to last, each with how she stands to it. */

import { addPart, dropPart, movePart, partsOf } from "./content.js";
import { ENDORSEMENTS, stand, withEndorsement } from "./chain.js";
import { makeChoice } from "./choice.js";
import { makeCombobox } from "./combobox.js";
import { button, el, fill } from "./dom.js";
import { actorOption } from "./fields.js";

const ROLE = "voice";
const NEXT = matchMedia("(pointer: coarse)").matches
  ? "next voice" : "next voice, or ← → how the last one stands to it";
const STAND_INS = [["outlet", "the outlet"], ["author", "the author"]];

/**
 * The field { node, update, focus }. In the chain ← → turn the endorsement of a step, ↑ ↓ go to
 * another, with Alt they move it, Delete takes it out; in the empty field ← → and Backspace are
 * about the last step.
 */
export function voiceField({ codebook, labels, change, escape }) {
  const reads = el("p", { class: "wb-reads" });
  const chain = el("ol", { class: "wb-chain" });
  const combobox = makeCombobox({
    label: "Next voice in the chain", find: codebook.findActors, ask: codebook.askActors,
    show: actorOption, escape,
    pick: (actor) => change((content) => addPart(content, ROLE, { actor: actor.id })),
  });
  const node = el(
    "div", { class: "wb-field wb-voices", role: "group", "aria-label": "Voice chain", data: { field: ROLE } },
    el("span", { class: "wb-field-title", text: "Voice chain" }),
    reads, chain, combobox.node,
    el("div", { class: "wb-stand-ins" }, STAND_INS.map(([standIn, words]) => button(
      words, () => change((content) => addPart(content, ROLE, { stands_for: standIn })), { class: "link" },
    ))),
  );
  let steps = []; // { part, node, choice }
  chain.addEventListener("keydown", onKey);
  combobox.input.addEventListener("keydown", onFieldKey);

  function makeStep(part, nth) {
    const name = labels.name(part);
    const choice = makeChoice({
      name: `How ${name} stands to it`, options: ENDORSEMENTS,
      take: (value) => change((content) => withEndorsement(content, placeOf(content, part), value)),
    });
    const icon = (sign, words, run) => button(sign, run, { class: "icon", "aria-label": words });
    return {
      part, choice, node: el(
        "li", {}, el("span", { class: "name", text: name }),
        el(
          "span", { class: "wb-order" }, nth ? icon("↑", `Earlier: ${name}`, () => shift(part, -1)) : null,
          icon("↓", `Later: ${name}`, () => shift(part, 1)),
          icon("×", `Take out ${name}`, () => take(part)),
        ),
        choice.node,
      ),
    };
  }

  function shift(part, step) {
    change((content) => movePart(content, ROLE, placeOf(content, part), step));
  }

  function take(part) {
    combobox.focus();
    change((content) => dropPart(content, ROLE, part));
  }

  function onKey(event) {
    const nth = steps.findIndex((step) => step.node.contains(event.target));
    const { part } = steps[nth] ?? {};
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!part || event.ctrlKey || event.metaKey) return;
    if (step && event.altKey) shift(part, step);
    else if (step) (steps[nth + step]?.choice ?? combobox).focus();
    else if (event.key === "Delete" || event.key === "Backspace") take(part);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function onFieldKey(event) {
    const last = steps.at(-1);
    if (combobox.input.value || !last || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Backspace") take(last.part);
    else if (event.key === "ArrowRight") last.choice.turn(1);
    else if (event.key === "ArrowLeft") last.choice.turn(-1);
    else return;
    event.preventDefault();
  }

  function update(content) {
    const parts = partsOf(content, ROLE);
    if (parts.map(keyOf).join() !== steps.map(({ part }) => keyOf(part)).join()) rebuild(parts);
    parts.forEach(({ endorsement }, nth) => steps[nth].choice.update(endorsement));
    fill(reads, parts.flatMap((part, nth) => (
      [nth ? " → " : "", el("bdi", { text: labels.name(part) }), stand(part)]
    )));
    reads.hidden = parts.length < 2 && !parts[0]?.endorsement;
    combobox.input.placeholder = parts.length ? NEXT : "who tells it, first to last";
  }

  /** The steps anew; the focus stays with the step that had it. */
  function rebuild(parts) {
    const focused = steps.find((step) => step.node.contains(document.activeElement));
    steps = parts.map(makeStep);
    fill(chain, steps.map((step) => step.node));
    const again = focused && steps.find(({ part }) => keyOf(part) === keyOf(focused.part));
    if (focused) (again?.choice ?? combobox).focus();
  }

  return { node, update, focus: combobox.focus };
}

const keyOf = ({ actor, stands_for: standsFor }) => actor ?? standsFor;

function placeOf(content, part) {
  return partsOf(content, ROLE).findIndex((other) => keyOf(other) === keyOf(part));
}
