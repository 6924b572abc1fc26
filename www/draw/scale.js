// Where times and lanes lie in the diagram of time.

import { RULERS, moreOf, rulersIn } from "../more.js";

/**
 * @import { Frame, Protocol, Placed, Violation } from "../pkg/synod.js"
 * @import { Chronicle } from "../chronicle.js"
 * @import { Words } from "../words.js"
 * @typedef {{ W: number, H: number, frame: Frame, protocol: Protocol, now: number, end: number, span: number,
 *   chronicle: Chronicle,
 * inputs: Placed[], violations: Violation[], hover: number | null, chosen: number | null, seed: number, epoch: number,
 * words: Words, again?: () => void }} Times
 * @typedef {{ x0: number, x1: number, top: number, bottom: number, first: number, lane: number, rulers: number,
 *   from: number, to:
 *   number, over: (t: number) => number, at: (t: number) => number,
 *   whole: number, timeOver: (x: number) => number, timeAt: (x: number) => number }} Scale
 */

/** The height of a row of the overview. */
export const ROW = 18;
/** The part of the detail that lies before now. */
const PAST = 0.95;

/**
 * Where times and lanes lie. Pure, and shared with the pointer.
 * @param {{ W: number, H: number, now: number, end: number, span: number, frame: Frame, protocol: Protocol }} t
 * @returns {Scale}
 */
export function scale(t) {
  const narrow = t.W < 560;
  const [x0, x1] = [narrow ? 56 : 104, t.W - (narrow ? 14 : 22)];
  const rows = t.protocol.rows.length + 2;
  const top = narrow ? 28 : 20 + rows * ROW + 8;
  const bottom = t.H - 12;
  const whole = niceEnd(Math.max(t.end, t.now));
  const from = Math.max(0, t.now - t.span * PAST);
  const to = from + t.span;
  const lanes = Math.max(1, t.frame.nodes.length);
  // Between the ticks and the lanes stand two rulers, where a term has two clocks.
  const rulers = top + 40;
  const first = top + 46 + (rulersIn(moreOf(t.frame), t.now, t) ? RULERS : 0);
  const lane = Math.min(40, (bottom - first - 8) / Math.max(1, lanes - 1 + 0.4));
  const over = (/** @type {number} */ time) => x0 + ((x1 - x0) * time) / whole;
  const at = (/** @type {number} */ time) => x0 + ((x1 - x0) * (time - from)) / t.span;
  return {
    x0,
    x1,
    top,
    bottom,
    first,
    lane,
    rulers,
    from,
    to,
    whole,
    over,
    at,
    timeOver: (x) => Math.max(0, ((x - x0) / (x1 - x0)) * whole),
    timeAt: (x) => Math.max(0, from + ((x - x0) / (x1 - x0)) * t.span),
  };
}

/** A round end for the overview, a little beyond the run. @param {number} end */
function niceEnd(end) {
  const step = tick(Math.max(end, 400) * 1.06, 8);
  return Math.ceil((Math.max(end, 400) * 1.04) / step) * step;
}

/** A round distance between ticks. @param {number} range @param {number} count */
export function tick(range, count) {
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((n) => n * power).find((step) => step >= rough) ?? rough;
}
