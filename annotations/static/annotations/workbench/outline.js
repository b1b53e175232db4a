/**
 * The outline: the headings of the text, or the first words of its passages where it has none,
 * with how many of one's own marks lie below each. A column where there is room, else a dialog.
 */

import { button, el, fill } from "./dom.js";
import { countWhile } from "./offsets.js";

const WITH_COLUMN = "screen and (min-width: 106rem)";
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** The outline { commands, changed, moved }; it is made when it is first opened. */
export function makeOutline(desk) {
  let made = null;
  const open = () => {
    made ??= outlineOf(desk);
    made.open();
  };
  return {
    commands: { outline: open }, changed: () => made?.changed(), moved: () => made?.moved(),
  };
}

function outlineOf({ root, page, text, state, selection, focus, isAlone }) {
  const sections = sectionsOf(text.passages);
  const items = sections.map((section, nth) => button(
    el("span", { dir: "auto", text: text.short([section], 90) }), () => go(nth), {},
  ));
  const list = el("ol", {}, items.map((item) => el("li", {}, item)));
  const heading = el(
    "header", {}, el("h2", { text: "Outline" }), button("Close", close, { key: "Esc", class: "button quiet small" }),
  );
  const nav = el("nav", { class: "wb-outline", "aria-label": "Outline", on: { keydown: onKey } }, heading, list);
  const dialog = root.appendChild(el("dialog", { class: "wb-outline-sheet", "aria-label": "Outline" }));
  const wide = matchMedia(WITH_COLUMN);
  let due = 0;

  dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => focus.text());
  wide.addEventListener("change", () => isOpen() && close());

  const isOpen = () => nav.isConnected && (dialog.open || nav.parentElement === page);
  const here = () => Math.max(0, countWhile(sections.length, (nth) => sections[nth].start <= selection.place()) - 1);

  function open() {
    if (!isOpen()) {
      const asColumn = wide.matches && isAlone;
      for (const around of [page, document.body]) around.classList.toggle("has-outline", asColumn);
      if (asColumn) page.prepend(nav);
      else {
        dialog.append(nav);
        dialog.showModal();
      }
    }
    count();
    moved();
    items[here()]?.focus();
  }

  function close() {
    for (const around of [page, document.body]) around.classList.remove("has-outline");
    nav.remove();
    if (dialog.open) dialog.close();
    else focus.text();
  }

  function go(nth) {
    const { start } = sections[nth];
    if (dialog.open) close();
    else focus.text();
    selection.set(start, start, { byKey: true });
  }

  /** How many own marks begin in each section. */
  function count() {
    const counts = new Map();
    for (const { mine, content } of state.all()) {
      if (!mine || !content || content.kind === "rejection") continue;
      const { start } = content.spans[0];
      const nth = countWhile(sections.length, (at) => sections[at].start <= start) - 1;
      counts.set(nth, (counts.get(nth) ?? 0) + 1);
    }
    items.forEach((item, nth) => {
      const marks = counts.get(nth);
      const words = marks === 1 ? "one mark of yours" : `${marks} marks of yours`;
      const [title] = item.children;
      fill(item, title, marks && el(
        "span", { class: "count", title: words },
        el("span", { "aria-hidden": "true", text: String(marks) }),
        el("span", { class: "unseen", text: `, ${words}` }),
      ));
    });
  }

  function moved() {
    if (!isOpen()) return;
    const present = items[here()];
    for (const item of items) {
      if (item === present) item.setAttribute("aria-current", "location");
      else item.removeAttribute("aria-current");
    }
    if (!nav.contains(document.activeElement)) present?.scrollIntoView({ block: "nearest" });
  }

  function changed() {
    if (!isOpen()) return;
    clearTimeout(due);
    due = setTimeout(count, 300);
  }

  function onKey(event) {
    const at = items.indexOf(document.activeElement);
    const to = { Home: 0, End: items.length - 1 }[event.key] ?? (STEPS[event.key] && at + STEPS[event.key]);
    if (event.key === "Escape") close();
    else if (to !== undefined) items[Math.min(Math.max(to, 0), items.length - 1)].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return { open, changed, moved };
}

/**
 * The sections of a text as { start, end } of the words that name them: its headings, or each
 * passage's beginning where there is none. What stands before the first heading has one of its own.
 */
export function sectionsOf(passages) {
  const isHeading = ({ element }) => element.matches("h1, h2");
  const isSub = ({ element }) => element.matches("h2");
  if (!passages.some(isSub)) return passages.map(({ start, end }) => ({ start, end }));
  return passages.filter((passage, nth) => nth === 0 || isHeading(passage))
    .map(({ start, end }) => ({ start, end }));
}
