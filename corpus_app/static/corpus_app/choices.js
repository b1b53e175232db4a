// Fields with type-ahead take the place of a <select>; here they get its label's name as well.
function name(choice) {
  const shown = choice.querySelector(".select2-selection__rendered");
  const field = shown.id.slice("select2-".length, -"-container".length);
  const label = document.querySelector(`label[for="${field}"]`);
  if (!label) return;
  const words = label.textContent.trim().replace(/:$/, "");
  shown.setAttribute("aria-label", words);
  label.id ||= `${shown.id}-label`;
  choice.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
}

// Asked last, Django's own jQuery answers last: by then the fields are made.
globalThis.django?.jQuery(() => {
  document.querySelectorAll(".select2-selection--single").forEach(name);
});
