// Tools to break something with: what each does to what it is used on.

import { inject } from "./acts.js";
import { changed, nodeAt } from "./state.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Target } from "./draw/stage.js"
 */

/** Tool, its letter, and whether it is for nodes, messages or the sheet. */
export const TOOLS = /** @type {const} */ ([
  ["crash", "C", "node"],
  ["restart", "R", "node"],
  ["cut", "X", "sheet"],
  ["drop", "D", "message"],
  ["delay", "L", "message"],
  ["duplicate", "U", "message"],
  ["halt", "P", "node"],
  ["skew", "K", "node"],
  ["send", "S", "node"],
]);
/** The letter beside an input in a menu. @type {Record<string, string>} */
export const TOOL_OF = {
  crash: "C",
  restart: "R",
  drop: "D",
  delay: "L",
  duplicate: "U",
  pause: "P",
  resume: "P",
  skew: "K",
};

/** @param {string} letter */
export const toolOf = (letter) => TOOLS.find(([, key]) => key === letter.toUpperCase())?.[0] ?? null;

/**
 * Uses a tool on a target. False when the tool is not for it.
 * @param {Lab} lab
 * @param {string} tool
 * @param {Target} target
 */
export function applyTool(lab, tool, target) {
  const kind = TOOLS.find(([id]) => id === tool)?.[2];
  if ("message" in target) {
    if (kind !== "message") return false;
    inject(lab, tool === "delay" ? `delay #${target.message} 50ms` : `${tool} #${target.message}`);
    return true;
  }
  // A client that is a machine of its own can be halted, and its clock be off.
  const machine = "client" in target;
  if (machine && tool !== "halt" && tool !== "skew") return false;
  const one = machine ? lab.frame.clients.find(({ name }) => name === target.client) : nodeAt(lab, target.node);
  if (kind !== "node" || !one?.clock) return false;
  if (tool === "halt") inject(lab, `${one.status === "paused" ? "resume" : "pause"} ${one.name}`);
  else if (tool === "skew")
    inject(lab, `skew ${one.name} ${one.clock.rate > 0 ? "-20" : one.clock.rate < 0 ? "+0" : "+20"}%`);
  else if (tool === "send") inject(lab, `request ${one.name} ${operation(lab)}`);
  else inject(lab, `${tool} ${one.name}`);
  return true;
}

/** What the send tool sends: each time another number, so that news can be told apart. @param {Lab} lab */
export function operation(lab) {
  const example = lab.protocol.operations[0]?.example ?? "";
  const sent = lab.sim.done().filter((input) => input.kind === "request").length;
  return example.replace(/\d+$/, String(sent + 1));
}

/** @param {Lab} lab @param {string | null} tool */
export function take(lab, tool) {
  lab.tool = lab.tool === tool ? null : tool;
  lab.sides = [];
  changed(lab);
}

/** Cuts off the nodes that were chosen by number. @param {Lab} lab */
export function cutSides(lab) {
  const names = lab.frame.nodes.filter((one) => lab.sides.includes(one.id)).map((one) => one.name);
  if (names.length) inject(lab, `partition ${names.join(" ")}`);
  lab.sides = [];
  lab.tool = null;
  changed(lab);
}
