// What the side says of a level: whether there is an order, and what stands against it.

import { h } from "../dom.js";
import { named, shown } from "./chips.js";
import { tell } from "./say.js";

/**
 * @import { Op, Scalar } from "./text.js"
 * @import { Hues } from "./chips.js"
 * @import { Told } from "./moments.js"
 * @import { Verdicts } from "./judge.js"
 * @import { Words } from "../words.js"
 * @typedef {{ ops: Op[], verdicts: Verdicts, told: Told, hues: Hues, words: Words, level: string }} Known
 */

/**
 * A sentence in which values are chips of their version's hue.
 * @param {string} text @param {Record<string, { key: string, value: Scalar }>} values @param {Hues} hues @param
 *   {Words} words
 */
function inked(text, values, hues, words) {
  return text.split(/(\{[vw]\})/).map((part) => {
    const one = values[part.slice(1, -1)];
    if (!one) return part;
    return h("span", { class: "hv-word", "data-hue": hues(one.key, one.value) }, named(words, one.value));
  });
}

/** @param {Known} known @returns {{ say: (Node | string)[], small: string, try: string }} */
export function taleOf(known) {
  const { ops, verdicts, words, level } = known;
  const any = tell(words, "try-any");
  if (!ops.length) return { say: [tell(words, "say-empty")], small: "", try: "" };
  if (level !== "linearizable") {
    const text = tell(words, "say-level", { level: tell(words, level), is: tell(words, `is-${level}`) });
    const { holds } = verdicts[level];
    const small = tell(words, holds === null ? "unknown" : holds ? "holds" : "fails");
    return { say: [text], small, try: any };
  }
  const { holds } = verdicts.linearizable;
  if (holds === null) return { say: [tell(words, "say-unknown")], small: "", try: any };
  if (holds) return { say: [tell(words, "say-all")], small: tell(words, "small-all"), try: any };
  return against(known, any);
}

/** @param {Known} known @param {string} any */
function against({ ops, verdicts, told, hues, words }, any) {
  const { witnesses } = verdicts.linearizable;
  const [blamed] = told.blamed;
  const missed = told.missed.find(({ op }) => op === blamed);
  if (blamed === undefined || !told.order.length) {
    const say = tell(words, "say-none", { n: witnesses.length });
    return { say: [say], small: tell(words, "small-any"), try: any };
  }
  const read = ops[blamed];
  const values = {
    w: { key: read.key, value: read.result },
    v: { key: read.key, value: /** @type {Scalar} */ (null) },
  };
  const b = read.client;
  if (!missed)
    return {
      say: inked(tell(words, "say-never", { b }), values, hues, words),
      small: tell(words, "small-any"),
      try: any,
    };
  const before = witnesses
    .map((at) => ops[at])
    .filter((op) => op !== read && op.key === read.key && op.answer !== null && op.answer <= read.call)
    .sort(
      (one, other) =>
        Number(one.kind === "get") - Number(other.kind === "get") || Number(one.answer) - Number(other.answer),
    )
    .at(-1);
  const fill = { b, key: read.key, w: named(words, read.result) };
  const small = tell(words, "small-none", fill);
  const way = missed.at < read.call ? "try-left" : "try-right";
  if (!before) return { say: [tell(words, "say-none", { n: witnesses.length })], small, try: tell(words, way, fill) };
  values.v.value = shown(before);
  const key = before.client === b ? "say-own" : before.kind === "get" ? "say-get" : "say-put";
  const kind = `${before.kind} ${shown(before) ?? ""}`.trim();
  return {
    say: inked(tell(words, key, { a: before.client, b, kind }), values, hues, words),
    small,
    try: tell(words, way, fill),
  };
}
