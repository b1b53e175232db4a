/** Handing in: not before everything is saved and complete, and not by a slip of the finger. */

import { missing } from "./content.js";
import { button, el } from "./dom.js";

const NOT_YET = "Not handed in yet:";

/** Stand before the form's submission; what is in the way is said below the tools. */
export function guardHandIn({ form, tools, state, codebook, keep, waiting, show }) {
  let sure = false;

  function onSubmit(event) {
    if (sure) return;
    event.preventDefault();
    keep();
    const notice = tools.parentElement.querySelector(".wb-wait");
    notice?.remove();
    tools.after(el("div", { class: "notice wb-wait", role: "alert" }, ...inTheWay()));
  }

  function inTheWay() {
    const unsaved = waiting();
    const own = state.all().filter(({ mine, content }) => (
      mine && content && content.kind !== "rejection"
    ));
    const drafts = own.filter(({ content }) => missing(content, codebook).length);
    if (unsaved) {
      const what = count(unsaved, "change is", "changes are");
      return [says(`${NOT_YET} ${what} not saved. Try again when the line above says “Saved”.`), close()];
    }
    if (drafts.length) {
      const what = count(drafts.length, "annotation asks", "annotations ask");
      return [
        says(`${NOT_YET} ${what} for something that the codebook requires.`),
        button("Show the first", () => show(drafts[0].id), { class: "button small" }), close(),
      ];
    }
    const go = () => {
      sure = true;
      form.elements.sure.value = own.length ? "" : "on";
      form.requestSubmit();
    };
    const closes = "Handing in closes your marks on this article. Only a curator can return it to you.";
    const [words, label] = own.length
      ? [closes, "Hand in now"]
      : ["Nothing is marked. Hand in anyway? That there is nothing to mark is a finding, too.", "Hand in anyway"];
    return [says(words), button(label, go, { class: "button small" }), close()];
  }

  const says = (text) => el("p", { text });

  function close() {
    const leave = ({ target }) => {
      target.closest(".wb-wait").remove();
      form.querySelector("button").focus();
    };
    return button("Not yet", leave, { class: "button quiet small" });
  }

  form?.addEventListener("submit", onSubmit);
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}
