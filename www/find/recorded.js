// The steps of any recording, as its inputs made them: what the film of a run shows that no search has told about.

/**
 * @import { Frame, MessageFrame, Placed, Simulation } from "../pkg/synod.js"
 * @import { Says } from "../pkg/synod.js"
 * @typedef {{ move: string, from: string | null, to: string | null, kind: string | null, epoch: number, text: Says,
 *   frame: Frame, broken: string[], at: number }} Told a step, with the time of its input
 */

/** The least time there is, in ms. */
const LEAST = 0.001;
/** What an input does to a message, which its arrival tells of better. */
const ARRIVALS = ["deliver", "duplicate"];

/** Stands at each input of a run in turn, just before the next one. @param {Simulation} run which is moved by it */
export function stepsOf(run) {
  const [acts, end] = [run.done(), run.end];
  const times = [...new Set(acts.map(({ time }) => time))];
  let broken = 0;
  return {
    times,
    /** The steps must be asked for in their order. @param {number} at @returns {Told} */
    step(at) {
      const [time, next] = [times[at], times[at + 1]];
      run.seek(Math.max(0, time - LEAST));
      const [before, seq] = [run.frame(), run.seq];
      const mine = acts.filter((act) => act.time === time);
      if (next === undefined) settle(run, Math.max(end, time), mine);
      else run.seek(next - LEAST);
      const violations = run.violations();
      const news = violations.slice(broken).map((one) => one.invariant);
      broken = violations.length;
      const frame = run.frame();
      return { ...moveOf(mine[0], before), text: textOf(run, mine, seq), frame, broken: news, at: time };
    },
  };
}

/**
 * To the end of a run, and to when what its last inputs deliver in some time has arrived.
 * @param {Simulation} run @param {number} end @param {Placed[]} acts
 */
function settle(run, end, acts) {
  run.seek(end);
  const named = acts.map(({ text }) => text.split(" ")[1]);
  const flying = run.frame().messages.filter(({ id, ended }) => ended === null && named.includes(`#${id}`));
  run.seek(Math.max(end, ...flying.map(({ arrives }) => arrives)));
}

/** Who did what to whom. @param {Placed} act @param {Frame} before */
function moveOf(act, before) {
  const [verb, second, ...more] = act.text.split(" ");
  const flown = before.messages.find(({ id }) => second === `#${id}`);
  if (flown && ARRIVALS.includes(verb)) {
    const [from, to] = [endOf(before, flown.from), endOf(before, flown.to)];
    return { move: verb === "deliver" ? "deliver" : "copy", from, to, kind: flown.kind, epoch: flown.epoch };
  }
  const node = before.nodes.find(({ name }) => [second, ...more].includes(name))?.name ?? null;
  const nothing = { kind: null, epoch: 0 };
  if (verb === "request") return { move: verb, from: null, to: node, ...nothing };
  return { move: verb === "fire" ? "timeout" : verb, from: node, to: null, ...nothing };
}

/** @param {Frame} frame @param {MessageFrame["from"]} end */
const endOf = ({ nodes }, end) => (typeof end === "number" ? (nodes.find(({ id }) => id === end)?.name ?? null) : end);

/**
 * The sentences of inputs; of a message's arrival what came of it.
 * @param {Simulation} run @param {Placed[]} acts @param {number} seq
 */
function textOf(run, acts, seq) {
  const own = acts.filter(({ text }) => !ARRIVALS.includes(text.split(" ")[0])).map(({ says }) => says);
  if (own.length) return { en: own.map(({ en }) => en).join(" "), zh: own.map(({ zh }) => zh).join("") };
  const records = run.trace(seq, run.seq);
  const first = records.findIndex(({ what }) => what === "deliver");
  const rule = records.slice(first + 1).find(({ what }) => what === "rule");
  return (rule ?? records[first])?.says ?? acts[0].says;
}
