/**
 * Which key does what: one table, read by the workbench, by its hints and by its help. Letters
 * and digits that are not here are free to be the keys of tags.
 */

export const KEYS = [
  ["Move through the text", [
    ["→ ←", "next, previous word"],
    ["↓ ↑", "next, previous sentence"],
    ["j k", "next, previous passage"],
    ["] [", "next, previous mark"],
    ["\"", "next passage that another article has too"],
    ["Alt + → ←", "next, previous character"],
    ["Shift + any of these", "select on the way (Shift + J, K by passage)"],
  ]],
  ["Mark", [
    ["Enter", "claim of the selection, or open the mark at the cursor"],
    ["m", "mention of the selection, or of the word at the cursor"],
    ["the key of a tag", "claim with this tag, of the selection or the sentence at the cursor"],
  ]],
  ["Change the open annotation", [
    ["the key of a tag", "give or take the tag, while nothing is selected"],
    ["1 2 3 4", "stance of the latest tag: support, oppose, neutral, unclear"],
    ["@", "the article’s author is the claimant"],
    ["+", "add the selected stretch"],
    ["-", "take the stretch at the cursor away"],
    ["=", "put the selection in the place of the stretch at the cursor"],
    [", .", "end of the stretch one word back, on (with Alt: one character)"],
    ["< >", "start of the stretch one word back, on (with Alt: one character)"],
    ["Enter", "into the panel, while the cursor is at the open mark"],
    ["Delete", "remove the annotation"],
  ]],
  ["Suggestions", [
    ["} {", "next, previous suggestion"],
    [";", "accept the one at the cursor"],
    [":", "accept all of its actor"],
    ["'", "reject it: not asked again in this article"],
    ["!", "reject all of its actor"],
    ["#", "take it the other way: place or those who govern there, another actor"],
    ["*", "show or hide suggestions"],
  ]],
  ["Tray, after a correction", [
    ["=", "put the mark in hand at the selection, or where it is proposed"],
    ["Delete", "remove the mark in hand"],
  ]],
  ["Everywhere", [
    ["Ctrl + Z", "undo"],
    ["Ctrl + Shift + Z", "redo (also Ctrl + Y)"],
    ["/ or Ctrl + K", "palette: actors, tags, commands"],
    ["?", "all keys"],
    ["Esc", "a step back"],
  ]],
];

/** Commands that the palette offers, by when they make sense. */
export const OFFERED = {
  selected: [
    { command: "enter", words: "Claim of the selection", key: "⏎" },
    { command: "mention", words: "Mention of the selection", key: "m" },
  ],
  both: [{ command: "add-stretch", words: "Add the selection to the open annotation", key: "+" }],
  claim: [
    { command: "author", words: "The author is the claimant", key: "@" },
    { command: "field", field: "claimant", words: "Choose a claimant" },
    { command: "field", field: "target", words: "Choose a target" },
    { command: "field", field: "voice", words: "Choose the voice chain" },
  ],
  open: [{ command: "remove", words: "Remove the open annotation", key: "Del" }],
  always: [
    { command: "mark", step: 1, words: "Next mark", key: "]" },
    { command: "mark", step: -1, words: "Previous mark", key: "[" },
    { command: "suggestion", step: 1, words: "Next suggestion", key: "}" },
    { command: "suggestion", step: -1, words: "Previous suggestion", key: "{" },
    { command: "suggestions", words: "Show or hide suggestions", key: "*" },
    { command: "said-twice", words: "Next passage that another article has too", key: "\"" },
    { command: "undo", words: "Undo", key: "Ctrl Z" },
    { command: "redo", words: "Redo", key: "Ctrl Shift Z" },
    { command: "help", words: "All keys", key: "?" },
  ],
};

const PLAIN = {
  "}": { command: "suggestion", step: 1 },
  "{": { command: "suggestion", step: -1 },
  ";": { command: "accept" },
  ":": { command: "accept", all: true },
  "'": { command: "reject" },
  "!": { command: "reject", all: true },
  "#": { command: "other-reading" },
  "*": { command: "suggestions" },
  m: { command: "mention" },
  j: { command: "move", unit: "passage", step: 1 },
  k: { command: "move", unit: "passage", step: -1 },
  J: { command: "move", unit: "passage", step: 1, extend: true },
  K: { command: "move", unit: "passage", step: -1, extend: true },
  "]": { command: "mark", step: 1 },
  "[": { command: "mark", step: -1 },
  "\"": { command: "said-twice" },
  "+": { command: "add-stretch" },
  "-": { command: "drop-stretch" },
  "=": { command: "replace-stretch" },
  "@": { command: "author" },
  "/": { command: "palette" },
  "?": { command: "help" },
  ",": { command: "nudge", side: "end", step: -1 },
  ".": { command: "nudge", side: "end", step: 1 },
  "<": { command: "nudge", side: "start", step: -1 },
  ">": { command: "nudge", side: "start", step: 1 },
  Enter: { command: "enter" },
  Delete: { command: "remove" },
  Backspace: { command: "remove" },
  Escape: { command: "back" },
};
const ARROWS = {
  ArrowRight: ["word", 1], ArrowLeft: ["word", -1], ArrowDown: ["sentence", 1], ArrowUp: ["sentence", -1],
};

/**
 * The command of a key press, or null: { command, … } with unit, step, extend, side, exact, tag
 * or stance as it needs. `tagOf(key)` gives the tag of a key; `rightToLeft` turns ← and →.
 */
export function commandOf(press, { tagOf, rightToLeft = false }) {
  const { key, shiftKey = false, altGraph = false } = press;
  const altKey = press.altKey && !altGraph;
  const control = (press.ctrlKey || press.metaKey) && !altGraph;
  if (control) return altKey ? null : withControl(key.toLowerCase(), shiftKey);
  if (ARROWS[key]) return arrow(key, { shiftKey, altKey, rightToLeft });
  if (altKey) return nudgeExactly(press.code, shiftKey);
  if (PLAIN[key]) return PLAIN[key];
  const tag = tagOf(key);
  if (tag) return { command: "tag", tag };
  return /^[1-4]$/.test(key) ? { command: "stance", stance: Number(key) - 1 } : null;
}

function withControl(key, shiftKey) {
  if (key === "z") return { command: shiftKey ? "redo" : "undo" };
  if (key === "y") return { command: "redo" };
  return key === "k" ? { command: "palette" } : null;
}

function arrow(key, { shiftKey, altKey, rightToLeft }) {
  const [unit, step] = ARROWS[key];
  const sideways = unit === "word";
  return {
    command: "move",
    unit: sideways && altKey ? "grapheme" : unit,
    step: sideways && rightToLeft ? -step : step,
    extend: shiftKey,
  };
}

/** With Alt some keyboards write other characters, so the key's place counts. */
function nudgeExactly(code, shiftKey) {
  const step = { Comma: -1, Period: 1 }[code];
  return step ? { command: "nudge", side: shiftKey ? "start" : "end", step, exact: true } : null;
}
