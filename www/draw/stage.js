// The stage: the cluster at this moment, drawn from a frame. While time passes everything is a function of virtual
// time and rate, so that going back shows exactly what was seen; while it stands, effects end and the present is
// drawn whole.

import { arrangeLabels, arrangeText } from "../arrange.js";
import { boundsOf, discOf } from "../arrange/rects.js";
import { LINGER, clientWords, labelForms, wishesOf } from "../forms.js";
import { drawnAt, visible } from "../aloft.js";
import { clientsShown } from "../layout.js";
import { glyphSize, way } from "../layout/ways.js";
import { drawChange, drawRings, drawSettling, tornSoFar } from "./effects.js";
import { drawGone, drawMessage } from "./flights.js";
import { node, round } from "./glyphs.js";
import { jagged } from "./jag.js";
import { mesh } from "./mesh.js";
import { moreOf } from "../more.js";
import { glyphOf, tallyOf } from "./scene.js";
import { drawBoxes, drawPill, tethers } from "./texts.js";

/**
 * @import { Box, Shown } from "../arrange.js"
 * @import { Face } from "../forms.js"
 * @import { NodeFrame } from "../pkg/synod.js"
 * @import { Scene } from "./scene.js"
 * @import { Tokens } from "./tokens.js"
 * @typedef {import("./scene.js").Target} Target
 */

export { LINGER };

/** Texts that are measured are remembered, up to so many. */
const WIDTHS = 4_000;

/**
 * How wide texts are, in the fonts of a stage.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene
 */
function penOf(x, k, scene) {
  const { widths } = scene.memory;
  const measure = (/** @type {string} */ text, /** @type {Face} */ { size, weight, mono }) => {
    const font = `${weight ?? 400} ${size}px ${mono ? k.mono : k.ui}`;
    const key = `${font} ${text}`;
    let wide = widths.get(key);
    if (wide === undefined) {
      if (widths.size > WIDTHS) widths.clear();
      x.font = font;
      wide = x.measureText(text).width;
      widths.set(key, wide);
    }
    return wide;
  };
  return { s: scene.layout.scale, measure };
}

/**
 * Where all that is written stands now; worked out again only when something of it is otherwise.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @returns {Shown}
 */
export function shownOf(x, k, scene) {
  const { layout, memory, words } = scene;
  // Most frames have nobody waiting and nothing pointed at: what is not there costs nothing.
  const looked = layout.crowd && (scene.focus || scene.hover) ? [scene.focus, scene.hover] : null;
  const clients = clientsOf(scene).map(({ id, operation, from, said }) => [
    ...[id, operation, from, said.replace(/\d/g, "0")],
  ]);
  const more = clients.length || looked ? JSON.stringify([clients, looked]) : "";
  const key = `${frameKey(scene)} ${layout.W} ${layout.H} ${layout.scale} ${words.lang} ${scene.alarmed} ${more}`;
  if (memory.text.key !== key) {
    const wishes = { ...wishesOf(scene, penOf(x, k, scene)), torn: scene.tearing?.tornPaths(scene) ?? [] };
    memory.text = { key, shown: arrangeText(wishes) };
  }
  return memory.text.shown;
}

/** @param {Scene} scene */
const clientsOf = (scene) =>
  clientsShown(scene.frame, scene.now, LINGER * scene.rate).map((client) => ({
    ...client,
    said: clientWords(scene, client),
  }));

/** What of a frame is written, or drawn still. @param {Scene} scene */
function frameKey(scene) {
  const { frame, memory, extra, tearing } = scene;
  const { framed } = memory;
  if (framed.frame !== frame || framed.extra !== extra || framed.tearing !== tearing) {
    const nodes = frame.nodes.map((one) => [
      one.role,
      one.status,
      one.epoch.value,
      one.says.en,
      one.authority,
      one.mark,
      one.clock.rate,
      one.clock.offset,
      one.timer === null,
      one.strips[0]?.cells.slice(-12),
    ]);
    const more = extra ? extra.facts(scene) : null;
    const key = JSON.stringify([nodes, frame.partition, tearing !== null, frame.links, moreOf(frame).sides, more]);
    // Long texts are compared once a frame of the run, and a number as often as the page draws.
    const turn = framed.turn + (key === framed.key ? 0 : 1);
    memory.framed = { frame, extra, tearing, key, turn };
  }
  return memory.framed.turn;
}

