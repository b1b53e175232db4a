/** The keys of a case. Each is shown at what it does, and does nothing while one types. */

const TYPING = "textarea, select, input:not([type=radio], [type=checkbox])";

export function listen(form, page) {
  page.querySelector("[data-keys]")?.removeAttribute("hidden");
  page.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (key === "Escape" && target.matches(TYPING)) target.blur();
    if (target.matches(TYPING)) return;
    if (key === "Enter" && target.closest("button, a, summary")) return;
    const act = actionOf(key, form, page, target);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actionOf(key, form, page, target) {
  const press = (element) => element && (() => element.click());
  const go = (field) => field && (() => show(field));
  if (/^[1-9]$/.test(key)) return press(form.querySelectorAll("[value^='accept:']")[key - 1]);
  switch (key) {
    case "n": return press(page.querySelector("a[rel=next]"));
    case "p": return press(page.querySelector("a[rel=prev]"));
    case "x": return press(form.querySelector("#reject"));
    case "r": return go(form.querySelector("#reason"));
    case "a": return go(form.querySelector("#question"));
    case "e": return form.querySelector("[value=typed]") && (() => edit(form, target));
    case "Enter": return press(form.querySelector("#decide-button"));
    default: return null;
  }
}

/** Choose to type the field that has the focus, or else the first that differs. */
function edit(form, target) {
  const field = target.closest("[data-field]") ?? form.querySelector(".differs") ?? form.querySelector("[data-field]");
  field.querySelector("[value=typed]").click();
  show(field.querySelector(".aj-typed").querySelector("button, input, select, textarea"));
}

function show(field) {
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.focus();
}
