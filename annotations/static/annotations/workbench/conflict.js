/** Two versions of one annotation side by side, for the person to choose or to make one of. */

import { button, el } from "./dom.js";

/**
 * The function that gives the section with both versions of an annotation in conflict: the same
 * section for the same conflict, so that what is chosen in it stays while the page is drawn anew.
 */
export function makeConflicts({ state, text, labels, codebook, names, act }) {
  let shown = null;

  function section({ id, trouble }) {
    const own = state.changesOf(id);
    const key = own.map((change) => change.id).join(" ");
    if (shown?.key !== key) shown = { key, node: draw(id, trouble, own) };
    return shown.node;
  }

  function draw(id, { theirs }, own) {
    const { content, revision, quotes } = own.at(-1);
    const stored = theirs.deleted ? null : theirs;
    const isHere = [theirs, ...own].every((one) => one.revision === state.revision);
    const mineRows = rowsOf(content, revision === state.revision ? null : quotes);
    const theirRows = rowsOf(stored, theirs.spans.map(({ quote }) => quote));
    const choices = el(
      "p", { class: "choices" },
      button(content ? "Keep mine" : "Remove it", () => act({ command: "keep-mine", id }), { class: "button small" }),
      button(
        stored ? "Take the stored one" : "Leave it removed",
        () => act({ command: "take-theirs", id }), { class: "button quiet small" },
      ),
    );
    const node = el(
      "section", { class: "wb-conflict", role: "alert", "aria-label": "Two versions", tabindex: "-1" },
      el("h2", { text: "Changed in two places" }),
      el("p", { text: explanation(theirs, content) }),
      el("p", { text: "Both versions are kept until you choose." }),
      tableOf(mineRows, theirRows), choices,
    );
    if (content && stored && isHere) offerMerge(node, choices, { id, before: own[0].before, mine: content, theirs });
    return node;
  }

  function explanation({ author, deleted }, content) {
    const who = author === state.me ? "from another window or device of yours" : `by ${names.get(author) ?? author}`;
    const did = `was ${deleted ? "removed" : "changed"} ${who}`;
    if (!content) return `You removed this annotation. Before that was stored, it ${did}.`;
    return `While your change was on its way, the same annotation ${did}.`;
  }

  function rowsOf(content, quotes) {
    return labels.rows(content, (spans) => (quotes ? quotes.filter(Boolean).join(" … ") : text.short(spans, 300)));
  }

  /** Below the table, how both can be one; loaded when it is needed, and not missed without. */
  async function offerMerge(node, choices, versions) {
    const loaded = await import("./merging.js").catch(() => null);
    if (!loaded || !node.contains(choices)) return;
    const { merging, hint } = loaded.makeMerging({
      ...versions, codebook, rowsOf: (content) => rowsOf(content, null),
      save: (content) => act({ command: "merge-versions", id: versions.id, content }),
    });
    for (const [field, words] of hint) {
      node.querySelector(`tr[data-field="${CSS.escape(field)}"] th .how`)?.replaceChildren(words);
    }
    choices.before(merging);
    choices.firstElementChild.classList.add("quiet");
  }

  return section;
}

/** The two versions; a field that one does not have counts as empty. */
function tableOf(mine, theirs) {
  const names = new Map([...theirs, ...mine].map(([field, name]) => [field, name]));
  const word = (rows, wanted) => rows.find(([field]) => field === wanted)?.[2] ?? "";
  const rows = [...names].map(([field, name]) => {
    const [own, other] = [word(mine, field), word(theirs, field)];
    if (!own && !other) return null;
    const differs = own !== other;
    return el(
      "tr", { class: differs ? "differs" : "", data: { field } },
      el("th", { scope: "row" }, name, differs ? el("span", { class: "how", text: "differs" }) : null),
      differs
        ? [el("td", { dir: "auto", text: own || "–" }), el("td", { dir: "auto", text: other || "–" })]
        : el("td", { colspan: 2, dir: "auto", text: own }),
    );
  });
  const heads = el(
    "tr", {}, el("td"),
    ["Yours", "Stored"].map((text) => el("th", { scope: "col", text })),
  );
  return el("table", {}, el("thead", {}, heads), el("tbody", {}, rows.filter(Boolean)));
}
