// Words of what only some frames hold, in the language of a stage.

import WORDS from "../../words/more.js";

/** @import { Words } from "../../words.js" */

/** @param {Words} words @param {string} key @param {Record<string, string | number>} [fill] */
export const tell = ({ lang }, key, fill = {}) =>
  (WORDS[lang][key] ?? WORDS.en[key] ?? key).replace(/\{(\w+)\}/g, (all, name) =>
    name in fill ? String(fill[name]) : all,
  );

/**
 * A name that is a word in each language, or the same in both.
 * @param {Words} words @param {{ en: string, zh: string } | string | number | null | undefined} name
 */
export const called = ({ read }, name) =>
  name === null || name === undefined ? "" : typeof name === "object" ? read(name) : String(name);

/**
 * How long something lasts already; fast runs would count faster than anyone reads.
 * @param {number} since @param {number} now @param {number} rate
 */
export function lasted(since, now, rate) {
  const step = rate > 0.2 ? 100 : 10;
  return Math.floor(Math.max(0, now - since) / step) * step;
}
