// What a player has done of the challenges. It is kept on this device and sent nowhere; a browser that keeps nothing
// is no error.

import { remember, remembered } from "../shell.js";

/** @typedef {{ stars: number, moves: number, faults: number, hint: boolean }} Kept the best so far */

const NOTHING = { stars: 0, moves: 0, faults: 0, hint: false };

/**
 * Kept as `{"a/one": [3, 4, 2, 0]}`: stars, moves, faults, and whether the hint was read.
 * @returns {Map<string, Kept>}
 */
export function readAll() {
  let kept;
  try {
    kept = JSON.parse(remembered("challenges") ?? "{}");
  } catch {
    return new Map();
  }
  if (typeof kept !== "object" || kept === null) return new Map();
  const sound = (/** @type {unknown} */ row) =>
    Array.isArray(row) && row.length === 4 && row.every((n) => Number.isInteger(n) && n >= 0);
  return new Map(
    Object.entries(kept)
      .filter(([, row]) => sound(row))
      .map(([id, [stars, moves, faults, hint]]) => [
        id,
        { stars: Math.min(3, stars), moves, faults, hint: hint === 1 },
      ]),
  );
}

/** @param {string} id @returns {Kept} */
export const readOne = (id) => readAll().get(id) ?? NOTHING;

/** @param {string} id @param {Kept} kept */
function keep(id, kept) {
  const all = readAll().set(id, kept);
  const rows = [...all].map(([id, { stars, moves, faults, hint }]) => [id, [stars, moves, faults, hint ? 1 : 0]]);
  remember("challenges", JSON.stringify(Object.fromEntries(rows)));
}

/** The hint was read. @param {string} id */
export const hinted = (id) => keep(id, { ...readOne(id), hint: true });

/**
 * It was done; what was better before stays.
 * @param {string} id @param {{ stars: number, moves: number, faults: number }} run
 */
export function done(id, run) {
  const before = readOne(id);
  const better = run.stars > before.stars || (run.stars === before.stars && run.moves < before.moves);
  if (better) keep(id, { ...run, hint: before.hint });
}
