/** What each command does: keys, buttons, the palette and the panel all ask here. */

import {
  addPart, addStretch, addTag, dropPart, dropStretch, dropTag, moveStretch, partsOf, withStance, STANCES,
} from "./content.js";
import { extendTo } from "./cursor.js";
import { hint } from "./keys.js";

const WAS_AWAY = "The cursor was out of sight. It is here now: press again to mark.";
const AUTHOR = { actor: null, stands_for: "author" };

/** { act(command), knows(name), idsHere() }; `view` holds what is open and whose annotations are seen. */
export function makeCommands({
  state, text, codebook, labels, selection, painter, changes, view, focus, dialogs, said, spoken,
  refuse,
}) {
  const opened = () => (view.open ? state.get(view.open) : undefined);

  function open(id, { byKey = false } = {}) {
    const annotation = state.get(id);
    if (!annotation) return;
    view.open = id;
    if (annotation.content && !touches(annotation, selection.place())) {
      const { start } = annotation.content.spans[0];
      selection.set(start, start, { byKey: true });
    }
    view.refresh.now();
    if (byKey) focus.panel();
    selection.uncover();
  }

  /** The open annotation if it can be changed; says why not. */
  function changeable() {
    const annotation = opened();
    if (!annotation) said(`Open a mark first: ${hint("claim")} at the cursor, ${hint("next-mark")} for the next one.`);
    else if (!annotation.mine) said("Only whoever made an annotation changes it.");
    else if (annotation.trouble?.state === "conflict") said("Choose between the two versions first.");
    else return annotation;
    return undefined;
  }

  function mark(kind, unit, fill) {
    if (!state.mayMark) return refuse();
    if (selection.toSight()) return void said(WAS_AWAY);
    const stretch = selection.stretch() ?? (selection.isEmpty() ? selection.around(unit) : null);
    if (!stretch) return said("There is nothing to mark in this selection.");
    const id = changes.make(kind, [stretch], fill);
    selection.set(stretch[1], stretch[1]);
    view.open = id;
    view.refresh.now();
    selection.uncover();
    spoken(`${kind === "claim" ? "Claim" : "Mention"}: ${text.short([{ start: stretch[0], end: stretch[1] }])}`);
    return id;
  }

  function enter() {
    const here = idsHere();
    if (!selection.isEmpty() || !here.length) {
      if (mark("claim", "sentence")) focus.panel();
    } else if (here.includes(view.open)) focus.panel();
    else open(here[0]);
  }

  function mention() {
    const id = mark("mention", "word", (content) => {
      const [{ start, end }] = content.spans;
      const actor = codebook.named(text.slice(start, end));
      return actor ? addPart(content, "named", { actor: actor.id }) : content;
    });
    if (id && !state.get(id).content.participants.length) focus.field("named");
  }

  function tag({ tag: chosen }) {
    const annotation = opened();
    const atHand = annotation?.mine && annotation.content?.kind === "claim"
      && selection.isEmpty() && touches(annotation, selection.place());
    if (!atHand) return mark("claim", "sentence", (content) => addTag(content, chosen, codebook));
    const has = annotation.content.codings.some((coding) => coding.tag === chosen.id);
    const next = has ? dropTag(annotation.content, chosen) : addTag(annotation.content, chosen, codebook);
    spoken(`${chosen.label} ${has ? "taken back" : "given"}`);
    return changes.set(annotation.id, next);
  }

  function stance({ stance: nth }) {
    const annotation = changeable();
    const latest = annotation?.content.codings.findLast(({ tag: id }) => codebook.tag(id)?.facet.stance);
    if (!latest) return annotation && said("No tag of this claim takes a stance.");
    const chosen = codebook.tag(latest.tag);
    spoken(`${chosen.label}: ${STANCES[nth]}`);
    return changes.set(annotation.id, withStance(annotation.content, chosen, STANCES[nth]));
  }

  function author() {
    const annotation = changeable();
    if (annotation?.content.kind !== "claim") return;
    const has = partsOf(annotation.content, "claimant").some((part) => part.stands_for === "author");
    const give = has ? dropPart : addPart;
    changes.set(annotation.id, give(annotation.content, "claimant", AUTHOR));
    spoken(has ? "The author is not the claimant." : "The author is the claimant.");
  }

  function actor({ actor: chosen, role }) {
    if (!selection.isEmpty()) {
      return mark("mention", "word", (content) => addPart(content, "named", { actor: chosen.id }));
    }
    const annotation = changeable();
    if (!annotation) return undefined;
    const fitting = annotation.content.kind === "mention" ? { claimant: "named", target: "meant" }[role] : role;
    return changes.set(annotation.id, addPart(annotation.content, fitting, { actor: chosen.id }));
  }

  function addSelected() {
    const annotation = changeable();
    const stretch = selection.stretch();
    if (!annotation) return;
    if (!stretch) return void said("Select the words to add first.");
    changes.set(annotation.id, addStretch(annotation.content, stretch));
    selection.collapse();
    said("Stretch added.");
  }

  function dropAt({ nth }) {
    const annotation = changeable();
    if (!annotation) return;
    const span = annotation.content.spans[nth];
    const next = dropStretch(annotation.content, span ? [span.start, span.end] : selection.bounds());
    if (next.spans.length === annotation.content.spans.length) {
      return void said("Not taken away: it is the only stretch, or none is at the cursor.");
    }
    changes.set(annotation.id, next);
    said("Stretch taken away.");
  }

  function replaceStretch() {
    const stretch = selection.stretch();
    const annotation = changeable();
    if (!annotation) return;
    if (!stretch) return void said("Select the words first that shall stand in its place.");
    const spans = annotation.content.spans;
    const nth = Math.max(0, spans.findIndex(({ start, end }) => start < stretch[1] && end > stretch[0]));
    move(annotation, nth, stretch);
    selection.collapse();
  }

  function nudge({ side, step, exact, nth = stretchAtCursor() }) {
    const annotation = changeable();
    const span = annotation?.content.spans[nth];
    if (!span) return;
    const unit = exact ? "grapheme" : "word";
    const moved = side === "end"
      ? [span.start, extendTo(text, span.start, span.end, unit, step)]
      : [extendTo(text, span.end, span.start, unit, step), span.end];
    move(annotation, nth, moved);
  }

  function move(annotation, nth, stretch) {
    const next = moveStretch(annotation.content, nth, stretch);
    if (!next) return said("Not moved: the stretch would be empty or run into another.");
    changes.set(annotation.id, next);
    return spoken(text.short([{ start: stretch[0], end: stretch[1] }]));
  }

  function stretchAtCursor() {
    const spans = opened()?.content?.spans ?? [];
    const place = selection.place();
    const nth = spans.findIndex(({ start, end }) => start <= place && place <= end);
    return nth < 0 ? spans.length - 1 : nth;
  }

  function remove() {
    const annotation = changeable();
    if (!annotation) return;
    view.open = null;
    changes.set(annotation.id, null);
    focus.text();
    said(`Removed. ${hint("undo")} brings it back.`);
  }

  /** The next or previous mark in reading order, from the open one or from the cursor. */
  function nextMark({ step }) {
    const all = view.inOrder();
    const at = all.findIndex(({ id }) => id === view.open);
    const place = selection.place();
    const beyond = step > 0
      ? all.findIndex(({ content }) => content.spans[0].start >= place)
      : all.findLastIndex(({ content }) => content.spans[0].start < place);
    const found = all[at < 0 ? beyond : at + step];
    if (!found) return said(step > 0 ? "No mark after this one." : "No mark before this one.");
    const { start } = found.content.spans[0];
    selection.set(start, start, { byKey: true });
    return open(found.id);
  }

  /** The next of the marks at the cursor, or of those clicked on: the innermost first. */
  function cycle({ among = idsHere() }) {
    if (!among.length) return said(`No mark is here. ${hint("next-mark")} goes to the next one.`);
    const nth = (among.indexOf(view.open) + 1) % among.length;
    open(among[nth]);
    const line = labels.line(state.get(among[nth]).content);
    return among.length > 1 ? said(`${nth + 1} of ${among.length}: ${line}`) : spoken(line);
  }

  function back() {
    if (focus.isInPanel()) focus.text();
    else if (!selection.isEmpty()) selection.collapse();
    else if (view.open) close();
  }

  function close() {
    view.open = null;
    view.refresh();
    focus.text();
  }

  function idsHere() {
    const place = selection.place();
    const here = painter.idsAt(place);
    return here.length ? here : painter.idsAt(Math.max(0, place - 1));
  }

  const run = {
    move: ({ unit, step, extend }) => selection.move(unit, step, { extend }),
    mark: nextMark,
    cycle,
    enter,
    mention,
    tag,
    stance,
    author,
    actor,
    nudge,
    remove,
    back,
    close,
    "add-stretch": addSelected,
    "drop-stretch": dropAt,
    "replace-stretch": replaceStretch,
    field: ({ field }) => (opened() ? focus.field(field) : said("Open a claim first.")),
    open: ({ id }) => open(id, { byKey: true }),
    peek: ({ id }) => open(id),
    person: ({ person }) => { view.person = person; view.repaint(); },
    palette: dialogs.palette,
    undo: changes.undo,
    redo: changes.redo,
    "keep-mine": ({ id }) => { changes.keepMine(id); focus.text(); },
    "take-theirs": ({ id }) => { changes.takeTheirs(id); focus.text(); },
  };
  const knows = (command) => command in run;
  return { act: (command) => run[command.command](command), knows, idsHere };
}

function touches({ content }, place) {
  return content.spans.some(({ start, end }) => start <= place && place <= end);
}
