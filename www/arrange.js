// Where everything that is written on a stage stands. Pure: from what is to be written, how large it is and where
// nodes are, boxes that cover no node, no other box and no edge. What has no room gives way, in the order of its
// forms: a log folds to its last cells, then to a count, then a name stands alone.

import { crossing } from "./draw/jag.js";
import { about, amid, placeBlocks, unfold } from "./arrange/blocks.js";
import { placePill } from "./arrange/pills.js";
import { boundsOf, boxOf, discOf, free, near, overlap, space } from "./arrange/rects.js";

/**
 * @import { Place } from "./layout.js"
 * @import { Point } from "./draw/jag.js"
 * @typedef {{ x: number, y: number, w: number, h: number }} Rect
 * @typedef {{ x: number, y: number, r: number }} Disc
 * @typedef {Rect & { what: "text" | "cell" | "register" | "rim" | "swatch" | "badge" | "more", kind?: string,
 *   text?: string, size?: number, weight?: number, color?: "ink" | "ink2" | "ink3" | "alarm", mono?: boolean, index?:
 *   number, of?: unknown }} Part
 *   its `y` is the base line of a text, and the upper edge of anything else
 * @typedef {{ w: number, h: number, parts: Part[], mirrored?: Part[] }} Row
 * @typedef {{ w: number, h: number, rows: Row[] }} Form
 * @typedef {"left" | "right" | "center"} Align
 * @typedef {Rect & { kind: "block" | "verdict" | "note" | "label" | "legend" | "badge", id: string | number, parts:
 *   Part[] }} Box
 * @typedef {Rect & { name: string, small: boolean }} Pill
 * @typedef {{ boxes: Box[], pills: Pill[] }} Shown
 * @typedef {{ id: number, kin: string, forms: Form[], beside: boolean }} BlockWish from the fullest form to the least
 * @typedef {{ name: string, node: number, corner: number, wide?: boolean, forms: { w: number, h: number }[] }} PillWish
 *   one that is wide speaks to many nodes
 * @typedef {{ ids: number[], forms: Form[], kind?: "note", id?: string, spare?: boolean }} VerdictWish what is spare
 *   stands low on the right where there is room, and gives way to all else
 * @typedef {{ W: number, H: number, places: Place[], columns: boolean, compact: boolean,
 *   hollow: { rx: number, ry: number } | null, blocks: BlockWish[],
 *   pills: PillWish[], verdicts: VerdictWish[],
 *   badges: { id: number, text: string, w: number, h: number }[], legend: Form | null, torn: Point[][], taken?: Rect[],
 *   kept?: Rect[] }} Wishes where blocks would stand if they said all, is kept for them as far as it can be
 * @typedef {{ discs: Disc[], rects: Rect[], bounds: Rect, torn: Point[] }} Room
 */

/** Every so many points of a tear are looked at: they lie a few pixels apart. */
const TORN_EVERY = 6;

/**
 * What a side can do, at the emptiest spot near its nodes.
 * @param {Wishes} wishes @param {VerdictWish} wish @param {Form} form @param {Room} room @returns {Box | null}
 */
function placeVerdict(wishes, wish, form, room) {
  const { w, h } = form;
  const b = room.bounds;
  /** @type {Rect | null} */
  let best = null;
  let most = -Infinity;
  const [across, down] = wishes.compact ? [9, 6] : [18, 12];
  for (let y = b.y; y <= b.y + b.h - h; y += down) {
    for (let x = b.x; x <= b.x + b.w - w; x += across) {
      const rect = { x, y, w, h };
      const [cx, cy] = [x + w / 2, y + h / 2];
      const [nearest, away] = near(wishes.places, cx, cy);
      if (!wish.ids.includes(nearest) || !free(rect, room)) continue;
      const place = wishes.places.find((one) => one.id === nearest);
      if (place && wishes.torn.some((path) => crossing([cx, cy], [place.x, place.y], path) !== null)) continue;
      if (room.torn.some(([tx, ty]) => tx > x - 7 && tx < x + w + 7 && ty > y - 7 && ty < y + h + 7)) continue;
      const far = wish.spare ? Math.hypot(b.x + b.w - x - w, b.y + b.h - y - h) : away;
      const kept = wishes.kept?.some((one) => overlap(rect, one)) ? 14 : 0;
      const worth = Math.min(26, space(rect, room)) - far * 0.05 - (amid(rect, wishes) ? 18 : 0) - kept;
      if (worth > most) [best, most] = [rect, worth];
    }
  }
  const id = wish.id ?? wish.ids.join(" ");
  return best && boxOf(wish.kind ?? "verdict", id, form, { .../** @type {Rect} */ (best), align: "left" });
}

