/** Long runs of dropped lines, such as the menus of a web page, stand folded until one goes there. */

const DROPPED = new Set(["boilerplate", "duplicate"]);
const LONG = 10; // lines
const QUOTED = 40; // signs of the first and of the last line

/** Folds the runs among these rows that nobody needs to look at; gives { open(row) }. */
export function createFolds(rows) {
  const folds = new Map(); // row → how its run is shown
  for (const run of runs(rows)) {
    const show = fold(run);
    for (const row of run) folds.set(row, show);
  }
  return { open: (row) => folds.get(row)?.(true) };
}

function runs(rows) {
  const found = [];
  let run = [];
  for (const row of [...rows, null]) {
    if (row && DROPPED.has(row.role) && row.role === row.was && !("doubt" in row.element.dataset)) {
      run.push(row);
    } else {
      if (run.length >= LONG) found.push(run);
      run = [];
    }
  }
  return found;
}

function fold(run) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const [first, last] = [run[0], run.at(-1)].map(({ text }) => quoted(text));
  item.className = "fold";
  button.type = "button";
  button.append(`${run.length} dropped lines`);
  const words = Object.assign(document.createElement("span"), { textContent: `${first} to ${last}` });
  words.dir = "auto";
  item.append(button, words);
  run[0].element.before(item);
  const show = (yes) => {
    button.setAttribute("aria-expanded", String(yes));
    for (const { element } of run) element.hidden = !yes;
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") === "false"));
  show(false);
  return show;
}

function quoted(text) {
  const short = text.length > QUOTED ? `${text.slice(0, QUOTED).trimEnd()}…` : text;
  return `“${short}”`;
}
