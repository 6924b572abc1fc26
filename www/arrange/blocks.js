// Where what is written of a node stands about it, in which of its forms.

import { boundsOf, boxOf, discOf, free, near } from "./rects.js";

/**
 * @import { Align, BlockWish, Box, Form, Rect, Room, Wishes } from "../arrange.js"
 * @import { Place } from "../layout.js"
 */

/**
 * Where a block may stand about its node, in the order in which it likes to.
 * @param {Place} place @param {Form} form @param {boolean} beside @param {Wishes} wishes
 * @returns {(Rect & { align: Align })[]}
 */
export function about(place, { w, h }, beside, { W, H, places }) {
  const { x, y } = place;
  const r = discOf(place).r;
  const b = boundsOf(W, H);
  const [s, t] = [place.side, y <= H / 2 + 4 ? -1 : 1];
  const slideX = (/** @type {number} */ left) => Math.max(b.x, Math.min(b.x + b.w - w, left));
  const slideY = (/** @type {number} */ top) => Math.max(b.y, Math.min(b.y + b.h - h, top));
  const at = (/** @type {number} */ left, /** @type {number} */ top, /** @type {Align} */ align) => ({
    ...{ x: left, y: top, w, h, align },
  });
  const side = (/** @type {number} */ s) => /** @type {Align} */ (s > 0 ? "left" : "right");
  const left = (/** @type {number} */ s) => (s > 0 ? x + r + 2 : x - r - 2 - w);
  const level = (/** @type {number} */ s) => at(left(s), slideY(y - h / 2), side(s));
  const shifted = (/** @type {number} */ t) => at(left(s), slideY(t < 0 ? y + 14 - h : y - 14), side(s));
  const above = at(slideX(x - w / 2), y - r - h - (place.lift ?? 0), "center");
  const below = at(slideX(x - w / 2), y + r, "center");
  const diagonal = (/** @type {number} */ s, /** @type {number} */ t) =>
    at(s > 0 ? x + r * 0.74 : x - r * 0.74 - w, slideY(t > 0 ? y + r * 0.74 : y - r * 0.74 - h), side(s));
  const upper = place.writes ? place.writes === "above" : t < 0;
  const outer = upper ? [above, below] : [below, above];
  // Between two nodes that stand alone all messages fly.
  const between = places.length === 2;
  const corners = [diagonal(s, t), diagonal(s, -t), diagonal(-s, t), diagonal(-s, -t)];
  return beside
    ? [level(s), shifted(t), shifted(-t), ...corners, level(-s), ...outer]
    : [outer[0], ...(between ? [level(s), outer[1]] : [outer[1], level(s)]), level(-s), ...corners];
}

/** A block is in the middle of a ring, where messages fly. @param {Rect} rect @param {Wishes} wishes */
export const amid = ({ x, y, w, h }, { W, H, hollow }) =>
  hollow !== null && ((x + w / 2 - W / 2) / hollow.rx) ** 2 + ((y + h / 2 - H / 2) / hollow.ry) ** 2 < 0.75;

/**
 * Every block in its form of this level, if all have room; those that have none are left out.
 * @param {Wishes} wishes @param {number} level @param {Room} room
 */
export function placeBlocks(wishes, level, room) {
  /** @type {Map<number, Box>} */
  const placed = new Map();
  let missing = 0;
  for (const wish of wishes.blocks) {
    const form = wish.forms[Math.min(level, wish.forms.length - 1)];
    const box = placeBlock(wishes, wish, form, level, { ...room, rects: [...room.rects, ...placed.values()] });
    if (box) placed.set(wish.id, box);
    else missing += 1;
  }
  return { placed, missing };
}

/**
 * @param {Wishes} wishes @param {BlockWish} wish @param {Form} form @param {number} level @param {Room} room
 * @returns {Box | null}
 */
function placeBlock(wishes, wish, form, level, room) {
  const place = wishes.places.find((one) => one.id === wish.id);
  if (!place) return null;
  const own = place.side > 0 ? "left" : "right";
  const all = about(place, form, wish.beside, wishes);
  // Whoever stands amid the others has room above and below, and on no side of its own.
  const amidst = amid({ ...place, w: 0, h: 0 }, wishes);
  const fits = (/** @type {Align} */ align) => align === own || (amidst && align === "center");
  // A log in full stands on its node's own side; it folds before it goes elsewhere.
  // Below each other they fold before they go elsewhere.
  const some = place.writes === "below" && level < wish.forms.length - 2 ? all.slice(0, 1) : all;
  // What is written of a node is nearer to no other.
  const nearest = (/** @type {Rect} */ { x, y }) => near(wishes.places, x + form.w / 2, y + form.h / 2)[0] === place.id;
  // Cells in a line with a name are as long as the way to the next node: inwards they could be its.
  const cells = form.rows.length < 2 && form.rows[0].parts.some((part) => part.what === "cell");
  const outwards = (/** @type {Rect} */ { x }) => (x + form.w / 2 - place.x) * place.side > -form.w / 2;
  const right = (/** @type {Rect & { align: Align }} */ at) =>
    wish.beside ? level > 1 || fits(at.align) : nearest(at) && (!cells || outwards(at));
  const spots = some.filter((at) => right(at) && free(at, room));
  // Only a name with a word stands where messages fly, unless its node stands there too.
  const there = amidst || (form.rows.length < 2 && !cells);
  const at = spots.find((rect) => !amid(rect, wishes)) ?? (there ? spots[0] : undefined);
  return at ? boxOf("block", wish.id, form, at) : null;
}

/**
 * Where there is more room than the fewest need, all of a kin say more: never one more than its like.
 * @param {Wishes} wishes @param {number} level @param {Room} room @param {Map<number, Box>} placed
 */
export function unfold(wishes, level, room, placed) {
  for (const kin of new Set(wishes.blocks.map((wish) => wish.kin))) {
    const like = wishes.blocks.filter((wish) => wish.kin === kin);
    const full = like.every((wish) => placed.has(wish.id));
    for (let at = 0; at < level + (full ? 0 : 1); at++) {
      const more = together(wishes, like, at, room, placed);
      if (!more) continue;
      for (const [id, box] of more) placed.set(id, box);
      break;
    }
  }
}

/**
 * All of a kin in their form of this level; nothing where one has no room.
 * @param {Wishes} wishes @param {BlockWish[]} like @param {number} at @param {Room} room
 * @param {Map<number, Box>} placed @returns {Map<number, Box> | null}
 */
function together(wishes, like, at, room, placed) {
  const ids = new Set(like.map((wish) => wish.id));
  const others = [...placed.values()].filter((box) => !ids.has(/** @type {number} */ (box.id)));
  /** @type {Map<number, Box>} */
  const found = new Map();
  for (const wish of like) {
    const form = wish.forms[Math.min(at, wish.forms.length - 1)];
    const rects = [...room.rects, ...others, ...found.values()];
    const box = placeBlock(wishes, wish, form, at, { ...room, rects });
    if (!box) return null;
    found.set(wish.id, box);
  }
  return found;
}
