// Applies an outlet's rules to the ticked articles, a few at a time, and says how far it is.

const AT_ONCE = 5;
const form = document.querySelector("form[data-apply]");

function boxes() {
  return [...form.querySelectorAll("input[name=article]:checked:enabled")];
}

function say(words) {
  form.querySelector("[data-progress]").textContent = words;
}

async function send(some) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const box of some) body.append("article", box.value);
  const answer = await fetch(location.href, {
    method: "POST", body, headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).results;
}

function show({ article, done, told }) {
  const item = form.querySelector(`[data-article="${article}"]`);
  const box = item.querySelector("input");
  box.checked = false;
  box.disabled = true;
  const words = document.createElement("span");
  words.className = done ? "badge good" : "badge bad";
  words.textContent = told;
  item.querySelector(".fate").replaceChildren(words);
}

async function apply() {
  const bar = form.querySelector("[data-bar]");
  const button = form.querySelector("button");
  const all = boxes().length;
  let [finished, changed] = [0, 0];
  if (!all) return say("Nothing is ticked.");
  button.disabled = true;
  bar.hidden = false;
  bar.max = all;
  try {
    while (finished < all) {
      say(`${finished} of ${all} done …`);
      bar.value = finished;
      const results = await send(boxes().slice(0, AT_ONCE));
      if (!results.length) break;
      for (const result of results) show(result);
      finished += results.length;
      changed += results.filter((result) => result.done).length;
    }
    say(`${changed} of ${all} changed.`);
  } catch {
    say(`The desk did not answer. ${changed} of ${all} are changed; the others are as they were. Apply again to go on.`);
  }
  bar.hidden = true;
  button.disabled = false;
  return null;
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  apply();
});
