// What a deck says, in the page's language.

import { language } from "../words.js";
import WORDS from "../words/present.js";

/** @param {string} key @param {Record<string, string | number>} [fill] */
export function tell(key, fill = {}) {
  const text = WORDS[language()][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? String(fill[name]) : all));
}

/** The channel on which the deck of a lesson and its notes keep in step. @param {string} lesson */
export const channelOf = (lesson) => new BroadcastChannel(`synod-deck ${lesson}`);
