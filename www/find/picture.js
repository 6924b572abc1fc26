// A step of a run in small: the cluster as the step left it, drawn with the glyphs of the stage, and the move as it is
// drawn where nothing moves: its whole way, with its glyph in the middle.

import { addIcons } from "../icons.js";
import { hatch, line, node, rings, round, text } from "../draw/glyphs.js";
import { makeMemory } from "../draw/memory.js";
import { mesh } from "../draw/mesh.js";
import { message } from "../draw/messages.js";
import { glyphOf } from "../draw/scene.js";
import { drawTear, tornPaths } from "../draw/tear.js";
import { ink } from "../draw/tokens.js";
import { arrange } from "../layout.js";
import { placeOf } from "../layout/ways.js";

/**
 * @import { Cell, Frame, MessageFrame, NodeFrame } from "../pkg/synod.js"
 * @import { Extra } from "../more.js"
 * @import { Layout, Place } from "../layout.js"
 * @import { Scene } from "../draw/scene.js"
 * @import { Tokens } from "../draw/tokens.js"
 * @import { Lab } from "../state.js"
 * @import { Step } from "./finder.js"
 * @typedef {CanvasRenderingContext2D} Ctx
 * @typedef {{ lab: Lab, edges: Uint32Array, steps: Step[], at: number, extra: Extra | null }} Shot a step of a run
 */

/** How large nodes are, and the most of them at that size. */
const [R, SPARSE] = [15, 3];
/** How far apart two nodes must be, in radii; in the middle of a star all messages meet. */
const APART = { star: 4.1, others: 2.7 };
/** The stage that nodes stand on, of which this is a small picture. */
const [WIDE, HIGH] = [900, 520];
/** What a picture keeps free about its nodes: for a number and a client, names (a part of its width), cells. */
const MARGIN = { top: 29, low: 33, ring: 0.265, side: 0.19, bottom: 34 };
const CELL = { w: 12, h: 11, most: 4 };
/** The stage's own nodes stand so far apart that a ring of them is wider than high. */
const ROUND = 1.35;

addIcons({
  switch: ["M6 4h8a6 6 0 0 1 0 12H6a6 6 0 0 1 0-12z", "!M6 7.200a2.800 2.800 0 1 1 0 5.600a2.800 2.800 0 0 1 0-5.600z"],
});

/**
 * Where nodes stand: as on the stage, drawn together.
 * @param {Lab} lab @param {Frame} frame @param {Uint32Array} edges @param {number} W @param {number} H @returns
 *   {Layout}
 */
function small(lab, frame, edges, W, H) {
  const memory = makeMemory();
  const wish = { wish: lab.protocol.layout, nodes: frame.nodes, edges, memory, scale: 1, grounds: null };
  const large = arrange(WIDE, HIGH, wish);
  const n = large.places.length;
  const outside = large.ring || isStar(large);
  const side = W * (outside ? MARGIN.ring : MARGIN.side);
  const [left, right, top, bottom] = [side, W - side, large.ring ? MARGIN.top : MARGIN.low, H - MARGIN.bottom];
  const spread = (/** @type {"x" | "y"} */ axis) => {
    const all = large.places.map((place) => place[axis]);
    return [Math.min(...all), Math.max(...all)];
  };
  const [[x0, x1], [y0, y1]] = [spread("x"), spread("y")];
  const between = (/** @type {number} */ v, /** @type {number} */ a, /** @type {number} */ b) =>
    b > a ? (v - a) / (b - a) : 0.5;
  const wide = large.ring ? Math.min(right - left, (bottom - top) * ROUND) : right - left;
  const places = large.places.map((place) => ({
    ...place,
    x: W / 2 + (between(place.x, x0, x1) - 0.5) * wide,
    y: top + between(place.y, y0, y1) * (bottom - top),
  }));
  const apart = isStar(large) ? APART.star : APART.others;
  const r = Math.min(R, n > SPARSE ? nearest(places) / apart : R);
  return {
    ...large,
    ...{ W, H, compact: true, rx: wide / 2, ry: (bottom - top) / 2, cx: W / 2, cy: (top + bottom) / 2 },
    places: places.map((place) => ({ ...place, r: Math.max(8, r) })),
  };
}

/** Whether all others stand about some. @param {Layout} layout */
const isStar = ({ ring, columns, rows }) => !ring && !columns && !rows;

