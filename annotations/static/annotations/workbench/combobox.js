/** A field with type-ahead over a list, after the ARIA pattern of the editable combobox. */

import { el, fill } from "./dom.js";

const SHOWN = 8;
const ASKING = 120; // milliseconds without a key until the server is asked
let count = 0;

/**
 * The field { node, input, focus }. `find(words)` gives the things that fit; `show(thing)` the
 * nodes of an option; `pick(thing, event)` takes the choice. `open` keeps the list in sight.
 * `ask(words)`, where there is one, promises that `find` knows more by then, or fails with a
 * message.
 */
export function makeCombobox({
  label, placeholder = "", find, show, pick, shown = SHOWN, open = false, onMove, escape, ask,
}) {
  count += 1;
  const id = `combobox-${count}`;
  const input = el("input", {
    id, type: "text", role: "combobox", "aria-label": label, "aria-autocomplete": "list", placeholder,
    "aria-expanded": "false", "aria-controls": `${id}-list`, autocomplete: "off", spellcheck: "false",
  });
  const list = el("ul", { id: `${id}-list`, role: "listbox", "aria-label": label, class: "wb-options" });
  const node = el("div", { class: "wb-combobox" }, input, list);
  let things = [];
  let active = -1;
  let timer = 0;
  let moved = false; // by the arrow keys since the last letter

  function refresh() {
    clearTimeout(timer);
    const words = input.value;
    moved = false;
    if (ask && words.trim()) timer = setTimeout(() => askFor(words), ASKING);
    draw(ask && words.trim() ? "Looking…" : "Nothing fits.");
  }

  /** Show what there is to find after asking, if nothing else was typed meanwhile. */
  async function askFor(words) {
    const trouble = await ask(words).then(() => "", (error) => error.message);
    if (input.value !== words || list.hidden) return;
    const chosen = things[active];
    draw("Nothing fits.");
    if (trouble) list.append(el("li", { class: "none", text: trouble }));
    const place = things.indexOf(chosen);
    if (moved && place >= 0) {
      active = place;
      point();
    }
  }

  function draw(nothing) {
    things = find(input.value).slice(0, shown);
    active = input.value || open ? Math.min(0, things.length - 1) : -1;
    fill(list, things.map((thing, nth) => el(
      "li", { role: "option", id: `${id}-${nth}`, data: { nth } }, show(thing),
    )));
    if (!things.length && input.value) fill(list, el("li", { class: "none", text: nothing }));
    input.setAttribute("aria-expanded", String(things.length > 0));
    list.hidden = !things.length && !input.value;
    point();
  }

  function point() {
    for (const option of list.children) {
      option.setAttribute("aria-selected", String(Number(option.dataset.nth) === active));
    }
    const option = list.children[active];
    if (active >= 0) input.setAttribute("aria-activedescendant", `${id}-${active}`);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
    onMove?.(things[active]);
  }

  function close() {
    if (open) return;
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(thing, event) {
    input.value = "";
    close();
    pick(thing, event);
  }

  function onKey(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (list.hidden) refresh();
      active = things.length ? (active + step + things.length) % things.length : -1;
      moved = true;
      point();
    } else if (event.key === "Enter" && things[active]) {
      choose(things[active], event);
    } else if (event.key === "Escape" && !list.hidden && !open) {
      input.value = "";
      close();
    } else if (event.key === "Escape" && escape) {
      escape();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  input.addEventListener("input", refresh);
  input.addEventListener("keydown", onKey);
  input.addEventListener("focus", () => (open ? refresh() : undefined));
  input.addEventListener("click", refresh);
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-nth]");
    if (option) choose(things[Number(option.dataset.nth)], event);
  });
  if (!open) list.hidden = true;
  return { node, input, refresh, focus: () => input.focus() };
}
