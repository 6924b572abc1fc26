// An order that looks like chance and is the same for the same word, as of a day.

/** FNV-1a, and a stir of its bits: words that differ little come out far apart. @param {string} word */
function hash(word) {
  let sum = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) sum = Math.imul(sum ^ word.charCodeAt(at), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}

/** A list mixed by a word. @template T @param {T[]} list @param {string} word @param {(one: T) => string} key */
export const mixed = (list, word, key) =>
  list
    .map((one) => ({ one, place: hash(`${word} ${key(one)}`) }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);

/** The word of a day. */
export const dayOf = (now = Date.now()) => String(Math.floor(now / 86_400_000));