/**
 * Clocks that are off are told on the edge of their nodes.
 * @param {Wishes} wishes @param {Rect[]} taken @returns {Box[]}
 */
function placeBadges({ W, H, places, badges }, taken) {
  /** @type {Box[]} */
  const placed = [];
  for (const { id, text, w, h } of badges) {
    const place = places.find((one) => one.id === id);
    if (!place) continue;
    const { x, y, r } = place;
    const others = places.filter((one) => one !== place).map(discOf);
    const room = { discs: others, rects: [...taken, ...placed], bounds: boundsOf(W, H), torn: [] };
    const [right, left, up, down] = [x + r * 0.6, x - r * 0.6 - w, y - r * 1.12 - h / 2, y + r * 1.12 - h / 2];
    const spots = [
      [right, up],
      [left, up],
      [right, Math.max(room.bounds.y, up)],
      [right, down],
      [left, down],
    ];
    const at = spots.map(([x, y]) => ({ x, y, w, h })).find((rect) => free(rect, room));
    if (at) placed.push({ kind: "badge", id, ...at, parts: [{ ...at, what: "badge", text }] });
  }
  return placed;
}

/**
 * One try to place everything, with blocks in the forms of a level.
 * @param {Wishes} wishes @param {Box[]} fixed what has its place already @param {number} level
 * @param {{ verdicts: number, small: boolean }} least how many of their forms verdicts may fall back to, and whether
 *   clients are as small as they can be
 */
function attempt(wishes, fixed, level, least) {
  const room = {
    discs: wishes.places.map(discOf),
    rects: /** @type {Rect[]} */ ([...fixed, ...(wishes.taken ?? [])]),
    bounds: boundsOf(wishes.W, wishes.H),
    torn: wishes.torn.flat(),
  };
  const { placed, missing } = placeBlocks(wishes, level, room);
  // A name is worth more than any client.
  let lost = missing * 20;
  const with_ = (/** @type {Rect[]} */ ...more) => ({ ...room, rects: [...room.rects, ...placed.values(), ...more] });
  /** @type {Pill[]} */
  const pills = [];
  for (const wish of wishes.pills) {
    const pill = placePill(wishes, wish, least.small, with_(...pills), pills);
    if (pill) pills.push(pill);
    else lost += 1;
  }
  /** @type {Box[]} */
  const verdicts = [];
  for (const wish of wishes.verdicts) {
    const forms = wish.forms.slice(0, least.verdicts);
    let found = null;
    for (const form of forms) found ??= placeVerdict(wishes, wish, form, with_(...pills, ...verdicts));
    if (found) verdicts.push(found);
    else if (!wish.spare) lost += 3;
  }
  return { placed, pills, verdicts, lost, room };
}

/** How many nodes have more in their form of this level than words. @param {Wishes} wishes @param {number} at */
const shows = ({ blocks }, at) =>
  blocks.filter(({ forms }) =>
    forms[Math.min(at, forms.length - 1)].rows.some((row) => row.parts.some((part) => part.what !== "text")),
  ).length;

/**
 * What is tried in which order: what nodes hold folds as far as it can, then clients say less, and only then it goes.
 * @param {Wishes} wishes @param {number} levels
 */
function tries(wishes, levels) {
  const all = Array.from({ length: levels }, (_, at) => ({ at, shown: shows(wishes, at) }));
  const counts = [...new Set(all.map(({ shown }) => shown))].sort((a, b) => b - a);
  const sizes = wishes.pills.length ? [false, true] : [false];
  return counts.flatMap((count) =>
    sizes.flatMap((small) => all.filter(({ shown }) => shown === count).map(({ at }) => ({ at, small }))),
  );
}

/**
 * Everything that is written on a stage, but for what goes with moving messages.
 * @param {Wishes} wishes @returns {Shown}
 */
