/** What a claim says of other claims. Values in, values out. */

/** Relation, and how it reads from the other side. */
export const RELATIONS = [
  ["restates", "restated by"], ["supports", "supported by"], ["contradicts", "contradicted by"],
  ["qualifies", "qualified by"],
];

/** The links of a content; one kept by an older page has none. */
export const linksOf = (content) => content?.links ?? [];

/** The content with a link to a claim; one that it has gets the relation. */
export function withLink(content, claim, relation) {
  const present = linksOf(content);
  if (present.some((link) => link.claim === claim)) {
    const links = present.map((link) => (link.claim === claim ? { ...link, relation } : link));
    return { ...content, links };
  }
  return { ...content, links: [...present, { relation, claim }] };
}

/** The content without the link to a claim. */
export function withoutLink(content, claim) {
  return { ...content, links: linksOf(content).filter((link) => link.claim !== claim) };
}

/**
 * Who links to whom, kept as annotations change: { to(claim) }, [{ from, relation }]. `all()` is
 * read once, `renew(ids)` afterwards only what changed, by `get(id)`.
 */
export function makeBacklinks({ all, get }) {
  let known = null; // the links of each annotation that has any

  function read() {
    known = new Map();
    for (const { id, content } of all()) keep(id, content);
  }

  function keep(id, content) {
    const links = linksOf(content);
    if (links.length) known.set(id, links);
    else known.delete(id);
  }

  function renew(ids) {
    if (known) for (const id of ids) keep(id, get(id)?.content);
  }

  function to(claim) {
    if (!known) read();
    return [...known].flatMap(([from, links]) => (
      links.filter((link) => link.claim === claim).map(({ relation }) => ({ from, relation }))
    ));
  }

  return { to, renew };
}

/**
 * The next (step 1) or previous (-1) of the annotations in reading order to which the open claim
 * may be linked, from the one `at` hand or from the open one; round at the ends. Or undefined.
 */
export function nextLinkable(inOrder, open, at, step) {
  const row = inOrder.filter(({ id, content }) => (
    id === open.id || mayLink(open, { id, content })
  ));
  let nth = row.findIndex(({ id }) => id === (at ?? open.id));
  for (let tried = 0; tried < row.length; tried += 1) {
    nth = (nth + step + row.length) % row.length;
    if (row[nth].id !== open.id) return row[nth];
  }
  return undefined;
}

/** Whether an annotation may be linked to from another: a claim that it does not link to yet. */
export function mayLink(open, { id, content }) {
  return content?.kind === "claim" && id !== open.id
    && !linksOf(open.content).some((link) => link.claim === id);
}
