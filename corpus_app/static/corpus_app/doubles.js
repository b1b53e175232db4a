// The page of likely doubles by keys: j and k go from pair to pair, the rest presses a button.

const pairs = [...document.querySelectorAll("#doubles > li")];

function go(step) {
  const here = pairs.findIndex((pair) => pair.contains(document.activeElement));
  const next = here < 0 ? 0 : Math.min(pairs.length - 1, Math.max(0, here + step));
  pairs[next]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea")) return;
  const pair = pairs.find((one) => one.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") go(event.key === "j" ? 1 : -1);
  else if (pair?.querySelector(`[data-key="${CSS.escape(event.key)}"]`)) {
    pair.querySelector(`[data-key="${CSS.escape(event.key)}"]`).click();
  } else return;
  event.preventDefault();
});
