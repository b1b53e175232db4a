/** The tools above the text: undo and redo with the names of what they do, search, keys. */

import { button, el, fill } from "./dom.js";
import { chordsOf, sign } from "./keys.js";

const HISTORY = [["undo", "Undo"], ["redo", "Redo"]];

/** The tools { draw }; `named(entry)` says what a change of the log did. */
export function makeTools({ history, tools, state, mayMark, act, named }) {
  fill(
    tools,
    button(
      el("span", {}, "Commands", el("span", { class: "more", text: ", tags, actors" })),
      () => act({ command: "palette" }), { key: "/", class: "button quiet small" },
    ),
    button("Keys", () => act({ command: "help" }), { key: "?", class: "button quiet small" }),
  );
  const controls = mayMark ? HISTORY.map(([command, word]) => button(
    word, () => act({ command }), { class: "button quiet small", data: { command } },
  )) : [];
  fill(history, controls);

  function draw() {
    const { done, undone } = state.stacks();
    controls.forEach((control, nth) => {
      const [command, word] = HISTORY[nth];
      const [chord] = chordsOf(command);
      const keys = chord ? sign(chord, " + ") : "";
      const entry = [done, undone][nth].at(-1);
      const name = entry ? named(entry) : "";
      const title = entry ? `${word}: ${name}` : `Nothing to ${word.toLowerCase()}`;
      control.title = keys ? `${title} (${keys})` : title;
      control.setAttribute("aria-keyshortcuts", keys.replaceAll(" ", "").replace("Ctrl", "Control"));
      control.setAttribute("aria-disabled", String(!entry));
      fill(control, el("span", { text: word }), el("span", { class: "what", text: name }));
    });
  }

  return { draw };
}
