// The tree of futures in the overview: the present one solid, the others dashed from where they part.

import { disc, line, measure, text } from "../draw/glyphs.js";
import { barred, drawInput } from "../draw/overview.js";
import { ink } from "../draw/tokens.js";
import { numbered, tell } from "./say.js";

/**
 * @import { Scale, Times } from "../draw/scale.js"
 * @import { Tokens } from "../draw/tokens.js"
 * @import { Ghost } from "./scout.js"
 * @import { Future, Limb } from "./tree.js"
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Rect
 * @typedef {{ id: number, x0: number, x1: number, y: number, label: Rect | null }} Drawn where a line is, and its name
 * @typedef {{ present: Future, limbs: Limb[], hidden: number, ghosts: Map<number, Ghost>, names: Map<number, string>,
 *   lit: number | null, over: { id: number, t: number } | null }} Shown
 * @typedef {{ x: CanvasRenderingContext2D, k: Tokens, t: Times, s: Scale, shown: Shown, taken: Rect[] }} Pen
 */

/** Where the present one lies, how far rows are apart, and how far a line goes before it is level. */
const [TOP, STEP, BEND] = [40, 22, 16];
const DASH = [4, 3];
const SIGN = 9;

/** What so many rows take beyond the one that is there anyway. @param {number} rows @param {boolean} narrow */
export const heightOf = (rows, narrow) => rows * STEP + (narrow ? 26 : 12);

/** How many rows there is room for, where so much is left to them. @param {number} room */
export const rowsIn = (room) => Math.max(1, Math.min(3, Math.floor(room / STEP)));

const levelOf = (/** @type {number} */ row) => TOP + row * STEP;

/** @param {Rect} a @param {Rect} b */
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Draws it all; gives where lines and names are.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s @param {Shown} shown
 * @returns {{ drawn: Drawn[], more: Rect | null }}
 */
export function drawTree(x, k, t, s, shown) {
  /** @type {Pen} */
  const pen = { x, k, t, s, shown, taken: [] };
  const more = head(pen);
  const drawn = [...shown.limbs].reverse().map((limb) => ({ limb, ...lineOf(pen, limb) }));
  line(x, s.x0, TOP, s.over(Math.max(t.end, t.now)), TOP, k.ink, 3);
  const signs = signsOf(pen);
  for (const one of drawn) one.label = nameLimb(pen, one.limb, one.x0);
  for (const { limb, y } of drawn) marksOf(pen, shown.ghosts.get(limb.future.id)?.marks ?? [], y, limb.at, true);
  marksOf(pen, t.chronicle.marks, TOP, 0, false);
  signs.forEach(({ px, kind }, at) => sign(pen, px, kind, at > 0 && px - signs[at - 1].px < 2 * SIGN - 2));
  sameInAll(pen);
  const over = drawn.find(({ id }) => id === shown.over?.id);
  if (over && shown.over) ring(pen, s.over(shown.over.t), over.y, 5, k.ink);
  return { drawn: drawn.reverse().map(({ id, x0, x1, y, label }) => ({ id, x0, x1, y, label })), more };
}

/** The name of the row, where there is room left of it, and what has no row. @param {Pen} pen @returns {Rect | null} */
function head({ x, k, t, shown }) {
  const narrow = t.W < 560;
  if (!narrow) text(x, k, tell(t.words, "title"), 22, TOP + 4.5, { size: 13, color: k.ink2 });
  if (!shown.hidden) return null;
  const [words, left, y] = [tell(t.words, "more", { n: shown.hidden }), narrow ? 10 : 22, levelOf(1) + 4.5];
  const style = { size: narrow ? 11.5 : 12.5, color: k.ink3 };
  text(x, k, words, left, y, style);
  return { left: left - 4, right: left + measure(x, k, words, style) + 4, top: y - 16, bottom: y + 8 };
}

