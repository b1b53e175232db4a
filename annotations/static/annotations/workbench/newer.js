/** Tells whoever has the article open that its text was corrected meanwhile. */

import { button, el } from "./dom.js";

/**
 * The notice { meet, look } in `root`. `meet(newest)` is told which text is the newest; `look` asks
 * `read` for it. `ready` resolves when what was typed is kept on the device.
 */
export function makeNewer({ root, article, revision, read, ready }) {
  let shown = null;

  async function look() {
    try {
      meet(await read(`articles/${article}/newest/`));
    } catch {
      // The live updates tell of it soon.
    }
  }

  function meet(newest) {
    if (newest.revision !== revision && newest.revision !== shown) show(newest);
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

  return { meet, look };
}
