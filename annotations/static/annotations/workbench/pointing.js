/** What clicks and taps in the text do: marks are opened, quick taps select ever more. */

const QUICK = 300; // milliseconds between taps that belong together
const NEAR = 30; // CSS pixels between them
const UNITS = ["word", "sentence", "passage"];

/** Listens to the text of a desk; a part of it without commands of its own. */
export function makePointing({ text, painter, selection, act }) {
  let last = { taps: 0, at: -Infinity, x: 0, y: 0 };
  let opening = 0;

  /** A click opens the mark under it; another click at the place the one around it. */
  function open(mark) {
    const ids = mark.dataset.ids.split(" ");
    const inner = painter.idsAt(selection.place()).filter((id) => ids.includes(id));
    act({ command: "cycle", among: inner.length ? inner : ids });
  }

  /** Two taps select the word, three the sentence, four the passage; one waits for the others. */
  function onTap({ clientX: x, clientY: y, timeStamp: at }, mark) {
    clearTimeout(opening);
    const goesOn = at - last.at < QUICK && Math.hypot(x - last.x, y - last.y) < NEAR;
    last = { taps: goesOn ? last.taps + 1 : 1, at, x, y };
    const place = selection.placeAt(x, y);
    if (last.taps > 1 && place !== null) {
      selection.set(...selection.around(UNITS[Math.min(last.taps, 4) - 2], place));
    } else if (mark && selection.isEmpty()) opening = setTimeout(open, QUICK, mark);
  }

  text.root.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-ids]");
    if (event.pointerType === "touch") onTap(event, mark);
    else if (mark && selection.isEmpty()) open(mark);
  });
  return {};
}
