// The tree of a run's futures: which parts from which, and when. Pure: a future is its inputs, and how far it came.

/**
 * @import { Placed } from "../pkg/synod.js"
 * @typedef {{ id: number, inputs: Placed[], end: number }} Future
 * @typedef {{ future: Future, from: Future, at: number, own: number, level: number, row: number }} Limb a future as it
 *   is drawn: it leaves another at a time, `own` is the place of its first input that the other does not have, and rows
 *   go down from 1
 * @typedef {{ limbs: Limb[], hidden: number }} Grown
 */

/** @param {Placed | undefined} a @param {Placed | undefined} b */
const same = (a, b) => a !== undefined && b !== undefined && a.time === b.time && a.text === b.text;

/** How many inputs two futures have in common, from the beginning. @param {Future} a @param {Future} b */
export function shared(a, b) {
  let n = 0;
  while (same(a.inputs[n], b.inputs[n])) n++;
  return n;
}

/**
 * When two futures part: at the first input that differs; never where there is none.
 * @param {Future} a @param {Future} b
 */
export function parting(a, b) {
  const n = shared(a, b);
  return Math.min(a.inputs[n]?.time ?? Infinity, b.inputs[n]?.time ?? Infinity);
}

/** Whether all of a future is a part of another. @param {Future} one @param {Future} other */
function within(one, other) {
  const n = shared(one, other);
  return n === one.inputs.length && one.end <= (other.inputs[n]?.time ?? other.end);
}

/**
 * Futures that have something of their own, the newest first: what is a part of another is seen on its line.
 * @param {Future} present @param {Future[]} others
 */
export function distinct(present, others) {
  /** @type {Future[]} */
  const kept = [];
  for (const one of [...others].sort((a, b) => b.id - a.id)) {
    const samePresent = one.inputs.length === present.inputs.length && shared(one, present) === one.inputs.length;
    if (samePresent || within(one, present) || kept.some((other) => within(one, other))) continue;
    kept.push(one);
  }
  return kept.filter((one) => !kept.some((other) => other !== one && within(one, other)));
}

/**
 * Where each leaves the tree that is there: the common past is drawn once, so it leaves the one that it parts from
 * last.
 * @param {Future} present @param {Future[]} others
 */
function leave(present, others) {
  /** @type {Limb[]} */
  const limbs = [];
  // Those with fewer inputs first: who does more leaves who does not.
  for (const future of [...others].sort((a, b) => a.inputs.length - b.inputs.length || a.id - b.id)) {
    let [from, at] = [present, parting(future, present)];
    for (const limb of limbs) {
      const later = parting(future, limb.future);
      if (later > at && later <= limb.future.end) [from, at] = [limb.future, later];
    }
    limbs.push({ future, from, at: Math.min(at, future.end), own: shared(future, from), level: 1, row: 0 });
  }
  return limbs;
}

/**
 * The tree about the present one: what parts last is nearest to the line that it leaves, so that no two cross.
 * @param {Future} present
 * @param {Future[]} others the newest first
 * @param {{ most?: number, wanted?: (number | null)[] }} [wish] how many rows there are room for, and who is to be seen
 *   in any case
 * @returns {Grown}
 */
export function grow(present, others, { most = Infinity, wanted = [] } = {}) {
  const first = others.filter((one) => wanted.includes(one.id));
  const seen = [...first, ...others.filter((one) => !first.includes(one))].slice(0, most);
  const limbs = leave(
    present,
    others.filter((one) => seen.includes(one)),
  );
  /** @type {Limb[]} */
  const rows = [];
  const put = (/** @type {Future} */ from, /** @type {number} */ level) => {
    const here = limbs.filter((limb) => limb.from === from);
    here.sort((a, b) => b.at - a.at || b.future.id - a.future.id);
    for (const limb of here) {
      rows.push(Object.assign(limb, { level, row: rows.length + 1 }));
      put(limb.future, level + 1);
    }
  };
  put(present, 1);
  return { limbs: rows, hidden: others.length - seen.length };
}

/** How many inputs all of them have in common. @param {Future[]} futures */
export function common([first, ...rest]) {
  return Math.min(first?.inputs.length ?? 0, ...rest.map((one) => shared(first, one)));
}
