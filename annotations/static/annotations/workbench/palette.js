/** The command palette: a quiet dialog in which everything is found by typing. */

import { actorOption } from "./fields.js";
import { makeCombobox } from "./combobox.js";
import { el, fill } from "./dom.js";
import { fold, search } from "./codebook.js";

const SHOWN = 40;

/** The palette { open }: tags with their definitions, actors with their names, commands. */
export function makePalette({ page, codebook, labels, commands, act, leave }) {
  const about = el("div", { class: "wb-about" });
  const combobox = makeCombobox({
    label: "Tags, actors and commands",
    placeholder: "Type a tag, an actor or a command",
    shown: SHOWN,
    open: true,
    find,
    ask: codebook.askActors,
    show: option,
    pick: (entry, event) => { close(); run(entry, event.shiftKey); },
    onMove: explain,
    escape: close,
  });
  const dialog = page.appendChild(el(
    "dialog", { class: "wb-palette", "aria-label": "Palette" }, combobox.node, about,
  ));
  dialog.addEventListener("close", leave);
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) close(); });

  function open() {
    if (dialog.open) return;
    combobox.input.value = "";
    dialog.showModal();
    combobox.focus();
    combobox.refresh();
  }

  function close() {
    dialog.close();
  }

  function find(words) {
    const offered = commands().filter(({ isQuiet }) => words || !isQuiet).map((thing) => ({ thing, names: [fold(thing.words)] }));
    return [
      ...search(offered, words).map((thing) => ({ kind: "command", thing })),
      ...codebook.findTags(words).map((thing) => ({ kind: "tag", thing })),
      ...(words ? codebook.findActors(words).map((thing) => ({ kind: "actor", thing })) : []),
    ].sort((one, other) => (words ? rank(one, words) - rank(other, words) : 0));
  }

  function option({ kind, thing }) {
    if (kind === "actor") return actorOption(thing);
    if (kind === "command") {
      return [el("span", { text: thing.words }), thing.key ? el("kbd", { text: thing.key }) : ""];
    }
    return [
      labels.sign(thing), el("span", { text: thing.label }),
      el("span", { class: "kind", text: thing.facet.name }),
    ];
  }

  function explain(entry) {
    const explained = { tag: aboutTag, actor: aboutActor }[entry?.kind];
    fill(about, explained ? explained(entry.thing) : []);
  }

  function run({ kind, thing }, shiftKey) {
    if (kind === "tag") act({ command: "tag", tag: thing });
    else if (kind === "actor") act({ command: "actor", actor: thing, role: shiftKey ? "target" : "claimant" });
    else act(thing);
  }

  return { open };
}

function aboutTag({ label, definition, examples }) {
  return [
    el("h3", { text: label }), el("p", { text: definition || "This tag has no definition yet." }),
    examples.length ? el("ul", {}, examples.map((text) => el("li", { text }))) : null,
  ];
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

function rank({ kind, thing }, words) {
  const name = fold(thing.words ?? thing.label ?? thing.name);
  const wanted = fold(words);
  return (name.startsWith(wanted) ? 0 : 3) + ["tag", "actor", "command"].indexOf(kind);
}
