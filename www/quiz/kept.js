// What was answered of the quizzes, and when each question is due again. It is kept on this device and sent nowhere; a
// browser that keeps nothing is no error.

import { remember, remembered } from "../shell.js";

/** @typedef {{ at: number, days: number, right: boolean }} Kept when it was answered, and in how many days it is due */

const DAY = 86_400_000;
/** A question that is known comes back later each time. */
export const DAYS = [1, 3, 7, 21, 60];

/**
 * Kept as `{"a/one": [1764374400000, 3, 1]}`; whatever else stands there is passed over.
 * @returns {Map<string, Kept>}
 */
export function readAll() {
  let kept;
  try {
    kept = JSON.parse(remembered("questions") ?? "{}");
  } catch {
    return new Map();
  }
  if (typeof kept !== "object" || kept === null) return new Map();
  const sound = (/** @type {unknown} */ row) =>
    Array.isArray(row) && row.length === 3 && row.every(Number.isFinite) && row[0] >= 0 && DAYS.includes(row[1]);
  return new Map(
    Object.entries(kept)
      .filter(([, row]) => sound(row))
      .map(([id, [at, days, right]]) => [id, { at, days, right: right === 1 }]),
  );
}

/** One that was answered in the future, by a clock that was wrong, is due. @param {Kept} kept @param {number} now */
export const isDue = ({ at, days }, now) => now >= at + days * DAY || at > now + DAY;

/** Whether a question may be asked by itself: it never was, or it is due. @param {string} id */
export function isOpen(id, now = Date.now()) {
  const kept = readAll().get(id);
  return !kept || isDue(kept, now);
}

/** What is due of those questions that there are. @param {Iterable<string>} ids */
export function due(ids, now = Date.now()) {
  const kept = readAll();
  return [...ids].filter((id) => {
    const one = kept.get(id);
    return one && isDue(one, now);
  });
}

/**
 * A question was answered. A wrong answer begins again; a right one that was not due yet changes nothing, since knowing
 * it twice in a day tells no more than knowing it once.
 * @param {string} id @param {boolean} right
 */
export function answered(id, right, now = Date.now()) {
  const all = readAll();
  const before = all.get(id);
  if (right && before && !isDue(before, now)) return;
  const longer = before?.right ? DAYS.find((days) => days > before.days) : DAYS[0];
  all.set(id, { at: now, days: right ? (longer ?? DAYS[DAYS.length - 1]) : DAYS[0], right });
  const rows = [...all].map(([id, { at, days, right }]) => [id, [at, days, right ? 1 : 0]]);
  remember("questions", JSON.stringify(Object.fromEntries(rows)));
}

/** The lessons that were done and the questions that were answered are forgotten. */
export function forget() {
  for (const key of ["progress", "questions"]) remember(key, "{}");
}
