/** Where the words of a case begin and end: moved word by word, and shown as they come to be. */

import { makeText } from "../workbench/text.js";

const STEPS = [["start", -1, "Begin a word earlier"], ["start", 1, "Begin a word later"],
  ["end", -1, "End a word earlier"], ["end", 1, "End a word later"]];

export function nudge(form, root, language) {
  const rows = Array.from(form.querySelectorAll("[data-span]"));
  if (!rows.length) return;
  const text = makeText(root, language);
  const onward = text.isRightToLeft(0) ? -1 : 1;
  for (const row of rows) {
    for (const [side, step, label] of STEPS) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet small";
      button.textContent = step === onward ? "→" : "←";
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => move(row, side, step));
      row.querySelector(`[data-nudge=${side}]`).append(button);
    }
    row.addEventListener("input", () => tell(row));
    tell(row);
  }
  form.addEventListener("restored", () => rows.forEach(tell));

  function move(row, side, step) {
    const field = fieldOf(row, side);
    const place = beyond(Number(field.value), side, step);
    const { start, end } = { ...placesOf(row), [side]: place };
    if (place === undefined || start >= end) return;
    field.value = place;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The next edge of a word on this side of a span, in the passage and the ones beside it. */
  function beyond(place, side, step) {
    const nth = text.nthOf(place);
    const near = [nth - 1, nth, nth + 1].filter((one) => text.passages[one]);
    const edges = near.flatMap((one) => text.units(one, "word"))
      .filter(([start, end]) => text.slice(start, end).trim())
      .map(([start, end]) => (side === "start" ? start : end));
    return step > 0 ? edges.find((edge) => edge > place) : edges.findLast((edge) => edge < place);
  }

  function tell(row) {
    const { start, end } = placesOf(row);
    row.querySelector("[data-quote]").textContent = start < end ? text.slice(start, end) : "";
  }
}

const fieldOf = (row, side) => row.querySelector(`[name=typed-${side}]`);

function placesOf(row) {
  return { start: Number(fieldOf(row, "start").value), end: Number(fieldOf(row, "end").value) };
}
