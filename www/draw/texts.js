// What is written on a stage, drawn where it was placed.

import { inside } from "../arrange/rects.js";
import { PILL, clientErrand, clientWords } from "../forms.js";
import { pillEdge, placeOf } from "../layout/ways.js";
import { isPlain } from "../more.js";
import { hatch, line, measure, node, rim, round, skewBadge, text } from "./glyphs.js";
import { ink } from "./tokens.js";

/**
 * @import { Cell, ClientFrame } from "../pkg/synod.js"
 * @import { Box, Part, Pill } from "../arrange.js"
 * @import { Scene } from "./scene.js"
 * @import { Tokens } from "./tokens.js"
 * @typedef {CanvasRenderingContext2D} Ctx
 */

/** @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Box[]} boxes */
export function drawBoxes(x, k, scene, boxes) {
  for (const box of boxes) {
    const down = scene.frame.nodes.find((one) => one.id === box.id)?.status === "crashed";
    for (const part of box.parts) drawPart(x, k, scene, part, down);
    if (box.kind === "block") commitBar(x, k, box, down);
  }
}

/** @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Part} part @param {boolean} down */
function drawPart(x, k, scene, part, down) {
  if (part.what === "text")
    text(x, k, part.text ?? "", part.x, part.y, {
      size: part.size,
      weight: part.weight,
      color: k[part.color ?? "ink"],
      font: part.mono ? k.mono : k.ui,
      halo: k.sheet,
    });
  else if (part.what === "cell") drawCell(x, k, scene, part, down);
  else if (part.what === "badge") skewBadge(x, k, part, part.text ?? "", scene.layout.scale);
  else if (part.what === "register") drawRegister(x, k, part, /** @type {Cell | null} */ (part.of));
  else if (part.what === "more") scene.extra?.drawPart(x, k, scene, part);
  else if (part.what === "rim") {
    const tally = /** @type {{ have: number, need: number, of: number }} */ (part.of);
    rim(x, k, {
      ...{ cx: part.x + part.w / 2, cy: part.y + part.h / 2, r: part.w * 0.45, width: part.w * 0.19, refused: 0 },
      ...{ ...tally, hue: { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink }, gap: 12 },
    });
  } else drawSwatch(x, k, scene, part);
}

/** How nodes of a role look. @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Part} part */
function drawSwatch(x, k, scene, part) {
  const role = scene.protocol.roles[part.index ?? 0];
  const epoch = role === scene.protocol.roles[0] ? 0 : Math.max(1, ...scene.frame.nodes.map((one) => one.epoch.value));
  node(x, k, {
    ...{ cx: part.x + part.w / 2, cy: part.y + part.h / 2, r: part.w / 2 - 1.5, bare: true },
    ...{ shape: role.shape, authority: role.authority, crest: false, epoch, hue: ink(k, epoch), status: "up" },
    ...{ left: null, truth: null, tally: null, grow: 1, focus: false, alarm: false },
  });
}

/**
 * A cell of a log: solid is settled, hatched is not yet.
 * @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Part} part @param {boolean} down
 */
function drawCell(x, k, { extra }, part, down) {
  const cell = /** @type {Cell} */ (part.of);
  const hue = ink(k, cell.epoch);
  const s = part.size ?? 1;
  const { x: left, y: top, w, h } = part;
  const done = cell.state !== "pending";
  const path = () => round(x, left, top, w, h, 3);
  x.globalAlpha = down ? 0.8 : 1;
  if (extra && !isPlain(cell)) {
    extra.cell(x, k, [left, top, w, h], cell, s);
    return numbered(x, k, part, cell);
  }
  path();
  x.fillStyle = done ? hue.fill : k.sheet;
  x.fill();
  if (!done) {
    hatch(x, path, [left, top, w, h], hue.tint, 5, 2.4);
    round(x, left + 0.75, top + 0.75, w - 1.5, h - 1.5, 2.5);
    x.strokeStyle = hue.fill;
    x.lineWidth = 1.5;
    x.stroke();
  }
  const [epoch, size, color] = [String(cell.epoch), 12.5 * s, done ? hue.on : k.ink];
  const style = { size, weight: done ? 700 : 600, color };
  const base = top + h / 2 + size * 0.36;
  if (part.text) {
    text(x, k, epoch, left + 5 * s, base, style);
    const wide = measure(x, k, epoch, { size, weight: 700 });
    text(x, k, part.text, left + 10 * s + wide, base - 0.3 * s, { size: 11.5 * s, font: k.mono, color });
  } else text(x, k, epoch, left + w / 2, base, { ...style, align: "center" });
  numbered(x, k, part, cell);
}

/**
 * The place of a cell in its log, over it, where there is room for that.
 * @param {Ctx} x @param {Tokens} k @param {Part} part @param {Cell} cell
 */
