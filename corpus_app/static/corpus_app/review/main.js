// The review page: one key changes the role of the lines one is on, and everything follows at once.

import { createChanges } from "./changes.js";
import { createFields } from "./fields.js";
import { createFolds } from "./folds.js";
import { createLines } from "./lines.js";
import { showOffers } from "./offers.js";
import { KINDS, passagesOf } from "./passages.js";

const PREVIEWED = 300; // passages
const SHOWN = 160; // signs of each
const form = document.querySelector("form.review");
const list = form.querySelector(".review-lines ol");
const hint = form.querySelector("[data-keys-hint]");
const keys = new Map(
  [...hint.querySelectorAll("[data-role-key]")].map((kbd) => [kbd.textContent, kbd.dataset.roleKey]),
);
const lines = createLines(list, [...new Set(keys.values())], (row) => folds.open(row));
const fields = createFields(form, readLine);
const changes = createChanges();
const [undo, redo] = ["undo", "redo"].map((name) => form.querySelector(`[data-${name}]`));
const { value: letters } = form.elements.was;
for (const row of lines.rows) {
  row.was = keys.get(letters[row.index]);
  row.said = row.role === row.was ? row.element.querySelector(".said")?.textContent ?? "" : "";
}
const folds = createFolds(lines.rows);

async function readLine(role, text) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("role", role);
  body.set("text", text.slice(0, 2000));
  try {
    const answer = await fetch(form.dataset.readLine, { method: "POST", body });
    return answer.ok ? await answer.json() : {};
  } catch {
    return { title: text.trim() };
  }
}

/** The change that gives these rows this role. */
function give(rows, role) {
  const changed = rows
    .filter((row) => row.role !== role)
    .map((row) => ({ number: row.number, from: row.role, to: role }));
  for (const row of rows) show(row, role);
  return { lines: changed, fields: [] };
}

function show(row, role) {
  lines.setRole(row, role);
  lines.say(row, role === row.was ? row.said : "your choice");
}

function done(change) {
  changes.add(change);
  follow();
}

/** Makes the change again, or takes it back. */
function replay(change, side) {
  if (!change) return;
  for (const line of change.lines) show(lines.row(line.number), line[side]);
  for (const field of change.fields) {
    fields.set(field.name, field[side]);
    fields.origin(field.name, 0);
  }
  const [first] = change.lines;
  if (first) lines.focus(lines.row(first.number));
  follow();
}

async function take(row, { name, role }) {
  const change = give([row], role);
  const field = await fields.take(name, role, row);
  done({ ...change, fields: field ? [field] : [] });
}

function nextDoubt(row, step) {
  const { rows } = lines;
  for (let n = 1; n <= rows.length; n += 1) {
    const next = rows[(row.index + step * n + rows.length * 2) % rows.length];
    if ("doubt" in next.element.dataset) return next;
  }
  return null;
}

// Everything that follows from a change, once for all that happen in one moment.

let waiting = 0;

function follow() {
  if (!waiting) waiting = requestAnimationFrame(showAll);
}

function showAll() {
  waiting = 0;
  for (const [button, left] of [[undo, changes.done], [redo, changes.undone]]) {
    button.setAttribute("aria-disabled", String(!left));
  }
  const kept = lines.rows.filter((row) => row.role in KINDS).length;
  const doubts = list.querySelectorAll("[data-doubt]").length;
  const parts = [`${kept} of ${lines.rows.length} lines kept`, `${lines.rows.length - kept} dropped`];
  if (doubts) parts.push(`${doubts} to check`);
  form.querySelector("[data-counts]").textContent = parts.join(" · ");
  showPassages(passagesOf(lines.rows));
  showOffers(form, lines.rows);
}

function showPassages(passages) {
  const made = passages.slice(0, PREVIEWED).map(({ kind, text }) => {
    const item = document.createElement("li");
    const badge = Object.assign(document.createElement("span"), { className: "badge", textContent: kind });
    item.className = `passage ${kind}`;
    item.dir = "auto";
    item.append(badge, " ", text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);
    return item;
  });
  const note = document.createElement("li");
  note.className = "empty";
  if (!made.length) note.textContent = "No line is kept. Give at least one a role that is.";
  if (passages.length > made.length) note.textContent = `… and ${passages.length - made.length} more`;
  form.querySelector("[data-preview]").replaceChildren(...made, ...(note.textContent ? [note] : []));
}

// What people do

list.addEventListener("focusin", (event) => {
  const row = lines.at(event.target);
  if (row) lines.enter(row);
});
list.addEventListener("pointerdown", (event) => {
  const row = lines.at(event.target);
  if (row) lines.offer(row);
});
list.addEventListener("mousedown", (event) => {
  const row = lines.at(event.target);
  if (!row || !event.shiftKey) return;
  event.preventDefault();
  lines.focus(row, { extend: true });
});

list.addEventListener("change", (event) => {
  const row = lines.at(event.target);
  done(give(lines.chosen(row), event.target.value));
});

list.addEventListener("click", (event) => {
  const row = lines.at(event.target);
  if (row && !event.shiftKey && getSelection().isCollapsed) lines.focus(row);
});

list.addEventListener("keydown", (event) => {
  const row = lines.at(event.target);
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, shiftKey } = event;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  const field = shiftKey && fields.keyed(key);
  if (step) {
    lines.focus(lines.rows[row.index + step], { extend: shiftKey });
  } else if (key === "n" || key === "N") {
    lines.focus(nextDoubt(row, shiftKey ? -1 : 1));
  } else if (field) {
    take(row, field);
  } else if (!shiftKey && keys.has(key)) {
    const rows = lines.chosen(row);
    done(give(rows, keys.get(key)));
    lines.focus(lines.rows[rows.at(-1).index + 1] ?? row);
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target.matches("input, textarea")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) replay(changes.redo(), "to");
  else replay(changes.undo(), "from");
});

form.addEventListener("click", (event) => {
  const [, number] = event.target.closest("a")?.hash.match(/^#line-(\d+)$/) ?? [];
  if (number) folds.open(lines.row(Number(number)));
});

undo.addEventListener("click", () => replay(changes.undo(), "from"));
redo.addEventListener("click", () => replay(changes.redo(), "to"));
form.elements.outlet.addEventListener("change", follow);

for (const element of [hint, undo, redo]) element.hidden = false;
follow();
form.dataset.ready = "";