/** @param {Pen} pen @param {Limb} limb @returns {Drawn} */
function lineOf({ x, k, s, shown }, limb) {
  const { id, end } = limb.future;
  const [x0, y] = [s.over(limb.at), levelOf(limb.row)];
  const above = shown.limbs.find(({ future }) => future === limb.from);
  const from = above ? levelOf(above.row) : TOP;
  const x1 = Math.max(s.over(end), x0 + BEND + 8);
  const lit = shown.lit === id;
  [x.strokeStyle, x.lineWidth] = [lit ? k.ink : k.ghost, lit ? 1.75 : 1.5];
  x.setLineDash(DASH);
  x.beginPath();
  x.moveTo(x0, from);
  x.bezierCurveTo(x0 + 11, from, x0 + 3, y, x0 + BEND, y);
  x.lineTo(x1, y);
  x.stroke();
  x.setLineDash([]);
  line(x, x1, y - 5, x1, y + 5, x.strokeStyle, x.lineWidth);
  return { id, x0, x1, y, label: null };
}

/**
 * The first input of its own, and its name: right of where it leaves, or left where there is no room.
 * @param {Pen} pen @param {Limb} limb @param {number} x0
 */
function nameLimb({ x, k, s, t, shown, taken }, limb, x0) {
  const { future, row, own } = limb;
  const [y, lit] = [levelOf(row), shown.lit === future.id];
  const input = future.inputs[own];
  const at = Math.max(x0 + BEND + SIGN, input ? s.over(input.time) : 0);
  if (input) {
    disc(x, at, y, 6.5, k.sheet);
    drawInput(x, k, input.kind, at, y, lit ? k.ink : k.ink2);
  }
  const style = { size: 13, weight: lit ? 600 : 400, color: lit ? k.ink : k.ink2, halo: k.sheet };
  const name = shown.names.get(future.id) ?? "";
  const left = input ? at + 11 : x0 + BEND + 4;
  const room = Math.max(s.x1 + 8 - left, x0 - s.x0 - 6);
  const words = fitted(x, k, name, room, style);
  const wide = measure(x, k, words, style);
  const rectAt = (/** @type {number} */ px, /** @type {number} */ base) => ({
    ...{ px, base, left: px - 4, right: px + wide + 4, top: base - 10, bottom: base + 2 },
  });
  const [right, leftOf] = [rectAt(left, y - 5), rectAt(x0 - 4 - wide, y - 1)];
  const now = s.over(t.now);
  // Neither beyond the sheet, nor under the line of now.
  const crossed = right.right > s.x1 + 12 || (now > right.left && now < right.right);
  const fits = leftOf.left > s.x0 && !taken.some((one) => meet(one, leftOf));
  const rect = crossed && (fits || right.right > s.x1 + 12) ? leftOf : right;
  text(x, k, words, rect.px, rect.base, style);
  taken.push(rect);
  return rect;
}

/**
 * As much of a name as there is room for.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {string} name @param {number} room
 * @param {import("../draw/glyphs.js").TextStyle} style
 */
function fitted(x, k, name, room, style) {
  if (measure(x, k, name, style) <= room) return name;
  let n = name.length - 1;
  while (n > 3 && measure(x, k, `${name.slice(0, n)}…`, style) > room) n--;
  return `${name.slice(0, n).trim()}…`;
}

/**
 * Where others leave the present one by an input that it has itself: its signs, and the name of the first.
 * @param {Pen} pen
 */
function signsOf({ x, k, s, shown, taken }) {
  const { present, limbs, names } = shown;
  const places = limbs.flatMap((limb) => (limb.from === present && present.inputs[limb.own] ? [limb.own] : []));
  const signs = [...new Set(places)]
    .sort((a, b) => a - b)
    .map((place) => ({ px: s.over(present.inputs[place].time), kind: present.inputs[place].kind }));
  if (signs.length) {
    const style = { size: 13, weight: 700, color: k.ink, halo: k.sheet };
    const name = names.get(present.id) ?? "";
    const wide = measure(x, k, name, style);
    // Right of the first sign that leaves room for it before the next, or of the last.
    const roomAt = (/** @type {number} */ at) => (signs[at + 1]?.px - SIGN || s.x1 + 8) - signs[at].px - BEND;
    const at = signs.findIndex((_, place) => roomAt(place) > wide + 4 || place === signs.length - 1);
    const left = signs[at].px + BEND;
    const words = fitted(x, k, name, Math.max(60, roomAt(at)), style);
    text(x, k, words, left, TOP - 8, style);
    taken.push({ left: left - 4, right: left + measure(x, k, words, style) + 4, top: TOP - 20, bottom: TOP - 4 });
  }
  return signs;
}

