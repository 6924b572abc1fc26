// Many nodes, each linked to some: spread evenly, those that are linked near each other.

/**
 * @import { Memory } from "../draw/memory.js"
 * @import { Place, Standing } from "../layout.js"
 */

/**
 * A graph that pulls neighbours together and pushes all others apart; laid out once.
 * @param {number} W
 * @param {number} H
 * @param {number[]} ids
 * @param {Uint32Array} edges
 * @param {Memory} memory
 * @param {boolean} compact
 * @returns {Standing}
 */
export function field(W, H, ids, edges, memory, compact) {
  const [cx, cy] = [W / 2, H / 2];
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
