/**
 * Suggested mentions as values: unpacked, sorted by what is still open, grouped by actor. No page.
 * A suggestion is { start, end, readings }, the best reading first; a reading
 * { named, meant, name, sense, reason } with ids of actors. `named` is null for a place that no
 * actor is called by, and where several actors share the name.
 */

/** The server's answer as { suggestions, actors: [{ id, name, kind }] }. */
export function unpackSuggestions({ suggestions, actors }) {
  const idOf = (place) => (place === null ? null : actors[place][0]);
  return {
    actors: actors.map(([id, name, kind]) => ({ id, name, kind })),
    suggestions: suggestions.map(([start, end, readings]) => ({
      start,
      end,
      readings: readings.map(([named, meant, name, sense, reason]) => (
        { named: idOf(named), meant: idOf(meant), name, sense, reason }
      )),
    })),
  };
}

/** The suggestions that no mention overlaps and no rejection names; both are contents, unsorted. */
export function stillOpen(suggestions, contents) {
  const rejected = new Set();
  const spans = [];
  for (const { kind, spans: own } of contents) {
    if (kind === "mention") spans.push(...own);
    if (kind === "rejection") for (const { start, end } of own) rejected.add(`${start} ${end}`);
  }
  spans.sort((one, other) => one.start - other.start);
  let nth = 0;
  let reach = 0; // where the marks that begin before the suggestion's end reach to
  return suggestions.filter(({ start, end }) => {
    while (nth < spans.length && spans[nth].start < end) reach = Math.max(reach, spans[nth++].end);
    return reach <= start && !rejected.has(`${start} ${end}`);
  });
}

/** The actor that a suggestion is about: the first whom any reading names. */
export function aboutOf({ readings }) {
  return readings.find(({ named }) => named)?.named ?? null;
}

/** [actor id, its suggestions] for each actor, the most frequent first. */
export function byActor(suggestions) {
  const groups = new Map();
  for (const one of suggestions) {
    const actor = aboutOf(one);
    if (!groups.has(actor)) groups.set(actor, []);
    groups.get(actor).push(one);
  }
  return [...groups].sort((one, other) => other[1].length - one[1].length);
}

/** The suggestion at a place, or undefined. */
export function suggestionAt(suggestions, place) {
  return suggestions.find(({ start, end }) => start <= place && place < end);
}

/** The next (step 1) or previous (-1) suggestion from a place; round to the other end. */
export function nextFrom(suggestions, place, step) {
  const beyond = step > 0
    ? suggestions.find(({ start }) => start > place)
    : suggestions.findLast(({ end }) => end <= place);
  return beyond ?? suggestions.at(step > 0 ? 0 : -1);
}

/** Lists of at most `most` things each. */
export function inPieces(things, most) {
  const pieces = [];
  for (let nth = 0; nth < things.length; nth += most) pieces.push(things.slice(nth, nth + most));
  return pieces;
}
