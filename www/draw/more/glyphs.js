// Glyphs of what some protocols keep: locks, records on a disk, registers, phases, turnstiles. In the proportions and
// channels of all glyphs: hue is the epoch, hatched is not settled, vermilion is no, lost or broken, ink is time.

import { cross, disc, hatch, line, round, text } from "../glyphs.js";
import { ink } from "../tokens.js";

/**
 * @import { Register, Written } from "../../more.js"
 * @import { Ink, Tokens } from "../tokens.js"
 * @typedef {CanvasRenderingContext2D} Ctx
 */

const TAU = Math.PI * 2;

/**
 * The ink of an epoch, or plain ink where it is none.
 * @param {Tokens} k @param {number | string | null | undefined} epoch @returns {Ink}
 */
export const inkOf = (k, epoch) =>
  typeof epoch === "number" && epoch > 0 ? ink(k, epoch) : { fill: k.ink2, on: k.sheet, tint: k.hair, text: k.ink2 };

/**
 * A box whose content is not settled.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box @param {string} tint @param {string} edge
 * @param {number[]} [dash]
 */
export function open(x, k, [left, top, w, h], tint, edge, dash) {
  const path = () => round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, 2.5);
  path();
  x.fillStyle = k.sheet;
  x.fill();
  hatch(x, path, [left, top, w, h], tint, 5, 2.4);
  path();
  x.strokeStyle = edge;
  x.lineWidth = 1.5;
  if (dash) x.setLineDash(dash);
  x.stroke();
  if (dash) x.setLineDash([]);
}

/**
 * A lock in the colour of who holds it.
 * @param {Ctx} x @param {Tokens} k @param {number} cx @param {number} cy @param {number} s its width
 * @param {string} color @param {boolean} [free]
 */
export function lock(x, k, cx, cy, s, color, free = false) {
  const [h, r] = [s * 0.78, s * 0.3];
  x.save();
  x.translate(cx, cy);
  x.lineCap = x.lineJoin = "round";
  x.strokeStyle = color;
  x.lineWidth = Math.max(1.4, s * 0.17);
  x.beginPath();
  if (free) {
    x.arc(-r * 1.1, -h * 0.42, r, Math.PI, 0);
    x.lineTo(-r * 0.1, 0);
  } else {
    x.moveTo(-r, 0);
    x.lineTo(-r, -h * 0.42);
    x.arc(0, -h * 0.42, r, Math.PI, 0);
    x.lineTo(r, 0);
  }
  x.stroke();
  round(x, -s / 2, -h * 0.06, s, h * 0.78, s * 0.14);
  x.fillStyle = free ? k.sheet : color;
  x.fill();
  if (free) x.stroke();
  disc(x, 0, h * 0.28, s * 0.1, free ? color : k.sheet);
  x.restore();
}

/** @param {Ctx} x @param {number} cx @param {number} cy @param {number} r @param {string} color */
export function clock(x, cx, cy, r, color) {
  x.strokeStyle = color;
  x.lineWidth = 1.6;
  x.beginPath();
  x.arc(cx, cy, r, 0, TAU);
  x.moveTo(cx, cy - r * 0.55);
  x.lineTo(cx, cy);
  x.lineTo(cx + r * 0.45, cy + r * 0.25);
  x.stroke();
}

/**
 * What it decided: a tick in the hue, or a vermilion bar.
 * @param {Ctx} x @param {Tokens} k @param {number} cx @param {number} cy @param {number} r @param {boolean} yes
 * @param {Ink} hue
 */
export function decided(x, k, cx, cy, r, yes, hue) {
  disc(x, cx, cy, r + 2, k.sheet);
  x.lineCap = x.lineJoin = "round";
  x.lineWidth = Math.max(1.4, r * 0.26);
  if (yes) {
    disc(x, cx, cy, r, hue.fill);
    x.strokeStyle = hue.on;
    x.beginPath();
    x.moveTo(cx - 0.44 * r, cy + 0.04 * r);
    x.lineTo(cx - 0.1 * r, cy + 0.38 * r);
    x.lineTo(cx + 0.48 * r, cy - 0.34 * r);
  } else {
    x.strokeStyle = k.alarm;
    x.beginPath();
    x.arc(cx, cy, r * 0.92, 0, TAU);
    x.moveTo(cx - 0.58 * r, cy + 0.58 * r);
    x.lineTo(cx + 0.58 * r, cy - 0.58 * r);
  }
  x.stroke();
  x.lineCap = "butt";
}

/**
 * What a badge is drawn as, on a disc of ink.
 * @param {Ctx} x @param {Tokens} k @param {string} id @param {number} cx @param {number} cy @param {number} r
 */
