/**
 * The only module that uses the network. Sends the kept changes one at a time, in order, once
 * each, from whichever tab has the lock; and reads what the page was not given.
 */

import { nextToSend } from "./queue.js";

const ROOT = "/api/v1/";
const ENTRANCE = "/sign-in/";
const PATIENCE = 20_000; // milliseconds until a request without an answer counts as failed
const LONGEST_PAUSE = 30_000;
const ATTEMPTS = 3;

/**
 * The sender { wake, read, look, tell, place, enter }. `heard.saved(change, annotation, moved)`, `heard.troubled(change)` and
 * `heard.problem(name)` are told what happens; the problems are offline, down, signed-out,
 * somebody-else, and null when there is none.
 */
export function makeSync({ draft, user, heard }) {
  let timer = 0;
  let failures = 0;
  let waking = false;

  async function wake() {
    if (waking) return;
    waking = true;
    clearTimeout(timer);
    try {
      await alone(`crossread sends ${user}`, () => {
        waking = false;
        return drain();
      });
    } catch (error) {
      waking = false;
      retry("down");
      throw error;
    }
  }

  async function drain() {
    for (;;) {
      const { change, wait } = nextToSend(await draft.all(), Date.now());
      if (wait) return again(wait);
      if (!change) return heard.problem(null);
      if (navigator.onLine === false) return retry("offline");
      const taken = await draft.take(change.id);
      const problem = taken && await deliver(taken);
      if (problem) return retry(problem);
      failures = 0;
    }
  }

  /** Send one change and settle it; the name of the problem if it must be sent again. */
  async function deliver(change) {
    let response;
    let answer;
    try {
      [response, answer] = await send(change);
    } catch {
      return away();
    }
    const problem = problemOf(response, answer, user);
    if (problem) return problem;
    if (response.ok && answer) {
      const moved = await movedBefore(change, answer);
      if (moved) await makeRoom(change, moved);
      await draft.remove([change.id]);
      heard.saved(change, answer, moved);
    } else {
      const state = response.status === 412 ? "conflict" : "refused";
      const told = { ...change, state, theirs: answer?.current ?? null };
      if (state === "refused") told.messages = messages(answer, response.status);
      await draft.update(told);
      heard.troubled(told);
    }
    return null;
  }

  async function send(change, isTrusted = false) {
    const response = await fetch(...request(change, user));
    const answer = await json(response);
    if (isTrusted || !isDistrusted(response, answer)) return [response, answer];
    await fetch(entrance(), { signal: AbortSignal.timeout(PATIENCE) }); // gives a new secret
    return send(change, true);
  }

  /** How many versions a correction of the text had put before a change of an older text. */
  async function movedBefore(change, answer) {
    const { id, seen, revision } = change;
    const isMoved = seen > 0 && answer.revision && answer.revision !== revision;
    if (!isMoved || answer.version === seen + 1) return 0;
    try {
      return (await read(`events/${id}/`)).version - (seen + 1);
    } catch {
      return 0; // the next change is then shown as a conflict, and nothing is lost
    }
  }

  /** What waits for the same annotation comes after those versions too. */
  async function makeRoom(change, moved) {
    for (const other of await draft.all()) {
      const isNext = other.annotation === change.annotation && other.id !== change.id;
      if (isNext) await draft.update({ ...other, seen: other.seen + moved });
    }
  }

  function retry(problem) {
    failures += 1;
    heard.problem(problem);
    again(Math.min(LONGEST_PAUSE, 500 * 2 ** failures) * (0.75 + Math.random() / 2));
  }

  function again(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(wake, milliseconds);
  }

  /** The JSON at an address below the API's root, or another; throws if there is none. */
  async function read(address, root = ROOT) {
    const response = await fetch(root + address, {
      headers: asking(user), signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json();
  }

  /** What is new at an address: { etag, body }, null if it is as its ETag says; throws else. */
  async function look(address, etag = null) {
    const known = etag && { "If-None-Match": etag };
    const response = await fetch(ROOT + address, {
      headers: { ...asking(user), ...known },
      cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 304) return null;
    if (!response.ok) throw new Error(`${response.status}`);
    return { etag: response.headers.get("ETag"), body: await response.json() };
  }

  /** Say what is no work, also while the page is being closed; whether the server has heard. */
  async function tell(method, address, body) {
    try {
      const response = await fetch(ROOT + address, {
        method, headers: spoken(user), body: body && JSON.stringify(body), keepalive: true,
      });
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Give an annotation that lost its place the given spans; throws with what the server said. */
  async function place(id, seen, spans) {
    const response = await fetch(`${ROOT}annotations/${id}/place/`, {
      method: "POST", body: JSON.stringify({ spans }), signal: AbortSignal.timeout(PATIENCE),
      headers: { ...spoken(user), "If-Match": `"${seen}"` },
    });
    const answer = await json(response);
    if (!response.ok || !answer) throw new Error(messages(answer, response.status).join(" "));
    return answer;
  }

  const entrance = () => `${ENTRANCE}?${new URLSearchParams({ as: user })}`;

  /** Sign in again as the page's person: "" once she is, else wrong, locked, offline or down. */
  async function enter(password) {
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const { type, status } = await knock(password);
        if (type !== "opaqueredirect") return { 200: "wrong", 429: "locked" }[status] ?? "down";
        // The answer to what was asked while she was out may take the new session away again.
        if (await isInside()) return "";
      }
      return "down";
    } catch {
      return away();
    }
  }

  async function knock(password) {
    await fetch(entrance(), { signal: AbortSignal.timeout(PATIENCE) }); // for the form's secret
    return fetch(entrance(), {
      method: "POST", body: new URLSearchParams({ username: user, password }), redirect: "manual",
      headers: { "X-CSRFToken": csrfToken() }, signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async function isInside() {
    const { ok } = await fetch(`${ROOT}projects/?page_size=1`, {
      headers: asking(user), signal: AbortSignal.timeout(PATIENCE),
    });
    return ok;
  }

  return { wake, read, look, tell, place, enter };
}

function away() {
  return navigator.onLine === false ? "offline" : "down";
}

/** Who asks, so that nobody who signed in since is answered; a header takes few letters as they are. */
function asking(user) {
  return { Accept: "application/json", "Crossread-User": encodeURIComponent(user) };
}

function spoken(user) {
  return {
    ...asking(user),
    "Content-Type": "application/json",
    "X-CSRFToken": csrfToken(),
  };
}

function request(change, user) {
  const { annotation, noun = "annotations", revision, seen } = change;
  const creates = seen === 0;
  const headers = { ...spoken(user), "Idempotency-Key": change.id };
  if (!creates) Object.assign(headers, { "If-Match": `"${seen}"`, "Crossread-Revision": revision });
  if (change.undoes) headers["Crossread-Undoes"] = change.undoes;
  const said = (SAID[noun] ?? marked)(change);
  const body = creates ? { id: annotation, ...(noun !== "comments" && { revision }), ...said } : said;
  return [
    creates ? `${ROOT}${noun}/` : `${ROOT}${noun}/${annotation}/`,
    {
      method: methodOf(change),
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    },
  ];
}

/** What an annotation says, with its quotes, and what it was suggested as. */
function marked({ content, seen, quotes, suggestion }) {
  if (!content) return null;
  const spans = content.spans.map((span, nth) => (
    { ...span, ...(quotes[nth] && { quote: quotes[nth] }) }
  ));
  if (seen > 0 || !suggestion) return { ...content, spans };
  return { ...content, spans, suggestion: { actor: suggestion.actor, name: suggestion.names[0] } };
}

/** A rejection once it is there says nothing but that it stands. */
function rejected({ content, seen, suggestion }) {
  if (!content) return null;
  if (seen > 0) return {};
  const places = content.spans.map((span, nth) => ({ ...span, name: suggestion.names[nth] }));
  return { actor: suggestion.actor, places };
}

/** What a comment says; on which annotation it is does not change. */
function remarked({ content, seen }) {
  if (!content) return null;
  const { annotation, text, mentions } = content;
  return seen > 0 ? { text, mentions } : { annotation, text, mentions };
}

const SAID = { rejections: rejected, comments: remarked };

function methodOf({ content, seen }) {
  if (!content) return "DELETE";
  return seen === 0 ? "POST" : "PUT";
}

/** Why the same change must be sent again later, or null if the answer settles it. */
function problemOf(response, answer, user) {
  const { status } = response;
  if (status === 401 || response.redirected) return "signed-out";
  if (isDistrusted(response, answer)) return "signed-out";
  if (status === 409 && user) return "somebody-else";
  if (status >= 500 || status === 429 || status === 408 || (response.ok && !answer)) return "down";
  return null;
}

/** Whether the page's secret against forged requests is missing or too old. */
function isDistrusted({ status }, answer) {
  return status === 403 && /csrf|credentials/i.test(answer?.detail ?? "");
}

/** What the server says of a refusal: what is wrong with each field, or why it refused the whole. */
function messages(problem, status) {
  if (problem?.errors?.length) return problem.errors.map(({ detail }) => detail);
  return [problem?.detail ?? `The server refused this (${status}).`];
}

async function json(response) {
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  return isJson ? response.json() : null;
}

/** The secret that a write has to tell; every sign-in changes it. */
export function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

/** Run the work while no other tab does the like. */
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
