// Words of the history view, in the language of whoever shows it.

import WORDS from "../words/history.js";

/** @import { Words } from "../words.js" */

/** @param {Words} words @param {string} key @param {Record<string, string | number>} [fill] */
export function tell({ lang }, key, fill = {}) {
  const text = WORDS[lang][key] ?? WORDS.en[key] ?? key;
  const counted = text.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name, one, many) =>
    `${fill[name]}` === "1" ? one : many,
  );
  const filled = counted.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
  return lang === "zh" ? apart(filled) : filled;
}

/** Names and numbers stand apart from Chinese characters. @param {string} text */
const apart = (text) =>
  text.replace(/(\p{Script=Han})([A-Za-z0-9])/gu, "$1 $2").replace(/([A-Za-z0-9])(\p{Script=Han})/gu, "$1 $2");

/** "a, b and c". @param {Words} words @param {string[]} list @param {string} [between] */
export function listed(words, list, between = "and") {
  const [last, ...rest] = [...list].reverse();
  if (!rest.length) return last ?? "";
  const text = rest.reverse().join(tell(words, "comma")) + tell(words, between) + last;
  return words.lang === "zh" ? apart(text) : text;
}
