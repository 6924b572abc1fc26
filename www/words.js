// The page's own words, in the reader's language. A protocol's words come from the catalog.

import en from "./words/en.js";

/** A language is fetched when it is first spoken. @type {{ en: Record<string, string>, zh: Record<string, string> }} */
const WORDS = { en, zh: {} };
/** @typedef {"en" | "zh"} Lang */

/** @type {Lang} */
let lang = "en";
/** What this page says beside what is around a stage: parts of it. @type {string[]} */
let parts = [];

/** @returns {Lang} */
export const language = () => lang;

/**
 * Words that are fetched when they are first wanted.
 * @type {Record<string, () => Promise<{ default: Record<string, string> }>>}
 */
const LATER = {
  zh: () => import("./words/zh.js"),
  "site-en": () => import("./words/site-en.js"),
  "site-zh": () => import("./words/site-zh.js"),
  "lab-en": () => import("./words/lab-en.js"),
  "lab-zh": () => import("./words/lab-zh.js"),
  "home-en": () => import("./words/home-en.js"),
  "home-zh": () => import("./words/home-zh.js"),
};
const known = new Set(["en"]);

/** Fetches the words of a language. @param {Lang} next */
export async function learn(next) {
  const wanted = [next, ...parts.map((part) => `${part}-${next}`)].filter((name) => !known.has(name));
  for (const words of await Promise.all(wanted.map((name) => LATER[name]())))
    WORDS[next] = { ...WORDS[next], ...words.default };
  for (const name of wanted) known.add(name);
}

/**
 * What is said from here on is in this language; where stages of several languages share a page, each says so before
 * it speaks.
 * @param {Lang} next
 */
export const use = (next) => (lang = next);

/**
 * The language of a whole page, and what it also says beside a stage: in panels, dialogs, texts, or at home.
 * @param {Lang} next
 * @param {string[]} [beside]
 */
export async function speak(next, beside = parts) {
  parts = beside;
  await learn(next);
  lang = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

/** What this page says from here on too. @param {string} part */
export function sayToo(part) {
  if (!parts.includes(part)) parts = [...parts, part];
  return learn(lang);
}

/** What the address asks for, or the browser prefers. @param {string | null} asked @returns {Lang} */
export function preferred(asked) {
  const wish = asked ?? navigator.language ?? "en";
  return wish.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/**
 * What a stage says. Each has its own, so that stages of several languages can share a page.
 * @typedef {{ lang: Lang, say: (key: string, fill?: Record<string, string | number>) => string,
 *   read: (says: { en: string, zh: string }) => string, count: (n: number | null) => string,
 *   ms: (ms: number) => string }} Words
 */

/** @param {Lang} lang one that was learnt @returns {Words} */
export const wordsIn = (lang) => VOICES[lang];

/** @param {Lang} lang @returns {Words} */
function voice(lang) {
  const digits = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en", { maximumFractionDigits: 2 });
  return {
    lang,
    say: (key, fill = {}) => {
      const text = WORDS[lang][key] ?? WORDS.en[key] ?? key;
      // `{n:node|nodes}` is the first for one, and the second for any other number.
      const told = text.replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name, one, many) =>
        `${fill[name]}` === "1" ? one : many,
      );
      return told.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
    },
    read: (says) => says[lang],
    count: (n) => (n === null ? "–" : digits.format(n)),
    ms: (ms) => `${Number.isInteger(ms) ? ms : ms.toFixed(ms < 10 ? 2 : 1)}`,
  };
}

const VOICES = { en: voice("en"), zh: voice("zh") };

/**
 * A text of the page by its key, with `{name}` filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [fill]
 */
export const say = (key, fill) => VOICES[lang].say(key, fill);

/** A text of the simulation in the page's language. @param {{ en: string, zh: string }} says */
export const read = (says) => VOICES[lang].read(says);

/** How many, as the page's language groups digits. @param {number | null} n */
export const count = (n) => VOICES[lang].count(n);

/** Virtual time as it is shown: whole ms, with decimals only where they matter. @param {number} n */
export const ms = (n) => VOICES[lang].ms(n);
