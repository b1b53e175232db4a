/**
 * What the page knows: the annotations as the server last gave them, the person's own changes
 * upon them that it has not confirmed, and the log of her changes. Knows neither page nor network.
 */

import { plain } from "./content.js";
import { replay } from "./undo.js";
import { versionAfter } from "./queue.js";

/**
 * The state. `annotations` are { id, author, version, content, layer }, `log` the server's log of
 * the person's own changes, `me` her user name.
 */
export function makeState({ annotations, log, me, mayMark }) {
  const known = new Map([
    ...removed(log, me), ...annotations.map((annotation) => [annotation.id, annotation]),
  ]);
  const entries = [...log];
  const listeners = [];
  let changes = [];
  let stacks = null; // read from the log when they are asked for

  const changesOf = (id) => changes.filter((change) => change.annotation === id);

  /** The annotation as the person sees it now, or undefined: her own changes lie upon it. */
  function get(id) {
    const base = known.get(id);
    const own = changesOf(id);
    if (!base && !own.length) return undefined;
    const author = base?.author ?? me;
    const layer = base?.layer ?? "analyst";
    return {
      id,
      author,
      layer,
      origin: base?.origin ?? (own[0]?.suggestion ? "suggestion" : "human"),
      content: own.length ? own.at(-1).content : base.content,
      version: versionAfter(own, base?.version ?? 0),
      mine: mayMark && author === me && layer === "analyst",
      waiting: own.length > 0,
      trouble: own.find((change) => change.state !== "waiting") ?? null,
    };
  }

  /** Every annotation that stands, in no order of reading. */
  function all() {
    const ids = new Set([...known.keys(), ...changes.map((change) => change.annotation)]);
    return [...ids].map(get).filter(({ content, trouble }) => content || trouble);
  }

  function tell(ids) {
    for (const listener of listeners) listener(new Set(ids));
  }

  function note(change) {
    if (entries.some((entry) => entry.id === change.id)) return;
    entries.push(entryOf(change));
    stacks = null;
  }

  /** Put the changes kept on this device in the place of those known so far. */
  function load(kept) {
    const touched = [...changes, ...kept].map((change) => change.annotation);
    changes = kept;
    kept.forEach(note);
    tell(touched);
  }

  function add(change) {
    changes = [...changes, change];
    note(change);
    tell([change.annotation]);
  }

  /** Put a change in the place of the one with the same id. */
  function swap(change) {
    changes = changes.map((other) => (other.id === change.id ? change : other));
    const nth = entries.findIndex((entry) => entry.id === change.id);
    if (nth >= 0) entries[nth] = entryOf(change);
    stacks = null;
    tell([change.annotation]);
  }

  /** The server has stored a change; what it answered is known from now on. */
  function saved(change, annotation) {
    changes = changes.filter((other) => other.id !== change.id);
    note(change);
    receive(annotation);
  }

  /** Forget changes that will not be made. */
  function drop(dropped) {
    const ids = new Set(dropped.map((change) => change.id));
    changes = changes.filter((change) => !ids.has(change.id));
    for (let nth = entries.length - 1; nth >= 0; nth -= 1) {
      if (ids.has(entries[nth].id)) entries.splice(nth, 1);
    }
    stacks = null;
    tell(dropped.map((change) => change.annotation));
  }

  /** Know an annotation as the API gives it, unless something newer is known. */
  function receive(annotation) {
    const present = known.get(annotation.id);
    if (!present || present.version <= annotation.version) {
      known.set(annotation.id, fromApi(annotation));
    }
    tell([annotation.id]);
  }

  return {
    me,
    mayMark,
    get,
    all,
    load,
    add,
    swap,
    saved,
    drop,
    receive,
    note,
    changesOf,
    changes: () => changes,
    log: () => entries,
    stacks: () => (stacks ??= replay(entries)),
    listen: (listener) => listeners.push(listener),
  };
}

/** An annotation of the API as the state knows it; a removed one has no content. */
export function fromApi(annotation) {
  const { id, author, version, layer, origin, deleted } = annotation;
  return { id, author, version, layer, origin, content: deleted ? null : plain(annotation) };
}

/** The page's compact rows as annotations and log entries. */
export function unpack(data) {
  const actorIds = data.actors.map(([id]) => id);
  const tagIds = data.tags.map(({ id }) => id);
  const annotations = data.annotations.map((row) => {
    const [id, person, kind, layer, version, places, parts, codings, attribution, note, origin = "human"] = row;
    const spans = [];
    for (let nth = 0; nth < places.length; nth += 2) {
      spans.push({ start: places[nth], end: places[nth + 1] });
    }
    const content = {
      kind,
      spans,
      participants: parts.map(([role, who]) => (typeof who === "number"
        ? { role, actor: actorIds[who], stands_for: "" }
        : { role, actor: null, stands_for: who })),
      codings: codings.map(([tag, stance]) => ({ tag: tagIds[tag], stance })),
      attribution,
      note,
    };
    return { id, author: data.people[person][0], layer, version, origin, content };
  });
  const log = data.log.map(([id, annotation, verb, version, undoes]) => (
    { id, annotation: data.logged[annotation], verb, version, undoes }
  ));
  return { annotations, log };
}

/** Annotations that only the log still tells of, each at the version of its last change. */
function removed(log, me) {
  const versions = new Map();
  for (const { annotation, version } of log) {
    versions.set(annotation, Math.max(version, versions.get(annotation) ?? 0));
  }
  return Array.from(versions, ([id, version]) => (
    [id, { id, author: me, layer: "analyst", version, content: null }]
  ));
}

function entryOf(change) {
  return {
    id: change.id,
    annotation: change.annotation,
    version: change.seen + 1,
    undoes: change.undoes,
    before: change.before,
    after: change.content,
    group: change.group,
  };
}
