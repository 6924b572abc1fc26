// What says words of a file of its own, in the language of whoever shows them. Such a file is fetched with the part of
// the page that speaks them.

/** @import { Words } from "./words.js" */

/** @param {Record<"en" | "zh", Record<string, string>>} all */
export const teller =
  (all) =>
  /** @param {Pick<Words, "lang">} words @param {string} key @param {Record<string, string | number>} [fill] */
  ({ lang }, key, fill = {}) => {
    const text = all[lang][key] ?? all.en[key] ?? key;
    const counted = text.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name, one, many) =>
      `${fill[name]}` === "1" ? one : many,
    );
    const filled = counted.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
    return lang === "zh" ? apart(filled) : filled;
  };

/** Names and numbers stand apart from Chinese characters. @param {string} text */
export const apart = (text) =>
  text.replace(/(\p{Script=Han})([A-Za-z0-9])/gu, "$1 $2").replace(/([A-Za-z0-9])(\p{Script=Han})/gu, "$1 $2");
