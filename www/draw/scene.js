// What a stage is drawn from, and what is asked of it in more than one place.

import { placeOf } from "../layout/ways.js";
import { ink } from "./tokens.js";

/**
 * @import { Frame, NodeFrame, Protocol, Tally } from "../pkg/synod.js"
 * @import { Shown } from "../arrange.js"
 * @import { Flight, Span } from "../chronicle.js"
 * @import { Layout } from "../layout.js"
 * @import { Extra, Tearing } from "../more.js"
 * @import { Words } from "../words.js"
 * @import { NodeGlyph } from "./glyphs.js"
 * @import { Memory } from "./memory.js"
 * @import { Point } from "./jag.js"
 * @import { Tokens } from "./tokens.js"
 * @typedef {{ node: number, cell?: number } | { message: number } | { client: string }} Target
 * @typedef {{
 *   frame: Frame, protocol: Protocol, layout: Layout, words: Words, memory: Memory, shown: Shown,
 *   now: number, rate: number, playing: boolean, settled: boolean, passed: number,
 *   recent: Flight[], marks: Float64Array, lanes: Span[][], reduced: boolean, cutAt: number | null,
 *   focus: Target | null, hover: Target | null, alarmed: number[], stroke: Point[] | null, sides: number[],
 *   lit: number[], seed: number, edges: Uint32Array, wonSince: number | null, extra: Extra | null,
 *   tearing: Tearing | null,
 * }} Scene `passed` is the wall time since something changed while time stood
 * @typedef {Tally & { time: number, epoch: number }} Won
 */

/** How long, in wall ms, effects may play while time stands. */
export const STIR = 400;
/** How long a tally that was won stays, in wall ms. */
const WON = 1500;

/**
 * How long ago something happened, in wall ms: while time stands, effects go on in wall time and then have ended.
 * @param {{ settled: boolean, now: number, rate: number, passed: number }} scene @param {number} time
 */
export const age = (scene, time) => (scene.settled ? Infinity : (scene.now - time) / scene.rate + scene.passed);

/** @param {Target | null} target @param {number} id */
export const isTarget = (target, id) => target !== null && "node" in target && target.node === id;

/** Which side of the partition an end is on. @param {Frame} frame */
export function sideOf(frame) {
  const groups = frame.partition ?? [];
  return (/** @type {number | string} */ id) => groups.findIndex((group) => group.includes(id));
}

/** @param {Scene} scene @param {NodeFrame} one */
export const roleOf = (scene, one) => scene.protocol.roles.find((role) => role.id === one.role);

/** A paused node's timers stand still. @param {Scene} scene @param {NodeFrame} one */
const clockNow = (scene, one) => (one.status === "paused" ? scene.frame.now : scene.now);

/**
 * The tally on a node's rim: one that was just won stays for its afterglow, or until the step of the lesson ends; but
 * not while the node counts in a newer epoch.
 * @param {Scene} scene @param {NodeFrame} one @returns {(Tally & { epoch: number }) | null}
 */
export function tallyOf(scene, one) {
  const won = /** @type {NodeFrame & { won?: Won | null }} */ (one).won;
  const newer = won && one.tally && one.epoch.value > won.epoch;
  if (won && !newer && stays(scene, won.time)) return won;
  return one.tally && { ...one.tally, epoch: one.epoch.value };
}

/** @param {Scene} scene @param {number} time */
function stays(scene, time) {
  if (scene.wonSince !== null && time >= scene.wonSince) return true;
  const glows = scene.playing ? WON * scene.rate : 0;
  return scene.now - time <= glows + 0.0005;
}

/**
 * What is written on a node: its own number if it has one, or its epoch.
 * @param {Scene} scene
 * @param {NodeFrame} one
 */
function numeralOf(scene, one) {
  if (scene.protocol.mark) return one.mark === null ? "" : String(one.mark);
  return undefined;
}

/** @param {NodeFrame} one @param {number} now */
function timeLeft(one, now) {
  if (!one.timer) return null;
  return Math.max(0, Math.min(1, (one.timer.until - now) / Math.max(one.timer.until - one.timer.from, 0.001)));
}

/** @param {Scene} scene @param {NodeFrame} one @param {Tokens} k @returns {NodeGlyph | null} */
export function glyphOf(scene, one, k) {
  const place = placeOf(scene.layout, one.id);
  if (!place) return null;
  const role = roleOf(scene, one);
  const tally = tallyOf(scene, one);
  /** @type {NodeGlyph} */
  const glyph = {
    cx: place.x,
    cy: place.y,
    r: place.r,
    shape: role?.shape ?? "circle",
    authority: one.authority,
    crest: role?.crest ?? false,
    epoch: one.epoch.value,
    numeral: numeralOf(scene, one),
    hue: ink(k, one.epoch.value),
    status: one.status,
    left: timeLeft(one, clockNow(scene, one)),
    truth: null,
    tally: tally && {
      of: tally.of,
      need: tally.need,
      have: tally.have.length,
      refused: tally.refused.length,
      hue: ink(k, tally.epoch),
    },
    grow: 1,
    focus: isTarget(scene.focus, one.id) || isTarget(scene.hover, one.id) || scene.sides.includes(one.id),
    alarm: scene.alarmed.includes(one.id),
  };
  return scene.extra ? scene.extra.dressed(scene, one, glyph) : glyph;
}
