// The page of a batch: sends files in bundles, and drives the import while it is open.

import { bundles, filesOf } from "./bundles.js";

const LONGEST_PAUSE = 30_000;
const SAY_EVERY = 10_000; // milliseconds between two reports to screen readers
const REPORT = ".report";

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * The answer { ok, status, body } to a form sent by POST. While the network is away or the server
 * is down it is sent again and again, and `waits(seconds)` is told so.
 */
async function post(form, body, waits) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    try {
      const response = await fetch(form.action, {
        method: "POST", body, headers: { Accept: "application/json" },
      });
      const said = response.headers.get("Content-Type")?.startsWith("application/json");
      if (response.ok && said) return { ok: true, status: 200, body: await response.json() };
      if (response.status < 500 && response.status !== 429) {
        const answer = said ? await response.json() : { detail: reason(response) };
        return { ok: false, status: response.status, body: answer };
      }
    } catch {
      // No network: sent again below.
    }
    waits(Math.round(wait / 1000));
    await pause(wait);
  }
}

function reason(response) {
  if (response.redirected || response.ok) return "You are signed out. Sign in again and reload this page.";
  return `The desk answered ${response.status}. Reload this page and try again.`;
}

function token(form) {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return data;
}

/* Sending files */

function preparesFiles(form) {
  const limit = Number(form.dataset.limit);
  const part = (name) => form.querySelector(`[data-${name}]`);
  const bar = form.querySelector("progress");
  const start = document.querySelector("[data-start]");
  const [choose, folder] = [form.elements.choose, form.querySelector("#folder")];
  let sending = false;

  function trouble(words) {
    const item = document.createElement("li");
    item.textContent = words;
    part("troubles").append(item);
    part("troubles").hidden = false;
  }

  async function send(files) {
    if (sending || !files.length) return;
    sending = true;
    start.disabled = choose.disabled = folder.disabled = true;
    part("sending").hidden = false;
    const { fit, large } = bundles(files, limit);
    for (const { path } of large) trouble(`${path} is too large and was not sent. Send it in parts.`);
    const total = files.length;
    let sent = 0;
    let tried = large.length;
    bar.max = total;
    for (const bundle of fit) {
      bar.value = tried;
      part("sent").textContent = `${sent} of ${total} files sent`;
      const answer = await post(form, filled(bundle), (seconds) => {
        part("sent").textContent = `The desk cannot be reached. ${sent} of ${total} files are sent; trying again in ${seconds} s.`;
      });
      tried += bundle.length;
      if (answer.ok) sent += bundle.length;
      else trouble(`${named(bundle)} not sent: ${answer.body.detail}`);
      if (!answer.ok && answer.status !== 413) break;
    }
    bar.value = tried;
    sending = false;
    // A browser that keeps what a form held would send it again after the reload.
    choose.value = folder.value = "";
    if (sent === total) return location.reload();
    part("sent").textContent = `${sent} of ${total} files sent. Reload the page to go on with what is here.`;
    choose.disabled = folder.disabled = false;
  }

  function filled(bundle) {
    const data = token(form);
    for (const { file, path } of bundle) {
      data.append("files", file);
      data.append("names", path);
    }
    return data;
  }

  function named(bundle) {
    return bundle.length > 1 ? `${bundle[0].path} and ${bundle.length - 1} more` : bundle[0].path;
  }

  const chosen = (input) => [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  for (const input of [choose, folder]) input.addEventListener("change", () => send(chosen(input)));

  const drop = part("drop");
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    send(await filesOf(event.dataTransfer));
  });
  addEventListener("beforeunload", (event) => sending && event.preventDefault());
  // Files may have been chosen before this was loaded.
  send([...chosen(choose), ...chosen(folder)]);

  part("send").hidden = true;
  part("folder").hidden = part("hint").hidden = false;
}

/* Driving the import */

function drives(form, shown) {
  const part = (name) => shown.querySelector(`[data-${name}]`);
  const button = part("go");
  const title = shown.querySelector("h2");
  const bar = shown.querySelector("progress");
  let going = false;
  let said = 0;

  function show({ total, done, counts }) {
    bar.max = Math.max(total, 1);
    bar.value = done;
    part("done").textContent = done;
    part("total").textContent = total;
    for (const [state, count] of Object.entries(counts)) {
      const figures = document.querySelectorAll(`[data-count="${state}"]`);
      for (const figure of figures) figure.textContent = count;
    }
    if (Date.now() - said < SAY_EVERY) return;
    said = Date.now();
    part("said").textContent = `${done} of ${total} done`;
  }

  function trouble(words) {
    part("trouble").textContent = words;
    part("trouble").hidden = !words;
  }

  async function go() {
    going = true;
    button.textContent = "Pause";
    title.textContent = "Importing";
    while (going) {
      const answer = await post(form, token(form), (seconds) => {
        trouble(`The desk cannot be reached. Nothing is lost; trying again in ${seconds} s.`);
      });
      trouble(answer.ok ? "" : `The import stands still: ${answer.body.detail}`);
      if (!answer.ok) break;
      show(answer.body);
      if (answer.body.state === "done") return location.reload();
    }
    going = false;
    button.textContent = "Continue";
    title.textContent = "Paused";
    await showReport();
  }

  /** The list of files as it is now; the figures above it have moved on. */
  async function showReport() {
    try {
      const page = await (await fetch(location.href)).text();
      const now = new DOMParser().parseFromString(page, "text/html").querySelector(REPORT);
      if (now && !going) document.querySelector(REPORT).replaceWith(now);
    } catch {
      // Without the network the list stays as it is.
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (going) {
      going = false;
      part("said").textContent = "Paused";
    } else {
      go();
    }
  });
  if (shown.dataset.mine === "yes") go();
}

const files = document.querySelector("#files");
if (files) preparesFiles(files);
const running = document.querySelector("#running");
const advance = document.querySelector("#advance");
if (running && advance) drives(advance, running);
