/**
 * What an annotation says, and how it is changed: values in, values out. The shape is the API's:
 * { kind, spans: [{ start, end }], participants: [{ role, actor, stands_for, endorsement }],
 *   codings: [{ tag, stance }], attribution, certainty, note, flagged,
 *   links: [{ relation, claim }] }. Places are code points, half-open.
 */

export const STANCES = ["support", "oppose", "neutral", "unclear"];
export const ATTRIBUTIONS = [
  ["", "not said"], ["author", "the article’s own voice"], ["quoted", "quoted"],
  ["reported", "reported"],
];
export const CERTAINTIES = [["", "not said"], ["high", "sure"], ["medium", "fairly sure"], ["low", "unsure"]];
export const ROLES = { mention: ["named", "meant"], claim: ["claimant", "target", "voice"] };
export const SINGLE_ROLES = new Set(["named", "meant"]);

/** A new annotation's content on these [start, end] stretches. */
export function blank(kind, stretches) {
  const spans = stretches.map(([start, end]) => ({ start, end }));
  return {
    kind, spans, participants: [], codings: [], attribution: "", certainty: "", note: "",
    flagged: false, links: [],
  };
}

/** A comment as content, so that it goes the way of all changes; it stands on no stretches. */
export function remark({ annotation, text, mentions = [] }) {
  return { ...blank("comment", []), annotation, text, mentions };
}

/** The content with nothing in it but what the API takes; what it does not say is empty. */
export function plain(values) {
  if ("text" in values) return remark(values);
  return {
    kind: values.kind,
    spans: values.spans.map(({ start, end }) => ({ start, end })),
    participants: values.participants.map(({ role, ...part }) => ({ role, ...partly(part) })),
    codings: values.codings.map(({ tag, stance }) => ({ tag, stance: stance ?? "" })),
    attribution: values.attribution ?? "",
    certainty: values.certainty ?? "",
    note: values.note ?? "",
    flagged: values.flagged ?? false,
    links: (values.links ?? []).map(({ relation, claim }) => ({ relation, claim })),
  };
}

/** Whether two contents (or nothing) say the same, whatever the order of their tags. */
export function same(one, other) {
  if (!one || !other) return one === other;
  return FIELDS.every((field) => sameIn(field, one, other));
}

export const FIELDS = [
  "kind", "spans", ...ROLES.claim, ...ROLES.mention, "codings", "attribution", "certainty",
  "links", "flagged", "note", "text",
];

/** Whether two contents say the same in one field: a role, spans, codings, links, or a value. */
export function sameIn(field, one, other) {
  return JSON.stringify(valueOf(field, one)) === JSON.stringify(valueOf(field, other));
}

/** The parts of one role, in order. */
export function partsOf(content, role) {
  return content.participants.filter((part) => part.role === role);
}

/** The content with these parts in a role instead of those it had. */
export function withParts(content, role, parts) {
  const others = content.participants.filter((part) => part.role !== role);
  const added = parts.map((part) => ({ role, ...partly(part) }));
  return { ...content, participants: [...others, ...added] };
}

/** The content with one part more in a role; a role for one has it replaced. */
export function addPart(content, role, part) {
  const parts = SINGLE_ROLES.has(role) ? [] : partsOf(content, role);
  if (parts.some((known) => samePart(known, part))) return content;
  return withParts(content, role, [...parts, part]);
}

/** The content without this part of a role. */
export function dropPart(content, role, part) {
  return withParts(content, role, partsOf(content, role).filter((known) => !samePart(known, part)));
}

/** The content with a role's part moved up (-1) or down (1) in its order. */
export function movePart(content, role, index, step) {
  const parts = partsOf(content, role);
  if (!parts[index] || !parts[index + step]) return content;
  [parts[index], parts[index + step]] = [parts[index + step], parts[index]];
  return withParts(content, role, parts);
}

/** The content with this tag; in a facet that takes one, instead of the tag it had. */
export function addTag(content, tag, codebook) {
  if (content.codings.some((coding) => coding.tag === tag.id)) return content;
  const kept = tag.facet.choose === "one" ? withoutFacet(content, tag.facet, codebook) : content;
  return { ...kept, codings: [...kept.codings, { tag: tag.id, stance: "" }] };
}

/** The content without this tag. */
export function dropTag(content, tag) {
  return { ...content, codings: content.codings.filter((coding) => coding.tag !== tag.id) };
}

