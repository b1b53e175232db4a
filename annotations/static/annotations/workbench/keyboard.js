/** The person's own keys, kept with her name, and on this device until the server has them. */

import { showKeys } from "./dom.js";
import { ownKeys, useKeys } from "./keys.js";

/** The part of a desk that knows them, and shows all keys when it is asked to. */
export function makeKeyboard(desk) {
  const { data, root, said } = desk;
  const place = `crossread keys ${data.me}`;
  let help = null;
  const unsent = kept();
  useKeys(unsent ?? data.preference?.keys);

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null; // the device keeps nothing for us
    }
  }

  function keep(own) {
    try {
      if (own) localStorage.setItem(place, JSON.stringify(own));
      else localStorage.removeItem(place);
      return true;
    } catch {
      return false;
    }
  }

  /** Let these keys count from now on, here and wherever the person signs in; what became of it. */
  async function change(own) {
    useKeys(own);
    showKeys(document);
    const isKept = keep(own);
    if (await send()) return "Saved.";
    return isKept ? "Kept on this device; it is sent when the server answers." : "Not saved: it counts on this page.";
  }

  async function send() {
    const own = ownKeys();
    const isDone = await desk.sync?.tell("PATCH", "preferences/", { keys: own });
    if (isDone && ownKeys() === own) keep(null);
    return isDone;
  }

  async function open() {
    try {
      help ??= (await import("./help.js")).makeHelp({ ...desk, change });
    } catch {
      return said("The list of keys could not be loaded. Try again when the network is back.");
    }
    return help.open();
  }

  /** What stands in the way of handing in, or the last question, is where the keys go next. */
  function handIn() {
    desk.part("hand-in").requestSubmit();
    root.querySelector(".wb-wait button")?.focus();
  }

  function ready() {
    if (unsent) send();
    addEventListener("online", () => kept() && send());
    showKeys(root);
  }

  return { commands: { help: open, ...(desk.part("hand-in") && { "hand-in": handIn }) }, ready };
}
