/**
 * One desk: an article with its text, marks and panel. Wires together what every other module does
 * alone. A page may hold several desks, one beside the other.
 */

import { makeBar } from "./bar.js";
import { makeChanges } from "./changes.js";
import { makeClaiming } from "./claiming.js";
import { makeClaims } from "./claims.js";
import { makeCodebook } from "./codebook.js";
import { makeCommands } from "./commands.js";
import { edgesOf } from "./cursor.js";
import { makeDefinition } from "./definition.js";
import { makeDensity } from "./density.js";
import { makeDirectory } from "./directory.js";
import { openDraft } from "./draft.js";
import { makeFind } from "./find.js";
import { later } from "./frames.js";
import { makeHandles } from "./handles.js";
import { guardHandIn } from "./handing.js";
import { makeKeeping } from "./keeping.js";
import { makeKeyboard } from "./keyboard.js";
import { offeredNow } from "./keys.js";
import { layColours, makeLabels } from "./labels.js";
import { makeLinked } from "./linked.js";
import { makeLinking } from "./linking.js";
import { makeListener } from "./listening.js";
import { makeLive } from "./live.js";
import { makeMinimap } from "./minimap.js";
import { makeNewer } from "./newer.js";
import { makeOutline } from "./outline.js";
import { makePalette } from "./palette.js";
import { makePainter } from "./passage.js";
import { makePanel } from "./panel.js";
import { makePrinting } from "./printing.js";
import { makePosition } from "./position.js";
import { makePointing } from "./pointing.js";
import { makeRetelling } from "./retelling.js";
import { makeSelection } from "./selection.js";
import { makeSheet } from "./sheet.js";
import { makeState, unpack } from "./state.js";
import { makeStatus } from "./status.js";
import { makeSuggestions } from "./suggestions.js";
import { makeStory } from "./story.js";
import { makeStrays } from "./strays.js";
import { makeSync } from "./sync.js";
import { makeTalk } from "./talk.js";
import { makeTabs } from "./tabs.js";
import { makeTelling } from "./telling.js";
import { makeText } from "./text.js";
import { makeTip } from "./tip.js";
import { makeTools } from "./tools.js";
import { makeTouring } from "./touring.js";

/**
 * What else belongs to a desk, each made by a module of its own: `makeX(desk)` returns any of
 * { commands: { name: run(command) }, offered() (for the palette), shows(annotation) (false takes
 * it off the text), panel(annotation) (nodes below the open one), card(annotation) (what its card
 * says of its thread), takes(command) (true keeps it
 * from all others), changed(ids), moved({ byKey }), commented(comments) (as the API shows
 * them), refreshed(), ready(), loading (a promise for which the desk waits) }.
 */
const PARTS = [
  makeStrays, makeRetelling, makeClaiming, makeLinked, makeLinking, makeTalk, makeKeeping, makeLive,
  makePosition, makeStory, makeTouring, makeKeyboard, makePointing, makeHandles, makeDefinition,
  makeDensity, makeMinimap, makeFind, makeOutline, makePrinting, makeSheet,
];

const OFF_TEXT = new Set(["rejection", "comment"]); // what is kept as annotations are and is none

/**
 * Opens the desk in `root` with the page's `data`: { act, onKey } at once. `isActive()` says whether
 * keys go to this desk, `isAlone` whether the page and its address are its own; `others` makes
 * what the page adds to the parts.
 */