/** All that the still part is drawn from; while it is the same, the still part is. @param {Scene} scene */
export function stillKey(scene) {
  const { frame, memory } = scene;
  let key = `${memory.text.key} ${scene.sides} ${scene.stroke?.length} ${frame.partition ? tornSoFar(scene) : 1} `;
  for (const one of frame.nodes) key += tallyOf(scene, one) ? 1 : 0;
  for (const { id, said } of clientsOf(scene)) key += `|${id} ${said}`;
  if (scene.extra) key += scene.extra.counting(scene);
  return scene.focus || scene.hover ? key + JSON.stringify([scene.focus, scene.hover]) : key;
}

/**
 * What stays while nothing happens: the sheet and its tears, links, bodies, names, strips, clients.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene
 */
export function drawStill(x, k, scene) {
  const { layout } = scene;
  x.clearRect(0, 0, layout.W, layout.H);
  x.save();
  round(x, 6, 2, layout.W - 12, layout.H - 12, 10);
  x.clip();
  scene.extra?.drawUnder(x, k, scene);
  const { tearing } = scene;
  const torn = tearing?.tornPaths(scene) ?? [];
  torn.forEach((path, i) => tearing?.drawTear(x, k, path, scene.seed + i, tornSoFar(scene), [9, 18]));
  mesh(x, k, scene, torn);
  scene.extra?.drawDecided(x, k, scene);
  tethers(x, k, scene);
  for (const one of scene.frame.nodes) drawNode(x, k, scene, one);
  drawBoxes(x, k, scene, scene.shown.boxes);
  for (const pill of scene.shown.pills) drawPill(x, k, scene, pill);
  if (scene.stroke) tearing?.drawTear(x, k, jagged(scene.stroke, scene.seed, 5), scene.seed, 1, [4, 7]);
  x.restore();
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @param {NodeFrame} one */
function drawNode(x, k, scene, one) {
  const glyph = glyphOf(scene, one, k);
  if (!glyph) return;
  const { extra } = scene;
  if (extra?.lies(one)) extra.inHalves(x, glyph, () => node(x, k, glyph));
  else node(x, k, glyph);
  extra?.drawOver(x, k, one, glyph);
}

/**
 * What moves: time-out rings, tallies, messages and the traces that they leave.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene
 */
export function drawLive(x, k, scene) {
  const { layout } = scene;
  x.clearRect(0, 0, layout.W, layout.H);
  drawSettling(x, k, scene);
  for (const one of scene.frame.nodes) drawChange(x, k, scene, one);
  let order = 0;
  for (const one of visible(scene.frame.messages)) drawMessage(x, k, scene, one, one.quiet ? 0 : ++order);
  for (const gone of scene.recent) drawGone(x, k, scene, gone);
  for (const one of scene.frame.nodes) {
    drawRings(x, k, scene, one);
    // What lies over a silhouette lies over its tally too.
    const glyph = scene.extra && tallyOf(scene, one) ? glyphOf(scene, one, k) : null;
    if (glyph) scene.extra?.drawOver(x, k, one, glyph);
  }
  drawBoxes(x, k, scene, labelsOf(x, k, scene));
}

/** No more labels than these at a time. */
const LABELS = 2;

/**
 * Messages that are told about say what they are: the first of each kind, in the middle of its way.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @returns {Box[]}
 */
export function labelsOf(x, k, scene) {
  const { layout, frame, memory } = scene;
  const before = scene.settled ? [] : memory.labels;
  memory.labels = [];
  if (!scene.lit.length || layout.compact || layout.crowd) return [];
  const size = glyphSize(layout);
  const told = new Set();
  const wishes = [];
  const discs = layout.places.map(discOf);
  for (const one of visible(frame.messages)) {
    const path = one.quiet ? null : way(layout, scene.shown.pills, one.from, one.to);
    if (!path) continue;
    const u = drawnAt(one, scene, scene.now);
    const at = path.at(u);
    discs.push({ ...at, r: size * 0.62 });
    const about = scene.lit.some((id) => one.from === id || one.to === id);
    if (!about || told.has(one.kind) || told.size >= LABELS || u < 0.15 || u > 0.85) continue;
    told.add(one.kind);
    // On the side that looks away from the middle, where there are fewer lines.
    const toward = at.x < layout.cx ? -1 : 1;
    wishes.push({ id: one.id, ...at, toward, forms: labelForms(scene, one, penOf(x, k, scene)) });
  }
  const room = {
    discs,
    rects: [...scene.shown.boxes, ...scene.shown.pills],
    bounds: boundsOf(layout.W, layout.H),
    torn: [],
  };
  memory.labels = arrangeLabels(wishes, room, size, before);
  return memory.labels;
}
