// Rectangles and discs: what a box may cover, and how far things are from each other.

/**
 * @import { Align, Box, Disc, Form, Part, Rect, Room } from "../arrange.js"
 * @import { Place } from "../layout.js"
 */

/** What belongs to a node about its body: rings and rim. */
export const REACH = 1.5;

/** Between two boxes, and between a box and a disc. */
const GAP = 3;

/** What a node takes, with a ring about it where a property names it, and the lassos about it. @param {Place} place */
export const discOf = ({ x, y, r, ringed, pad = 0 }) => ({ x, y, r: r * REACH + (ringed ? 10 : 2) + pad });

/** The part of the sheet that may be written on. @param {number} W @param {number} H */
export const boundsOf = (W, H) => ({ x: 11, y: 6, w: W - 22, h: H - 20 });

/** @param {Rect} a @param {Rect} b @param {number} [gap] */
export const overlap = (a, b, gap = 0) =>
  a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;

/** @param {Rect} rect @param {Disc} disc @param {number} [gap] */
export function touches(rect, disc, gap = 0) {
  const dx = disc.x - Math.max(rect.x, Math.min(rect.x + rect.w, disc.x));
  const dy = disc.y - Math.max(rect.y, Math.min(rect.y + rect.h, disc.y));
  // What stands exactly on its edge touches nothing, whatever the arithmetic makes of it.
  return dx * dx + dy * dy < (disc.r + gap) ** 2 - 0.01;
}

/** @param {Rect} inner @param {Rect} outer */
export const within = (inner, outer) =>
  inner.x >= outer.x - 0.01 &&
  inner.y >= outer.y - 0.01 &&
  inner.x + inner.w <= outer.x + outer.w + 0.01 &&
  inner.y + inner.h <= outer.y + outer.h + 0.01;

/** @param {Rect} rect @param {Room} room */
export const free = (rect, room) =>
  within(rect, room.bounds) &&
  !room.discs.some((disc) => touches(rect, disc)) &&
  !room.rects.some((other) => overlap(rect, other, GAP));

/**
 * How much of a straight line lies in a rectangle: from where to where, 0 to 1, or null.
 * @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b @param {Rect} rect
 * @returns {[number, number] | null}
 */
export function inside(a, b, rect) {
  let [from, to] = [0, 1];
  for (const [at, by, low, high] of [
    [a.x, b.x - a.x, rect.x, rect.x + rect.w],
    [a.y, b.y - a.y, rect.y, rect.y + rect.h],
  ]) {
    if (Math.abs(by) < 1e-9) {
      if (at < low || at > high) return null;
      continue;
    }
    const [p, q] = [(low - at) / by, (high - at) / by];
    from = Math.max(from, Math.min(p, q));
    to = Math.min(to, Math.max(p, q));
  }
  return from < to ? [from, to] : null;
}

/** @param {Form} form @param {number} x @param {number} y @param {Align} align @returns {Part[]} */
function partsOf(form, x, y, align) {
  let top = y;
  return form.rows.flatMap((row) => {
    const left = x + { left: 0, right: form.w - row.w, center: (form.w - row.w) / 2 }[align];
    const parts = align === "right" ? (row.mirrored ?? row.parts) : row.parts;
    const placed = parts.map((part) => ({ ...part, x: left + part.x, y: top + part.y }));
    top += row.h;
    return placed;
  });
}

/**
 * @param {Box["kind"]} kind @param {string | number} id @param {Form} form @param {Rect & { align: Align }} at
 * @returns {Box}
 */
export const boxOf = (kind, id, form, at) => ({
  ...{ kind, id, x: at.x, y: at.y, w: at.w, h: at.h },
  parts: partsOf(form, at.x, at.y, at.align),
});

/** The node nearest to a point, and how far it is. @param {Place[]} places @param {number} x @param {number} y */
export function near(places, x, y) {
  let [id, least] = [-1, Infinity];
  for (const place of places) {
    const away = Math.hypot(place.x - x, place.y - y);
    if (away < least) [id, least] = [place.id, away];
  }
  return [id, least];
}

/** How far anything is from a rectangle. @param {Rect} rect @param {Room} room */
export function space(rect, room) {
  const gap = (/** @type {number} */ x, /** @type {number} */ y) =>
    Math.max(rect.x - x, x - rect.x - rect.w, rect.y - y, y - rect.y - rect.h);
  let least = Infinity;
  for (const one of room.rects)
    least = Math.min(
      least,
      Math.max(one.x - rect.x - rect.w, rect.x - one.x - one.w, one.y - rect.y - rect.h, rect.y - one.y - one.h),
    );
  for (const disc of room.discs) least = Math.min(least, gap(disc.x, disc.y) - disc.r);
  for (const [x, y] of room.torn) least = Math.min(least, gap(x, y) - 12);
  return least;
}
