/** Keys pressed on a desk become commands, unless they belong to what has the focus. */

import { takesTyping } from "./dom.js";
import { chordOf, commandOf, passesFields } from "./keys.js";

/** The listener to the page's keys; `knows(name)` says whether anything here does a command. */
export function makeListener({ root, text, selection, codebook, knows, act }) {
  return (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || root.querySelector("dialog[open]")) return;
    if (target !== document.body && !root.contains(target)) return;
    const nth = text.nthOf(selection.place());
    const press = {
      key: event.key, code: event.code, shiftKey: event.shiftKey, altKey: event.altKey,
      ctrlKey: event.ctrlKey, metaKey: event.metaKey, altGraph: event.getModifierState("AltGraph"),
    };
    const command = commandOf(press, {
      tagOf: codebook.byKey, rightToLeft: text.isRightToLeft(nth),
    });
    if (!command || !knows(command.command) || belongsTo(target, chordOf(press), command)) return;
    event.preventDefault();
    act(command);
  };
}

/** Whether a key is the business of the element that has the focus. */
function belongsTo(target, chord, command) {
  const isEmpty = target.matches("[role=combobox]") && !target.value;
  if (isEmpty && ["undo", "redo"].includes(command.command)) return false;
  if (takesTyping(target)) return !passesFields(chord, command);
  const isControl = target.matches("button, a, summary, input, select");
  return isControl && /^(Shift\+)?(Enter|Space|Arrow\w+)$/.test(chord);
}
