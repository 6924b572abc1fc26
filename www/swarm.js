// Clusters too large for one object a node: a dot each, filled in the module's memory.

/**
 * @import { Simulation } from "./pkg/synod.js"
 * @import { Tokens } from "./draw/tokens.js"
 */

/** The part of the shorter side that the dots take. */
const PART = 0.94;
const NEAR = 14;

/** @param {string} hex @param {number} toward 0 keeps it, 1 is the other @param {string} other */
function mix(hex, other, toward) {
  const parts = (/** @type {string} */ text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const [a, b] = [parts(hex), parts(other)];
  return [...a.map((value, at) => Math.round(value + (b[at] - value) * toward)), 255];
}

/** The rumour's hue in the tones of its age. @param {Tokens} k @param {number} epoch */
function palette(k, epoch) {
  const hue = k.inks[epoch > 0 ? ((epoch - 1) % 8) + 1 : 0].fill;
  const tones = [mix(k.rule, k.rule, 0), mix(hue, "#FFFFFF", 0.35), mix(hue, "#000000", 0), mix(hue, "#000000", 0.45), mix(hue, k.sheet, 0.55), mix(k.alarm, k.sheet, 0.3)];
  return new Uint8Array(tones.flat());
}

/**
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Simulation} sim
 * @param {{ byMark: boolean, epoch: number, round: number }} how
 */
export function drawSwarm(x, k, sim, how) {
  const { width, height } = x.canvas;
  sim.swarm(how.byMark);
  const image = sim.swarmImage(width, height, palette(k, how.epoch), Math.min(how.round, 65_534));
  x.save();
  x.setTransform(1, 0, 0, 1, 0, 0);
  x.putImageData(image, 0, 0);
  x.restore();
}

/** The dot under a point, if one is near. @param {Simulation} sim @param {boolean} byMark @param {number} W @param {number} H @param {number} px @param {number} py */
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

/** Where a dot is on the stage. @param {Simulation} sim @param {boolean} byMark @param {number} W @param {number} H @param {number} id */
export function dotPlace(sim, byMark, W, H, id) {
  const { x, y } = sim.swarm(byMark);
  const side = Math.min(W, H) * PART;
  return { x: (W - side) / 2 + x[id] * side, y: (H - side) / 2 + y[id] * side };
}