export function arrangeText(wishes) {
  const levels = Math.max(1, ...wishes.blocks.map((wish) => wish.forms.length));
  const verdicts = Math.max(0, ...wishes.verdicts.map((wish) => wish.forms.length));
  const torn = wishes.torn.map((path) => path.filter((_, i) => i % TORN_EVERY === 0 || i === path.length - 1));
  wishes = { ...wishes, torn, kept: keptFor(wishes) };
  const legend = placeLegend(wishes);
  const fixed = [...legend, ...placeBadges(wishes, legend)];
  let best = null;
  let level = 0;
  for (const { at, small } of tries(wishes, levels)) {
    if (best && best.lost === 0) break;
    // Verdicts keep their words for as long as logs can still fold.
    const found = attempt(wishes, fixed, at, { verdicts: at + 3 < levels ? 3 : verdicts, small });
    if (!best || found.lost < best.lost) [best, level] = [found, at];
  }
  if (!best) return { boxes: fixed, pills: [] };
  const { placed, pills, verdicts: told, room } = best;
  unfold(wishes, level, { ...room, rects: [...room.rects, ...pills, ...told] }, placed);
  return { boxes: [...placed.values(), ...told, ...fixed], pills };
}

/** Above or below its node, a block in its fullest form. @param {Wishes} wishes @returns {Rect[]} */
const keptFor = (wishes) =>
  wishes.blocks.flatMap((wish) => {
    const place = wishes.places.find((one) => one.id === wish.id);
    return place && !wish.beside ? about(place, wish.forms[0], false, wishes).slice(0, 1) : [];
  });

/** What colours say, in the first corner that is free. @param {Wishes} wishes @returns {Box[]} */
function placeLegend({ W, H, places, legend }) {
  if (!legend) return [];
  const b = boundsOf(W, H);
  const { w, h } = legend;
  const room = { discs: places.map(discOf), rects: [], bounds: b, torn: [] };
  const [right, low] = [b.x + b.w - w - 6, b.y + b.h - h];
  const corners = [
    [b.x + 6, low],
    [right, low],
    [b.x + 6, b.y + 4],
    [right, b.y + 4],
  ];
  const all = corners.map(([x, y]) => ({ x, y, w, h, align: /** @type {Align} */ ("left") }));
  const at = all.find((one) => free(one, room));
  return at ? [boxOf("legend", "legend", legend, at)] : [];
}

/**
 * Words beside moving messages, where they cover nothing; a label that has no room goes. Where it stood it stays
 * while it can.
 * @param {{ id: number, x: number, y: number, forms: Form[], toward: number }[]} wishes
 * @param {Room} room with the other messages as discs @param {number} size of a glyph @param {Box[]} before
 * @returns {Box[]}
 */
export function arrangeLabels(wishes, room, size, before) {
  /** @type {Box[]} */
  const placed = [];
  for (const wish of wishes) {
    const was = before.find((box) => box.id === wish.id);
    const all = wish.forms.flatMap((form) => beside(wish, form, size).map((at) => ({ form, at })));
    const same = was && all.filter(({ at, form }) => form.w === was.w && sideFrom(wish, at) === sideFrom(wish, was));
    const spot = [...(same ?? []), ...all].find(({ at }) => free(at, { ...room, rects: [...room.rects, ...placed] }));
    if (spot) placed.push(boxOf("label", wish.id, spot.form, spot.at));
  }
  return placed;
}

/** @param {{ x: number, y: number }} point @param {Rect} rect */
const sideFrom = (point, rect) =>
  rect.x > point.x ? "right" : rect.x + rect.w < point.x ? "left" : rect.y > point.y ? "below" : "above";

/**
 * @param {{ x: number, y: number, toward: number }} wish @param {Form} form @param {number} size
 * @returns {(Rect & { align: Align })[]}
 */
function beside({ x, y, toward }, { w, h }, size) {
  const away = size * 0.9;
  const level = (/** @type {number} */ s) => ({
    ...{ x: s > 0 ? x + away : x - away - w, y: y - h / 2, w, h },
    align: /** @type {Align} */ (s > 0 ? "left" : "right"),
  });
  const over = (/** @type {number} */ s) => ({
    ...{ x: x - w / 2, y: s > 0 ? y + away : y - away - h, w, h },
    align: /** @type {Align} */ ("center"),
  });
  return [level(toward), level(-toward), over(1), over(-1)];
}
