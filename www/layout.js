// Where things stand. Pure: the same frame and size always give the same places, and nodes never
// move to make a point.

/**
 * @import { Frame, MessageFrame, NodeFrame } from "./pkg/synod.js"
 * @import { Pill } from "./arrange.js"
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
      ? field(W, H - (W < NARROW * scale ? 2 : 1) * LEGEND * scale, ids, edges, memory)
      : grounds?.length
        ? placed(W, H, nodes, grounds, scale)
        : wish === "star" && nodes.length > 2
          ? star(W, H, nodes, scale)
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

/**
 * Whoever asks in the middle, all others about it: the first group, or the first node.
 * @param {number} W @param {number} H @param {NodeFrame[]} nodes @param {number} scale @returns {Standing}
 */
function star(W, H, nodes, scale) {
  const compact = W < COMPACT * scale;
  const first = nodes[0].group;
  const middle = nodes.filter((one) => (first === null ? one === nodes[0] : one.group === first));
  const outer = nodes.filter((one) => !middle.includes(one));
  if (compact && outer.length <= UPRIGHT && H > W * TALL) return upright(W, H, middle, outer, scale);
  const most = W > 860 && H > 620 ? 48 : compact ? 24 : 35;
  const r = Math.max(9, Math.min(most, H / (compact ? 9 : 11), (W * 0.9) / Math.max(4, outer.length)));
  const [cx, cy] = [W / 2, H / 2];
  const [rx, ry] = [compact ? W / 2 - r * 1.6 - 14 : W * 0.2, H / 2 - r * 1.5 - (compact ? 40 : 46)];
  const turns = outer.map((_, i) => (((STARTS[outer.length] ?? -90) + (i * 360) / outer.length) * Math.PI) / 180);
  // Four stand in the corners of the ellipse's box, so that all that they keep stands outside.
  const out = outer.length === 4 ? 1.12 : 1;
  // Of two, each stands on its side and lower than who asks, so that beside that one there is room. Where one has
  // nobody opposite, all move so that they are in the middle together.
  const heights = turns.map(Math.sin);
  const drop = outer.length === 2 ? ry * 0.42 : (-ry * (Math.max(...heights) + Math.min(...heights))) / 2;
  const up = outer.length === 2 ? -drop : drop;
  const places = nodes.map((one) => {
    const [at, turn] = [middle.indexOf(one), turns[outer.indexOf(one)]];
    const aside = (at - (middle.length - 1) / 2) * r * 3.4;
    const [x, y] =
      at >= 0 ? [cx + aside, cy + up] : [cx + rx * out * Math.cos(turn), cy + ry * out * Math.sin(turn) + drop];
    const side = /** @type {1 | -1} */ (x < cx - 1 ? -1 : 1);
    return { id: one.id, x, y, r, side, group: one.group, ...(at < 0 ? {} : overOf(middle, outer, compact, r)) };
  });
  return { W, H, compact, places, rx, ry, cx, cy };
}

/**
 * Above who asks there is room, where nobody stands there: beside it others speak with each other. Of four, those above
 * stand near, and what is written is higher, clear of the ways to them.
 * @param {NodeFrame[]} middle @param {NodeFrame[]} outer @param {boolean} compact @param {number} r
 * @returns {{ writes?: "above", lift?: number }}
 */
function overOf(middle, outer, compact, r) {
  if (compact || middle.length > 1 || (outer.length !== 3 && outer.length !== 4)) return {};
  return { writes: "above", lift: outer.length === 4 ? r * 0.7 : 0 };
}

/** So many stand below who asks, on a stage that is as much higher than wide as this. */
const UPRIGHT = 4;
const TALL = 0.7;
/** Where the first of so many stands, in degrees from the right, clockwise; else at the top. */
const STARTS = /** @type {Record<number, number>} */ ({ 2: 180, 3: -150, 4: -135 });

/** What is written below a node that stands in rows: its name, and one line. */
const KEPT = 57;

