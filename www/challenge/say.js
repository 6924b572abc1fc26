// Words of challenges, in the language of whoever shows them.

import WORDS from "../words/challenge.js";

/** @import { Words } from "../words.js" */

/** @param {Words} words @param {string} key @param {Record<string, string | number>} [fill] */
export function tell({ lang }, key, fill = {}) {
  const text = WORDS[lang][key] ?? WORDS.en[key] ?? key;
  const counted = text.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name, one, many) =>
    `${fill[name]}` === "1" ? one : many,
  );
  return counted.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
}