/**
 * @param {Pen} pen
 * @param {number} px @param {number} y @param {number} r @param {string} color @param {number} [width]
 */
function ring({ x, k }, px, y, r, color, width = 2) {
  disc(x, px, y, r, k.sheet);
  x.beginPath();
  x.arc(px, y, r, 0, Math.PI * 2);
  x.strokeStyle = color;
  x.lineWidth = width;
  x.stroke();
}

/**
 * A sign on the present one; one that stands too close to another is a dot.
 * @param {Pen} pen @param {number} px @param {string} kind @param {boolean} close
 */
function sign(pen, px, kind, close) {
  if (close) return ring(pen, px, TOP, 4, pen.k.ink, 1.5);
  ring(pen, px, TOP, SIGN, pen.k.ink, 1.5);
  drawInput(pen.x, pen.k, kind, px, TOP);
}

/**
 * Marks of the first row on a line; on a ghost also what stands in cells, small.
 * @param {Pen} pen @param {ArrayLike<number>} marks @param {number} y @param {number} from @param {boolean} ghost
 */
function marksOf(pen, marks, y, from, ghost) {
  const { x, k, t, s } = pen;
  const isBarred = barred(t);
  for (let at = 0; at + 5 < marks.length; at += 6) {
    const [time, row, glyph, epoch, number] = [0, 1, 2, 3, 4].map((n) => marks[at + n]);
    const cell = glyph === 2;
    if (time < from || (row !== 0 && !(ghost && cell)) || (!ghost && isBarred(row, glyph, epoch))) continue;
    const [px, hue] = [s.over(time), ink(k, epoch)];
    x.globalAlpha = ghost ? 0.8 : 1;
    if (cell) {
      x.fillStyle = hue.fill;
      const size = ghost ? 6 : 12;
      x.fillRect(px - size / 2, y - size / 2, size, size);
    } else if (glyph === 1) {
      disc(x, px, y, ghost ? 5.5 : 6.5, k.sheet);
      disc(x, px, y, ghost ? 4.5 : 5.5, hue.fill);
    } else ring(pen, px, y, 3.6, hue.fill, 1.5);
    x.globalAlpha = 1;
    if (glyph === 1) numeral(pen, String(epoch), px, y, hue.text, ghost);
    else if (cell && !ghost && number < 1000) numeral(pen, String(number), px, y, hue.text, false);
  }
}

/**
 * The number of an epoch, where nothing else is written.
 * @param {Pen} pen @param {string} words @param {number} px @param {number} y @param {string} color
 * @param {boolean} ghost
 */
function numeral({ x, k, taken }, words, px, y, color, ghost) {
  const style = { size: ghost ? 12 : 13, weight: 700, color };
  const wide = measure(x, k, words, style);
  const [left, base] = ghost ? [px - wide - 3, y + 14] : [px + 8, y - 7];
  const rect = { left: left - 1, right: left + wide + 1, top: base - 10, bottom: base + 1 };
  if (taken.some((one) => meet(one, rect))) return;
  taken.push(rect);
  text(x, k, words, left, base, style);
}

/** What all have in common is drawn once, and said once. @param {Pen} pen */
function sameInAll({ x, k, t, s, shown, taken }) {
  const all = shown.limbs.length + shown.hidden + 1;
  const words = tell(t.words, all === 2 ? "same-2" : "same", { n: numbered(t.words, all) });
  const style = { size: 12.5, color: k.ink3 };
  const [wide, end] = [measure(x, k, words, style), Math.min(...shown.limbs.map((limb) => s.over(limb.at)))];
  const left = s.x0 + Math.max(8, (end - s.x0 - wide) * 0.4);
  const rect = { left, right: left + wide, top: TOP + 6, bottom: TOP + 22 };
  if (left + wide + 10 > end || taken.some((one) => meet(one, rect))) return;
  text(x, k, words, left, TOP + 18, style);
}
