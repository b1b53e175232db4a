/** What is told to whoever works here: heard by those who hear the page, seen for a moment by all. */

const SEEN_FOR = 5_000; // milliseconds

/** `said(words)` is heard and seen; `spoken(words)` is heard only: it says what is seen anyway. */
export function makeTelling(line) {
  let timer = 0;

  function show(isSeen) {
    clearTimeout(timer);
    line.classList.toggle("unseen", !isSeen);
    line.classList.toggle("wb-told", isSeen);
  }

  function said(words) {
    line.textContent = words;
    show(Boolean(words));
    timer = setTimeout(show, SEEN_FOR, false);
  }

  function spoken(words) {
    line.textContent = words;
    show(false);
  }

  return { said, spoken };
}
