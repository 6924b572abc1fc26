// Histories while one is brought in line with another's: a column for each place in the order that all agree on, what is
// cut off and what is to come in brackets.

import { h } from "../dom.js";
import { cellName, moreOf } from "../more.js";
import { say } from "../words.js";

/**
 * @import { Cell, Frame, NodeFrame } from "../pkg/synod.js"
 * @import { MoreCell } from "../more.js"
 * @typedef {{ one: NodeFrame, cells: Cell[] }} History
 * @typedef {"cut-off" | "to-come" | null} Kind
 */

/** So many places most are shown, the newest. */
const MOST = 24;

const stateOf = (/** @type {Cell} */ cell) => /** @type {MoreCell} */ (cell).state;
const minorOf = (/** @type {Cell} */ cell) => /** @type {MoreCell} */ (cell).minor ?? null;

/** What is cut off of a history, or is to come to it. @param {Cell} cell */
const changes = (cell) => stateOf(cell) === "cut" || stateOf(cell) === "expected";

/** Those that are brought in line now; nobody where cells have no order but their place. @param {History[]} rows */
export const joiners = (rows) =>
  rows.filter(({ cells }) => cells.some((cell) => minorOf(cell) !== null && changes(cell)));

/** The order of places: by epoch, then in it. @param {Cell} a @param {Cell} b */
const inOrder = (a, b) => a.epoch - b.epoch || (minorOf(a) ?? 0) - (minorOf(b) ?? 0);

/**
 * What is told of those that are brought in line, and the histories below each other.
 * @param {History[]} rows @param {Frame} frame @param {(cell: Cell | undefined) => HTMLElement | null} box
 * @returns {{ note: string, table: HTMLElement }}
 */
export function tapes(rows, frame, box) {
  const places = new Map(rows.flatMap(({ cells }) => cells.map((cell) => [cellName(cell), cell])));
  const columns = [...places.values()].sort(inOrder).slice(-MOST).map(cellName);
  // Whoever leads has what the others are to have: it stands over those that are brought in line.
  const leads = moreOf(frame).nodes.find((one) => one.authority === "commands" && one.status === "up");
  const source = new Set(rows.find(({ one }) => one.id === leads?.id)?.cells.map(cellName));
  const joining = new Map(joiners(rows).map((row) => [row, kindsOf(row, columns, source)]));
  const rank = (/** @type {History} */ row) => (row.one.id === leads?.id ? 0 : joining.has(row) ? 1 : 2);
  const lines = [...rows]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((row) => {
      const byName = new Map(row.cells.map((cell) => [cellName(cell), cell]));
      const cells = columns.map((name) => h("td", {}, box(byName.get(name))));
      const kinds = joining.get(row);
      const line = h("tr", {}, h("th", { scope: "row" }, row.one.name), ...cells);
      return kinds ? [line, brackets(kinds)] : [line];
    });
  const told = [...joining].map(([{ one }, kinds]) => {
    const count = (/** @type {Kind} */ kind) => kinds.filter((one) => one === kind).length;
    return say("brought-in-line", { name: one.name, n: count("cut-off"), m: count("to-come") });
  });
  return { note: told.join("; "), table: h("table", { class: "tapes" }, ...lines) };
}

/**
 * Of each place: what becomes of a history there.
 * @param {History} row @param {string[]} columns @param {Set<string>} source what the leader has @returns {Kind[]}
 */
function kindsOf({ cells }, columns, source) {
  const byName = new Map(cells.map((cell) => [cellName(cell), stateOf(cell)]));
  // What is older than all that is listed of it is not missing.
  const first = columns.findIndex((name) => byName.has(name));
  return columns.map((name, at) => {
    const state = byName.get(name);
    if (state === "cut") return "cut-off";
    return state === "expected" || (!state && at > first && source.has(name)) ? "to-come" : null;
  });
}

/** Below a history, a bracket for places beside each other of which the same becomes. @param {Kind[]} kinds */
function brackets(kinds) {
  const cells = [];
  for (let at = 0; at < kinds.length; ) {
    let to = at + 1;
    while (to < kinds.length && kinds[to] === kinds[at]) to++;
    const kind = kinds[at];
    cells.push(h("td", { colspan: to - at }, kind && h("span", { class: `bracket ${kind}` }, say(kind))));
    at = to;
  }
  return h("tr", { class: "brackets" }, h("td"), ...cells);
}
