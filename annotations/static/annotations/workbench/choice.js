/** A row of small buttons of which one at most is pressed; pressed again, it is let go. */

import { button, el } from "./dom.js";

/**
 * The row { node, update(value), focus, turn(step) } for [value, words] options. `take(value)` gets
 * the value that was pressed, or that ← and → turn to; where one is `needed`, none is let go.
 */
export function makeChoice({ name, options, take, needed = false, class: more = "" }) {
  const buttons = options.map(([value, words]) => button(
    words, () => take(value), { class: "stance", data: { value } },
  ));
  const node = el("div", { class: `wb-stances ${more}`.trim(), role: "group", "aria-label": name }, buttons);
  let pressed = "";
  node.addEventListener("keydown", onKey);

  function onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    turn(getComputedStyle(node).direction === "rtl" ? -step : step);
    focus();
  }

  /** To the next value; past the last one to none. */
  function turn(step = 1) {
    const next = turned(options, pressed, step, needed);
    take(next || pressed);
    update(next);
  }

  function update(value) {
    pressed = value;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.value === value));
    const reached = reachable();
    for (const one of buttons) one.tabIndex = one === reached ? 0 : -1;
  }

  const reachable = () => buttons.find((one) => one.dataset.value === pressed) ?? buttons[0];
  const focus = () => reachable().focus();

  update("");
  return { node, update, focus, turn };
}

/** The value after (step 1) or before (-1) another in a row of choices; "" lies between the ends. */
export function turned(options, value, step = 1, needed = false) {
  const row = [...(needed ? [] : [""]), ...options.map(([choice]) => choice)];
  return row[(row.indexOf(value) + step + row.length) % row.length];
}
