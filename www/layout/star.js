// Whoever asks in the middle, and all others about it.

/**
 * @import { NodeFrame } from "../pkg/synod.js"
 * @import { Standing } from "../layout.js"
 */

/**
 * Whoever asks in the middle, all others about it: the first group, or the first node.
 * @param {number} W @param {number} H @param {NodeFrame[]} nodes @param {number} scale
 * @param {boolean} compact @returns {Standing}
 */
export function star(W, H, nodes, scale, compact) {
  const first = nodes[0].group;
  const middle = nodes.filter((one) => (first === null ? one === nodes[0] : one.group === first));
  const outer = nodes.filter((one) => !middle.includes(one));
  if (compact && outer.length <= UPRIGHT && H > W * TALL) return upright(W, H, middle, outer, scale);
  const most = W > 860 && H > 620 ? 48 : compact ? 24 : 35;
  const [cx, cy] = [W / 2, H / 2];
  const turns = outer.map((_, i) => (((STARTS[outer.length] ?? -90) + (i * 360) / outer.length) * Math.PI) / 180);
  // Four stand in the corners of the ellipse's box, so that all that they keep stands outside.
  const out = outer.length === 4 ? 1.12 : 1;
  // Of two, each stands on its side and lower than who asks, so that beside that one there is room. Where one has
  // nobody opposite, all move so that they are in the middle together.
  const heights = turns.map(Math.sin);
  const lower = outer.length === 2 ? 0.42 : -(Math.max(...heights) + Math.min(...heights)) / 2;
  const wished = Math.min(most, H / (compact ? 9 : 11), (W * 0.9) / Math.max(4, outer.length));
  let [r, rx, ry] = [Math.max(9, wished), 0, 0];
  for (let attempt = 0; attempt < 4; attempt++) {
    [rx, ry] = [compact ? W / 2 - r * 1.6 - 14 : W * 0.2, H / 2 - r * 1.5 - (compact ? 40 : 46)];
    const spots = turns.map((turn) => [rx * out * Math.cos(turn), ry * out * Math.sin(turn)]);
    // Whoever stands straight above or below who asks is clear of its rings, and so are those beside each other.
    const room = spots.map(([x, y], i) => {
      const [nextX, nextY] = spots[(i + 1) % spots.length];
      return Math.min(Math.hypot(x, y) / RINGED, Math.hypot(nextX - x, nextY - y) / BARE);
    });
    if (outer.length > 2 && attempt < 3) r = Math.max(9, Math.min(wished, ...room));
  }
  const drop = ry * lower;
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

/** From middle to middle, in radii: who asks with all that may be about it and another, and two others. */
const [RINGED, BARE] = [2.9, 2.5];

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
