/**
 * The choosing of a claim to which the open one is linked: in this text by the keys that go from
 * mark to mark or by a click, elsewhere by search.
 */

import { makeChoice } from "./choice.js";
import { makeCombobox } from "./combobox.js";
import { button, el, fill } from "./dom.js";
import { lineOf } from "./linked.js";
import { mayLink, nextLinkable, RELATIONS, withLink } from "./links.js";

const CHOICES = RELATIONS.map(([relation]) => [relation, relation]);
const HOW = matchMedia("(pointer: coarse)").matches
  ? "Tap a claim in the text."
  : "] and [ or a click choose a claim in this text, 1 to 4 the relation.";
const REFUSED = new Set([
  "tag", "mention", "author", "actor", "nudge", "remove", "add-stretch", "drop-stretch",
  "replace-stretch", "like-last", "copy", "certainty", "flag", "cycle", "accept", "reject",
]);

/** The part of a desk { commands, takes }. */
export function makeLinking(desk) {
  const { root, text, labels, state, view, selection, said, claims } = desk;
  let chooser = null; // made when it is first needed
  let from = null; // the claim that is being linked, while one is chosen
  let chosen = null;
  let relation = RELATIONS[0][0];
  let back = 0; // where the cursor was

  function start() {
    const open = view.open ? state.get(view.open) : undefined;
    if (open?.content?.kind !== "claim" || !open.mine) return said("Open a claim of your own first.");
    if (open.trouble?.state === "conflict") return said("Choose between the two versions first.");
    [from, back] = [open.id, selection.place()];
    if (!selection.isEmpty()) selection.collapse();
    chooser ??= makeChooser();
    fill(chooser.quote, text.short(open.content.spans, 90));
    desk.part("panel").classList.add("is-linking");
    desk.part("panel").scrollTop = 0;
    chooser.node.hidden = false;
    chooser.relation.update(relation);
    choose(null);
    desk.focus.text();
    return said(`Choose the claim that this one ${relation}: ${HOW} Enter links, Escape leaves.`);
  }

  function leave() {
    from = null;
    chooser.node.hidden = true;
    desk.part("panel").classList.remove("is-linking");
    desk.near([]);
    selection.set(back, back, { byKey: true });
    desk.focus.text();
  }

  function choose(id) {
    chosen = id;
    desk.near(id ? [id] : []);
    chooser.take.setAttribute("aria-disabled", String(!id));
    fill(chooser.chosen, id ? lineOf(desk, id) : el("span", { class: "hint", text: HOW }));
  }

  /** By a key, or by a click on a mark or a card. */
  function point(annotation) {
    const open = state.get(from);
    if (!annotation) return said("There is no other claim in this text. / searches other articles.");
    if (!mayLink(open, annotation)) return said("Only another claim, not linked yet, can be chosen.");
    const { start: place } = annotation.content.spans[0];
    selection.set(place, place, { byKey: true });
    selection.uncover();
    choose(annotation.id);
    return said(`${relation}: ${text.short(annotation.content.spans, 200)}. ${labels.line(annotation.content)}`);
  }

  function link(claim) {
    if (!claim) return said(`No claim is chosen yet: ${HOW}`);
    const about = claims.about(claim);
    desk.changes.set(from, withLink(state.get(from).content, claim, relation));
    leave();
    return said(`Linked: ${relation} “${about?.quote ?? ""}”.`);
  }

  function setRelation(value) {
    relation = value;
    chooser.relation.update(value);
    said(value);
  }

  const whileChoosing = {
    mark: ({ step }) => point(nextLinkable(view.inOrder(), state.get(from), chosen, step)),
    peek: ({ id }) => point(state.get(id)),
    open: ({ id }) => point(state.get(id)),
    enter: () => link(chosen),
    link: () => link(chosen),
    stance: ({ stance }) => setRelation(RELATIONS[stance][0]),
    palette: () => chooser.search.focus(),
    back: leave,
    close: leave,
  };

  /** While a claim is chosen keys and clicks are about that; nothing else is changed by them. */
  function takes(command) {
    if (!from) return false;
    if (!state.get(from)?.content) {
      leave();
      return false;
    }
    const run = whileChoosing[command.command];
    if (run) run(command);
    else if (REFUSED.has(command.command)) said("A claim is being chosen: Enter links, Escape leaves.");
    else return false;
    return true;
  }

  function makeChooser() {
    const quote = el("q", { dir: "auto" });
    const words = el("div", { class: "wb-chosen-claim" });
    const choice = makeChoice({ name: "Relation", options: CHOICES, needed: true, take: setRelation });
    const search = makeSearch(desk, { pick: link, fits: (id) => id !== from, escape: desk.focus.text });
    const take = button("Link", () => link(chosen), { key: "⏎", class: "button small" });
    const node = el(
      "section", { class: "wb-linking", "aria-label": "Link to another claim", hidden: true },
      el("h2", { text: "Link to another claim" }),
      quote, choice.node, words, el("div", { class: "wb-field" }, search.node),
      el(
        "p", { class: "choices" }, take,
        button("Leave", leave, { key: "Esc", class: "button quiet small" }),
      ),
    );
    root.querySelector(".wb-open").before(node);
    return { node, quote, chosen: words, relation: choice, search, take };
  }

  return { commands: { link: start }, takes };
}

/** The field that finds claims anywhere in the project. */
function makeSearch(desk, { pick, fits, escape }) {
  const answers = new Map(); // from the words asked to the claims that fit

  async function ask(words) {
    if (answers.has(words)) return;
    const query = new URLSearchParams({ project: desk.data.project, q: words });
    const found = await desk.sync.read(`annotations/search/?${query}`).catch(() => null);
    if (!found) throw new Error("Claims cannot be searched now. Type on to ask again.");
    answers.set(words, found);
  }

  return makeCombobox({
    label: "Search claims of all articles", placeholder: "search other articles: words, a name, a tag",
    ask, escape, show: optionOf,
    find: (words) => (answers.get(words) ?? []).filter(({ id }) => fits(id)),
    pick: (claim) => {
      desk.claims.learn(claim);
      pick(claim.id);
    },
  });
}

function optionOf({ quote, title, claimants, tags }) {
  const who = [claimants.join(", "), tags.join(", ")].filter(Boolean).join(" · ");
  return [
    el("q", { dir: "auto", text: quote }), who ? el("span", { class: "others", text: who }) : null,
    el("span", { class: "others" }, "in ", el("bdi", { text: title })),
  ].filter(Boolean);
}
