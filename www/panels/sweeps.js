// What an option costs and brings: charts whose points are measured here, by running the protocol at each value. The
// catalog says how; nothing is known of any protocol. Fetched when it is opened first, and run in slices.

import { h } from "../dom.js";
import { tell } from "./tell.js";
import { changed, open } from "../state.js";
import { plot, sign } from "./plot.js";

/**
 * @import { Config, Protocol, Simulation, Sweep, SweepLine } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @typedef {{ protocol: Protocol, points: Map<string, number>, going: boolean, failed: boolean }} Measured points by
 *   sweep, line and value
 */

/** So long it runs at once, and so many acts, in ms. */
const SLICE = 12;
const ACTS = 25;
/** Nobody waits for a rule longer than this, in virtual ms. */
const LONGEST = 10_000_000;

/** @param {Protocol} protocol @returns {Measured} */
export const nothing = (protocol) => ({ protocol, points: new Map(), going: false, failed: false });

/** @param {Sweep} sweep @param {SweepLine} line @param {number} value */
const nameOf = (sweep, line, value) => `${sweep.id} ${line.id} ${value}`;

/** Drawn anew, and the same for everybody (mulberry32). @param {number} seed */
function chance(seed) {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 4294967297;
  };
}

/** How many of these rules have fired since. @param {Simulation} sim @param {string[]} rules @param {number} from */
const fired = (sim, rules, from) => sim.trace(from).filter((one) => one.rule && rules.includes(one.rule)).length;

/**
 * A point, some acts at a time: yields until it is known.
 * @param {Simulation} sim @param {SweepLine} line @param {number} value @returns {Generator<undefined, number>}
 */
function* measure(sim, line, value) {
  for (const { time, text } of line.inputs) {
    sim.advance(Math.max(0, time - sim.now));
    sim.inject(text);
  }
  const begun = sim.now;
  if (line.measure === "until") {
    sim.runUntil({ rule: line.rules[0] }, LONGEST);
    return (sim.now - begun) / 1000;
  }
  let [seq, count] = [0, 0];
  const { acts, rules, times } = line;
  const drawn = chance(value);
  for (let act = 0; act < (acts ? acts.count : times); act++) {
    sim.advance(acts ? -Math.log(drawn()) * acts.apart : value);
    if (acts) sim.inject(acts.text);
    if (act % ACTS !== 0) continue;
    count += fired(sim, rules, seq);
    seq = sim.seq;
    yield;
  }
  return (count + fired(sim, rules, seq)) / ((sim.now - begun) / 1000);
}

/** Every point of every line. @param {Measured} found @returns {Generator<undefined, void>} */
function* all(found) {
  for (const sweep of found.protocol.sweeps)
    for (const line of sweep.lines)
      for (const value of sweep.values) {
        const options = { ...line.config.options, [sweep.option]: value };
        const sim = open({ ...line.config, options });
        try {
          found.points.set(nameOf(sweep, line, value), yield* measure(sim, line, value));
        } finally {
          sim.free();
        }
      }
}

/** @param {Lab} lab @param {Measured} found */
function run(lab, found) {
  found.going = true;
  const steps = all(found);
  const slice = () => {
    const until = performance.now() + SLICE;
    try {
      while (found.going && performance.now() < until) found.going = !steps.next().done;
    } catch {
      Object.assign(found, { going: false, failed: true });
    }
    changed(lab);
    if (found.going && found.protocol === lab.protocol) setTimeout(slice, 20);
    else found.going = false;
  };
  slice();
}

/** As whoever sets it reads it. @param {Protocol} protocol @param {Sweep} sweep @param {number} value */
function shown({ options, seconds }, sweep, value) {
  const isTime = options.find((one) => one.id === sweep.option)?.type === "time";
  if (!isTime) return String(value);
  return seconds ? `${value / 1000} s` : `${value} ms`;
}

/** @param {Lab} lab @param {HTMLElement} body @param {Measured} found */
export function fill(lab, body, found) {
  const { words, protocol } = lab;
  if (!found.going && !found.failed && !found.points.size) run(lab, found);
  const parts = protocol.sweeps.flatMap((sweep) => [
    h("h3", {}, words.read(sweep.title)),
    h("p", {}, words.read(sweep.says)),
    ...[...new Set(sweep.lines.map((line) => line.axis.en))].map((axis) => chart(lab, sweep, axis, found)),
    table(lab, sweep, found),
  ]);
  const note = found.failed ? tell(words, "sweep-failed") : found.going ? tell(words, "sweep-runs") : "";
  body.replaceChildren(...parts, h("p", { role: "status" }, note));
}

/** @param {Lab} lab @param {Sweep} sweep @param {string} axis @param {Measured} found */
function chart(lab, sweep, axis, found) {
  const { words, protocol } = lab;
  const lines = sweep.lines.filter((line) => line.axis.en === axis);
  const points = (/** @type {SweepLine} */ line) =>
    sweep.values.map((value) => found.points.get(nameOf(sweep, line, value)) ?? null);
  const here = Number(/** @type {Config} */ (lab.sim.config).options?.[sweep.option]);
  const legend = lines.map((line, at) => h("li", {}, sign(at), words.read(line.name)));
  if (lines.some((line) => line.theory)) legend.push(h("li", {}, sign(-1), tell(words, "sweep-theory")));
  const first = sweep.lines[0].axis.en === axis;
  if (first && here) {
    const now = tell(words, "sweep-here", { value: shown(protocol, sweep, here) });
    legend.push(h("li", {}, sign(-2), now));
  }
  return h(
    "figure",
    { "data-axis": axis },
    h("figcaption", {}, h("b", {}, words.read(lines[0].axis)), h("ul", {}, ...legend)),
    plot({
      values: sweep.values,
      shown: sweep.values.map((value) => shown(protocol, sweep, value)),
      lines: lines.map((line) => ({ points: points(line), theory: line.theory })),
      band: sweep.usual && { ...sweep.usual, says: first ? words.read(sweep.usual.says) : "" },
      here,
    }),
  );
}

/** The same in numbers. @param {Lab} lab @param {Sweep} sweep @param {Measured} found */
function table({ words, protocol }, sweep, found) {
  const number = (/** @type {number | undefined} */ value) =>
    value === undefined ? "" : String(Number(value.toPrecision(2)));
  const spec = protocol.options.find((one) => one.id === sweep.option);
  const heads = sweep.lines.map((line) => h("th", { scope: "col" }, words.read(line.name)));
  const rows = sweep.values.map((value) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, shown(protocol, sweep, value)),
      ...sweep.lines.map((line) =>
        h("td", { "data-line": line.id }, number(found.points.get(nameOf(sweep, line, value)))),
      ),
    ),
  );
  const head = h("tr", {}, h("th", { scope: "col" }, spec ? words.read(spec.label) : sweep.option), ...heads);
  return h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
}
