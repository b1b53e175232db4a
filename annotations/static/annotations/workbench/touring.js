/** Offers the tour on a person's first visit, and whenever it is asked for. Loaded when needed. */

const SOON = 600; // milliseconds after the marks are seen

/** The part of a desk { commands, ready, changed, moved }, for whoever may mark on a page of her own. */
export function makeTouring(desk) {
  const { data, isAlone } = desk;
  if (!data.mayMark || !isAlone) return {};
  let tour = null;

  async function load() {
    const { makeTour } = await import("./tour.js");
    tour ??= makeTour(desk, { done: remember });
    return tour;
  }

  /** Without a server there is no tour: it is offered on the next visit. */
  const away = () => desk.said("The tour cannot be shown while the server does not answer.");

  function remember() {
    desk.sync.tell("PATCH", "preferences/", { toured: true });
  }

  function ready() {
    if (data.preference && !data.preference.toured) setTimeout(() => load().then((loaded) => loaded.offer(), away), SOON);
  }

  return {
    commands: { tour: () => load().then((loaded) => loaded.start(), away) },
    ready,
    changed: () => tour?.look(),
    moved: () => tour?.look(),
  };
}
