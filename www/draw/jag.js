// Lines that are torn: jagged by a seed, crossed by others, near or far.

/** @typedef {[number, number]} Point */

/** @param {number} seed */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Midpoint displacement. @param {Point[]} path @param {number} seed @param {number} size */
export function jagged(path, seed, size) {
  const next = chance(seed);
  let points = path;
  let amplitude = size;
  for (let depth = 0; depth < 6; depth++) {
    const finer = [points[0]];
    for (let i = 1; i < points.length; i++) {
      const [p, q] = [points[i - 1], points[i]];
      const [dx, dy] = [q[0] - p[0], q[1] - p[1]];
      const length = Math.hypot(dx, dy) || 1;
      const shift = (next() - 0.5) * 2 * Math.min(amplitude, length * 0.22);
      finer.push([(p[0] + q[0]) / 2 - (dy / length) * shift, (p[1] + q[1]) / 2 + (dx / length) * shift], q);
    }
    points = /** @type {Point[]} */ (finer);
    amplitude *= 0.56;
  }
  return points;
}

/**
 * Whether the segment a–b crosses the path, and where along it, 0 to 1; or null.
 * @param {Point} a
 * @param {Point} b
 * @param {Point[]} path
 */
export function crossing(a, b, path) {
  for (let i = 1; i < path.length; i++) {
    const [c, d] = [path[i - 1], path[i]];
    const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
    const area = rx * sy - ry * sx;
    if (Math.abs(area) < 1e-9) continue;
    const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / area;
    const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / area;
    if (t >= 0 && t <= 1 && u >= 0 && u <= 1) return t;
  }
  return null;
}

/** The least distance from a point to a path. @param {Point} p @param {Point[]} path */
export function distance(p, path) {
  let least = Infinity;
  for (const [px, py] of path) least = Math.min(least, Math.hypot(p[0] - px, p[1] - py));
  return least;
}
