/**
 * What is chosen and typed of a case and not sent yet: kept in this tab over a reload, and thrown
 * away as soon as the case has moved on.
 */

const PREFIX = "case ";
const OWN = ["csrfmiddlewaretoken", "version", "revision", "over"];

export function keep(form) {
  const key = `${PREFIX}${form.dataset.case} ${form.dataset.version}`;
  const fields = () => Array.from(form.elements).filter(({ name, type }) => (
    name && !OWN.includes(name) && type !== "submit"
  ));

  function store() {
    const values = fields().map((field) => (isTick(field) ? field.checked : field.value));
    try {
      sessionStorage.setItem(key, JSON.stringify(values));
    } catch {
      // Without room nothing is kept; the page works all the same.
    }
  }

  function restore() {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(`${PREFIX}${form.dataset.case} `) && name !== key) sessionStorage.removeItem(name);
    }
    const values = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (!values || document.querySelector("#refused") || values.length !== fields().length) return;
    fields().forEach((field, nth) => {
      if (isTick(field)) field.checked = values[nth];
      else field.value = values[nth];
    });
    const question = form.querySelector("#question");
    if (question?.value) question.closest("details").open = true;
    form.dispatchEvent(new Event("restored"));
  }

  form.addEventListener("input", store);
  return { restore };
}

function isTick({ type }) {
  return type === "radio" || type === "checkbox";
}
