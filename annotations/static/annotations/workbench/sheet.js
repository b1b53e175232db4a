/** The panel as a sheet on narrow screens: its grip is dragged, or pressed for the next height. */

import { el } from "./dom.js";

const LOWEST = 120; // CSS pixels of height, below which letting go closes the sheet
const TALL = 0.86; // of the window
const STILL = 6; // CSS pixels that a finger moves while it presses

/** The grip on the panel of a desk. */
export function makeSheet({ part, view, act }) {
  const panel = part("panel");
  const grip = el("button", { type: "button", class: "wb-grip", "aria-label": "Height of the panel" });
  let drag = null; // { y, height, isMoved }
  let wasOpen = null;
  panel.prepend(grip);

  /** A height in CSS pixels; without one the sheet is as high as its styles say. */
  function size(height = null) {
    panel.classList.toggle("is-sized", height !== null);
    if (height !== null) panel.style.setProperty("--sheet", `${height}px`);
  }

  function onDown({ clientY, pointerId, button }) {
    if (button) return;
    drag = { y: clientY, height: panel.offsetHeight, isMoved: false };
    grip.setPointerCapture(pointerId);
  }

  function onMove({ clientY }) {
    if (!drag) return;
    drag.isMoved ||= Math.abs(clientY - drag.y) > STILL;
    if (drag.isMoved) size(Math.min(innerHeight * TALL, Math.max(40, drag.height + drag.y - clientY)));
  }

  function onUp() {
    if (!drag?.isMoved) return;
    if (panel.offsetHeight < LOWEST) {
      size();
      if (view.open) act({ command: "close" });
    }
  }

  function onClick() {
    const isPress = !drag?.isMoved;
    drag = null;
    if (isPress) size(panel.classList.contains("is-sized") ? null : innerHeight * TALL);
  }

  /** What was closed leaves the sheet as it was before. */
  function refreshed() {
    if (wasOpen && !view.open) size();
    wasOpen = view.open;
  }

  grip.addEventListener("pointerdown", onDown);
  grip.addEventListener("pointermove", onMove);
  grip.addEventListener("pointerup", onUp);
  grip.addEventListener("pointercancel", () => { drag = null; });
  grip.addEventListener("click", onClick);
  return { refreshed };
}
