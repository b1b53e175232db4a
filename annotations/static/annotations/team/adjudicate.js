/** The page of a case: its keys, its typing that is not lost, its words moved by the arrow. */

import { listen } from "./case_keys.js";
import { keep } from "./case_kept.js";
import { suggest } from "./case_names.js";
import { nudge } from "./case_words.js";

const form = document.querySelector("#decide");
const kept = keep(form);
listen(form, document);
nudge(form, document.querySelector("#text"), document.querySelector(".aj-article").lang);
suggest(form);
kept.restore();
if (isBeside(document.querySelector("#case"))) {
  document.querySelector("mark.at-hand")?.scrollIntoView({ block: "center" });
}
stayAt(form);
form.dataset.ready = "";

/** Whether the case stands beside the text, so that both are seen. */
function isBeside(panel) {
  return getComputedStyle(panel).position === "sticky";
}

/** As long as the page is looked at, others are told that somebody is at this case. */
function stayAt({ dataset: { hold }, elements }) {
  if (!hold) return;
  const body = new URLSearchParams({ csrfmiddlewaretoken: elements.csrfmiddlewaretoken.value });
  setInterval(() => {
    if (!document.hidden) fetch(hold, { method: "POST", body, redirect: "manual" }).catch(() => {});
  }, 240_000);
}
