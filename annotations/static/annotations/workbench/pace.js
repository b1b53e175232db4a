/**
 * How long an open page waits before it asks again what is new.
 *
 * What that costs the server where nothing is new: 5 ms of one core and half a kilobyte a question,
 * so a third of a percent of a core for a page at work in an open project, a tenth for one that
 * nobody has touched for ten minutes, less in a blind project, and nothing for a hidden page.
 */

const NEXT = 1_500; // where others' changes appear as they are made
const APART = 15_000; // where only the person's own other devices and the text itself can change
const IDLE = 10_000;
const IDLE_AFTER = 600_000;
const LONGEST = 60_000;

/**
 * The pause in milliseconds. `sighted`: others' work is shown here; `idle`: milliseconds since the
 * person did anything; `failures`: questions in a row that were not answered.
 */
export function pauseOf({ sighted, idle, failures }) {
  const usual = sighted ? (idle > IDLE_AFTER ? IDLE : NEXT) : APART;
  return Math.max(usual, failures ? Math.min(LONGEST, NEXT * 2 ** failures) : 0);
}

/** Whether the person had stopped doing anything for so long that the pace is slower. */
export function isIdle(idle) {
  return idle > IDLE_AFTER;
}
