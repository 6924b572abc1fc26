// Below the stage: the run that was found as film, a small picture for each step; or what to look for; or the time
// diagram as it ever is.

import { setPlaying } from "../acts.js";
import { h, inked, setText } from "../dom.js";
import { readTokens } from "../draw/tokens.js";
import { extraOf } from "../more.js";
import { named } from "../panels/events.js";
import { fit } from "../shell.js";
import { iconButton } from "../transport.js";

import { icon, setIcon } from "../icons.js";
import { buildGoals } from "./goals.js";
import { foundBy, onStage, show, stepNow } from "./model.js";
import { drawStep } from "./picture.js";
import { tell } from "./say.js";
import { stepWords } from "./tale.js";

/**
 * @import { Find, Shown } from "./model.js"
 * @import { Found } from "./finder.js"
 * @import { Part } from "./rules.js"
 */

/** @type {readonly [Shown, string][]} */
const SHOWN = [
  ["goals", "goals"],
  ["steps", "steps-tab"],
  ["time", "time-tab"],
];

/** @param {Find} find */
export function buildBelow(find) {
  const [film, goals, bar] = [buildFilm(find), buildGoals(find), buildBar(find)];
  const tabs = buildTabs(find);
  const element = h("div", { class: "find-below" }, film.element, goals.element);
  const update = () => {
    film.element.hidden = find.shown !== "steps";
    goals.element.hidden = find.shown !== "goals";
    for (const part of [film, goals, bar, tabs]) part.update();
  };
  return { element, bar: bar.element, tabs: tabs.element, update };
}

/** @param {Find} find @returns {Part} */
function buildTabs(find) {
  const buttons = SHOWN.map(([shown, word]) => {
    const choose = () => {
      find.shown = shown;
      find.choosing = shown === "goals";
      find.update();
    };
    return { shown, word, button: h("button", { type: "button", role: "tab", onclick: choose, "data-shown": shown }) };
  });
  const element = h("div", { class: "seg find-tabs", role: "tablist" }, ...buttons.map(({ button }) => button));
  const update = () => {
    const { words } = find.lab;
    element.setAttribute("aria-label", tell(words, "view-tabs"));
    for (const { shown, word, button } of buttons) {
      setText(button, tell(words, word));
      button.setAttribute("aria-selected", String(find.shown === shown));
      button.hidden = shown === "steps" && !foundBy(find);
    }
  };
  return { element, update };
}

/** In the place of the transport: steps instead of events. @param {Find} find @returns {Part} */
function buildBar(find) {
  const back = iconButton("back", null, () => show(find, stepNow(find) - 1));
  const on = iconButton("step", null, () => show(find, stepNow(find) + 1));
  const toggle = () => {
    const { lab } = find;
    const last = (foundBy(find)?.steps.length ?? 0) - 1;
    if (lab.playing) return setPlaying(lab, false);
    show(find, stepNow(find) >= last ? -1 : stepNow(find));
    setPlaying(lab, true);
  };
  const play = iconButton("play", null, toggle, "play");
  const now = h("span", { class: "now" });
  const said = h("div", { class: "tell" });
  const close = h("button", { type: "button", class: "btn quiet find-close", onclick: find.close });
  const element = h("div", { class: "find-bar" }, back, play, on, now, said, close);
  let told = "";
  const update = () => {
    const { lab } = find;
    const { words } = lab;
    const found = find.shown === "steps" ? foundBy(find) : null;
    const at = stepNow(find);
    for (const one of [back, play, on]) one.hidden = !found;
    now.hidden = !found;
    setIcon(play, lab.playing ? "pause" : "play");
    play.setAttribute("aria-label", words.say(lab.playing ? "pause" : "play"));
    back.setAttribute("aria-label", tell(words, "step-before"));
    on.setAttribute("aria-label", tell(words, "step-next"));
    [back.disabled, on.disabled] = [at < 0, at >= (found?.steps.length ?? 0) - 1];
    setText(close, tell(words, "tools"));
    setText(now, at < 0 ? tell(words, "beginning") : tell(words, "step", { n: at + 1 }));
    const step = found?.steps[at];
    const line = step ? stepWords(find, step) : found ? "" : tell(words, find.running ? "on-its-own" : "choose-goal");
    const key = `${line} ${words.lang}`;
    if (key === told) return;
    told = key;
    said.replaceChildren(...inked(line, named(lab)));
    said.title = line;
  };
  return { element, update };
}

