// What a reader has done of the lessons. It is kept on this device and sent nowhere; a browser that
// keeps nothing is no error.

import { remember, remembered } from "./shell.js";

/**
 * The lessons that were done of each course, and the one that was opened last. A course is the first part of a
 * lesson's id.
 * @typedef {{ done: Record<string, string[]>, last: string | null }} Progress
 */

/** Kept as `{"a": ["a/one", "a/two"], "last": "a/three"}`; whatever else stands there is passed over. */
export function read() {
  /** @type {Progress} */
  const progress = { done: {}, last: null };
  let kept;
  try {
    kept = JSON.parse(remembered("progress") ?? "{}");
  } catch {
    return progress;
  }
  if (typeof kept !== "object" || kept === null) return progress;
  for (const [course, ids] of Object.entries(kept)) {
    if (course === "last") progress.last = typeof ids === "string" ? ids : null;
    else if (Array.isArray(ids)) {
      const known = ids.filter((id) => typeof id === "string");
      if (known.length) progress.done[course] = known;
    }
  }
  return progress;
}

/** @param {Progress} progress */
const keep = ({ done, last }) => remember("progress", JSON.stringify({ ...done, ...(last ? { last } : {}) }));

/** A lesson was opened. @param {string} id */
export function visited(id) {
  keep({ ...read(), last: id });
}

/** A lesson was read to its end. @param {string} id */
export function done(id) {
  const progress = read();
  const course = id.split("/")[0];
  const before = progress.done[course] ?? [];
  if (!before.includes(id)) progress.done[course] = [...before, id];
  keep({ ...progress, last: id });
}

/** @param {Progress} progress @param {string} id */
export const isDone = (progress, id) => progress.done[id.split("/")[0]]?.includes(id) ?? false;

/**
 * The one next step: the lesson opened last if it is not done yet, else the first after it that is not, else the
 * first of all that is not.
 * @param {Progress} progress
 * @param {string[]} ids every lesson, in the order of the path
 */
export function next(progress, ids) {
  const left = (/** @type {string[]} */ some) => some.find((id) => !isDone(progress, id));
  const at = progress.last === null ? -1 : ids.indexOf(progress.last);
  return left(ids.slice(Math.max(at, 0))) ?? left(ids) ?? null;
}
