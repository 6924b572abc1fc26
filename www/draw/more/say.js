// Words of what only some frames hold, in the language of a stage.

import WORDS from "../../words/more.js";

/** @import { Words } from "../../words.js" */

/**
 * What says it out of a table of words.
 * @param {Record<"en" | "zh", Record<string, string>>} table
 */
export const teller =
  (table) =>
  (
    /** @type {Words} */ { lang },
    /** @type {string} */ key,
    /** @type {Record<string, string | number>} */ fill = {},
  ) =>
    (table[lang][key] ?? table.en[key] ?? key).replace(/\{(\w+)\}/g, (all, name) =>
      name in fill ? String(fill[name]) : all,
    );

export const tell = teller(WORDS);

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
