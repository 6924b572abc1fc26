// Where a text has which terms: the longest word that begins at a place, and whole words only. Pure, and the same as
// `crates/lesson-files/src/terms.rs` finds.

/**
 * @import { Lang } from "../words.js"
 * @typedef {{ en: string, zh: string }} Both
 * @typedef {{ id: string, family: string, of: string[], en: string[], zh: string[], except: string[], says: Both,
 *   paper: string, at: string, seen: string[] }} Term
 * @typedef {{ families: { id: string, name: Both }[], papers: Record<string, { short: string, full: string }>,
 *   terms: Term[] }} Terms
 * @typedef {{ form: string, exact: boolean, term: Term | null }} Form a word, and what it means; what only looks like
 *   a term means nothing
 * @typedef {{ from: number, to: number, term: Term }} Place
 */

/** @param {string} [c] */
const isLetter = (c = "") => /^[A-Za-z0-9]$/.test(c);

/**
 * All forms that count in a protocol's lessons, by their first letter, the longest first.
 * @param {Term[]} terms @param {string} protocol @param {Lang} lang
 */
export function formsOf(terms, protocol, lang) {
  /** @type {Map<string, Form[]>} */
  const forms = new Map();
  const add = (/** @type {string} */ form, /** @type {Term | null} */ term) => {
    const first = form[0].toLowerCase();
    const exact = /[A-Z]/.test(form);
    forms.set(first, [...(forms.get(first) ?? []), { form: exact ? form : form.toLowerCase(), exact, term }]);
  };
  for (const term of terms) {
    if (term.of.length && !term.of.includes(protocol)) continue;
    for (const form of term[lang]) add(form, term);
    for (const form of term.except) add(form, null);
  }
  for (const list of forms.values()) list.sort((a, b) => b.form.length - a.form.length);
  return forms;
}

/** @param {Form} form @param {string} text @param {string} lower @param {number} at */
function begins({ form, exact }, text, lower, at) {
  if (!(exact ? text : lower).startsWith(form, at)) return false;
  const [before, next, over] = [text[at - 1], text[at + form.length], text[at + form.length + 1]];
  // A hyphen joins two words into another one.
  if (isLetter(form[0]) && (isLetter(before) || before === "-")) return false;
  return !(isLetter(form.at(-1)) && (isLetter(next) || (next === "-" && isLetter(over))));
}

/** @param {string} text @param {Map<string, Form[]>} forms @returns {Place[]} every one, in order */
export function findTerms(text, forms) {
  const lower = text.replace(/[A-Z]/g, (c) => c.toLowerCase());
  /** @type {Place[]} */
  const found = [];
  let at = 0;
  while (at < text.length) {
    const one = forms.get(lower[at])?.find((form) => begins(form, text, lower, at));
    const length = one?.form.length ?? 1;
    if (one?.term) found.push({ from: at, to: at + length, term: one.term });
    at += length;
  }
  return found;
}