/**
 * On a narrow stage: who asks on top, and the others below it in rows of two, what they keep below each. The
 * last row is narrower, so that the lines to it pass between those above.
 * @param {number} W @param {number} H @param {NodeFrame[]} middle @param {NodeFrame[]} outer @param {number} scale
 * @returns {Standing}
 */
function upright(W, H, middle, outer, scale) {
  // A stage much higher than wide is not drawn apart.
  const used = Math.min(H, W * 1.25);
  const [rows, abreast] = [outer.length > 2 ? 2 : 1, 2];
  // Below each there is room for its name and a line of what it keeps.
  const most = ((used - 22) / rows - KEPT * scale) / (2 + 2 / rows) - 2;
  const r = Math.max(9, Math.min(24, most / 1.5, W / (abreast * 5)));
  const reach = r * 1.5 + 2;
  const head = 8 + (H - used) / 3;
  const top = head + 2 * reach;
  const high = (used - 14 - 8 - 2 * reach) / rows;
  const lower = rows > 1 ? 0 : Math.max(0, Math.min(28, (high - 2 * reach - 2 * KEPT * scale) / 2));
  const asks = middle.map(({ id, group }, at) => {
    const x = W / 2 + (at - (middle.length - 1) / 2) * r * 3.4;
    return {
      id,
      x,
      y: head + reach,
      r,
      side: /** @type {const} */ (1),
      group,
      writes: /** @type {const} */ ("beside"),
    };
  });
  const holds = outer.map(({ id, group }, i) => {
    // In a circle, as elsewhere: the second row goes from right to left.
    const row = Math.floor(i / abreast);
    const here = Math.min(abreast, outer.length - row * abreast);
    const at = (row ? here - 1 - (i % abreast) : i) - (here - 1) / 2;
    const x = W / 2 + at * W * (rows === 1 ? 0.5 : row ? 0.44 : 0.6);
    const y = top + high * row + reach + lower;
    const side = /** @type {1 | -1} */ (at < 0 ? -1 : 1);
    return { id, x, y, r, side, group, writes: /** @type {const} */ ("below") };
  });
  return {
    W,
    H,
    compact: true,
    upright: true,
    places: [...asks, ...holds],
    rx: W / 2,
    ry: H / 2,
    cx: W / 2,
    cy: H / 2,
  };
}

/**
 * A graph that pulls neighbours together and pushes all others apart; laid out once.
 * @param {number} W
 * @param {number} H
 * @param {number[]} ids
 * @param {Uint32Array} edges
 * @param {Memory} memory
 * @returns {Standing}
 */
