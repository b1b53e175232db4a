/**
 * Which key does what: one table, read by the workbench, its hints, its palette and its help. A
 * person may put keys of her own in the place of ours. Letters and digits that are not here are
 * free to be the keys of tags.
 */

const move = (unit, step, extend = false) => ({ command: "move", unit, step, extend });
const nudge = (side, step, exact) => ({ command: "nudge", side, step, ...(exact && { exact }) });

/**
 * The rows { name, command, keys, words, group }. Keys are chords as `chordOf` writes them; with
 * Alt the place of the key counts, not what it writes. `when` says at which moment the palette
 * offers a row without being asked for it; `shown` stands for keys that are not ours to give,
 * `same` names the row whose keys do this too, elsewhere. A tag's key goes before `yields`.
 */
export const BINDINGS = [
  ...group("Move through the text",
    ["next-word", move("word", 1), ["ArrowRight"], "Next word"],
    ["previous-word", move("word", -1), ["ArrowLeft"], "Previous word"],
    ["next-sentence", move("sentence", 1), ["ArrowDown"], "Next sentence"],
    ["previous-sentence", move("sentence", -1), ["ArrowUp"], "Previous sentence"],
    ["next-passage", move("passage", 1), ["j"], "Next passage"],
    ["previous-passage", move("passage", -1), ["k"], "Previous passage"],
    ["next-mark", { command: "mark", step: 1 }, ["]"], "Next mark", "always"],
    ["previous-mark", { command: "mark", step: -1 }, ["["], "Previous mark", "always"],
    ["cycle", "cycle", ["`", "Alt+`"], "The other marks at this place, one after another"],
    ["next-edge", move("mark", 1), ["Alt+ArrowDown"], "Next end of a mark, not opening it"],
    ["previous-edge", move("mark", -1), ["Alt+ArrowUp"], "Previous end of a mark"],
    ["next-character", move("grapheme", 1), ["Alt+ArrowRight"], "Next character"],
    ["previous-character", move("grapheme", -1), ["Alt+ArrowLeft"], "Previous character"],
    ["said-twice", "said-twice", ["\""], "Next passage that another article has too", "always"],
    ["outline", "outline", ["~"], "Outline of the article", "always"],
    ["find", "find", ["Ctrl+F"], "Find in the text; once more for the browser’s own", "always"],
    ["next-column", "next-column", ["F6"], "Next article beside this one", "always"],
    ["previous-column", "previous-column", ["Shift+F6"], "Previous article beside this one", "always"],
    ["next-shared", "next-shared", ["Alt+N"], "Next tag, actor or day that the others share", "always"],
    ["previous-shared", "previous-shared", ["Alt+P"], "Previous one that they share", "always"],
  ),
  ...group("Select",
    ["select-word", move("word", 1, true), ["Shift+ArrowRight"], "A word more"],
    ["select-word-back", move("word", -1, true), ["Shift+ArrowLeft"], "A word back"],
    ["select-sentence", move("sentence", 1, true), ["Shift+ArrowDown"], "A sentence more"],
    ["select-sentence-back", move("sentence", -1, true), ["Shift+ArrowUp"], "A sentence back"],
    ["select-passage", move("passage", 1, true), ["J"], "A passage more"],
    ["select-passage-back", move("passage", -1, true), ["K"], "A passage back"],
    ["select-mark", move("mark", 1, true), ["Alt+Shift+ArrowDown"], "Next end of a mark"],
    ["select-mark-back", move("mark", -1, true), ["Alt+Shift+ArrowUp"], "Previous end of a mark"],
    ["select-character", move("grapheme", 1, true), ["Alt+Shift+ArrowRight"], "A character more"],
    ["select-character-back", move("grapheme", -1, true), ["Alt+Shift+ArrowLeft"], "A character back"],
  ),
  ...group("Mark",
    ["claim", "enter", ["Enter"], "Claim of the selection; at a mark, open it", "selected"],
    ["mention", "mention", ["m"], "Mention of the selection or the word", "selected"],
    ["tag-key", null, [], "Claim with this tag: the selection, or the sentence", { shown: "Key of a tag" }],
    ["like-last", "like-last", ["&"], "Like the last one", "always"],
    ["copy", "copy", ["\\"], "Copy of the open annotation at the selection", "both"],
  ),
  ...group("Change the open annotation",
    ["into-panel", null, [], "Into the panel, while the cursor is at the open mark", { same: "claim" }],
    ["tag-taken", null, [], "Give or take the tag, while nothing is selected", { shown: "Key of a tag" }],
    ["support", { command: "stance", stance: 0 }, ["1"], "The latest tag: support", { yields: true }],
    ["oppose", { command: "stance", stance: 1 }, ["2"], "The latest tag: oppose", { yields: true }],
    ["neutral", { command: "stance", stance: 2 }, ["3"], "The latest tag: neutral", { yields: true }],
    ["unclear", { command: "stance", stance: 3 }, ["4"], "The latest tag: unclear", { yields: true }],
    ["author", "author", ["@"], "The author is the claimant", "claim"],
    ["claimant", { command: "field", field: "claimant" }, [], "Choose a claimant", "claim"],
    ["target", { command: "field", field: "target" }, [], "Choose a target", "claim"],
    ["voice", { command: "field", field: "voice" }, [], "Choose the voice chain", "claim"],
    ["certainty", "certainty", ["%"], "Next certainty", "claim"],
    ["flag", "flag", ["$"], "Ask a curator to look here, or no longer", "open"],
    ["link", "link", ["|"], "Link to another claim", "claim"],
    ["add-stretch", "add-stretch", ["+"], "Add the selection as another stretch", "both"],
    ["drop-stretch", "drop-stretch", ["-"], "Take the stretch at the cursor away", "open"],
    ["replace-stretch", "replace-stretch", ["="], "The selection in its stretch’s place", "both"],
    ["end-back", nudge("end", -1), [","], "End of the stretch a word back"],
    ["end-on", nudge("end", 1), ["."], "End of the stretch a word on"],
    ["start-back", nudge("start", -1), ["<"], "Start of the stretch a word back"],
    ["start-on", nudge("start", 1), [">"], "Start of the stretch a word on"],
    ["end-back-exactly", nudge("end", -1, true), ["Alt+,"], "End a character back"],
    ["end-on-exactly", nudge("end", 1, true), ["Alt+."], "End a character on"],
    ["start-back-exactly", nudge("start", -1, true), ["Alt+Shift+,"], "Start a character back"],
    ["start-on-exactly", nudge("start", 1, true), ["Alt+Shift+."], "Start a character on"],
    ["remove", "remove", ["Delete", "Backspace"], "Remove the annotation", "open"],
    ["comment", "comment", ["_"], "Comment on the annotation", "shown"],
    ["history", "history", ["Alt+H"], "History of the annotation", "shown"],
  ),
  ...group("In the panel",
    ["next-asked", null, [], "On to what is still asked for, and out once nothing is", { shown: "Ctrl + ⏎" }],
    ["turn", null, [], "Stance, endorsement: the next one, also from the empty field", { shown: "→ ←" }],
    ["voices", null, [], "Another voice of the chain; with Alt: move it; Del: take it out", { shown: "↓ ↑" }],
  ),
  ...group("Suggestions",
    ["next-suggestion", { command: "suggestion", step: 1 }, ["}"], "Next suggestion", "always"],
    ["previous-suggestion", { command: "suggestion", step: -1 }, ["{"], "Previous suggestion", "always"],
    ["accept", "accept", [";"], "Accept the one at the cursor"],
    ["accept-all", { command: "accept", all: true }, [":"], "Accept all of its actor"],
    ["reject", "reject", ["'"], "Reject it: not asked again in this article"],
    ["reject-all", { command: "reject", all: true }, ["!"], "Reject all of its actor"],
    ["other-reading", "other-reading", ["#"], "Take it the other way: place or power, another actor"],
    ["suggestions", "suggestions", ["*"], "Show or hide suggestions", "always"],
  ),
  ...group("This article and its marks",
    ["density", "density", ["Alt+V"], "Which marks are shown", "always"],
    ["removed", "removed", ["Alt+R"], "Removed annotations", "always"],
    ["next-conflict", "next-conflict", ["Alt+C"], "Next conflict", "always"],
    ["side-by-side", "side-by-side", ["Alt+S"], "Articles of the story side by side, or this one alone", "always"],
    ["hand-in", "hand-in", [], "Hand the article in", "always"],
    ["tray-put", null, [], "Put the mark in hand, from the tray, there", { same: "replace-stretch" }],
  ),
  ...group("Everywhere",
    ["undo", "undo", ["Ctrl+Z"], "Undo", "always"],
    ["redo", "redo", ["Ctrl+Shift+Z", "Ctrl+Y"], "Redo", "always"],
    ["palette", "palette", ["/", "Ctrl+K"], "Palette: tags, actors, commands"],
    ["definition", "definition", ["Alt+I"], "Definition and examples of the tag at hand", "always"],
    ["tour", "tour", [], "Tour: mark a first claim", "always"],
    ["help", "help", ["?"], "All keys, and changing them", "always"],
    ["back", "back", ["Escape"], "A step back"],
  ),
];

