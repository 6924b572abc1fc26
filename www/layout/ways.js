// The ways of messages: where they leave one end and reach the other.

/**
 * @import { Pill } from "../arrange.js"
 * @import { Layout, Place, Standing } from "../layout.js"
 */

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

/**
 * Messages keep to the right of their line, so that an answer does not leave under what it answers: by so much of a
 * glyph.
 */
const LANE = 0.36;

/** How far from its direction a place on the rim may move. */
const TURN = 0.6;

/**
 * Where on a node's rim messages from and to each other one come and go: in its direction, but so far apart that
 * those who come from near directions do not land on one another.
 * @param {Standing} standing @returns {Map<string, number>}
 */
export function ports(standing) {
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
 * Where a client is that has no place on the sheet: behind the edge that is nearest.
 * @param {Layout} layout @param {Place} from
 */
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
