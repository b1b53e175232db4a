/**
 * What others change appears here as they make it, and so does what the person changes on another
 * device. A page that nobody looks at asks nothing; it catches up when somebody looks again.
 *
 * Asks for what was changed since the last question, by the server's clock: the page's moment and
 * what has passed since, so that this device's own clock may be wrong.
 */

import { el } from "./dom.js";
import { isIdle, pauseOf } from "./pace.js";

const SIGN_OF_LIFE = 20_000; // milliseconds between two; the server counts on one in 45 seconds
const INPUT = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
const SIGNS = 3; // of people, before the number of the others

/** The part of a desk { ready }; `desk.newer` is told of the newest text. */
export function makeLive(desk) {
  const { data, state, codebook, text, part } = desk;
  const article = `articles/${data.article}/`;
  const opened = { at: Date.parse(data.moment), clock: performance.now() };
  let known = opened.at; // by the server's clock: what was changed until then is here
  let etag = null;
  let timer = 0;
  let asking = false;
  let here = []; // names of the others
  let failures = 0;
  let inputAt = performance.now();
  let lifeAt = -Infinity;

  const idle = () => performance.now() - inputAt;

  function again(pause = pauseOf({ sighted: data.sighted, idle: idle(), failures })) {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, pause);
  }

  async function look() {
    if (asking || document.hidden || navigator.onLine === false) return;
    asking = true;
    const began = performance.now();
    try {
      if (isSelecting()) return;
      if (data.open && began - lifeAt > SIGN_OF_LIFE && await desk.sync.tell("PUT", `${article}presence/`)) {
        lifeAt = began;
      }
      await ask(began);
      failures = 0;
    } catch {
      failures += 1; // the status line tells of a server that does not answer
    } finally {
      asking = false;
      again();
    }
  }

  async function ask(began) {
    const answer = await desk.sync.look(`${article}live/?${asked(known)}`, etag);
    const pages = answer ? await whole(answer.body) : [];
    if (isSelecting()) return;
    if (answer) take(pages);
    etag = answer?.etag ?? etag;
    known = opened.at + (began - opened.clock);
  }

  /** The answer with the pages that follow it, unless they tell of a text that is not shown. */
  async function whole(first) {
    const pages = [first];
    while (pages.at(-1).after && first.newest.revision === data.revision) {
      const { at, after } = pages.at(-1);
      pages.push((await desk.sync.look(`${article}live/?${new URLSearchParams({ since: at, after })}`)).body);
    }
    return pages;
  }

  function take(pages) {
    for (const { people } of pages) people.forEach(meet);
    const news = pages.flatMap(({ annotations }) => annotations).filter(isNews);
    news.forEach(codebook.meet);
    if (news.length) state.receiveAll(news);
    desk.tell("commented", pages.flatMap(({ comments }) => comments));
    desk.newer.meet(pages[0].newest);
    drawHere(pages[0].here);
  }

  function meet([name, shown]) {
    if (!data.people.some(([other]) => other === name)) data.people.push([name, shown]);
  }

  /** What this page can show and does not know yet: places of another text it cannot. */
  function isNews({ id, revision, version, deleted }) {
    const present = state.get(id) ?? state.stray(id);
    if (revision !== data.revision && !state.stray(id)) return false;
    return present ? version > present.version : !deleted;
  }

  /** Whether the browser's own selection is being made in the text: painting would end it. */
  function isSelecting() {
    const own = getSelection();
    return !own.isCollapsed && text.root.contains(own.anchorNode);
  }

  /** Only what has changed is drawn, so that a list that somebody reads stays as it is. */
  function drawHere(others) {
    const names = others.map(([, shown]) => shown);
    if (names.join("\n") === here.join("\n")) return;
    here = names;
    const signs = names.slice(0, SIGNS).map(initials);
    if (names.length > SIGNS) signs.push(`+${names.length - SIGNS}`);
    part("here").hidden = !names.length;
    part("here").querySelector("summary").replaceChildren(
      el("span", { class: "unseen", text: `Also here: ${names.join(", ")}` }),
      ...signs.map((text) => el("span", { class: "initials", "aria-hidden": "true", text })),
    );
    part("here").querySelector("ul").replaceChildren(...names.map((text) => el("li", { text })));
  }

  function onInput() {
    const slept = isIdle(idle());
    inputAt = performance.now();
    if (slept) again(0);
  }

  function wake() {
    inputAt = performance.now();
    failures = 0;
    again(0);
  }

  function leave() {
    clearTimeout(timer);
    lifeAt = -Infinity;
    if (data.open) desk.sync.tell("DELETE", `${article}presence/`);
  }

  function ready() {
    for (const type of INPUT) document.addEventListener(type, onInput, { passive: true, capture: true });
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    addEventListener("pageshow", ({ persisted }) => persisted && wake());
    addEventListener("pagehide", leave);
    again(data.open ? 0 : undefined);
  }

  return { ready };
}

/** A question's parameters, from a moment in milliseconds. */
function asked(moment) {
  return new URLSearchParams({ since: new Date(moment).toISOString() });
}

/** One or two letters that stand for a name. */
export function initials(name) {
  const words = name.split(/[\s._@+-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => Array.from(word)[0].toUpperCase()).join("");
}
