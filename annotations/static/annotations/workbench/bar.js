/** The small bar at a selection: what can be made of it. At thumb height on narrow screens. */

import { button, el } from "./dom.js";

const KEYS_SHOWN = 6;

/** The bar { update }: shown while something is selected that may be marked, hidden otherwise. */
export function makeBar({ page, selection, codebook, labels, act, mayMark, isOpen }) {
  const bar = page.appendChild(el("div", {
    class: "wb-bar", role: "toolbar", "aria-label": "Mark the selection", hidden: true,
  }));
  // The selection must outlive the press of a button.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  const withKeys = codebook.facets.map(({ tags }) => tags.filter(({ key }) => codebook.byKey(key)));
  const tags = (withKeys.find((own) => own.length) ?? []).slice(0, KEYS_SHOWN);

  const adding = button("Add to open", () => act({ command: "add-stretch" }), { key: "+" });
  // Made once: a button that is made anew between press and release is not clicked.
  bar.append(
    button("Claim", () => act({ command: "enter" }), { key: "⏎" }),
    button("Mention", () => act({ command: "mention" }), { key: "m" }),
    ...tags.map((tag) => button(
      labels.sign(tag), () => act({ command: "tag", tag }), { title: tag.label, "aria-label": tag.label },
    )),
    adding,
    button("More", () => act({ command: "palette" }), { key: "/" }),
  );

  function update({ pressed }) {
    bar.hidden = !mayMark || selection.isEmpty() || pressed;
    adding.hidden = !isOpen();
    if (!bar.hidden) place();
  }

  /** Above the selection, or below where there is no room; styles put it down on narrow screens. */
  function place() {
    const { first, last } = selection.box();
    if (!first) return;
    const origin = page.getBoundingClientRect();
    const above = first.top > bar.offsetHeight + 72;
    const edge = above ? first.top - bar.offsetHeight - 8 : last.bottom + 10;
    const column = selection.column();
    const left = Math.min(first.left, column.right - bar.offsetWidth);
    bar.style.left = `${Math.max(column.left, left) - origin.left}px`;
    bar.style.top = `${edge - origin.top}px`;
  }

  return { update };
}
