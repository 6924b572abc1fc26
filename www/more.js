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
 *   holds: boolean, says: Says, broken: number | null, witnesses?: number[], title: Says }} Kept a property as it is
 *   promised
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
 *   sides?: Side[] | null, promises?: Kept[] | null, gates?: Gate[] | null, grants?: Grant[] | null, grantsRow?:
 *   number, newest?: { id: string, label: Says, epoch: number | null }[] | null, places?: Ground[] | null, costs?:
 *   Cost[] | null,
 *   lastCommit?: LastCommit | null }} More
 * @typedef {{ node: number, from: number, until: number | null, word?: Says | null, epoch?: number | null }} Stretch
 * @typedef {{ time: number, node?: number | null, word: Says, kind?: string }} Moment
 * @typedef {{ windows?: Stretch[], waits?: Stretch[], writes?: Stretch[], phases?: Stretch[], moments?: Moment[] }}
 *   Spans
 * @typedef {typeof import("./draw/more/all.js")} Extra
 * @typedef {typeof import("./draw/tear.js")} Tearing
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

export const some = (/** @type {unknown[] | null | undefined} */ list) =>
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

/**
 * Code that is fetched once for all stages, when the first of them has something for it; a stage is drawn anew when it
 * came.
 * @template T @param {() => Promise<T>} load
 */
export function once(load) {
  /** @type {T | null} */
  let got = null;
  const fetch = async (then = () => {}) => {
    got ??= await load();
    then();
  };
  const of = (/** @type {() => void} */ then) => {
    if (!got) fetch(then).catch(() => {});
    return got;
  };
  return { fetch, of };
}

const extra = once(() => import("./draw/more/all.js"));
const dots = once(() => import("./swarm.js"));
const tearing = once(() => import("./draw/tear.js"));

export const { fetch: fetchExtra } = extra;
export const { fetch: fetchDots } = dots;
export const { fetch: fetchTearing } = tearing;
/** What draws a cluster that is too large for one object a node. */
export const { of: dotsOf } = dots;

/** What draws all that a frame may hold. @param {Lab} lab @param {() => void} then */
export const extraOf = (lab, then) => (has(lab) ? extra.of(then) : null);

/** What tears the sheet, where it is torn, or a stroke tears it. @param {Lab} lab @param {() => void} then */
export const tearingOf = ({ frame, stroke }, then) => (frame.partition || stroke ? tearing.of(then) : null);
