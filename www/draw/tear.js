// The sheet tears along a partition. Where it tears follows from the layout and the groups, so
// that the same run always tears alike; how it is jagged follows from a seed.

import { polyline } from "./glyphs.js";
import { chance, jagged } from "./jag.js";
import { sideOf } from "./scene.js";

/**
 * @import { Frame } from "../pkg/synod.js"
 * @import { Layout } from "../layout.js"
 * @import { Point } from "./jag.js"
 * @import { Tokens } from "./tokens.js"
 */

/** @param {{ frame: Frame, layout: Layout, seed: number }} scene @returns {Point[][]} */
export function tornPaths({ frame, layout, seed }) {
  if (!frame.partition) return [];
  const { W, H, places, memory } = layout;
  const key = `${W} ${H} ${places.length} ${seed} ${JSON.stringify(frame.partition)}`;
  if (memory.tears.key !== key) {
    const paths = tears(layout, sideOf(frame)).map((path, i) => jagged(path, seed + i, 9));
    memory.tears = { key, paths };
  }
  return memory.tears.paths;
}

/**
 * The tears of a partition. On a ring: one around each run of neighbours that stand on the same side, but
 * for the longest run.
 * @param {Layout} layout @param {(id: number) => number} sideOf @returns {Point[][]}
 */
export function tears(layout, sideOf) {
  const { places, cx, cy, rx, ry, W, H } = layout;
  const n = places.length;
  const sides = places.map((place) => sideOf(place.id));
  if (layout.rows) return between(layout, layout.rows, sides);
  if (!layout.ring) return borders(layout, sides);
  const gaps = places.flatMap((_, i) => (sides[i] !== sides[(i + 1) % n] ? [i] : []));
  if (gaps.length < 2) return [];
  const runs = gaps.map((gap, i) => ({
    from: gap,
    to: gaps[(i + 1) % gaps.length],
    length: (gaps[(i + 1) % gaps.length] - gap + n) % n || n,
  }));
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  const edge = (/** @type {number} */ gap) => {
    const angle = (-90 + ((gap + 0.5) * 360) / n) * (Math.PI / 180);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const reach = Math.min(c ? (W / 2 + 12) / Math.abs(c) : Infinity, s ? (H / 2 + 12) / Math.abs(s) : Infinity);
    const on = /** @type {Point} */ ([cx + rx * c * 0.9, cy + ry * s * 0.9]);
    return { on, out: /** @type {Point} */ ([cx + reach * c, cy + reach * s]) };
  };
  return runs
    .filter((run) => run !== longest)
    .map((run) => {
      const [a, b] = [edge(run.from), edge(run.to)];
      const middle = [(a.on[0] + b.on[0]) / 2, (a.on[1] + b.on[1]) / 2];
      // One that stands alone is cut off near itself; a larger group nearer the centre.
      const pull = run.length === 1 ? 0.12 : 0.3;
      const inner = /** @type {Point} */ ([middle[0] + (cx - middle[0]) * pull, middle[1] + (cy - middle[1]) * pull]);
      return curve([a.out, a.on, inner, b.on, b.out]);
    });
}

/** How fine the borders between sides are looked for, and how far beyond the sheet. */
const [GRID, BEYOND] = [14, 18];

/**
 * Wherever nodes stand: the sheet tears half-way between those that are on different sides. Each point of a grid is
 * of the side of the node that is nearest to it.
 * @param {Layout} layout @param {number[]} sides of the places @returns {Point[][]}
 */
function borders({ places, W, H }, sides) {
  const [wide, high] = [W, H].map((size) => Math.ceil((size + 2 * BEYOND) / GRID) + 1);
  const at = (/** @type {number} */ i, /** @type {number} */ j) =>
    /** @type {Point} */ ([i * GRID - BEYOND, j * GRID - BEYOND]);
  const side = (/** @type {number} */ i, /** @type {number} */ j) => {
    const [x, y] = at(i, j);
    let [least, found] = [Infinity, 0];
    places.forEach((place, n) => {
      const far = (place.x - x) ** 2 + (place.y - y) ** 2;
      if (far < least) [least, found] = [far, sides[n]];
    });
    return found;
  };
  const owned = Array.from({ length: wide * high }, (_, n) => side(n % wide, Math.floor(n / wide)));
  /**
   * The corners between four points of the grid, and to which of their neighbours a border leads.
   * @type {Map<number, number[]>}
   */
  const corners = new Map();
  const join = (/** @type {number} */ a, /** @type {number} */ b) => {
    corners.set(a, [...(corners.get(a) ?? []), b]);
    corners.set(b, [...(corners.get(b) ?? []), a]);
  };
  for (let j = 0; j < high; j++)
    for (let i = 0; i < wide; i++) {
      const n = j * wide + i;
      if (i + 1 < wide && j > 0 && owned[n] !== owned[n + 1]) join(n - wide, n);
      if (j + 1 < high && i > 0 && owned[n] !== owned[n + wide]) join(n - 1, n);
    }
  const corner = (/** @type {number} */ n) => {
    const [x, y] = at(n % wide, Math.floor(n / wide));
    return /** @type {Point} */ ([x + GRID / 2, y + GRID / 2]);
  };
  return chains(corners).map((chain) => eased(chain.map(corner)));
}

/**
 * The ways through a graph, from each end or fork to the next, and round each loop.
 * @param {Map<number, number[]>} graph @returns {number[][]}
 */
