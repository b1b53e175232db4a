/** The life of one annotation: who made what of it when, word by word, and the way back. */

import { describeChange, plain, same } from "./content.js";
import { differing } from "./difference.js";
import { button, el, fill } from "./dom.js";
import { moment, openDrawer, whyNot } from "./drawer.js";
import { hint } from "./keys.js";

const PAGE = 20; // versions read at once, the newest first
const DID = {
  created: "made it", changed: "changed it", removed: "removed it", restored: "brought it back",
  carried: "corrected the text, and it moved along", placed: "gave it a place in the corrected text",
  recast: "adapted it to a change of the codebook",
  recoded: "coded it again under a newer definition",
};

/** Open the drawer with the history of the annotation with this id. */
export function showHistory(desk, id) {
  const { state, text, labels, codebook, sync, changes, said, view } = desk;
  const waiting = el("ol", { class: "wb-versions waiting" });
  const list = el("ol", { class: "wb-versions" });
  const told = el("p", { class: "soft", role: "status" });
  const more = button("Older versions", read, { class: "button quiet small", hidden: true });
  const again = button("Try again", read, { class: "button quiet small", hidden: true });
  const { content, mine } = state.get(id);
  drawWaiting();
  const dialog = openDrawer(
    desk, { name: "history", title: `History of this ${content?.kind ?? "annotation"}` },
    content ? el("q", { dir: "auto", text: text.short(content.spans, 200) }) : null,
    waiting, list, told, el("p", { class: "choices" }, more, again),
  );
  let until = null; // the newest version that is not shown yet

  async function read() {
    told.textContent = "Reading the history…";
    more.hidden = again.hidden = true;
    try {
      const events = await page();
      await meet(events);
      const first = list.childElementCount;
      list.append(...events.map((event, nth) => version(event, !first && !nth)));
      told.textContent = events.length || first ? "" : "The history begins once this is saved.";
      until = events.length ? events.at(-1).version - 1 : 0;
      if (first) list.children[first]?.focus();
    } catch (error) {
      told.textContent = `The history cannot be read now. ${whyNot(error)}`;
      again.hidden = false;
    }
    more.hidden = again.hidden === false || until < 1;
  }

  /** The events of a page, the newest first. */
  async function page() {
    const known = state.get(id).version - state.changesOf(id).length;
    const from = Math.max(1, (until ?? known) - PAGE + 1);
    const asked = { noun: "annotation", object: id, version_from: from, page_size: 500 };
    if (until !== null) asked.version_until = until;
    const { results } = await sync.read(`events/?${new URLSearchParams(asked)}`);
    return results.sort((one, other) => other.version - one.version);
  }

  /** Names of actors that the page does not know: they are not part of the annotation any more. */
  async function meet(events) {
    const named = events.flatMap(({ before: was, after }) => [was, after])
      .flatMap((snapshot) => snapshot?.participants ?? []).map(({ actor }) => actor);
    const unknown = [...new Set(named)].filter((actor) => actor && !codebook.actor(actor));
    const found = await Promise.allSettled(unknown.map((actor) => sync.read(`actors/${actor}/`)));
    for (const { value } of found) if (value) codebook.know({ id: value.id, name: value.name, retired: true });
  }

  function version(event, isPresent) {
    const { version: number, verb, by_name: name, by, at, before: was, after } = event;
    const who = by === state.me ? "You" : name;
    const isHere = after?.revision === state.revision;
    const present = state.get(id)?.content ?? null;
    const differs = !same(present, contentOf(after)) || !isHere;
    return el(
      "li", { tabindex: -1 },
      el(
        "h3", {}, `Version ${number}`,
        el("span", {}, moment(at), isPresent ? " · the present one" : ""),
      ),
      el("p", {}, el("b", { dir: "auto", text: who }), " ", DID[verb] ?? `${verb} it`),
      after && !isHere ? el("p", { class: "soft", text: "In an earlier text of the article." }) : null,
      changed(was, after, verb),
      mine && after && !after.deleted && differs && !isPresent
        ? button("Restore this version", () => restore(number, after), { class: "button quiet small" })
        : null,
    );
  }

  /** Field by field what a version says otherwise than the one before it. */
  function changed(was, after, verb) {
    if (after?.deleted) return null;
    const [old, now] = [was?.deleted && verb !== "restored" ? null : was, after].map(rowsOf);
    const fields = new Map([...now, ...old].map(([field, name]) => [field, name]));
    const rows = [...fields].flatMap(([field, name]) => {
      const [one, other] = [old, now].map((rows) => rows.find(([own]) => own === field)?.[2] ?? "");
      return one === other ? [] : [el("dt", { text: name }), el("dd", { dir: "auto" }, was ? words(one, other) : other)];
    });
    return rows.length ? el("dl", {}, rows) : null;
  }

  function rowsOf(snapshot) {
    if (!snapshot) return [];
    const quote = () => snapshot.spans.map(({ quote: own }) => own).join(" … ");
    return labels.rows(plain(snapshot), quote);
  }

  function words(one, other) {
    if (!one) return el("ins", { text: other });
    return differing(one, other).map(([kind, piece]) => (
      el({ same: "span", gone: "del", new: "ins" }[kind], { text: piece })
    ));
  }

  function restore(number, snapshot) {
    if (state.get(id).trouble) {
      told.textContent = "Settle the change that could not be saved first.";
      return;
    }
    view.open = id;
    changes.restoreTo(id, snapshot);
    dialog.close();
    said(`Version ${number} is back. ${hint("undo")} takes that back.`);
  }

  /** What this device has changed and not sent yet. */
  function drawWaiting() {
    fill(waiting, state.changesOf(id).toReversed().map((change) => el(
      "li", {}, el("h3", {}, "Not saved yet"),
      el("p", {}, el("b", { text: "You" }), `: ${describeChange(change.before ?? null, change.content)}`),
    )));
    waiting.hidden = !waiting.childElementCount;
  }

  read();
}

function contentOf(snapshot) {
  return snapshot && !snapshot.deleted ? plain(snapshot) : null;
}
