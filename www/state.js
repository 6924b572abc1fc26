// The one object of view state, and the functions that change it. Drawing only reads it.

import { chronicle } from "./chronicle.js";
import { Simulation, catalog } from "./pkg/synod.js";
import { LINGER } from "./draw/stage.js";
import { language, wordsIn } from "./words.js";

/**
 * @import { Config, Frame, Protocol, Trace, Violation, Input } from "./pkg/synod.js"
 * @import { Chronicle } from "./chronicle.js"
 * @import { Target } from "./draw/stage.js"
 * @import { Point } from "./draw/tear.js"
 * @import { Words } from "./words.js"
 * @typedef {{
 *   sim: Simulation, protocol: Protocol, frame: Frame, chronicle: Chronicle, violations: Violation[],
 *   playing: boolean, rate: number, span: number, reduced: boolean,
 *   tool: string | null, focus: Target | null, hover: Target | null, sides: number[], stroke: Point[] | null,
 *   events: Trace[], eventsTo: number, chosen: number | null, alarmed: number[],
 *   edges: Uint32Array, edgesOf: number, byMark: boolean,
 *   seen: { seq: number, branch: number, now: number }, listeners: (() => void)[], overlay: ParentNode,
 *   all: Protocol[], settled: boolean, stirred: number, wonSince: number | null, futures: boolean, lit: number[], words: Words,
 *   leave: () => void, told: (text: string, alarm?: boolean) => void,
 * }} Lab
 */

/** Virtual ms that pass in one ms of wall time. */
export const RATES = [
  [1 / 100, "1/100"],
  [1 / 40, "1/40"],
  [1 / 10, "1/10"],
  [1, "real-time"],
];
/** Above as many nodes as are listed, only totals are followed, and in slices of so many events. */
const SLICE = 4_000;
/** Wall time that a frame may spend on events, in ms. */
const BUDGET = 13;
const CELLS = 60;
const EVENTS_KEPT = 240;
/** How far back the list of events looks after a jump, in records. */
const EVENTS_LOOK = 800;

export const protocols = () => catalog();

/** @param {Simulation} sim @param {Protocol[]} [all] every protocol of the module that the run is of @returns {Lab} */
export function create(sim, all = catalog()) {
  const protocol = all.find((entry) => entry.id === sim.config.protocol);
  if (!protocol) throw new Error("the module does not know its own protocol");
  const frame = sim.frame(CELLS);
  return {
    sim,
    protocol,
    frame,
    chronicle: chronicle(sim, protocol, 0),
    edges: sim.edges(),
    edgesOf: frame.nodes.length,
    byMark: false,
    violations: [],
    playing: false,
    rate: 1 / 40,
    span: 320,
    reduced: matchMedia("(prefers-reduced-motion: reduce)").matches,
    tool: null,
    focus: null,
    hover: null,
    sides: [],
    stroke: null,
    events: [],
    eventsTo: 0,
    chosen: null,
    alarmed: [],
    seen: { seq: -1, branch: -1, now: -1 },
    listeners: [],
    overlay: document.body,
    all,
    settled: false,
    stirred: -Infinity,
    wonSince: null,
    futures: false,
    lit: [],
    words: wordsIn(language()),
    leave: () => {},
    told: () => {},
  };
}

/** Puts another run on the stage, and lets go of the one before. @param {Lab} lab @param {Simulation} sim */
export function replace(lab, sim) {
  const before = lab.sim;
  swap(lab, sim);
  before.free();
}

/** Puts another run on the stage. @param {Lab} lab @param {Simulation} sim */
export function swap(lab, sim) {
  const fresh = create(sim, lab.all);
  Object.assign(lab, {
    ...fresh,
    rate: lab.rate,
    span: lab.span,
    listeners: lab.listeners,
    overlay: lab.overlay,
    words: lab.words,
    leave: lab.leave,
    futures: lab.futures,
    told: lab.told,
  });
  changed(lab);
}

/** @param {Lab} lab @param {() => void} listener */
export const listen = (lab, listener) => lab.listeners.push(listener);

/** Something that is drawn is otherwise now. @param {Lab} lab */
export function changed(lab) {
  for (const listener of lab.listeners) listener();
}

/** Whether the simulation is otherwise than it was drawn; then the frame is made anew. @param {Lab} lab */
export function look(lab) {
  const { sim, seen } = lab;
  const now = sim.now;
  const branch = sim.branches().find((one) => one.current)?.id ?? 0;
  const moved = sim.seq !== seen.seq || branch !== seen.branch || now < seen.now;
  if (moved) {
    lab.frame = sim.frame(CELLS);
    lab.violations = sim.violations();
    lab.alarmed = [...new Set(lab.violations.flatMap((violation) => violation.nodes))];
    if (lab.frame.nodes.length !== lab.edgesOf) [lab.edges, lab.edgesOf] = [sim.edges(), lab.frame.nodes.length];
    lookAtEvents(lab, branch !== seen.branch || sim.seq < lab.eventsTo);
  }
  const from = now - Math.max(lab.span, LINGER * lab.rate) - 70;
  if (moved || lab.chronicle.from < from - lab.span || from < lab.chronicle.from - 1)
    lab.chronicle = chronicle(sim, lab.protocol, from);
  lab.seen = { seq: sim.seq, branch, now };
  return moved;
}