function field(W, H, ids, edges, memory) {
  const [compact, cx, cy] = [W < COMPACT, W / 2, H / 2];
  const key = `${W} ${H} ${ids} ${edges}`;
  if (memory.field.key !== key) memory.field = { key, places: spread(W, H, ids, edges, compact) };
  return { W, H, compact, crowd: true, places: memory.field.places, rx: cx, ry: cy, cx, cy };
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
    group: null,
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

/** How large a message's glyph is. @param {{ compact: boolean, places: Place[] }} standing */
export const glyphSize = ({ compact, places }) =>
  (compact ? 19 : 22) * Math.min(1, Math.max(0.5, (places[0]?.r ?? 20) / 18));

/**
 * How far from a node's middle a message begins and ends: clear of its rim, if the way is not short.
 * @param {Place} place @param {number} size of a glyph @param {number} far how far it is to the other end
 */
const clear = ({ r }, size, far) => Math.min(r * 1.5 + size * 0.6, Math.max(r * 1.36 + 2, far * 0.36));

/** More nodes than these are too small to have a place on the rim for each other one. */
const MOST_PORTS = 24;
/** Messages keep to the right of their line, so that an answer does not leave under what it answers: by
 *  so much of a glyph. */
const LANE = 0.36;
/** How far from its direction a place on the rim may move. */
const TURN = 0.6;

/**
 * Where on a node's rim messages from and to each other one come and go: in its direction, but so far apart that
 * those who come from near directions do not land on one another.
 * @param {Standing} standing @returns {Map<string, number>}
 */
function ports(standing) {
  const { places } = standing;
  const found = new Map();
  if (places.length > MOST_PORTS) return found;
  const glyph = glyphSize(standing) * 1.25;
  for (const one of places) {
    const peers = places.filter(
      (other) => other !== one && (one.group === null || Math.abs((one.group ?? 0) - (other.group ?? 0)) === 1),
    );
    const ends = peers
      .map((peer) => ({ id: peer.id, wish: Math.atan2(peer.y - one.y, peer.x - one.x) }))
      .sort((a, b) => a.wish - b.wish);
    const angles = apart(
      ends.map((end) => end.wish),
      Math.min(glyph / (one.r * 1.45), (2 * Math.PI) / Math.max(1, ends.length)),
    );
    ends.forEach((end, i) => {
      found.set(`${one.id} ${end.id}`, angles[i]);
    });
  }
  return found;
}

/**
 * Directions in order, pushed apart until none is nearer to the next than `least`.
 * @param {number[]} wishes @param {number} least
 */
function apart(wishes, least) {
  const angles = [...wishes];
  for (let round = 0; round < 24 && angles.length > 1; round++) {
    for (let i = 0; i < angles.length; i++) {
      const next = (i + 1) % angles.length;
      const between = angles[next] - angles[i] + (next === 0 ? 2 * Math.PI : 0);
      const push = Math.max(0, least - between) / 2;
      angles[i] -= push;
      angles[next] += push;
    }
  }
  return angles.map((angle, i) => Math.max(wishes[i] - TURN, Math.min(wishes[i] + TURN, angle)));
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

/** Where a client is that has no place on the sheet: behind the edge that is nearest. @param {Layout} layout @param {Place} from */
function beyond({ W, H }, { x, y }) {
  const edges = [
    { x: 4, y },
    { x: W - 4, y },
    { x, y: 2 },
    { x, y: H - 10 },
  ];
  return edges.reduce((best, one) =>
    Math.hypot(one.x - x, one.y - y) < Math.hypot(best.x - x, best.y - y) ? one : best,
  );
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
 * @param {Layout} layout @param {Pill[]} pills @param {number | string} from @param {number | string} to
 */
export function way(layout, pills, from, to) {
  const [a, b] = [anchor(layout, pills, from, to), anchor(layout, pills, to, from)];
  if (!a || !b) return null;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  const [ux, uy] = [dx / length, dy / length];
  const lane = glyphSize(layout) * LANE;
  const [left, top] = [a.x - uy * lane, a.y + ux * lane];
  return {
    angle: Math.atan2(dy, dx),
    ux,
    uy,
    length,
    at: (/** @type {number} */ u) => ({ x: left + dx * u, y: top + dy * u }),
  };
}

/**
 * @param {Layout} layout
 * @param {Pill[]} pills
 * @param {number | string} end
 * @param {number | string} other
 */
function anchor(layout, pills, end, other) {
  if (typeof end !== "number") {
    const pill = pills.find((pill) => pill.name === end);
    const target = typeof other === "number" ? placeOf(layout, other) : undefined;
    return target && (pill ? pillEdge(pill, target) : beyond(layout, target));
  }
  const place = placeOf(layout, end);
  if (!place) return undefined;
  const angle = typeof other === "number" ? layout.ports.get(`${end} ${other}`) : undefined;
  const pill = pills.find((pill) => pill.name === other);
  const to = typeof other === "number" ? placeOf(layout, other) : pill ? pillEdge(pill, place) : beyond(layout, place);
  if (!to) return undefined;
  const [dx, dy] = [to.x - place.x, to.y - place.y];
  const turn = angle ?? Math.atan2(dy, dx);
  const away = clear(place, glyphSize(layout), Math.hypot(dx, dy));
  return { x: place.x + away * Math.cos(turn), y: place.y + away * Math.sin(turn) };
}
