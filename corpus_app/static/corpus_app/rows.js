// Rows of small fields grow as they are filled, and actors are found as their names are typed.

const ASKING = 120; // milliseconds without a key until the server is asked
let count = 0;

/** Another empty row, as soon as something is typed into the last. */
function grow(rows) {
  const last = rows.lastElementChild;
  const isFilled = [...last.querySelectorAll("input")].some((input) => input.value);
  if (!isFilled) return;
  const copy = last.cloneNode(true);
  const next = rows.children.length;
  for (const field of copy.querySelectorAll("input, select")) {
    field.name = field.name.replace(/-\d+-/, `-${next}-`);
    field.id = field.id.replace(/-\d+-/, `-${next}-`);
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, next + 1));
    field.removeAttribute("list");
    field.removeAttribute("data-offered");
    if (field.matches("select")) field.selectedIndex = 0;
    else field.value = "";
  }
  copy.querySelectorAll("datalist").forEach((list) => list.remove());
  rows.append(copy);
}

/** The names that fit what is typed into the field, in the browser's own list beside it. */
async function offer(field, project) {
  const words = field.value.trim();
  if (!words) return;
  const query = new URLSearchParams({ project, q: words });
  const answer = await fetch(`/api/v1/actors/suggest/?${query}`).catch(() => null);
  if (!answer?.ok || field.value.trim() !== words) return;
  if (!field.dataset.offered) {
    count += 1;
    const list = document.createElement("datalist");
    list.id = field.dataset.offered = `actors-offered-${count}`;
    field.after(list);
    field.setAttribute("list", list.id);
  }
  const options = (await answer.json()).map(({ name, found_by: found }) => {
    const option = document.createElement("option");
    option.value = name;
    if (found !== name) option.label = `${name} (${found})`;
    return option;
  });
  document.getElementById(field.dataset.offered).replaceChildren(...options);
}

let timer = 0;
document.addEventListener("input", ({ target }) => {
  const rows = target.closest("[data-rows]");
  if (rows) grow(rows);
  if (!target.matches("[data-actor]")) return;
  const project = target.dataset.project ?? rows?.dataset.project;
  clearTimeout(timer);
  timer = setTimeout(() => offer(target, project), ASKING);
});
