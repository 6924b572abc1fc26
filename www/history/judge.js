// The judge, from a small module of its own: rows of numbers go in, verdicts come out.

import { fetched } from "../unpack.js";

/**
 * @import { Op, Scalar } from "./text.js"
 * @typedef {{ holds: boolean | null, vacuous: boolean, order: number[] | null, witnesses: number[],
 *   views: { client: string, order: number[] }[] }} Verdict
 * @typedef {Record<string, Verdict>} Verdicts
 * @typedef {(ops: Op[], budget?: number) => Verdicts} Judge
 */

/** The levels, the strongest first. */
export const LEVELS = /** @type {const} */ ([
  "linearizable",
  "sequential",
  "causal",
  "pram",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
]);
/** What a level implies: all below it of the first two, and of causal the next. @param {string} a @param {string} b */
export function implies(a, b) {
  const [one, other] = [a, b].map((id) => LEVELS.indexOf(/** @type {any} */ (id)));
  return one === other || (one < 2 && one < other) || (a === "causal" && b === "pram");
}

const ROW = 8;
const NOTHING = -(1n << 63n);
const TEXTS = 1n << 60n;
const KINDS = ["put", "get", "add", "cas", "delete"];
/** Steps of one level's search. */
const BUDGET = 2_000_000;

/**
 * @typedef {{ memory: WebAssembly.Memory, room: (n: number) => number, judge: (budget: number) => number, place: () =>
 *   number }} Exports
 */

/** @type {Promise<Judge> | null} */
let known = null;

/** @param {URL | Uint8Array<ArrayBuffer>} from @returns {Promise<Judge>} */
async function open(from) {
  const module = await WebAssembly.compile(from instanceof URL ? await fetched(from) : from);
  return (ops, budget = BUDGET) => {
    // Each time afresh: an instance keeps the memory that its largest search took.
    const { exports } = new WebAssembly.Instance(module);
    return judged(/** @type {Exports} */ (/** @type {unknown} */ (exports)), ops, budget);
  };
}

/** Fetched once, or of bytes that are there. @param {URL | Uint8Array<ArrayBuffer>} [from] */
export function theJudge(from = new URL("pkg/judge.wasm", document.baseURI)) {
  known ??= open(from);
  known.catch(() => (known = null));
  return known;
}

/** Numbers what is told by name. */
function numbers() {
  /** @type {Map<string, bigint>} */
  const known = new Map();
  return (/** @type {unknown} */ one) => {
    const key = JSON.stringify(one);
    const number = known.get(key) ?? BigInt(known.size);
    known.set(key, number);
    return number;
  };
}

/** @param {Op[]} ops */
function rows(ops) {
  const [client, key, text] = [numbers(), numbers(), numbers()];
  const value = (/** @type {Scalar} */ one) => {
    if (one === null || one === undefined) return NOTHING;
    return typeof one === "number" ? BigInt(Math.round(one * 1e6)) : TEXTS + text(one);
  };
  const micros = (/** @type {number} */ ms) => BigInt(Math.round(ms * 1000));
  return ops.flatMap((op) => {
    const [a, b] = Array.isArray(op.value) ? op.value : [op.value, null];
    const failed = op.kind !== "get" && op.result === "failed";
    const open = op.answer === null || (op.kind !== "get" && op.result === "unknown");
    const answer = failed ? -2n : open ? -1n : micros(op.answer ?? 0);
    const told = op.kind === "cas" ? BigInt(op.result === true) : value(op.result);
    return [
      client(op.client),
      key(op.key),
      BigInt(KINDS.indexOf(op.kind)),
      value(a),
      value(b),
      told,
      micros(op.call),
      answer,
    ];
  });
}

/** @param {Exports} module @param {Op[]} ops @param {number} budget */
function judged(module, ops, budget) {
  const given = rows(ops);
  const at = module.room(given.length);
  new BigInt64Array(module.memory.buffer, at, given.length).set(given);
  const length = module.judge(budget);
  const out = [...new BigInt64Array(module.memory.buffer, module.place(), length)].map(Number);
  let next = 0;
  const take = () => out[next++];
  const list = (n = take()) => Array.from({ length: n }, take);
  /** @type {Verdicts} */
  const verdicts = {};
  for (const level of LEVELS) {
    const [holds, vacuous, ordered] = [take(), take(), take()];
    const order = ordered < 0 ? null : list(ordered);
    const witnesses = list();
    const views = Array.from({ length: take() }, () => ({ client: ops[take()].client, order: list() }));
    verdicts[level] = { holds: holds < 0 ? null : holds === 1, vacuous: vacuous === 1, order, witnesses, views };
  }
  if (next !== out.length || given.length % ROW) throw new Error("the judge and its page do not agree");
  return verdicts;
}
