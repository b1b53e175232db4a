/** The list of lines: which are chosen, their roles, and what is said of each. */

/**
 * The list as { rows, row, at, offer, enter, focus, chosen, setRole, say }; rows are in order.
 * `reveal(row)` lets a row be seen that one goes to.
 */
export function createLines(list, roles, reveal) {
  const rows = [...list.querySelectorAll(".line")].map((element, index) => {
    const select = element.querySelector("select");
    return {
      element, select, index, number: Number(select.name.slice(5)),
      text: element.querySelector(".text").textContent, paragraph: element.dataset.paragraph,
      get role() { return element.dataset.role; },
    };
  });
  const byElement = new Map(rows.map((row) => [row.element, row]));
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  let current = null;
  let anchor = null;
  let marked = [];

  const at = (target) => byElement.get(target.closest(".line"));

  /** All roles for a line to choose from; a long page offers them where somebody is. */
  function offer(row) {
    if (row.select.options.length > 1) return;
    const role = row.role;
    row.select.replaceChildren(...roles.map((name) => new Option(name)));
    row.select.value = role;
  }

  function mark(from, to) {
    for (const row of marked) row.element.classList.remove("chosen");
    marked = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    if (marked.length < 2) return;
    for (const row of marked) row.element.classList.add("chosen");
  }

  return {
    rows, at, offer,
    /** The row that somebody has come to by another way than `focus`. */
    enter(row) {
      offer(row);
      if (row === current) return;
      current = row;
      anchor = null;
      mark(row.index, row.index);
    },
    row: (number) => byNumber.get(number),
    /** The chosen lines, of which this is one, or else this one. */
    chosen: (row) => (marked.length > 1 && marked.includes(row) ? marked : [row]),
    /** Focus on a row; with `extend` all from the one that had it before are chosen. */
    focus(row, { extend = false } = {}) {
      if (!row) return;
      reveal(row);
      anchor = extend ? anchor ?? (current ?? row).index : null;
      mark(anchor ?? row.index, row.index);
      current = row;
      offer(row);
      row.select.focus({ preventScroll: true });
      row.element.scrollIntoView({ block: "nearest" });
    },
    setRole(row, role) {
      offer(row);
      row.select.value = role;
      row.element.dataset.role = role;
      delete row.element.dataset.doubt;
    },
    say(row, words) {
      let place = row.element.querySelector(".said");
      if (!place) {
        place = Object.assign(document.createElement("span"), { className: "said" });
        row.select.after(place);
      }
      place.className = "said";
      place.textContent = words;
    },
  };
}
