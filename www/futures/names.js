// What futures are called: by what is done in them.

import { briefly } from "../draw/overview.js";
import { momentSaid } from "../moment.js";
import { tell } from "./say.js";
import { common, parting, shared } from "./tree.js";

/**
 * @import { Placed, Protocol } from "../pkg/synod.js"
 * @import { Words } from "../words.js"
 * @import { Future } from "./tree.js"
 */

/** An input as a few words. @param {Words} words @param {Pick<Placed, "kind" | "text">} input */
export function inputName(words, input) {
  if (input.kind !== "partition") return briefly(words, input);
  const [a = "", b = "", ...rest] = input.text.replace(/^\S+ /, "").split(" | ");
  return rest.length ? briefly(words, input) : tell(words, "cut", { a, b });
}

/** The same, shorter: a cut by what it cuts off. @param {Words} words @param {Pick<Placed, "kind" | "text">} input */
function shortName(words, input) {
  const [a, ...rest] = input.text.replace(/^\S+ /, "").split(" | ");
  return input.kind === "partition" && rest.length === 1 ? tell(words, "cut-off", { a }) : briefly(words, input);
}

/** @param {Words} words @param {string[]} acts */
function chained(words, [a, b, ...rest]) {
  if (b === undefined) return a;
  return rest.length ? tell(words, "and-more-acts", { a, n: rest.length + 1 }) : tell(words, "and-then", { a, b });
}

/**
 * A name for each: what was done since it parted from the present one, and what they then had in common alone.
 * @param {Words} words @param {Protocol} protocol @param {Future} present @param {Future[]} others
 * @returns {Map<number, string>}
 */
export function namesOf(words, protocol, present, others) {
  const base = common([present, ...others]);
  const acts = (/** @type {Placed[]} */ inputs) =>
    inputs.length ? inputs.map((one) => shortName(words, one)) : [tell(words, "alone")];
  const name = (/** @type {Future} */ one) => {
    const n = one === present ? base : shared(one, present);
    const before = n - base === 1 ? [shortName(words, one.inputs[base])] : [];
    const own = one.inputs.slice(n);
    const instead = one !== present && own.length === 1 && !before.length && present.inputs[n] !== undefined;
    const said = chained(words, [...before, ...acts(own)]);
    const at = own[0]?.time ?? (one === present ? undefined : parting(one, present));
    return { said: instead ? tell(words, "instead", { a: said }) : said, at };
  };
  const all = [present, ...others].map((one) => ({ id: one.id, ...name(one) }));
  const twice = (/** @type {string} */ said) => all.filter((one) => one.said === said).length > 1;
  return new Map(
    all.map(({ id, said, at }) => {
      if (at === undefined || !twice(said)) return [id, said];
      return [id, tell(words, "at-time", { a: said, t: momentSaid(protocol, words, Math.round(at)) })];
    }),
  );
}
