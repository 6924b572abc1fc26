// Values and small bars, as they stand in lanes and in evidence: a value wears the hue of its version.

import { h } from "../dom.js";
import { isOpen, told, writes } from "./moments.js";
import { tell } from "./say.js";

/**
 * @import { Op, Scalar } from "./text.js"
 * @import { Words } from "../words.js"
 * @typedef {(key: string, value: Scalar) => number} Hues
 */

/**
 * Versions of each key in the order in which they were asked for; 0 is what nobody wrote.
 * @param {Op[]} ops @returns {Hues}
 */
export function huesOf(ops) {
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @type {Map<string, number>} */
  const counts = new Map();
  const name = (/** @type {string} */ key, /** @type {Scalar} */ value) => JSON.stringify([key, value]);
  for (const op of [...ops].sort((a, b) => a.call - b.call)) {
    const value = written(op);
    if (value === null || known.has(name(op.key, value))) continue;
    const n = counts.get(op.key) ?? 0;
    counts.set(op.key, n + 1);
    known.set(name(op.key, value), (n % 8) + 1);
  }
  return (key, value) => known.get(name(key, value)) ?? 0;
}

/** What an operation leaves, as far as it says. @param {Op} op @returns {Scalar} */
function written(op) {
  if (op.kind === "put") return /** @type {Scalar} */ (op.value);
  if (op.kind === "cas" && Array.isArray(op.value)) return op.value[1];
  return op.kind === "add" && typeof op.result === "number" ? op.result : null;
}

/** The value that stands on a bar: what was written, or what was read. @param {Op} op @returns {Scalar} */
export const shown = (op) => (op.kind === "get" ? told(op) : written(op));

/** @param {Words} words @param {Scalar} value */
export const named = (words, value) => (value === null ? tell(words, "nothing") : String(value));

/** @param {Hues} hues @param {string} key @param {Scalar} value */
export function chip(hues, key, value) {
  const text = value === null ? "–" : String(value);
  const short = text.length > 6 ? `${text.slice(0, 5)}…` : text;
  return h("span", { class: "hv-chip", "data-hue": hues(key, value) }, short);
}

/**
 * What stands on a bar: what was done, and the value; the key where there are several.
 * @param {Hues} hues @param {Op} op @param {boolean} several
 */
export function face(hues, op, several) {
  const open = isOpen(op) && op.kind === "get";
  const by = op.kind === "add" ? ` ${Number(op.value) < 0 ? "" : "+"}${op.value}` : "";
  const from = op.kind === "cas" && Array.isArray(op.value) ? chip(hues, op.key, op.value[0]) : null;
  const value = op.kind === "delete" || open ? null : chip(hues, op.key, shown(op));
  const text = h("span", { class: "hv-what" }, `${op.kind}${several ? ` ${op.key}` : ""}${by}`);
  return [text, from, value].filter((one) => one !== null);
}

/** How a bar looks. @param {Op} op */
export const looks = (op) =>
  `${writes(op) || op.kind === "cas" ? "put" : "get"}${isOpen(op) ? " open" : ""}${op.result === "failed" && op.kind !== "get" ? " failed" : ""}`;

/**
 * A small bar, in evidence.
 * @param {Hues} hues @param {Op} op @param {{ several: boolean, ring?: boolean, words: Words, plain?: boolean }} wish
 */
export function small(hues, op, { several, ring = false, words, plain = false }) {
  const inside = plain ? [chip(hues, op.key, shown(op))] : face(hues, op, several);
  const label = h("span", { class: "seen-not" }, says(words, op));
  const seen = h("span", { class: `hv-mini ${looks(op)}${ring ? " ring" : ""}`, "aria-hidden": "true" }, ...inside);
  return h("span", { class: "hv-one" }, seen, label);
}

/** An operation in words, without its client and its times. @param {Words} words @param {Op} op */
export function what(words, op) {
  const [value, to] = Array.isArray(op.value) ? op.value : [op.value, null];
  const unknown = isOpen(op) || (op.kind !== "get" && op.result === "failed");
  const key = `what-${op.kind}${unknown && !["put", "delete"].includes(op.kind) ? "-open" : ""}`;
  const result =
    op.kind === "cas" ? tell(words, op.result === true ? "swapped" : "not-swapped") : named(words, op.result);
  return tell(words, key, { key: op.key, value: named(words, value), to: named(words, to), told: result });
}

/** @param {Words} words @param {Op} op */
export function says(words, op) {
  const fill = { client: op.client, what: what(words, op), from: words.ms(op.call), to: words.ms(op.answer ?? 0) };
  const key = op.kind !== "get" && op.result === "failed" ? "bar-failed" : op.answer === null ? "bar-open" : "bar-says";
  return tell(words, key, fill);
}
