// When each operation would have taken effect on one copy, and which one cannot have. All of it is worked out from
// what the judge says.

/**
 * @import { Op, Scalar } from "./text.js"
 * @import { Judge, Verdicts } from "./judge.js"
 * @typedef {{ op: number, at: number, value: Scalar }} Missed a moment that would be needed, and lies outside its bar
 * @typedef {{ order: number[], at: Map<number, number>, missed: Missed[], blamed: number[] }} Told
 */

/** So many reads are left out at most to find an order of the others. */
const BLAMED = 4;

/** Whether nobody knows what became of it. @param {Op} op */
export const isOpen = (op) => op.answer === null || (op.kind !== "get" && op.result === "unknown");
/** @param {Op} op */
export const isFailed = (op) => op.kind !== "get" && op.answer !== null && op.result === "failed";
/** @param {Op} op */
export const writes = (op) => op.kind !== "get" && !isFailed(op) && !(op.kind === "cas" && op.result === false);

/** What a key holds after an operation. @param {Op} op @param {Scalar} before @returns {Scalar} */
export function left(op, before) {
  if (!writes(op)) return before;
  if (op.kind === "delete") return null;
  if (op.kind === "put") return /** @type {Scalar} */ (op.value);
  if (op.kind === "cas") {
    const [from, to] = /** @type {Scalar[]} */ (op.value);
    return op.result === true || from === before ? to : before;
  }
  if (typeof op.result === "number") return op.result;
  return Number(before ?? 0) + Number(op.value);
}

/** What was answered, where that is a value. @param {Op} op */
export const told = (op) => (op.kind === "get" || op.kind === "add" ? op.result : null);

/**
 * The moments of a legal order: each as late as the middle of the time that the others leave it.
 * @param {Op[]} ops @param {number[]} order @param {number} end
 */
export function placed(ops, order, end) {
  const until = (/** @type {number} */ i) => (isOpen(ops[i]) ? end : (ops[i].answer ?? end));
  const low = /** @type {number[]} */ ([]);
  const high = /** @type {number[]} */ ([]);
  order.forEach((i, n) => (low[n] = Math.max(low[n - 1] ?? 0, ops[i].call)));
  for (let n = order.length - 1; n >= 0; n--)
    high[n] = Math.min(high[n + 1] ?? Number.POSITIVE_INFINITY, until(order[n]));
  /** @type {Map<number, number>} */
  const at = new Map();
  let last = 0;
  order.forEach((i, n) => {
    const from = Math.max(last, low[n]);
    let waiting = 1;
    while (n + waiting < order.length && low[n + waiting] < high[n]) waiting += 1;
    last = from + Math.max(0, high[n] - from) / (waiting + 1);
    at.set(i, last);
  });
  return at;
}

/**
 * A legal order of all operations, or of those that are left when reads that cannot be right are taken away.
 * @param {Op[]} ops @param {Verdicts} verdicts @param {Judge} judge @param {number} end @param {number} budget
 * @returns {Told}
 */
export function moments(ops, verdicts, judge, end, budget) {
  const blamed = /** @type {number[]} */ ([]);
  let [order, witnesses] = [verdicts.linearizable.order, verdicts.linearizable.witnesses];
  while (!order && witnesses.length && blamed.length < BLAMED) {
    const reads = witnesses.filter((i) => ops[i].kind === "get");
    // The read that was called last is where the reader sees that something is wrong.
    const [worst] = reads.sort((a, b) => ops[b].call - ops[a].call || b - a);
    if (worst === undefined) break;
    blamed.push(worst);
    const rest = ops.map((_, i) => i).filter((i) => !blamed.includes(i));
    const { linearizable } = judge(
      rest.map((i) => ops[i]),
      budget,
    );
    order = linearizable.order?.map((n) => rest[n]) ?? null;
    witnesses = linearizable.witnesses.map((n) => rest[n]);
  }
  if (!order) return { order: [], at: new Map(), missed: [], blamed };
  const at = placed(ops, order, end);
  const missed = blamed.flatMap((op) => missing(ops, order, at, op, end));
  return { order, at, missed, blamed };
}

/**
 * The nearest moment at which one copy would have told a read what it was told.
 * @param {Op[]} ops @param {number[]} order @param {Map<number, number>} at @param {number} op @param {number} end
 * @returns {Missed[]}
 */
function missing(ops, order, at, op, end) {
  const { key, call, result } = ops[op];
  const answer = ops[op].answer ?? end;
  const here = order.filter((i) => ops[i].key === key);
  /** @type {Scalar} */
  let held = null;
  let from = 0;
  /** @type {{ gap: number, at: number } | null} */
  let best = null;
  for (const i of [...here, -1]) {
    const to = i < 0 ? end : (at.get(i) ?? 0);
    if (held === result && to > from) {
      // A little inside of the time for which the copy holds it.
      const inset = Math.min(14, (to - from) / 4);
      const near = to < call ? to - inset : from > answer ? from + inset : (from + to) / 2;
      const gap = to < call ? call - to : Math.max(0, from - answer);
      if (!best || gap < best.gap) best = { gap, at: near };
    }
    if (i >= 0) [held, from] = [left(ops[i], held), to];
  }
  return best ? [{ op, at: best.at, value: result }] : [];
}

/**
 * What one copy of a key holds from when on, in a legal order.
 * @param {Op[]} ops @param {Told} told @param {string} key
 */
export function copy(ops, { order, at }, key) {
  /** @type {{ from: number, value: Scalar }[]} */
  const held = [{ from: 0, value: null }];
  for (const i of order.filter((i) => ops[i].key === key)) {
    const before = held[held.length - 1].value;
    const value = left(ops[i], before);
    if (value !== before || ops[i].kind === "put") held.push({ from: at.get(i) ?? 0, value });
  }
  return held;
}
