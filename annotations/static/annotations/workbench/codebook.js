/**
 * The codebook and the registry of actors, made ready to be looked up and searched. No page.
 */

// Told apart by people who do not tell red from green, on light and on dark ground.
const COLOURS = [
  "#0072b2", "#c2571a", "#00795c", "#a3407f", "#8a6d00", "#3f51a8", "#b0303a", "#3d7a1f",
  "#6a4c93", "#006f7a", "#8c4a2f", "#5a6472",
];
const FEWEST = 3; // letters typed before slips are forgiven
const PATTERNS = ["solid", "dashed", "dotted", "dash-dot"];

/**
 * The lookups { facets, tags, actors, tag, actor, know, knowTag, byKey, look, lookOf, findTags,
 * findActors, named } for the page's data: facets and tags with objects for their indexes, actors with
 * { id, name, kind, aliases, metonyms, retired }.
 */
export function makeCodebook(data) {
  const facets = data.facets.map((facet) => ({ ...facet, tags: [] }));
  const tags = data.tags.map((tag) => ({ ...tag, facet: facets[tag.facet] }));
  for (const tag of tags) {
    tag.parent = tag.parent === null ? null : tags[tag.parent];
    tag.facet.tags.push(tag);
  }
  for (const facet of facets) facet.tags = asTree(facet.tags);
  const actors = data.actors.map(([id, name, kind, aliases, metonyms, retired]) => (
    { id, name, kind, aliases, metonyms, retired: Boolean(retired) }
  ));
  const offeredTags = tags.filter((tag) => !tag.retired && !tag.facet.retired);
  const tagById = new Map(tags.map((tag) => [tag.id, tag]));
  const actorById = new Map(actors.map((actor) => [actor.id, actor]));
  const tagByKey = new Map(offeredTags.filter((tag) => tag.key).map((tag) => [tag.key, tag]));
  const looks = new Map(tags.map((tag, nth) => [tag, lookAt(tag, nth)]));
  const wordsOfActors = actors.filter((actor) => !actor.retired).map(wordsOf);
  const wordsOfTags = offeredTags.map((tag) => (
    { thing: tag, names: [tag.label, tag.slug, tag.facet.name].map(fold) }
  ));

  /** The tag that gives a claim its colour: of the first facet in which it has one. */
  function leading(content) {
    const own = content.codings.map((coding) => tagById.get(coding.tag)).filter(Boolean);
    for (const facet of facets) {
      const found = own.find((tag) => tag.facet === facet);
      if (found) return found;
    }
    return undefined;
  }

  /** The actor, taken up if the page did not carry it; one of which only the name was known too. */
  function know({ id, name, kind = "", aliases = [], metonyms = [], retired = false }) {
    const present = actorById.get(id);
    if (present) return present.kind ? present : Object.assign(present, { kind, aliases, metonyms });
    const actor = { id, name, kind, aliases, metonyms, retired };
    actors.push(actor);
    actorById.set(id, actor);
    if (!retired) wordsOfActors.push(wordsOf(actor));
    return actor;
  }

  /** A tag that the page did not carry, since it is newer: shown by its slug, not offered. */
  function knowTag({ tag: id, slug }) {
    if (tagById.has(id)) return;
    const tag = { id, slug, label: slug, key: "", definition: "", examples: [], retired: true, parent: null };
    tag.facet = { ...NEWER, tags: [tag] };
    tagById.set(id, tag);
    looks.set(tag, { nth: "newer", colour: COLOURS.at(-1), pattern: "dotted" });
  }

  return {
    facets,
    tags,
    actors,
    tag: (id) => tagById.get(id),
    actor: (id) => actorById.get(id),
    know,
    knowTag,
    byKey: (key) => tagByKey.get(key),
    look: (tag) => looks.get(tag),
    lookOf: (content) => looks.get(leading(content)) ?? null,
    leading,
    findTags: (words) => search(wordsOfTags, words),
    findActors: (words) => search(wordsOfActors, words),
    named: (quote) => only(wordsOfActors, fold(quote)),
  };
}

/** The facet of tags that are newer than the page: none that it asks for. */
const NEWER = { id: "", name: "", choose: "any", required: false, stance: true, retired: true };

/** The text as it is compared: without case, accents and doubled blanks. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/gu, " ").trim();
}

/**
 * The things whose names fit the words, best first; all of them when there are no words. Where
 * none fits, those of which these are the initials, or nearly the beginning of a word.
 */
export function search(entries, words) {
  const wanted = fold(words);
  if (!wanted) return entries.map(({ thing }) => thing);
  const found = ranked(entries, wanted);
  if (found.length || wanted.length < FEWEST) return found;
  return entries.filter(({ names }) => names.some((name) => isNearly(name, wanted)))
    .map(({ thing }) => thing);
}

function ranked(entries, wanted) {
  return entries
    .map(({ thing, names }, nth) => ({ thing, nth, rank: rankOf(names, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank || one.nth - other.nth)
    .map(({ thing }) => thing);
}

function wordsOf(actor) {
  return { thing: actor, names: [actor.name, ...actor.aliases, ...actor.metonyms].map(fold) };
}

/** Each tag followed by its narrower ones. */
function asTree(tags, parent = null) {
  const own = tags.filter((tag) => tag.parent === parent);
  return own.flatMap((tag) => [tag, ...asTree(tags, tag)]);
}

function lookAt(tag, nth) {
  const place = tag.facet.tags.indexOf(tag);
  return {
    nth,
    colour: tag.colour || COLOURS[nth % COLOURS.length],
    pattern: PATTERNS[place % PATTERNS.length],
  };
}

/** 0 the name itself … 5 within a word; Infinity if no name fits. Own names before aliases. */
function rankOf(names, wanted) {
  const ranks = names.map((name, nth) => {
    const late = nth ? 0.5 : 0;
    if (name === wanted) return 0 + late;
    if (name.startsWith(wanted)) return 1 + late;
    if (name.includes(` ${wanted}`)) return 2 + late;
    return wanted.split(" ").every((word) => name.includes(word)) ? 3 + late : Infinity;
  });
  return Math.min(...ranks);
}

/** Whether these are initials of the name, or a word of it begins so but for one slip of a finger. */
function isNearly(name, wanted) {
  const words = name.split(" ");
  const initials = words.map((word) => word[0]).join("");
  return initials.includes(wanted) || words.some((word) => isSlip(word, wanted));
}

/** Whether a word begins like what was typed: one letter more, less, another, or two turned. */
function isSlip(word, typed) {
  let at = 0;
  while (at < typed.length && word[at] === typed[at]) at += 1;
  const goesOn = (skipped, omitted) => word.startsWith(typed.slice(at + omitted), at + skipped);
  const turned = word[at] === typed[at + 1] && word[at + 1] === typed[at] && goesOn(2, 2);
  return at > 0 && (goesOn(1, 1) || goesOn(0, 1) || goesOn(1, 0) || turned);
}

function only(entries, wanted) {
  const fitting = entries.filter(({ names }) => names.includes(wanted));
  return fitting.length === 1 ? fitting[0].thing : undefined;
}