function chains(graph) {
  const gone = new Set();
  const edge = (/** @type {number} */ a, /** @type {number} */ b) => `${Math.min(a, b)} ${Math.max(a, b)}`;
  const follow = (/** @type {number} */ from, /** @type {number} */ next) => {
    const way = [from, next];
    gone.add(edge(from, next));
    for (let at = next; graph.get(at)?.length === 2; ) {
      const on = graph.get(at)?.find((other) => !gone.has(edge(at, other)));
      if (on === undefined) break;
      gone.add(edge(at, on));
      way.push(on);
      at = on;
    }
    return way;
  };
  const from = (/** @type {[number, number[]][]} */ nodes) =>
    nodes.flatMap(([at, others]) => others.flatMap((other) => (gone.has(edge(at, other)) ? [] : [follow(at, other)])));
  const all = [...graph];
  return [...from(all.filter(([, others]) => others.length !== 2)), ...from(all)];
}

/** A border without the steps of its grid: few points, and a curve through them. @param {Point[]} steps */
function eased(steps) {
  const every = 4;
  const mean = (/** @type {number} */ at) => {
    const near = steps.slice(Math.max(0, at - 1), at + 2);
    return /** @type {Point} */ ([0, 1].map((d) => near.reduce((sum, point) => sum + point[d], 0) / near.length));
  };
  const few = steps.flatMap((_, i) => (i > 0 && i < steps.length - 1 && i % every === 0 ? [mean(i)] : []));
  return curve([steps[0], ...few, /** @type {Point} */ (steps.at(-1))]);
}

/**
 * Machines abreast: a tear between any two neighbours that stand on different sides, and between two rows.
 * @param {Layout} layout @param {number} rows @param {number[]} sides @returns {Point[][]}
 */
function between({ places, W, H }, rows, sides) {
  return places.slice(1).flatMap((place, i) => {
    const last = places[i];
    if (sides[i] === sides[i + 1]) return [];
    const [x, y] = [(last.x + place.x) / 2, (last.y + place.y) / 2];
    // Those beside the row are parted from it all the way down, and among themselves as far as they reach.
    const beside = last.group !== place.group && place.x - last.x > place.r + last.r && place.side === 1 && rows === 1;
    if (beside) {
      return [
        [
          [x, -12],
          [x, H / 2],
          [x, H + 12],
        ],
      ];
    }
    if (rows === 1 && last.y !== place.y) {
      return [
        [
          [x - place.r * 2, y],
          [x, y],
          [W + 12, y],
        ],
      ];
    }
    const half = H / rows / 2 + (rows > 1 ? 0 : 12);
    return last.y === place.y
      ? [
          [
            [x, y - half],
            [x, y],
            [x, y + half],
          ],
        ]
      : [
          [
            [-12, y],
            [W / 2, y],
            [W + 12, y],
          ],
        ];
  });
}

/** A smooth path through points (Catmull and Rom). @param {Point[]} points */
function curve(points) {
  /** @type {Point[]} */
  const path = [points[0]];
  for (let i = 0; i < points.length - 1; i++) {
    const [p0, p1, p2, p3] = [
      points[Math.max(0, i - 1)],
      points[i],
      points[i + 1],
      points[Math.min(points.length - 1, i + 2)],
    ];
    for (let step = 1; step <= 4; step++) {
      const t = step / 4;
      const at = (/** @type {0 | 1} */ d) =>
        0.5 *
        (2 * p1[d] +
          (p2[d] - p0[d]) * t +
          (2 * p0[d] - 5 * p1[d] + 4 * p2[d] - p3[d]) * t * t +
          (3 * p1[d] - p0[d] - 3 * p2[d] + p3[d]) * t * t * t);
      path.push([at(0), at(1)]);
    }
  }
  return path;
}

/**
 * Tears the sheet along a path, as far as `grown` from its beginning, 0 to 1.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Point[]} path @param {number} seed @param {number}
 *   grown @param {[number, number]} gap from and to
 */
export function drawTear(x, k, path, seed, grown, gap) {
  const points = path.slice(0, Math.max(2, Math.ceil(path.length * grown)));
  const next = chance(seed + 7);
  const [a, z] = [points[0], points[points.length - 1]];
  const length = Math.hypot(z[0] - a[0], z[1] - a[1]) || 1;
  const [nx, ny] = [-(z[1] - a[1]) / length, (z[0] - a[0]) / length];
  const side = (/** @type {number} */ s) =>
    points.map((p, i) => {
      const width = (gap[0] + ((gap[1] - gap[0]) * i) / path.length) / 2 + (next() - 0.5) * 2.2;
      const taper = grown < 1 ? Math.min(1, (points.length - 1 - i) / 6) : 1;
      return /** @type {Point} */ ([p[0] + nx * s * width * taper, p[1] + ny * s * width * taper]);
    });
  const [left, right] = [side(1), side(-1)];
  for (const [lip, s] of /** @type {[Point[], number][]} */ ([
    [left, 1],
    [right, -1],
  ])) {
    let width = 2;
    const fibre = lip.map((p) => {
      width = Math.max(0.4, Math.min(5, width + (next() - 0.5) * 2.4));
      return [p[0] + nx * s * width, p[1] + ny * s * width];
    });
    fill(x, [...lip, ...fibre.reverse()], k.fibre);
  }
  fill(x, [...left, ...[...right].reverse()], k.page);
  x.lineJoin = "round";
  polyline(x, left, k.lip, 1);
  polyline(x, right, k.lip, 1);
}

/** @param {CanvasRenderingContext2D} x @param {number[][]} points @param {string} color */
function fill(x, points, color) {
  x.beginPath();
  for (const [px, py] of points) x.lineTo(px, py);
  x.closePath();
  x.fillStyle = color;
  x.fill();
}
