/** The small note beside a mark that names every annotation at that place. */

import { el, fill } from "./dom.js";

/** Shows the note for the mark under the mouse; `lines(ids)` gives { sign, text, by } of each. */
export function makeTip({ root, page, lines, near }) {
  const tip = page.appendChild(el("div", { class: "wb-tip", "aria-hidden": "true", hidden: true }));
  let shown = null;

  function over(event) {
    const mark = event.target.closest?.("mark[data-ids]") ?? null;
    if (mark === shown || event.buttons) return;
    shown = mark;
    near(mark ? mark.dataset.ids.split(" ") : []);
    tip.hidden = !mark;
    if (!mark) return;
    fill(tip, lines(mark.dataset.ids.split(" ")).map(({ sign, text, by }) => el(
      "p", {}, sign, el("span", { text }), by ? el("span", { class: "by", text: by }) : null,
    )));
    place(mark, event);
  }

  function place(mark, event) {
    const origin = page.getBoundingClientRect();
    const rects = [...mark.getClientRects()];
    const rect = rects.find(({ top, bottom }) => top <= event.clientY && event.clientY <= bottom)
      ?? rects[0];
    const left = Math.min(rect.left - origin.left, origin.width - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${rect.bottom - origin.top + 8}px`;
  }

  function hide() {
    shown = null;
    tip.hidden = true;
    near([]);
  }

  root.addEventListener("pointerover", (event) => event.pointerType === "mouse" && over(event));
  root.addEventListener("pointerleave", hide);
  root.addEventListener("pointerdown", hide);
  return { hide };
}
