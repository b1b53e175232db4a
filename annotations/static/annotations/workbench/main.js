/** Opens every desk of the page; keys go to the one that was last clicked or focused. */

import { openDesk } from "./desk.js";

const roots = Array.from(document.querySelectorAll(".workbench"));
let active = roots[0];

const desks = new Map(roots.map((root) => [root, openDesk({
  root,
  data: JSON.parse(document.getElementById(root.dataset.page).textContent),
  isActive: () => active === root,
  isAlone: roots.length === 1,
})]));

for (const root of roots) {
  for (const type of ["pointerdown", "focusin"]) {
    root.addEventListener(type, () => { active = root; }, { capture: true });
  }
}
document.addEventListener("keydown", (event) => desks.get(active).onKey(event));
