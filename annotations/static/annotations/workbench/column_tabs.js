/** On narrow screens the columns stand one behind the other, each with a tab. */

import { el, fill } from "./dom.js";

const NARROW = "(max-width: 52rem)";

/** The tabs { show(nth) } over the columns; `choose(nth)` is called when one is pressed. */
export function makeColumnTabs({ root, columns, choose }) {
  const narrow = matchMedia(NARROW);
  const tabs = columns.map(({ section, name, title, nth }) => el("button", {
    type: "button", role: "tab", id: `${section.id}-tab`, "aria-controls": section.id, title,
    text: name, on: { click: () => choose(nth), keydown: (event) => move(event, nth) },
  }));
  fill(root, tabs);

  function move(event, nth) {
    const last = columns.length - 1;
    const to = {
      ArrowRight: nth === last ? 0 : nth + 1, ArrowLeft: nth === 0 ? last : nth - 1, Home: 0, End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(to);
    tabs[to].focus();
  }

  function show(active) {
    for (const { section, nth } of columns) {
      tabs[nth].setAttribute("aria-selected", String(nth === active));
      tabs[nth].tabIndex = nth === active ? 0 : -1;
      section.classList.toggle("is-behind", narrow.matches && nth !== active);
    }
  }

  /** A column is the panel of its tab, or a region with a name of its own. */
  function name() {
    for (const { section, title, nth } of columns) {
      section.setAttribute("role", narrow.matches ? "tabpanel" : "region");
      if (narrow.matches) {
        section.removeAttribute("aria-label");
        section.setAttribute("aria-labelledby", tabs[nth].id);
      } else {
        section.removeAttribute("aria-labelledby");
        section.setAttribute("aria-label", `Column ${nth + 1} of ${columns.length}: ${title}`);
      }
    }
    show(columns.findIndex(({ section }) => section.classList.contains("is-active")));
  }

  narrow.addEventListener("change", name);
  name();
  return { show };
}
