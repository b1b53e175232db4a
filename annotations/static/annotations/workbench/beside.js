/** Articles of one story in columns, each a whole desk. Keys go to the column that is active. */

import { makeColumnTabs } from "./column_tabs.js";
import { openDesk } from "./desk.js";
import { chordOf, chordsOf } from "./keys.js";
import { makeTogether } from "./together.js";

const sections = Array.from(document.querySelectorAll(".bs-column"));
const page = document.getElementById("columns");
let active = 0;

const columns = sections.map((section, nth) => ({
  section, nth, name: section.dataset.name, title: section.dataset.title, desk: null, onKey: null,
}));
const together = makeTogether({
  root: document.getElementById("together"), columns, leading: () => active,
});
for (const column of columns) column.onKey = open(column).onKey;
const tabs = makeColumnTabs({
  root: document.getElementById("tabs"), columns, choose: (nth) => activate(nth),
});

for (const { section, nth } of columns) {
  for (const type of ["pointerdown", "focusin"]) {
    section.addEventListener(type, () => nth !== active && activate(nth), { capture: true });
  }
}
document.addEventListener("keydown", (event) => columns[active].onKey(event));
document.querySelector(".bs-head").addEventListener("keydown", intoColumn);
new ResizeObserver(measure).observe(page);
document.getElementById("choose")?.addEventListener("change", limit);
activate(0);
if (document.activeElement === document.body) columns[0].desk.focus.text();

function open({ section, nth }) {
  const root = section.querySelector(".workbench");
  return openDesk({
    root,
    data: JSON.parse(document.getElementById(root.dataset.page).textContent),
    isActive: () => active === nth,
    isAlone: false,
    others: [partOf(columns[nth])],
  });
}

/** What the columns' page adds to each desk. */
function partOf(column) {
  return (desk) => {
    column.desk = desk;
    return {
      commands: {
        "next-column": () => go(1),
        "previous-column": () => go(-1),
        "next-shared": () => together.step(1),
        "previous-shared": () => together.step(-1),
        "side-by-side": () => location.assign(column.section.dataset.alone),
      },
      changed: together.stale,
      ready: together.stale,
      moved: ({ byKey }) => byKey && together.moved(column.nth),
    };
  };
}

function go(step) {
  activate((active + step + columns.length) % columns.length);
  const { desk, nth, title } = columns[active];
  desk.focus.text();
  desk.said(`Column ${nth + 1} of ${columns.length}: ${title}`);
}

/** From the head of the page the same key goes into the active column. */
function intoColumn(event) {
  if (!chordsOf("next-column").includes(chordOf(event))) return;
  event.preventDefault();
  columns[active].desk.focus.text();
}

function activate(nth) {
  active = nth;
  for (const { section, desk } of columns) {
    section.classList.toggle("is-active", section === sections[nth]);
    desk.selection.draw();
  }
  tabs.show(nth);
}

/** The panel stands beside or over the columns, wherever these begin. */
function measure() {
  const { top } = page.getBoundingClientRect();
  page.style.setProperty("--bs-top", `${Math.max(0, top)}px`);
}

/** No more boxes can be ticked than columns fit, and no fewer than two. */
function limit({ currentTarget: form }) {
  const boxes = Array.from(form.querySelectorAll("[type=checkbox]"));
  const ticked = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.disabled = !box.checked && ticked >= Number(form.dataset.most);
  form.querySelector("button").disabled = ticked < 2;
}
