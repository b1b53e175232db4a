/** The line that always says whether the work is safe, and where. */

import { button, el, fill } from "./dom.js";
import { counts } from "./queue.js";

const NO_COPY = "This device keeps no copy: do not close the page while changes wait.";
const NO_ROOM = "This device has no room left: do not close the page while changes wait.";

/**
 * The status line in `root`: { show(changes), saved, problem(name), kept(error), waiting, isRisky }.
 * `signIn` lets the person sign in again, `look` shows her what needs her.
 */
export function makeStatus({ root, me, signIn, retry, look }) {
  const line = root.appendChild(el("span"));
  // Made once: leaving a field by a press on a button changes the line before the release.
  const enter = root.appendChild(button("", signIn, { class: "link", hidden: true }));
  enter.addEventListener("mousedown", (event) => event.preventDefault()); // who types goes on there
  const needs = root.appendChild(button("", look, { class: "link trouble", hidden: true }));
  const noCopy = root.appendChild(el("span", { class: "trouble" }));
  let changes = [];
  let problem = null;
  let savedAt = null;
  let trouble = null; // the device's, with keeping a copy

  function draw() {
    const { waiting, troubled } = counts(changes);
    root.dataset.state = troubled ? "trouble" : waiting ? problem ?? "saving" : "saved";
    fill(line, words(waiting, troubled), " ");
    enter.hidden = !waiting || !ENTRIES[problem];
    enter.textContent = enter.hidden ? "" : ENTRIES[problem](me);
    needs.hidden = !troubled;
    const verb = troubled === 1 ? "needs" : "need";
    needs.textContent = troubled ? `${plural(troubled, "change")} ${verb} you` : "";
    noCopy.textContent = trouble ? ` – ${trouble.name === "QuotaExceededError" ? NO_ROOM : NO_COPY}` : "";
  }

  function words(waiting, troubled) {
    if (!waiting && troubled) return "";
    if (!waiting) return savedAt ? `Saved ${savedAt}` : "All saved";
    if (!problem) return "Saving…";
    return `${PROBLEMS[problem]}: ${plural(waiting, "change")} waiting${ENTRIES[problem] ? " –" : ""}`;
  }

  // Whoever signs in again in another tab comes back to this one.
  addEventListener("focus", retry);
  document.addEventListener("visibilitychange", () => document.hidden || retry());
  addEventListener("online", retry);

  function show(now) {
    const had = changes.length;
    changes = now;
    if (had && !now.length) savedAt = clock();
    draw();
  }

  draw();
  return {
    show,
    saved: () => { savedAt = clock(); draw(); },
    problem: (name) => { if (name !== problem) { problem = name; draw(); } },
    kept: (error) => { if (error?.name !== trouble?.name) { trouble = error; draw(); } },
    waiting: () => changes.length,
    isRisky: () => Boolean(trouble) && changes.length > 0,
  };
}

const PROBLEMS = {
  offline: "Offline", down: "The server does not answer", "signed-out": "Signed out",
  "somebody-else": "Somebody else is signed in",
};

/** What the way back is called where one has to sign in again. */
const ENTRIES = { "signed-out": () => "sign in", "somebody-else": (me) => `sign in as ${me}` };

function plural(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function clock() {
  return new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}
