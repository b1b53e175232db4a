/**
 * The person's changes: each is shown at once, kept on the device, then sent. Undoing is a change
 * too. Every other module that wants something changed asks here.
 */

import { blank, describeChange, plain, same } from "./content.js";
import { folded, goesOn } from "./queue.js";
import { untouchedSince } from "./undo.js";

const SHORT = 28; // characters of a quote in the name of a change
const ASK_AGAIN = 15_000; // milliseconds, where the server did not answer

/** The maker of changes; `said(text)` tells the person, `channel.tell` her other tabs. */
export function makeChanges({ state, draft, sync, channel, text, data, said }) {
  const own = { article: data.article, revision: data.revision };
  const asked = new Set(); // what an entry of the log did
  let restoring = Promise.resolve();

  /** A new annotation on [start, end] stretches; its id. `fill` completes its content. */
  function make(kind, stretches, fill = (content) => content, options = {}) {
    const id = newId();
    set(id, fill(blank(kind, stretches)), options);
    return id;
  }

  /**
   * Give an annotation this content; null removes it. `suggestion` ({ actor, names }) is what a
   * new one was suggested as; changes of one `group` are undone and redone at once.
   */
  function set(id, content, { typed = false, undoes = null, suggestion = null, group = null } = {}) {
    const present = state.get(id);
    if (present && (!present.mine || same(present.content, content))) return;
    const change = {
      ...fresh(id, content, present), undoes, typed, suggestion, group,
      before: present?.content ?? null, noun: nounOf(content ?? present.content),
    };
    const last = state.changes().at(-1);
    if (present?.trouble) replaceTroubled(state.changesOf(id), change);
    else if (goesOn(last, change)) goOnTyping(last, change);
    else keep(change);
  }

  /** A change of an annotation, of which is known what it is now, to be kept and sent. */
  function fresh(id, content, present) {
    return {
      ...own, id: newId(), annotation: id, content, before: undefined, seen: present?.version ?? 0,
      undoes: null, typed: false, at: Date.now(), state: "waiting", attempted: false,
      suggestion: null, group: null, noun: nounOf(content ?? {}),
      quotes: content ? content.spans.map(text.quoteInPassage) : [],
    };
  }

  /** Give an annotation that lost its place these [start, end] stretches of the page's text. */
  function place(id, stretches) {
    const stray = state.stray(id);
    keep(fresh(id, { ...stray.content, spans: blank("", stretches).spans }, stray));
  }

  /** Remove an annotation that lost its place. */
  function removeStray(id) {
    keep(fresh(id, null, state.stray(id)));
  }

  /** What was said of an older text is sent to be brought forward, and shown once that is done. */
  function bringBack(id, { content, revision, quotes }, undoes) {
    const present = state.get(id) ?? state.stray(id);
    keep({ ...fresh(id, null, present), content, revision, quotes, undoes });
  }

  /** Give an annotation again what it said at an earlier version, of which the history tells. */
  function restoreTo(id, snapshot) {
    const content = contentOf(snapshot);
    if (!content || snapshot.revision === data.revision) set(id, content);
    else bringBack(id, { content, revision: snapshot.revision, quotes: quotesOf(snapshot) }, null);
  }

  function keep(change) {
    state.add(change);
    settle(draft.add(change), { change });
  }

  async function goOnTyping(last, change) {
    const longer = { ...last, content: change.content, at: change.at };
    const after = { ...change, before: last.content, seen: last.seen + 1 };
    state.swap(longer);
    const kept = await draft.replaceUnsent(longer, after);
    if (kept) return settle(null, { change: longer });
    if (state.changes().some((other) => other.id === last.id)) state.swap(last);
    return keep(after);
  }

  /** What was refused is not sent again; the new content goes in its place. */
  function replaceTroubled(troubled, change) {
    const next = folded([...troubled, change], troubled[0].seen, change.id);
    if (next.seen === 0 && !next.content) return giveUp(troubled);
    state.drop(troubled);
    state.add(next);
    return settle(draft.swapOut(troubled.map(({ id }) => id), next), { change: next });
  }

  /** Give up what could not be stored and show what the server has. */
  function takeTheirs(id) {
    const given = state.changesOf(id);
    const theirs = given.find((change) => change.theirs)?.theirs;
    if (theirs) state.receive(theirs);
    giveUp(given, theirs);
    said("Your version was given up; the stored one is shown.");
  }

  /** Forget changes; of an annotation that then was never made, also what was to be said of it. */
  function giveUp(given, theirs) {
    const unmade = given.filter(({ seen }) => seen === 0).map(({ annotation }) => annotation);
    const isOfNone = ({ content, before }) => unmade.includes((content ?? before)?.annotation);
    const dropped = [...given, ...state.changes().filter(isOfNone)];
    state.drop(dropped);
    settle(draft.remove(dropped.map((change) => change.id)), { dropped, annotation: theirs });
  }

  /** Put one's own version over the one that was faster, having seen it. */
  function keepMine(id) {
    settleConflict(id, {});
    said("Your version is kept and being saved.");
  }

  /** Put what both versions came to over the stored one, counted in the page's text. */
  function keepBoth(id, content) {
    const quotes = content.spans.map(text.quoteInPassage);
    settleConflict(id, { content, quotes, revision: data.revision });
    said("The two versions are one now, and being saved.");
  }

  function settleConflict(id, decided) {
    const given = state.changesOf(id);
    const theirs = given.find((change) => change.theirs).theirs;
    state.receive(theirs);
    const before = theirs.deleted ? null : plain(theirs);
    const next = { ...folded(given, theirs.version, newId()), before, ...decided };
    state.drop(given);
    if (same(next.content, before)) return takeTheirsQuietly(given);
    state.add(next);
    settle(draft.swapOut(given.map((change) => change.id), next), { change: next, annotation: theirs });
    return undefined;
  }

  function takeTheirsQuietly(given) {
    settle(draft.remove(given.map((change) => change.id)), { dropped: given });
  }

  /** Take back the last change, or bring back the one last taken back. */
  const undo = () => afterwards(() => restoreGroup("done", "Undone"));
  const redo = () => afterwards(() => restoreGroup("undone", "Redone"));

  /** Take back all that was made at once, or the one change if it was made alone. */
  async function restoreGroup(stack, word) {
    const group = state.stacks()[stack].at(-1)?.about.group;
    let number = 0;
    for (;;) {
      const before = state.log().length;
      await restore(state.stacks()[stack].at(-1), word);
      if (state.log().length === before) break;
      number += 1;
      if (!group || state.stacks()[stack].at(-1)?.about.group !== group) break;
    }
    if (number > 1) said(`${word}: ${number} changes that were made at once.`);
  }

  /** One after the other, however fast the keys are pressed. */
  function afterwards(step) {
    restoring = restoring.then(step);
    return restoring;
  }

  async function restore(entry, word) {
    if (!entry) return said(word === "Undone" ? "Nothing to undo." : "Nothing to redo.");
    const pending = state.changesOf(entry.annotation);
    if (pending.some((change) => change.state !== "waiting")) {
      return said("Settle the change that could not be saved first.");
    }
    const last = () => state.log().at(-1)?.id;
    const latest = last();
    const before = await saidBefore(entry);
    if (last() !== latest) return said(`Not ${word.toLowerCase()}: something was changed meanwhile.`);
    if (before === undefined) return said("This can be undone when the server answers again.");
    const { content, revision } = before;
    const present = state.get(entry.annotation);
    if (present && !untouchedSince(state.log(), entry, present.version)) {
      return said("Not undone: this annotation was changed elsewhere since.");
    }
    if (!present?.mine && present) return said("This annotation cannot be changed any more.");
    if (content && revision !== data.revision) {
      bringBack(entry.annotation, before, entry.id);
      return said(`${word}: what was said of the text before it was corrected.`);
    }
    if (present && same(present.content, content)) {
      return said("This can be undone when the server answers again.");
    }
    const name = entryName(entry, content);
    set(entry.annotation, content, { undoes: entry.id });
    return said(`${word}: ${name}.`);
  }

  /**
   * What an annotation said before a change, { content, revision, quotes } with the text that it
   * was said of; undefined if the server must be asked and is away.
   */
  async function saidBefore(entry) {
    if (entry.before !== undefined) return { content: entry.before, revision: data.revision };
    try {
      const { before, after } = await sync.read(`events/${entry.id}/`);
      if (entry.id === entry.about.id) know(entry.about, before, after);
      return {
        content: contentOf(before), revision: before?.revision ?? data.revision,
        quotes: quotesOf(before),
      };
    } catch {
      return undefined;
    }
  }

  /** Take up what an entry of the log said before and after. */
  function know(about, before, after) {
    const isHere = [before, after].every((one) => (one?.revision ?? data.revision) === data.revision);
    const [was, is] = [before, after].map(contentOf);
    if (isHere) return Object.assign(about, { before: was, after: is });
    const quote = quotesOf(is ? after : before).join(" … ");
    return Object.assign(about, { words: `${describeChange(was, is)}, ${text.quotedWords(quote, SHORT)}` });
  }

  /** Ask the server what an entry of an earlier visit changed; whether it can be named now. */
  async function learn({ about }) {
    const isSent = !state.changes().some(({ id }) => id === about.id);
    if (isNamed(about) || !isSent || asked.has(about.id)) return false;
    asked.add(about.id);
    try {
      const { before, after } = await sync.read(`events/${about.id}/`);
      know(about, before, after);
      return true;
    } catch {
      setTimeout(() => asked.delete(about.id), ASK_AGAIN);
      return false;
    }
  }

  /** What an entry of the log did, in a few words; `restored` is what its undoing brings back. */
  function entryName(entry, restored = null) {
    const { about } = entry;
    if (about.words) return about.words;
    const present = state.get(about.annotation)?.content;
    const content = about.after ?? about.before ?? present ?? restored;
    const did = about.before === undefined
      ? `${content?.kind ?? "mark"} ${VERBS[about.verb] ?? about.verb}`
      : describeChange(about.before, about.after);
    if (content?.kind === "comment") return `${did}, ${text.quotedWords(content.text, SHORT)}`;
    return content ? `${did}, ${text.quoted(content.spans, SHORT)}` : did;
  }

  async function settle(written, message) {
    await written;
    channel.tell(message);
    sync.wake();
  }

  return {
    make, set, place, removeStray, restoreTo, undo, redo, entryName, learn, takeTheirs, keepMine, keepBoth,
  };
}

function nounOf({ kind }) {
  return { rejection: "rejections", comment: "comments" }[kind] ?? "annotations";
}

const VERBS = { created: "added", changed: "changed", removed: "removed", restored: "restored", rejected: "added" };

/** Whether all is known of an entry of the log that its name needs. */
export function isNamed({ before, words }) {
  return before !== undefined || words !== undefined;
}

function quotesOf(snapshot) {
  return snapshot?.spans?.map(({ quote }) => quote) ?? [];
}

function contentOf(snapshot) {
  return snapshot && !snapshot.deleted ? plain(snapshot) : null;
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
