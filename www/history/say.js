// Words of the history view, in the language of whoever shows it.

import { apart, teller } from "../teller.js";
import WORDS from "../words/history.js";

/** @import { Words } from "../words.js" */

export const tell = teller(WORDS);

/** "a, b and c". @param {Words} words @param {string[]} list @param {string} [between] */
export function listed(words, list, between = "and") {
  const [last, ...rest] = [...list].reverse();
  if (!rest.length) return last ?? "";
  const text = rest.reverse().join(tell(words, "comma")) + tell(words, between) + last;
  return words.lang === "zh" ? apart(text) : text;
}
