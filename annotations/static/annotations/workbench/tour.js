/**
 * The tour: a first claim, marked for good or taken back at the end. Each step waits until the
 * person has really done it, by key, mouse or finger, and says so; nothing else is held up.
 */

import { partsOf } from "./content.js";
import { button, el, fill } from "./dom.js";
import { hint } from "./keys.js";

const WIDE = "(min-width: 68.01rem)"; // the panel stands beside the text

/** The tour { offer, start, look }; `done()` is called once it was taken or declined. */
export function makeTour(desk, { done }) {
  const { root, page, part, state, selection } = desk;
  const isTouch = matchMedia("(pointer: coarse)").matches;
  const wide = matchMedia(WIDE);
  const steps = stepsOf(desk, isTouch);
  const words = el("div", { class: "wb-tour-words", "aria-live": "polite" });
  const tools = el("p", { class: "wb-tour-tools" });
  const card = el("section", { class: "wb-tour", "aria-label": "Tour", hidden: true }, words, tools);
  let nth = -1; // the step that is waited for; none before the start and after the end
  let before = new Set(); // the annotations that were there
  let claim = null; // the id of the one made on the tour

  wide.addEventListener("change", place);

  /** Ask once, beside the work: who does not want it goes on as if it were not there. */
  function offer() {
    if (nth >= 0 || !card.hidden) return;
    show([
      el("h2", { text: "Your first visit" }),
      el("p", { text: "Two minutes: you mark one real claim of this article, and keep it or take it back at the end." }),
    ], [button("Show me", start, { class: "button small" }), button("Not now", decline, { class: "link" })]);
  }

  function start() {
    before = new Set(state.all().map(({ id }) => id));
    [claim, nth] = [null, 0];
    if (!selection.isEmpty()) selection.collapse();
    desk.view.open = null;
    desk.view.refresh();
    ask("");
    desk.focus.text();
  }

  function decline() {
    end();
    desk.said(`The tour stays in the palette, ${hint("palette") || "Find"}, under “tour”.`);
  }

  function end() {
    nth = -1;
    const held = card.contains(document.activeElement);
    card.hidden = true;
    done();
    if (held) desk.focus.text();
  }

  /** What was done since: the step's own thing, or more than it asked for. */
  function look() {
    if (nth < 0 || nth >= steps.length) return;
    claim = standing() ?? newest();
    const content = claim && state.get(claim).content;
    if (!content && nth > 1) {
      nth = 0;
      ask("The claim is gone again, so the tour begins anew.");
      return;
    }
    let told = "";
    for (let seen = steps[nth].seen(content); seen; seen = steps[nth]?.seen(content)) {
      told = seen;
      nth += 1;
    }
    if (told) ask(told);
  }

  const standing = () => (claim && state.get(claim)?.content ? claim : null);
  const newest = () => state.all().find(({ id, mine, content }) => (
    mine && content?.kind === "claim" && !before.has(id)))?.id ?? null;

  function ask(told) {
    if (nth >= steps.length) return finish(told);
    const { title, help, optional } = steps[nth];
    const skip = () => { nth += 1; ask(""); };
    return show([
      told ? el("p", { class: "wb-tour-done", text: `✓ ${told}` }) : null,
      el("h2", {}, el("span", { class: "soft", text: `${nth + 1} of ${steps.length} ` }), title),
      el("p", {}, help()),
    ], [
      optional && claim ? button("Skip this step", skip, { class: "button quiet small" }) : null,
      button("End the tour", decline, { class: "link" }),
    ]);
  }

  function finish(told) {
    show([
      told ? el("p", { class: "wb-tour-done", text: `✓ ${told}` }) : null,
      el("h2", { text: "That is a whole claim" }),
      el("p", {}, "It is kept as every change is, at once and without a button. ", ...sentence("{help} shows every key, {palette} finds every command.")),
    ], [
      button("Keep it", end, { class: "button small" }),
      button("Take it back", takeBack, { class: "button quiet small" }),
    ]);
  }

  /** By undo, change by change, as long as the last ones are the claim's; else it is removed. */
  async function takeBack() {
    for (let last = lastChange(); standing() && last?.annotation === claim; last = lastChange()) {
      await desk.changes.undo();
      if (lastChange() === last) break;
    }
    if (standing()) desk.changes.set(claim, null);
    end();
    desk.said(`Taken back. ${hint("redo") || "Redo"} would bring it again.`);
  }

  const lastChange = () => state.stacks().done.at(-1);

  function show(said, buttons) {
    fill(words, said);
    fill(tools, buttons);
    card.hidden = false;
    place();
  }

  /** In the panel where it stands beside the text, above the text where the panel is a sheet. */
  function place() {
    if (wide.matches) part("panel").prepend(card);
    else root.insertBefore(card, page);
    const { height } = root.querySelector(".wb-tools").getBoundingClientRect();
    card.style.insetBlockStart = `${height}px`;
  }

  return { offer, start, look };
}