export function badge(x, k, id, cx, cy, r) {
  disc(x, cx, cy, r + 1.5, k.sheet);
  disc(x, cx, cy, r, k.ink);
  x.strokeStyle = x.fillStyle = k.sheet;
  x.lineWidth = Math.max(1.2, r * 0.18);
  x.lineCap = "round";
  x.beginPath();
  if (id === "locked") lock(x, { ...k, sheet: k.ink }, cx, cy + r * 0.08, r * 0.86, k.sheet);
  else if (id === "leased") {
    x.arc(cx - r * 0.26, cy, r * 0.28, 0, TAU);
    x.moveTo(cx + r * 0.04, cy);
    x.lineTo(cx + r * 0.58, cy);
    x.lineTo(cx + r * 0.58, cy + r * 0.28);
    x.stroke();
  } else if (id === "blocked") clock(x, cx, cy, r * 0.55, k.sheet);
  else if (id === "paused") {
    x.fillRect(cx - r * 0.36, cy - r * 0.4, r * 0.24, r * 0.8);
    x.fillRect(cx + r * 0.12, cy - r * 0.4, r * 0.24, r * 0.8);
  } else if (id === "damaged") {
    x.moveTo(cx, cy - r * 0.5);
    x.lineTo(cx, cy + r * 0.12);
    x.stroke();
    disc(x, cx, cy + r * 0.46, r * 0.13, k.sheet);
  } else disc(x, cx, cy, r * 0.3, k.sheet);
  x.lineCap = "butt";
}

/**
 * How wide a record is.
 * @param {(text: string, size: number, weight: number) => number} wide @param {Written} one @param {number} s
 */
export const recordWide = (wide, one, s) => wide(String(one.epoch), 12 * s, 700) + wide(one.word, 12 * s, 600) + 17 * s;

/**
 * A record: on the disk it stands on two legs, in memory it floats, and what was lost is crossed out.
 * @param {Ctx} x @param {Tokens} k @param {{ x: number, y: number, w: number, h: number }} at @param {Written} one
 * @param {number} s
 */
export function record(x, k, { x: left, y: top, w }, one, s) {
  const [hue, h, forced] = [inkOf(k, one.epoch), 22 * s, one.forced === "yes"];
  const solid = one.settled === true && forced;
  if (solid) {
    round(x, left, top, w, h, 3);
    x.fillStyle = hue.fill;
    x.fill();
  } else open(x, k, [left, top, w, h], hue.tint, hue.fill, forced ? undefined : [3.5, 2.5]);
  const base = top + h / 2 + 4.4 * s;
  const color = solid ? hue.on : k.ink;
  const halo = solid ? null : k.sheet;
  text(x, k, String(one.epoch), left + 6 * s, base, { size: 12 * s, weight: 700, color, halo });
  text(x, k, one.word, left + w - 6 * s, base, { size: 12 * s, weight: 600, color, halo, align: "right" });
  if (forced)
    for (const part of [0.28, 0.72]) line(x, left + w * part, top + h, left + w * part, top + h + 6 * s, k.ink, 2);
  if (one.forced === "lost") cross(x, k, left + w / 2, top + h / 2, 6);
}

/**
 * One part of a register: its number, then what it holds.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box @param {number | null} epoch @param {string} words
 * @param {boolean} pending @param {number} s
 */
export function held(x, k, [left, top, w, h], epoch, words, pending, s) {
  const hue = inkOf(k, epoch);
  const chip = epoch === null ? 0 : chipOf(epoch, s);
  if (pending) open(x, k, [left, top, w, h], hue.tint, hue.fill);
  else {
    round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, 3);
    x.fillStyle = k.sheet;
    x.fill();
    if (chip) {
      x.beginPath();
      x.roundRect(left, top, chip, h, [3, 0, 0, 3]);
      x.fillStyle = hue.fill;
      x.fill();
    }
    round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, 3);
    x.strokeStyle = hue.fill;
    x.lineWidth = 1.5;
    x.stroke();
  }
  const halo = pending ? k.sheet : null;
  const base = top + h / 2 + 4.7 * s;
  if (chip) {
    if (pending) line(x, left + chip, top + 1, left + chip, top + h - 1, hue.fill, 1.5);
    const style = { size: 13 * s, weight: 700, color: pending ? k.ink : hue.on, halo };
    text(x, k, String(epoch), left + chip / 2 + 0.5, base, { ...style, align: "center" });
  }
  text(x, k, words, left + chip + 7 * s, base - 0.2, { size: 13 * s, font: k.mono, halo });
}

/** How wide the field of a number is. @param {number} epoch @param {number} s */
export const chipOf = (epoch, s) => (epoch > 99 ? 30 : epoch > 9 ? 25 : 20) * s;

/**
 * Who waits for a lock.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box @param {number | string} who @param {number} s
 */
export function waiter(x, k, [left, top, w, h], who, s) {
  const hue = inkOf(k, who);
  line(x, left, top + h / 2, left + 10 * s, top + h / 2, k.ghost, 1.25, [2, 3]);
  open(x, k, [left + 12 * s, top + 3 * s, w - 12 * s, h - 6 * s], hue.tint, hue.fill);
  const style = /** @type {const} */ ({ weight: 700, align: "center" });
  text(x, k, String(who), left + 6 * s + w / 2, top + h / 2 + 4.5 * s, { ...style, size: 12.5 * s, halo: k.sheet });
}

/**
 * A phase of a track.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box @param {string} state @param {number} epoch
 */