/** @param {Lab} lab @param {boolean} afresh */
function lookAtEvents(lab, afresh) {
  const { sim } = lab;
  if (afresh || sim.seq - lab.eventsTo > EVENTS_LOOK) {
    lab.events = [];
    lab.eventsTo = Math.max(0, sim.seq - (lab.frame.nodes.length ? EVENTS_LOOK : EVENTS_KEPT / 4));
  }
  const news = sim
    .trace(lab.eventsTo)
    .filter((record) => record.what === "rule" || record.what === "input" || record.what === "violation");
  lab.eventsTo = sim.seq;
  if (news.length) lab.events = [...lab.events, ...news].slice(-EVENTS_KEPT);
}

/**
 * Does an input; what was refused is told, and changes nothing.
 * @param {Lab} lab
 * @param {string | Input} input
 * @param {(why: string) => void} [refuse]
 */
export function inject(lab, input, refuse = (why) => lab.told(why, true)) {
  lab.leave();
  const before = lab.sim.branches().length;
  try {
    lab.sim.inject(input);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
    return false;
  }
  if (lab.futures && lab.sim.branches().length > before) lab.told(lab.words.say("branch-kept"));
  changed(lab);
  return true;
}

/** @param {Lab} lab @param {boolean} playing */
export function setPlaying(lab, playing) {
  lab.playing = playing;
  changed(lab);
}

/** @param {Lab} lab @param {number} ms */
export function seek(lab, ms) {
  lab.sim.seek(Math.max(0, Math.min(ms, 1e9)));
  changed(lab);
}

/** @param {Lab} lab @param {number} count */
export function step(lab, count) {
  lab.playing = false;
  for (let i = 0; i < count; i++) if (!lab.sim.step()) break;
  changed(lab);
}

/** @param {Lab} lab @param {number} count */
export function stepBack(lab, count) {
  lab.playing = false;
  for (let i = 0; i < count; i++) lab.sim.seek(lab.sim.previous);
  changed(lab);
}

/** Lets time pass. A property that breaks stops the run at that moment. @param {Lab} lab @param {number} ms */
export function advance(lab, ms) {
  const { sim } = lab;
  const [seq, known] = [sim.seq, lab.violations.length];
  const wish = Math.min(ms, 1e9 - sim.now);
  if (lab.frame.nodes.length) sim.advance(wish);
  else inSlices(lab, wish);
  if (sim.seq === seq) return;
  const violation = sim.violations()[known];
  if (violation && sim.violations().length > known) stopAt(lab, violation);
}

/**
 * A large cluster has many events in one instant: the clock waits for them, and the page does not.
 * @param {Lab} lab
 * @param {number} ms
 */
function inSlices(lab, ms) {
  const { sim } = lab;
  const until = sim.now + ms;
  const end = performance.now() + BUDGET;
  while (sim.advance(Math.max(0, until - sim.now), SLICE) === SLICE && performance.now() < end);
}

/** A node as the frame has it, also where the frame lists none. @param {Lab} lab @param {number} id */
export function nodeAt(lab, id) {
  const listed = lab.frame.nodes.find((one) => one.id === id);
  if (listed || lab.frame.nodes.length) return listed;
  return lab.sim.node(id);
}

/** @param {Lab} lab @param {Violation} violation */
function stopAt(lab, violation) {
  lab.playing = false;
  lab.sim.seek(violation.time);
  const title = lab.protocol.invariants.find((one) => one.id === violation.invariant)?.title;
  lab.told(lab.words.say("violation-paused", { title: title ? lab.words.read(title) : violation.invariant }), true);
}

/**
 * Runs at once to the next time that a condition holds.
 * @param {Lab} lab
 * @param {import("./pkg/synod.js").Condition} condition
 */
export function runUntil(lab, condition) {
  lab.playing = false;
  const from = lab.sim.now;
  const record = lab.sim.runUntil(condition, Math.min(60_000, 1e9 - from));
  if (!record) lab.sim.seek(from);
  lab.told(record ? lab.words.say("met", { says: lab.words.read(record.says) }) : lab.words.say("not-met"));
  changed(lab);
}

/** Opens a run, or says why it cannot. @param {Config} config */
export const open = (config) => new Simulation(config);
