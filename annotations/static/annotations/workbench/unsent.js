/**
 * On a page without a desk: what this device kept and could not send yet is sent, and the person
 * told, so that nothing waits unseen for her to open its article again.
 */

import { el, fill } from "./dom.js";
import { openDraft } from "./draft.js";
import { counts } from "./queue.js";
import { makeSync } from "./sync.js";

const PROBLEMS = {
  offline: "There is no network, so it waits on this device.",
  down: "The server does not answer, so it waits on this device.",
  "signed-out": "You are signed out, so it waits on this device.",
  "somebody-else": "Somebody else is signed in, so it waits on this device.",
};

const place = document.getElementById("unsent");
const { me } = place.dataset;
const line = new BroadcastChannel(`crossread ${me}`);
const draft = await openDraft(me, () => {}, () => show().then(sync.wake));
let stored = 0;
let problem = null;

const sync = makeSync({
  draft,
  user: me,
  heard: {
    saved: (change, annotation) => {
      stored += 1;
      line.postMessage({ saved: change, annotation, article: change.article });
      show();
    },
    troubled: (change) => {
      line.postMessage({ change, article: change.article });
      show();
    },
    problem: (name) => { problem = name; show(); },
  },
});

async function show() {
  const changes = await draft.all();
  const { waiting, troubled } = counts(changes);
  const words = [
    waiting ? `${plural(waiting)} of yours ${are(waiting)} not saved yet. ${PROBLEMS[problem] ?? "Saving…"}` : "",
    !waiting && stored ? `${plural(stored)} that this device had kept ${are(stored)} saved now.` : "",
  ].filter(Boolean).join(" ");
  fill(place, words || troubled ? el(
    "div", { class: "notice" }, words ? el("p", { text: words }) : null, troubled ? needs(changes, troubled) : null,
  ) : null);
}

/** The way to what has to be decided. */
function needs(changes, troubled) {
  const articles = new Set(changes.filter(({ state }) => state !== "waiting").map(({ article }) => article));
  return el(
    "p", {}, `${plural(troubled)} ${troubled === 1 ? "needs" : "need"} you: `,
    [...articles].map((article, nth) => [
      nth ? ", " : "", el("a", { href: `/articles/${article}/`, text: nth ? `article ${nth + 1}` : "open the article" }),
    ]).flat(),
  );
}

const plural = (number) => `${number} change${number === 1 ? "" : "s"}`;
const are = (number) => (number === 1 ? "is" : "are");

addEventListener("online", sync.wake);
addEventListener("focus", sync.wake);
await show();
if (place.childElementCount) sync.wake();
