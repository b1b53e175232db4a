/**
 * The threads of an article: which comments stand under which annotation, what is not read yet,
 * and what is typed and not sent. Others' words are read when a thread is opened; comments are
 * changes as all others are, kept on the device and sent in order.
 */

import { remark } from "./content.js";
import { hint } from "./keys.js";
import { countInWords, namedIn } from "./remarks.js";
import { TALK } from "./state.js";
import { makeThread } from "./thread.js";

const AWAY = "The server does not answer: what others said here cannot be shown.";
const ASK_AGAIN = 5_000; // milliseconds, where the server did not answer
const OPEN_FIRST = "Open a mark first: Enter at the cursor, ] for the next one.";

/** The part of a desk { commands, panel, card, takes, changed, commented, ready }. */
export function makeTalk(desk) {
  const { data, state, view, act, said } = desk;
  const threads = new Map(); // annotation → ids of its comments
  const placeOf = new Map(); // comment → its annotation
  const asked = new Set(data.asked);
  const readings = new Map(); // annotation → "" once its thread is read, or why it is not
  const atFirst = new Set(data.said.filter((row) => !row[6]).map(([id]) => id));
  const names = data.colleagues.map(([name]) => name);
  const drafts = makeDrafts(data.me);
  let shown = null;
  let stamp = 0; // another one whenever any comment has changed
  for (const [id, annotation] of data.said) file(id, annotation);

  function file(id, annotation) {
    placeOf.set(id, annotation);
    if (!threads.has(annotation)) threads.set(annotation, new Set());
    threads.get(annotation).add(id);
  }

  /** The comments under an annotation as they are known, oldest first; pending ones last. */
  function remarks(annotation) {
    const known = [...threads.get(annotation) ?? []].map(state.get).filter(Boolean);
    const place = ({ about }) => about?.created ?? "9";
    return known.sort((one, other) => (place(one) < place(other) ? -1 : 1));
  }

  /** How many stand there: counted, or what the page was told and what was changed since. */
  function countOf(annotation) {
    const known = remarks(annotation);
    const standing = known.filter(({ content }) => content).length;
    const told = data.comments[annotation] ?? 0;
    if (!told || readings.get(annotation) === "") return standing;
    return told + standing - known.filter(wasCounted).length;
  }

  function wasCounted({ id, author, about }) {
    if (author === data.me) return atFirst.has(id);
    return about.created <= data.moment && !(about.deleted && about.updated <= data.moment);
  }

  // The thread below the open annotation

  function panel({ id, content }) {
    if (content?.kind === "rejection") return [];
    if (shown?.id !== id) shown = { id, stamp: -1, thread: threadOf(id) };
    read(id);
    if (shown.stamp !== stamp) {
      const isNew = shown.stamp < 0;
      shown.stamp = stamp;
      shown.thread.update();
      if (isNew) requestAnimationFrame(shown.thread.reveal);
    }
    return shown.thread.node;
  }

  function threadOf(id) {
    return makeThread({
      id, me: data.me, colleagues: data.colleagues, keptFor: drafts.of, hint: readers,
      remarks: () => remarks(id), read: () => readings.get(id) ?? "", say: (text) => say(id, text),
      rewrite, remove, settle,
    });
  }

  function readers(named) {
    const shownNames = named.map((name) => data.colleagues.find(([user]) => user === name)[1]);
    const later = data.open ? "" : " Whoever may not see this yet finds it once she has handed in.";
    return `Names ${shownNames.join(", ")}.${later}`;
  }

  /** Read what others said, once; and say that the person has seen where she was asked. */
  async function read(id) {
    if (!desk.sync || readings.has(id)) return;
    if (!data.comments[id]) readings.set(id, "");
    else {
      readings.set(id, null);
      try {
        const found = await allOf(id);
        readings.set(id, "");
        state.receiveAll(found);
      } catch {
        readings.set(id, AWAY);
        setTimeout(() => { readings.delete(id); view.refresh(); }, ASK_AGAIN);
      }
      redraw();
    }
    tellRead(id);
  }

  async function allOf(annotation) {
    const found = [];
    let next = `comments/?${new URLSearchParams({ annotation, page_size: 500 })}`;
    while (next) {
      const page = await desk.sync.read(next);
      found.push(...page.results);
      next = page.next?.split("/api/v1/")[1];
    }
    return found;
  }

  async function tellRead(id) {
    if (!asked.has(id) || readings.get(id) !== "") return;
    if (await desk.sync.tell("PUT", "comments/read/", { annotation: id })) {
      asked.delete(id);
      redraw();
    }
  }

  function redraw() {
    stamp += 1;
    view.refresh();
  }

  // What the person does

  function contentOf(annotation, text, before = []) {
    return remark({ annotation, text, mentions: namedIn(text, [...names, ...before]) });
  }

  /** Whether it was taken: not before the device has been read. */
  function say(annotation, text) {
    const id = desk.changes.make("comment", [], () => contentOf(annotation, text));
    if (id) said(`Comment added. ${hint("undo")} takes it back.`);
    return Boolean(id);
  }

  function rewrite(id, text) {
    const { content, about } = state.get(id);
    desk.changes.set(id, contentOf(placeOf.get(id), text, content?.mentions ?? about.mentions));
    said(content ? "Comment changed." : "Comment brought back.");
  }

  function remove(id) {
    desk.changes.set(id, null);
    said(`Comment taken back. ${hint("undo")} brings it back.`);
  }

  function settle(id, mine) {
    if (mine) desk.changes.keepMine(id);
    else desk.changes.takeTheirs(id);
  }

  /** What was refused, of an annotation that is not shown any more: its words wait in the field there. */
  function giveBack({ id }) {
    const { content } = state.get(id);
    const kept = drafts.of(placeOf.get(id));
    if (content) kept.set([kept.get(), content.text].filter(Boolean).join("\n\n"));
    desk.changes.takeTheirs(id);
    said("Not stored: the annotation is hidden from you now. Your words stand below it once you see it again.");
  }

  function comment() {
    if (!view.open || !state.get(view.open)) return said(OPEN_FIRST);
    view.refresh.now();
    return shown?.thread.focus();
  }

  /** To open a comment is to open what it is about. */
  function takes({ command, id }) {
    const annotation = (command === "open" || command === "peek") && placeOf.get(id);
    if (annotation) act({ command, id: annotation });
    return Boolean(annotation);
  }

  // What is heard

  function changed(ids) {
    for (const id of ids) {
      const one = state.get(id);
      const annotation = one?.content?.annotation ?? one?.about?.annotation;
      if (one?.layer === TALK && annotation) file(id, annotation);
      if (placeOf.has(id)) stamp += 1;
    }
  }

  /** Comments that came meanwhile, as the API shows them. */
  function commented(comments) {
    const news = comments.filter(({ id, version }) => version > (state.get(id)?.version ?? 0));
    if (!news.length) return;
    state.receiveAll(news);
    for (const { annotation, author, mentions, name, text } of news) {
      if (author === data.me) continue;
      if (mentions.includes(data.me)) asked.add(annotation);
      if (annotation === view.open && text) said(`${name}: ${text}`);
      if (annotation === view.open) tellRead(annotation);
    }
    redraw();
  }

  return {
    commands: { comment, "give-back": giveBack },
    panel,
    card: ({ id }) => ({ words: countInWords(countOf(id)), asks: asked.has(id) }),
    takes,
    changed,
    commented,
    ready: redraw,
  };
}

/** What is typed and not sent, kept on this device for this person. */
function makeDrafts(me) {
  const memory = new Map();

  function of(id) {
    const key = `crossread ${me} comment ${id}`;
    return {
      get: () => memory.get(key) ?? stored(key),
      set: (text) => {
        memory.set(key, text);
        store(key, text);
      },
    };
  }

  return { of };
}

function stored(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Without room it is held by the open page. */
function store(key, text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    return;
  }
}
