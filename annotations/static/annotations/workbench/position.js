/** Where the person stopped reading: kept for all her devices, and the page begins there. */

const PAUSE = 2_000; // milliseconds after which scrolling has come to its end
const TOP = 72; // CSS pixels at the window's top that the tools cover, and a little air

/** The part of a desk { ready }. Places are code points of the revision. */
export function makePosition(desk) {
  const { data, text, root, isAlone } = desk;
  let kept = data.position ?? 0;
  let timer = 0;
  let brought = null; // how far the page was scrolled here, until the person scrolls
  if (isAlone && isNewVisit()) bring();

  /** An address that names a place and the browser's own memory of a page go before. */
  function isNewVisit() {
    const [{ type }] = performance.getEntriesByType("navigation");
    return kept > text.passages[0]?.start && !location.hash && type === "navigate";
  }

  function bring() {
    const [range] = text.rangesOf(kept, kept);
    const passage = text.passages[text.nthOf(kept)];
    const { top } = range.getClientRects()[0] ?? passage.element.getBoundingClientRect();
    scrollTo({ top: scrollY + top - TOP, behavior: "instant" });
    brought = scrollY;
  }

  /** The first place that can be read below the tools; the beginning while that is in sight. */
  function place() {
    const first = text.passages.findIndex(({ element }) => element.getBoundingClientRect().bottom > TOP);
    if (first < 0) return text.passages.at(-1)?.end ?? 0;
    const { element, start } = text.passages[first];
    const { top, left, right } = element.getBoundingClientRect();
    if (top >= TOP) return start;
    const side = text.isRightToLeft(first) ? right - 2 : left + 2;
    const range = document.caretRangeFromPoint?.(side, TOP + 4);
    return (range && text.placeOf(range.startContainer, range.startOffset)) ?? start;
  }

  function onScroll() {
    if (scrollY === brought) return;
    brought = null;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  async function keep() {
    clearTimeout(timer);
    timer = 0;
    const now = place();
    if (now === kept) return;
    const body = { revision: data.revision, place: now };
    if (await desk.sync.tell("PUT", `articles/${data.article}/reading-position/`, body)) kept = now;
  }

  function ready() {
    if (!isAlone) return;
    if (brought !== null && scrollY === brought) bring(); // what is shown now may stand lower
    addEventListener("scroll", onScroll, { passive: true });
    addEventListener("pagehide", () => timer && keep());
    document.addEventListener("visibilitychange", () => document.hidden && timer && keep());
  }

  return { ready };
}
