/** The thread below an annotation: what was said of it, and the field to say something. */

import { button, el, fill } from "./dom.js";
import { inPieces } from "./remarks.js";
import { makeTalkField } from "./talk_field.js";

const TROUBLES = { conflict: "Changed in two places.", refused: "Not stored." };

/**
 * The thread of one annotation { id, node, update, reveal, focus }. `remarks()` are its comments as the
 * state knows them, `read()` whether all of them are known: "", or why not. `say(text)`,
 * `rewrite(id, text)`, `remove(id)`, `settle(id, mine)` change them.
 */
export function makeThread({ id, me, colleagues, remarks, read, say, rewrite, remove, settle, keptFor, hint }) {
  const title = el("span");
  const list = el("ol", { class: "wb-thread" });
  const missing = el("p", { class: "wb-talk-hint", role: "status" });
  const field = makeTalkField({
    label: "Comment on this annotation", words: "Comment", colleagues, kept: keptFor(id), hint,
    send: say,
  });
  const node = el(
    "section", { class: "wb-field wb-talk", "aria-label": "Comments" },
    el("h3", { class: "wb-field-title" }, "Comments ", title), list, missing, field.node,
  );
  let edited = null; // { id, field } of the comment that is being changed

  function update() {
    const all = remarks();
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const held = focused?.closest("[data-comment]")?.dataset.comment;
    const standing = all.filter(({ content }) => content).length;
    title.textContent = standing ? String(standing) : "";
    missing.textContent = read();
    fill(list, all.map(item));
    if (!focused || focused.isConnected) return focused?.focus();
    const again = list.querySelector(`[data-comment="${CSS.escape(held)}"] button`);
    return again ? again.focus() : field.focus();
  }

  function item(one) {
    const { content, about, author, trouble } = one;
    const isChanged = edited?.id === one.id && content;
    return el(
      "li", { data: { comment: one.id }, class: content?.mentions.includes(me) ? "names-me" : "" },
      el(
        "header", {}, el("bdi", { class: "by", text: author === me ? "You" : about?.name ?? author }),
        moment(about?.created), el("span", { class: "state", text: stateOf(one) }),
      ),
      isChanged ? edited.field.node : content ? said(content) : el("p", { class: "gone", text: "Taken back." }),
      trouble ? troubleOf(one) : null,
      author === me && !isChanged && !trouble ? tools(one) : null,
    );
  }

  function said({ text, mentions }) {
    return el("p", { class: "said", dir: "auto" }, inPieces(text, mentions).map((piece) => {
      if (!piece.name) return piece.text;
      const name = colleagues.find(([user]) => user === piece.name)?.[1] ?? piece.name;
      return el("span", { class: "name", title: piece.name === me ? "You" : name, text: piece.text });
    }));
  }

  function tools({ id: comment, content, about }) {
    if (!content) {
      if (!about?.text) return null;
      return el("p", { class: "tools" }, button("Bring back", () => rewrite(comment, about.text), { class: "link" }));
    }
    return el(
      "p", { class: "tools" },
      button("Change", () => edit(comment, content.text), { class: "link" }),
      button("Take back", () => remove(comment), { class: "link" }),
    );
  }

  function edit(comment, text) {
    const kept = keptFor(comment);
    const leave = () => {
      kept.set("");
      edited = null;
      update();
      list.querySelector(`[data-comment="${CSS.escape(comment)}"] button`)?.focus();
    };
    edited = {
      id: comment,
      field: makeTalkField({
        label: "Change your comment", words: "Save", colleagues, hint, leave,
        kept: { get: () => kept.get() || text, set: kept.set },
        send: (words) => { leave(); rewrite(comment, words); return false; },
      }),
    };
    update();
    edited.field.focus();
  }

  /** What could not be stored: the person's words stay until she decides. */
  function troubleOf({ id: comment, content, trouble }) {
    const theirs = trouble.theirs;
    const stored = theirs && (theirs.deleted ? "Stored: taken back." : `Stored: ${theirs.text}`);
    const why = trouble.messages?.join(" ") ?? "";
    return el(
      "div", { class: "trouble", role: "alert" },
      el("p", {}, el("b", { text: TROUBLES[trouble.state] }), ` ${why}`),
      stored ? el("p", { dir: "auto", text: stored }) : null,
      el(
        "p", { class: "choices" },
        theirs ? button("Keep mine", () => settle(comment, true), { class: "button small" }) : null,
        !theirs && content ? button("Change it", () => edit(comment, content.text), { class: "button small" }) : null,
        button(theirs ? "Take the stored one" : "Give it up", () => settle(comment, false), { class: "button quiet small" }),
      ),
    );
  }

  /** What could not be stored is brought into sight. */
  const reveal = () => list.querySelector(".trouble")?.scrollIntoView({ block: "nearest" });

  return { id, node, update, reveal, focus: field.focus };
}

function stateOf({ content, version, waiting, trouble }) {
  if (trouble) return "";
  if (waiting) return "not saved yet";
  return content && version > 1 ? "changed" : "";
}

/** When something was said: the time today, the day before that. */
function moment(created) {
  if (!created) return null;
  const at = new Date(created);
  const isToday = at.toDateString() === new Date().toDateString();
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const day = at.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
  return el("time", { datetime: created, title: `${day}, ${clock}`, text: isToday ? clock : day });
}
