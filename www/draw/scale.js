// Where times and lanes lie in the diagram of time.

import { RULERS, moreOf, rulersIn } from "../more.js";

/**
 * @import { Frame, Protocol, Placed, Violation } from "../pkg/synod.js"
 * @import { Ground } from "../more.js"
 * @import { Chronicle } from "../chronicle.js"
 * @import { Words } from "../words.js"
 * @import { Tree } from "../futures/all.js"
 * @typedef {{ W: number, H: number, frame: Frame, protocol: Protocol, now: number, end: number, span: number,
 *   chronicle: Chronicle,
 * inputs: Placed[], violations: Violation[], hover: number | null, chosen: number | null, seed: number, epoch: number,
 * words: Words, tree?: Tree | null, goals?: import("./overview.js").Goals, again?: () => void }} Times
 * @typedef {{ x0: number, x1: number, top: number, bottom: number, first: number, lane: number, rulers: number, ruled:
 *   boolean, row: (row: number) => number,
 *   lanes: Map<number, number>, heads: { at: number, place: Ground }[], from: number, to:
 *   number, over: (t: number) => number, at: (t: number) => number,
 *   whole: number, timeOver: (x: number) => number, timeAt: (x: number) => number }} Scale
 */

/** The height of a row of the overview. */
const ROW = 18;
/** The part of the detail that lies before now. */
const PAST = 0.95;
/** What the name of a place takes above its lanes, in lanes; where a lane would be lower than this there is none. */
const [HEAD, LEAST] = [0.55, 20];

/**
 * Lanes from the top down, in lanes: in the order of nodes, or place by place where nodes stand in places.
 * @param {Frame} frame @param {number} head
 */
function order(frame, head) {
  /** @type {Map<number, number>} */
  const lanes = new Map();
  /** @type {{ at: number, place: Ground }[]} */
  const heads = [];
  const { places } = moreOf(frame);
  let at = 0;
  for (const place of places ?? []) {
    const here = frame.nodes.filter((one) => place.nodes.includes(one.id));
    if (!here.length) continue;
    if (head) heads.push({ at, place });
    at += head;
    for (const one of here) lanes.set(one.id, at++);
  }
  for (const one of frame.nodes) if (!lanes.has(one.id)) lanes.set(one.id, at++);
  return { lanes, heads, last: Math.max(0, at - 1) };
}

/**
 * Where times and lanes lie. Pure, and shared with the pointer.
 * @param {{ W: number, H: number, now: number, end: number, span: number, frame: Frame, protocol: Protocol,
 *   violations?: Violation[], tree?: Tree | null }} t
 * @returns {Scale}
 */
export function scale(t) {
  const narrow = t.W < 560;
  const [x0, x1] = [narrow ? 56 : 104, t.W - (narrow ? 14 : 22)];
  // Beside the tree there is no row for violations before there is one.
  const rows = t.protocol.rows.length + (t.tree && !t.violations?.length ? 1 : 2);
  const grown = t.tree?.room(t) ?? 0;
  const row = (/** @type {number} */ at) => 38 + at * ROW + (at ? grown : 0);
  const top = grown + (narrow ? 28 : 20 + rows * ROW + 8);
  const bottom = t.H - 12;
  const whole = niceEnd(Math.max(t.end, t.now, t.tree?.end() ?? 0), t.protocol.seconds);
  const from = Math.max(0, t.now - t.span * PAST);
  const to = from + t.span;
  // Above the lanes stand two rulers instead of ticks, where a term has two clocks.
  const [rulers, ruled] = [top + 24, rulersIn(moreOf(t.frame), t.now, t) !== undefined];
  const first = ruled ? top + 40 + RULERS : top + 46;
  const high = (/** @type {number} */ last) => Math.min(40, (bottom - first - 8) / Math.max(1, last + 0.4));
  let { lanes, heads, last } = order(t.frame, narrow ? 0 : HEAD);
  if (heads.length && high(last) < LEAST) ({ lanes, heads, last } = order(t.frame, 0));
  const lane = high(last);
  const over = (/** @type {number} */ time) => x0 + ((x1 - x0) * time) / whole;
  const at = (/** @type {number} */ time) => x0 + ((x1 - x0) * (time - from)) / t.span;
  return {
    x0,
    x1,
    top,
    bottom,
    first,
    lane,
    lanes,
    heads,
    rulers,
    ruled,
    row,
    from,
    to,
    whole,
    over,
    at,
    timeOver: (x) => Math.max(0, ((x - x0) / (x1 - x0)) * whole),
    timeAt: (x) => Math.max(0, from + ((x - x0) / (x1 - x0)) * t.span),
  };
}

/** A round end for the overview, a little beyond the run. @param {number} end @param {boolean} seconds */
function niceEnd(end, seconds) {
  const step = tick(Math.max(end, 400) * 1.06, 8, seconds);
  return Math.ceil((Math.max(end, 400) * 1.04) / step) * step;
}

/** Round on a clock, in ms. */
const CLOCK = [15, 30, 60, 120, 300, 600, 1800].map((seconds) => seconds * 1000);

/** A round distance between ticks. @param {number} range @param {number} count @param {boolean} [seconds] on a clock */
export function tick(range, count, seconds = false) {
  const rough = range / count;
  const round = seconds && rough > 10_000 && CLOCK.find((step) => step >= rough);
  if (round) return round;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = seconds ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  return steps.map((n) => n * power).find((step) => step >= rough) ?? rough;
}