export function openDesk({ root, data, isActive = () => true, isAlone = true, others = [] }) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const page = root.querySelector(".wb-page");
  const codebook = makeDirectory(makeCodebook(data), data);
  const labels = makeLabels({ codebook, ...data, about: (id) => claims.about(id) });
  const text = makeText(part("text"), data.language);
  const state = makeState({
    ...unpack(data), me: data.me, mayMark: data.mayMark, revision: data.revision,
  });
  const claims = makeClaims({ state, text, labels, linked: data.linked });
  layColours(root, codebook);

  const view = { open: null, person: "", refresh: later(refresh), repaint, inOrder };
  const painter = makePainter({ text, look: labels.look, whose });
  const { said, spoken } = makeTelling(part("told"));
  const act = (command) => (
    parts.some((one) => one.takes?.(command)) || suggestions?.act(command)
    || actOfParts(command) || commands.act(command)
  );
  let pressed = false;
  let near = [];
  let order = null; // of reading; read again after a change
  let atHand = null; // the passage
  let parts = [];
  let draft = null;
  let channel = null;
  let sync = null;
  let newer = null;
  let suggestions = null; // of mentions, for whoever may mark
  let changes = { make: unready, set: unready, undo: unready, redo: unready };
  let commands = { act: unready };

  const selection = makeSelection({ text, page, changed: onSelection, floor, edges });
  const bar = makeBar({
    page, selection, codebook, labels, act, mayMark: data.mayMark, isOpen: () => Boolean(view.open),
  });
  const panel = makePanel({
    root: part("panel"), state, text, codebook, labels, people: data.people, act, near: lightNear,
    slots: (annotation) => parts.flatMap((one) => one.panel?.(annotation) ?? []),
    talk: (annotation) => parts.map((one) => one.card?.(annotation)).find(Boolean) ?? {},
    change: (id, fillIn, options) => {
      const present = state.get(id);
      if (present?.content) changes.set(id, fillIn(present.content), options);
    },
  });
  const status = makeStatus({
    root: part("status"), me: data.me,
    signIn: () => act({ command: "sign-in" }),
    retry: () => sync?.wake(),
    look: () => act({ command: "next-conflict" }),
  });
  makeTip({ root: part("text"), page, near: lightNear, lines: (ids) => ids.map(tipLine) });
  const tools = makeTools({
    history: part("history"), tools: part("tools"), state, mayMark: data.mayMark, act,
    named: (entry) => changes.entryName?.(entry) ?? "",
  });

  const focus = {
    text: () => part("text").focus({ preventScroll: true }),
    panel: () => {
      view.refresh.now();
      const open = state.get(view.open);
      if (open?.mine && !open.trouble) panel.focusFirst(open.content);
      else part("panel").querySelector(".wb-conflict, .wb-open button, .wb-card")?.focus();
    },
    field: (name) => {
      view.refresh.now();
      panel.focusField(name);
    },
    isInPanel: () => part("panel").contains(document.activeElement),
  };
  const leave = () => { if (!focus.isInPanel()) focus.text(); };
  const dialogs = {
    palette: makePalette({
      page: root, codebook, labels, commands: offered, act, leave, me: data.me,
    }).open,
  };
  const lookAgain = later(() => suggestions?.refresh());
  const drawCursor = later(() => selection.draw()); // to measure at once would lay out the page twice

  /** What the parts get; what comes only once the device has been read is read when it is used. */
  const desk = {
    root, part, page, data, codebook, labels, text, state, view, painter, selection, panel, status,
    claims, act, knows, said, spoken, refuse, leave, focus, dialogs, tell, isActive, isAlone,
    near: lightNear,
    get changes() { return changes; },
    get sync() { return sync; },
    get draft() { return draft; },
    get channel() { return channel; },
    get commands() { return commands; },
    get newer() { return newer; },
  };

  // Nothing below waits for the device or the network before the marks are seen.
  parts = [...PARTS, ...others].map((make) => make(desk) ?? {});
  const commandsOfParts = Object.assign({}, ...parts.map((one) => one.commands));
  repaint();
  start();

  async function start() {
    draft = await openDraft(data.me, status.kept, () => channel?.reload().then(sync.wake));
    channel = makeTabs({ me: data.me, article: data.article, state, draft, codebook });
    sync = makeSync({ draft, user: data.me, heard: { saved, troubled, problem: status.problem } });
    changes = makeChanges({ state, draft, sync, channel, text, data, said });
    commands = makeCommands({
      state, text, codebook, labels, selection, painter, changes, view, focus, dialogs, said, spoken,
      refuse,
    });
    if (data.mayMark) {
      suggestions = makeSuggestions({
        panel: part("panel"), page, text, state, codebook, selection, changes, said, act,
        read: (...where) => sync.read(...where), article: data.article, revision: data.revision,
      });
    }
    newer = makeNewer({
      root: part("newer"), article: data.article, revision: data.revision, read: sync.read,
      ready: async () => { panel.keep(); await draft.all(); },
    });
    state.listen(onState);
    await Promise.all([channel.reload(), ...parts.map((one) => one.loading)]);
    begin();
  }

  function begin() {
    tools.draw();
    part("text").addEventListener("pointerdown", () => { pressed = true; });
    document.addEventListener("pointerup", () => { pressed = false; bar.update({ pressed }); });
    guardHandIn({
      form: part("hand-in"), tools: root.querySelector(".wb-tools"), state, codebook,
      keep: panel.keep, waiting: status.waiting, show: (id) => act({ command: "open", id }),
    });
    document.addEventListener("visibilitychange", () => document.hidden && panel.keep());
    addEventListener("pagehide", () => { panel.keep(); draft.leave(); });
    addEventListener("beforeunload", (event) => status.isRisky() && event.preventDefault());
    if (isAlone) goWhereAddressed();
    else selection.draw();
    tell("ready");
    root.dataset.ready = "";
    sync.wake();
    suggestions?.load();
  }

  /** To the annotation or passage that the page's address names. */
  function goWhereAddressed() {
    const wanted = location.hash.match(/^#annotation-(.+)$/)?.[1];
    const number = Number(location.hash.match(/^#passage-(\d+)$/)?.[1]);
    const passage = text.passages.find((one) => one.number === number);
    if (wanted) act({ command: "peek", id: wanted });
    else if (passage) selection.set(passage.start, passage.start, { byKey: true });
    else selection.draw();
    if (document.activeElement === document.body) focus.text();
  }

  function actOfParts(command) {
    const run = commandsOfParts[command.command];
    run?.(command);
    return Boolean(run);
  }

  function tell(event, ...what) {
    for (const one of parts) one[event]?.(...what);
  }

  /** Where what lies over the text begins, the panel as a sheet or a bar; else the window's end. */
  function floor() {
    const column = selection.column();
    const tops = [part("panel"), ...page.querySelectorAll(".wb-bar")]
      .filter((element) => getComputedStyle(element).position === "fixed")
      .map((element) => element.getBoundingClientRect())
      .filter(({ height, left, right }) => height > 0 && left < column.right && right > column.left)
      .map(({ top }) => top - 40);
    return Math.min(innerHeight, ...tops);
  }

  function unready() {
    said("One moment: the work kept on this device is being read.");
  }

  /** Marks seen now: all, or one person's, or what the parts leave. */
  function visible() {
    return state.all().filter(isShown);
  }

  function isShown(annotation) {
    const { author, content } = annotation;
    return content && !OFF_TEXT.has(content.kind) && (!view.person || author === view.person)
      && parts.every((one) => one.shows?.(annotation) !== false);
  }

  function inOrder() {
    order ??= visible().sort(asRead);
    return order;
  }

  function repaint() {
    order = null;
    painter.paint(visible());
    view.refresh();
  }

  function onState(ids) {
    const changed = new Map();
    for (const id of ids) {
      const annotation = state.get(id);
      if (annotation && isShown(annotation)) changed.set(id, annotation);
      painter.repaint(id, changed.get(id));
      if (view.open === id && !annotation?.content && !annotation?.trouble) view.open = null;
    }
    order &&= reordered(order, ids, changed);
    lightUp();
    drawCursor();
    status.show(state.changes());
    tell("changed", ids);
    view.refresh();
    lookAgain();
  }

  function onSelection({ byKey }) {
    bar.update({ pressed });
    suggestions?.moved();
    tell("moved", { byKey });
    view.refresh();
    if (byKey) spoken(atCursor());
  }

  /** The ends of the marks in a passage. */
  function edges(nth) {
    const spans = [...painter.idsIn(nth)].flatMap((id) => state.get(id)?.content?.spans ?? []);
    return edgesOf(spans, text.passages[nth]);
  }

  /** What the cursor stands on, for those who hear the page. */
  function atCursor() {
    const [start, end] = selection.bounds();
    const span = start === end ? selection.around("word") : [start, end];
    const marks = commands.idsHere?.() ?? [];
    const kinds = marks.map((id) => state.get(id)?.content).filter(Boolean).map(labels.line);
    const suggested = suggestions?.line(selection.place());
    const words = text.short([{ start: span[0], end: span[1] }], 200);
    return [words, ...kinds, suggested ?? []].flat().join(". ");
  }

  function refresh() {
    const nth = text.nthOf(selection.place());
    const passage = text.passages[nth];
    if (!passage) return;
    const here = [...painter.idsIn(nth)].map(state.get).filter((one) => one?.content);
    const annotations = here.sort(asRead);
    const lost = state.changes()
      .filter((change) => change.state !== "waiting" && !change.content && change.noun !== "comments")
      .map((change) => state.get(change.annotation)).filter(({ content }) => !content);
    const open = view.open ? state.get(view.open) : undefined;
    panel.show({ passage, annotations: [...lost, ...annotations], open, person: view.person });
    if (atHand !== passage.element) {
      atHand?.classList.remove("at-hand");
      atHand = passage.element;
      atHand.classList.add("at-hand");
    }
    lightUp();
    tools.draw();
    tell("refreshed");
  }

  function lightNear(ids) {
    near = ids;
    lightUp();
  }

  function lightUp() {
    const open = view.open ? [[view.open, "is-open"]] : [];
    painter.light([...near.map((id) => [id, "is-near"]), ...open]);
  }

  function tipLine(id) {
    const { content, author } = state.get(id);
    const tag = content.kind === "claim" ? codebook.leading(content) : null;
    const by = data.people.find(([name]) => name === author)?.[1] ?? author;
    return {
      sign: tag ? labels.sign(tag) : "", text: labels.line(content), by: author === data.me ? "" : by,
    };
  }

  /** Whether anything here does a command; what nobody does is neither shown nor taken. */
  function knows(name) {
    return name in commandsOfParts || suggestions?.knows(name) || commands.knows?.(name) || false;
  }

  /** Commands for the palette, those of the moment first. */
  function offered() {
    const open = view.open ? state.get(view.open) : null;
    const mine = Boolean(open?.mine && open.content);
    const selected = !selection.isEmpty();
    const moments = {
      always: true, selected, shown: Boolean(open?.content), open: mine, both: mine && selected,
      claim: mine && open.content.kind === "claim",
    };
    const now = new Set(Object.keys(moments).filter((moment) => moments[moment]));
    return [...parts.flatMap((one) => one.offered?.() ?? []), ...offeredNow(now, knows)];
  }

  function refuse() {
    const why = root.querySelector(".wb-why");
    said(why?.querySelector("p")?.textContent ?? "You may read this article, not mark it.");
    why?.scrollIntoView({ block: "nearest" });
  }

  function saved(change, annotation, moved) {
    channel.tell({ saved: change, annotation }, change.article);
    if (change.article !== data.article) return;
    codebook.meet(annotation);
    state.saved(change, annotation, moved);
    status.saved();
    if (annotation.revision && annotation.revision !== data.revision) newer.look();
    if (!change.content) suggestions?.load(); // what was taken back may be suggested again
  }

  function whose({ author, layer }) {
    if (layer === "gold") return "gold";
    return author === data.me ? "own" : "other";
  }

  function troubled(change) {
    channel.tell({ change }, change.article);
    if (change.article !== data.article) return;
    state.swap(change);
    if (change.state === "conflict") {
      said("An annotation was changed in two places. The line above the text leads to both versions.");
    } else {
      said(`Not stored: ${change.messages.join(" ")}`);
    }
  }

  return { act, onKey: makeListener({ root, text, selection, codebook, knows, act }) };
}

/** The row in order again, once the annotations with these ids are what was `changed`. */
function reordered(row, ids, changed) {
  const known = new Set(row.map(({ id }) => id));
  const renewed = row.map((one) => (ids.has(one.id) ? changed.get(one.id) : one)).filter(Boolean);
  return [...renewed, ...[...changed.values()].filter(({ id }) => !known.has(id))].sort(asRead);
}

/** As annotations are read: by where they begin, the longer ones first. */
function asRead({ content: one }, { content: other }) {
  return one.spans[0].start - other.spans[0].start || other.spans.at(-1).end - one.spans.at(-1).end;
}
