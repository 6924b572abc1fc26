// What is said of whatever is pointed at, focused or tapped on a stage: a message, a node and all that it holds, or
// one cell of its log.

import { clientWords } from "./forms.js";
import { clientAt, messageAt } from "./hit.js";
import { placeOf } from "./layout/ways.js";
import { lasting } from "./moment.js";
import { extraOf } from "./more.js";
import { nodeAt } from "./state.js";

/**
 * @import { Field, NodeFrame } from "./pkg/synod.js"
 * @import { Target } from "./draw/stage.js"
 * @import { Layout } from "./layout.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ x: number, y: number, title: string, lines: string[] }} Told where on the stage it is, and what it says
 */

/** What a field holds, in the reader's words where it has any. @param {Lab["words"]} words @param {Field} field */
export const heldBy = (words, { value, says }) => (says ? words.read(says) : String(value ?? "–"));

/** @param {Lab} lab @param {Field[]} fields */
const said = ({ words }, fields) =>
  fields.filter((field) => field.value !== null).map((field) => `${words.read(field.label)} ${heldBy(words, field)}`);

/** @param {Lab} lab @param {Layout} layout @param {Target} target @returns {Told | null} */
export function tellOf(lab, layout, target) {
  if ("message" in target) return tellMessage(lab, layout, target.message);
  if ("client" in target) {
    const at = clientAt(layout, target.client);
    return at && tellClient(lab, target.client, at);
  }
  const node = nodeAt(lab, target.node);
  const place = placeOf(layout, target.node);
  if (!node || !place) return null;
  return target.cell === undefined ? tellNode(lab, node, place) : tellCell(lab, layout, node, target.cell);
}

/** @param {Lab} lab @param {Layout} layout @param {number} id @returns {Told | null} */
function tellMessage(lab, layout, id) {
  const found = messageAt(lab, layout, id);
  if (!found) return null;
  const { one, x, y } = found;
  const { read, say } = lab.words;
  const state =
    one.fate === "held"
      ? say("is-held")
      : say("arrives-in", { n: lasting(lab.protocol, lab.words, one.arrives - lab.sim.now) });
  const fields = said(lab, one.fields).join(" · ");
  return { x, y, title: read(one.says), lines: [fields, `#${one.id} · ${state}`].filter(Boolean) };
}

/** @param {Lab} lab @param {NodeFrame} node @param {{ x: number, y: number, r: number }} place @returns {Told} */
function tellNode(lab, node, { x, y, r }) {
  const { read, say } = lab.words;
  const role = lab.protocol.roles.find((one) => one.id === node.role);
  const status = node.status === "up" ? (role ? read(role.name) : node.role) : say(node.status);
  const more = extraOf(lab, () => {})?.tellNode(lab.words, node) ?? [];
  return { x, y: y + r * 1.5, title: `${node.name} · ${status}`, lines: [...more, ...said(lab, node.fields)] };
}

/** So many operations of a client are told, the newest. */
const OPERATIONS = 5;

/**
 * What a client is at, and what it was told before.
 * @param {Lab} lab @param {string} name
 */
export function clientLines(lab, name) {
  const client = lab.frame.clients.find((one) => one.name === name);
  if (!client) return [];
  const { ms } = lab.words;
  const now = clientWords({ ...lab, now: lab.sim.now }, client);
  const word = (/** @type {unknown} */ value) => (value === null || value === undefined ? "" : ` ${value}`);
  const line = (/** @type {import("./pkg/synod.js").Operation} */ one) => {
    const came = one.answer === null ? "…" : word(one.result).trim() || "–";
    return `${ms(one.call)} ms: ${one.kind} ${one.key}${word(one.kind === "get" ? null : one.value)} → ${came}`;
  };
  const own = lab.sim.history().filter((one) => String(one.client) === name);
  return [`${client.operation}: ${now}`, ...own.slice(-OPERATIONS).map(line)];
}

/** @param {Lab} lab @param {string} name @param {{ x: number, y: number, r: number }} place @returns {Told} */
function tellClient(lab, name, { x, y, r }) {
  return { x, y: y + r, title: name, lines: clientLines(lab, name) };
}

/** @param {Lab} lab @param {Layout} layout @param {NodeFrame} node @param {number} index @returns {Told | null} */
function tellCell(lab, layout, node, index) {
  const cell = node.strips[0]?.cells.find((one) => one.index === index);
  const box = layout.memory.text.shown.boxes.find((one) => one.kind === "block" && one.id === node.id);
  const part = box?.parts.find(
    (one) => one.of !== undefined && one.of !== null && "index" in Object(one.of) && Object(one.of).index === index,
  );
  if (!cell || !part) return null;
  const epoch = lab.words.read(lab.protocol.epoch.named).replace("{n}", String(cell.epoch));
  return {
    x: part.x + part.w / 2,
    y: part.y + part.h,
    title: cell.text,
    lines: [`${node.name} · ${index} · ${epoch}`],
  };
}
