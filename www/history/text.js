// A history as text, one operation a line; what is wrong in it is told with its line and what would be right.

import { tell } from "./say.js";

/**
 * @import { Words } from "../words.js"
 * @typedef {number | string | boolean | null} Scalar
 * @typedef {"put" | "get" | "add" | "cas" | "delete"} Kind
 * @typedef {{ client: string, key: string, kind: Kind, value: Scalar | Scalar[], result: Scalar, call: number, answer:
 *   number | null }} Op
 */

/** How many operations a history may have: what the judge takes. */
export const MOST = 512;
const END = 1e9;
/** How many values each kind is given. @type {Record<string, number>} */
const GIVEN = { put: 1, get: 0, add: 1, cas: 2, delete: 0 };
const LARGEST = 9e12;

/** What is wrong with a text, and where. */
export class Wrong extends Error {
  /** @param {number} line @param {string} words */
  constructor(line, words) {
    super(words);
    this.line = line;
  }
}

/** @param {string} text */
const bare = (text) =>
  /^[\p{L}_][\p{L}\p{N}_.'-]*$/u.test(text) && !["true", "false", "null", "nothing"].includes(text);

/** A name or a value as it is written. @param {unknown} value */
export function written(value) {
  if (typeof value === "string") return bare(value) ? value : JSON.stringify(value);
  return value === null || value === undefined ? "null" : String(value);
}

/** A client or a key: a number is the same as its text. @param {string} name */
const named = (name) => (/^\d+$/.test(name) || bare(name) ? name : JSON.stringify(name));

const time = (/** @type {number} */ ms) => String(Math.round(ms * 1000) / 1000);

/** @param {Op} op */
function line({ client, key, kind, value, result, call, answer }) {
  const values = Array.isArray(value) ? value : GIVEN[kind] ? [value] : [];
  const what = [kind, named(key), ...values.map(written)].join(" ");
  const told = answer === null || result === "ok" ? "" : ` -> ${written(result)}`;
  return `${named(client)} ${time(call)}..${answer === null ? "" : time(answer)} ${what}${told}`;
}

/** @param {Op[]} ops */
export const printed = (ops) => ops.map(line).join("\n");

/**
 * Operations of a run, without what a history does not need.
 * @param {import("../pkg/synod.js").Operation[]} list @returns {Op[]}
 */
export const ofRun = (list) =>
  list.map(({ client, key, kind, value, result, call, answer }) => {
    const known = /** @type {Op} */ ({ client: String(client), key: String(key), kind, call, answer });
    return { ...known, value: value ?? null, result: result ?? null };
  });

/**
 * The first of very many, as a history of its own: what was answered after the next was called was open then.
 * @param {Op[]} ops @returns {Op[]}
 */
export function prefix(ops) {
  if (ops.length <= MOST) return ops;
  const line = [...ops].sort((a, b) => a.call - b.call);
  const until = line[MOST].call;
  const then = (/** @type {Op} */ op) =>
    op.answer !== null && op.answer >= until ? { ...op, answer: null, result: null } : op;
  return line.slice(0, MOST).map(then);
}

/** @param {string} text @param {Words} words @returns {Op[]} */
export function parsed(text, words) {
  /** @type {(Op & { line: number })[]} */
  const ops = [];
  text.split(/\r\n|\r|\n/).forEach((row, at) => {
    const wrong = (/** @type {string} */ key, /** @type {Record<string, string | number>} */ fill = {}) =>
      new Wrong(at + 1, tell(words, "wrong", { n: at + 1, why: tell(words, key, fill) }));
    const parts = row.match(/#.*|"(?:[^"\\]|\\.)*"|[^\s"]+|"/g)?.filter((part) => !part.startsWith("#")) ?? [];
    if (!parts.length) return;
    if (ops.length === MOST) throw wrong("wrong-many", { n: MOST });
    ops.push({ ...operation(parts, wrong), line: at + 1 });
    oneAtATime(ops, wrong);
  });
  return ops.map(({ line: _, ...op }) => op);
}

/** @typedef {(key: string, fill?: Record<string, string | number>) => Wrong} Tell */

/** @param {string[]} parts @param {Tell} wrong @returns {Op} */
function operation(parts, wrong) {
  const [client, span, kind, key, ...rest] = parts;
  if (parts.length < 4) throw wrong("wrong-short", { text: parts.join(" ") });
  const [, from, to] = span.match(/^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)?$/) ?? [];
  const [call, answer] = [Number(from), to === undefined ? null : Number(to)];
  if (from === undefined || call > END || (answer ?? 0) > END) throw wrong("wrong-time", { text: span });
  if (answer !== null && answer < call) throw wrong("wrong-early", { text: span });
  if (!Object.hasOwn(GIVEN, kind)) throw wrong("wrong-kind", { text: kind });
  const arrow = rest.indexOf("->");
  const values = (arrow < 0 ? rest : rest.slice(0, arrow)).map((part) => scalar(part, wrong));
  const told = arrow < 0 ? [] : rest.slice(arrow + 1).map((part) => scalar(part, wrong));
  if (values.length !== GIVEN[kind]) throw wrong("wrong-values", { kind, n: GIVEN[kind], have: values.length });
  if (kind === "add" && typeof values[0] !== "number") throw wrong("wrong-number", { text: written(values[0]) });
  const known = /** @type {Kind} */ (kind);
  const result = outcome(known, answer, told, arrow >= 0, wrong);
  const value = kind === "cas" ? values : (values[0] ?? null);
  return { client: name(client, wrong), key: name(key, wrong), kind: known, value, result, call, answer };
}

/**
 * @param {Kind} kind @param {number | null} answer @param {Scalar[]} told @param {boolean} said @param {Tell} wrong
 *   @returns {Scalar}
 */
function outcome(kind, answer, told, said, wrong) {
  if (said && told.length !== 1) throw wrong("wrong-result", { kind, right: wrongRight(kind) });
  if (answer === null) {
    if (said && told[0] !== null) throw wrong("wrong-open", { text: written(told[0]) });
    return null;
  }
  const writes = kind === "put" || kind === "delete";
  if (!said && writes) return "ok";
  const [one] = told;
  const unsure = kind !== "get" && (one === "failed" || one === "unknown");
  const right = { put: one === "ok", delete: one === "ok", get: true, add: typeof one === "number" };
  const fits = kind === "cas" ? typeof one === "boolean" : right[kind];
  if (!said || !(fits || unsure)) throw wrong("wrong-result", { kind, right: wrongRight(kind) });
  return one;
}

/** @param {Kind} kind */
const wrongRight = (kind) =>
  ({ get: "-> 1", add: "-> 3", cas: "-> true", put: "-> ok", delete: "-> ok" })[kind] ?? "-> ok";

/** @param {string} part @param {Tell} wrong @returns {Scalar} */
function scalar(part, wrong) {
  if (part === "null" || part === "nothing") return null;
  if (part === "true" || part === "false") return part === "true";
  if (/^-?\d+(\.\d{1,6})?$/.test(part)) {
    if (Math.abs(Number(part)) > LARGEST) throw wrong("wrong-large", { text: part });
    return Number(part);
  }
  if (bare(part)) return part;
  return quoted(part, wrong);
}

/** @param {string} part @param {Tell} wrong @returns {string} */
function quoted(part, wrong) {
  try {
    const text = part.startsWith('"') ? JSON.parse(part) : null;
    if (typeof text === "string") return text;
  } catch {
    // What is no text of JSON is told below.
  }
  throw wrong("wrong-value", { text: part });
}

/** @param {string} part @param {Tell} wrong */
function name(part, wrong) {
  const text = /^\d+$/.test(part) || bare(part) ? part : quoted(part, wrong);
  if (!text) throw wrong("wrong-value", { text: part });
  return text;
}

/** A client calls when it has its last answer. @param {(Op & { line: number })[]} ops @param {Tell} wrong */
function oneAtATime(ops, wrong) {
  const one = ops[ops.length - 1];
  const unsure = (/** @type {Op} */ { kind, result }) =>
    kind !== "get" && (result === "failed" || result === "unknown");
  const until = (/** @type {Op} */ op) => (op.answer === null || unsure(op) ? op.call : op.answer);
  const other = ops.find(
    (op) => op !== one && op.client === one.client && op.call < until(one) && one.call < until(op),
  );
  if (other) throw wrong("wrong-two", { client: one.client, n: other.line });
}
