// Messages in the time diagram: lines between lanes, from when they were sent to when they came.

import { cross, line } from "./glyphs.js";
import { message } from "./messages.js";
import { ink } from "./tokens.js";

/**
 * @import { Flight } from "../chronicle.js"
 * @import { Scale, Times } from "./scale.js"
 * @import { Tokens } from "./tokens.js"
 * @typedef {Omit<Flight, "kind" | "ended"> & { ended: number | null,
 *   moved?: { at: number, u: number } | null }} Flown a message that has ended, or is flying
 * @typedef {{ flight: Flown, xa: number, ya: number, xb: number, yb: number, near: boolean,
 *   bend: { x: number, y: number } | null }} Line `bend` is where it was delayed or held on its way
 */

/** How a message that asks is drawn. */
const DASHED = [5, 3];

/**
 * A message as a line between lanes; nothing where neither end has one.
 * @param {Scale} s
 * @param {Flown} flight
 * @param {Map<number, number>} lanes
 * @param {(i: number) => number} y
 * @returns {Line | null}
 */
export function lineOf(s, flight, lanes, y) {
  const from = typeof flight.from === "number" ? lanes.get(flight.from) : undefined;
  const to = typeof flight.to === "number" ? lanes.get(flight.to) : undefined;
  if (from === undefined && to === undefined) return null;
  // A client stands above all lanes.
  const [ya, yb] = [from === undefined ? s.top + 38 : y(from), to === undefined ? s.top + 38 : y(to)];
  const part =
    flight.lost && flight.ended !== null
      ? Math.max(0.06, (flight.ended - flight.sent) / Math.max(flight.arrives - flight.sent, 0.001))
      : 1;
  const near = from !== undefined && to !== undefined && Math.abs(from - to) < 2 && s.lane > 24;
  return {
    flight,
    xa: s.at(flight.sent),
    ya,
    xb: s.at(flight.sent + (flight.arrives - flight.sent) * part),
    yb: ya + (yb - ya) * part,
    near,
    bend: flight.moved ? { x: s.at(flight.moved.at), y: ya + (yb - ya) * flight.moved.u } : null,
  };
}

/** @param {Times} t @param {Flown} flight */
const isHot = (t, flight) => t.hover === flight.id || t.chosen === flight.id;
/** Steady traffic that arrived, and nobody points at. @param {Times} t @param {Flown} flight */
const steady = (t, flight) => flight.quiet && !flight.lost && !isHot(t, flight);

/** @param {Tokens} k @param {Flown} flight */
const colorOf = (k, flight) =>
  flight.tone === "no" ? k.alarm : flight.tone === "client" || flight.epoch === 0 ? k.ink3 : ink(k, flight.epoch).fill;

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Line[]} lines */
export function drawFlights(x, k, t, lines) {
  drawQuiet(x, k, t, lines);
  for (const one of lines) if (!steady(t, one.flight)) drawFlight(x, k, t, one);
}

/**
 * Most messages of a long run are steady traffic: those that look alike are one stroke.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Line[]} lines
 */
function drawQuiet(x, k, t, lines) {
  const alike = Map.groupBy(
    lines.filter((one) => steady(t, one.flight)),
    ({ flight }) => `${colorOf(k, flight)} ${flight.tone === "ask"}`,
  );
  x.save();
  [x.globalAlpha, x.lineWidth] = [0.34, 1];
  for (const group of alike.values()) {
    x.beginPath();
    for (const { xa, ya, xb, yb, bend } of group) {
      x.moveTo(xa, ya);
      if (bend) x.lineTo(bend.x, bend.y);
      x.lineTo(xb, yb);
    }
    x.setLineDash(group[0].flight.tone === "ask" ? DASHED : []);
    x.strokeStyle = colorOf(k, group[0].flight);
    x.stroke();
  }
  x.restore();
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Line} one */
function drawFlight(x, k, t, { flight, xa, ya, xb, yb, near, bend }) {
  const hot = isHot(t, flight);
  x.globalAlpha = hot ? 1 : flight.quiet ? 0.22 : flight.tone === "stored" ? 0.6 : 1;
  const width = hot ? 2.5 : flight.quiet ? 1 : flight.tone === "carry" ? 2 : 1.5;
  const [color, dash] = [hot ? k.ink : colorOf(k, flight), flight.tone === "ask" ? DASHED : undefined];
  if (bend) line(x, xa, ya, bend.x, bend.y, color, width, dash);
  line(x, bend?.x ?? xa, bend?.y ?? ya, xb, yb, color, width, dash);
  x.globalAlpha = 1;
  if (flight.lost && !flight.quiet) cross(x, k, xb, yb, 3.2);
  if (flight.quiet || flight.lost || !near || flight.ended === null) return;
  x.save();
  x.translate((xa + xb) / 2, (ya + yb) / 2);
  const angle = Math.atan2(yb - ya, xb - xa);
  x.rotate(angle);
  message(x, k, flight.tone, ink(k, flight.epoch), 11, { angle, reply: flight.reply });
  x.restore();
}
