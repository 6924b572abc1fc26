// The emblem of a protocol: a moment of a run that the build computed, drawn small and without text
// by the glyphs of the stage.

import { hatch, line, node, round } from "./draw/glyphs.js";
import { message } from "./draw/messages.js";
import { ink } from "./draw/tokens.js";

/**
 * @import { Tokens } from "./draw/tokens.js"
 * @typedef {{ id: number, shape: string, authority: string, epoch: number, status: string, group?: number,
 *   cells?: [number, string][] }} Node
 * @typedef {{ from: number, to: number, tone: string, reply: boolean, quiet: boolean, epoch: number, way: number
 *   }} Message
 * @typedef {{ layout: string, nodes: Node[], messages: Message[], edges: number[] }} Emblem
 * @typedef {{ x: number, y: number, r: number }} Spot
 */

/** All emblems are drawn in this field, however large they are shown. */
export const FIELD = { W: 84, H: 56 };
const MESSAGE = 9;
const CELL = { w: 9, h: 12, gap: 1.5 };

/**
 * Drawn larger, nodes tell their epochs.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Emblem} emblem @param {number} [zoom]
 */
export function drawEmblem(x, k, emblem, zoom = 1) {
  const spots = arrange(emblem);
  for (const spot of spots.values()) Object.assign(spot, { x: spot.x * zoom, y: spot.y * zoom, r: spot.r * zoom });
  for (const [a, b] of pairs(emblem)) {
    const [from, to] = [spots.get(a), spots.get(b)];
    if (from && to) line(x, from.x, from.y, to.x, to.y, k.rule, 1);
  }
  const small = emblem.layout === "field";
  // Steady traffic is too small to be seen at this size, and beside logs there is no room.
  const news = small || emblem.layout === "logs" ? [] : emblem.messages.filter((one) => !one.quiet);
  for (const one of emblem.nodes) {
    const spot = /** @type {Spot} */ (spots.get(one.id));
    if (small) dot(x, k, one, spot, zoom);
    else glyph(x, k, one, spot, zoom > 1);
    if (one.cells) cells(x, k, one.cells, spot, zoom);
  }
  for (const one of news) travelling(x, k, one, spots, zoom);
}

/** Where each node stands in the field. @param {Emblem} emblem @returns {Map<number, Spot>} */
function arrange({ layout, nodes, edges }) {
  const [cx, cy] = [FIELD.W / 2, FIELD.H / 2];
  if (layout === "field") return scattered(nodes, edges);
  if (layout === "logs")
    return new Map(
      nodes.map((one, i) => [one.id, { x: logsAt(nodes), y: (FIELD.H * (i + 0.5)) / nodes.length, r: 6.5 }]),
    );
  if (layout === "row") return abreast(nodes);
  if (nodes.some((one) => one.group !== undefined)) return inColumns(nodes);
  const n = nodes.length;
  const r = n > 5 ? 7 : n > 2 ? 7.5 : 10;
  // Two stand side by side; a ring begins at the top.
  const first = n === 2 ? -180 : -90;
  const [rx, ry] = n === 1 ? [0, 0] : [n === 2 ? 24 : 30, 19];
  return new Map(
    nodes.map((one, i) => {
      const angle = ((first + (i * 360) / n) * Math.PI) / 180;
      return [one.id, { x: cx + rx * Math.cos(angle), y: cy + (n === 5 ? 2 : 0) + ry * Math.sin(angle), r }];
    }),
  );
}

/** Short logs stand in the middle with their nodes. @param {Node[]} nodes */
const logsAt = (nodes) => {
  const longest = Math.max(1, ...nodes.map((one) => one.cells?.length ?? 0));
  return Math.max(13, (FIELD.W - 14 - longest * (CELL.w + CELL.gap)) / 2);
};

/** @param {Node[]} nodes @returns {Map<number, Spot>} */
function abreast(nodes) {
  const step = Math.min(27, (FIELD.W - 18) / Math.max(1, nodes.length - 1));
  const at = (/** @type {number} */ i) => FIELD.W / 2 + (i - (nodes.length - 1) / 2) * step;
  return new Map(nodes.map((one, i) => [one.id, { x: at(i), y: FIELD.H / 2, r: Math.min(9, step / 2.6) }]));
}

/** A column for each group. @param {Node[]} nodes @returns {Map<number, Spot>} */
function inColumns(nodes) {
  const groups = [...new Set(nodes.map((one) => one.group ?? 0))].sort((a, b) => a - b);
  const apart = groups.length > 1 ? 56 / (groups.length - 1) : 0;
  const tallest = Math.max(...groups.map((group) => nodes.filter((one) => one.group === group).length));
  const r = Math.min(groups.length > 2 ? 7.5 : 9, 24 / tallest);
  return new Map(
    nodes.map((one) => {
      const peers = nodes.filter((other) => other.group === one.group);
      const step = Math.min(19, (FIELD.H - 2) / peers.length);
      const y =
        FIELD.H / 2 + (peers.indexOf(one) - (peers.length - 1) / 2) * Math.max(step, peers.length === 2 ? 24 : 0);
      return [one.id, { x: 14 + apart * groups.indexOf(one.group ?? 0), y, r: peers.length === 1 ? r * 1.3 : r }];
    }),
  );
}

