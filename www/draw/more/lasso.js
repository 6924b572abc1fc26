// A lasso about nodes of which others may stand between: loops about those that stand together, tied by ropes that go
// around the others. Pure: from places, points.

/**
 * @import { Layout, Place } from "../../layout.js"
 * @import { Point } from "../jag.js"
 * @typedef {{ loops: Point[][], ropes: Point[][] }} Lasso
 */

const TAU = Math.PI * 2;
/** Points of the disc about a member. */
const ROUND = 32;
/** How far a lasso is from the middle of its nodes, in radii, and how far a rope stays from others. */
const [ABOUT, CLEAR] = [1.42, 1.3];
/** Parts of a rope, and how far aside it tries to go, in parts of its length. */
const PARTS = 24;
const ASIDE = [0, 0.2, -0.2, 0.35, -0.35, 0.5, -0.5, 0.7, -0.7, 0.9, -0.9, 1.2, -1.2];

/** Convex hull (Andrew's monotone chain). @param {Point[]} points */
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (/** @type {Point} */ o, /** @type {Point} */ a, /** @type {Point} */ b) =>
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (/** @type {Point[]} */ list) => {
    /** @type {Point[]} */
    const made = [];
    for (const point of list) {
      while (made.length > 1 && turn(made[made.length - 2], made[made.length - 1], point) <= 0) made.pop();
      made.push(point);
    }
    return made.slice(0, -1);
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}

/** Nothing of a lasso leaves the sheet. @param {Layout} layout @param {Point} point @returns {Point} */
const onSheet = ({ W, H }, [x, y]) => [Math.max(10, Math.min(W - 10, x)), Math.max(6, Math.min(H - 14, y))];

/** @param {Place[]} members @param {number} pad @param {Layout} layout */
const loopAbout = (members, pad, layout) =>
  hull(
    members.flatMap(({ x, y, r }) =>
      Array.from({ length: ROUND }, (_, i) => {
        const [turn, far] = [(i * TAU) / ROUND, r * ABOUT + pad];
        return onSheet(layout, [x + far * Math.cos(turn), y + far * Math.sin(turn)]);
      }),
    ),
  );

/**
 * How far a point is outside of a convex loop; below 0 where it is inside.
 * @param {Point[]} loop @param {Place} place
 */
export function outside(loop, { x, y }) {
  let most = -Infinity;
  loop.forEach(([ax, ay], i) => {
    const [bx, by] = loop[(i + 1) % loop.length];
    const length = Math.hypot(bx - ax, by - ay);
    if (length > 0) most = Math.max(most, ((bx - ax) * (ay - y) - (by - ay) * (ax - x)) / length);
  });
  return most;
}

/**
 * Which members stand together: their loop has no other node's body in it.
 * @param {Place[]} members @param {Place[]} others @param {number} pad @param {Layout} layout
 */
function together(members, others, pad, layout) {
  const between = (/** @type {Place[]} */ some) => {
    const loop = loopAbout(some, pad, layout);
    return others.some((other) => outside(loop, other) < other.r);
  };
  if (!between(members)) return [members];
  let groups = members.map((one) => [one]);
  for (let merged = true; merged; ) {
    merged = false;
    const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => /** @type {const} */ ([a, b])));
    for (const [a, b] of pairs.sort((one, two) => apart(...one) - apart(...two))) {
      if (between([...a, ...b])) continue;
      groups = [...groups.filter((one) => one !== a && one !== b), [...a, ...b]];
      merged = true;
      break;
    }
  }
  return groups;
}

/** @template T @param {T[]} list @param {(one: T) => number} by */
const least = (list, by) => list.reduce((best, one) => (by(one) < by(best) ? one : best));
/** @param {Place} a @param {Place} b */
const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
/** @param {Place[]} a @param {Place[]} b */
const apart = (a, b) => Math.min(...a.flatMap((one) => b.map((other) => far(one, other))));

/**
 * From one loop to another, around whoever stands between: the straightest of a few bows.
 * @param {Place[]} a @param {Place[]} b @param {Place[]} others @param {number} pad @param {Layout} layout
 * @returns {Point[]}
 */
function rope(a, b, others, pad, layout) {
  const pairs = a.flatMap((one) => b.map((other) => /** @type {const} */ ([one, other])));
  const [from, to] = least(pairs, ([one, other]) => far(one, other));
  const length = Math.max(1, far(from, to));
  const [nx, ny] = [(from.y - to.y) / length, (to.x - from.x) / length];
  const bow = (/** @type {number} */ aside) => {
    const [mx, my] = onSheet(layout, [
      (from.x + to.x) / 2 + nx * aside * length,
      (from.y + to.y) / 2 + ny * aside * length,
    ]);
    const all = Array.from({ length: PARTS + 1 }, (_, i) => {
      const [t, s] = [i / PARTS, 1 - i / PARTS];
      const at = (/** @type {number} */ p, /** @type {number} */ q, /** @type {number} */ r) =>
        s * s * p + 2 * s * t * q + t * t * r;
      return /** @type {Point} */ ([at(from.x, mx, to.x), at(from.y, my, to.y)]);
    });
    const free = (/** @type {Place} */ end, /** @type {Point} */ [x, y]) =>
      Math.hypot(end.x - x, end.y - y) > end.r * ABOUT + pad;
    return all.filter((point) => free(from, point) && free(to, point));
  };
  const near = (/** @type {Point[]} */ path) =>
    Math.min(...path.flatMap(([x, y]) => others.map((one) => Math.hypot(one.x - x, one.y - y) - one.r * CLEAR)));
  const bows = ASIDE.map(bow).filter((path) => path.length > 1);
  const best = bows.find((path) => near(path) > 0) ?? bows.sort((one, two) => near(two) - near(one))[0];
  return best ?? [];
}

/**
 * A lasso about its members and about nobody else.
 * @param {Place[]} members @param {number} pad @param {Layout} layout @returns {Lasso}
 */
export function lassoAbout(members, pad, layout) {
  const others = layout.places.filter((place) => !members.includes(place));
  const groups = together(members, others, pad, layout);
  const ropes = [];
  const tied = [groups[0]];
  let loose = groups.slice(1);
  while (loose.length) {
    const pairs = loose.flatMap((b) => tied.map((a) => /** @type {const} */ ([a, b])));
    const [a, b] = least(pairs, ([one, other]) => apart(one, other));
    ropes.push(rope(a, b, others, pad, layout));
    tied.push(b);
    loose = loose.filter((one) => one !== b);
  }
  return { loops: groups.map((group) => loopAbout(group, pad, layout)), ropes };
}
