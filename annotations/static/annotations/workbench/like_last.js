/** What one claim takes over from another. Values in, values out. */

import { partsOf, ROLES, withParts } from "./content.js";

/** The claim that the person made or changed last, apart from one: its annotation, or null. */
export function lastClaim(log, get, except) {
  const seen = new Set([except]);
  for (let nth = log.length - 1; nth >= 0; nth -= 1) {
    const { annotation: id } = log[nth];
    if (seen.has(id)) continue;
    seen.add(id);
    const annotation = get(id);
    if (annotation?.mine && annotation.content?.kind === "claim") return annotation;
  }
  return null;
}

/**
 * The content with what a model says of roles, facets and attribution, wherever it says nothing
 * yet; and the names of the fields that it took, as the labels' rows have them.
 */
export function likeLast(content, model, codebook) {
  const took = [];
  let next = content;
  for (const role of ROLES.claim) {
    const parts = partsOf(model, role).filter(({ actor }) => !codebook.actor(actor)?.retired);
    if (partsOf(next, role).length || !parts.length) continue;
    next = withParts(next, role, parts);
    took.push(role);
  }
  for (const facet of codebook.facets) {
    const isOf = (coding) => codebook.tag(coding.tag)?.facet === facet;
    const codings = facet.retired ? [] : model.codings.filter((coding) => (
      isOf(coding) && !codebook.tag(coding.tag).retired
    ));
    if (next.codings.some(isOf) || !codings.length) continue;
    next = { ...next, codings: [...next.codings, ...codings] };
    took.push(`facet ${facet.id}`);
  }
  if (!next.attribution && model.attribution) {
    next = { ...next, attribution: model.attribution };
    took.push("attribution");
  }
  return { content: next, took };
}

/** A function that gives a new annotation what another says, except what is said of that alone. */
export function copyOf(model) {
  return ({ spans }) => ({ ...model, spans, note: "", flagged: false, links: [] });
}
