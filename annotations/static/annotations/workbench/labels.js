/** How annotations, actors and tags are called and shown on the page. */

import { ATTRIBUTIONS, CERTAINTIES, partsOf } from "./content.js";
import { sentence } from "./chain.js";
import { el } from "./dom.js";

/**
 * The words and looks of a codebook's things; `authors` and `outlet` are the article's. `about(id)`
 * tells of a claim that is linked to: { quote, title? }, or null where it is not to be seen.
 */
export function makeLabels({ codebook, authors, outlet, about = () => null }) {
  const author = authors ? `the author (${authors})` : "the author";
  const paper = outlet ? `the outlet (${outlet})` : "the outlet";

  /** The name of a participant. */
  function name({ actor, stands_for: standsFor }) {
    if (standsFor) return standsFor === "author" ? author : paper;
    return codebook.actor(actor)?.name ?? "an unknown actor";
  }

  const names = (content, role) => partsOf(content, role).map(name).join(", ");

  /** The voice chain as it is read. */
  const chain = (content) => sentence(partsOf(content, "voice").map((part) => (
    { ...part, name: name(part) }
  )));

  /**
   * { colour, pattern, label, key, flag } by which an annotation is told in the text; the flag is
   * there if a curator is asked to look.
   */
  function look(content) {
    const flag = content.flagged ? "?" : "";
    if (content.kind === "mention") {
      return { colour: "var(--wb-mention)", pattern: "dotted", label: "Mention", key: "", flag };
    }
    const tag = codebook.leading(content);
    if (!tag) return { colour: "var(--wb-untagged)", pattern: "solid", label: "Claim", key: "–", flag };
    const { nth, pattern } = codebook.look(tag);
    return { colour: `var(--tag-${nth})`, pattern, label: tag.label, key: tag.key || "•", flag };
  }

  /** One line that says what an annotation is: “Prediction · Kovač → Marenna”. */
  function line(content) {
    if (content.kind === "mention") {
      const [named, meant] = [names(content, "named"), names(content, "meant")];
      const meaning = meant ? `, meaning ${meant}` : "";
      return `Mention of ${named || "somebody not chosen yet"}${meaning}`;
    }
    const [claimant, target] = [names(content, "claimant"), names(content, "target")];
    const who = claimant + (target ? ` → ${target}` : "");
    return [look(content).label, who].filter(Boolean).join(" · ");
  }

  /** A tag's sign: its key on its colour, underlined in its pattern. */
  function sign(tag) {
    const { nth, pattern } = codebook.look(tag);
    const element = el("span", { class: `wb-sign ${pattern}`, "aria-hidden": "true", text: tag.key || "•" });
    element.style.setProperty("--tint", `var(--tag-${nth})`);
    return element;
  }

  /** What an annotation says, field by field as [field, name, words]; `quote(spans)` its text. */
  function rows(content, quote) {
    if (!content) return [["kind", "", "Removed"]];
    const said = [["spans", "Stretch", quote(content.spans)]];
    for (const [role, title] of ROLE_NAMES) {
      said.push([role, title, role === "voice" ? chain(content) : names(content, role)]);
    }
    for (const facet of codebook.facets) {
      const own = content.codings.filter((coding) => codebook.tag(coding.tag)?.facet === facet);
      const words = own.map(({ tag, stance }) => (
        codebook.tag(tag).label + (stance ? ` (${stance})` : "")
      ));
      said.push([`facet ${facet.id}`, facet.name, words.sort().join("; ")]);
    }
    const voice = ATTRIBUTIONS.find(([value]) => value === content.attribution)?.[1];
    said.push(["attribution", "Attribution", content.attribution ? voice : ""]);
    said.push(["certainty", "Certainty", certainty(content)]);
    said.push(["note", "Note", content.note]);
    said.push(["flagged", "Curator", content.flagged ? FLAGGED : ""]);
    said.push(["links", "Links", (content.links ?? []).map(linked).join("; ")]);
    return said;
  }

  /** How sure the person is, in words; nothing if she did not say. */
  function certainty(content) {
    return content.certainty ? CERTAINTIES.find(([value]) => value === content.certainty)[1] : "";
  }

  function linked({ relation, claim }) {
    const found = about(claim);
    if (!found) return `${relation} ${UNSEEN}`;
    const where = found.title ? ` in ${found.title}` : "";
    return `${relation} “${found.quote}”${where}`;
  }

  /** Where an annotation comes from, if not from a person alone. */
  function origin(from) {
    return { suggestion: "Suggested, then accepted by a person", import: "Imported" }[from] ?? "";
  }

  return { name, names, chain, certainty, look, line, sign, rows, origin };
}

export const FLAGGED = "a curator is asked to look here";
export const UNSEEN = "a claim that cannot be seen here now";

export const ROLE_NAMES = [
  ["named", "Named"], ["meant", "Meant"], ["claimant", "Claimant"], ["target", "Target"],
  ["voice", "Voice chain"],
];

/** Put the tags' colours where styles can use them, a lighter shade for the dark. */
export function layColours(root, codebook) {
  for (const tag of codebook.tags) {
    const { nth, colour } = codebook.look(tag);
    root.style.setProperty(`--tag-${nth}`, `light-dark(${colour}, color-mix(in oklab, ${colour} 52%, white))`);
  }
}