/** The content with the stance towards one of its tags; the stance it has is taken back. */
export function withStance(content, tag, stance) {
  const codings = content.codings.map((coding) => (
    coding.tag === tag.id ? { ...coding, stance: coding.stance === stance ? "" : stance } : coding
  ));
  return { ...content, codings };
}

/** The content with a stretch more; one that overlaps or touches others is joined with them. */
export function addStretch(content, [start, end]) {
  const touching = content.spans.filter((span) => span.start <= end && span.end >= start);
  const apart = content.spans.filter((span) => !touching.includes(span));
  const joined = {
    start: Math.min(start, ...touching.map((span) => span.start)),
    end: Math.max(end, ...touching.map((span) => span.end)),
  };
  return { ...content, spans: [...apart, joined].sort((a, b) => a.start - b.start) };
}

/** The content without the stretches that a [start, end] touches; never without all of them. */
export function dropStretch(content, [start, end]) {
  const spans = content.spans.filter((span) => span.end < start || span.start > end);
  return spans.length ? { ...content, spans } : content;
}

/** The content with the stretch at an index put elsewhere. Null if it would be empty or overlap. */
export function moveStretch(content, index, [start, end]) {
  const others = content.spans.filter((_, nth) => nth !== index);
  const clash = others.some((span) => span.start < end && span.end > start);
  if (start >= end || clash) return null;
  return { ...content, spans: [...others, { start, end }].sort((a, b) => a.start - b.start) };
}

/** What the codebook asks for and the content does not say yet, in words. */
export function missing(content, codebook) {
  return asked(content, codebook).map(({ words }) => words);
}

/** The same as { field, words, tag? }: a role or a facet's id, and the tag that lacks a stance. */
export function asked(content, codebook) {
  if (content.kind === "mention") {
    const isNamed = partsOf(content, "named").length > 0;
    return isNamed ? [] : [{ field: "named", words: "the actor that is named" }];
  }
  const tags = content.codings.map((coding) => ({ ...coding, tag: codebook.tag(coding.tag) }));
  const hasClaimant = partsOf(content, "claimant").length > 0;
  const asks = hasClaimant ? [] : [{ field: "claimant", words: "a claimant" }];
  for (const facet of codebook.facets) {
    const answered = tags.some(({ tag }) => tag?.facet === facet);
    if (facet.required && !facet.retired && !answered) asks.push({ field: facet.id, words: facet.name });
  }
  for (const { tag, stance } of tags) {
    if (!tag?.facet.stance || stance) continue;
    asks.push({ field: tag.facet.id, words: `the stance towards “${tag.label}”`, tag });
  }
  return asks;
}

/** What differs between two contents, in a few words: “claim added”, “note changed”. */
export function describeChange(before, after) {
  const kind = (after ?? before)?.kind ?? "mark";
  if (!before) return `${kind} added`;
  if (!after) return `${kind} removed`;
  const changed = FIELDS.filter((field) => !sameIn(field, before, after));
  if (changed.length !== 1) return `${kind} changed`;
  return `${WORDS[changed[0]] ?? changed[0]} changed`;
}

const WORDS = {
  spans: "stretch", codings: "tags", voice: "voice chain", named: "actor named",
  meant: "actor meant", flagged: "flag", text: "comment",
};

const ROLE_NAMES = new Set(Object.values(ROLES).flat());

// What a change kept by an older page does not say.
const EMPTY = { certainty: "", flagged: false };

function valueOf(field, content) {
  if (field === "spans") return content.spans.map(({ start, end }) => [start, end]);
  if (field === "codings") return content.codings.map(({ tag, stance }) => [tag, stance]).sort();
  if (field === "links") return (content.links ?? []).map(({ relation, claim }) => [relation, claim]);
  if (ROLE_NAMES.has(field)) return partsOf(content, field).map((part) => Object.values(partly(part)));
  return content[field] ?? EMPTY[field];
}

/** What is said of somebody in a role. */
function partly({ actor = null, stands_for: standsFor = "", endorsement = "" }) {
  return { actor, stands_for: standsFor, endorsement };
}

function samePart(one, other) {
  return (one.actor ?? null) === (other.actor ?? null)
    && (one.stands_for ?? "") === (other.stands_for ?? "");
}

function withoutFacet(content, facet, codebook) {
  const codings = content.codings.filter((coding) => codebook.tag(coding.tag)?.facet !== facet);
  return { ...content, codings };
}
