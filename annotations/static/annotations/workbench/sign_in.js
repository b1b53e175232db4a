/** Signing in again without leaving the page: the person's name and her password, in a dialog. */

import { button, el } from "./dom.js";
import { openDialog } from "./drawer.js";

const KEPT = "What you did is kept on this device and is saved as soon as you are back.";
const TROUBLES = {
  wrong: "This password does not open your desk. Check it, capital letters too, and try again.",
  locked: "There were too many attempts. For a quarter of an hour none is taken, not even the right password.",
  offline: "There is no network now. Try again when there is.",
  down: "The server does not answer. Try again in a moment.",
};

/** Ask for the password of the desk's person; `entered()` is called once she is signed in. */
export function askPassword(desk, entered) {
  const { data, sync } = desk;
  const elsewhere = new URLSearchParams({ as: "", next: location.pathname });
  const password = el("input", {
    id: "again-password", type: "password", autocomplete: "current-password", required: true,
    "aria-describedby": "again-why",
  });
  const trouble = el("p", { class: "errors", role: "alert", hidden: true });
  const go = el("button", { class: "button", text: "Sign in" });
  const form = el(
    "form", { method: "post", on: { submit: onSubmit } },
    el("h2", { id: "again-title", text: "Sign in again" }),
    el("p", { id: "again-why", text: `You are not signed in any more. ${KEPT}` }),
    trouble,
    el("label", { for: "again-name", text: "User name" }),
    el("input", { id: "again-name", type: "text", autocomplete: "username", readonly: true, value: data.me }),
    el("label", { for: "again-password", text: "Password" }), password,
    el(
      "p", { class: "choices" }, go,
      button("Not now", () => dialog.close(), { class: "button quiet" }),
      el("a", { href: `/sign-in/?${elsewhere}`, text: "Sign in as somebody else" }),
    ),
  );
  const dialog = openDialog(desk, { class: "wb-sign-in", "aria-labelledby": "again-title" }, form);

  async function onSubmit(event) {
    event.preventDefault();
    if (go.getAttribute("aria-disabled")) return;
    go.setAttribute("aria-disabled", "true");
    go.textContent = "Signing in…";
    const problem = await sync.enter(password.value);
    go.removeAttribute("aria-disabled");
    go.textContent = "Sign in";
    if (!problem) {
      entered();
      return;
    }
    trouble.hidden = false;
    trouble.textContent = TROUBLES[problem];
    if (problem === "wrong") password.value = "";
    password.focus();
  }

  password.focus();
}
