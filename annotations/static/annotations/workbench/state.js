/**
 * What the page knows: the annotations as the server last gave them, the person's own changes
 * upon them that it has not confirmed, and the log of her changes. Knows neither page nor network.
 */

import { plain } from "./content.js";
import { replay } from "./undo.js";
import { versionAfter } from "./queue.js";

export const TALK = "talk"; // the layer of comments, which are kept and sent as annotations are

/**
 * The state. `annotations` are { id, author, version, content, layer }, `log` the server's log of
 * the person's own changes, `me` her user name; `revision` is the text that the page shows, and
 * `strays` the annotations that lost their place in it: { …, revision, quotes, places }.
 */
export function makeState({ annotations, log, me, mayMark, revision, strays = [] }) {
  const tray = new Map(strays.map((stray) => [stray.id, stray]));
  const known = new Map([
    ...removed(log, me), ...annotations.map((annotation) => [annotation.id, annotation]),
  ]);
  const entries = [...log];
  const listeners = [];
  let changes = [];
  let stacks = null; // read from the log when they are asked for

  /** Whether a change can be shown: places of another text than the page's cannot. */
  const isHere = (change) => !change.content || isPlaced(change, revision);
  const changesOf = (id) => changes.filter((change) => change.annotation === id);

  /** The annotation as the person sees it now, or undefined: her own changes lie upon it. */
  function get(id) {
    const base = known.get(id);
    const own = changesOf(id);
    if (!base && !own.length) return undefined;
    const author = base?.author ?? me;
    const layer = base?.layer ?? (own[0]?.noun === "comments" ? TALK : "analyst");
    return {
      id,
      author,
      layer,
      origin: base?.origin ?? (own[0]?.suggestion ? "suggestion" : "human"),
      content: own.some(isHere) ? own.findLast(isHere).content : base?.content ?? null,
      version: versionAfter(own, base?.version ?? 0),
      mine: author === me && (layer === TALK || (mayMark && layer === "analyst")),
      about: base?.about,
      waiting: own.length > 0,
      trouble: own.find((change) => change.state !== "waiting") ?? null,
    };
  }

  /** Every annotation that stands, in no order of reading. */
  function all() {
    const ids = new Set([...known.keys(), ...changes.map((change) => change.annotation)]);
    return [...ids].map(get)
      .filter(({ content, trouble, layer }) => layer !== TALK && (content || trouble));
  }

  function tell(ids) {
    for (const listener of listeners) listener(new Set(ids));
  }

  function note(change) {
    if (entries.some((entry) => entry.id === change.id)) return;
    entries.push(entryOf(change, revision));
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
    if (nth >= 0) entries[nth] = entryOf(change, revision);
    stacks = null;
    tell([change.annotation]);
  }

  /**
   * The server has stored a change; what it answered is known from now on. `moved` is how many
   * versions a correction of the text had put before it: those waiting come after these too.
   */
  function saved(change, annotation, moved = 0) {
    changes = changes.filter((other) => other.id !== change.id);
    if (moved) makeRoom(change, moved);
    note(change);
    receive(annotation, change);
  }

  function makeRoom(change, moved) {
    const later = (other) => ({ ...other, seen: other.seen + moved });
    const isOf = (other) => other.annotation === change.annotation;
    changes = changes.map((other) => (isOf(other) ? later(other) : other));
    const carried = Array.from({ length: moved }, (_, nth) => ({
      id: `${change.id} ${nth}`, annotation: change.annotation, verb: "carried",
      version: change.seen + 1 + nth, undoes: null,
    }));
    const renewed = new Map([change, ...changes.filter(isOf)].map((one) => [one.id, one]));
    renewed.set(change.id, later(change));
    const kept = entries.map((entry) => (renewed.has(entry.id) ? entryOf(renewed.get(entry.id), revision) : entry));
    const nth = kept.findIndex((entry) => entry.id === change.id);
    kept.splice(nth < 0 ? kept.length : nth, 0, ...carried);
    entries.splice(0, entries.length, ...kept);
    stacks = null;
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
  function receive(annotation, change = null) {
    take(annotation, change);
    tell([annotation.id]);
  }

  /** Know several of the API at once. */
  function receiveAll(annotations) {
    annotations.forEach((annotation) => take(annotation));
    tell(annotations.map(({ id }) => id));
  }

  function take(annotation, change = null) {
    const present = known.get(annotation.id);
    if (!present || present.version <= annotation.version) {
      if ((annotation.revision ?? revision) === revision) settle(annotation);
      else keepElsewhere(annotation, change, present);
    }
  }

  function settle(annotation) {
    tray.delete(annotation.id);
    known.set(annotation.id, fromApi(annotation));
  }

  /**
   * Its places are of another text. What was said on this page stays as it is seen here, where the
   * text has been corrected since; what was said of an older text has lost its place.
   */
  function keepElsewhere(annotation, change, present) {
    const { id } = annotation;
    const stray = annotation.deleted ? null : strayOf(annotation, tray.get(id)?.places);
    const isOlder = change ? change.revision !== revision : tray.has(id);
    const lost = isOlder && annotation.kind !== "rejection";
    const seen = change && !lost ? change.content : present?.content;
    if (stray && lost) tray.set(id, stray);
    else tray.delete(id);
    known.set(id, { ...fromApi(annotation), content: stray && !lost ? seen ?? null : null });
  }

  return {
    me,
    mayMark,
    revision,
    get,
    all,
    load,
    add,
    swap,
    saved,
    drop,
    receive,
    receiveAll,
    note,
    stray: (id) => tray.get(id),
    strays: () => [...tray.values()].filter(({ id }) => !changesOf(id).length),
    changesOf,
    changes: () => changes,
    log: () => entries,
    stacks: () => (stacks ??= replay(entries)),
    listen: (listener) => listeners.push(listener),
  };
}

/** Whether a change is of this text, or of none. */
function isPlaced(change, revision) {
  return change.revision === revision || change.noun === "comments";
}

/** An annotation of the API as the tray knows it. */
function strayOf(annotation, places = []) {
  const quotes = annotation.spans.map(({ quote }) => quote);
  return { ...fromApi(annotation), revision: annotation.revision, quotes, places };
}

/** An annotation of the API as the state knows it; a removed one has no content. */
export function fromApi(annotation) {
  if ("text" in annotation) return commentFromApi(annotation);
  const { id, author, version, layer, origin, deleted } = annotation;
  return { id, author, version, layer, origin, content: deleted ? null : plain(annotation) };
}

/** A comment as the state knows it: content as any other's, and in `about` what is shown beside. */
function commentFromApi(comment) {
  const { id, author, version, ...about } = comment;
  return {
    id, author, version, layer: TALK, origin: "human", content: about.deleted ? null : plain(comment),
    about,
  };
}

/** The page's compact rows as annotations and log entries. */
export function unpack(data) {
  const actorIds = data.actors.map(([id]) => id);
  const tagIds = data.tags.map(({ id }) => id);
  const annotations = data.annotations.map((row) => {
    const [id, person, kind, layer, version, places, parts, codings, attribution, note, extra = {}] = row;
    const spans = [];
    for (let nth = 0; nth < places.length; nth += 2) {
      spans.push({ start: places[nth], end: places[nth + 1] });
    }
    const content = plain({
      kind,
      spans,
      participants: parts.map(([role, who, endorsement]) => (
        { role, ...(typeof who === "number" ? { actor: actorIds[who] } : { stands_for: who }), endorsement }
      )),
      codings: codings.map(([tag, stance]) => ({ tag: tagIds[tag], stance })),
      attribution,
      note,
      certainty: extra.certainty,
      flagged: Boolean(extra.flagged),
      links: extra.links?.map(([relation, claim]) => ({ relation, claim })),
    });
    const { origin = "human" } = extra;
    return { id, author: data.people[person][0], layer, version, origin, content };
  });
  const log = data.log.map(([id, annotation, verb, version, undoes]) => (
    { id, annotation: data.logged[annotation], verb, version, undoes }
  ));
  const isStray = ({ id }) => id in (data.tray ?? {});
  const strays = annotations.filter(isStray).map((stray) => {
    const [revision, quotes, flat] = data.tray[stray.id];
    const places = [];
    for (let nth = 0; nth < flat.length; nth += 2) places.push([flat[nth], flat[nth + 1]]);
    return { ...stray, revision, quotes, places };
  });
  const said = (data.said ?? []).map(([id, annotation, version, text, mentions, created, deleted]) => (
    commentFromApi({ id, author: data.me, annotation, version, text, mentions, created, deleted })
  ));
  return { annotations: [...annotations.filter((one) => !isStray(one)), ...said], log, strays };
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

/** A change as an entry of the log; what it said of another text than the page's is not told. */
function entryOf(change, revision) {
  const isHere = isPlaced(change, revision);
  return {
    id: change.id,
    annotation: change.annotation,
    verb: change.content ? (change.seen ? "changed" : "created") : "removed",
    version: change.seen + 1,
    undoes: change.undoes,
    before: isHere ? change.before : undefined,
    after: isHere ? change.content : undefined,
    group: change.group,
  };
}
