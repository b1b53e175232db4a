/**
 * The tray: annotations whose words are gone from the corrected text. Each waits for a place, with
 * the one that is proposed for it, or is removed.
 */

import { button, el, fill } from "./dom.js";
import { hint } from "./keys.js";

/**
 * The tray at the top of the panel: { show, act }. `put(stray, stretches)` gives one its place,
 * `remove(stray)` removes it; `may(stray)` says { put, remove }.
 */
export function makeTray({ panel, state, text, selection, people, view, said, put, remove, may }) {
  const names = new Map(people);
  const list = el("ol");
  const count = el("summary");
  const tray = el("details", { class: "wb-tray", hidden: true, open: innerWidth > 900 }, count, list);
  let hand = null; // the one that a key acts on
  panel.prepend(tray);

  list.addEventListener("focusin", ({ target }) => take(target.closest("[data-stray]").dataset.stray));
  list.addEventListener("keydown", onKey);

  function take(id) {
    hand = id;
    for (const item of list.children) item.classList.toggle("in-hand", item.dataset.stray === id);
    if (!view.open) return;
    view.open = null;
    view.refresh();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const stray = state.stray(hand);
    if (event.key === "=" && may(stray).put) place(stray);
    else if (event.key === "Delete" && may(stray).remove) discard(stray);
    else return;
    event.preventDefault();
  }

  /** Put it at what is selected, or else at the place proposed for it. */
  function place(stray) {
    const stretch = selection.isEmpty() ? null : selection.stretch();
    const isProposed = stretch && String(stretch) === String(stray.places[0]);
    const stretches = stretch && !isProposed ? [stretch] : stray.places;
    if (!stretches.length) return said(`Select the words where it belongs, then press ${hint("replace-stretch")}.`);
    hand = null;
    put(stray, stretches);
    return selection.set(stretches[0][0], stretches[0][0], { byKey: true });
  }

  function discard(stray) {
    hand = null;
    remove(stray);
    said(`Removed. ${hint("undo")} brings it back.`);
  }

  function point({ places: [[start, end]] }) {
    selection.set(start, end, { byKey: true });
    selection.uncover();
  }

  function show() {
    const strays = state.strays();
    const focused = document.activeElement?.closest("[data-stray]") && list.contains(document.activeElement);
    const marks = strays.length === 1 ? "1 mark" : `${strays.length} marks`;
    tray.hidden = !strays.length;
    fill(count, `Tray: ${marks} without a place in the corrected text`);
    fill(list, strays.map(item));
    if (focused) (list.querySelector(".in-hand button, button") ?? count).focus();
  }

  function item(stray) {
    const { id, author, content, quotes, places } = stray;
    const by = author === state.me ? "" : `, ${names.get(author) ?? author}`;
    const proposed = places.map(([start, end]) => text.slice(start, end)).join(" … ");
    const rights = may(stray);
    return el(
      "li", { data: { stray: id }, class: id === hand ? "in-hand" : "" },
      el("q", { dir: "auto", text: quotes.join(" … ") }),
      el("span", { class: "by", text: `${content.kind}${by}` }),
      proposed ? el("p", {}, "Perhaps ", el("q", { dir: "auto", text: proposed })) : null,
      el(
        "p", { class: "choices" },
        proposed ? button("Show", () => point(stray), { class: "button quiet small" }) : null,
        rights.put
          ? button(proposed ? "Put it there" : "Put it at the selection", () => place(stray), { key: "=", class: "button quiet small" })
          : null,
        rights.remove
          ? button("Remove", () => discard(stray), { key: "Del", class: "button danger small" })
          : null,
      ),
    );
  }

  /** Whether a command is the tray's: = puts what is in hand at the selection. */
  function act({ command }) {
    const stray = hand && state.stray(hand);
    if (command !== "replace-stretch" || view.open || !stray || !may(stray).put) return false;
    place(stray);
    return true;
  }

  return { show, act };
}
