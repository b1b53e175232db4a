/** What the person removed in this article, and the way back. */

import { plain } from "./content.js";
import { button, el, fill } from "./dom.js";
import { moment, openDrawer, whyNot } from "./drawer.js";
import { hint } from "./keys.js";

const NOTHING = "You have removed nothing in this article. What you remove stands here and can be brought back.";

/** Open the list of the person's removed annotations. */
export function showRemoved(desk) {
  const { state, data, labels, codebook, text, sync, changes, said, view, selection } = desk;
  const list = el("ol", { class: "wb-removed" });
  const told = el("p", { class: "soft", role: "status", text: "Looking for what you removed…" });
  const again = button("Try again", read, { class: "button quiet small", hidden: true });
  const dialog = openDrawer(
    desk, { name: "removed", title: "Removed" }, told, list, el("p", { class: "choices" }, again),
  );
  let stored = [];

  async function read() {
    again.hidden = true;
    try {
      stored = await all();
      stored.forEach(codebook.meet);
      stored.forEach((annotation) => state.receive(annotation));
      draw("");
    } catch (error) {
      again.hidden = false;
      draw(`${whyNot(error)} Until then only what this device still knows is shown.`);
    }
  }

  async function all() {
    const asked = { article: data.article, author: data.me, layer: "analyst", deleted: "true", page_size: 500 };
    const found = [];
    let next = `annotations/?${new URLSearchParams(asked)}`;
    while (next) {
      const page = await sync.read(next);
      found.push(...page.results);
      next = page.next?.split("/api/v1/")[1];
    }
    return found;
  }

  /** What is removed by now, the last first: on this device, then on the server. */
  function rows() {
    const unsent = state.changes().filter(({ annotation, content, noun }) => (
      !content && noun === "annotations" && !state.get(annotation)?.content
    )).map((change) => ({
      id: change.annotation, content: change.before, at: null, revision: change.revision,
    })).filter(({ content }) => content).toReversed();
    const isGone = ({ id }) => !state.get(id)?.content && !unsent.some((row) => row.id === id);
    const known = stored.filter(isGone).sort((one, other) => (one.deleted < other.deleted ? 1 : -1));
    return [...unsent, ...known.map((annotation) => ({
      id: annotation.id, content: plain(annotation), at: annotation.deleted, snapshot: annotation,
    }))];
  }

  function draw(trouble) {
    const all = rows();
    fill(list, all.map(item));
    list.hidden = !all.length;
    told.textContent = trouble || (all.length ? "" : NOTHING);
  }

  function item({ id, content, at, snapshot }) {
    const quote = snapshot ? snapshot.spans.map((span) => span.quote).join(" … ") : text.short(content.spans, 300);
    const restore = () => bringBack(id, content, snapshot);
    return el(
      "li", {}, el("q", { dir: "auto", text: quote }),
      el("p", { class: "who", text: labels.line(content) }),
      el(
        "p", { class: "when" },
        at ? ["Removed ", moment(at)] : "Removed just now, not saved yet",
      ),
      button("Restore", restore, { class: "button quiet small", "aria-label": `Restore: ${quote}` }),
    );
  }

  function bringBack(id, content, snapshot) {
    if (state.get(id)?.trouble) {
      told.textContent = "Settle the change that could not be saved first.";
      return;
    }
    changes.restoreTo(id, snapshot ? { ...snapshot, deleted: null } : { ...content, revision: state.revision });
    dialog.close();
    const back = state.get(id);
    if (back?.content) {
      const { start } = back.content.spans[0];
      selection.set(start, start, { byKey: true });
      view.open = id;
      view.refresh();
    }
    said(`It is back. ${hint("undo")} removes it again.`);
  }

  read();
}
