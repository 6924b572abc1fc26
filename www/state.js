// The one object of view state, and the functions that change it. Drawing only reads it.

import { chronicle } from "./chronicle.js";
import { Simulation, catalog } from "./pkg/synod.js";
import { LINGER } from "./draw/stage.js";
import { language, wordsIn } from "./words.js";

/**
 * @import { Config, Frame, Protocol, Trace, Violation } from "./pkg/synod.js"
 * @import { Chronicle } from "./chronicle.js"
 * @import { Target } from "./draw/stage.js"
 * @import { Point } from "./draw/jag.js"
 * @import { Tree } from "./futures/all.js"
 * @import { Words } from "./words.js"
 * @typedef {{ from: number, to: number, on: (budget: number) => boolean }} Going a way through time that takes more
 *   than one frame; it goes on for so many wall ms, and says whether it is at its end
 * @typedef {{
 *   sim: Simulation, protocol: Protocol, frame: Frame, chronicle: Chronicle, violations: Violation[],
 *   playing: boolean, rate: number, span: number, reduced: boolean,
 *   tool: string | null, focus: Target | null, hover: Target | null, sides: number[], stroke: Point[] | null,
 *   events: Trace[], eventsTo: number, chosen: number | null, alarmed: number[],
 *   edges: Uint32Array, edgesOf: number, byMark: boolean,
 *   going: Going | null, menu: { close: () => void } | null,
 *   seen: { seq: number, branch: number, now: number }, listeners: (() => void)[], overlay: ParentNode,
 *   all: Protocol[], tear: number, acted: boolean, settled: boolean, stirred: number, futures: boolean, lit: number[],
 *   wonSince: number | null,
 *   tellsBroken: boolean, words: Words, more: { frame: Frame | null, has: boolean }, tree?: Tree | null,
 *   goals?: import("./draw/overview.js").Goals, leave: () => void, told: (text: string, alarm?: boolean) => void,
 * }} Lab
 */

/** Virtual ms that pass in one ms of wall time. */
export const RATES = [
  [1 / 100, "1/100"],
  [1 / 40, "1/40"],
  [1 / 10, "1/10"],
  [1, "real-time"],
];
/** The least and the most that the time diagram shows, in virtual ms. */
const SPANS = [20, 100_000];
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
    tellsBroken: false,
    playing: false,
    rate: protocol.seconds ? 1 : 1 / 40,
    span: protocol.seconds ? 8_000 : 320,
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
    going: null,
    menu: null,
    seen: { seq: -1, branch: -1, now: -1 },
    listeners: [],
    overlay: document.body,
    all,
    // Tears are seeded by the run.
    tear: parseInt(sim.seed.slice(-6), 16) % 100_000,
    acted: true,
    settled: false,
    stirred: -Infinity,
    futures: false,
    lit: [],
    wonSince: null,
    words: wordsIn(language()),
    more: { frame: null, has: false },
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
  lab.acted = true;
  for (const listener of lab.listeners) listener();
}

/**
 * How much time the diagram shows; here, so that keys do not bring the diagram along.
 * @param {Lab} lab @param {number} span
 */
export function setSpan(lab, span) {
  lab.span = Math.max(SPANS[0], Math.min(SPANS[1], span));
  changed(lab);
}

/** Whether the simulation is otherwise than it was drawn; then the frame is made anew. @param {Lab} lab */
export function look(lab) {
  const { sim, seen } = lab;
  const [now, seq] = [sim.now, sim.seq];
  // While time passes by itself, the branch stays the same.
  const same = lab.playing && !lab.acted && seq >= seen.seq && now >= seen.now;
  const branch = same ? seen.branch : (sim.branches().find((one) => one.current)?.id ?? 0);
  const moved = seq !== seen.seq || branch !== seen.branch || now < seen.now;
  lab.acted = false;
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
  lab.seen = { seq, branch, now };
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

/** Closes the menu of a node or a message; true if one was open. @param {Lab} lab */
export function closeMenu(lab) {
  const { menu } = lab;
  if (!menu) return false;
  lab.menu = null;
  menu.close();
  return true;
}

/** How many nodes there are; where none is listed, the first total says it. @param {Lab} lab */
export const sizeOf = ({ frame, protocol }) => frame.nodes.length || (frame.swarm?.[protocol.totals[0]?.id ?? ""] ?? 0);

/** A node as the frame has it, also where the frame lists none. @param {Lab} lab @param {number} id */
export function nodeAt(lab, id) {
  const listed = lab.frame.nodes.find((one) => one.id === id);
  if (listed || lab.frame.nodes.length) return listed;
  return lab.sim.node(id);
}

/**
 * What went wrong, in the language of the stage.
 * @param {Words} words
 * @param {unknown} error
 */
export function why(words, error) {
  const { says } = /** @type {{ says?: { en: string, zh: string } }} */ (error ?? {});
  if (says) return words.read(says);
  return error instanceof Error ? error.message : String(error);
}

/**
 * What is wrong with a lesson is the site's own fault, and told to its author: only that is English alone.
 * @param {Words} words @param {unknown} error
 */
export const unsound = (words, error) => words.say("lesson-broken", { why: why(words, error) });

/** Opens a run, or says why it cannot. @param {Config} config */
export const open = (config) => new Simulation(config);
