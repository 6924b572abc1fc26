// What is said of terms, in the page's language.

import { language } from "../words.js";
import WORDS from "../words/terms.js";

/**
 * @import { Terms, Term } from "./find.js"
 */

/** @param {string} key @param {Record<string, string | number>} [fill] */
export function tell(key, fill = {}) {
  const text = WORDS[language()][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
}

/**
 * The paper, and the place in it: a section by its sign, anything else by its name.
 * @param {Terms} all @param {Term} term
 */
export function sourceOf({ papers }, { paper, at }) {
  const section = /^(\d+(\.\d+)*|[IVX]+)$/.test(at);
  return { short: `${papers[paper].short}${section ? ` §${at}` : `, ${at}`}`, full: papers[paper].full };
}

/** @param {string} id */
export const termAddress = (id) => `terms.html#term=${id}&lang=${language()}`;
