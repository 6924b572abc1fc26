// Where clients stand: in corners and along the edges, so that their lines cross nothing.

import { crossing } from "../draw/jag.js";
import { pillEdge } from "../layout/ways.js";
import { boundsOf, free, inside, overlap } from "./rects.js";

/**
 * @import { Pill, PillWish, Rect, Room, Wishes } from "../arrange.js"
 * @import { Place } from "../layout.js"
 */

/**
 * Where a client may stand: in the corners first, each client in its own, then anywhere along the edges.
 * @param {PillWish} wish @param {{ w: number, h: number }} form @param {Wishes} wishes @returns {Rect[]}
 */
function slots(wish, { w, h }, { W, H, places, columns, compact }) {
  const b = boundsOf(W, H);
  const [right, low] = [b.x + b.w - w - 3, b.y + b.h - h - 2];
  const [left, top] = [b.x + 3, b.y + 8];
  // With three or five nobody stands at the foot of the ring.
  const foot = places.length === 3 || places.length === 5 ? (W - w) / 2 : left;
  const corners =
    columns && !compact
      ? [
          [left - 3, (H - h) / 2],
          [left - 3, top],
          [left - 3, low],
        ]
      : compact
        ? [
            [right, top],
            [left, top],
            [right, low],
            [left, low],
          ]
        : [
            [right, top],
            [foot, low],
            [left, top],
            [right, low],
          ];
  const own = corners.map((_, i) => corners[(wish.corner + i) % corners.length]);
  const edges = [];
  for (let x = left; x <= right; x += 22) edges.push([x, top - 6], [x, low]);
  for (let y = top; y <= low; y += 18) edges.push([left, y], [right, y]);
  return [...own, ...edges].map(([x, y]) => ({ x, y, w, h }));
}

/**
 * A client stands where its line crosses nothing that it could be taken for.
 * @param {Wishes} wishes @param {PillWish} wish @param {boolean} small @param {Room} room @param {Pill[]} others
 * @returns {Pill | null}
 */
export function placePill(wishes, wish, small, room, others) {
  const place = wishes.places.find((one) => one.id === wish.node);
  /** @type {Pill | null} */
  let best = null;
  let least = Infinity;
  wish.forms.forEach((form, n) => {
    if (best || (small && n === 0)) return;
    slots(wish, form, wishes).forEach((rect, at) => {
      if (!free(rect, room)) return;
      const cost =
        (wish.wide ? Math.min(at, 4) : at) * 3 +
        (place ? crossings(rect, place, wishes, room, others) : 0) +
        crowding(rect, wish, wishes, room);
      if (cost < least) [best, least] = [{ ...rect, name: wish.name, small: n > 0 }, cost];
    });
  });
  return best;
}

/** How far a client that speaks to many likes to be from each, in radii, and from what is written. */
const [APART, CLEAR] = [3, 10];

/**
 * Who speaks to many nodes stands where its messages have a way to each, and not over their names.
 * @param {Rect} rect @param {PillWish} wish @param {Wishes} wishes @param {Room} room
 */
function crowding(rect, wish, { places, kept }, room) {
  if (!wish.wide) return 0;
  let cost = [...room.rects, ...(kept ?? [])].some((other) => overlap(rect, other, CLEAR)) ? 40 : 0;
  for (const place of places) {
    const edge = pillEdge(rect, place);
    const away = Math.hypot(edge.x - place.x, edge.y - place.y);
    cost += Math.max(0, place.r * APART - away);
    for (const one of room.rects) if (inside(edge, place, one)) cost += 20;
  }
  return cost;
}

/** @param {Rect} pill @param {Place} place @param {Wishes} wishes @param {Room} room @param {Pill[]} others */
function crossings(pill, place, { places, torn }, room, others) {
  const edge = pillEdge(pill, place);
  let cost = Math.hypot(edge.x - place.x, edge.y - place.y) * 0.05;
  for (const one of places) {
    const box = { x: one.x - one.r * 1.2, y: one.y - one.r * 1.2, w: one.r * 2.4, h: one.r * 2.4 };
    if (one !== place && inside(edge, place, box)) cost += 400;
  }
  for (const one of others) if (inside(edge, place, one)) cost += 400;
  // It is not taken for one of the other side.
  for (const path of torn) if (crossing([edge.x, edge.y], [place.x, place.y], path) !== null) cost += 400;
  for (const one of room.rects) if (inside(edge, place, one)) cost += 60;
  return cost;
}
