// A stage for other people's pages: the run, what happens in it, and a few controls. It keeps to
// the element that it is given.

import { h, inked, setText } from "./dom.js";
import { readTokens } from "./draw/tokens.js";
import { icon, setIcon } from "./icons.js";
import { advance, changed, create, listen, look } from "./state.js";
import { makeView } from "./view.js";
import { ms, read, say, use, wordsIn } from "./words.js";

/**
 * @import { Lesson, Protocol, Simulation } from "./pkg/synod.js"
 * @import { Story } from "./story.js"
 * @import { Lang } from "./words.js"
 * @typedef {typeof import("./telling.js")} Telling what only a lesson needs
 * @typedef {{ run?: Simulation, told?: Telling & { lesson: Lesson }, all: Protocol[], lang: Lang, controls: string,
 *   rate: number | null, step: string | null, play: boolean, href: (sim: Simulation, step: string | null) => string,
 *   fire: (name: string, detail: unknown) => void }} Wish
 */

const LONGEST_FRAME = 100;

/** @param {HTMLElement} root @param {Wish} wish */
export function makeFigure(root, wish) {
  const { told } = wish;
  /** @type {Story | null} */
  const story = told ? told.makeStory(told.lesson, wish.all) : null;
  const lab = story ? story.lab : create(/** @type {Simulation} */ (wish.run), wish.all);
  lab.overlay = root;
  if (wish.rate && !story) lab.rate = wish.rate;
  const toast = h("div", { class: "toast", hidden: true, role: "status" });
  lab.told = (words) => {
    toast.textContent = words;
    toast.hidden = false;
    setTimeout(() => (toast.hidden = true), Math.max(3200, words.length * 60));
  };
  use(wish.lang);
  lab.words = wordsIn(wish.lang);
  const tokens = () => readTokens(root);
  const view = makeView(lab, { mirror: wish.controls !== "none", hands: wish.controls !== "none", tokens });
  view.element.setAttribute("part", "stage");
  const words = h("div", { class: "caption", part: "caption", "aria-live": "polite", tabindex: "0" });
  const bar = story && told ? told.storyBar(story, wish, () => toggle(story, lab)) : runBar(lab, wish);
  root.replaceChildren(view.element, words, ...(wish.controls === "none" ? [] : [bar.element]), toast);

  let [asleep, last, afresh, shown, seq, broken, awake] = [0, 0, true, "", lab.sim.seq, 0, true];
  const request = () => {
    if (awake) asleep ||= requestAnimationFrame(frame);
  };
  const frame = (/** @type {number} */ wall) => {
    asleep = 0;
    use(wish.lang);
    const passed = last && lab.playing ? Math.min(wall - last, LONGEST_FRAME) : 0;
    last = lab.playing ? wall : 0;
    if (story) story.tick(passed);
    else if (lab.playing) advance(lab, passed * lab.rate);
    look(lab);
    tell();
    view.draw(afresh);
    view.mirror?.update();
    bar.update();
    const key = story ? [story.step, story.trying, story.mark.from].join() : String(lab.events.at(-1)?.seq ?? -1);
    if (afresh || key !== shown)
      words.replaceChildren(
        ...(story && told ? told.caption(read(story.mark.say), story.end(), tokens()) : newest(lab)),
      );
    shown = key;
    afresh = false;
    if (lab.playing) request();
  };
  /** Tells the page what happened since it was last told. */
  const tell = () => {
    if (lab.sim.seq > seq) for (const record of lab.sim.trace(seq)) wish.fire("synod-event", record);
    seq = lab.sim.seq;
    for (const violation of lab.violations.slice(broken)) wish.fire("synod-violation", violation);
    broken = lab.violations.length;
  };
  listen(lab, request);
  const seen = new ResizeObserver(request);
  seen.observe(root);
  root.addEventListener("keydown", (event) => handleKey(event, story, lab));
  if (story) {
    const at = wish.step ? (told?.stepAt(story.plan, wish.step) ?? 0) : 0;
    if (at < 0) lab.told(say("no-step", { id: wish.step ?? "" }));
    story.go(Math.max(0, at), wish.play);
  } else {
    lab.playing = wish.play && !lab.reduced;
    request();
  }
  return {
    lab,
    story,
    redress() {
      afresh = true;
      request();
    },
    /** Out of view it rests. @param {boolean} inView */
    watch(inView) {
      awake = inView;
      last = 0;
      if (inView) request();
    },
    stop() {
      awake = false;
      cancelAnimationFrame(asleep);
      seen.disconnect();
      if (story) story.free();
      else lab.sim.free();
    },
  };
}