/** Rows [name, command, keys, words, when or { … }] of a group; a bare command is its name. */
function group(title, ...rows) {
  return rows.map(([name, command, keys, words, more]) => ({
    name,
    command: typeof command === "string" ? { command } : command,
    keys,
    words,
    group: title,
    ...(typeof more === "string" ? { when: more } : more),
  }));
}

const byName = new Map(BINDINGS.map((row) => [row.name, row]));
const PASSES_FIELDS = /^(Alt\+[A-Z]|Ctrl\+[A-Z]|(Shift\+)?F\d+|Escape)$/;
const TURNED = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };
const SILENT = new Set([
  "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock", "Fn", "Dead", "Process",
  "Unidentified", "Compose",
]);
const WRITTEN = {
  Comma: ",", Period: ".", Slash: "/", Semicolon: ";", Quote: "'", BracketLeft: "[", Equal: "=",
  BracketRight: "]", Backslash: "\\", Backquote: "`", Minus: "-", Space: "Space",
};
const SIGNS = {
  ArrowRight: "→", ArrowLeft: "←", ArrowDown: "↓", ArrowUp: "↑", Enter: "⏎", Delete: "Del",
  Escape: "Esc", Backspace: "⌫", PageUp: "Page ↑", PageDown: "Page ↓",
};
const SPOKEN = { "⏎": "Enter", "⌫": "Backspace" };

