/**
 * The article's text on the page: its passages, and the ways between places in the text (code
 * points of the revision) and places in the page (nodes and UTF-16 units).
 */

import { graphemes, makeOffsets, sentences, snapToWords, trimSpan, words } from "./offsets.js";
import { passageAt } from "./cursor.js";

const CUTS = { grapheme: graphemes, word: words, sentence: sentences };

/** The text that stands in `root`, each passage in an element with data-start and data-end. */
export function makeText(root, locale) {
  const passages = Array.from(root.querySelectorAll("[data-passage]"), (element) => ({
    element,
    number: Number(element.dataset.passage),
    start: Number(element.dataset.start),
    end: Number(element.dataset.end),
    text: element.textContent,
  }));
  const offsets = makeOffsets(joined(passages));
  const numbers = new Map(passages.map((passage, nth) => [passage.element, nth]));

  /** The [start, end] pieces of one passage, in places of the revision. */
  function units(nth, unit) {
    const passage = passages[nth];
    if (unit === "passage") return [[passage.start, passage.end]];
    passage.units ??= {};
    passage.units[unit] ??= CUTS[unit](passage.text, locale)
      .map(([start, end]) => [start + passage.start, end + passage.start]);
    return passage.units[unit];
  }

  /** The quote of a span that lies in one passage; nothing if it reaches over several. */
  function quoteInPassage({ start, end }) {
    const passage = passages[passageAt({ passages }, start)];
    return end <= passage.end ? offsets.slice(start, end) : null;
  }

  /** The words of some spans in short, with … for what is left out. */
  function short(spans, length = 80) {
    return shortened(spans.map(({ start, end }) => offsets.slice(start, end)).join(" … "), length);
  }

  /** The words of some spans in short, between quotation marks unless they bring their own. */
  const quoted = (spans, length) => inQuotes(short(spans, length));

  /** The place of a node and UTF-16 unit of the page, or null outside all passages. */
  function placeOf(node, unit) {
    const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)
      .closest?.("[data-passage]");
    if (!numbers.has(element)) return null;
    const passage = passages[numbers.get(element)];
    const before = document.createRange();
    before.setStart(element, 0);
    before.setEnd(node, unit);
    return passage.start + makeOffsets(passage.text).fromUtf16(evenly(passage.text, before.toString().length));
  }

  /** The [start, end] of a range of the page, cut to the passages; null if it touches none. */
  function spanOf(range) {
    const touched = passages.filter(({ element }) => range.intersectsNode(element));
    if (!touched.length) return null;
    const start = placeOf(range.startContainer, range.startOffset) ?? touched[0].start;
    const end = placeOf(range.endContainer, range.endOffset)
      ?? touched.findLast(({ start: first }) => first >= start)?.end ?? touched.at(-1).end;
    return start <= end ? [start, end] : null;
  }

  /** The ranges of the page that show [start, end], one for each passage that it touches. */
  function rangesOf(start, end) {
    const ranges = [];
    for (let nth = passageAt({ passages }, start); passages[nth]?.start <= end; nth += 1) {
      const passage = passages[nth];
      const range = document.createRange();
      range.setStart(...pointIn(passage, Math.max(start, passage.start)));
      range.setEnd(...pointIn(passage, Math.min(Math.max(end, passage.start), passage.end)));
      ranges.push(range);
    }
    return ranges;
  }

  /** A span made better by looking at no more of the text than the passages that it touches. */
  function within(start, end, better) {
    const first = passages[passageAt({ passages }, start)];
    const last = passages[passageAt({ passages }, end)];
    const [from, to] = [Math.min(first?.start ?? 0, start), Math.max(last?.end ?? 0, end)];
    const span = better(offsets.slice(from, to), start - from, end - from, locale);
    return span && [span[0] + from, span[1] + from];
  }

  /** Whether a passage's lines begin on the right. */
  function isRightToLeft(nth) {
    const passage = passages[nth];
    passage.isRightToLeft ??= getComputedStyle(passage.element).direction === "rtl";
    return passage.isRightToLeft;
  }

  if (root.matches(".is-long")) sizeAhead(root, passages);
  root.closest(".wb-article")?.classList.toggle("is-rtl", passages.length > 0 && isRightToLeft(0));

  return {
    root,
    passages,
    units,
    short,
    quoted,
    quotedWords: (words, length) => inQuotes(shortened(words, length)),
    quoteInPassage,
    placeOf,
    spanOf,
    rangesOf,
    slice: offsets.slice,
    trim: (start, end) => within(start, end, trimSpan),
    snap: (start, end) => within(start, end, snapToWords),
    nthOf: (place) => passageAt({ passages }, place),
    isRightToLeft,
  };
}

/** Words in one line, with … for what is beyond the length. */
function shortened(words, length) {
  const points = Array.from(words.replace(/\s+/g, " "));
  if (points.length <= length) return points.join("");
  const cut = points.slice(0, length - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${space > cut.length * 0.6 ? cut.slice(0, space) : cut}…`;
}

function inQuotes(words) {
  return /^["'“”„‟‘’‚«»‹›「『]/.test(words) ? words : `“${words}”`;
}

/** Heights of passages that are laid out only when they come near, so that nothing jumps. */
function sizeAhead(root, passages) {
  const { element, text } = passages.find((passage) => passage.text.length > 200) ?? passages[0];
  const style = getComputedStyle(element);
  const ink = document.createElement("canvas").getContext("2d");
  ink.font = style.font;
  const sample = text.slice(0, 400);
  const margins = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  const inLine = (root.clientWidth - margins) / (ink.measureText(sample).width / sample.length);
  const leading = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
  for (const passage of passages) {
    const lines = Math.ceil(passage.text.length / inLine + 0.3);
    passage.element.style.containIntrinsicBlockSize = `auto ${(lines * leading).toFixed(2)}em`;
  }
}

/** The revision's text again: between passages lies only white space. */
function joined(passages) {
  let text = "";
  let length = 0;
  for (const passage of passages) {
    text += "\n".repeat(passage.start - length) + passage.text;
    length = passage.end;
  }
  return text;
}

/** The unit, moved out of a character it would cut in two. */
function evenly(text, unit) {
  const inPair = (text.charCodeAt(unit) & 0xfc00) === 0xdc00
    && (text.charCodeAt(unit - 1) & 0xfc00) === 0xd800;
  return inPair ? unit - 1 : unit;
}

function pointIn(passage, place) {
  passage.offsets ??= makeOffsets(passage.text);
  let left = passage.offsets.toUtf16(place - passage.start);
  const walker = document.createTreeWalker(passage.element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && left > node.length) {
    left -= node.length;
    node = walker.nextNode();
  }
  return node ? [node, left] : [passage.element, 0];
}
