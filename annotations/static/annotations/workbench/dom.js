/** Elements made by hand: everything that stands in one is text, never markup. */

import { signNow } from "./keys.js";

/**
 * A new element. Props are attributes, except `text`, `on` ({ event: listener }), `data`
 * ({ name: value }) and `props` (properties set as they are); null and false leave one out.
 */
export function el(name, { text, on, data, props, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(key, value === true ? "" : value);
  }
  if (text !== undefined) element.textContent = text;
  Object.assign(element.dataset, data);
  Object.assign(element, props);
  for (const [type, listener] of Object.entries(on ?? {})) element.addEventListener(type, listener);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button that does something, with its key after its words, as the person has it now. */
export function button(words, run, { key, class: name = "", ...more } = {}) {
  const keys = key ? el("kbd", { text: signNow(key), data: { key }, "aria-hidden": "true" }) : null;
  return el("button", { type: "button", class: name, on: { click: run }, ...more }, words, keys);
}

/** Let all buttons in an element show the keys as they are now. */
export function showKeys(root) {
  for (const shown of root.querySelectorAll("kbd[data-key]")) {
    shown.textContent = signNow(shown.dataset.key);
  }
}

const TYPED_INTO = "input:not([type=radio], [type=checkbox]), textarea, select";

/** Put these children in the place of those an element has. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

/** Whether keys typed into this element are its own. */
export function takesTyping(element) {
  return Boolean(element?.closest?.(TYPED_INTO));
}
