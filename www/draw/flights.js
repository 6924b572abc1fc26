// Messages in the air, and those whose flight just ended.

import { drawnAt, progress } from "../aloft.js";
import { inside, touches } from "../arrange/rects.js";
import { glyphSize, way } from "../layout/ways.js";
import { age } from "./scene.js";
import { cross, line, text } from "./glyphs.js";
import { message } from "./messages.js";
import { alpha, ink } from "./tokens.js";

/**
 * @import { MessageFrame } from "../pkg/synod.js"
 * @import { Flight } from "../chronicle.js"
 * @import { Part, Rect } from "../arrange.js"
 * @import { Scene } from "./scene.js"
 * @import { Tokens } from "./tokens.js"
 * @typedef {{ path: NonNullable<ReturnType<typeof way>>,
 *   clip: { discs: { x: number, y: number, r: number }[], rects: Rect[] } | null }} Course
 */

/** Among more nodes than these, lines cross nodes everywhere. */
const CROWD = 24;
/** How long effects last, in ms of wall time. */
export const DISSOLVE = 90;
const AFTERGLOW = 120;
const CROSS = [120, 160, 600, 400];
const LOST = CROSS.reduce((sum, part) => sum + part);

/** How many entries it carries; one that has ended does not say. @param {MessageFrame} one */
const carried = (one) => {
  const many = one.fields?.find((field) => field.tone === "many")?.value;
  return typeof many === "number" ? many : 1;
};

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {MessageFrame} one
 * @param {number} order its place among the news in flight
 */
export function drawMessage(x, k, scene, one, order) {
  const course = courseOf(scene, one);
  if (!course) return;
  if (!course.clip) return drawFlying(x, k, scene, one, order, course.path);
  x.save();
  // Path by path, since a picture that is exported knows no Path2D.
  x.beginPath();
  x.rect(0, 0, scene.layout.W, scene.layout.H);
  for (const { x: at, y, r } of course.clip.discs) {
    x.moveTo(at + r, y);
    x.arc(at, y, r, 0, Math.PI * 2);
  }
  for (const { x: at, y, w, h } of course.clip.rects) x.rect(at, y, w, h);
  x.clip("evenodd");
  drawFlying(x, k, scene, one, order, course.path);
  x.restore();
}

/**
 * The way from one end to the other, and what leads behind others on it; worked out again only where things stand
 * elsewhere.
 * @param {Scene} scene @param {{ from: number | string, to: number | string }} one @returns {Course | null}
 */
function courseOf(scene, one) {
  const { layout, shown, memory } = scene;
  if (memory.ways.layout !== layout || memory.ways.shown !== shown) memory.ways = { layout, shown, found: new Map() };
  const { found } = memory.ways;
  const key = `${one.from} ${one.to}`;
  let course = found.get(key);
  if (course === undefined) {
    const path = way(layout, shown.pills, one.from, one.to);
    course = path && { path, clip: behindOthers(scene, one, path) };
    found.set(key, course);
  }
  return course;
}

/** Boxes that messages pass behind. */
const BEHIND = new Set(["block", "verdict", "note"]);

/** So far from a node's middle a message on its way to another is behind it, in radii. */
const HIDES = 1.22;

/**
 * A message passes behind every node that is not at its end, and behind what is written, so that it covers no numeral
 * and no name.
 * @param {Scene} scene @param {{ from: number | string, to: number | string }} one
 * @param {NonNullable<ReturnType<typeof way>>} path @returns {Course["clip"]} what it is not drawn in
 */
function behindOthers({ layout, shown }, one, path) {
  const [a, b, half] = [path.at(0), path.at(1), glyphSize(layout) / 2];
  const near = (/** @type {Rect} */ { x, y, w, h }) =>
    inside(a, b, { x: x - half, y: y - half, w: w + 2 * half, h: h + 2 * half }) !== null;
  const discs = layout.places
    .filter(({ id }) => id !== one.from && id !== one.to)
    .map((place) => ({ x: place.x, y: place.y, r: place.r * HIDES }))
    .filter(({ x, y, r }) => near({ x: x - r, y: y - r, w: 2 * r, h: 2 * r }));
  const written = shown.boxes.filter((box) => BEHIND.has(box.kind)).filter(near);
  const rects = written.flatMap((box) => box.parts.filter((part) => part.what === "text").map(textRect)).filter(near);
  if ((!discs.length && !rects.length) || layout.places.length > CROWD) return null;
  return { discs, rects };
}

/** Where a text is, from its base line. @param {Part} part @returns {Rect} */
const textRect = ({ x, y, w, size = 13 }) => ({ x: x - 1, y: y - size * 0.8, w: w + 2, h: size });

