// A stage for other people's pages: the run, what happens in it, and a few controls. It keeps to
// the element that it is given.

import { seek, setPlaying } from "./acts.js";
import { buildBroken } from "./broken.js";
import { runDeck } from "./deck.js";
import { h, inked, setText } from "./dom.js";
import { readTokens } from "./draw/tokens.js";
import { icon } from "./icons.js";
import { lateHands } from "./late.js";
import { running } from "./moment.js";
import { makePlayer } from "./player.js";
import { toaster } from "./shell.js";
import { create } from "./state.js";
import { take } from "./tools.js";
import { buildGoing, playButton, timeSlider, worded } from "./transport.js";
import { makeView } from "./view.js";
import { wordsIn } from "./words.js";

/**
 * @import { Lesson, Protocol, Simulation } from "./pkg/synod.js"
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 * @import { Story } from "./story.js"
 * @import { Lang } from "./words.js"
 * @typedef {typeof import("./telling.js")} Telling what only a lesson needs
 * @typedef {{ run?: Simulation, t: number | null, told?: Telling & { lesson: Lesson }, all: Protocol[], lang: Lang,
 *   controls: string, dare?: (lab: Lab, root: HTMLElement) =>
 *   { element: HTMLElement, deck?: Deck, update: () => void } | undefined,
 *   rate: number | null, step: string | null, play: boolean, href: (sim: Simulation, step: string | null) => string,
 *   fire: (name: string, detail: unknown) => void }} Wish
 */

/** @param {HTMLElement} root @param {Wish} wish */
export function makeFigure(root, wish) {
  const { told } = wish;
  const words = wordsIn(wish.lang);
  const story = told ? told.makeStory(told.lesson, wish.all, words) : null;
  const lab = story ? story.lab : create(/** @type {Simulation} */ (wish.run), wish.all);
  const dare = wish.dare?.(lab, root);
  const deck = dare?.deck ?? (story ? story.deck : runDeck(lab));
  Object.assign(lab, { overlay: root, words, rate: (!story && wish.rate) || lab.rate });
  const hands = wish.controls !== "none";
  const tokens = () => readTokens(root);
  const view = makeView(lab, { tokens });
  view.element.setAttribute("part", "stage");
  const caption = h("div", { class: "caption", part: "caption", "aria-live": "polite", tabindex: "0" });
  const bar = story && told ? told.storyBar(story, wish) : runBar(lab, deck, wish);
  const [going, broken] = [buildGoing(() => words, deck), buildBroken(lab, "line-of-its-own")];
  view.element.append(going.element);
  root.replaceChildren(
    broken.element,
    view.element,
    caption,
    ...(hands ? [bar.element] : []),
    ...(dare ? [dare.element] : []),
  );
  lab.told = toaster(root);

  const news = announce(lab, wish);
  const tell = teller(lab, story, told, caption, tokens);
  const player = makePlayer(deck, {
    draw: (afresh) => {
      news();
      view.draw(afresh);
      tell(afresh);
      if (hands) late.come();
    },
    panels: () => {
      for (const part of [bar, going, broken]) part.update();
      dare?.update();
      late.mirror?.update();
      view.canvas.style.touchAction = lab.tool === "cut" ? "none" : "pan-y";
    },
    clock: () => bar.tick(),
  });
  const seen = new ResizeObserver(player.request);
  seen.observe(root);
  const leave = () => {
    if (story?.trying) told?.comeBack(story);
    else return false;
    return true;
  };
  const late = lateHands(lab, view, (mirror, keys) => {
    keys(root, { deck, lab, focus: mirror.focus, escape: leave, own: true });
    player.redress();
  });
  begin(lab, story, wish);
  return {
    lab,
    deck,
    story,
    redress: player.redress,
    watch: player.watch,
    stop() {
      player.stop();
      seen.disconnect();
      if (story) told?.free(story);
      else lab.sim.free();
    },
  };
}

