// Where things stand. Pure: the same frame and size always give the same places, and nodes never
// move to make a point.

/**
 * @import { Frame, MessageFrame, NodeFrame } from "./pkg/synod.js"
 * @typedef {{ id: number, x: number, y: number, r: number, side: 1 | -1, cells: number }} Place
 * @typedef {{ name: string, x: number, y: number, w: number, h: number }} Pill
 * @typedef {{ W: number, H: number, compact: boolean, places: Place[], rx: number, ry: number, cx: number, cy: number
 *   }} Layout
 */

const LABEL = 156;
export const CELL = 22;
export const PILL = { w: 146, h: 46 };

/** @param {number} W @param {number} H @param {number[]} ids @returns {Layout} */
export function ring(W, H, ids) {
  const compact = W < 560;
  const [cx, cy] = [W / 2, H / 2 + (compact ? 4 : 2)];
  const most = Math.min(
    W > 860 && H > 620 ? 52 : W > 1100 && H > 540 ? 44 : compact ? 30 : 36,
    compact ? H / 8 : H / 10,
  );
  const n = ids.length;
  let r = most;
  let [rx, ry] = [0, 0];
  for (let attempt = 0; attempt < 3; attempt++) {
    rx = compact ? W / 2 - r * 1.6 - 10 : Math.max(W / 2 - LABEL - r * 1.5 - 14, W * 0.16);
    ry = H / 2 - r * (compact ? 1.5 : 1.5) - (compact ? 34 : 16);
    const spacing = n < 2 ? 999 : narrowest(n, rx, ry);
    r = Math.max(9, Math.min(most, spacing / (n > 7 ? 4 : 3.3)));
  }
  if (n === 1) [rx, ry] = [0, 0];
  const places = ids.map((id, i) => {
    const angle = (-90 + (i * 360) / n) * (Math.PI / 180);
    const [x, y] = [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
    const side = /** @type {1 | -1} */ (Math.cos(angle) < -0.01 ? -1 : 1);
    const room = (side > 0 ? W - x : x) - r * 1.5 - 20;
    const cells = compact || r < 20 ? 0 : Math.max(0, Math.min(12, Math.floor(room / CELL)));
    return { id, x, y, r, side, cells };
  });
  return { W, H, compact, places, rx, ry, cx, cy };
}

/**
 * Where every node stands: machines of one role each in columns, very many in a field, and all
 * others in a ring.
 * @param {number} W @param {number} H @param {string} wish @param {NodeFrame[]} nodes @param {Uint32Array} edges
 *   @returns {Layout}
 */
export function arrange(W, H, wish, nodes, edges) {
  if (wish === "field")
    return field(
      W,
      H,
      nodes.map((one) => one.id),
      edges,
    );
  if (nodes.some((one) => one.group !== null)) return columns(W, H, nodes);
  return ring(
    W,
    H,
    nodes.map((one) => one.id),
  );
}

/** A column for each group. @param {number} W @param {number} H @param {NodeFrame[]} nodes @returns {Layout} */
function columns(W, H, nodes) {
  const compact = W < 560;
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
    return { id: one.id, x: W * at[column], y, r, side: /** @type {1 | -1} */ (column === 0 ? -1 : 1), cells: 0 };
  });
  return { W, H, compact, places, rx: W / 2, ry: H / 2, cx: W / 2, cy: H / 2 };
}

/** @type {{ key: string, places: Place[] }} */
let fielded = { key: "", places: [] };

/**
 * A graph that pulls neighbours together and pushes all others apart; laid out once.
 * @param {number} W
 * @param {number} H
 * @param {number[]} ids
 * @param {Uint32Array} edges
 * @returns {Layout}
 */
function field(W, H, ids, edges) {
  const [compact, cx, cy] = [W < 560, W / 2, H / 2];
  const key = `${W} ${H} ${ids} ${edges}`;
  if (fielded.key !== key) fielded = { key, places: spread(W, H, ids, edges, compact) };
  return { W, H, compact, places: fielded.places, rx: cx, ry: cy, cx, cy };
}

/**
 * Evenly spread places, a ring if the graph is one; who stands where is chosen so that lines are short.
 * @param {number} W @param {number} H @param {number[]} ids @param {Uint32Array} edges @param {boolean} compact
 *   @returns {Place[]}
 */
function spread(W, H, ids, edges, compact) {
  const n = ids.length;
  const r = Math.max(compact ? 7 : 9, Math.min(compact ? 13 : 19, Math.sqrt((W * H) / Math.max(n, 1)) * 0.17));
  const margin = r * 1.4 + 16;
  const isRing = edges.length === 2 * n;
  const spots = ids.map((_, i) => {
    const angle = isRing ? (i / n) * Math.PI * 2 : i * 2.399963;
    const reach = isRing ? 1 : Math.sqrt((i + 0.5) / n);
    return {
      x: W / 2 + Math.cos(angle) * reach * (W / 2 - margin),
      y: H / 2 + Math.sin(angle) * reach * (H / 2 - margin),
    };
  });
  const at = isRing ? ids.map((_, i) => i) : shorten(spots, ids, edges);
  return ids.map((id, i) => ({
    id,
    ...spots[at[i]],
    r,
    side: /** @type {1 | -1} */ (spots[at[i]].x < W / 2 - 0.01 ? -1 : 1),
    cells: 0,
  }));
}

