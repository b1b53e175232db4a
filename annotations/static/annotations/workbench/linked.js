/** What a claim is linked to, as lines below it: its links to others, and others' to it. */

import { button, el, fill } from "./dom.js";
import { UNSEEN } from "./labels.js";
import { linksOf, makeBacklinks, RELATIONS, withLink, withoutLink } from "./links.js";

const PASSIVE = new Map(RELATIONS);

/** The part of a desk { panel, changed }. */
export function makeLinked(desk) {
  const { state, claims, act } = desk;
  const backlinks = makeBacklinks({ all: state.all, get: state.get });
  let shown = { id: null };

  function change(fillIn) {
    const open = state.get(shown.id);
    if (open?.mine && open.content) desk.changes.set(open.id, fillIn(open.content));
  }

  /** The list of the open annotation; the same node as long as it is open. */
  function panel({ id, mine, content }) {
    if (content?.kind !== "claim") return null;
    if (shown.id !== id) shown = { id, ...makeList(id, mine) };
    shown.update(content);
    return shown.node;
  }

  function makeList(id, mine) {
    const list = el("ul");
    const start = () => act({ command: "link" });
    const control = button("Link to another claim", start, { key: "|", class: "link" });
    const node = el(
      "section", { class: "wb-field wb-links", "aria-label": "Links" },
      el("h3", { class: "wb-field-title", text: "Links" }), list,
      mine ? el("div", { class: "wb-stand-ins" }, control) : null,
    );
    let drawn = "";

    function update(content) {
      const links = linksOf(content);
      const others = backlinks.to(id).filter(({ from }) => state.get(from)?.content);
      const ids = [...links.map(({ claim }) => claim), ...others.map(({ from }) => from)];
      const told = JSON.stringify([links, others, ids.map(claims.about)]);
      if (told === drawn) return;
      drawn = told;
      const focused = list.contains(document.activeElement);
      fill(list, links.map((one) => item(one, mine)), others.map(itemFrom));
      node.hidden = !mine && !ids.length;
      if (focused) (list.querySelector("select, button") ?? control).focus();
    }

    return { node, update };
  }

  function item({ relation, claim }, mine) {
    if (!mine) return told(relation, claim);
    const name = claims.about(claim)?.quote || UNSEEN;
    const choose = ({ target }) => change((content) => withLink(content, claim, target.value));
    const select = el(
      "select", { "aria-label": `Relation to “${name}”`, on: { change: choose } },
      RELATIONS.map(([value]) => el("option", { value, text: value })),
    );
    select.value = relation;
    const drop = button("×", () => change((content) => withoutLink(content, claim)), {
      class: "icon", "aria-label": `Take away the link to “${name}”`,
    });
    return el("li", {}, select, lineOf(desk, claim), drop);
  }

  const itemFrom = ({ from, relation }) => told(PASSIVE.get(relation), from);

  function told(words, claim) {
    return el("li", {}, el("span", { class: "relation", text: words }), lineOf(desk, claim));
  }

  return { panel, changed: backlinks.renew };
}

/** A claim in a line: its words, leading there, and who says it or where it stands. */
export function lineOf({ claims, act }, id) {
  const about = claims.about(id);
  if (!about) return el("span", { class: "line gone", text: UNSEEN });
  const quote = el("q", { dir: "auto", text: about.quote || "a claim" });
  const by = (text) => el("span", { class: "by", text });
  if (about.removed) return el("span", { class: "line gone" }, quote, by("removed since"));
  if (about.here) {
    return el(
      "span", { class: "line" },
      button(quote, () => act({ command: "peek", id }), { class: "link" }),
      by(about.line),
    );
  }
  if (!about.article) return el("span", { class: "line" }, quote, by("in the tray"));
  return el(
    "span", { class: "line" },
    el("a", { href: `/articles/${about.article}/#annotation-${id}` }, quote),
    el("span", { class: "by" }, "in ", el("bdi", { text: about.title })),
  );
}
