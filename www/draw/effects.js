// What passes: a state that fades into the next, a ring that goes out, a sheet that tears. While time passes these
// are functions of virtual time; while it stands they end in wall time.

import { placeOf } from "../layout/ways.js";
import { node, rings } from "./glyphs.js";
import { age, glyphOf } from "./scene.js";
import { DISSOLVE } from "./flights.js";
import { alpha, ink } from "./tokens.js";

/**
 * @import { NodeFrame } from "../pkg/synod.js"
 * @import { Scene } from "./scene.js"
 * @import { Tokens } from "./tokens.js"
 */

/** How long effects last, in ms of wall time. */
const GROW = 180;
const COMMIT = 400;
const TEAR = 360;
const CHANGE = 240;
const CRASH = 320;

/** How far the sheet has torn since the cut, 0 to 1: eased in and out. @param {Scene} scene */
export function tornSoFar(scene) {
  if (scene.cutAt === null || scene.reduced) return 1;
  const part = Math.max(0.02, Math.min(1, age(scene, scene.cutAt) / TEAR));
  return part < 0.5 ? 2 * part * part : 1 - 2 * (1 - part) * (1 - part);
}

/**
 * How it stood before fades over how it stands: a new epoch, a new role, a crash.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 */
export function drawChange(x, k, scene, one) {
  if (scene.reduced || scene.settled) return;
  const lane = scene.lanes[one.id] ?? [];
  const at = lane.findLastIndex((span) => span.from <= scene.now);
  const [was, is] = [lane[at - 1], lane[at]];
  if (!was || !is) return;
  const part = age(scene, is.from) / (is.status === 1 || was.status === 1 ? CRASH : CHANGE);
  if (part >= 1) return;
  const glyph = glyphOf(scene, one, k);
  if (!glyph) return;
  const role = scene.protocol.roles[was.role];
  x.globalAlpha = 1 - part;
  node(x, k, {
    ...glyph,
    shape: role.shape,
    authority: role.authority,
    crest: role.crest,
    epoch: was.epoch,
    hue: ink(k, was.epoch),
    status: was.status === 1 ? "crashed" : "up",
    focus: false,
    alarm: false,
    bare: true,
  });
  x.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @param {NodeFrame} one */
export function drawRings(x, k, scene, one) {
  const glyph = glyphOf(scene, one, k);
  if (!glyph || one.status === "crashed") return;
  const rate = one.clock.rate;
  glyph.truth = rate !== 0 && glyph.left !== null ? Math.min(1, glyph.left * (1 + rate)) : null;
  glyph.grow = glyph.tally && !scene.reduced ? grown(scene, one) : 1;
  rings(x, k, glyph);
}

/** How far the segment of the last answer has grown. @param {Scene} scene @param {NodeFrame} one */
function grown(scene, one) {
  if (scene.settled) return 1;
  const landed = scene.recent.findLast(
    (flight) =>
      flight.to === one.id && !flight.lost && (flight.tone === "yes" || (flight.tone === "stored" && !flight.quiet)),
  );
  return landed ? Math.max(0.05, Math.min(1, (age(scene, landed.ended) - DISSOLVE) / GROW)) : 1;
}

/**
 * One ring goes out from a node that settled something.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 */
export function drawSettling(x, k, scene) {
  if (scene.reduced || scene.settled) return;
  for (let at = scene.marks.length - 6; at >= 0; at -= 6) {
    const [time, , glyph, epoch, , id] = scene.marks.subarray(at, at + 6);
    if (time > scene.now) continue;
    const part = age(scene, time) / COMMIT;
    if (part > 1) break;
    const place = placeOf(scene.layout, id);
    if (glyph !== 2 || !place) continue;
    x.beginPath();
    x.arc(place.x, place.y, place.r * (1.5 + 0.4 * part), 0, Math.PI * 2);
    x.strokeStyle = alpha(ink(k, epoch).fill, 0.35 * (1 - part));
    x.lineWidth = 3;
    x.stroke();
  }
}