function numbered(x, k, { x: left, y: top, w, kind, size: s = 1 }, cell) {
  const index = { size: (cell.index > 999 ? 8.5 : 11) * s, color: k.ink3 };
  if (kind !== "bare") text(x, k, String(cell.index), left + w / 2, top - 3.5 * s, { ...index, align: "center" });
  x.globalAlpha = 1;
}

/** What a node knows to be settled. */
const SETTLED = new Set(["committed", "applied", "snapshot", "configuration"]);

/**
 * The bar ends where this node knows that its log is settled without a gap.
 * @param {Ctx} x @param {Tokens} k @param {Box} box @param {boolean} down
 */
function commitBar(x, k, box, down) {
  const cells = box.parts.filter((part) => part.what === "cell");
  const open = cells.findIndex((part) => !SETTLED.has(/** @type {Cell} */ (part.of).state));
  const last = open < 0 ? cells.at(-1) : cells[open - 1];
  if (!last || down) return;
  const [end, y] = [last.x + last.w, last.y + last.h + 3.5];
  line(x, cells[0].x, y, end, y, k.ink, 2);
  line(x, end - 1, y - 2.5, end - 1, y + 4, k.ink, 2);
}

/** @param {Ctx} x @param {Tokens} k @param {Part} part @param {Cell | null} cell */
function drawRegister(x, k, part, cell) {
  const { x: left, y: top, w, h } = part;
  const [s, chip] = [part.size ?? 1, part.index ?? 0];
  round(x, left, top, w, h, 4);
  x.fillStyle = k.sheet;
  x.fill();
  if (!cell) {
    x.setLineDash([3, 3]);
    x.strokeStyle = k.ghost;
    x.lineWidth = 1.25;
    x.stroke();
    x.setLineDash([]);
    text(x, k, part.text ?? "", left + 9 * s, top + 18 * s, { size: 13 * s, color: k.ink3 });
    return;
  }
  const hue = ink(k, cell.epoch);
  x.strokeStyle = hue.fill;
  x.lineWidth = 2;
  x.stroke();
  x.save();
  round(x, left, top, w, h, 4);
  x.clip();
  x.fillStyle = hue.fill;
  x.fillRect(left, top, chip, h);
  x.restore();
  const epoch = { size: 14 * s, weight: 700, align: /** @type {CanvasTextAlign} */ ("center"), color: hue.on };
  text(x, k, String(cell.epoch), left + chip / 2, top + 18.5 * s, epoch);
  text(x, k, part.text ?? "", left + chip + 8 * s, top + 18 * s, { size: 13.5 * s, font: k.mono });
}

/**
 * Dotted lines from clients to the nodes that they ask, which leave out what is written on their way.
 * @param {Ctx} x
 * @param {Tokens} k
 * @param {Scene} scene
 */
export function tethers(x, k, scene) {
  const { boxes, pills } = scene.shown;
  for (const pill of pills) {
    const client = scene.frame.clients.find((one) => one.name === pill.name);
    const place = client && placeOf(scene.layout, client.from);
    if (!place) continue;
    const edge = pillEdge(pill, place);
    const gaps = [...boxes, ...pills.filter((one) => one !== pill)]
      .flatMap((box) => {
        const gap = inside(edge, place, { x: box.x - 2, y: box.y - 2, w: box.w + 4, h: box.h + 4 });
        return gap ? [gap] : [];
      })
      .sort((a, b) => a[0] - b[0]);
    let from = 0;
    for (const [a, b] of [...gaps, [1, 1]]) {
      const at = (/** @type {number} */ u) => [edge.x + (place.x - edge.x) * u, edge.y + (place.y - edge.y) * u];
      const [[x1, y1], [x2, y2]] = [at(from), at(a)];
      if (a > from) line(x, x1, y1, x2, y2, k.ghost, 1.25, [2, 4]);
      from = Math.max(from, b);
    }
  }
}

/** @param {Ctx} x @param {Tokens} k @param {Scene} scene @param {Pill} pill */
export function drawPill(x, k, scene, pill) {
  const client = /** @type {ClientFrame} */ (scene.frame.clients.find((one) => one.name === pill.name));
  const s = scene.layout.scale;
  const compact = scene.layout.compact || pill.small;
  round(x, pill.x, pill.y, pill.w, pill.h, 8);
  x.fillStyle = k.sheet;
  x.fill();
  x.strokeStyle = client.state === "failed" || client.state === "unknown" ? k.alarm : k.ink;
  x.lineWidth = 1.5;
  x.stroke();
  const left = pill.x + PILL.pad * s;
  const face = compact ? PILL.small : PILL.operation;
  const operation = clientErrand(scene, client);
  const base = pill.small ? pill.h / 2 + 4.5 * s : pill.h * 0.41;
  text(x, k, operation, left, pill.y + base, { size: face * s, font: k.mono });
  if (pill.small) return;
  text(x, k, clientWords(scene, client), left, pill.y + pill.h - 9 * s, { size: (face - 0.5) * s, color: k.ink3 });
}
