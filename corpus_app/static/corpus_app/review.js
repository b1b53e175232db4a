// The review page: one key changes a line's role, and the line looks like its role at once.

const KEYS = {
  t: "title", y: "byline", l: "dateline", o: "outlet", h: "heading", b: "body",
  c: "caption", i: "bio", p: "provenance", d: "duplicate", x: "boilerplate",
};

const list = document.querySelector(".review-lines ol");
const selects = [...list.querySelectorAll("select")];

function setRole(select, role) {
  select.value = role;
  select.closest(".line").dataset.role = role;
}

function move(select, step) {
  const next = selects[selects.indexOf(select) + step];
  if (!next) return;
  next.focus();
  next.closest(".line").scrollIntoView({ block: "nearest" });
}

list.addEventListener("change", (event) => setRole(event.target, event.target.value));

list.addEventListener("keydown", (event) => {
  const select = event.target.closest("select");
  if (!select || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(select, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key in KEYS) {
    event.preventDefault();
    setRole(select, KEYS[event.key]);
    move(select, 1);
  }
});

list.addEventListener("click", (event) => {
  event.target.closest(".line")?.querySelector("select").focus();
});

const hint = document.querySelector("[data-keys-hint]");
for (const [key, role] of Object.entries(KEYS)) {
  hint.querySelector(`[data-role-key="${role}"]`).textContent = key;
}
hint.hidden = false;
