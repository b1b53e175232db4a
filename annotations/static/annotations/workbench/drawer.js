/** Dialogs that are made when they are opened and are gone when they are closed. */

import { button, el } from "./dom.js";

/** The open dialog of a desk; once it is closed, the focus goes back where it was, caret and all. */
export function openDialog({ root, focus }, attributes, ...children) {
  const before = document.activeElement;
  const caret = [before?.selectionStart, before?.selectionEnd];
  const dialog = root.appendChild(el("dialog", attributes, ...children));
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus({ preventScroll: true });
    if (Number.isInteger(caret[0])) before.setSelectionRange(...caret); // lost below the dialog
    if (document.activeElement !== before || before === document.body) focus.text();
  });
  dialog.showModal();
  return dialog;
}

/** The open drawer: a dialog at the side, with a title and a button that closes it. */
export function openDrawer(desk, { name, title }, ...children) {
  const close = button("Close", () => dialog.close(), { class: "button quiet small", key: "Esc" });
  const dialog = openDialog(
    desk, { class: "wb-drawer", "aria-labelledby": `${name}-title` },
    el("header", {}, el("h2", { id: `${name}-title`, text: title }), close), ...children,
  );
  return dialog;
}

/** Why the server did not give what is to be shown, in words. */
export function whyNot({ message }) {
  return message === "401"
    ? "You are signed out. Your work is kept; sign in again to see more here."
    : "The server does not answer. Nothing is lost.";
}

/** A moment as people say it. */
export function moment(at) {
  const words = new Date(at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  return el("time", { datetime: at, text: words });
}