/**
 * Says what a stage stands at: the words of a step, or the newest event.
 * @param {Lab} lab @param {Story | null} story @param {Telling | undefined} told @param {HTMLElement} caption
 * @param {() => import("./draw/tokens.js").Tokens} tokens
 */
function teller(lab, story, told, caption, tokens) {
  let shown = "";
  return (/** @type {boolean} */ afresh) => {
    const over = Boolean(story && told?.hasHappened(story));
    const key = story ? [story.step, story.trying, story.mark.from, over].join() : String(lab.events.at(-1)?.seq ?? -1);
    if (!afresh && key === shown) return;
    shown = key;
    if (!story || !told) return caption.replaceChildren(...newest(lab));
    const { say, then } = story.mark;
    const beats = then && over ? [say, then] : [say];
    const words = beats.flatMap((one) => [" ", ...told.caption(lab.words.read(one), told.endOf(story), tokens())]);
    caption.replaceChildren(...words.slice(1));
  };
}

/** Tells the page around what happened since it was last told. @param {Lab} lab @param {Wish} wish */
function announce(lab, wish) {
  let [seq, broken] = [lab.sim.seq, 0];
  return () => {
    if (lab.sim.seq > seq) for (const record of lab.sim.trace(seq)) wish.fire("synod-event", record);
    seq = lab.sim.seq;
    for (const violation of lab.violations.slice(broken)) wish.fire("synod-violation", violation);
    broken = lab.violations.length;
  };
}

/** @param {Lab} lab @param {Story | null} story @param {Wish} wish */
function begin(lab, story, { told, step, play, run, t }) {
  if (!story || !told) {
    seek(lab, t ?? 0);
    return setPlaying(lab, play && !lab.reduced);
  }
  const at = step ? told.stepAt(story.plan, step) : 0;
  if (at < 0) lab.told(lab.words.say("no-step", { id: step ?? "" }));
  told.go(story, Math.max(0, at), play && t === null);
  if (run) told.tryIt(story, run);
  if (t !== null) story.deck.seek(t);
}

/** @param {Lab} lab */
function newest({ events, protocol, words }) {
  const record = events.at(-1);
  return record ? inked(words.read(record.says), words.read(protocol.epoch.named)) : [words.read(protocol.summary)];
}

/** The way to the whole of it. */
export const wayOut = () =>
  h("a", { class: "out", part: "link", target: "_blank", rel: "noopener" }, icon("out"), h("span", {}, "Synod"));

/** With a finger a drag scrolls the page: what cuts is a tool that is taken. @param {Lab} lab */
export function cutButton(lab) {
  const part = worded(
    () => lab.words,
    "cut",
    null,
    "tool-cut",
    () => take(lab, "cut"),
  );
  const update = () => {
    part.update();
    part.element.setAttribute("aria-pressed", String(lab.tool === "cut"));
  };
  return { element: part.element, update };
}

/** @param {Lab} lab @param {Deck} deck @param {Wish} wish */
function runBar(lab, deck, wish) {
  const speak = () => lab.words;
  const step = () => {
    const before = lab.sim.seq;
    deck.by(1);
    const [record] = lab.sim.trace(before, before + 1);
    if (record) wish.fire("synod-step", record);
  };
  const play = playButton(speak, deck, null);
  const on = worded(speak, "step", null, "step", step);
  const cut = cutButton(lab);
  const slider = timeSlider(speak, deck, { part: "slider" });
  const now = h("span", { class: "now" });
  const open = wayOut();
  const few = wish.controls === "few";
  const middle = few ? h("span", { class: "sp" }) : slider.element;
  const parts = [play.element, on.element, ...(few ? [] : [cut.element]), middle, now, open];
  return {
    element: h("div", { class: "bar", part: "controls" }, ...parts),
    tick: () => setText(now, running(lab.protocol, speak(), lab.sim.now)),
    update: () => {
      for (const part of [play, on, cut, slider]) part.update();
      open.setAttribute("aria-label", speak().say("open-synod"));
      // The link costs a recording of the run; nobody follows it while it plays.
      if (!lab.playing) open.href = wish.href(lab.sim, null);
    },
  };
}
