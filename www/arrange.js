// Where everything that is written on a stage stands. Pure: from what is to be written, how large it is and where
// nodes are, boxes that cover no node, no other box and no edge. What has no room gives way, in the order of its
// forms: a log folds to its last cells, then to a count, then a name stands alone.

import { crossing } from "./draw/tear.js";
import { pillEdge } from "./layout.js";

/**
 * @import { Place } from "./layout.js"
 * @import { Point } from "./draw/tear.js"
 * @typedef {{ x: number, y: number, w: number, h: number }} Rect
 * @typedef {{ x: number, y: number, r: number }} Disc
 * @typedef {Rect & { what: "text" | "cell" | "register" | "rim" | "swatch" | "badge" | "more", kind?: string,
 *   text?: string, size?: number, weight?: number, color?: "ink" | "ink2" | "ink3" | "alarm", mono?: boolean, index?: number, of?: unknown }} Part
 *   its `y` is the base line of a text, and the upper edge of anything else
 * @typedef {{ w: number, h: number, parts: Part[], mirrored?: Part[] }} Row
 * @typedef {{ w: number, h: number, rows: Row[] }} Form
 * @typedef {"left" | "right" | "center"} Align
 * @typedef {Rect & { kind: "block" | "verdict" | "note" | "label" | "legend" | "badge", id: string | number, parts: Part[] }} Box
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

/** What belongs to a node about its body: rings and rim. */
export const REACH = 1.5;
/** Between two boxes, and between a box and a disc. */
const GAP = 3;
/** Every so many points of a tear are looked at: they lie a few pixels apart. */
const TORN_EVERY = 6;

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
const boxOf = (kind, id, form, at) => ({
  ...{ kind, id, x: at.x, y: at.y, w: at.w, h: at.h },
  parts: partsOf(form, at.x, at.y, at.align),
});

/**
 * Where a block may stand about its node, in the order in which it likes to.
 * @param {Place} place @param {Form} form @param {boolean} beside @param {Wishes} wishes
 * @returns {(Rect & { align: Align })[]}
 */
function about(place, { w, h }, beside, { W, H, places }) {
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
const amid = ({ x, y, w, h }, { W, H, hollow }) =>
  hollow !== null && ((x + w / 2 - W / 2) / hollow.rx) ** 2 + ((y + h / 2 - H / 2) / hollow.ry) ** 2 < 0.75;

/**
 * Every block in its form of this level, if all have room; those that have none are left out.
 * @param {Wishes} wishes @param {number} level @param {Room} room
 */
function placeBlocks(wishes, level, room) {
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
function unfold(wishes, level, room, placed) {
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
function placePill(wishes, wish, small, room, others) {
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

/** The node nearest to a point, and how far it is. @param {Place[]} places @param {number} x @param {number} y */
function near(places, x, y) {
  let [id, least] = [-1, Infinity];
  for (const place of places) {
    const away = Math.hypot(place.x - x, place.y - y);
    if (away < least) [id, least] = [place.id, away];
  }
  return [id, least];
}

/** How far anything is from a rectangle. @param {Rect} rect @param {Room} room */
function space(rect, room) {
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
