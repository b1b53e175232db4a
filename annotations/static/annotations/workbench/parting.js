/**
 * What the device had not yet said to have when a page was left. A write of the device's store
 * takes its time, and what still waits for its turn is given up with the page; here, writing takes
 * one stroke, so that nothing hangs on how fast the device is.
 */

const NAME = "crossread left";

/** The keeper { has, left, forget, onLeft } of what a person's pages left behind. */
export function makeParting(user) {
  const places = `${NAME} ${encodeURIComponent(user)} `;
  const own = places + Math.random().toString(36).slice(2);
  let changes = [];
  let isLeaving = false;
  addEventListener("pagehide", () => { isLeaving = true; write(); });
  addEventListener("pageshow", () => { isLeaving = false; });

  function write() {
    stored((storage) => {
      if (changes.length) storage.setItem(own, JSON.stringify({ at: Date.now(), changes }));
      else storage.removeItem(own);
    });
  }

  return {
    /** The changes that would be lost if the page were gone now. */
    has: (now) => {
      changes = now;
      if (isLeaving) write();
    },
    /** What other pages left, [{ place, changes }], the oldest first. */
    left: () => stored((storage) => Object.keys(storage)
      .filter((place) => place.startsWith(places) && place !== own)
      .map((place) => ({ place, ...read(storage, place) }))
      .sort((one, other) => one.at - other.at)) ?? [],
    forget: (place) => stored((storage) => storage.removeItem(place)),
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
