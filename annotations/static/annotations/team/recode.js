// Keys on the page where a coder codes again: y and n, 1 to 4 for the stance, Enter, u.

const form = document.getElementById("recode");
const undo = document.getElementById("undo");

const radio = (name, value) => form.querySelector(`input[name="${name}"][value="${value}"]`);
const answers = { y: radio("answer", "applies"), n: radio("answer", "does not") };
const stances = [...form.querySelectorAll('input[name="stance"]')];

/** Choose it as a click would. */
function choose(input) {
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A stance is said of what applies: it is asked for then, and given up otherwise. */
function ask() {
  for (const stance of stances) {
    stance.required = answers.y.checked;
    stance.disabled = answers.n.checked;
    stance.checked &&= !answers.n.checked;
  }
}

function press(event) {
  const typing = event.target.matches("textarea, input:not([type=radio])");
  if (typing || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) {
    return;
  }
  const stance = stances[Number(event.key) - 1];
  if (event.key in answers) {
    choose(answers[event.key]);
  } else if (stance) {
    choose(answers.y);
    choose(stance);
  } else if (event.key === "u" && undo) {
    undo.requestSubmit(undo.querySelector("button"));
  } else if (event.key === "Enter" && !event.target.closest("a, button, summary")) {
    form.requestSubmit();
  } else {
    return;
  }
  event.preventDefault();
}

form.addEventListener("change", ask);
document.addEventListener("keydown", press);
ask();
