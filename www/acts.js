// What can be done to a run on a stage, by whichever hand: inputs, and going through time.

import { changed, why } from "./state.js";

/**
 * @import { Input, Violation } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 */

/** What takes long is done in slices of so many events. */
const SLICE = 2_000;
/** Wall time that a frame may spend on events, in ms. */
const BUDGET = 13;
/** So long a press may take before a picture answers it. */
const AT_ONCE = 60;
/** How far "run until" looks, and how far in one go, in virtual ms. */
const [UNTIL, UNTIL_SLICE] = [60_000, 1_000];
/** The end of all time. */
const LAST = 1e9;

/** The run changed while time stood: its effects may play out, and then the picture is settled. @param {Lab} lab */
export function stir(lab) {
  [lab.settled, lab.stirred] = [false, performance.now()];
  changed(lab);
}

/** The run stands at another moment: it is drawn whole at once. @param {Lab} lab */
export function settle(lab) {
  lab.settled = true;
  changed(lab);
}

/**
 * Does an input; what was refused is told, and changes nothing.
 * @param {Lab} lab
 * @param {string | Input} input
 * @param {(why: string) => void} [refuse]
 */
export function inject(lab, input, refuse = (why) => lab.told(why, true)) {
  stopGoing(lab);
  lab.leave();
  const before = lab.sim.branches().length;
  try {
    lab.sim.inject(input);
  } catch (error) {
    refuse(why(lab.words, error));
    return false;
  }
  if (lab.futures && lab.sim.branches().length > before) lab.told(lab.words.say("branch-kept"));
  stir(lab);
  return true;
}

/** Takes the last input back; the future that it made is kept. @param {Lab} lab */
export function undo(lab) {
  tellTaken(lab, "undone", lab.sim.undo());
}

/** Does again what was taken back last. @param {Lab} lab */
export function redo(lab) {
  tellTaken(lab, "redone", lab.sim.redo());
}

/**
 * @param {Lab} lab
 * @param {"undone" | "redone"} word
 * @param {{ says: { en: string, zh: string } } | undefined} input
 */
function tellTaken(lab, word, input) {
  lab.playing = false;
  lab.told(input ? lab.words.say(word, { input: lab.words.read(input.says) }) : lab.words.say(`not-${word}`));
  settle(lab);
}

/** @param {Lab} lab @param {boolean} playing */
export function setPlaying(lab, playing) {
  if (lab.playing === playing) return;
  lab.playing = playing;
  lab.going = null;
  stir(lab);
}

/**
 * Goes to a time and stays there. What is near is reached at once; what is far takes many frames, and can be stopped.
 * @param {Lab} lab
 * @param {number} ms
 */
export function seek(lab, ms) {
  const to = Math.max(0, Math.min(ms, LAST));
  lab.playing = false;
  // Of a large cluster no moments are kept: the way back is the way from the start.
  if (to < lab.sim.now) lab.sim.seek(lab.frame.nodes.length ? to : 0);
  lab.going = { from: lab.sim.now, to, on: (budget) => inSlices(lab, to, budget) };
  goOn(lab, AT_ONCE);
  settle(lab);
}

/** A part of the way through time. @param {Lab} lab @param {number} [budget] wall ms */
export function goOn(lab, budget = BUDGET) {
  const { going } = lab;
  if (going?.on(budget) && lab.going === going) lab.going = null;
}

/** Stays where it has come to. @param {Lab} lab */
export function stopGoing(lab) {
  if (!lab.going) return;
  lab.going = null;
  settle(lab);
}

/** @param {Lab} lab @param {number} count */
export function step(lab, count) {
  [lab.playing, lab.going] = [false, null];
  for (let i = 0; i < count; i++) if (!lab.sim.step()) break;
  stir(lab);
}

/** @param {Lab} lab @param {number} count */
export function stepBack(lab, count) {
  [lab.playing, lab.going] = [false, null];
  for (let i = 0; i < count; i++) lab.sim.seek(lab.sim.previous);
  settle(lab);
}

/**
 * Lets time pass. A property that breaks stops the run at that moment, unless it is told that it will.
 * @param {Lab} lab @param {number} ms @param {boolean} [stops]
 */
export function advance(lab, ms, stops = true) {
  const { sim } = lab;
  const [seq, known] = [sim.seq, lab.violations.length];
  const until = Math.min(sim.now + ms, LAST);
  if (lab.frame.nodes.length) sim.advance(until - sim.now);
  else inSlices(lab, until, BUDGET);
  if (sim.seq === seq) return;
  const violation = stops && sim.violations()[known];
  if (violation) stopAt(lab, violation);
}

/**
 * A long way, or a large cluster, has very many events: the clock waits for them, and the page does not. True where
 * the time has come.
 * @param {Lab} lab
 * @param {number} until
 * @param {number} budget wall ms
 */
function inSlices({ sim }, until, budget) {
  const end = performance.now() + budget;
  while (sim.advance(Math.max(0, until - sim.now), SLICE) === SLICE) if (performance.now() > end) return false;
  return true;
}

/** @param {Lab} lab @param {Violation} violation */
function stopAt(lab, violation) {
  lab.sim.seek(violation.time);
  const title = lab.protocol.invariants.find((one) => one.id === violation.invariant)?.title;
  const words = lab.words.say("violation-paused", { title: title ? lab.words.read(title) : violation.invariant });
  if (!lab.tellsBroken) lab.told(words, true);
  setPlaying(lab, false);
}

/**
 * Goes to the next time that a condition holds; where it does not come, stays.
 * @param {Lab} lab
 * @param {import("./pkg/synod.js").Condition} condition
 */
export function runUntil(lab, condition) {
  const { sim, words } = lab;
  lab.playing = false;
  const from = sim.now;
  const to = Math.min(from + UNTIL, LAST);
  const on = (/** @type {number} */ budget) => {
    const end = performance.now() + budget;
    do {
      const record = sim.runUntil(condition, Math.min(UNTIL_SLICE, to - sim.now));
      if (!record && sim.now < to) continue;
      if (!record) sim.seek(from);
      lab.told(record ? words.say("met", { says: words.read(record.says) }) : words.say("not-met"));
      settle(lab);
      return true;
    } while (performance.now() < end);
    return false;
  };
  lab.going = { from, to, on };
  goOn(lab, AT_ONCE);
  changed(lab);
}
