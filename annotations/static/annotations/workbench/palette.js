/** The command palette: a quiet dialog in which everything is found by typing. */

import { actorOption } from "./fields.js";
import { makeCombobox } from "./combobox.js";
import { fold, search } from "./codebook.js";
import { meaning } from "./definition.js";
import { el, fill } from "./dom.js";

const SHOWN = 40;
const REMEMBERED = 12;
const KINDS = ["tag", "actor", "command"];

/**
 * The palette { open }: tags with their definitions, actors with their names, commands; those
 * that the person, `me`, took last come first.
 */
export function makePalette({ page, codebook, labels, commands, act, leave, me }) {
  const recent = makeRecent(`crossread palette ${me}`);
  const about = el("div", { class: "wb-about" });
  const combobox = makeCombobox({
    label: "Tags, actors and commands",
    placeholder: "Type a tag, an actor or a command",
    shown: SHOWN,
    open: true,
    find,
    ask: codebook.askActors,
    show: option,
    pick: (entry, event) => {
      close();
      recent.take(nameOf(entry));
      run(entry, event.shiftKey);
    },
    onMove: explain,
    escape: close,
  });
  const dialog = page.appendChild(el(
    "dialog", { class: "wb-palette", "aria-label": "Palette" }, combobox.node, about,
  ));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) close(); });

  function open() {
    if (dialog.open) return;
    combobox.input.value = "";
    dialog.showModal();
    combobox.focus();
    combobox.refresh();
  }

  /** The focus is where it belongs at once: what is done next may take it elsewhere. */
  function close() {
    dialog.close();
    leave();
  }

  function find(words) {
    const offered = commands().filter(({ name, moment }) => words || moment || !name)
      .map((thing) => ({ thing, names: [fold(thing.words)] }));
    const last = recent.names();
    const found = [
      ...search(offered, words).map((thing) => ({ kind: "command", thing })),
      ...codebook.findTags(words).map((thing) => ({ kind: "tag", thing })),
      ...codebook.findActors(words).map((thing) => ({ kind: "actor", thing })),
    ].map((entry) => ({ ...entry, place: last.indexOf(nameOf(entry)) }));
    const wanted = fold(words);
    return found.filter(({ kind, place }) => wanted || kind !== "actor" || place >= 0)
      .sort((one, other) => rank(one, wanted) - rank(other, wanted));
  }

  function option({ kind, thing }) {
    if (kind === "actor") return actorOption(thing);
    if (kind === "command") {
      return [el("span", { class: "words", text: thing.words }), thing.key ? el("kbd", { text: thing.key }) : ""];
    }
    return [
      labels.sign(thing), el("span", { text: thing.label }),
      el("span", { class: "kind", text: thing.facet.name }),
    ];
  }

  function explain(entry) {
    const explained = { tag: (tag) => [meaning(tag, labels)], actor: aboutActor }[entry?.kind];
    fill(about, explained ? explained(entry.thing) : []);
  }

  function run({ kind, thing }, shiftKey) {
    if (kind === "tag") act({ command: "tag", tag: thing });
    else if (kind === "actor") act({ command: "actor", actor: thing, role: shiftKey ? "target" : "claimant" });
    else act(thing);
  }

  return { open };
}

function aboutActor({ name, kind, aliases, metonyms }) {
  return [
    el("h3", { text: name }), el("p", { text: kind }),
    aliases.length ? el("p", { text: `Also ${aliases.join(", ")}.` }) : null,
    metonyms.length ? el("p", { text: `Stands behind ${metonyms.join(", ")}.` }) : null,
    el("p", { class: "soft", text: "Enter: claimant of the open claim, or mention of the selection." }),
    el("p", { class: "soft", text: "Shift + Enter: target." }),
  ];
}

/**
 * What is looked for by its beginning first, then what was taken last, then by kind; when nothing
 * is looked for, what this moment is for, then tags, then what can be done at any time.
 */
function rank({ kind, thing, place }, wanted) {
  const names = [thing.words ?? thing.label ?? thing.name, ...(thing.aliases ?? []), ...(thing.metonyms ?? [])];
  const begins = !wanted || names.some((name) => fold(name).startsWith(wanted));
  const order = wanted ? KINDS.indexOf(kind) : Number(kind === "tag") + 2 * Number(thing.moment === "always");
  return (begins ? 0 : 100) + (place < 0 ? REMEMBERED + order : place);
}

const nameOf = ({ kind, thing }) => `${kind} ${thing.id ?? thing.name ?? thing.words}`;

/** The names of what was taken last, kept on this device as long as it keeps anything. */
function makeRecent(place) {
  let kept = read();

  function read() {
    try {
      return JSON.parse(localStorage.getItem(place)) ?? [];
    } catch {
      return [];
    }
  }

  function take(name) {
    kept = [name, ...kept.filter((other) => other !== name)].slice(0, REMEMBERED);
    try {
      localStorage.setItem(place, JSON.stringify(kept));
    } catch {
      // It is remembered until the page is left.
    }
  }

  return { take, names: () => kept };
}
