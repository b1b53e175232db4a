/**
 * Two versions of one annotation made one: values in, values out. What an annotation says is taken
 * apart into the pieces that can change by themselves; each is compared with what it was before.
 */

const PLAIN = ["kind", "attribution", "certainty", "flagged", "note"];
const CHAINS = ["voice", "named", "meant"]; // taken as a whole: their order and number mean something
const SETS = ["claimant", "target"];

/**
 * What differs between `mine` and `theirs`, both made from `before` (null if that is not known):
 * a list of { key, field, mine, theirs, from }. `from` says whose piece counts without asking:
 * "mine" or "theirs", or "both" where both changed it and somebody has to choose. A field is a
 * role, "spans", "links", "facet ID", or a plain value's name. `facetOf(tag id)` is the tag's
 * { id, choose }.
 */
export function compare({ before, mine, theirs }, facetOf) {
  const [old, own, other] = [before, mine, theirs].map((content) => pieces(content, facetOf));
  const keys = new Set([...own.keys(), ...other.keys()]);
  return [...keys].flatMap((key) => {
    const [was, here, there] = [old, own, other].map((all) => all.get(key)?.value);
    if (alike(here, there)) return [];
    const from = before && alike(was, here) ? "theirs" : before && alike(was, there) ? "mine" : "both";
    const { field } = own.get(key) ?? other.get(key);
    return [{ key, field, mine: here, theirs: there, from }];
  });
}

/** The fields in which somebody has to choose, each once. */
export function disputed(differences) {
  return [...new Set(differences.filter(({ from }) => from === "both").map(({ field }) => field))];
}

/**
 * The content that both come to. `choices` has "mine", "theirs" or, for the note, "joined" for the
 * fields in dispute; a field without a choice is taken as it is in `mine`.
 */
export function merged({ mine, theirs }, differences, choices, facetOf) {
  const [own, other] = [mine, theirs].map((content) => pieces(content, facetOf));
  const found = new Map([...own, ...other].map(([key, { field }]) => [key, { field, value: own.get(key)?.value }]));
  for (const { key, field, from, ...values } of differences) {
    const choice = from === "both" ? choices[field] ?? "mine" : from;
    found.set(key, { field, value: choice === "joined" ? joined(values.mine, values.theirs) : values[choice] });
  }
  return content([...found].filter(([, { value }]) => value !== undefined));
}

/** Two notes as one: the longer if it has the other in it, else one after the other. */
export function joined(mine, theirs) {
  if (mine.includes(theirs)) return mine;
  return theirs.includes(mine) ? theirs : `${mine}\n\n${theirs}`;
}

/** The pieces of a content by their keys, each { field, value }. */
function pieces(said, facetOf) {
  if (!said) return new Map();
  const all = PLAIN.map((field) => [field, field, said[field] ?? (field === "flagged" ? false : "")]);
  all.push(["spans", "spans", said.spans.map(({ start, end }) => ({ start, end }))]);
  for (const role of CHAINS) {
    const chain = said.participants.filter((part) => part.role === role).map(whole);
    if (chain.length) all.push([role, role, chain]);
  }
  for (const part of said.participants.filter(({ role }) => SETS.includes(role)).map(whole)) {
    all.push([`${part.role} ${part.actor ?? part.stands_for}`, part.role, part]);
  }
  for (const { tag, stance = "" } of said.codings) {
    const facet = facetOf(tag);
    const field = `facet ${facet?.id}`;
    all.push([facet?.choose === "one" ? field : `tag ${tag}`, field, { tag, stance }]);
  }
  for (const { relation, claim } of said.links ?? []) {
    all.push([`link ${claim}`, "links", { relation, claim }]);
  }
  return new Map(all.map(([key, field, value]) => [key, { field, value }]));
}

function whole({ role, actor, stands_for: standsFor, endorsement }) {
  return { role, actor: actor ?? null, stands_for: standsFor ?? "", endorsement: endorsement ?? "" };
}

/** The content that has these [key, { field, value }] pieces. */
function content(found) {
  const of = (fits) => found.filter(([key, { field }]) => fits(key, field)).map(([, { value }]) => value);
  return {
    ...Object.fromEntries([...PLAIN, "spans"].map((name) => [name, of((key) => key === name)[0]])),
    participants: of((_, field) => CHAINS.includes(field) || SETS.includes(field)).flat(),
    codings: of((_, field) => field.startsWith("facet ")),
    links: of((_, field) => field === "links"),
  };
}

function alike(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
