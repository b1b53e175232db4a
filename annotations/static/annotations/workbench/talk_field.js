/** The field in which a comment is written, with type-ahead of colleagues behind an @. */

import { fold, search } from "./codebook.js";
import { button, el, fill } from "./dom.js";
import { nameAt, namedIn, withName } from "./remarks.js";

const SHOWN = 6;
let count = 0;

/**
 * The field { node, focus, set(text), text }. `colleagues` are [user name, shown name]; `kept` is
 * the store of what is typed and not sent, { get, set(text) }; `send(text)` takes it and says
 * whether it did; `hint(names)` says who will read it.
 */
export function makeTalkField({ label, words, colleagues, kept, send, hint, leave }) {
  count += 1;
  const id = `talk-${count}`;
  const entries = colleagues.map((thing) => ({ thing, names: [...thing].reverse().map(fold) }));
  const names = colleagues.map(([name]) => name);
  const area = el("textarea", {
    rows: 2, "aria-label": label, "aria-autocomplete": "list", "aria-controls": `${id}-list`,
    "aria-describedby": `${id}-hint`, placeholder: names.length ? "@ names a colleague" : "",
    dir: "auto", maxlength: 5000,
  });
  const list = el("ul", {
    id: `${id}-list`, role: "listbox", "aria-label": "Colleagues", class: "wb-options", hidden: true,
  });
  const told = el("p", { id: `${id}-hint`, class: "wb-talk-hint" });
  const control = button(words, take, { key: "Ctrl ⏎", class: "button small" });
  const cancel = leave ? button("Leave it", leave, { class: "button quiet small" }) : null;
  const node = el(
    "div", { class: "wb-talk-field" }, el("div", { class: "wb-combobox" }, area, list), told,
    el("p", { class: "choices" }, control, cancel),
  );
  let found = [];
  let active = 0;

  function set(text) {
    area.value = text;
    close();
    look();
  }

  /** What depends on what is written: whether there is anything to send, and who will read it. */
  function look() {
    control.hidden = !area.value.trim() && !cancel;
    const named = namedIn(area.value, names);
    const line = named.length ? hint(named) : "";
    if (told.textContent !== line) told.textContent = line;
  }

  function take() {
    if (!area.value.trim()) return area.focus();
    if (send(area.value.trim())) {
      kept.set("");
      set("");
    }
    return undefined;
  }

  function writing() {
    const isPlain = area.selectionStart === area.selectionEnd;
    return isPlain ? nameAt(area.value, area.selectionStart) : null;
  }

  function offer() {
    const begun = writing();
    found = begun ? search(entries, begun.words).slice(0, SHOWN) : [];
    active = 0;
    list.hidden = !found.length;
    fill(list, found.map(([name, shown], nth) => el(
      "li", { role: "option", id: `${id}-${nth}`, data: { nth } },
      el("bdi", { text: shown }), el("span", { class: "kind", text: `@${name}` }),
    )));
    point();
  }

  function point() {
    for (const option of list.children) {
      option.setAttribute("aria-selected", String(Number(option.dataset.nth) === active));
    }
    if (list.hidden) area.removeAttribute("aria-activedescendant");
    else area.setAttribute("aria-activedescendant", `${id}-${active}`);
  }

  function close() {
    found = [];
    list.hidden = true;
    point();
  }

  function choose([name]) {
    const { start } = writing();
    const { text, place } = withName(area.value, { start, place: area.selectionStart, name });
    area.value = text;
    area.setSelectionRange(place, place);
    close();
    onInput();
  }

  function onInput() {
    kept.set(area.value);
    look();
    offer();
  }

  function onKey(event) {
    if (event.isComposing) return;
    const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isSending) take();
    else if (found.length && step) {
      active = (active + step + found.length) % found.length;
      point();
    } else if (found.length && (event.key === "Enter" || event.key === "Tab")) choose(found[active]);
    else if (found.length && event.key === "Escape") close();
    else if (event.key === "Escape" && leave) leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  area.addEventListener("input", onInput);
  area.addEventListener("keydown", onKey);
  area.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-nth]");
    if (option) choose(found[Number(option.dataset.nth)]);
  });
  set(kept.get());
  return { node, set, focus: () => area.focus(), text: () => area.value };
}
