// What some protocols' frames hold beside nodes, messages and clients: states, registers, records on disk, sets,
// sides, gates, terms, places. All of it may be missing, and then nothing of it is fetched, drawn or looked for.

/**
 * @import { Cell, Frame, NodeFrame, Tally } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ en: string, zh: string }} Says
 * @typedef {{ id: string, word: Says, since: number, settled: boolean | null }} State what a node is in; `settled` is
 *   whether it decided for or against, and null while it has not
 * @typedef {{ id: string, says: Says }} Badge
 * @typedef {{ key: string, value: string | null, epoch: number | null, pending: string | null,
 *   lock: number | string | null, queue: (number | string)[] }} Register
 * @typedef {{ epoch: number, word: string, forced: "yes" | "no" | "lost", at: number,
 *   settled?: boolean }} Written a record; one that settles something is drawn solid
 * @typedef {{ names: Says[], states: string[], epoch: number }} Phase
 * @typedef {{ kind?: string, cells: MoreCell[] }} MoreStrip
 * @typedef {{ index: number, epoch: number, text: string, state: string, minor?: number | null }} MoreCell
 * @typedef {{ state?: State | null, badges?: Badge[] | null, registers?: Register[] | null, disk?: Written[] | null,
 *   phase?: Phase | null }} MoreOfNode
 * @typedef {NodeFrame & MoreOfNode} MoreNode
 * @typedef {{ id: string, label: Says, members: number[], epoch?: number | null, client?: string | number | null,
 *   kind?: string }} SetOf
 * @typedef {{ members: number[], have: number, need: number, of: number, can: boolean, says: Says }} Side
 * @typedef {{ id: string, promised: boolean, because?: Says | null, assumes?: string[], beyond?: string[],
 *   holds: boolean, says: Says, broken: number | null, witnesses?: number[], title: Says }} Kept a property as it is promised
 * @typedef {{ token: number, at: number, admitted: boolean }} Admission
 * @typedef {{ node: number, highest: number, admissions: Admission[] }} Gate
 * @typedef {{ token: number, issuer: number, holder: number, from: number, until: number, slack: number,
 *   believedUntil: number }} Grant
 * @typedef {{ id: string, name: Says | string, nodes: number[], clients?: (number | string)[], x?: number | null,
 *   y?: number | null }} Ground a place in which nodes stand
 * @typedef {{ node: number, ms: number }} Ack
 * @typedef {{ waited: number[], decidedBy: number | null, ms: number, acks: Ack[] }} LastCommit
 * @typedef {{ id?: string, name?: Says | string, command?: string, messages: number, bytes?: number,
 *   crossing?: number }} Cost
 * @typedef {{ nodes: MoreNode[], sets?: SetOf[] | null, overlaps?: { sets: string[], members: number[] }[] | null,
 *   sides?: Side[] | null, promises?: Kept[] | null, gates?: Gate[] | null, grants?: Grant[] | null, grantsRow?: number,
 *   newest?: { id: string, label: Says, epoch: number | null }[] | null, places?: Ground[] | null, costs?: Cost[] | null,
 *   lastCommit?: LastCommit | null }} More
 * @typedef {{ node: number, from: number, until: number | null, word?: Says | null, epoch?: number | null }} Stretch
 * @typedef {{ time: number, node?: number | null, word: Says, kind?: string }} Moment
 * @typedef {{ windows?: Stretch[], waits?: Stretch[], writes?: Stretch[], phases?: Stretch[], moments?: Moment[] }} Spans
 * @typedef {typeof import("./draw/more/all.js")} Extra
 */

/** A frame with all that it may hold. @param {Frame} frame */
export const moreOf = (frame) => /** @type {Frame & More} */ (/** @type {unknown} */ (frame));

/** @param {NodeFrame} one */
export const moreAt = (one) => /** @type {MoreNode} */ (/** @type {unknown} */ (one));

/** Cells that are drawn as they ever were. */
const PLAIN = new Set(["pending", "committed", "applied"]);

/** @param {Cell} cell */
export const isPlain = (cell) => {
  const { state, minor } = /** @type {MoreCell} */ (cell);
  return PLAIN.has(state) && (minor === undefined || minor === null);
};

/** The number of a cell: its epoch, and its place in it where there is one. @param {Cell} cell */
export const cellName = (cell) => {
  const { epoch, minor } = /** @type {MoreCell} */ (cell);
  return minor === undefined || minor === null ? String(epoch) : `${epoch}.${minor}`;
};

const some = (/** @type {unknown[] | null | undefined} */ list) =>
  list !== undefined && list !== null && list.length > 0;

/** @param {MoreNode} one */
const nodeHas = (one) =>
  Boolean(one.state || one.phase) ||
  some(one.badges) ||
  some(one.registers) ||
  some(one.disk) ||
  one.strips.some((strip) => strip.cells.some((cell) => !isPlain(cell)));

/** Whether a frame holds anything of this that is drawn on a stage. @param {Lab} lab */
function has(lab) {
  if (lab.more.frame === lab.frame) return lab.more.has;
  const { nodes, sets, gates, grants, places, lastCommit, newest } = moreOf(lab.frame);
  const found =
    some(sets) ||
    some(newest) ||
    some(gates) ||
    some(grants) ||
    some(places) ||
    Boolean(lastCommit) ||
    nodes.some(nodeHas);
  lab.more = { frame: lab.frame, has: found };
  return found;
}

/** What two rulers over the lanes take of a diagram's height, what else stands there, and what is left to a lane. */
export const RULERS = 84;
const [REST, LEAST_LANE] = [156, 14];

/**
 * The term that is drawn between two rulers, the newest: where there is width for words, and height.
 * @param {More} frame @param {number} now @param {{ W: number, H: number }} room @returns {Grant | undefined}
 */
export function rulersIn({ grants, nodes }, now, { W, H }) {
  if (!some(grants) || W < 560 || H < REST + RULERS + LEAST_LANE * nodes.length) return undefined;
  return grants?.findLast((one) => one.from <= now);
}

/** Code is fetched once for all stages. @type {Extra | null} */
let extra = null;

/** @param {() => void} then */
export async function fetchExtra(then) {
  extra ??= await import("./draw/more/all.js");
  then();
}

/**
 * What draws it, once it is there; a stage is drawn anew when it came.
 * @param {Lab} lab @param {() => void} then
 */
export function extraOf(lab, then) {
  if (!has(lab)) return null;
  if (!extra) fetchExtra(then).catch(() => {});
  return extra;
}

/** What draws a cluster of dots. @type {typeof import("./swarm.js") | null} */
let dots = null;

/** @param {() => void} then */
export async function fetchDots(then) {
  dots ??= await import("./swarm.js");
  then();
}

/** The same for a cluster that is too large for one object a node. @param {() => void} then */
export function dotsOf(then) {
  if (!dots) fetchDots(then).catch(() => {});
  return dots;
}

/** The same for a time diagram. @param {Spans | null | undefined} spans @param {More} frame @param {() => void} then */
export function extraInTime(spans, frame, then) {
  if (!spans && !some(frame.grants)) return null;
  if (!extra) fetchExtra(then).catch(() => {});
  return extra;
}
