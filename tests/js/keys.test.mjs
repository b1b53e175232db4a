import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BINDINGS, chordOf, chordsOf, commandOf, hint, holderOf, offeredNow, sign, signNow, useKeys,
} from "../../annotations/static/annotations/workbench/keys.js";

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
  ["j", move("passage", 1)],
  ["Shift+K", move("passage", -1, true)],
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
  ["Shift+Enter", { command: "enter" }],
  ["Ctrl+f", { command: "find" }],
  ["F6", { command: "next-column" }],
  ["Alt+ArrowDown", move("mark", 1)],
  ["Shift+Alt+ArrowUp", move("mark", -1, true)],
  ["Ctrl+ArrowRight", null],
  ["Ctrl+Alt+z", null],
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
  const dead = { key: "Dead", code: "KeyI", altKey: true };
  assert.deepEqual(commandOf(dead, { tagOf }), { command: "definition" });
});

for (const [pressed, chord] of [
  [{ key: "m" }, "m"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: "+" }, "+"],
  [{ key: " " }, "Space"],
  [{ key: "é" }, "é"],
  [{ key: "Enter", shiftKey: true }, "Shift+Enter"],
  [{ key: "z", ctrlKey: true }, "Ctrl+Z"],
  [{ key: "Z", metaKey: true, shiftKey: true }, "Ctrl+Shift+Z"],
  [{ key: "√", code: "KeyV", altKey: true }, "Alt+V"],
  [{ key: "Dead", code: "Backquote", altKey: true }, "Alt+`"],
  [{ key: "@", code: "KeyQ", altKey: true, ctrlKey: true, altGraph: true }, "@"],
  [{ key: "Dead", code: "Backquote" }, ""],
  [{ key: "Shift", shiftKey: true }, ""],
]) {
  test(`a key press in writing is ${chord || "nothing yet"}: ${JSON.stringify(pressed)}`, () => {
    assert.equal(chordOf(pressed), chord);
  });
}

test("no two rows have the same name or the same key", () => {
  const once = (things) => assert.deepEqual([...new Set(things)], things);
  once(BINDINGS.map(({ name }) => name));
  once(BINDINGS.flatMap(({ keys }) => keys));
});

test("every row does something or says which keys do", () => {
  const silent = BINDINGS.filter(({ command, shown, same }) => (
    !command && !shown && !BINDINGS.some(({ name }) => name === same)
  ));
  assert.deepEqual(silent, []);
});

test("a key of the person's own takes the place of ours, and takes it from where it was", (t) => {
  t.after(() => useKeys({}));
  useKeys({ mention: "]", palette: "Alt+P", undo: "" });
  assert.deepEqual(commandOf(press("]"), { tagOf }), { command: "mention" });
  assert.equal(commandOf(press("m"), { tagOf }), null);
  assert.equal(commandOf(press("/"), { tagOf }), null);
  assert.equal(commandOf(press("Ctrl+z"), { tagOf }), null);
  assert.deepEqual(commandOf({ key: "π", code: "KeyP", altKey: true }, { tagOf }), { command: "palette" });
  assert.deepEqual(["mention", "next-mark", "palette", "undo", "redo"].map(chordsOf), [
    ["]"], [], ["Alt+P"], [], ["Ctrl+Shift+Z", "Ctrl+Y"],
  ]);
  assert.equal(holderOf("]").name, "mention");
});

test("hints and buttons show the person's own keys", (t) => {
  t.after(() => useKeys({}));
  assert.deepEqual(["⏎", "Del", "Esc", "m", "f"].map(signNow), ["⏎", "Del", "Esc", "m", "f"]);
  useKeys({ claim: "c", undo: "Alt+U", mention: "" });
  assert.deepEqual(["⏎", "m", "]"].map(signNow), ["c", "", "]"]);
  assert.deepEqual(["undo", "mention", "remove"].map(hint), ["Alt + U", "“Mention of the selection or the word”", "Del"]);
  assert.deepEqual(["Enter", "Ctrl++"].map((chord) => sign(chord)), ["⏎", "Ctrl +"]);
  assert.equal(sign("Enter", " + "), "Enter");
});

test("a tag's key goes before a stance, and after everything else", (t) => {
  t.after(() => useKeys({}));
  const tags = { tagOf: (key) => key };
  assert.deepEqual(commandOf(press("m"), tags), { command: "mention" });
  assert.deepEqual(commandOf(press("1"), tags), { command: "tag", tag: "1" });
});

test("the palette offers what the moment allows and somebody does", () => {
  const named = (moments, knows = () => true) => offeredNow(new Set(moments), knows)
    .filter(({ moment }) => moment).map(({ name }) => name);
  assert.deepEqual(named(["both"]), ["copy", "add-stretch", "replace-stretch"]);
  assert.deepEqual(named(["selected"], (command) => command === "mention"), ["mention"]);
  const [mention] = offeredNow(new Set(["selected"]), (command) => command === "mention");
  assert.deepEqual(mention, {
    command: "mention", name: "mention", words: "Mention of the selection or the word", key: "m",
    moment: "selected",
  });
});
