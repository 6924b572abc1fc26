// What a side of a partition holds to be settled, and who says so: in place of what it could still decide.

import { moreAt } from "../../more.js";
import { tell } from "./say.js";

/**
 * @import { Frame, Protocol } from "../../pkg/synod.js"
 * @import { Form, Part, Row, VerdictWish } from "../../arrange.js"
 * @import { Pen } from "../../forms.js"
 * @import { MoreNode, State } from "../../more.js"
 * @import { Words } from "../../words.js"
 * @import { Scene } from "../scene.js"
 * @typedef {{ ids: number[], epoch: number, yes: boolean, what: string, short: string, who: string }} Island
 */

/**
 * The outcome that those of a side know, of the newest epoch of the cluster; nothing where they know none, or not the
 * same.
 * @param {MoreNode[]} nodes @param {number[]} ids @returns {{ epoch: number, state: State, says: MoreNode[] } | null}
 */
function settledAt(nodes, ids) {
  const newest = Math.max(...nodes.map((one) => one.epoch.value));
  const has = (/** @type {MoreNode} */ one) => one.status === "up" && typeof one.state?.settled === "boolean";
  const says = nodes.filter((one) => ids.includes(one.id) && one.epoch.value === newest && has(one));
  const [state] = says.map((one) => /** @type {State} */ (one.state));
  if (!state || says.some((one) => one.state?.settled !== state.settled)) return null;
  return { epoch: newest, state, says };
}

/** @param {Words} words @param {MoreNode[]} nodes */
function listed(words, nodes) {
  const [last, ...others] = nodes.map((one) => one.name).reverse();
  const before = others.reverse().join(tell(words, "among"));
  return before ? tell(words, "and", { before, last }) : last;
}

/**
 * What each side of a partition has settled, where it has.
 * @param {Words} words @param {Frame} frame @param {Protocol} protocol @returns {Island[]}
 */
const settledSides = (words, frame, protocol) =>
  (frame.partition ?? []).flatMap((group) => {
    const ids = group.filter((id) => typeof id === "number");
    const settled = settledAt(frame.nodes.map(moreAt), ids);
    if (!settled) return [];
    const { epoch, state, says } = settled;
    const named = words.read(protocol.epoch.named).replace("{n}", String(epoch));
    const short = words.read(state.word);
    const held = tell(words, "side-holds", { named, state: short });
    const who = tell(words, says.length > 1 ? "say-so" : "says-so", { names: listed(words, says) });
    const what = held.charAt(0).toUpperCase() + held.slice(1);
    return [{ ids, epoch, yes: state.settled === true, what, short, who }];
  });

/** The same in words. @param {Words} words @param {Frame} frame @param {Protocol} protocol */
export const islandsSaid = (words, frame, protocol) =>
  settledSides(words, frame, protocol).map(({ what, who }) => [what, who].join(tell(words, "comma")));

/** @param {Scene} scene @param {Pen} pen @returns {VerdictWish[]} */
export const islands = (scene, pen) =>
  settledSides(scene.words, scene.frame, scene.protocol).map((one) => ({
    ids: one.ids,
    forms: formsOf(one, pen, scene.layout.compact),
  }));

/**
 * Two lines beside a sign, both smaller, then one.
 * @param {Island} island @param {Pen} pen @param {boolean} compact @returns {Form[]}
 */
function formsOf({ epoch, yes, what, short, who }, { s, measure }, compact) {
  const text = (
    /** @type {string} */ said,
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {number} */ size,
    strong = false,
  ) => {
    const face = strong ? { size: size * s, weight: 700 } : { size: size * s };
    const place = { x: x * s, y: y * s, w: measure(said, face), h: size * s * 1.2 };
    const color = strong ? "ink" : "ink2";
    return /** @type {Part} */ ({ what: "text", ...face, ...place, text: said, color });
  };
  const sign = (/** @type {number} */ size, /** @type {number} */ y) =>
    /** @type {Part} */ ({
      ...{ what: "more", kind: "settled", x: 0, y: y * s, w: size * s, h: size * s, size: s },
      of: { epoch, yes },
    });
  const form = (/** @type {number} */ h, /** @type {Part[]} */ parts) => {
    const row = /** @type {Row} */ ({ w: Math.max(...parts.map((one) => one.x + one.w)), h: h * s, parts });
    return { w: row.w, h: row.h, rows: [row] };
  };
  const large = form(44, [sign(34, 5), text(what, 44, 19, 17, true), text(who, 44, 39, 14)]);
  const small = form(34, [sign(22, 6), text(what, 29, 14, 13.5, true), text(who, 29, 31, 12.5)]);
  const line = (/** @type {string} */ said) => form(20, [sign(17, 1), text(said, 23, 14.5, 12.5, true)]);
  const least = [line(what), line(short)];
  return compact ? [small, ...least] : [large, small, ...least];
}
