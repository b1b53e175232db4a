/**
 * On paper: below each passage its annotations, below the text what the signs mean. Made when the
 * browser is about to print, gone again afterwards; the passages themselves are never touched.
 */

import { el } from "./dom.js";

const KEY = "A thick line is the reader’s own mark, a thin one somebody else’s; ★ is gold, m a mention, "
  + "– a claim without a tag, ? asks a curator to look.";

/** Listens for printing. */
export function makePrinting({ text, painter, state, labels, codebook, data, page }) {
  const names = new Map(data.people);
  const paper = matchMedia("print");
  let printed = [];

  addEventListener("beforeprint", prepare);
  addEventListener("afterprint", clear);
  paper.addEventListener("change", ({ matches }) => (matches ? prepare() : clear()));

  function prepare() {
    clear();
    painter.settle();
    const used = new Set();
    text.passages.forEach((passage, nth) => {
      const own = [...painter.idsIn(nth)].map(state.get).filter(({ content }) => content)
        .filter(({ content }) => content.spans[0].start >= passage.start)
        .sort((one, other) => one.content.spans[0].start - other.content.spans[0].start);
      if (!own.length) return;
      for (const { content } of own) for (const { tag } of content.codings) used.add(tag);
      const list = el("ol", { class: "wb-printed", lang: "en" }, own.map(line));
      passage.element.after(list);
      printed.push(list);
    });
    if (printed.length) printed.push(page.appendChild(legend(used)));
  }

  function clear() {
    for (const element of printed) element.remove();
    printed = [];
  }

  function line({ content, author, layer }) {
    const tag = content.kind === "claim" ? codebook.leading(content) : null;
    const by = layer === "gold" ? "gold" : names.get(author) ?? author;
    const tags = content.codings.map(({ tag: id, stance }) => (
      (codebook.tag(id)?.label ?? "") + (stance ? ` (${stance})` : "")
    ));
    return el(
      "li", {}, tag ? labels.sign(tag) : el("span", { class: "wb-sign", text: content.kind === "claim" ? "–" : "m" }),
      " ", el("q", { dir: "auto", text: text.quoted(content.spans, 70) }), " ",
      el("span", { text: [who(content), tags.join("; "), content.note].filter(Boolean).join(" · ") }),
      el("span", { class: "by", text: ` – ${by}` }),
    );
  }

  function who(content) {
    if (content.kind === "mention") return labels.line(content);
    const [claimant, target] = [labels.names(content, "claimant"), labels.names(content, "target")];
    return claimant + (target ? ` → ${target}` : "");
  }

  function legend(used) {
    const tags = codebook.tags.filter(({ id }) => used.has(id));
    return el(
      "section", { class: "wb-printed-legend", lang: "en" }, el("h2", { text: "Signs" }),
      el("ul", {}, tags.map((tag) => el("li", {}, labels.sign(tag), ` ${tag.label}`))),
      el("p", { text: KEY }),
    );
  }
}