/** @param {Place[]} places */
function nearest(places) {
  let least = Infinity;
  for (const [i, a] of places.entries())
    for (const b of places.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  return least;
}

/** @param {Shot} shot @param {Layout} layout @returns {Scene} */
function sceneOf({ lab, edges, steps, at, extra }, layout) {
  const { frame, broken } = steps[at];
  const alarmed = frame.promises.filter((one) => broken.includes(one.id)).flatMap((one) => one.witnesses);
  return {
    ...{ frame, layout, edges, extra, alarmed, protocol: lab.protocol, words: lab.words, memory: layout.memory },
    ...{ shown: { boxes: [], pills: [] }, now: frame.now, rate: 1, playing: false, passed: 0, settled: true },
    ...{ recent: [], marks: new Float64Array(), lanes: [], reduced: true, cutAt: null, wonSince: null },
    ...{ focus: null, hover: null, stroke: null, sides: [], lit: [], seed: lab.tear, tearing: null },
  };
}

/** @param {Ctx} x @param {Tokens} k @param {number} W @param {number} H @param {Shot} shot */
export function drawStep(x, k, W, H, shot) {
  const step = shot.steps[shot.at];
  const layout = small(shot.lab, step.frame, shot.edges, W, H);
  const scene = sceneOf(shot, layout);
  x.clearRect(0, 0, W, H);
  const torn = tornPaths(scene);
  for (const path of torn) drawTear(x, k, path, scene.seed, 1, [4, 7]);
  mesh(x, k, scene, torn);
  for (const one of step.frame.nodes) drawNode(x, k, scene, one, step);
  drawMove(x, k, layout, shot);
}

/** @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {NodeFrame} one @param {Step} step */
function drawNode(x, k, scene, one, step) {
  const glyph = glyphOf(scene, one, k);
  const place = placeOf(scene.layout, one.id);
  if (!glyph || !place) return;
  const bare = { ...glyph, tally: null, left: null, alarm: false };
  node(x, k, { ...bare, crest: false });
  if (one.status !== "crashed") rings(x, k, bare);
  scene.extra?.drawOver(x, k, one, bare);
  const acts = (step.from ?? step.to) === one.name;
  const fires = step.move === "timeout" && acts;
  if (fires) drawTimer(x, k, place);
  if (glyph.alarm) ringed(x, place, k.alarm);
  if (acts && (step.move === "crash" || step.move === "restart")) drawFall(x, k, place, step.move === "restart");
  drawName(x, k, scene, place, one.name, fires || glyph.alarm);
  drawHeld(x, k, one, place, place.y < scene.layout.cy - 4 && scene.layout.ring === true);
}

/**
 * Beside a ring or a star names stand outside; elsewhere above the shoulder, where the fewest lines are.
 * @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Place} place @param {string} name @param {boolean}
 *   ringed
 */
function drawName(x, k, { layout }, place, name, ringed) {
  const style = { size: 12, weight: 700, color: k.ink2 };
  const inside = !layout.ring && Math.abs(place.x - layout.cx) < 4;
  if (inside || !(layout.ring || isStar(layout))) {
    const away = place.r * 0.72 + (ringed ? 6 : 2);
    return text(x, k, name, place.x + away + 1, place.y - away, { ...style, size: 11, halo: k.sheet });
  }
  const away = place.r + (ringed ? 11 : 7);
  const right = place.x > layout.cx + 2;
  text(x, k, name, right ? place.x + away : place.x - away, place.y + 4.5, {
    ...style,
    align: right ? "left" : "right",
  });
}

/** @param {Ctx} x @param {Place} place @param {string} color */
function ringed(x, { x: cx, y: cy, r }, color) {
  x.beginPath();
  x.arc(cx, cy, r + 6, 0, Math.PI * 2);
  x.strokeStyle = color;
  x.lineWidth = 2;
  x.stroke();
}

/** @param {Ctx} x @param {Tokens} k @param {Place} place */
function drawTimer(x, k, { x: cx, y: cy, r }) {
  x.beginPath();
  x.arc(cx, cy, r + 5, 0, Math.PI * 2);
  x.setLineDash([2, 3]);
  x.strokeStyle = k.ink;
  x.lineWidth = 1.75;
  x.stroke();
  x.setLineDash([]);
  x.beginPath();
  x.arc(cx, cy - r - 5, 3.2, 0, Math.PI * 2);
  x.fillStyle = k.ink;
  x.fill();
}

/**
 * On the lower shoulder of a node: it fell, or came back.
 * @param {Ctx} x @param {Tokens} k @param {Place} place @param {boolean} back
 */
function drawFall(x, k, { x: cx, y: cy, r }, back) {
  x.save();
  x.translate(cx + r * 0.9, cy + r * 0.75);
  x.beginPath();
  x.arc(0, 0, 8, 0, Math.PI * 2);
  x.fillStyle = k.ink;
  x.fill();
  if (back) {
    x.beginPath();
    x.arc(0, 0, 3.8, -0.5, 4.4);
    x.strokeStyle = x.fillStyle = k.sheet;
    x.lineWidth = 1.6;
    x.stroke();
    x.beginPath();
    for (const [px, py] of [
      [-4.6, -3.4],
      [0.6, -6],
      [0.4, -1.2],
    ])
      x.lineTo(px, py);
    x.fill();
  } else for (const side of [-1, 1]) line(x, -2.8, -2.8 * side, 2.8, 2.8 * side, k.sheet, 1.8);
  x.restore();
}

/**
 * What a node holds, or in what state it is: the newest few cells of its log, or of its registers, or a word.
 * @param {Ctx} x @param {Tokens} k @param {NodeFrame} one @param {Place} place @param {boolean} beside
 */
function drawHeld(x, k, one, place, beside) {
  /** @type {{ epoch: number, state: string }[]} */
  const cells = one.strips[0]?.cells ?? [];
  const registers = (one.registers ?? []).flatMap(({ epoch, pending }) =>
    epoch === null ? [] : [{ epoch, state: pending === null ? "committed" : "pending" }],
  );
  const shown = (cells.length ? cells : registers).slice(-CELL.most);
  const wide = shown.length * CELL.w + Math.max(0, shown.length - 1) * 2;
  const left = beside ? place.x + place.r + 7 : place.x - wide / 2;
  const top = beside ? place.y + 1 : place.y + place.r + 5;
  for (const [i, cell] of shown.entries()) drawCell(x, k, left + i * (CELL.w + 2), top, cell);
}

/**
 * @param {Ctx} x @param {Tokens} k @param {number} left @param {number} top @param {Pick<Cell, "epoch"> & { state:
 *   string }} cell
 */
function drawCell(x, k, left, top, { epoch, state }) {
  const hue = ink(k, epoch);
  const path = () => round(x, left + 0.75, top + 0.75, CELL.w - 1.5, CELL.h - 1.5, 2);
  const open = state === "pending" || state === "undone" || state === "expected";
  path();
  x.fillStyle = open ? k.sheet : hue.fill;
  x.fill();
  if (open) hatch(x, path, [left, top, CELL.w, CELL.h], hue.tint, 4, 2);
  path();
  x.strokeStyle = hue.fill;
  x.lineWidth = 1.5;
  x.stroke();
  if (state === "cut" || state === "undone")
    line(x, left - 1, top + CELL.h / 2, left + CELL.w + 1, top + CELL.h / 2, k.alarm, 1.5);
}

/** @param {Ctx} x @param {Tokens} k @param {Layout} layout @param {Shot} shot */
function drawMove(x, k, layout, { steps, at }) {
  const step = steps[at];
  const place = (/** @type {string | null} */ name) => {
    const found = step.frame.nodes.find((one) => one.name === name);
    return found && placeOf(layout, found.id);
  };
  const [from, to] = [place(step.from), place(step.to)];
  if (step.move === "deliver" || step.move === "copy") {
    const flown = flownIn(steps, at);
    if (from && to && from !== to) drawFlight(x, k, from, to, step, flown);
    else if (to) drawClient(x, k, layout, to, true);
    else if (from) drawClient(x, k, layout, from, false, true);
  } else if (step.move === "request") {
    if (to) drawClient(x, k, layout, to, false);
    else drawAsker(x, k, layout);
  }
}

/** The message that a step delivers, as a frame before it has it. @param {Step[]} steps @param {number} at */
function flownIn(steps, at) {
  const { from, to, kind } = steps[at];
  /** @type {MessageFrame | undefined} */
  let alike;
  for (let i = at; i >= 0; i--) {
    const { messages, nodes } = steps[i].frame;
    const name = (/** @type {number | string} */ end) =>
      typeof end === "number" ? nodes.find((one) => one.id === end)?.name : end;
    const same = messages.filter((one) => one.kind === kind);
    const own = same.find((one) => name(one.from) === from && name(one.to) === to);
    if (own) return own;
    alike ??= same[0];
  }
  return alike;
}

/**
 * @param {Ctx} x @param {Tokens} k @param {Place} a @param {Place} b @param {Step} step
 * @param {MessageFrame | undefined} flown
 */
function drawFlight(x, k, a, b, step, flown) {
  const far = Math.hypot(b.x - a.x, b.y - a.y);
  const [ux, uy] = [(b.x - a.x) / far, (b.y - a.y) / far];
  const [s0, s1] = [a.r + 5, far - b.r - (step.broken.length ? 9 : 5)];
  const hue = step.epoch > 0 ? ink(k, step.epoch) : { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink };
  const along = (/** @type {number} */ s) => ({ x: a.x + ux * s, y: a.y + uy * s });
  arrow(x, along(s0), along(s1), hue.fill, 1.5);
  const angle = Math.atan2(uy, ux);
  const size = Math.min(16, Math.max(9, (s1 - s0) * 0.55));
  const how = { angle, reply: flown?.reply ?? false, count: 1 };
  for (const off of step.move === "copy" ? [-0.35, 0.35] : [0]) {
    const at = along((s0 + s1) / 2 - 2 + off * size);
    x.save();
    x.translate(at.x, at.y);
    x.beginPath();
    x.arc(0, 0, size * 0.62, 0, Math.PI * 2);
    x.fillStyle = k.sheet;
    x.fill();
    x.rotate(angle);
    message(x, k, flown?.tone ?? "carry", hue, size, how);
    x.restore();
  }
}

/** @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b @param {number} far */
function toward(a, b, far) {
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  return { x: a.x + far * Math.cos(angle), y: a.y + far * Math.sin(angle) };
}

/** @param {Ctx} x @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b @param {string} color
 * @param {number} width @param {number[]} [dash] */
function arrow(x, a, b, color, width, dash) {
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  line(x, a.x, a.y, b.x - 4 * Math.cos(angle), b.y - 4 * Math.sin(angle), color, width, dash);
  x.beginPath();
  x.moveTo(b.x, b.y);
  for (const side of [2.6, -2.6]) x.lineTo(b.x + 6.5 * Math.cos(angle + side), b.y + 6.5 * Math.sin(angle + side));
  x.closePath();
  x.fillStyle = color;
  x.fill();
}

/** A client that finds its own way to nodes. @param {Ctx} x @param {Tokens} k @param {Layout} layout */
function drawAsker(x, k, layout) {
  x.save();
  x.translate(layout.ring || layout.columns ? layout.W - 18 : layout.W / 2, 14);
  message(x, k, "client", { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink }, 17, { angle: 0 });
  x.restore();
}

/**
 * A client, beyond the nearer side: it asks, its command arrives, or it is answered.
 * @param {Ctx} x @param {Tokens} k @param {Layout} layout @param {Place} place @param {boolean} arrives
 * @param {boolean} [answered]
 */
function drawClient(x, k, layout, place, arrives, answered = false) {
  const right = place.x >= layout.cx - 2;
  const sign = right ? 1 : -1;
  const y = place.y - 9;
  const near = { x: place.x + sign * (place.r + 5), y };
  const edge = right ? layout.W - 12 : 12;
  const far = layout.ring
    ? { x: Math.abs(edge - near.x) > 46 ? near.x + sign * 40 : edge, y }
    : { x: layout.columns || layout.places.length < 2 ? layout.W - 16 : layout.W / 2, y: 13 };
  if (!layout.ring) Object.assign(near, toward(place, far, place.r + 5));
  const out = toward(far, near, 11);
  const stop = arrives || answered ? near : toward(far, near, 26);
  const hue = { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink };
  const [a, b] = answered ? [stop, out] : [out, stop];
  if (Math.hypot(a.x - b.x, a.y - b.y) > 7) arrow(x, a, b, k.ink, 1.25, arrives || answered ? undefined : [2, 3]);
  x.save();
  x.translate(far.x, far.y);
  message(x, k, "client", hue, 17, { angle: 0, reply: answered });
  x.restore();
}
