// Where things stand. Pure: the same frame and size always give the same places, and nodes never
// move to make a point.

import { field } from "./layout/field.js";
import { star } from "./layout/star.js";
import { ports } from "./layout/ways.js";

/**
 * @import { Frame, NodeFrame } from "./pkg/synod.js"
 * @import { Ground } from "./more.js"
 * @import { Memory } from "./draw/memory.js"
 * @typedef {{ id: number, x: number, y: number, r: number, side: 1 | -1, group: number | null,
 *   ringed?: boolean, pad?: number, writes?: "beside" | "above" | "below", lift?: number }} Place
 *   `writes` is where what is written of it likes to be, and `lift` how much higher
 * @typedef {{ W: number, H: number, compact: boolean, crowd?: boolean, columns?: boolean, ring?: boolean,
 *   rows?: number, upright?: boolean, places: Place[], rx: number, ry: number, cx: number, cy: number }} Standing
 * @typedef {Standing & { scale: number, ports: Map<string, number>, memory: Memory }} Layout
 */

const LABEL = 156;
/** What the legend of a field takes of its height. */
const LEGEND = 24;
/** On narrower stages it takes two lines. */
const NARROW = 380;
/** Below this width names stand above and below, and all is drawn smaller. */
const COMPACT = 560;

/** @param {number} W @param {number} H @param {number[]} ids @param {number} scale of text @returns {Standing} */
export function ring(W, H, ids, scale) {
  const compact = W < COMPACT * scale;
  const label = Math.min(LABEL * scale, W * 0.26);
  const [cx, cy] = [W / 2, H / 2 + (compact ? 4 : 2)];
  const most = Math.min(
    W > 860 && H > 620 ? 52 : W > 1100 && H > 540 ? 44 : compact ? 30 : 36,
    compact ? H / 8 : H / 10,
  );
  const n = ids.length;
  let r = most;
  let [rx, ry] = [0, 0];
  for (let attempt = 0; attempt < 3; attempt++) {
    rx = compact ? W / 2 - r * 1.6 - 10 : Math.max(W / 2 - label - r * 1.5 - 14, W * 0.16);
    ry = H / 2 - r * (compact ? 1.5 : 1.5) - (compact ? 34 : 16);
    const spacing = n < 2 ? 999 : narrowest(n, rx, ry);
    r = Math.max(9, Math.min(most, spacing / (n > 7 ? 4 : 3.3)));
  }
  if (n === 1) [rx, ry] = [0, 0];
  const places = ids.map((id, i) => {
    const angle = (-90 + (i * 360) / n) * (Math.PI / 180);
    const [x, y] = [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
    const side = /** @type {1 | -1} */ (Math.cos(angle) < -0.01 ? -1 : 1);
    return { id, x, y, r, side, group: null };
  });
  return { W, H, compact, places, rx, ry, cx, cy, ring: true };
}

/**
 * Where every node stands: machines of one role each in columns, very many in a field, and all
 * others in a ring.
 * @param {number} W @param {number} H
 * @param {{ wish: string, nodes: NodeFrame[], edges: Uint32Array, memory: Memory, scale: number,
 *   grounds?: Ground[] | null }} of
 * @returns {Layout}
 */
export function arrange(W, H, { wish, nodes, edges, memory, scale, grounds }) {
  const ids = nodes.map((one) => one.id);
  const standing =
    wish === "field"
      ? field(W, H - (W < NARROW * scale ? 2 : 1) * LEGEND * scale, ids, edges, memory, W < COMPACT)
      : grounds?.length
        ? placed(W, H, nodes, grounds, scale)
        : wish === "star" && nodes.length > 2
          ? star(W, H, nodes, scale, W < COMPACT * scale)
          : wish === "row"
            ? row(W, H, nodes, scale)
            : nodes.some((one) => one.group !== null)
              ? columns(W, H, nodes, scale)
              : ring(W, H, ids, scale);
  return { ...standing, H, scale, ports: ports(standing), memory };
}

/** What a node in a row takes, with what is written beside it, on wide and on narrow stages. */
const ABREAST = { wide: 168, narrow: 108 };

/** How large those beside a row are, and what of the width is theirs. */
const BESIDE = { size: 0.72, part: 0.2 };

/**
 * A row of the first group. The others stand beside it, smaller, one below the other; on narrow stages in a row below.
 * @param {number} W @param {number} H @param {NodeFrame[]} nodes @param {number} scale @returns {Standing}
 */
function row(W, H, nodes, scale) {
  const first = nodes.filter((one) => one.group === nodes[0]?.group);
  const others = nodes.filter((one) => one.group !== nodes[0]?.group);
  if (!others.length) return abreast(W, H, nodes, scale);
  const compact = W < COMPACT * scale;
  if (compact) {
    const share = first.length / (first.length + Math.max(2, others.length / 2));
    const [above, below] = [abreast(W, H * share, first, scale), abreast(W, H * (1 - share), others, scale)];
    const lower = below.places.map((one) => ({ ...one, y: one.y + H * share, r: one.r * BESIDE.size }));
    const rows = (above.rows ?? 1) + (below.rows ?? 1);
    return { ...above, H, rows, places: [...above.places, ...lower], ry: H / 2, cy: H / 2 };
  }
  const own = W * (1 - BESIDE.part);
  const standing = abreast(own, H, first, scale);
  const r = Math.min((standing.places[0]?.r ?? 26) * BESIDE.size, H / others.length / 3.4);
  const beside = others.map((one, i) => {
    const y = (H * (i + 0.5)) / others.length;
    return { id: one.id, x: W - W * BESIDE.part * 0.5, y, r, side: /** @type {1} */ (1), group: one.group };
  });
  return { ...standing, W, places: [...standing.places, ...beside], rx: W / 2, cx: W / 2 };
}

/**
 * Machines that are all alike to those who ask several of them: abreast, in as many rows as it takes.
 * @param {number} W @param {number} H @param {NodeFrame[]} nodes @param {number} scale @returns {Standing}
 */
function abreast(W, H, nodes, scale) {
  const compact = W < COMPACT * scale;
  const most = Math.max(2, Math.floor((W - 20) / ((compact ? ABREAST.narrow : ABREAST.wide) * scale)));
  const rows = Math.ceil(nodes.length / most);
  const each = Math.ceil(nodes.length / rows);
  const r = Math.max(9, Math.min(compact ? 26 : 36, W / each / 4, H / rows / 4.4));
  const places = nodes.map((one, i) => {
    const [line, at] = [Math.floor(i / each), i % each];
    const here = Math.min(each, nodes.length - line * each);
    const between = Math.min(W / here, 250 * scale);
    const x = W / 2 + (at - (here - 1) / 2) * between;
    const side = /** @type {1 | -1} */ (at < here / 2 ? -1 : 1);
    return { id: one.id, x, y: (H * (line + 0.5)) / rows, r, side, group: one.group };
  });
  return { W, H, compact, rows, places, rx: W / 2, ry: H / 2, cx: W / 2, cy: H / 2 };
}

/**
 * A column for each group.
 * @param {number} W @param {number} H @param {NodeFrame[]} nodes @param {number} scale @returns {Standing}
 */
function columns(W, H, nodes, scale) {
  const compact = W < COMPACT * scale;
  const groups = [...new Set(nodes.map((one) => one.group ?? 0))].sort((a, b) => a - b);
  const at = compact
    ? [0.16, 0.5, 0.84]
    : groups.length > 2
      ? [Math.max(0.27, 216 / W), Math.max(0.53, 0.2 + 236 / W), 0.88]
      : [0.34, 0.68];
  const tallest = Math.max(...groups.map((group) => nodes.filter((one) => one.group === group).length));
  const margin = compact ? 40 : 26;
  const r = Math.max(9, Math.min(compact ? 26 : 36, (H - 2 * margin) / tallest / (compact ? 3.1 : 2.9)));
  const places = nodes.map((one) => {
    const column = groups.indexOf(one.group ?? 0);
    const peers = nodes.filter((other) => other.group === one.group);
    const y = margin + ((H - 2 * margin) * (peers.indexOf(one) + 0.5)) / peers.length;
    return {
      id: one.id,
      x: W * at[column],
      y,
      r,
      side: /** @type {1 | -1} */ (column === 0 ? -1 : 1),
      group: one.group,
    };
  });
  return { W, H, compact, columns: true, places, rx: W / 2, ry: H / 2, cx: W / 2, cy: H / 2 };
}

/**
 * Every node in its place: where the places are, or else evenly beside each other; those of one place below each other.
 * @param {number} W @param {number} H @param {NodeFrame[]} nodes @param {Ground[]} grounds @param {number} scale
 * @returns {Standing}
 */
function placed(W, H, nodes, grounds, scale) {
  const compact = W < COMPACT * scale;
  const [top, low] = [34 * scale, compact ? 40 : 26];
  const of = (/** @type {number} */ id) => grounds.findIndex((one) => one.nodes.includes(id));
  const most = Math.max(1, ...grounds.map((one) => one.nodes.length));
  const wide = W / grounds.length / 3.4;
  const r = Math.max(9, Math.min(compact ? 24 : 34, wide, (H - top - low) / most / 3.1));
  const places = nodes.map(({ id, group }) => {
    const at = Math.max(0, of(id));
    const peers = nodes.filter((other) => Math.max(0, of(other.id)) === at);
    const x = W * (grounds[at].x ?? (at + (compact ? 0.5 : 0.4)) / grounds.length);
    const free = H - top - low;
    const middle = grounds[at].y ?? 0.5;
    const step = free / Math.max(peers.length, middle === 0.5 ? 1 : 2);
    const y = top + free * middle + step * (peers.findIndex((other) => other.id === id) - (peers.length - 1) / 2);
    const side = /** @type {1 | -1} */ (x > W * 0.72 && grounds[at].x ? -1 : 1);
    return { id, x, y: Math.max(top + r * 1.5, Math.min(H - low - r * 1.5, y)), r, side, group };
  });
  return { W, H, compact, places, rx: W / 2, ry: H / 2, cx: W / 2, cy: H / 2 };
}

/** The least distance between neighbours. @param {number} n @param {number} rx @param {number} ry */
function narrowest(n, rx, ry) {
  const at = (/** @type {number} */ i) => {
    const angle = ((i * 360) / n - 90) * (Math.PI / 180);
    return [rx * Math.cos(angle), ry * Math.sin(angle)];
  };
  let least = Infinity;
  for (let i = 0; i < n; i++) {
    const [[ax, ay], [bx, by]] = [at(i), at(i + 1)];
    least = Math.min(least, Math.hypot(ax - bx, ay - by));
  }
  return least;
}

/**
 * Clients that still wait, or finished just now, or whose messages are still in flight.
 * @param {Frame} frame @param {number} now @param {number} linger
 */
export function clientsShown(frame, now, linger) {
  const flying = new Set(frame.messages.flatMap(({ from, to, fate }) => (fate === "lost" ? [] : [from, to])));
  return frame.clients.filter(
    ({ state, finished, name }) => state === "waiting" || now - (finished ?? 0) <= linger || flying.has(name),
  );
}
