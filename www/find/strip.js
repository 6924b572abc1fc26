// The film of a recording below a stage in other people's pages: a small picture for each of its inputs, and a press
// on one stands there.

import { seek, setPlaying } from "../acts.js";
import { h, setText } from "../dom.js";
import { readTokens } from "../draw/tokens.js";
import { extraOf } from "../more.js";
import { fit } from "../shell.js";
import { drawStep } from "./picture.js";
import { stepsOf } from "./recorded.js";
import film from "./film.css";
import own from "./strip.css";

/**
 * @import { Simulation } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @import { Told } from "./recorded.js"
 * @import { Step } from "./finder.js"
 */

/** So many pictures at most, and so long, in ms, they are made at a time. */
const [MOST, AT_ONCE] = [60, 6];
/** Times of the page are rounded. */
const CLOSE = 0.0005;

/** What stands below a stage, given what makes a run. @param {typeof import("../pkg/synod.js").Simulation} of */
export const stripOf = (of) => (/** @type {Lab} */ lab, /** @type {HTMLElement} */ root) =>
  buildStrip(lab, root, of.replay(lab.sim.recording()));

/** @param {Lab} lab @param {HTMLElement} root @param {Simulation} run a copy, which is let go when the film is there */
function buildStrip(lab, root, run) {
  dress(root);
  const { times, step } = stepsOf(run);
  const frames = times.slice(0, MOST).map((_, at) => frameOf(at));
  const strip = h("ol", { class: "strip" }, ...frames.map(({ item }) => item));
  const element = h("div", { class: "film of-element", part: "film" }, strip);
  /** @type {Told[]} */
  const steps = [];
  let painted = "";
  const more = () => {
    const end = performance.now() + AT_ONCE;
    while (steps.length < frames.length && performance.now() < end) steps.push(step(steps.length));
    if (steps.length < frames.length) return requestAnimationFrame(more);
    run.free();
    update();
  };
  // What draws what only some frames hold came.
  const again = () => {
    painted = "";
    update();
  };
  const update = () => {
    const { theme } = root.dataset;
    const key = `${theme} ${strip.clientWidth} ${lab.words.lang}`;
    if (steps.length === frames.length && key !== painted && strip.clientWidth) {
      painted = key;
      requestAnimationFrame(() => steps.forEach((_, at) => paint(lab, root, steps, at, frames[at], again)));
    }
    const now = steps.findLastIndex(({ at }) => at <= lab.sim.now + CLOSE);
    for (const [at, { button }] of frames.entries()) {
      if (at === now) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
  };
  requestAnimationFrame(more);
  return { element, update };
}

/** @param {number} at */
function frameOf(at) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const number = h("span", { class: "n", "aria-hidden": "true" }, String(at + 1));
  const text = h("span", { class: "cap" });
  const button = h("button", { type: "button", "data-step": at + 1 }, canvas, number, text);
  return { item: h("li", {}, button), button, canvas, text };
}

/**
 * @param {Lab} lab @param {HTMLElement} root @param {Told[]} steps @param {number} at
 * @param {ReturnType<typeof frameOf>} shown @param {() => void} again
 */
function paint(lab, root, steps, at, { button, canvas, text }, again) {
  const { frame, broken, text: says } = steps[at];
  const words = lab.words.read(says);
  setText(text, words);
  button.className = broken.length ? "broken" : "";
  button.setAttribute("aria-label", `${at + 1}: ${words}`);
  button.title = words;
  button.onclick = () => {
    setPlaying(lab, false);
    seek(lab, frame.now);
  };
  const { x, W, H } = fit(canvas);
  const edges = lab.frame.nodes.length === frame.nodes.length ? lab.edges : new Uint32Array();
  const extra = extraOf({ ...lab, frame, more: { frame: null, has: false } }, again);
  const of = /** @type {Step[]} */ (/** @type {unknown} */ (steps));
  drawStep(x, readTokens(root), W, H, { lab, edges, steps: of, at, extra });
}

/** The element's styles are its own. @param {HTMLElement} root */
function dress(root) {
  const place = root.getRootNode();
  if (!(place instanceof ShadowRoot)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(film + own);
  place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
}
