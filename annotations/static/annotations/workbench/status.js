/** The line that always says whether the work is safe, and where. */

import { button, el, fill } from "./dom.js";
import { counts } from "./queue.js";

const NO_COPY = "This device keeps no copy: do not close the page while changes wait.";

/** The status line in `root`: { show(changes), problem(name), keptHere(yes), waiting }. */
export function makeStatus({ root, me, signIn, retry, look }) {
  const line = root.appendChild(el("span"));
  // Made once: leaving a field by a press on the button changes the line before the release.
  const needs = root.appendChild(button("", look, { class: "link trouble", hidden: true }));
  const noCopy = root.appendChild(el("span", { class: "trouble" }));
  let changes = [];
  let problem = null;
  let savedAt = null;
  let durable = true;

  function draw() {
    const { waiting, troubled } = counts(changes);
    root.dataset.state = troubled ? "trouble" : waiting ? problem ?? "saving" : "saved";
    fill(line, ...words(waiting, troubled), " ");
    needs.hidden = !troubled;
    const verb = troubled === 1 ? "needs" : "need";
    needs.textContent = troubled ? `${plural(troubled, "change")} ${verb} you` : "";
    noCopy.textContent = durable ? "" : ` ${NO_COPY}`;
  }

  function words(waiting, troubled) {
    if (!waiting && troubled) return [];
    if (!waiting) return [savedAt ? `Saved ${savedAt}` : "All saved"];
    const wait = `${plural(waiting, "change")} waiting`;
    if (problem === "offline") return [`Offline: ${wait}`];
    if (problem === "down") return [`The server does not answer: ${wait}`];
    if (problem === "signed-out") return [`Signed out: ${wait} – `, link("sign in")];
    if (problem === "somebody-else") {
      return [`Somebody else is signed in: ${wait} – `, link(`sign in as ${me}`)];
    }
    return ["Saving…"];
  }

  const link = (text) => el("a", { href: signIn, target: "_blank", rel: "noopener", text });

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
    keptHere: (yes) => { durable = yes; draw(); },
    waiting: () => changes.length,
    isRisky: () => !durable && changes.length > 0,
  };
}

function plural(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function clock() {
  return new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}
