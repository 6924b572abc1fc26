// Clusters too large for one object a node: a dot each, filled in the module's memory.

import { measure, text } from "./draw/glyphs.js";
import { ink } from "./draw/tokens.js";

/**
 * @import { Protocol, Simulation } from "./pkg/synod.js"
 * @import { Tokens } from "./draw/tokens.js"
 * @import { Words } from "./words.js"
 * @typedef {{ byMark: boolean, epoch: number, newest: number, protocol: Protocol, words: Words }} How
 * @typedef {{ x: number, y: number, w: number, h: number, tones: number[], text: string, size: number }} Entry
 */

/** The part of the shorter side that the dots take. */
const PART = 0.94;
const NEAR = 14;
/** What a node without a mark has instead of one. */
const UNMARKED = 65_535;
/** Rings thinner than this, in pixels, have no number. */
const RING = 23;
/** The direction in which the numbers of rings stand. */
const [ALONG, UP] = [Math.cos(-0.5), Math.sin(-0.5)];
/** Where in the palette a role's own colour is, by what it may do: those who command tell, those who ask are done. */
const ROLE_TONES = { follows: 0, commands: 2, asks: 4 };
const MOST_ROLES = 3;
const [NEWEST, ODD, DOWN] = [1, 3, 5];
/** Whoever knows is at least so large, in px. */
const LEAST = 2;

/** @param {string} hex @param {number} toward 0 keeps it, 1 is the other @param {string} other */
function mix(hex, other, toward) {
  const parts = (/** @type {string} */ text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const [a, b] = [parts(hex), parts(other)];
  return [...a.map((value, at) => Math.round(value + (b[at] - value) * toward)), 255];
}

/**
 * The rumour's hue in tones: the newest stand out most, those who stopped least. Rounds alternate only where nodes
 * are arranged by them.
 * @param {Tokens} k @param {number} epoch @param {boolean} byMark
 */
export function palette(k, epoch, byMark) {
  const hue = ink(k, epoch);
  const telling = k.dark ? hue.text : hue.fill;
  const tones = [
    mix(k.dark ? k.rule : k.ghost, k.sheet, k.dark ? 0 : 0.55),
    mix(telling, k.ink, k.dark ? 0.75 : 0.7),
    mix(telling, k.sheet, 0),
    mix(telling, k.sheet, byMark ? 0.24 : 0),
    mix(hue.fill, k.sheet, k.dark ? 0.22 : 0.45),
    mix(k.alarm, k.sheet, 0.15),
  ];
  return new Uint8Array(tones.flat());
}

/**
 * What every colour says, in a corner that the dots leave free, or in lines at the foot of the stage.
 * @param {number} W @param {number} H @param {How} how @param {(text: string, size: number) => number} wide
 * @param {number} s how much larger than usual text is
 * @returns {{ entries: Entry[], foot: number }} `foot` is what they take of the height
 */
export function arrangeLegend(W, H, { byMark, protocol, words }, wide, s) {
  const said = protocol.roles.slice(0, MOST_ROLES).map(({ name, authority }) => ({
    text: words.read(name),
    tones: byMark && authority === "commands" ? [ROLE_TONES[authority], ODD] : [ROLE_TONES[authority]],
  }));
  said.splice(1, 0, { text: words.say("just-now"), tones: [NEWEST] });
  said.push({ text: words.say("crashed"), tones: [DOWN] });
  const size = 13 * s;
  const [dot, high] = [12 * s, 20 * s];
  const entry = (/** @type {typeof said[number]} */ one, /** @type {number} */ x, /** @type {number} */ y) => {
    const lead = dot * one.tones.length + 6 * s;
    return { ...one, x, y, size, w: lead + wide(one.text, size), h: high };
  };
  const column = said.map((one, at) => entry(one, 20, H - 20 - high * (said.length - at)));
  const corner = { x: Math.max(...column.map((one) => one.x + one.w)), y: column[0].y };
  const radius = (Math.min(W, H) * PART) / 2;
  if (Math.hypot(corner.x - W / 2, corner.y - H / 2) > radius + 4 && corner.x < W / 2 && corner.y > H / 2)
    return { entries: column, foot: 0 };
  /** @type {Entry[]} */
  const row = [];
  let [x, line] = [14, 0];
  for (const one of said) {
    const width = entry(one, 0, 0).w;
    if (x > 14 && x + width > W - 14) [x, line] = [14, line + 1];
    row.push(entry(one, x, line * high));
    x += width + 14 * s;
  }
  const foot = (line + 1) * high + 16;
  return { entries: row.map((one) => ({ ...one, y: H - foot + 2 + one.y })), foot };
}

/**
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Simulation} sim @param {How} how
 * @param {{ W: number, H: number }} size
 * @returns {number} the height that is left to the dots
 */
export function drawSwarm(x, k, sim, how, { W, H }) {
  const wide = (/** @type {string} */ words, /** @type {number} */ size) => measure(x, k, words, { size });
  const { entries, foot } = arrangeLegend(W, H, how, wide, k.scale);
  const density = x.canvas.width / Math.max(1, W);
  const [width, height] = [x.canvas.width, Math.max(1, Math.round((H - foot) * density))];
  sim.swarm(how.byMark);
  const tones = palette(k, how.epoch, how.byMark);
  const image = sim.swarmImage(width, height, tones, Math.min(how.newest, UNMARKED - 1), Math.round(LEAST * density));
  x.save();
  x.setTransform(1, 0, 0, 1, 0, 0);
  x.clearRect(0, 0, x.canvas.width, x.canvas.height);
  x.putImageData(image, 0, 0);
  x.restore();
  if (how.byMark) numberRings(x, k, sim, W, H - foot);
  for (const one of entries) drawEntry(x, k, one, tones);
  return H - foot;
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
  const size = 13 * k.scale;
  let inside = 0;
  for (const one of [...sizes.keys()].sort((a, b) => a - b)) {
    const [inner, outer] = [inside, inside + sizes.get(one)].map((n) => radius * Math.sqrt(n / count));
    inside += sizes.get(one);
    if (outer - inner < RING * k.scale) continue;
    const [px, py] = [W / 2 + (ALONG * (inner + outer)) / 2, H / 2 + (UP * (inner + outer)) / 2];
    const style = /** @type {const} */ ({ size, weight: 700, align: "center" });
    x.beginPath();
    x.arc(px, py, Math.max(10 * k.scale, measure(x, k, String(one), style) / 2 + 4), 0, Math.PI * 2);
    x.fillStyle = k.sheet;
    x.fill();
    text(x, k, String(one), px, py + size * 0.35, style);
  }
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Entry} one @param {Uint8Array} tones */
function drawEntry(x, k, one, tones) {
  const dot = (12 * one.size) / 13;
  const middle = one.y + one.h / 2;
  one.tones.forEach((tone, at) => {
    x.beginPath();
    x.arc(one.x + dot * (at + 0.5), middle, dot * 0.42, 0, Math.PI * 2);
    x.fillStyle = `rgb(${tones.subarray(tone * 4, tone * 4 + 3).join(" ")})`;
    x.fill();
  });
  const left = one.x + dot * one.tones.length + (6 * one.size) / 13;
  text(x, k, one.text, left, middle + one.size * 0.35, { size: one.size, color: k.ink2 });
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
