// Which lessons this reader has done, kept on the device and nowhere else.

import { remember, remembered } from "./shell.js";

/** @typedef {{ last: string | null, lessons: Record<string, string[]> }} Progress */

/** @returns {Progress} */
export function read() {
  try {
    const kept = JSON.parse(remembered("progress") ?? "{}");
    return { last: kept.last ?? null, lessons: kept.lessons ?? {} };
  } catch {
    return { last: null, lessons: {} };
  }
}

/** @param {string} id */
export function visited(id) {
  remember("progress", JSON.stringify({ ...read(), last: id }));
}

/** @param {string} id */
export function done(id) {
  const kept = read();
  const [protocol] = id.split("/");
  const before = kept.lessons[protocol] ?? [];
  if (before.includes(id)) return;
  remember("progress", JSON.stringify({ last: id, lessons: { ...kept.lessons, [protocol]: [...before, id] } }));
}
