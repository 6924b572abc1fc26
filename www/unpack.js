// A module packed with LZMA is a fifth smaller than with gzip, which is all that many static hosts have. It is
// unpacked here in about 50 ms: the decoder of the LZMA specification (Igor Pavlov, 2015), for a stream of known length.

import { joined } from "./streams.js";

/** Where each kind of probability begins: states are 12, places in a word up to 16. */
const [IS_REP, IS_REP_0, IS_REP_1, IS_REP_2, IS_REP_LONG] = [192, 204, 216, 228, 240];
const [SLOT, PLACE, ALIGN, LENGTH, REP_LENGTH, LITERAL] = [432, 688, 803, 819, 1333, 1847];
/** The header says how it was packed, how far back it looks, and how long it is. */
const HEADER = 13;

/** @param {Uint8Array} packed */
function broken(packed) {
  return new Error(`the packed module of ${packed.length} bytes is damaged`);
}

/**
 * Bits out of a stream, each with what was learnt of those before it.
 * @param {Uint8Array} packed @param {number} size
 */
function bitsOf(packed, size) {
  const odds = new Uint16Array(size).fill(1024);
  let at = HEADER + 1;
  let [range, code] = [0xffffffff, 0];
  const more = () => {
    if (at >= packed.length) throw broken(packed);
    range = (range << 8) >>> 0;
    code = ((code << 8) | packed[at++]) >>> 0;
  };
  for (let i = 0; i < 4; i++) code = ((code << 8) | packed[at++]) >>> 0;
  const bit = (/** @type {number} */ i) => {
    const odd = odds[i];
    const bound = (range >>> 11) * odd;
    const one = code >= bound ? 1 : 0;
    if (one) {
      range -= bound;
      code -= bound;
      odds[i] = odd - (odd >> 5);
    } else {
      range = bound;
      odds[i] = odd + ((2048 - odd) >> 5);
    }
    if (range < 0x1000000) more();
    return one;
  };
  return {
    bit,
    /** A number of so many bits, the highest first. @param {number} from @param {number} count */
    tree(from, count) {
      let m = 1;
      for (let i = 0; i < count; i++) m = (m << 1) | bit(from + m);
      return m - (1 << count);
    },
    /** The lowest first. @param {number} from @param {number} count */
    low(from, count) {
      let [m, sum] = [1, 0];
      for (let i = 0; i < count; i++) {
        const one = bit(from + m);
        m = (m << 1) | one;
        sum |= one << i;
      }
      return sum;
    },
    /** Bits of which nothing is learnt. @param {number} count */
    even(count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        range >>>= 1;
        const one = code >= range ? 1 : 0;
        if (one) code -= range;
        sum = sum * 2 + one;
        if (range < 0x1000000) more();
      }
      return sum;
    },
  };
}
/** @typedef {ReturnType<typeof bitsOf>} Bits */

/** @param {Bits} bits @param {number} from @param {number} place in a word */
function lengthOf({ bit, tree }, from, place) {
  if (!bit(from)) return 2 + tree(from + 2 + (place << 3), 3);
  if (!bit(from + 1)) return 10 + tree(from + 130 + (place << 3), 3);
  return 18 + tree(from + 258, 8);
}

/** How far back a match lies. @param {Bits} bits @param {number} length */
function distanceOf({ tree, low, even }, length) {
  const slot = tree(SLOT + (Math.min(length - 2, 3) << 6), 6);
  if (slot < 4) return slot;
  const direct = (slot >> 1) - 1;
  const far = (2 | (slot & 1)) * 2 ** direct;
  if (slot < 14) return far + low(PLACE + far - slot, direct);
  return far + even(direct - 4) * 16 + low(ALIGN, 4);
}

/**
 * One byte; after a match, it is told by how it differs from the byte that would have gone on.
 * @param {Bits} bits @param {number} from @param {number} match or -1
 */
function literal({ bit }, from, match) {
  let m = 1;
  for (let same = match >= 0; same && m < 0x100; ) {
    const expected = (match >> 7) & 1;
    match <<= 1;
    const one = bit(from + ((1 + expected) << 8) + m);
    m = (m << 1) | one;
    same = one === expected;
  }
  while (m < 0x100) m = (m << 1) | bit(from + m);
  return m & 0xff;
}

/** @param {Uint8Array} packed @returns {Uint8Array<ArrayBuffer>} */
export function unpack(packed) {
  if (packed.length < HEADER + 5 || packed[HEADER]) throw broken(packed);
  const view = new DataView(packed.buffer, packed.byteOffset, HEADER);
  const [how, length] = [packed[0], view.getUint32(5, true)];
  const [lc, lp, pb] = [how % 9, Math.floor(how / 9) % 5, Math.floor(how / 45)];
  // A length that is not told, or of gigabytes, is none of ours.
  if (how >= 225 || view.getUint32(9, true) || length > 1 << 28) throw broken(packed);
  const out = new Uint8Array(length);
  const bits = bitsOf(packed, LITERAL + (0x300 << (lc + lp)));
  const { bit } = bits;
  let [state, a, b, c, d] = [0, 0, 0, 0, 0];
  for (let at = 0; at < length; ) {
    const place = at & ((1 << pb) - 1);
    if (!bit((state << 4) + place)) {
      const before = at ? out[at - 1] : 0;
      const from = LITERAL + 0x300 * (((at & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
      out[at] = literal(bits, from, state < 7 ? -1 : out[at - a - 1]);
      at += 1;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let count = 1;
    if (!bit(IS_REP + state)) {
      [b, c, d] = [a, b, c];
      count = lengthOf(bits, LENGTH, place);
      a = distanceOf(bits, count);
      state = state < 7 ? 7 : 10;
    } else {
      let short = false;
      if (!bit(IS_REP_0 + state)) short = !bit(IS_REP_LONG + (state << 4) + place);
      else if (!bit(IS_REP_1 + state)) [a, b] = [b, a];
      else if (!bit(IS_REP_2 + state)) [a, b, c] = [c, a, b];
      else [a, b, c, d] = [d, a, b, c];
      if (!short) count = lengthOf(bits, REP_LENGTH, place);
      state = short ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
    }
    if (a >= at || count > length - at) throw broken(packed);
    for (; count > 0; count--, at++) out[at] = out[at - a - 1];
  }
  return joined(out);
}