/**
 * Swaps two nodes wherever that shortens the lines between neighbours; always the same way.
 * @param {{ x: number, y: number }[]} spots
 * @param {number[]} ids
 * @param {Uint32Array} edges
 */
function shorten(spots, ids, edges) {
  const index = new Map(ids.map((id, i) => [id, i]));
  /** @type {number[][]} */
  const near = ids.map(() => []);
  for (let i = 0; i < edges.length; i += 2) {
    const [a, b] = [index.get(edges[i]), index.get(edges[i + 1])];
    if (a === undefined || b === undefined) continue;
    near[a].push(b);
    near[b].push(a);
  }
  const at = ids.map((_, i) => i);
  const length = (
    /** @type {number} */ node,
    /** @type {number} */ spot,
    /** @type {number} */ other,
    /** @type {number} */ otherSpot,
  ) =>
    near[node].reduce((sum, peer) => {
      const end = spots[peer === other ? otherSpot : at[peer]];
      return sum + (end.x - spots[spot].x) ** 2 + (end.y - spots[spot].y) ** 2;
    }, 0);
  for (let round = 0; edges.length && round < 12; round++) {
    let better = false;
    for (let a = 0; a < ids.length; a++) {
      for (let b = a + 1; b < ids.length; b++) {
        const before = length(a, at[a], b, at[b]) + length(b, at[b], a, at[a]);
        const after = length(a, at[b], b, at[a]) + length(b, at[a], a, at[b]);
        if (after < before - 1e-6) {
          [at[a], at[b]] = [at[b], at[a]];
          better = true;
        }
      }
    }
    if (!better) break;
  }
  return at;
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

/** @param {Layout} layout @param {number} id */
export const placeOf = (layout, id) => layout.places.find((place) => place.id === id);

/**
 * Clients stand in the corners, each always in its own.
 * @param {Layout} layout @param {Frame} frame @param {number} linger how long, in virtual ms, one that finished stays
 */
export function pills(layout, frame, linger) {
  const { W, H, compact, places } = layout;
  const [w, h] = compact ? [104, 40] : [PILL.w, PILL.h];
  const [right, low] = [W - w - 14, H - h - 16];
  // With three or five nobody stands at the foot of the ring.
  const foot = places.length === 3 || places.length === 5 ? (W - w) / 2 : 14;
  const beside = frame.nodes.some((one) => one.group !== null);
  const corners =
    beside && !compact
      ? [
          [10, (H - h) / 2],
          [10, 12],
          [10, low + 4],
        ]
      : compact
        ? [
            [right, 14],
            [14, 14],
            [right, low],
            [14, low],
          ]
        : [
            [right, 14],
            [foot, low],
            [14, 14],
            [right, low],
          ];
  const shown = frame.clients.filter(
    (client) => client.state === "waiting" || frame.now - (client.finished ?? 0) <= linger,
  );
  const taken = new Set();
  return shown.flatMap((client) => {
    const corner = client.id % corners.length;
    if (taken.has(corner)) return [];
    taken.add(corner);
    const [x, y] = corners[corner];
    return [{ client, x, y, w, h }];
  });
}

/**
 * Where the edge of a pill is nearest to a point.
 * @param {{ x: number, y: number, w: number, h: number }} pill
 * @param {{ x: number, y: number }} to
 */
export function pillEdge(pill, to) {
  return {
    x: Math.max(pill.x, Math.min(pill.x + pill.w, to.x)),
    y: Math.max(pill.y, Math.min(pill.y + pill.h, to.y)),
  };
}

/**
 * A message's way: from where to where, clear of rings and rims.
 * @param {Layout} layout @param {ReturnType<typeof pills>} clients @param {number | string} from @param {number |
 *   string} to
 */
export function way(layout, clients, from, to) {
  const [a, b] = [anchor(layout, clients, from, to), anchor(layout, clients, to, from)];
  if (!a || !b) return null;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const [start, end] = [a.clear, Math.max(length - b.clear, a.clear + 1)];
  return {
    angle: Math.atan2(dy, dx),
    ux,
    uy,
    length: end - start,
    at: (/** @type {number} */ u) => ({
      x: a.x + ux * (start + (end - start) * u),
      y: a.y + uy * (start + (end - start) * u),
    }),
  };
}

/**
 * @param {Layout} layout
 * @param {ReturnType<typeof pills>} clients
 * @param {number | string} end
 * @param {number | string} other
 */
function anchor(layout, clients, end, other) {
  if (typeof end === "number") {
    const place = placeOf(layout, end);
    return place && { x: place.x, y: place.y, clear: place.r * 1.36 + 2 };
  }
  const pill = clients.find((pill) => pill.client.name === end);
  const target = typeof other === "number" ? placeOf(layout, other) : undefined;
  return pill && target && { ...pillEdge(pill, target), clear: 4 };
}

/**
 * How far a message is on its way, 0 to 1.
 * @param {{ sent: number, arrives: number, fate: string, ended: number | null }} message
 * @param {number} now
 */
export function progress(message, now) {
  const at = message.fate === "lost" && message.ended !== null ? message.ended : now;
  return Math.max(0, Math.min(1, (at - message.sent) / Math.max(message.arrives - message.sent, 0.001)));
}

/** Messages that have something to show on the stage. @param {MessageFrame[]} messages */
export const visible = (messages) => messages.filter((message) => message.fate !== "lost");
