// What a node keeps, in rows below its name: registers, records on its disk, phases, a gate; from all of it to the
// least.

import { discOf } from "../../arrange/rects.js";
import { placeOf } from "../../layout/ways.js";
import { moreAt, moreOf } from "../../more.js";
import { line, round, text } from "../glyphs.js";
import {
  admission,
  chipOf,
  clock,
  decided,
  held,
  inkOf,
  lock,
  phase,
  record,
  recordWide,
  turnstile,
  waiter,
} from "./glyphs.js";
import { called, lasted, tell } from "./say.js";

/**
 * @import { NodeFrame } from "../../pkg/synod.js"
 * @import { Gate, MoreNode, Phase, Register, State, Written } from "../../more.js"
 * @import { Part, Row } from "../../arrange.js"
 * @import { Pen } from "../../forms.js"
 * @import { Scene } from "../scene.js"
 * @import { Tokens } from "../tokens.js"
 * @typedef {CanvasRenderingContext2D} Ctx
 */

/** Of how many registers and records most are shown, in the fuller forms and in the least. */
const REGISTERS = [4, 2, 1];
const RECORDS = [4, 2, 0];
const NAMES = /** @type {const} */ (["over", "beside", "bare"]);
const ADMISSIONS = 6;
/** Above a node, between the lines to its others, so many times its radius has room, and at least so much. */
const [ABOVE, LEAST] = [3.4, 150];
/** They stand in the order in which they came, so many in a row. */
const ABREAST = 3;
/** Longer values are cut; the whole is told when the node is pointed at. */
const LONGEST = 12;

/** @param {string} words */
const cut = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words);

/**
 * @param {string} kind @param {number} x @param {number} y @param {number} w @param {number} h @param {number} size
 * @param {unknown} of @returns {Part}
 */
const part = (kind, x, y, w, h, size, of) => ({ what: "more", kind, x, y, w, h, size, of });

/** @param {Register} one */
const worded = (one) => cut(`${one.key} ${one.value ?? "–"}`.trim());

/** @param {Pen} pen @param {Register} one @returns {Row} */
function registerRow({ s, measure }, one) {
  const [h, y] = [26 * s, 4 * s];
  const mono = { size: 13 * s, mono: true };
  const parts = [];
  let x = 0;
  const value = (/** @type {string} */ words, /** @type {number | null} */ epoch, /** @type {boolean} */ pending) => {
    const w = measure(words, mono) + (epoch === null ? 0 : chipOf(epoch, s)) + 14 * s;
    parts.push(part("held", x, y, w, h, s, { words, epoch, pending }));
    x += w;
  };
  value(worded(one), one.epoch, false);
  const owner = typeof one.lock === "number" ? one.lock : null;
  if (one.pending !== null && one.pending !== undefined) {
    x += 5 * s;
    value(cut(one.pending), owner, true);
  }
  if (one.lock !== null && one.lock !== undefined) {
    x += 5 * s;
    parts.push(part("lock", x, y, 18 * s, h, s, one.lock));
    x += 19 * s;
  }
  for (const who of one.queue ?? []) {
    const w = Math.max(32 * s, measure(String(who), { size: 12.5 * s, weight: 700 }) + 20 * s);
    parts.push(part("waiter", x, y, w, h, s, who));
    x += w;
  }
  return { w: x, h: h + 7 * s, parts };
}

/** @param {Pen} pen @param {string} words @returns {Row} */
function small({ s, measure }, words) {
  const w = measure(words, { size: 12.5 * s });
  const text = /** @type {const} */ ({ what: "text", size: 12.5 * s, color: "ink3" });
  return { w, h: 17 * s, parts: [{ ...text, text: words, x: 0, y: 13 * s, w, h: 15 * s }] };
}

/** @param {Pen} pen @param {Written[]} records @returns {Row} */
function diskRow({ s, measure }, records) {
  let x = 2;
  const wide = (/** @type {string} */ words, /** @type {number} */ size, /** @type {number} */ weight) =>
    measure(words, { size, weight });
  const parts = records.map((one) => {
    const w = recordWide(wide, one, s);
    const made = part("record", x, 4 * s, w, 22 * s, s, one);
    x += w + 4 * s;
    return made;
  });
  const w = x - 4 * s + 2;
  parts.push(part("disk", 0, 32 * s, w, 2, s, null));
  return { w, h: 37 * s, parts };
}

/**
 * The last records, as many as there is room for on the node's own side: a log stays in its place as it grows.
 * @param {Scene} scene @param {NodeFrame} node @param {Pen} pen @param {Written[]} records @returns {Row[]}
 */