export function phase(x, k, [left, top, w, h], state, epoch) {
  const hue = inkOf(k, epoch);
  const path = () => round(x, left + 0.6, top + 0.6, w - 1.2, h - 1.2, 1.5);
  path();
  if (state === "done") {
    x.fillStyle = hue.fill;
    x.fill();
    return;
  }
  x.fillStyle = k.sheet;
  x.fill();
  if (state === "now") hatch(x, path, [left, top, w, h], hue.fill, 3.6, 1.5);
  path();
  x.strokeStyle = state === "failed" ? k.alarm : state === "now" ? hue.fill : k.rule;
  x.lineWidth = 1.4;
  x.setLineDash(state === "failed" ? [3, 2.5] : []);
  x.stroke();
  x.setLineDash([]);
}

/**
 * The highest number that a gate let in, over its wheel.
 * @param {Ctx} x @param {Tokens} k @param {number} left @param {number} top @param {number} highest @param {number}
 * s
 */
export function turnstile(x, k, left, top, highest, s) {
  const hue = inkOf(k, highest);
  const [w, h] = [38 * s, 62 * s];
  round(x, left + 1, top + 1, w - 2, h - 2, 6 * s);
  x.fillStyle = k.sheet;
  x.fill();
  x.strokeStyle = k.ink;
  x.lineWidth = 1.75;
  x.stroke();
  round(x, left + 5 * s, top + 5 * s, w - 10 * s, 22 * s, 3);
  x.fillStyle = hue.fill;
  x.fill();
  const style = /** @type {const} */ ({ weight: 700, align: "center" });
  text(x, k, String(highest), left + w / 2, top + 21 * s, { ...style, size: 14 * s, color: hue.on });
  const [cx, cy] = [left + w / 2 + 3 * s, top + 44 * s];
  x.lineCap = "round";
  for (const [turn, far] of [
    [Math.PI, 19],
    [(5 * Math.PI) / 3, 12],
    [Math.PI / 3, 12],
  ])
    line(x, cx, cy, cx + far * s * Math.cos(turn), cy + far * s * Math.sin(turn), k.ink, 2.8 * s);
  x.lineCap = "butt";
  disc(x, cx, cy, 4.4 * s, k.ink);
}

/**
 * One that came to a gate: let in, or refused.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box @param {number} token @param {boolean} admitted
 * @param {number} s
 */
export function admission(x, k, [left, top, w, h], token, admitted, s) {
  const hue = inkOf(k, token);
  round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, 3);
  x.fillStyle = admitted ? hue.fill : k.sheet;
  x.fill();
  if (!admitted) {
    x.strokeStyle = k.alarm;
    x.lineWidth = 1.75;
    x.stroke();
  }
  const style = /** @type {const} */ ({ weight: 700, align: "center" });
  const color = admitted ? hue.on : k.ink;
  text(x, k, String(token), left + w / 2, top + h / 2 + 4.8 * s, { ...style, size: 13 * s, color });
  if (!admitted) line(x, left + 4, top + h - 4, left + w - 4, top + 4, k.alarm, 2);
}

/**
 * A cell in two fields: the epoch, and the place in it.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box
 * @param {{ epoch: number, minor?: number | null, state: string }} cell @param {number} s
 */
export function cell(x, k, [left, top, w, h], { epoch, minor, state }, s) {
  const hue = inkOf(k, epoch);
  const { size, base } = { size: 12.5 * s, base: top + h / 2 + 4.5 * s };
  if (state === "expected") {
    round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, 2.5);
    x.setLineDash([3, 3]);
    x.strokeStyle = k.ghost;
    x.lineWidth = 1.2;
    x.stroke();
    x.setLineDash([]);
    return;
  }
  const gone = state === "cut" || state === "undone";
  const solid = !gone && state !== "pending";
  const before = x.globalAlpha;
  if (gone) x.globalAlpha = before * 0.5;
  const radius = state === "configuration" ? h / 2 : 3;
  const field = minor === undefined || minor === null ? w : w * 0.47;
  if (solid) {
    round(x, left, top, w, h, radius);
    x.fillStyle = field < w ? hue.tint : hue.fill;
    x.fill();
    if (field < w) {
      x.beginPath();
      x.roundRect(left, top, field, h, [3, 0, 0, 3]);
      x.fillStyle = hue.fill;
      x.fill();
    }
    round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, radius);
    x.strokeStyle = hue.fill;
    x.lineWidth = 1.5;
    x.stroke();
  } else open(x, k, [left, top, w, h], hue.tint, hue.fill);
  if (state === "snapshot") line(x, left + 2, top - 2, left + w - 2, top - 2, hue.fill, 1.5);
  const style = /** @type {const} */ ({ size, weight: 700, align: "center" });
  text(x, k, String(epoch), left + field / 2, base, { ...style, color: solid ? hue.on : k.ink });
  if (field < w) {
    if (!solid) line(x, left + field, top + 1.5, left + field, top + h - 1.5, hue.fill, 1.25);
    text(x, k, String(minor), left + (field + w) / 2, base, { ...style, weight: 600 });
  }
  x.globalAlpha = before;
  if (gone) cross(x, k, left + w / 2, top + h / 2, 6 * s);
}