/** @param {Find} find @returns {Part} */
function buildFilm(find) {
  const strip = h("ol", { class: "strip" });
  const dots = h("p", { class: "dots", "aria-hidden": "true" });
  const note = h("p", { class: "under" });
  const element = h("div", { class: "film" }, strip, dots, note);
  /** @type {ReturnType<typeof frameOf>[]} */
  let frames = [];
  let [of, painted, current] = [/** @type {Found | null} */ (null), "", -2];
  const update = () => {
    const { lab } = find;
    const found = foundBy(find);
    strip.setAttribute("aria-label", tell(lab.words, "film"));
    if (found !== of) {
      of = found;
      frames = (found?.steps ?? []).map((_, at) => frameOf(find, at));
      strip.replaceChildren(...frames.map((one) => one.item));
      dots.replaceChildren(...frames.map(() => h("i")));
      [painted, current] = ["", -2];
    }
    if (!found || find.shown !== "steps") return;
    const { theme } = document.documentElement.dataset;
    const extra = found.steps.some((step) => extraFor(find, step.frame));
    const key = `${theme} ${strip.clientWidth} ${lab.words.lang} ${extra}`;
    if (key !== painted && strip.clientWidth) {
      painted = key;
      const wanted = () => painted === key && found === of;
      requestAnimationFrame(() => wanted() && paint(find, found, frames, wanted));
    }
    const at = stepNow(find);
    setText(note, onStage(find) ? "" : tell(lab.words, "not-on-stage"));
    if (at === current) return;
    current = at;
    frames.forEach((one, i) => {
      if (i === at) one.button.setAttribute("aria-current", "step");
      else one.button.removeAttribute("aria-current");
      dots.children[i].className = i === at ? "on" : "";
    });
    reveal(strip, frames[Math.max(0, at)]?.item);
  };
  return { element, update };
}

/**
 * The step that is shown is in sight; the page itself does not move.
 * @param {HTMLElement} strip @param {HTMLElement | undefined} item
 */
function reveal(strip, item) {
  if (!item) return;
  const [box, own] = [strip.getBoundingClientRect(), item.getBoundingClientRect()];
  const past = (
    /** @type {number} */ a,
    /** @type {number} */ b,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => (a < from ? a - from - 8 : b > to ? b - to + 8 : 0);
  strip.scrollBy({
    left: past(own.left, own.right, box.left, box.right),
    top: past(own.top, own.bottom, box.top, box.bottom),
    behavior: "instant",
  });
}

/** @param {Find} find @param {number} at */
function frameOf(find, at) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const number = h("span", { class: "n", "aria-hidden": "true" }, String(at + 1));
  const text = h("span", { class: "cap" });
  const button = h(
    "button",
    { type: "button", onclick: () => show(find, at), "data-step": at + 1 },
    canvas,
    number,
    text,
  );
  return { item: h("li", {}, button), button, canvas, text };
}

/** So long, in ms, pictures are drawn at a time: a long run has many. */
const AT_ONCE = 6;

/**
 * @param {Find} find @param {Found} found @param {ReturnType<typeof frameOf>[]} frames
 * @param {() => boolean} wanted whether these are still to be painted @param {number} [from]
 */
function paint(find, found, frames, wanted, from = 0) {
  const { lab } = find;
  const k = readTokens();
  const end = performance.now() + AT_ONCE;
  for (let at = from; at < frames.length; at++) {
    if (performance.now() > end) {
      requestAnimationFrame(() => wanted() && paint(find, found, frames, wanted, at));
      return;
    }
    const { button, canvas, text } = frames[at];
    const { ruleMattered, broken, frame } = found.steps[at];
    const [words, refuses] = [stepWords(find, found.steps[at]), tell(lab.words, "refuses")];
    text.replaceChildren(words, ...(ruleMattered ? [lab.words.lang === "zh" ? "" : " ", refuses] : []));
    button.className = `${ruleMattered ? "mattered" : ""} ${broken.length ? "broken" : ""}`.trim();
    button.querySelector(".icon")?.remove();
    if (ruleMattered) button.append(icon("switch"));
    const said = `${tell(lab.words, "step", { n: at + 1 })}: ${words}${ruleMattered ? ` ${refuses}` : ""}`;
    button.setAttribute("aria-label", said);
    button.title = words;
    const { x, W, H } = fit(canvas);
    const edges = lab.frame.nodes.length === frame.nodes.length ? lab.edges : new Uint32Array();
    drawStep(x, k, W, H, { lab, edges, steps: found.steps, at, extra: extraFor(find, frame) });
  }
}

/** What draws what only some frames hold. @param {Find} find @param {Found["steps"][number]["frame"]} frame */
const extraFor = ({ lab, update }, frame) => extraOf({ ...lab, frame, more: { frame: null, has: false } }, update);
