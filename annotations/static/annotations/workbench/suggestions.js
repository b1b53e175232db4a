/**
 * Suggested mentions on the page: found by the server once the page is painted, underlined
 * without touching the text, taken or refused by key, in the bar beside them, or in the panel.
 */

import { withParts } from "./content.js";
import { button, el, fill } from "./dom.js";
import { makeLayer } from "./highlights.js";
import { hint } from "./keys.js";
import {
  aboutOf, byActor, inPieces, nextFrom, stillOpen, suggestionAt, unpackSuggestions,
} from "./proposals.js";

const UNDERLINES = ["wb-suggested", "wb-suggested-place", "wb-suggested-here"];
const MOST_AT_ONCE = 200; // places that the server takes in one rejection
const away = () => `The cursor is at no suggestion. ${hint("next-suggestion")} goes to the next one.`;

/** The suggestions { load, act(command), knows(name), refresh, moved, line(place) }. */
export function makeSuggestions({
  panel, page, text, state, codebook, selection, changes, read, said, act, article, revision,
}) {
  const section = el("section", { class: "wb-suggestions", "aria-label": "Suggestions", hidden: true });
  const bar = el("div", {
    class: "wb-bar wb-suggestion", role: "toolbar", "aria-label": "Suggestion", hidden: true,
  });
  panel.append(section);
  page.append(bar);
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  const underlines = UNDERLINES.map(makeLayer);
  const chosen = new Map(); // suggestion → the number of its reading, where another was chosen
  let all = [];
  let open = [];
  let current = null;
  let isShown = true;
  let isAttended = false; // somebody moved to it: not before, so that nothing pops up by itself

  const nameOf = (actor) => codebook.actor(actor)?.name ?? "an unknown actor";
  const readingOf = (one) => one.readings[chosen.get(keyOf(one)) ?? 0];
  const following = (one) => ((chosen.get(keyOf(one)) ?? 0) + 1) % one.readings.length;

  /** Ask the server what it suggests; without an answer there is nothing to see. */
  async function load() {
    let answer;
    try {
      answer = await read(`${article}/suggestions/`, "/articles/");
    } catch {
      return;
    }
    if (answer.revision !== revision) return;
    const found = unpackSuggestions(answer);
    found.actors.forEach(codebook.know);
    all = found.suggestions;
    answer.rejections.forEach(state.receive);
    refresh();
  }

  /** Look again at what is open, after any change. */
  function refresh() {
    const own = all.length ? state.all().filter(({ mine, content }) => mine && content) : [];
    open = stillOpen(all, own.map(({ content }) => content));
    moved({ isAttended });
    draw();
  }

  /** The cursor may be at another suggestion now. */
  function moved({ isAttended: attended = true } = {}) {
    isAttended = attended;
    const here = isShown && selection.isEmpty() ? suggestionAt(open, selection.place()) : undefined;
    current = here ?? null;
    underline();
    drawBar();
  }

  function underline() {
    const ranges = UNDERLINES.map(() => []);
    for (const one of isShown ? open : []) {
      const kind = one === current && isAttended ? 2 : Number(readingOf(one).sense === "place");
      ranges[kind].push(...text.rangesOf(one.start, one.end));
    }
    underlines.forEach((layer, nth) => layer.show(ranges[nth]));
  }

  // What is said of one

  function words(one, { named, meant, sense, reason } = readingOf(one)) {
    if (sense === "choice") return reason;
    if (!named) return `the place, not ${nameOf(aboutOf(one))}`;
    const who = nameOf(named) + (meant ? `, meaning ${nameOf(meant)}` : "");
    return sense === "place" ? `${who}, the place` : who;
  }

  function spoken(one) {
    const nth = open.indexOf(one) + 1;
    const said = [text.slice(one.start, one.end), words(one), readingOf(one).reason].join(", ");
    const otherwise = one.readings.length > 1 ? `; ${hint("other-reading")} takes it otherwise` : "";
    return `Suggestion ${nth} of ${open.length}: ${said}${otherwise}`;
  }

  // Commands

  function go({ step }) {
    if (!isShown) show(true);
    const found = nextFrom(open, current?.start ?? selection.place(), step);
    if (!found) return said(all.length ? "No suggestion is left." : "There are no suggestions.");
    return goTo(found);
  }

  function counted(things, actor) {
    if (things.length === 1) return text.quoted(things, 40);
    return `${things.length} mentions of ${nameOf(actor)}`;
  }

  function goTo(one, before = "") {
    selection.set(one.start, one.start, { byKey: true });
    moved();
    draw();
    said(`${before}${spoken(one)}`);
  }

  function accept({ all: whole = false, actor }) {
    if (!ready(actor)) return;
    const wanted = actor ?? readingOf(current).named;
    if (!wanted) return void said(`Not accepted: ${words(current)}. ${hint("other-reading")} takes it otherwise.`);
    const taken = whole ? open.filter((one) => readingOf(one).named === wanted) : [current];
    if (!taken.length) return void said(`Nothing names ${nameOf(wanted)} for certain: look at each.`);
    const group = whole ? keyOf(taken[0]) + Date.now() : null;
    const place = taken[0].start;
    for (const one of taken) {
      const { named, meant, name } = readingOf(one);
      const parts = { named: [{ actor: named }], meant: meant ? [{ actor: meant }] : [] };
      changes.make("mention", [[one.start, one.end]], (content) => (
        withParts(withParts(content, "named", parts.named), "meant", parts.meant)
      ), { suggestion: { actor: named, names: [name] }, group });
    }
    after(place, `Accepted ${counted(taken, wanted)}`);
  }

  function reject({ all: whole = false, actor }) {
    if (!ready(actor)) return;
    const wanted = actor ?? aboutOf(current);
    const refused = whole ? open.filter((one) => aboutOf(one) === wanted) : [current];
    const group = whole ? keyOf(refused[0]) + Date.now() : null;
    const place = refused[0].start;
    for (const piece of inPieces(refused, MOST_AT_ONCE)) {
      const names = piece.map((one) => one.readings.find(({ named }) => named).name);
      changes.make("rejection", piece.map(({ start, end }) => [start, end]), (content) => (
        withParts(content, "named", [{ actor: wanted }])
      ), { suggestion: { actor: wanted, names }, group });
    }
    after(place, `Rejected ${counted(refused, wanted)}`);
  }

  function ready(actor) {
    if (!current && !actor) said(away());
    return Boolean(current || actor);
  }

  /** On to the next one, so that one key does after another. */
  function after(place, did) {
    refresh();
    const next = nextFrom(open, place, 1);
    const told = `${did}; undo with ${hint("undo")}. `;
    if (next) goTo(next, told);
    else said(`${told}No suggestion is left.`);
  }

  function takeOtherwise() {
    if (!current) return void said(away());
    if (current.readings.length < 2) return void said("It can be taken in one way only.");
    chosen.set(keyOf(current), following(current));
    moved();
    draw();
    return void said(spoken(current));
  }

  function show(yes = !isShown) {
    isShown = yes;
    moved();
    draw();
    said(yes ? `Suggestions are shown: ${open.length}.` : `Suggestions are hidden. ${hint("suggestions")} shows them.`);
  }

  const run = {
    suggestion: go, accept, reject, "other-reading": takeOtherwise, suggestions: () => show(),
    "suggestion-of": ({ actor }) => {
      const own = open.filter((one) => aboutOf(one) === actor);
      goTo(nextFrom(own, current?.start ?? -1, 1));
    },
  };

  /** Whether the command was one of these; then it is done. */
  function perform(command) {
    const known = run[command.command];
    if (known) known(command);
    return Boolean(known);
  }

  // The bar and the panel

  function drawBar() {
    bar.hidden = !current || !isAttended;
    if (bar.hidden) return;
    const others = current.readings.length > 1;
    const other = current.readings[following(current)];
    const { named, reason } = readingOf(current);
    fill(
      bar,
      el("p", { class: "wb-suggests" }, el("b", { text: words(current) }), el("span", { text: reason })),
      named ? button("Accept", () => act({ command: "accept" }), { key: ";" }) : null,
      named ? button("Accept all", () => act({ command: "accept", all: true }), {
        key: ":", title: `Accept all of ${nameOf(named)}`,
      }) : null,
      others ? button(`Rather: ${other.named ? words(current, other) : "the place"}`, () => (
        act({ command: "other-reading" })
      ), { key: "#" }) : null,
      button("Reject", () => act({ command: "reject" }), { key: "'" }),
      button("Reject all", () => act({ command: "reject", all: true }), {
        key: "!", title: `Reject all of ${nameOf(aboutOf(current))}`,
      }),
    );
    place();
  }

  /** Below the words, so that they can be read with what follows them. */
  function place() {
    const [range] = text.rangesOf(current.start, current.end);
    const rect = range.getBoundingClientRect();
    const origin = page.getBoundingClientRect();
    const { left, right } = selection.column();
    const from = Math.max(left, Math.min(rect.left, right - bar.offsetWidth));
    bar.style.left = `${from - origin.left}px`;
    bar.style.top = `${rect.bottom + 10 - origin.top}px`;
  }

  function draw() {
    section.hidden = !all.length;
    if (section.hidden) return;
    const held = section.contains(document.activeElement) ? document.activeElement.dataset.do : "";
    fill(
      section,
      el(
        "header", {}, el("h2", {}, "Suggestions ", el("span", { text: String(open.length) })),
        button(isShown ? "Hide" : "Show", () => act({ command: "suggestions" }), {
          key: "*", class: "link", data: { do: "show" },
        }),
      ),
      open.length ? null : el("p", { class: "none", text: "None is left in this article." }),
      el("ul", {}, isShown ? byActor(open).map(group) : []),
    );
    if (held) (section.querySelector(`[data-do="${held}"]`) ?? section.querySelector("button")).focus();
  }

  function group([actor, own]) {
    const name = nameOf(actor);
    const here = current && aboutOf(current) === actor && isAttended;
    const one = (command, sign, label) => button(sign, () => act({ command, all: true, actor }), {
      class: "icon", "aria-label": label, title: label, data: { do: `${command} ${actor}` },
    });
    return el(
      "li", { "aria-current": here ? "true" : null },
      button(
        el("span", {}, name, el("span", { class: "count", text: ` ${own.length}` })),
        () => act({ command: "suggestion-of", actor }),
        { class: "link", data: { do: `go ${actor}` }, "aria-label": `${name}: ${own.length}, go to the next` },
      ),
      one("accept", "✓", `Accept all of ${name}`), one("reject", "×", `Reject all of ${name}`),
    );
  }

  return {
    load,
    refresh,
    moved,
    act: perform,
    knows: (command) => command in run,
    line: (where) => {
      const one = isShown && suggestionAt(open, where);
      return one ? `suggested: ${words(one)}` : null;
    },
  };
}

const keyOf = ({ start, end }) => `${start} ${end}`;
