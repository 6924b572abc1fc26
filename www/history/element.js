// The history view in the element: with its styles, and the judge from beside the element.

import { openWords } from "../link.js";
import { recorded } from "../shell.js";
import { OPENS } from "../stage-element.js";
import { theJudge } from "./judge.js";
import { tell } from "./say.js";
import { ofRun, parsed, prefix } from "./text.js";
import { makeHistory } from "./view.js";
import lanes from "./lanes.css";
import levels from "./levels.css";
import whole from "./view.css";

/**
 * @import { Op } from "./text.js"
 * @import { Words } from "../words.js"
 * @import { Module } from "../stage-element.js"
 * @typedef {{ words: Words, base: URL, judged?: Uint8Array<ArrayBuffer>, fire: (name: string, detail: unknown) => void
 *   }} Own
 * @typedef {(protocol: string | null, asked: string | null) => Promise<Module>} ModuleOf
 */

/**
 * The history that the element's attributes ask for: the one that is given, or that of a run up to its time.
 * @param {HTMLElement} root @param {HTMLElement} element @param {Own & { moduleOf: ModuleOf }} own
 */
export async function showAsked(root, element, { moduleOf, ...own }) {
  const text = element.getAttribute("history") ?? "";
  const run = text.trim() ? null : await runOf(element, moduleOf, own.words);
  const whole = element.getAttribute("controls") !== "none";
  try {
    return await showHistory(root, { ...own, text, run: run ? run.history() : null, whole });
  } finally {
    run?.free();
  }
}

/**
 * The run that they ask for, at its time.
 * @param {HTMLElement} element @param {ModuleOf} moduleOf @param {Words} words
 */
async function runOf(element, moduleOf, words) {
  const get = (/** @type {string} */ name) => element.getAttribute(name);
  const run = get("run");
  const module = await moduleOf((run ? recorded(run) : null) ?? get("protocol"), get("wasm"));
  const given = OPENS.flatMap((name) => (element.hasAttribute(name) ? [[name, get(name) ?? ""]] : []));
  const from = { make: module.Simulation, all: module.all, words };
  const { sim, t } = openWords(new URLSearchParams(given), module.all[0].id, from);
  sim.seek(t || sim.end);
  // A run is over when its clients have their answers, or a while after its last input.
  const waits = () => sim.history().some(({ answer }) => answer === null);
  for (let n = 0; n < 20 && !t && waits(); n++) sim.advance(100);
  return sim;
}

/**
 * @param {HTMLElement} root
 * @param {Own & { text: string, run: import("../pkg/synod.js").Operation[] | null, whole: boolean }} wish a history as
 *   text, or that of a run
 */
async function showHistory(root, { words, text, run, base, judged, whole, fire }) {
  const ops = run ? prefix(ofRun(run)) : parsed(text, words);
  let judge;
  try {
    judge = await theJudge(judged ?? new URL("pkg/judge.wasm", base));
  } catch (error) {
    throw new Error(tell(words, "no-judge", { why: error instanceof Error ? error.message : String(error) }));
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(lanes + levels + whole);
  const place = root.getRootNode();
  if (place instanceof ShadowRoot) place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
  const inside = document.createElement("div");
  inside.className = "hv-in";
  root.replaceChildren(inside);
  /** @param {{ ops: Op[], verdicts: unknown }} view */
  const changed = ({ ops, verdicts }) => fire("synod-history", { history: ops, levels: verdicts });
  return makeHistory(inside, { judge, words, ops, whole, changed });
}
