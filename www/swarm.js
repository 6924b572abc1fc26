// Clusters too large for one object a node: a dot each, filled in the module's memory.

import { measure, text } from "./draw/glyphs.js";
import { ink } from "./draw/tokens.js";
import { read } from "./words.js";

/**
 * @import { Protocol, Simulation } from "./pkg/synod.js"
 * @import { Tokens } from "./draw/tokens.js"
 */

/** The part of the shorter side that the dots take. */
const PART = 0.94;
const NEAR = 14;
/** What a node without a mark has instead of one. */
const UNMARKED = 65_535;
/** Rings thinner than this, in pixels, have no number. */
const RING = 19;
/** The direction in which the numbers of rings stand. */
const [ALONG, UP] = [Math.cos(-0.5), Math.sin(-0.5)];
/** Where in the palette a role's own colour is. */
const ROLE_TONES = [0, 2, 4];

/** @param {string} hex @param {number} toward 0 keeps it, 1 is the other @param {string} other */
function mix(hex, other, toward) {
  const parts = (/** @type {string} */ text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const [a, b] = [parts(hex), parts(other)];
  return [...a.map((value, at) => Math.round(value + (b[at] - value) * toward)), 255];
}

/** The rumour's hue in the tones of its age. @param {Tokens} k @param {number} epoch */
function palette(k, epoch) {
  const hue = ink(k, epoch).fill;
  const tones = [
    mix(k.rule, k.rule, 0),
    mix(hue, "#FFFFFF", 0.35),
    mix(hue, "#000000", 0),
    mix(hue, "#000000", 0.45),
    mix(hue, k.sheet, 0.55),
    mix(k.alarm, k.sheet, 0.3),
  ];
  return new Uint8Array(tones.flat());
}

/**
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Simulation} sim
 * @param {{ byMark: boolean, epoch: number, round: number, protocol: Protocol }} how
 */
export function drawSwarm(x, k, sim, how) {
  const { width, height } = x.canvas;
  sim.swarm(how.byMark);
  const tones = palette(k, how.epoch);
  const image = sim.swarmImage(width, height, tones, Math.min(how.round, UNMARKED - 1));
  x.save();
  x.setTransform(1, 0, 0, 1, 0, 0);
  x.putImageData(image, 0, 0);
  x.restore();
  const [W, H] = [x.canvas.clientWidth, x.canvas.clientHeight];
  if (how.byMark) numberRings(x, k, sim, W, H);
  if (W >= 560) legend(x, k, how.protocol, tones, H);
}

/**
 * The mark of each ring, on it; the oldest is inside.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Simulation} sim
 * @param {number} W
 * @param {number} H
 */
function numberRings(x, k, sim, W, H) {
  const { count, mark } = sim.swarm(true);
  const sizes = new Map();
  for (const one of mark) if (one !== UNMARKED) sizes.set(one, (sizes.get(one) ?? 0) + 1);
  const radius = (Math.min(W, H) * PART) / 2;
  let inside = 0;
  for (const one of [...sizes.keys()].sort((a, b) => a - b)) {
    const [inner, outer] = [inside, inside + sizes.get(one)].map((n) => radius * Math.sqrt(n / count));
    inside += sizes.get(one);
    if (outer - inner < RING) continue;
    const [px, py] = [W / 2 + (ALONG * (inner + outer)) / 2, H / 2 + (UP * (inner + outer)) / 2];
    const style = /** @type {const} */ ({ size: 13, weight: 700, align: "center" });
    x.beginPath();
    x.arc(px, py, Math.max(10, measure(x, k, String(one), style) / 2 + 4), 0, Math.PI * 2);
    x.fillStyle = k.sheet;
    x.fill();
    text(x, k, String(one), px, py + 4.5, style);
  }
}

/**
 * What the colours say.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Protocol} protocol
 * @param {Uint8Array} tones
 * @param {number} H
 */
function legend(x, k, protocol, tones, H) {
  protocol.roles.slice(0, ROLE_TONES.length).forEach((role, at, all) => {
    const y = H - 30 - 20 * (all.length - 1 - at);
    x.beginPath();
    x.arc(28, y, 5, 0, Math.PI * 2);
    x.fillStyle = `rgb(${tones.subarray(ROLE_TONES[at] * 4, ROLE_TONES[at] * 4 + 3).join(" ")})`;
    x.fill();
    text(x, k, read(role.name), 40, y + 4.5, { size: 13, color: k.ink2 });
  });
}

/**
 * The dot under a point, if one is near.
 * @param {Simulation} sim
 * @param {boolean} byMark
 * @param {number} W
 * @param {number} H
 * @param {number} px
 * @param {number} py
 */
export function dotAt(sim, byMark, W, H, px, py) {
  const { count, x, y } = sim.swarm(byMark);
  const side = Math.min(W, H) * PART;
  const [left, top] = [(W - side) / 2, (H - side) / 2];
  const [ux, uy] = [(px - left) / side, (py - top) / side];
  let best = { id: -1, away: (NEAR / side) ** 2 };
  for (let id = 0; id < count; id++) {
    const away = (x[id] - ux) ** 2 + (y[id] - uy) ** 2;
    if (away < best.away) best = { id, away };
  }
  return best.id < 0 ? null : best.id;
}

/**
 * Where a dot is on the stage.
 * @param {Simulation} sim
 * @param {boolean} byMark
 * @param {number} W
 * @param {number} H
 * @param {number} id
 */
export function dotPlace(sim, byMark, W, H, id) {
  const { x, y } = sim.swarm(byMark);
  const side = Math.min(W, H) * PART;
  return { x: (W - side) / 2 + x[id] * side, y: (H - side) / 2 + y[id] * side };
}