/**
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @param {MessageFrame} one
 * @param {number} order @param {NonNullable<ReturnType<typeof way>>} path
 */
function drawFlying(x, k, scene, one, order, path) {
  const hue =
    one.tone === "client" || one.epoch === 0
      ? { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink }
      : ink(k, one.epoch);
  const size = glyphSize(scene.layout);
  const still = scene.reduced;
  const u = drawnAt(one, scene, scene.now);
  const [p, end] = [path.at(u), path.at(1)];
  const hot = scene.hover !== null && "message" in scene.hover && scene.hover.message === one.id;
  const chosen = scene.focus !== null && "message" in scene.focus && scene.focus.message === one.id;
  if (!one.quiet || hot || chosen) trail(x, k, path, still ? 0 : u, hue.fill, size, still);
  else tail(x, path, u, hue.fill, 14, 1.2, 0.3);
  if (one.fate === "held" || one.delayedUntil !== null) delayClock(x, k, p, size, one, scene.now);
  if (hot || chosen) {
    x.beginPath();
    x.arc(p.x, p.y, size, 0, Math.PI * 2);
    x.setLineDash([2, 4]);
    x.strokeStyle = k.ink;
    x.lineWidth = 1.5;
    x.stroke();
    x.setLineDash([]);
  }
  if (one.copyOf !== null)
    glyphAt(
      x,
      k,
      one,
      hue,
      size,
      { x: p.x - path.ux * 5 - path.uy * 6, y: p.y - path.uy * 5 + path.ux * 6 },
      path.angle,
      0.45,
    );
  glyphAt(x, k, one, hue, size, p, path.angle, 1);
  if (!still) return;
  arrowhead(x, end, path, hue.fill);
  if (order)
    text(x, k, String(order), p.x, p.y - size * 0.8, {
      size: 13,
      weight: 700,
      align: "center",
      color: k.ink2,
      halo: k.sheet,
    });
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {MessageFrame} one
 * @param {import("./tokens.js").Ink} hue
 * @param {number} size
 * @param {{ x: number, y: number }} p
 * @param {number} angle
 * @param {number} opacity
 */
function glyphAt(x, k, one, hue, size, p, angle, opacity) {
  x.save();
  x.translate(p.x, p.y);
  x.rotate(angle);
  x.globalAlpha = opacity;
  message(x, k, one.tone, hue, size, { angle, reply: one.reply, count: carried(one), quiet: one.quiet });
  x.restore();
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {NonNullable<ReturnType<typeof way>>} path
 * @param {number} u
 * @param {string} color
 * @param {number} size
 * @param {boolean} whole
 */
function trail(x, k, path, u, color, size, whole) {
  const [p, end] = [path.at(u), path.at(1)];
  x.lineCap = "round";
  x.globalAlpha = whole ? 1 : k.dark ? 0.6 : 0.5;
  line(x, p.x, p.y, end.x, end.y, color, whole ? 1.5 : 1.25, whole ? undefined : [1.5, 5]);
  x.globalAlpha = 1;
  x.lineCap = "butt";
  if (!whole) tail(x, path, u, color, Math.max(64, path.length * u * 0.62), Math.max(2, size * 0.12), 0.55);
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {NonNullable<ReturnType<typeof way>>} path
 * @param {number} u
 * @param {string} color
 * @param {number} most
 * @param {number} width
 * @param {number} strength
 */
function tail(x, path, u, color, most, width, strength) {
  const length = Math.min(path.length * u, most);
  if (length < 2) return;
  const [p, q] = [path.at(u), path.at(u - length / path.length)];
  const fade = x.createLinearGradient(q.x, q.y, p.x, p.y);
  fade.addColorStop(0, alpha(color, 0));
  fade.addColorStop(1, alpha(color, strength));
  x.strokeStyle = fade;
  x.lineWidth = width;
  x.beginPath();
  x.moveTo(q.x, q.y);
  x.lineTo(p.x, p.y);
  x.stroke();
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {{ x: number, y: number }} tip
 * @param {NonNullable<ReturnType<typeof way>>} path
 * @param {string} color
 */
function arrowhead(x, tip, path, color) {
  x.beginPath();
  x.moveTo(tip.x, tip.y);
  x.lineTo(tip.x - path.ux * 10 - path.uy * 5, tip.y - path.uy * 10 + path.ux * 5);
  x.lineTo(tip.x - path.ux * 10 + path.uy * 5, tip.y - path.uy * 10 - path.ux * 5);
  x.closePath();
  x.fillStyle = color;
  x.fill();
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {{ x: number, y: number }} p
 * @param {number} size
 * @param {MessageFrame} one
 * @param {number} now
 */
function delayClock(x, k, p, size, one, now) {
  const left =
    one.fate === "held" ? 1 : Math.max(0, Math.min(1, (one.arrives - now) / Math.max(one.arrives - one.sent, 0.001)));
  x.beginPath();
  x.arc(p.x, p.y, size * 0.95, 0, Math.PI * 2);
  x.fillStyle = k.sheet;
  x.fill();
  x.strokeStyle = k.rule;
  x.lineWidth = 1.5;
  x.stroke();
  x.beginPath();
  x.arc(p.x, p.y, size * 0.95, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * left);
  x.strokeStyle = k.ink2;
  x.lineWidth = 2;
  x.stroke();
}

/**
 * Messages whose flight just ended: they dissolve where they landed, or leave a cross.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {Flight} gone
 */
export function drawGone(x, k, scene, gone) {
  // Of all that the time diagram still shows, few have just ended: asked first, as it is asked in every frame.
  const past = (scene.now - gone.ended) / scene.rate;
  if (past < 0 || past > (gone.lost ? LOST : AFTERGLOW) || (gone.lost && gone.quiet && scene.rate > 0.2)) return;
  const path = courseOf(scene, gone)?.path;
  if (!path) return;
  const hue =
    gone.tone === "client" || gone.epoch === 0
      ? { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink }
      : ink(k, gone.epoch);
  const one = /** @type {MessageFrame} */ (/** @type {unknown} */ (gone));
  if (gone.lost) drawLost(x, k, scene, one, path, hue, past);
  else if (!scene.settled) drawLanded(x, k, scene, one, path, hue);
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {MessageFrame} one
 * @param {NonNullable<ReturnType<typeof way>>} path
 * @param {import("./tokens.js").Ink} hue
 */
function drawLanded(x, k, scene, one, path, hue) {
  const ended = one.ended ?? scene.now;
  const since = age(scene, ended);
  // What flew too fast to be seen leaves the light of its path behind.
  const flight = (ended - one.sent) / scene.rate;
  if (flight < AFTERGLOW && since < AFTERGLOW && !one.quiet) {
    const [from, to] = [path.at(0), path.at(1)];
    line(x, from.x, from.y, to.x, to.y, alpha(hue.fill, 0.4 * (1 - since / AFTERGLOW)), 2);
  }
  if (since >= DISSOLVE || scene.reduced) return;
  const size = glyphSize(scene.layout) * (1 - (0.4 * since) / DISSOLVE);
  glyphAt(x, k, one, hue, size, path.at(1), path.angle, 1 - since / DISSOLVE);
}

/**
 * How far ahead of a lost message its cross is: nearer to where it came from, where words are.
 * @param {Scene} scene @param {NonNullable<ReturnType<typeof way>>} path @param {{ x: number, y: number }} p
 * @param {number} size
 */
export function aheadOf({ shown }, { ux, uy }, p, size) {
  let n = size * 0.7;
  while (n > -64 && shown.boxes.some((box) => touches(box, { x: p.x + ux * n, y: p.y + uy * n, r: size * 0.4 })))
    n -= 4;
  return n;
}

/**
 * It fades and is crossed out where it was lost; while time stands it stays so.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {MessageFrame} one
 * @param {NonNullable<ReturnType<typeof way>>} path
 * @param {import("./tokens.js").Ink} hue
 * @param {number} past
 */
function drawLost(x, k, scene, one, path, hue, past) {
  const known = scene.frame.messages.find((message) => message.id === one.id);
  const p = path.at(progress({ ...(known ?? one), ended: one.ended, fate: "lost" }, scene.now));
  const [fade, draw, hold, leave] = CROSS;
  const since = age(scene, one.ended ?? scene.now);
  const leaving = Math.max(0, past - fade - draw - hold) / leave;
  const size = (one.quiet ? 12 : 22) * Math.min(1, glyphSize(scene.layout) / 22);
  glyphAt(x, k, one, hue, size, p, path.angle, (1 - 0.62 * Math.min(1, since / fade)) * (1 - leaving));
  const drawn = scene.reduced ? 1 : Math.max(0, Math.min(1, (since - fade) / draw));
  x.globalAlpha = 1 - leaving;
  const n = aheadOf(scene, path, p, size);
  if (drawn > 0) cross(x, k, p.x + path.ux * n, p.y + path.uy * n, size * 0.36 * drawn);
  x.globalAlpha = 1;
}
