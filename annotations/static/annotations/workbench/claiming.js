/** Commands that fill a claim quickly: like the last one, a copy elsewhere, certainty, the flag. */

import { turned } from "./choice.js";
import { CERTAINTIES } from "./content.js";
import { copyOf, lastClaim, likeLast } from "./like_last.js";

const STEPS = CERTAINTIES.filter(([value]) => value);

/** The part of a desk { commands }. */
export function makeClaiming(desk) {
  const { codebook, labels, text, state, view, selection, said } = desk;
  const opened = () => (view.open ? state.get(view.open) : undefined);

  /** The open annotation if it can be changed; says why not. */
  function changeable() {
    const open = opened();
    if (!open?.content) said("Open a mark first: Enter at the cursor, ] for the next one.");
    else if (!open.mine) said("Only whoever made an annotation changes it.");
    else if (open.trouble?.state === "conflict") said("Choose between the two versions first.");
    else return open;
    return undefined;
  }

  /** Fill the open claim, or a new one at the selection, with what the last one says. */
  function fillLikeLast() {
    const makes = !selection.isEmpty();
    const open = makes ? null : changeable();
    if (!makes && !open) return undefined;
    if (open && open.content.kind !== "claim") return said("Only a claim is filled like the last one.");
    const last = lastClaim(state.log(), state.get, open?.id);
    if (!last) return said("There is no claim of yours before this one in this article.");
    return makes ? makeLike(last.content) : makeOpenLike(open, last.content);
  }

  function makeLike(model) {
    const stretch = mayMake();
    if (!stretch) return;
    let taken = null;
    const id = desk.changes.make("claim", [stretch], (blank) => {
      taken = likeLast(blank, model, codebook);
      return taken.content;
    });
    if (!id) return;
    selection.set(stretch[1], stretch[1]);
    view.open = id;
    view.refresh.now();
    selection.uncover();
    tellTaken(taken, model);
  }

  function makeOpenLike({ id, content }, model) {
    const taken = likeLast(content, model, codebook);
    if (!taken.took.length) return said("This claim says all that the last one says already.");
    desk.changes.set(id, taken.content);
    return tellTaken(taken, model);
  }

  /** “Like “…”. Claimant: the author; Target: Office of Tides”. */
  function tellTaken({ content, took }, model) {
    const rows = labels.rows(content, () => "").filter(([field]) => took.includes(field));
    const words = rows.map(([, name, value]) => `${name}: ${value}`).join("; ");
    said(`Like ${text.quoted(model.spans, 40)}. ${words || "There was nothing to take"}.`);
  }

  /** The selected stretch if something may be made of it; says why not. */
  function mayMake() {
    if (!state.mayMark) return void desk.refuse();
    const stretch = selection.stretch();
    if (!stretch) said("There is nothing to mark in this selection.");
    return stretch;
  }

  /** The open annotation stays open, so that the next stretch can have a copy too. */
  function copy() {
    const open = opened();
    if (!open?.content || open.content.kind === "rejection") {
      return said("Open the mark first that shall be copied.");
    }
    if (selection.isEmpty()) return said("Select the words first that shall have the copy.");
    const stretch = mayMake();
    if (!stretch) return undefined;
    const id = desk.changes.make(open.content.kind, [stretch], copyOf(open.content));
    if (!id) return undefined;
    selection.set(stretch[1], stretch[1]);
    const quote = text.quoted([{ start: stretch[0], end: stretch[1] }], 40);
    return said(`Copied to ${quote}. Select the next words to copy it again.`);
  }

  function certainty() {
    const open = changeable();
    if (!open) return;
    const next = turned(STEPS, open.content.certainty ?? "");
    desk.changes.set(open.id, { ...open.content, certainty: next });
    said(`Certainty: ${CERTAINTIES.find(([value]) => value === next)[1]}.`);
  }

  function flag() {
    const open = changeable();
    if (!open) return;
    const flagged = !open.content.flagged;
    desk.changes.set(open.id, { ...open.content, flagged });
    said(flagged ? "A curator is asked to look here." : "No curator is asked to look here any more.");
  }

  return { commands: { "like-last": fillLikeLast, copy, certainty, flag } };
}