/**
 * Many, evenly spread as a sunflower's seeds are; who was told by whom stands near, so that a rumour is a region.
 * @param {Node[]} nodes
 * @param {number[]} edges
 * @returns {Map<number, Spot>}
 */
function scattered(nodes, edges) {
  const spots = nodes.map((_, i) => {
    const [angle, reach] = [i * 2.399963, Math.sqrt((i + 0.5) / nodes.length)];
    return { x: FIELD.W / 2 + Math.cos(angle) * reach * 38, y: FIELD.H / 2 + Math.sin(angle) * reach * 24, r: 3 };
  });
  spots.sort((a, b) => a.x - b.x || a.y - b.y);
  const order = nearby(nodes, edges);
  return new Map(order.map((id, i) => [id, spots[i]]));
}

/** Every node after one that it is linked to, those who know first. @param {Node[]} nodes @param {number[]} edges */
function nearby(nodes, edges) {
  const rank = new Map(nodes.map((one) => [one.id, one.epoch > 0 ? 0 : 1]));
  const found = new Set();
  const reach = (/** @type {number} */ id) => {
    if (found.has(id)) return;
    found.add(id);
    const peers = [];
    for (let i = 0; i < edges.length; i += 2) {
      if (edges[i] === id) peers.push(edges[i + 1]);
      if (edges[i + 1] === id) peers.push(edges[i]);
    }
    peers.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a - b);
    for (const peer of peers) if (rank.get(peer) === rank.get(id)) reach(peer);
  };
  const ids = nodes.map((one) => one.id).sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a - b);
  for (const id of ids) reach(id);
  return /** @type {number[]} */ ([...found]);
}

/** Who is linked with whom: the protocol's own edges, neighbouring groups, or everyone. @param {Emblem} emblem */
function pairs({ layout, nodes, edges }) {
  if (layout === "logs") return [];
  if (layout === "field") {
    // Only the links along which the news can have come are drawn at this size.
    const told = new Set(nodes.filter((one) => one.epoch > 0).map((one) => one.id));
    const links = [];
    for (let i = 0; i < edges.length; i += 2)
      if (told.has(edges[i]) && told.has(edges[i + 1])) links.push([edges[i], edges[i + 1]]);
    return links;
  }
  return nodes.flatMap((a, i) =>
    nodes
      .slice(i + 1)
      .filter((b) => a.group === undefined || Math.abs((a.group ?? 0) - (b.group ?? 0)) === 1)
      .map((b) => [a.id, b.id]),
  );
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Node} one @param {Spot} spot @param {boolean} told */
function glyph(x, k, one, spot, told) {
  node(x, k, {
    cx: spot.x,
    cy: spot.y,
    r: spot.r,
    shape: one.shape ?? "circle",
    authority: one.authority,
    crest: told,
    epoch: one.epoch,
    ...(told ? {} : { numeral: "" }),
    hue: ink(k, one.epoch),
    status: one.status,
    left: null,
    truth: null,
    tally: null,
    grow: 1,
    focus: false,
    alarm: false,
    bare: !told,
  });
}

/**
 * One of many.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Node} one @param {Spot} spot @param {number} zoom
 */
function dot(x, k, one, spot, zoom) {
  x.beginPath();
  x.arc(spot.x, spot.y, (one.epoch > 0 ? 3.2 : 2.6) * Math.min(zoom, 1.5), 0, Math.PI * 2);
  x.fillStyle = one.epoch > 0 ? ink(k, one.epoch).fill : k.sheet;
  x.fill();
  if (one.epoch > 0) return;
  x.strokeStyle = k.ghost;
  x.lineWidth = 1.2;
  x.stroke();
}

/** The last cells of a log, beside its node. @param {CanvasRenderingContext2D} x @param {Tokens} k
 * @param {[number, string][]} log @param {Spot} spot @param {number} zoom */
function cells(x, k, log, spot, zoom) {
  const [w, h, gap] = [CELL.w * zoom, CELL.h * zoom, CELL.gap * zoom];
  log.forEach(([epoch, state], i) => {
    const hue = ink(k, epoch);
    const [left, top] = [spot.x + 14 * zoom + i * (w + gap), spot.y - h / 2];
    const path = () => round(x, left, top, w, h, 1.5);
    path();
    x.fillStyle = state === "pending" ? k.sheet : hue.fill;
    x.fill();
    if (state !== "pending") return;
    hatch(x, path, [left, top, w, h], hue.tint, 4, 1.8);
    round(x, left + 0.6, top + 0.6, w - 1.2, h - 1.2, 1.5);
    x.strokeStyle = hue.fill;
    x.lineWidth = 1.2;
    x.stroke();
  });
}

/**
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Message} one @param {Map<number, Spot>} spots @param
 *   {number} zoom
 */
function travelling(x, k, one, spots, zoom) {
  const [a, b] = [spots.get(one.from), spots.get(one.to)];
  if (!a || !b) return;
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const room = length - a.r - b.r - 8;
  // Between nodes that stand close together there is no room for it.
  if (room < 20) return;
  const along = (a.r + 4 + room * one.way) / length;
  x.save();
  x.translate(a.x + (b.x - a.x) * along, a.y + (b.y - a.y) * along);
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  x.rotate(angle);
  message(x, k, one.tone, ink(k, one.epoch), MESSAGE * Math.min(zoom, 1.6), {
    angle,
    reply: one.reply,
    quiet: one.quiet,
  });
  x.restore();
}
