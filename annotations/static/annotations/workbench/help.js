/** All keys: found by typing, printed, and changed by pressing others. */

import { fold } from "./codebook.js";
import { button, el, fill } from "./dom.js";
import { BINDINGS, chordOf, chordsOf, holderOf, ownKeys, sign } from "./keys.js";

const BROWSERS = /^(Ctrl\+(Shift\+)?[ACLNPQRSTVWX0-9+-]|F(1|3|5|11|12)|Alt\+(Arrow(Left|Right)|F4|D|Home)|Ctrl\+Tab)$/;
const FIXED = new Set(["back"]);

/** The dialog { open }; `change(own)` lets keys count and says in words what became of them. */
export function makeHelp({ root, codebook, leave, knows, change }) {
  const rows = BINDINGS.filter(({ command }) => !command || knows(command.command)).map(makeRow);
  const tags = codebook.tags.filter((tag) => codebook.byKey(tag.key) === tag);
  const sections = [...groups(), ...(tags.length ? [ofTags()] : [])];
  const told = el("p", { class: "wb-keys-told", role: "status" });
  const searching = el("input", {
    type: "search", "aria-label": "Search the keys", placeholder: "Search: a word, or a key",
    autocomplete: "off", spellcheck: "false", on: { input: filter },
  });
  const resetAll = button("As shipped", () => set({}, "All keys are as shipped. "), {
    class: "button quiet small", title: "All keys as they were at first",
  });
  const none = el("p", { class: "none", text: "No key fits.", hidden: true });
  const dialog = root.appendChild(el(
    "dialog", { class: "wb-help", "aria-label": "All keys" },
    el(
      "header", {}, el("h2", { text: "Keys" }), searching, resetAll,
      button("Print", () => print(), { class: "button quiet small" }),
      button("Close", () => dialog.close(), { key: "Esc", class: "button quiet small" }),
    ),
    told, el("div", { class: "columns" }, sections.map(({ node }) => node)), none,
  ));
  let recording = null; // the row whose key is being pressed

  dialog.addEventListener("close", () => {
    document.body.classList.remove("prints-keys");
    stop();
    leave();
  });
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", onKey, { capture: true });
  dialog.addEventListener("focusout", ({ relatedTarget }) => {
    if (recording && relatedTarget && !recording.node.contains(relatedTarget)) stop();
  });

  function makeRow(row) {
    const holder = el("span", { class: "keys" });
    const more = el("span", { class: "more" });
    const node = el("li", {}, holder, el("span", { class: "words", text: row.words }), more);
    return { ...row, node, holder, more };
  }

  function groups() {
    return [...new Set(rows.map(({ group }) => group))].map((title) => {
      const own = rows.filter(({ group }) => group === title);
      return { rows: own, node: section(title, own.map(({ node }) => node)) };
    });
  }

  function ofTags() {
    const own = tags.map((tag) => ({
      words: tag.label, group: "Tags",
      node: el(
        "li", {}, el("span", { class: "keys" }, el("kbd", { text: tag.key })),
        el("span", { class: "words", text: tag.label }),
      ),
      chords: [tag.key],
    }));
    const note = el("p", { class: "soft", text: "The codebook’s: the same for everybody." });
    return { rows: own, node: section("Tags", own.map(({ node }) => node), note) };
  }

  function section(title, items, note = null) {
    return el("section", {}, el("h3", { text: title }), note, el("ul", {}, items));
  }

  function open() {
    if (dialog.open) return;
    searching.value = "";
    fill(told, "Choose a key to change it.");
    rows.forEach(draw);
    filter();
    document.body.classList.add("prints-keys");
    dialog.showModal();
    searching.focus();
  }

  function draw(row) {
    const chords = chordsOf(row.same ?? row.name);
    const shown = chords.map((chord) => el("kbd", { text: sign(chord, " + ") }));
    const isOwn = ownKeys()[row.name] !== undefined;
    row.chords = chords;
    row.node.classList.toggle("is-own", isOwn);
    fill(row.more);
    if (row.shown) fill(row.holder, el("kbd", { class: "said", text: row.shown }));
    else if (!row.command || FIXED.has(row.name)) fill(row.holder, shown);
    else {
      const name = chords.map((chord) => sign(chord, " + ")).join(" or ") || "no key";
      fill(row.holder, button(shown.length ? shown : "no key", () => record(row), {
        class: "wb-key", "aria-label": `${row.words}: ${name}. Change`,
      }));
      if (isOwn) fill(row.more, button("↺", () => reset(row), {
        class: "icon", title: "As shipped", "aria-label": `${row.words}: as shipped`,
      }));
    }
  }

  function record(row) {
    stop();
    recording = row;
    row.node.classList.add("is-recording");
    fill(row.holder, el("button", {
      type: "button", class: "wb-key", text: "Press the key…",
      "aria-label": `Press the new key for: ${row.words}. Escape leaves it as it is.`,
    }));
    fill(
      row.more,
      chordsOf(row.name).length ? button("No key", () => assign(row, ""), { class: "link" }) : null,
      button("Cancel", () => cancel(row), { class: "link" }),
    );
    row.holder.firstChild.focus();
  }

  function stop() {
    const row = recording;
    recording = null;
    if (!row) return;
    row.node.classList.remove("is-recording");
    draw(row);
  }

  function cancel(row) {
    stop();
    row.holder.querySelector("button").focus();
  }

  function onKey(event) {
    const isControl = event.target.matches(".more button") && ["Enter", " "].includes(event.key);
    if (!recording || event.key === "Tab" || isControl) return;
    event.preventDefault();
    event.stopPropagation();
    const row = recording;
    if (event.key === "Escape") return void cancel(row);
    const chord = event.repeat ? "" : chordOf({
      key: event.key, code: event.code, shiftKey: event.shiftKey, altKey: event.altKey,
      ctrlKey: event.ctrlKey, metaKey: event.metaKey, altGraph: event.getModifierState("AltGraph"),
    });
    if (chord) propose(row, chord);
  }

  /** Take a key at once if it is free; else say whose it is and ask. */
  function propose(row, chord) {
    const words = sign(chord, " + ");
    const holder = holderOf(chord);
    const tag = codebook.byKey(chord);
    if (holder?.name === row.name) return cancel(row);
    if (BROWSERS.test(chord)) return ask(row, `The browser keeps ${words} for itself. Press another key.`);
    if (FIXED.has(holder?.name)) return ask(row, `${words} always goes a step back. Press another key.`);
    if (tag && row.yields) {
      return ask(row, `${words} is the key of the tag “${tag.label}”, which goes before a stance. Press another key.`);
    }
    if (holder) return ask(row, `${words} is the key of “${holder.words}”.`, chord, "Take it from there");
    if (tag) return ask(row, `${words} is the key of the tag “${tag.label}”.`, chord, "Take it from the tag");
    return assign(row, chord);
  }

  function ask(row, words, chord, take) {
    fill(
      row.more, el("span", { class: "clash", role: "alert", text: words }),
      take ? button(take, () => assign(row, chord), { class: "link" }) : null,
      button("Cancel", () => cancel(row), { class: "link" }),
    );
  }

  function assign(row, chord) {
    const holder = chord && holderOf(chord);
    const own = { ...ownKeys(), [row.name]: chord };
    if (holder && own[holder.name] === chord && holder.name !== row.name) own[holder.name] = "";
    if (row.keys.length === 1 && row.keys[0] === chord) delete own[row.name];
    recording = null;
    row.node.classList.remove("is-recording");
    const left = holder && holder.name !== row.name ? `, no longer for “${holder.words}”` : "";
    set(own, `${row.words}: ${chord ? sign(chord, " + ") : "no key"}${left}. `);
    row.holder.querySelector("button").focus();
  }

  function reset(row) {
    const { [row.name]: _, ...own } = ownKeys();
    set(own, `${row.words}: as shipped. `);
    row.holder.querySelector("button").focus();
  }

  async function set(own, words) {
    const outcome = change(own);
    rows.forEach(draw);
    filter();
    fill(told, words);
    fill(told, words, await outcome);
  }

  /** Leave the rows in which every word is found: in what they do, their group, or their keys. */
  function filter() {
    const wanted = fold(searching.value).split(" ").filter(Boolean);
    let any = false;
    for (const { node, rows: own } of sections) {
      for (const row of own) {
        const said = fold(`${row.words} ${row.group} ${row.shown ?? ""}`);
        const signs = row.chords.map((chord) => fold(sign(chord, " ")));
        row.node.hidden = !wanted.every((word) => (
          signs.some((one) => one.split(" ").includes(word)) || (word.length > 1 && said.includes(word))
          || said.split(" ").some((one) => one.startsWith(word))
        ));
      }
      node.hidden = own.every((row) => row.node.hidden);
      any ||= !node.hidden;
    }
    none.hidden = any;
    resetAll.hidden = !Object.keys(ownKeys()).length;
  }

  return { open };
}