function diskRows({ layout, alarmed }, node, pen, records) {
  const stands = layout.compact ? undefined : placeOf(layout, node.id);
  const place = stands && { ...stands, ringed: alarmed.includes(node.id) };
  const above = place?.writes === "above" ? Math.max(LEAST, place.r * ABOVE) : null;
  const room = above ?? (place ? (place.side > 0 ? layout.W - place.x : place.x) - discOf(place).r - 16 : Infinity);
  let row = diskRow(pen, records);
  for (let from = 1; from < records.length && row.w > room; from++) row = diskRow(pen, records.slice(from));
  return records.length ? [row] : [];
}

/** How wide and high a segment of a track is, and where its names stand over it. */
const [SEGMENT, NAMED] = [
  { w: 22, h: 8, y: 6, gap: 3, row: 20 },
  { w: 40, h: 9, y: 18, gap: 4, row: 31 },
];

/**
 * A track: with the names of all phases over it, where each has room over its own; with the name of the present one
 * beside it; bare.
 * @param {Scene} scene @param {Pen} pen @param {Phase} one @param {"over" | "beside" | "bare"} names @returns {Row}
 */
function phaseRow({ words }, { s, measure }, one, names) {
  const now = Math.max(one.states.indexOf("now"), one.states.indexOf("failed"));
  const all = one.names.map((name) => called(words, name));
  const style = /** @type {const} */ ({ what: "text", color: "ink2" });
  const face = (/** @type {number} */ at) => ({ size: 12 * s, weight: at === now ? 700 : 400 });
  const wide = all.map((name, at) => measure(name, face(at)));
  const over = names === "over" && wide.every((w) => w <= (NAMED.w - 2) * s);
  const { w, h, y, gap, row } = over ? NAMED : SEGMENT;
  const parts = one.states.map((state, i) =>
    part("phase", i * (w + gap) * s, y * s, w * s, h * s, s, { state, epoch: one.epoch }),
  );
  const track = one.states.length * (w + gap) * s - gap * s;
  if (over) {
    const named = all.map((text, i) => {
      const x = (i * (w + gap) + w / 2) * s - wide[i] / 2;
      return /** @type {Part} */ ({ ...style, ...face(i), text, x, y: 13 * s, w: wide[i], h: 15 * s });
    });
    return { w: track, h: row * s, parts: [...parts, ...named] };
  }
  const name = names === "bare" ? "" : (all[now] ?? "");
  const beside = measure(name, { size: 13 * s });
  if (name) parts.push({ ...style, size: 13 * s, text: name, x: track + 7 * s, y: 14.5 * s, w: beside, h: 16 * s });
  return { w: track + (name ? 7 * s + beside : 0), h: row * s, parts };
}

/** @param {Pen} pen @param {Gate} gate @returns {Row} */
function gateRow({ s, measure }, gate) {
  const parts = [part("turnstile", 0, 3 * s, 38 * s, 62 * s, s, gate.highest)];
  const shown = gate.admissions.slice(-ADMISSIONS);
  const wide = (/** @type {number} */ token) => measure(String(token), { size: 13 * s, weight: 700 }) + 14 * s;
  const w = Math.max(30 * s, ...shown.map((one) => wide(one.token)));
  shown.forEach((one, i) => {
    const y = shown.length > ABREAST ? (i < ABREAST ? 7 : 36) * s : 22 * s;
    parts.push(part("admission", 46 * s + (i % ABREAST) * (w + 4 * s), y, w, 24 * s, s, one));
  });
  const many = Math.min(shown.length, ABREAST);
  return { w: many ? 46 * s + many * (w + 4 * s) - 4 * s : 38 * s, h: 69 * s, parts };
}

/** @param {Scene} scene @param {State} state @param {Pen} pen @returns {Row} */
function sinceRow(scene, state, { s, measure }) {
  const words = since(scene, state) || tell(scene.words, "for", { n: 0 });
  const w = Math.max(measure(words.replace(/\d/g, "0"), { size: 13 * s }), measure(words, { size: 13 * s }));
  const parts = (/** @type {boolean} */ right) => [part("since", 0, 0, w + 8 * s, 17 * s, s, { state, right })];
  return { w: w + 8 * s, h: 17 * s, parts: parts(false), mirrored: parts(true) };
}

/** @param {Scene} scene @param {State} state */
function since({ words, now, rate }, state) {
  const n = lasted(state.since, now, rate);
  return n > 0 ? tell(words, "for", { n }) : "";
}

/** Whether it is worth saying how long it is in its state: it waits for others. @param {MoreNode} one */
const counts = (one) =>
  one.status === "up" && one.authority === "asks" && one.state?.settled === null && one.state.since > 0;

/** The word of the state that a node is in. @param {Scene} scene @param {NodeFrame} node */
export function stateWord({ words }, node) {
  const { state } = moreAt(node);
  return state && node.status === "up" ? words.read(state.word) : null;
}

