/** Rules that the person's corrections teach, asked of the server while she corrects. */

const PAUSE = 500; // milliseconds of rest before the server is asked

let timer = 0;
let asked = "";
const letters = new Map();

/** Shows, after a moment, the rules for what was changed so far; what was ticked stays ticked. */
export function showOffers(form, rows) {
  if (!form.dataset.offerRules) return;
  clearTimeout(timer);
  timer = setTimeout(() => ask(form, rows), PAUSE);
}

async function ask(form, rows) {
  const card = form.querySelector("[data-offers]");
  const place = card.querySelector("[data-offered]");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("outlet", form.elements.outlet.value);
  body.set("article", form.dataset.article ?? "");
  body.set("lines", rows.map((row) => inOneLine(form, row)).join("\n"));
  const question = `${body.get("outlet")}\n${body.get("lines")}`;
  if (question === asked) return;
  const first = asked === "";
  asked = question;
  if (first && !changed(form, rows)) return;
  const ticked = new Set([...place.querySelectorAll("input:checked")].map((box) => box.value));
  const answer = await fetch(form.dataset.offerRules, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || question !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = place.querySelector("details")?.open ?? false;
  place.replaceChildren(...page.body.childNodes);
  if (open) place.querySelector("details")?.setAttribute("open", "");
  for (const box of place.querySelectorAll("input")) box.checked = ticked.has(box.value);
  card.hidden = !place.querySelector("input");
}

function changed(form, rows) {
  const { value } = form.elements.was;
  return rows.some((row, index) => letterOf(form, row.role) !== value[index]);
}

function inOneLine(form, row) {
  const was = form.elements.was.value[row.index];
  return `${row.number} ${was}${letterOf(form, row.role)} ${row.text.slice(0, 600)}`;
}

function letterOf(form, role) {
  if (!letters.size) {
    for (const kbd of form.querySelectorAll("[data-role-key]")) letters.set(kbd.dataset.roleKey, kbd.textContent);
  }
  return letters.get(role);
}
