// Words of quizzes, in the language of the page.

import WORDS from "../words/quiz.js";
import { language } from "../words.js";

/** @param {string} key @param {Record<string, string | number>} [fill] */
export function say(key, fill = {}) {
  const text = WORDS[language()][key] ?? WORDS.en[key] ?? key;
  const counted = text.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name, one, many) =>
    `${fill[name]}` === "1" ? one : many,
  );
  return counted.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
}
