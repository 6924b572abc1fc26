// Looks at other futures without leaving the present one: in a copy of the run, which is made anew when another future
// is left.

import { tell } from "./say.js";

/**
 * @import { Frame, Placed, Protocol, Simulation, Trace, Violation } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @typedef {{ id: number, inputs: Placed[], end: number, marks: Float64Array, told: Trace[],
 *   violation: Violation | null }} Ghost a future that nobody stands on: it stays as it was left
 */

/** Records that are read in one go, and in all, to find what is worth telling. */
const [LOOK, FAR] = [300, 1500];

/**
 * The last rules that left a mark in the overview, at most one for each of its rows, in order.
 * @param {Trace[]} records @param {Protocol} protocol
 */
export function notable(records, protocol) {
  /** @type {Map<number, Trace>} */
  const found = new Map();
  for (const record of records) {
    const rule = record.what === "rule" && protocol.rules.find((one) => one.id === record.rule);
    if (rule && rule.mark !== null) found.set(rule.mark, record);
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq).slice(-2);
}

/** The same where a run stands. @param {Simulation} sim @param {Protocol} protocol */
function notableAt(sim, protocol) {
  /** @type {Trace[]} */
  let records = [];
  for (let to = sim.seq; to > 0 && sim.seq - to < FAR; to -= LOOK) {
    records = [...sim.trace(Math.max(0, to - LOOK), to), ...records];
    const found = notable(records, protocol);
    if (found.length > 1) return found;
  }
  return notable(records, protocol);
}

/** A sentence without its stop, and without what it goes on to explain. @param {string} sentence */
function brief(sentence) {
  // A comma before a name is one of a list.
  return sentence.replace(/[.。]$/, "").split(/: |：|，|, (?=[a-z]{2,}\b)/)[0];
}

/**
 * What is to be said of it in a line.
 * @param {Lab["words"]} words @param {Trace[]} told @param {Violation | null} violation
 */
export function lineOf(words, told, violation) {
  if (violation) return words.read(violation.says);
  const all = told.map((one) => brief(words.read(one.says)));
  return all.length ? all.join(tell(words, "semicolon")) : tell(words, "nothing");
}

/** @param {Lab} lab */
export function makeScout(lab) {
  /** @type {Simulation | null} */
  let copy = null;
  /** @type {Map<number, Ghost>} */
  let known = new Map();
  let present = -1;

  /** A copy that stands in another future. @param {number} id */
  const on = (id) => {
    copy ??= lab.sim.fork();
    copy.switch(id);
    return copy;
  };
  /** @param {{ id: number, end: number }} branch @returns {Ghost} */
  const read = ({ id, end }) => {
    const sim = on(id);
    sim.seek(end);
    const marks = sim.diagram(end).marks.slice();
    const [violation = null] = sim.violations();
    return { id, end, inputs: sim.done(), marks, told: notableAt(sim, lab.protocol), violation };
  };
  const forget = () => {
    copy?.free();
    copy = null;
  };
  return {
    /** The futures but for the present one, as they were left. @returns {Map<number, Ghost>} */
    look: () => {
      const branches = lab.sim.branches();
      const here = branches.find((one) => one.current)?.id ?? 0;
      const others = branches.filter((one) => !one.current);
      if (here !== present || others.length !== known.size) forget();
      // What was the present one went on meanwhile.
      if (here !== present) known.delete(present);
      present = here;
      known = new Map(others.map((one) => [one.id, known.get(one.id) ?? read(one)]));
      return known;
    },
    /**
     * A future at a time: its frame, and what was the last that is worth telling.
     * @param {number} id @param {number} time
     */
    at: (id, time) => {
      const sim = on(id);
      sim.seek(time);
      const [violation = null] = sim.violations();
      const told = notableAt(sim, lab.protocol).slice(-1);
      return { frame: sim.frame(0), edges: sim.edges(), sim, said: lineOf(lab.words, told, violation) };
    },
    /** @param {number} id */
    recording: (id) => on(id).recording(),
    /** What was taken back, the one that comes first first. @returns {Placed[]} */
    undone: () => {
      const sim = lab.sim.fork();
      /** @type {Placed[]} */
      const all = [];
      for (let one = sim.canRedo ? sim.redo() : undefined; one && all.length < 20; )
        [all[all.length], one] = [one, sim.canRedo ? sim.redo() : undefined];
      sim.free();
      return all;
    },
    forget,
  };
}
