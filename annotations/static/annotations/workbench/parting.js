/**
 * What the device had not yet said to have when a page was left. A write of the device's store
 * takes its time, and what still waits for its turn is given up with the page; here, writing takes
 * one stroke, so that nothing hangs on how fast the device is.
 */

const NAME = "crossread left";

/** The keeper { leave, left, forget, onLeft } of what a person's pages left behind. */
export function makeParting(user) {
  const places = `${NAME} ${encodeURIComponent(user)} `;
  const own = places + Math.random().toString(36).slice(2);
  const forget = (place) => stored((storage) => storage.removeItem(place));
  // The page is there again after all, and keeps its changes itself.
  addEventListener("pageshow", ({ persisted }) => persisted && forget(own));

  return {
    /**
     * Keep these changes, since the page is left. Once, and last of all: another page takes them
     * up at once, and would take two states of one change for two changes.
     */
    leave: (changes) => stored((storage) => {
      if (changes.length) storage.setItem(own, JSON.stringify({ at: Date.now(), changes }));
    }),
    /** What other pages left, [{ place, changes }], the oldest first. */
    left: () => stored((storage) => Object.keys(storage)
      .filter((place) => place.startsWith(places) && place !== own)
      .map((place) => ({ place, ...read(storage, place) }))
      .sort((one, other) => one.at - other.at)) ?? [],
    forget,
    onLeft: (heard) => addEventListener("storage", ({ key, newValue }) => {
      if (newValue && key?.startsWith(places)) heard();
    }),
  };
}

/** What `work(localStorage)` gives, or undefined where there is none or no room in it. */
function stored(work) {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}

function read(storage, place) {
  try {
    const { at, changes } = JSON.parse(storage.getItem(place));
    return { at, changes };
  } catch {
    return { at: 0, changes: [] };
  }
}