/**
 * The rows of a node, in three forms from the fullest to the least; nothing where it has none.
 * @param {Scene} scene @param {NodeFrame} node @param {Pen} pen @returns {Row[][]}
 */
export function rowsOf(scene, node, pen) {
  const one = moreAt(node);
  const gate = moreOf(scene.frame).gates?.find(({ node: at }) => at === one.id);
  const forms = REGISTERS.map((most, at) => {
    // Whoever goes through phases shows at least how far it is.
    const shown = one.phase && at > 1 ? [] : (one.registers ?? []).slice(0, most);
    const registers = shown.map((register) => registerRow(pen, register));
    const left = (one.registers?.length ?? 0) - registers.length;
    const records = RECORDS[at] ? (one.disk ?? []).slice(-RECORDS[at]) : [];
    return [
      ...(counts(one) && at < 1 ? [sinceRow(scene, /** @type {State} */ (one.state), pen)] : []),
      ...registers,
      ...(left > 0 && at < 2 ? [small(pen, tell(scene.words, "others", { n: left }))] : []),
      ...diskRows(scene, node, pen, records),
      ...(one.phase ? [phaseRow(scene, pen, one.phase, NAMES[at])] : []),
      ...(gate && at < 2 ? [gateRow(pen, gate)] : []),
    ];
  });
  return forms[0].length ? forms : [];
}

/** What of a frame is written beside nodes. @param {Scene} scene */
export const facts = ({ frame }) => {
  const { gates, sets, overlaps, places, lastCommit, grants } = moreOf(frame);
  const nodes = frame.nodes.map((node) => {
    const { state, badges, registers, disk, phase } = moreAt(node);
    return [state, badges, registers, disk, phase];
  });
  return [nodes, gates, sets, overlaps, places, lastCommit, grants?.length];
};

/** Texts that change while nothing happens. @param {Scene} scene */
export const counting = (scene) =>
  scene.frame.nodes.map((node) => {
    const one = moreAt(node);
    return counts(one) ? since(scene, /** @type {State} */ (one.state)) : "";
  });

/**
 * The number of what is newest, in its ink.
 * @param {Ctx} x @param {Tokens} k @param {number[]} box @param {number | null} epoch @param {number} s
 */
function newest(x, k, [left, top, w, h], epoch, s) {
  const hue = inkOf(k, epoch ?? 0);
  round(x, left, top, w, h, 4);
  x.fillStyle = epoch ? hue.fill : k.well;
  x.fill();
  const style = { size: 13.5 * s, weight: 700, align: /** @type {CanvasTextAlign} */ ("center") };
  text(x, k, String(epoch ?? "–"), left + w / 2, top + h * 0.71, { ...style, color: epoch ? hue.on : k.ink2 });
}

/** @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Part} part */
export function drawPart(x, k, scene, part) {
  const { x: left, y: top, w, h, size: s = 1, of } = part;
  const box = [left, top, w, h];
  if (part.kind === "held") {
    const { words, epoch, pending } = /** @type {{ words: string, epoch: number | null, pending: boolean }} */ (of);
    held(x, k, box, epoch, words, pending, s);
  } else if (part.kind === "lock")
    lock(x, k, left + w / 2, top + h / 2 - 1, 14 * s, inkOf(k, /** @type {number} */ (of)).fill);
  else if (part.kind === "clock") clock(x, left + w / 2, top + h / 2, 5.6 * s, k.ink2);
  else if (part.kind === "waiter") waiter(x, k, box, /** @type {number | string} */ (of), s);
  else if (part.kind === "record") record(x, k, part, /** @type {Written} */ (of), s);
  else if (part.kind === "newest") newest(x, k, box, /** @type {number | null} */ (of), s);
  else if (part.kind === "disk") line(x, left, top, left + w, top, k.ink, 1.75);
  else if (part.kind === "phase") {
    const { state, epoch } = /** @type {{ state: string, epoch: number }} */ (of);
    phase(x, k, box, state, epoch);
  } else if (part.kind === "settled") {
    const { yes, epoch } = /** @type {{ yes: boolean, epoch: number }} */ (of);
    decided(x, k, left + w / 2, top + h / 2, w * 0.44, yes, inkOf(k, epoch));
  } else if (part.kind === "turnstile") turnstile(x, k, left, top, /** @type {number} */ (of), s);
  else if (part.kind === "admission") {
    const { token, admitted } = /** @type {{ token: number, admitted: boolean }} */ (of);
    admission(x, k, box, token, admitted, s);
  } else if (part.kind === "since") {
    const { state, right } = /** @type {{ state: State, right: boolean }} */ (of);
    const style = /** @type {const} */ ({ align: right ? "right" : "left" });
    const at = right ? left + w : left;
    text(x, k, since(scene, state), at, top + 13 * s, { ...style, size: 13 * s, color: k.ink3, halo: k.sheet });
  }
}
