import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf } from "../../annotations/static/annotations/workbench/keys.js";

const tagOf = (key) => ({ f: "fact", 2: "two" })[key];
const press = (words) => {
  const parts = words.split("+");
  return {
    key: parts.at(-1) || "+",
    shiftKey: parts.includes("Shift"), altKey: parts.includes("Alt"),
    ctrlKey: parts.includes("Ctrl"), metaKey: parts.includes("Meta"),
    altGraph: parts.includes("AltGr"),
  };
};
const move = (unit, step, extend = false) => ({ command: "move", unit, step, extend });

const table = [
  ["ArrowRight", move("word", 1)],
  ["ArrowLeft", move("word", -1)],
  ["ArrowDown", move("sentence", 1)],
  ["ArrowUp", move("sentence", -1)],
  ["Alt+ArrowRight", move("grapheme", 1)],
  ["}", { command: "suggestion", step: 1 }],
  ["{", { command: "suggestion", step: -1 }],
  [";", { command: "accept" }],
  ["Shift+:", { command: "accept", all: true }],
  ["'", { command: "reject" }],
  ["Shift+!", { command: "reject", all: true }],
  ["#", { command: "other-reading" }],
  ["*", { command: "suggestions" }],
  ["Shift+ArrowLeft", move("word", -1, true)],
  ["Shift+Alt+ArrowLeft", move("grapheme", -1, true)],
  ["Shift+ArrowDown", move("sentence", 1, true)],
  ["j", { command: "move", unit: "passage", step: 1 }],
  ["Shift+K", { command: "move", unit: "passage", step: -1, extend: true }],
  ["]", { command: "mark", step: 1 }],
  ["[", { command: "mark", step: -1 }],
  ["Ctrl+Alt+AltGr+[", { command: "mark", step: -1 }],
  ["Enter", { command: "enter" }],
  ["m", { command: "mention" }],
  ["f", { command: "tag", tag: "fact" }],
  ["2", { command: "tag", tag: "two" }],
  ["1", { command: "stance", stance: 0 }],
  ["4", { command: "stance", stance: 3 }],
  ["5", null],
  ["+", { command: "add-stretch" }],
  ["-", { command: "drop-stretch" }],
  ["Delete", { command: "remove" }],
  ["@", { command: "author" }],
  [",", { command: "nudge", side: "end", step: -1 }],
  ["Shift+>", { command: "nudge", side: "start", step: 1 }],
  ["Ctrl+z", { command: "undo" }],
  ["Meta+z", { command: "undo" }],
  ["Ctrl+Shift+Z", { command: "redo" }],
  ["Ctrl+y", { command: "redo" }],
  ["Ctrl+k", { command: "palette" }],
  ["/", { command: "palette" }],
  ["Shift+?", { command: "help" }],
  ["Escape", { command: "back" }],
  ["Ctrl+f", null],
  ["Ctrl+m", null],
  ["Alt+f", null],
  ["x", null],
  ["e", null],
  ["Tab", null],
];

for (const [keys, command] of table) {
  test(`a key is a command: ${keys}`, () => {
    assert.deepEqual(commandOf(press(keys), { tagOf }), command);
  });
}

test("in a text from right to left the arrow to the left goes on", () => {
  const turned = (keys) => commandOf(press(keys), { tagOf, rightToLeft: true });
  assert.deepEqual(turned("ArrowLeft"), move("word", 1));
  assert.deepEqual(turned("Shift+Alt+ArrowRight"), move("grapheme", -1, true));
  assert.deepEqual(turned("ArrowDown"), move("sentence", 1));
});

test("with Alt the place of a key counts, whatever it writes", () => {
  const pressed = { key: "≤", code: "Comma", altKey: true };
  const exactly = { command: "nudge", side: "end", step: -1, exact: true };
  assert.deepEqual(commandOf(pressed, { tagOf }), exactly);
});
