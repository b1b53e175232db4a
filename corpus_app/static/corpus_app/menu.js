// Menus of the bar are <details>; a click elsewhere, leaving by Tab, or Escape closes them.
const menus = document.querySelectorAll("details.menu");

const close = (menu) => {
  menu.open = false;
};

document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) close(menu);
});

for (const menu of menus) {
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close(menu);
    menu.querySelector("summary").focus();
  });
}