/** @param {import("./state.js").Lab} lab */
function newest(lab) {
  const record = lab.events.at(-1);
  return record ? inked(read(record.says), read(lab.protocol.epoch.named)) : [read(lab.protocol.summary)];
}

/** @param {KeyboardEvent} event @param {Story | null} story @param {import("./state.js").Lab} lab */
function handleKey(event, story, lab) {
  const [target] = event.composedPath();
  const control = target instanceof HTMLElement && target.closest("input,select,[role=menu]");
  if (control || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const button = target instanceof HTMLElement && target.closest("button,a");
  if (event.key === " " && !button) toggle(story, lab);
  else if (event.key === "ArrowRight") story ? story.forward() : stepBy(lab, 1);
  else if (event.key === "ArrowLeft") story ? story.back() : stepBy(lab, -1);
  else if (event.key === ".") story ? story.byEvent(1) : stepBy(lab, 1);
  else if (event.key === ",") story ? story.byEvent(-1) : stepBy(lab, -1);
  else if (event.key === "Escape" && story?.trying) story.comeBack();
  else return;
  // Slides and pages do not turn for a key that was used here; all others are theirs.
  event.preventDefault();
  event.stopPropagation();
}

/** @param {import("./state.js").Lab} lab @param {number} n */
function stepBy(lab, n) {
  lab.playing = false;
  if (n > 0) lab.sim.step();
  else lab.sim.seek(lab.sim.previous);
  changed(lab);
}

/** @param {Story | null} story @param {import("./state.js").Lab} lab */
function toggle(story, lab) {
  if (story && !story.trying && !lab.playing && lab.sim.now >= story.mark.until) return story.again();
  lab.playing = !lab.playing;
  changed(lab);
}

/** @param {string} name @param {() => void} act */
export const button = (name, act) =>
  h("button", { class: "ib", type: "button", part: "button", "data-icon": name, onclick: act }, icon(name));

/** The way to the whole of it. */
export const wayOut = () =>
  h("a", { class: "out", part: "link", target: "_blank", rel: "noopener" }, icon("out"), h("span", {}, "Synod"));

/** @param {import("./state.js").Lab} lab @param {Wish} wish */
function runBar(lab, wish) {
  const play = button("play", () => toggle(null, lab));
  const on = button("step", () => {
    lab.playing = false;
    const record = lab.sim.step();
    changed(lab);
    if (record) wish.fire("synod-step", record);
  });
  const slider = h("input", {
    type: "range",
    min: 0,
    step: "any",
    part: "slider",
    oninput: () => {
      lab.playing = false;
      lab.sim.seek(Number(slider.value));
      changed(lab);
    },
  });
  const now = h("span", { class: "now" });
  const open = wayOut();
  const element = h(
    "div",
    { class: "bar", part: "controls" },
    play,
    on,
    ...(wish.controls === "few" ? [h("span", { class: "sp" })] : [slider]),
    now,
    open,
  );
  return {
    element,
    update: () => {
      setIcon(play, lab.playing ? "pause" : "play");
      play.setAttribute("aria-label", say(lab.playing ? "pause" : "play"));
      on.setAttribute("aria-label", say("step"));
      slider.max = String(Math.max(lab.sim.end, lab.sim.now, 1));
      slider.value = String(lab.sim.now);
      slider.style.setProperty("--at", `${(100 * lab.sim.now) / Math.max(lab.sim.end, 1)}%`);
      slider.setAttribute("aria-label", say("drag-time"));
      slider.setAttribute("aria-valuetext", say("ms", { n: ms(Math.round(lab.sim.now)) }));
      setText(now, say("ms", { n: Math.floor(lab.sim.now) }));
      open.setAttribute("aria-label", say("open-synod"));
      // The link costs a recording of the run; nobody follows it while it plays.
      if (!lab.playing) open.href = wish.href(lab.sim, null);
    },
  };
}
