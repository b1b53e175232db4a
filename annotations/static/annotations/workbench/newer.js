/** Tells whoever has the article open that its text was corrected meanwhile. */

import { button, el } from "./dom.js";

const PAUSE = 15_000; // milliseconds between two questions, while the page is seen

/**
 * The watch { look }: asks `read` for the article's newest text, now and again, and shows in `root`
 * who corrected it. `ready` resolves when what was typed is kept on the device.
 */
export function makeNewer({ root, article, revision, read, ready }) {
  let shown = null;

  async function look() {
    if (document.hidden) return;
    try {
      const newest = await read(`articles/${article}/newest/`);
      if (newest.revision !== revision && newest.revision !== shown) show(newest);
    } catch {
      // Asked again soon; the status line tells of a server that does not answer.
    }
  }

  function show({ revision: newest, by, at, reason }) {
    shown = newest;
    const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    const why = reason ? ` (${reason.replace(/[.\s]+$/, "")})` : "";
    const words = `The text was corrected by ${by} at ${time}${why}: reload to see it. `
      + "Your marks are kept, also those that wait to be saved.";
    root.replaceChildren(el(
      "div", { class: "notice wb-newer" }, el("p", { text: words }),
      button("Reload", reload, { class: "button small" }),
    ));
  }

  async function reload() {
    await ready();
    location.reload();
  }

  setInterval(look, PAUSE);
  document.addEventListener("visibilitychange", look);
  return { look };
}
