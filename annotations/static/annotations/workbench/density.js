/**
 * Which marks are shown in the text: all, one's own, those with one actor or one tag, none. What
 * is hidden is always said, and a mark that is made now is never hidden from its maker.
 */

import { button, el, fill } from "./dom.js";

const KEPT = "crossread marks of"; // on this device: which actor, which tag

/** Whether an annotation is among those chosen: `choice` is { kind, id }, `me` a user name. */
export function fits({ author, layer, content }, { kind, id }, me) {
  if (kind === "all") return true;
  if (kind === "none" || !content) return false;
  if (kind === "mine") return author === me && layer === "analyst";
  if (kind === "actor") return content.participants.some(({ actor }) => actor === id);
  return content.codings.some(({ tag }) => tag === id);
}

/** How often each actor and each tag occurs in annotations: { actor, tag }, each id → number. */
export function tally(annotations) {
  const found = { actor: new Map(), tag: new Map() };
  const add = (counts, id) => id && counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const { content } of annotations) {
    for (const id of new Set(content.participants.map(({ actor }) => actor))) add(found.actor, id);
    for (const id of new Set(content.codings.map(({ tag }) => tag))) add(found.tag, id);
  }
  return found;
}

/** What the device's storage gives; nothing where it is full or closed to us. */
function onDevice(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

/** The choice of marks { commands, shows, refreshed }. */
export function makeDensity(desk) {
  const { root, data, state, view, codebook, focus, said, act } = desk;
  let choice = remembered();
  let counted = null; // the marks that were counted last
  const fresh = new Set(); // made since the choice, and shown though it leaves them out
  const words = el("span");
  const row = el(
    "p", { class: "wb-showing", role: "status", hidden: true }, words,
    button("Show all", () => showAll(), { class: "link" }),
  );
  const control = button("Marks", () => act({ command: "density" }), {
    class: "button quiet small wb-density", title: "Which marks are shown (Alt + V)",
    "aria-keyshortcuts": "Alt+V", "aria-haspopup": "dialog",
  });
  const tools = root.querySelector(".wb-tools");
  tools.append(row);
  tools.querySelector("[data-part=tools]").before(control);
  let dialog = null;

  function shows(annotation) {
    if (fits(annotation, choice, data.me)) return true;
    if (annotation.mine && annotation.waiting) fresh.add(annotation.id);
    return fresh.has(annotation.id);
  }

  function remembered() {
    const kind = data.preference?.density ?? "all";
    if (kind !== "actor" && kind !== "tag") return { kind };
    const id = onDevice(() => localStorage.getItem(`${KEPT} ${kind}`));
    return id && codebook[kind](id) ? { kind, id } : { kind: "all" };
  }

  function choose(chosen) {
    choice = chosen;
    fresh.clear();
    if (choice.id) onDevice(() => localStorage.setItem(`${KEPT} ${choice.kind}`, choice.id));
    desk.sync?.tell("PATCH", "preferences/", { density: choice.kind });
    counted = null;
    view.repaint();
    draw();
    if (row.hidden) said("All marks are shown.");
  }

  function showAll() {
    if (view.person) act({ command: "person", person: "" });
    choose({ kind: "all" });
    focus.text();
  }

  const marks = () => state.all().filter(({ content }) => content && content.kind !== "rejection");

  /** The line that says what is shown and what is not. */
  function draw() {
    row.hidden = choice.kind === "all" && !view.person;
    root.classList.toggle("is-filtered", !row.hidden);
    if (row.hidden || counted === view.inOrder()) return;
    counted = view.inOrder();
    words.textContent = line(counted.length, marks().length);
  }

  function line(shown, all) {
    const name = choice.id && (choice.kind === "tag" ? codebook.tag(choice.id).label : codebook.actor(choice.id).name);
    const what = {
      all: "all marks", mine: "your marks", none: "no marks", actor: `marks with ${name}`,
      tag: `claims of ${name}`,
    }[choice.kind];
    const person = data.people.find(([user]) => user === view.person)?.[1] ?? view.person;
    const whose = view.person ? ` of ${person}` : "";
    const later = [...fresh].filter((id) => state.get(id)?.content).length;
    const those = later === 1 ? "the one" : `the ${later}`;
    const made = later ? `, with ${those} made since` : "";
    return `Showing: ${what}${whose}${made} – ${shown} of ${all}`;
  }

  function open() {
    dialog ??= root.appendChild(el("dialog", { class: "wb-marks-choice", "aria-label": "Which marks are shown" }));
    if (!dialog.dataset.made) {
      dialog.dataset.made = "";
      dialog.addEventListener("close", () => focus.text());
      dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
    }
    fill(dialog, form());
    dialog.showModal();
    dialog.querySelector("input:checked").focus();
  }

  function form() {
    const all = marks();
    const counts = tally(all);
    const own = all.filter((one) => fits(one, { kind: "mine" }, data.me)).length;
    return el(
      "form", { method: "dialog" },
      el("header", {}, el("h2", { text: "Which marks are shown" }), button("Close", () => dialog.close(), { key: "Esc", class: "button quiet small" })),
      option("all", `All (${all.length})`),
      option("mine", `Yours (${own})`),
      option("actor", "Those with one actor", list("actor", counts.actor, (id) => codebook.actor(id)?.name)),
      option("tag", "Those with one tag", list("tag", counts.tag, (id) => codebook.tag(id)?.label)),
      option("none", "None: the bare text"),
    );
  }

  function option(kind, label, select = null) {
    const take = () => (select ? select.value && choose({ kind, id: select.value }) : choose({ kind }));
    const radio = el("input", { type: "radio", name: "kind", value: kind, on: { change: take } });
    radio.checked = choice.kind === kind;
    radio.disabled = select?.options.length === 0;
    select?.addEventListener("change", () => { radio.checked = true; take(); });
    return el("div", { class: "wb-marks-option" }, el("label", {}, radio, ` ${label}`), select);
  }

  function list(kind, counts, nameOf) {
    const rows = [...counts].map(([id, count]) => [id, nameOf(id), count]).filter(([, name]) => name)
      .sort(([, one], [, other]) => one.localeCompare(other));
    const select = el(
      "select", { "aria-label": kind === "actor" ? "Actor" : "Tag", disabled: !rows.length },
      rows.map(([id, name, count]) => el("option", { value: id, text: `${name} (${count})` })),
    );
    if (choice.kind === kind && counts.has(choice.id)) select.value = choice.id;
    return select;
  }

  return { commands: { density: open }, shows, refreshed: draw };
}