let own = {}; // the person's keys, from names of rows to chords; "" for a row without any
let rowOf = null; // from chords to rows; made again after a change

/** Let the person's own keys count: { name of a row: chord, or "" for no key }. */
export function useKeys(chosen) {
  own = { ...chosen };
  rowOf = null;
}

/** The person's own keys, as `useKeys` takes them. */
export const ownKeys = () => own;

/** The chords of a row as they are now, the first the one to show. */
export function chordsOf(name) {
  if (own[name] !== undefined) return own[name] ? [own[name]] : [];
  const taken = Object.values(own);
  return (byName.get(name)?.keys ?? []).filter((chord) => !taken.includes(chord));
}

/** The row that has a chord now, or undefined. */
export function holderOf(chord) {
  rowOf ??= new Map(BINDINGS.flatMap((row) => chordsOf(row.name).map((one) => [one, row])));
  return rowOf.get(chord);
}

/**
 * The command of a key press, or null: { command, … } with unit, step, extend, side, exact, tag
 * or stance as it needs. `tagOf(key)` gives the tag of a key; `rightToLeft` turns ← and →.
 */
export function commandOf(press, { tagOf, rightToLeft = false }) {
  const turned = rightToLeft && TURNED[press.key] ? { ...press, key: TURNED[press.key] } : press;
  const chord = chordOf(turned);
  const row = holderOf(chord) ?? holderOf(chord.replace(/\bShift\+(?=..)/, ""));
  if (row && !row.yields) return row.command;
  const tag = chord && tagOf(chord);
  if (tag) return { command: "tag", tag };
  return row?.command ?? null;
}

/** Whether a command is meant although the focus is where text is typed. */
export function passesFields(chord, { command }) {
  return PASSES_FIELDS.test(chord) && command !== "undo" && command !== "redo";
}

/**
 * A key press in writing: "m", "?", "Enter", "Shift+ArrowDown", "Ctrl+Z", "Alt+V"; "" for one
 * that means nothing yet. Shift is not told of characters: they are other characters with it.
 */
export function chordOf({ key, code = "", shiftKey = false, altGraph = false, ...press }) {
  const alt = Boolean(press.altKey) && !altGraph;
  const control = Boolean(press.ctrlKey || press.metaKey) && !altGraph;
  const isNamed = key.length > 1 && !/^\P{ASCII}/u.test(key);
  const written = alt && (!isNamed || key === "Dead") ? placeOf(code) : key;
  if (!written || SILENT.has(written) || (alt && control)) return "";
  const shift = shiftKey && (isNamed || alt || control || key === " ");
  const last = written === " " ? "Space" : control && !isNamed ? written.toUpperCase() : written;
  return [control && "Ctrl", alt && "Alt", shift && "Shift", last].filter(Boolean).join("+");
}

/** With Alt some keyboards write other characters, so the key's place counts. */
function placeOf(code) {
  return WRITTEN[code] ?? code.replace(/^(Key|Digit)/, "");
}

/** A chord as a button shows it: “⏎”, “Ctrl Z”; joined by " + ", as a sentence: “Ctrl + Z”. */
export function sign(chord, joint = " ") {
  const [, held, key] = chord.match(/^((?:(?:Ctrl|Alt|Shift)\+)*)(.*)$/s);
  const shown = SIGNS[key] ?? key;
  const last = joint === " " ? shown : SPOKEN[shown] ?? shown;
  return [...held.split("+").filter(Boolean), last].join(joint);
}

/** The key of a row in a sentence, or what the palette calls it if the person gave it none. */
export function hint(name) {
  const [chord] = chordsOf(name);
  return chord ? sign(chord, " + ") : `“${byName.get(name).words}”`;
}

const bySign = new Map(
  BINDINGS.flatMap(({ name, keys }) => keys.map((chord) => [sign(chord), name])),
);

/** What a button shows for one of our keys (“⏎”, “m”): the person's own in its place. */
export function signNow(ours) {
  const name = bySign.get(ours);
  if (!name) return ours;
  const chords = chordsOf(name);
  const first = chords.find((chord) => sign(chord) === ours) ?? chords[0];
  return first ? sign(first) : "";
}

/**
 * What the palette offers: [{ name, words, key, moment, command, … }] of commands that `knows`
 * tells. `moments` are the names of `when` that hold now; rows without one are found by search.
 */
export function offeredNow(moments, knows) {
  return BINDINGS
    .filter(({ command, when }) => command && knows(command.command) && (!when || moments.has(when)))
    .filter(({ name }) => name !== "palette")
    .map(({ name, command, words, when }) => {
      const [chord] = chordsOf(name);
      return { ...command, name, words, key: chord ? sign(chord) : "", moment: when };
    });
}
