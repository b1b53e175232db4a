/**
 * What keeps work from being lost, as far as the person takes a hand in it: the lives of
 * annotations, what she removed, conflicts, and signing in again. What is rarely used is loaded
 * when it is asked for.
 */

import { isNamed } from "./changes.js";
import { button } from "./dom.js";
import { csrfToken } from "./sync.js";

const AWAY = "This cannot be opened while the server does not answer. Your work is kept.";

/** The part of a desk { commands, panel, refreshed }. */
export function makeKeeping(desk) {
  const { root, data, state, view, said, act } = desk;
  const door = new BroadcastChannel(`crossread door ${data.me}`);
  door.onmessage = goOn;
  const removedList = data.mayMark && button(
    "Removed", () => act({ command: "removed" }),
    { class: "button quiet small wb-to-removed", "aria-keyshortcuts": "Alt+R", title: "What you removed here (Alt+R)" },
  );
  if (removedList) desk.part("history").append(removedList);

  const toHistory = button(
    "History", () => act({ command: "history" }), { key: "Alt H", class: "link", "aria-keyshortcuts": "Alt+H" },
  );

  /** Load a module's dialog and open it; without a server that is told. */
  async function open(loading, show) {
    const loaded = await loading.catch(() => said(AWAY));
    if (loaded && !root.querySelector("dialog[open]")) show(loaded);
  }

  function history({ id = view.open }) {
    if (!state.get(id)) return said("Open a mark first: Enter at the cursor, ] for the next one.");
    return open(import("./history_drawer.js"), ({ showHistory }) => showHistory(desk, id));
  }

  function removed() {
    if (!data.mayMark) return said("There is nothing of yours to bring back here.");
    return open(import("./removed.js"), ({ showRemoved }) => showRemoved(desk));
  }

  function signIn() {
    return open(import("./sign_in.js"), ({ askPassword }) => askPassword(desk, () => {
      goOn();
      door.postMessage("open");
    }));
  }

  /** Signed in again, here or in another tab: forms get the new secret, and sending goes on. */
  function goOn() {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      input.value = csrfToken();
    }
    root.querySelector("dialog.wb-sign-in")?.close();
    desk.sync?.wake();
  }

  /** The annotation at which a change is seen: a comment at the one that it is about. */
  function placeOf({ annotation, content, before }) {
    return (content ?? before ?? state.get(annotation).about)?.annotation ?? annotation;
  }

  /** To the next change that waits for the person, after the open one. */
  function nextConflict() {
    const troubled = state.changes().filter((change) => change.state !== "waiting");
    const unseen = troubled.find((change) => !state.get(placeOf(change)));
    if (unseen) return act({ command: "give-back", id: unseen.annotation });
    const ids = [...new Set(troubled.map(placeOf))];
    if (!ids.length) return said("No change needs you.");
    return act({ command: "open", id: ids[(ids.indexOf(view.open) + 1) % ids.length] });
  }

  function mergeVersions({ id, content }) {
    desk.changes.keepBoth(id, content);
    desk.focus.text();
  }

  /** The names of what would be undone and redone, where they are of an earlier visit. */
  async function nameEntries() {
    const { done, undone } = state.stacks();
    const unnamed = [done.at(-1), undone.at(-1)].filter((entry) => entry && !isNamed(entry.about));
    const learnt = await Promise.all(unnamed.map((entry) => desk.changes.learn?.(entry)));
    if (learnt.some(Boolean)) view.refresh();
  }

  /** The way to the life of the open annotation. */
  const panel = ({ content }) => (content?.kind === "rejection" ? [] : [toHistory]);

  return {
    commands: { history, removed, "sign-in": signIn, "next-conflict": nextConflict, "merge-versions": mergeVersions },
    panel,
    refreshed: nameEntries,
  };
}
