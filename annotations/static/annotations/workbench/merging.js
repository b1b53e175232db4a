/** The merge of two versions of an annotation, as the person sees and decides it. */

import { button, el, fill } from "./dom.js";
import { compare, disputed, joined, merged } from "./merge.js";

const HOW = { mine: "changed in yours", theirs: "changed in the stored", both: "changed in both" };

/**
 * The form { merging, hint }: what one of both changed is taken, what both changed is asked, and
 * what comes of it is shown before `save(content)`. `rowsOf(content)` is [field, name, words];
 * `hint` says of each [field, words] where it was changed.
 */
export function makeMerging({ id, before, mine, theirs, codebook, rowsOf, save }) {
  const facetOf = (tag) => codebook.tag(tag)?.facet;
  const differences = compare({ before: before ?? null, mine, theirs }, facetOf);
  const asked = disputed(differences);
  const choices = {};
  if (asked.includes("note") && joined(mine.note, theirs.note)) choices.note = "joined";
  const names = new Map([...rowsOf(theirs), ...rowsOf(mine)].map(([field, name]) => [field, name]));
  const preview = el("dl");
  const merging = el(
    "section", { class: "wb-merging", "aria-label": "Both in one" },
    el("h3", { text: "Both in one" }), el("p", { text: explanation() }), asked.map(question),
    preview, button("Save both in one", () => save(both()), { class: "button small" }),
  );

  function explanation() {
    const number = new Set(differences.map(({ field }) => field)).size - asked.length;
    if (!asked.length) return "Different things were changed, so nothing of either is lost:";
    const rest = number ? " All else comes from where it was changed." : "";
    return `${asked.map((field) => names.get(field) ?? field).join(", ")}: changed in both, so choose.${rest}`;
  }

  function question(field) {
    const words = (content) => rowsOf(content).find(([one]) => one === field)?.[2] || "nothing";
    const options = [["mine", "Yours", words(mine)], ["theirs", "Stored", words(theirs)]];
    if (choices[field] === "joined") options.push(["joined", "Both, one after the other", ""]);
    return el(
      "fieldset", {}, el("legend", { text: names.get(field) ?? field }),
      options.map(([choice, title, said]) => el(
        "label", {}, el("input", {
          type: "radio", name: `${id} merge ${field}`, value: choice,
          checked: (choices[field] ?? "mine") === choice,
          on: { change: () => { choices[field] = choice; draw(); } },
        }),
        el("span", {}, el("b", { text: title }), said ? ": " : "", said ? el("bdi", { text: said }) : null),
      )),
    );
  }

  const both = () => merged({ mine, theirs }, differences, choices, facetOf);

  function draw() {
    fill(preview, rowsOf(both()).filter(([, , words]) => words).flatMap(([, name, words]) => [
      el("dt", { text: name }), el("dd", { dir: "auto", text: words }),
    ]));
  }

  draw();
  const hint = new Map(differences.map(({ field, from }) => [field, HOW[from]]));
  for (const field of asked) hint.set(field, HOW.both);
  return { merging, hint };
}
