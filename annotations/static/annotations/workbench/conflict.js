/** Two versions of one annotation side by side, for the person to choose. */

import { button, el } from "./dom.js";

/**
 * The section with both versions; `mine` and `theirs` are rows [field, name, words]. A field
 * that one version does not have counts as empty.
 */
export function makeConflict({ mine, theirs, by, keepMine, takeTheirs }) {
  const names = new Map([...theirs, ...mine].map(([field, name]) => [field, name]));
  const word = (rows, wanted) => rows.find(([field]) => field === wanted)?.[2] ?? "";
  const rows = [...names].map(([field, name]) => {
    const [own, other] = [word(mine, field), word(theirs, field)];
    if (!own && !other) return null;
    const differs = own !== other;
    return el(
      "tr", { class: differs ? "differs" : "" },
      el("th", { scope: "row" }, name, differs ? el("span", { class: "unseen", text: " (differs)" }) : null),
      differs
        ? [el("td", { text: own || "–" }), el("td", { text: other || "–" })]
        : el("td", { colspan: 2, text: own }),
    );
  });
  const heads = el(
    "tr", {}, el("td"),
    ["Yours", "Stored"].map((text) => el("th", { scope: "col", text })),
  );
  return el(
    "section", { class: "wb-conflict", role: "alert", "aria-label": "Two versions" },
    el("h2", { text: "Changed in two places" }),
    el("p", { text: `While your change was on its way, ${by} changed the same annotation.` }),
    el("p", { text: "Both versions are kept until you choose." }),
    el("table", {}, el("thead", {}, heads), el("tbody", {}, rows.filter(Boolean))),
    el(
      "p", { class: "choices" }, button("Keep mine", keepMine, { class: "button small" }),
      button("Take the stored one", takeTheirs, { class: "button quiet small" }),
    ),
  );
}
