// Terms in the words of a lesson: each is a quiet link, which opens its definition in place. Fetched when the page has
// nothing else to do. Text stays text: marks are put around parts of text nodes.

import { h } from "../dom.js";
import { fetched, styled } from "../shell.js";
import { language } from "../words.js";
import { makeCard } from "./card.js";
import { findTerms, formsOf } from "./find.js";
import { termAddress } from "./say.js";

/**
 * @import { Form, Place, Terms } from "./find.js"
 */

/** What of a lesson's words is searched. */
const CAPTIONS = ":scope > .say, :scope > .more";

/**
 * Marks what a lesson tells now, and whatever takes its place.
 * @param {HTMLElement} words @param {string} protocol whose lesson it is
 */
export async function markTerms(words, protocol) {
  const [all] = await Promise.all([/** @type {Promise<Terms>} */ (fetched("terms.json")), styled("term-card.css")]);
  const card = makeCard(all);
  /** @type {Record<string, ReturnType<typeof formsOf>>} */
  const forms = {};
  const watch = new MutationObserver(() => mark());
  const mark = () => {
    watch.disconnect();
    const lang = language();
    forms[lang] ??= formsOf(all.terms, protocol, lang);
    markCaptions([...words.querySelectorAll(CAPTIONS)], forms[lang]);
    card.stay(words);
    watch.observe(words, { childList: true, subtree: true });
  };
  words.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.term") : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    card.toggle(link);
  });
  mark();
}

/** Each term once in all captions of a step. @param {Element[]} captions @param {Map<string, Form[]>} forms */
function markCaptions(captions, forms) {
  const marked = captions.flatMap((one) => [...one.querySelectorAll("a.term")]);
  const met = new Set(marked.map((link) => link.getAttribute("data-term")));
  for (const caption of captions)
    for (const part of partsOf(caption)) {
      const fresh = findTerms(part.map((node) => node.data).join(""), forms).filter(({ term }) => {
        const first = !met.has(term.id);
        met.add(term.id);
        return first;
      });
      // From the end, so that what is still to be marked stays where it was.
      for (const place of fresh.reverse()) markAt(part, place);
    }
}

/**
 * Text nodes that are read as one text. A word may run into what is kept together with a glyph; names and links are not
 * searched, and words in an epoch's ink are read by themselves.
 * @param {Element} caption
 */
function partsOf(caption) {
  /** @type {Text[][]} */
  const parts = [[]];
  const walk = (/** @type {Node} */ node) => {
    for (const child of node.childNodes) {
      if (child instanceof Text) parts.at(-1)?.push(child);
      else if (child instanceof Element && child.matches(".bound")) walk(child);
      else {
        parts.push([]);
        if (child instanceof Element && child.matches(".tm")) walk(child);
        parts.push([]);
      }
    }
  };
  walk(caption);
  return parts.filter((part) => part.length);
}

/** @param {Text[]} part @param {Place} place */
function markAt(part, { from, to, term }) {
  let at = 0;
  while (from >= part[at].length) {
    from -= part[at].length;
    to -= part[at].length;
    at += 1;
  }
  // The head of a word whose tail is kept with a glyph goes where its tail is.
  while (to > part[at].length) {
    const head = part[at].data.slice(from);
    part[at].data = part[at].data.slice(0, from);
    at += 1;
    part[at].data = head + part[at].data;
    [from, to] = [0, to - from];
  }
  const word = part[at].splitText(from);
  word.splitText(to - from);
  const props = { class: "term", href: termAddress(term.id), "data-term": term.id };
  const link = h("a", { ...props, "aria-haspopup": "dialog", "aria-expanded": "false" });
  word.replaceWith(link);
  link.append(word);
}
