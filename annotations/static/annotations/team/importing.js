// A file on its way in: how far it is, as the API tells it line by line. Without this module the
// form sends the file and shows the report at the end.

const form = document.querySelector("form[data-import]");
const going = form.querySelector("[data-going]");
const stop = form.querySelector("[data-stop]");
const button = form.querySelector("button.button:not([data-stop])");

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    const { value, done } = await reader.read();
    kept += value ?? "";
    const whole = kept.split("\n");
    kept = whole.pop();
    yield* whole.map((line) => JSON.parse(line));
    if (done) return;
  }
}

function say(words) {
  going.textContent = words;
}

function counted(told) {
  const parts = [`${told.read} rows read`, `${told.stored} stored`];
  if (told.unchanged) parts.push(`${told.unchanged} there already`);
  if (told.refused) parts.push(`${told.refused} refused`);
  return `${parts.join(", ")} …`;
}

async function send(signal) {
  const given = new FormData(form);
  const asked = new URLSearchParams({ format: given.get("format") });
  for (const name of ["dry", "whole"]) if (given.has(name)) asked.set(name, "true");
  const body = new FormData();
  body.set("file", given.get("file"));
  const answer = await fetch(`${form.dataset.import}?${asked}`, {
    method: "POST",
    body,
    signal,
    headers: { "X-CSRFToken": given.get("csrfmiddlewaretoken") },
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    const reasons = (problem.errors ?? []).map((one) => one.detail);
    throw new Error([problem.detail, ...reasons].filter(Boolean).join(" ") || answer.statusText);
  }
  for await (const told of lines(answer.body)) {
    if (told.is === "report") {
      const report = form.dataset.report.replace(/0{8}-0{4}-0{4}-0{4}-0{12}/, told.id);
      location.assign(report);
      return;
    }
    say(counted(told));
  }
  throw new Error("The answer broke off. Send the file again: nothing is stored twice.");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const control = new AbortController();
  stop.onclick = () => control.abort();
  stop.hidden = false;
  button.disabled = true;
  say("Sending the file …");
  try {
    await send(control.signal);
  } catch (trouble) {
    const halted = "Stopped. What was stored by then stays, unless it was all or nothing.";
    say(trouble.name === "AbortError" ? halted : `Not imported. ${trouble.message}`);
    stop.hidden = true;
    button.disabled = false;
  }
});
form.dataset.ready = "";