/**
 * The steps { title, help(), seen(content), optional }: `seen` says what was done, or nothing as
 * long as it was not. The content is that of the claim made on the tour, if there is one.
 */
function stepsOf({ codebook, labels, selection, text }, isTouch) {
  const taken = codebook.tags.filter(({ key, retired, facet }) => key && !retired && !facet.retired);
  const first = taken.filter(({ facet }) => facet === taken[0]?.facet).slice(0, 4);
  const leaning = codebook.facets.find(({ stance, retired }) => stance && !retired);
  const ofLeaning = ({ tag }) => codebook.tag(tag)?.facet.stance;
  const keysOf = () => first.flatMap((tag) => [labels.sign(tag), ` ${tag.label}  `]);
  return [
    {
      title: "Choose what somebody says",
      help: () => (isTouch
        ? ["Hold a word of a sentence in which somebody claims something, then move the handles to its ends."]
        : sentence("Go to a sentence in which somebody claims something: {next-sentence} and {previous-sentence} move. Select it with {select-sentence}, or with the mouse.")),
      seen: (content) => {
        const stretch = content ? null : selection.stretch();
        if (stretch) return `Selected: ${text.quoted([{ start: stretch[0], end: stretch[1] }], 50)}`;
        return content ? `Marked: ${text.quoted(content.spans, 50)}` : "";
      },
    },
    {
      title: "Say what it is",
      help: () => (first.length
        ? [isTouch ? "Press a sign in the bar: " : "Press the key of a tag: ", ...keysOf(), "That makes the claim at once."]
        : ["Make the claim with ", key("claim"), " and choose a tag in the panel."]),
      seen: (content) => (content?.codings.length
        ? `A claim: ${content.codings.map(({ tag }) => codebook.tag(tag).label).join(", ")}` : ""),
    },
    {
      title: "Who says so?",
      help: () => [
        ...sentence("{author} if it is the author. Otherwise "), ...intoPanel(isTouch, "Claimant"),
      ],
      seen: (content) => named(content, "claimant", labels, "Says so"),
      optional: true,
    },
    {
      title: "About whom?",
      help: () => [...intoPanel(isTouch, "Target"), " If it is about nobody, skip this."],
      seen: (content) => named(content, "target", labels, "About"),
      optional: true,
    },
    leaning && {
      title: `Is it for or against? (${leaning.name})`,
      help: () => [
        `Choose what it supports or opposes in the panel, under ${leaning.name}, `,
        ...sentence("or by its name after {palette}. Then {support} supports it, {oppose} opposes it."),
      ],
      seen: (content) => {
        const said = content?.codings.find((coding) => coding.stance && ofLeaning(coding));
        return said ? `${codebook.tag(said.tag).label}: ${said.stance}` : "";
      },
      optional: true,
    },
  ].filter(Boolean);
}

function named(content, role, labels, words) {
  return content && partsOf(content, role).length ? `${words}: ${labels.names(content, role)}` : "";
}

function intoPanel(isTouch, field) {
  if (isTouch) return [`open ${field} in the panel, type the beginning of a name and choose.`];
  return sentence(`{claim} goes into the panel: type the beginning of a name under ${field} and choose.`);
}

/** Words with the keys that the person has now where {name of a row} stands. */
function sentence(words) {
  return words.split(/\{([a-z-]+)\}/).map((piece, nth) => (nth % 2 ? key(piece) : piece));
}

function key(name) {
  return el("kbd", { text: hint(name) || name });
}
