// What the time diagram and the effects of the stage draw: rows of numbers from the module, read
// into flights, spans and marks.

/**
 * @import { Simulation, Protocol } from "./pkg/synod.js"
 * @import { Spans } from "./more.js"
 * @typedef {{ id: number, from: number | string, to: number | string, kind: number, tone: string, quiet: boolean,
 *   reply: boolean, epoch: number,
 *   sent: number, arrives: number, ended: number, lost: number }} Flight
 * @typedef {{ from: number, to: number, status: number, role: number, epoch: number }} Span
 * @typedef {{ from: number, flights: Flight[], lanes: Span[][], marks: Float64Array,
 *   spans: Spans | null }} Chronicle
 */

const TONES = ["ask", "carry", "decide", "yes", "stored", "no", "client", "heartbeat"];
const FLIGHT = 11;
const CHANGE = 5;

/** Nodes are numbered up from 0, clients down from -1. @param {number} end */
const end = (end) => (end >= 0 ? end : `C${-end}`);

/** @param {Simulation} sim @param {Protocol} protocol @param {number} from @returns {Chronicle} */
export function chronicle(sim, protocol, from) {
  const { changes, flights: rows, marks, ...more } = sim.diagram(Math.max(0, from));
  /** @type {Flight[]} */
  const flights = [];
  for (let at = 0; at < rows.length; at += FLIGHT) {
    const kind = rows[at + 3];
    flights.push({
      id: rows[at],
      from: end(rows[at + 1]),
      to: end(rows[at + 2]),
      kind,
      tone: TONES[rows[at + 4]],
      quiet: rows[at + 5] === 1,
      reply: protocol.messages[kind]?.reply ?? false,
      epoch: rows[at + 6],
      sent: rows[at + 7],
      arrives: rows[at + 8],
      ended: rows[at + 9],
      lost: rows[at + 10],
    });
  }
  /** @type {Span[][]} */
  const lanes = [];
  for (let at = 0; at < changes.length; at += CHANGE) {
    const [time, node, status, role, epoch] = changes.subarray(at, at + CHANGE);
    lanes[node] ??= [];
    const lane = lanes[node];
    const last = lane[lane.length - 1];
    if (last) last.to = time;
    lane.push({ from: time, to: Infinity, status, role, epoch });
  }
  // The marks are copied: the view dies when the module's memory grows.
  const spans = Object.keys(more).length ? /** @type {Spans} */ (more) : null;
  return { from, flights, lanes, marks: marks.slice(), spans };
}
