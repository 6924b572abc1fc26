// The stage: the cluster at this moment, drawn from a frame. Everything is a function of virtual
// time and rate, so that going back shows exactly what was seen.

import { pillEdge, pills, placeOf, visible } from "../layout.js";
import { ms, read, say } from "../words.js";
import { line, measure, node, rim, rings, round, text } from "./glyphs.js";
import { DISSOLVE, drawGone, drawMessage } from "./flights.js";
import { fieldLabel, isTarget, label, messageLabels } from "./labels.js";
import { crossing, drawTear, jagged, tears } from "./tear.js";
import { alpha, ink } from "./tokens.js";

/**
 * @import { Frame, NodeFrame, Protocol } from "../pkg/synod.js"
 * @import { Layout, Place } from "../layout.js"
 * @import { Tokens } from "./tokens.js"
 * @import { Flight, Span } from "../chronicle.js"
 * @import { Point } from "./tear.js"
 * @typedef {{ frame: Frame, protocol: Protocol, layout: Layout, now: number, rate: number, recent: Flight[], marks:
 *   Float64Array,
 * lanes: Span[][], reduced: boolean, settled: boolean, cutAt: number | null, focus: Target | null, hover: Target |
 * null, alarmed: number[], stroke: Point[] | null, sides: number[], lit: number[], seed: number, edges: Uint32Array
 * }} Scene
 * @typedef {{ node: number } | { message: number }} Target
 */

/** How long effects last, in ms of wall time. */
const GROW = 180;
const COMMIT = 400;
const TEAR = 360;
const CHANGE = 240;
const CRASH = 320;
export const LINGER = 1500;

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
  const torn = tornPaths(scene);
  torn.forEach((path, i) => drawTear(x, k, path, scene.seed + i, tornSoFar(scene), [9, 18]));
  mesh(x, k, scene, torn);
  const clients = pills(layout, scene.frame, LINGER * scene.rate);
  tethers(x, k, scene, clients);
  for (const one of scene.frame.nodes) drawNode(x, k, scene, one);
  if (scene.protocol.layout === "field") for (const one of scene.frame.nodes) fieldLabel(x, k, scene, one);
  for (const pill of clients) drawPill(x, k, scene, pill);
  verdicts(x, k, scene, torn, clients);
  if (scene.stroke) drawTear(x, k, jagged(scene.stroke, scene.seed, 5), scene.seed, 1, [4, 7]);
  x.restore();
}

/** How far the sheet has torn since the cut, 0 to 1: eased in and out. @param {Scene} scene */
function tornSoFar(scene) {
  if (scene.cutAt === null || scene.reduced) return 1;
  const part = Math.max(0.02, Math.min(1, (scene.now - scene.cutAt) / scene.rate / TEAR));
  return part < 0.5 ? 2 * part * part : 1 - 2 * (1 - part) * (1 - part);
}

/** @type {{ frame: Frame | null, key: string }} */
let framed = { frame: null, key: "" };

/** All that the still part is drawn from; while it is the same, the still part is. @param {Scene} scene */
export function stillKey(scene) {
  const { frame, layout } = scene;
  if (framed.frame !== frame) {
    const nodes = frame.nodes.map((one) => [
      one.role,
      one.status,
      one.epoch.value,
      one.says.en,
      one.authority,
      one.mark,
      one.clock.rate,
      one.strips[0]?.cells.slice(-12),
    ]);
    framed = { frame, key: JSON.stringify([nodes, frame.partition, frame.links]) };
  }
  const clients = pills(layout, frame, LINGER * scene.rate).map(({ client }) => [
    client.id,
    client.operation,
    client.from,
    clientWords(scene, client),
  ]);
  const hand = [scene.focus, scene.hover, scene.sides, scene.alarmed, scene.stroke?.length];
  const torn = frame.partition ? tornSoFar(scene) : 1;
  return framed.key + JSON.stringify([layout.W, layout.H, clients, hand, torn]);
}

/**
 * What moves: time-out rings, tallies, messages and the traces that they leave.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene
 */
export function drawLive(x, k, scene) {
  const { layout } = scene;
  x.clearRect(0, 0, layout.W, layout.H);
  const clients = pills(layout, scene.frame, LINGER * scene.rate);
  effectsBelow(x, k, scene);
  for (const one of scene.frame.nodes) drawChange(x, k, scene, one);
  let order = 0;
  for (const one of visible(scene.frame.messages)) drawMessage(x, k, scene, clients, one, one.quiet ? 0 : ++order);
  for (const gone of scene.recent) drawGone(x, k, scene, clients, gone);
  for (const one of scene.frame.nodes) drawRings(x, k, scene, one);
  if (scene.lit.length) messageLabels(x, k, scene, clients);
}

/** Which side of the partition a node is on. @param {Frame} frame */
export function sideOf(frame) {
  const groups = frame.partition ?? [];
  return (/** @type {number} */ id) => groups.findIndex((group) => group.includes(id));
}

/** @type {{ key: string, paths: Point[][] }} */
let tornBefore = { key: "", paths: [] };

/** @param {{ frame: Frame, layout: Layout, seed: number }} scene @returns {Point[][]} */
export function tornPaths(scene) {
  if (!scene.frame.partition) return [];
  const { W, H, places } = scene.layout;
  const key = `${W} ${H} ${places.length} ${scene.seed} ${JSON.stringify(scene.frame.partition)}`;
  if (tornBefore.key !== key) {
    const paths = tears(scene.layout, sideOf(scene.frame)).map((path, i) => jagged(path, scene.seed + i, 9));
    tornBefore = { key, paths };
  }
  return tornBefore.paths;
}

/**
 * Links, with end caps where they are cut.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {Point[][]} torn
 */
function mesh(x, k, scene, torn) {
  const side = sideOf(scene.frame);
  const cut = new Set(scene.frame.links.filter((link) => link.cut).map((link) => `${link.from} ${link.to}`));
  for (const [a, b] of linked(scene)) {
    const there = cut.has(`${a.id} ${b.id}`) || side(a.id) !== side(b.id);
    const back = cut.has(`${b.id} ${a.id}`) || side(a.id) !== side(b.id);
    if (there || back) cutLink(x, k, a, b, there, back, torn);
    else line(x, a.x, a.y, b.x, b.y, k.hair, 1);
  }
}

/**
 * Pairs that talk to one another: the protocol's own, or neighbouring groups, or everyone.
 * @param {Scene} scene
 * @returns {[Place, Place][]}
 */
function linked(scene) {
  const { places } = scene.layout;
  const { edges, frame } = scene;
  if (edges.length) {
    const at = new Map(places.map((place) => [place.id, place]));
    const pairs = [];
    for (let i = 0; i < edges.length; i += 2) {
      const [a, b] = [at.get(edges[i]), at.get(edges[i + 1])];
      if (a && b) pairs.push(/** @type {[Place, Place]} */ ([a, b]));
    }
    return pairs;
  }
  if (places.length > 24) return [];
  const groups = frame.nodes.map((one) => one.group);
  const apart = (/** @type {number} */ i, /** @type {number} */ j) =>
    groups[i] === null || Math.abs((groups[i] ?? 0) - (groups[j] ?? 0)) === 1;
  return places.flatMap((a, i) =>
    places
      .slice(i + 1)
      .filter((_, j) => apart(i, i + 1 + j))
      .map((b) => /** @type {[Place, Place]} */ ([a, b])),
  );
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Place} a
 * @param {Place} b
 * @param {boolean} there
 * @param {boolean} back
 * @param {Point[][]} torn
 */
function cutLink(x, k, a, b, there, back, torn) {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const at = torn.map((path) => crossing([a.x, a.y], [b.x, b.y], path)).find((t) => t !== null) ?? 0.5;
  for (const [s, from] of /** @type {[number, Place][]} */ ([
    [-1, a],
    [1, b],
  ])) {
    const [px, py] = [a.x + ux * (at * length + s * 15), a.y + uy * (at * length + s * 15)];
    line(x, from.x, from.y, px, py, k.hair, 1);
    line(x, px - uy * 4.5, py + ux * 4.5, px + uy * 4.5, py - ux * 4.5, k.ghost, 1.5);
  }
  // Where one direction survives, an arrowhead points along it.
  if (there !== back) {
    const s = there ? -1 : 1;
    const [px, py] = [a.x + ux * at * length, a.y + uy * at * length];
    x.beginPath();
    x.moveTo(px + s * ux * 7, py + s * uy * 7);
    x.lineTo(px - s * ux * 4 - uy * 5, py - s * uy * 4 + ux * 5);
    x.lineTo(px - s * ux * 4 + uy * 5, py - s * uy * 4 - ux * 5);
    x.closePath();
    x.fillStyle = k.ghost;
    x.fill();
  }
}

/**
 * What is written on a node: its own number if it has one, or its epoch.
 * @param {Scene} scene
 * @param {NodeFrame} one
 */
function numeralOf(scene, one) {
  if (scene.protocol.layout === "field") return one.mark === null ? "" : String(one.mark);
  return undefined;
}

/** @param {Scene} scene @param {NodeFrame} one @param {Tokens} k @returns {import("./glyphs.js").NodeGlyph | null} */
function glyphOf(scene, one, k) {
  const place = placeOf(scene.layout, one.id);
  if (!place) return null;
  const role = scene.protocol.roles.find((role) => role.id === one.role);
  const rate = one.clock.rate;
  return {
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
    left: one.timer
      ? Math.max(
          0,
          Math.min(1, (one.timer.until - clockNow(scene, one)) / Math.max(one.timer.until - one.timer.from, 0.001)),
        )
      : null,
    truth: null,
    tally: one.tally && {
      of: one.tally.of,
      need: one.tally.need,
      have: one.tally.have.length,
      refused: one.tally.refused.length,
    },
    grow: 1,
    skew: rate !== 0 ? `${rate > 0 ? "+" : "−"}${Math.abs(Math.round(rate * 1000) / 10)}%` : null,
    focus: isTarget(scene.focus, one.id) || isTarget(scene.hover, one.id) || scene.sides.includes(one.id),
    alarm: scene.alarmed.includes(one.id),
  };
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @param {NodeFrame} one */
function drawNode(x, k, scene, one) {
  const [place, glyph] = [placeOf(scene.layout, one.id), glyphOf(scene, one, k)];
  if (!place || !glyph) return;
  node(x, k, glyph);
  const role = scene.protocol.roles.find((role) => role.id === one.role);
  label(x, k, scene, one, place, role ? read(role.name) : one.role);
}

/**
 * How it stood before fades over how it stands: a new epoch, a new role, a crash.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 */
function drawChange(x, k, scene, one) {
  const lane = scene.lanes[one.id] ?? [];
  const at = lane.findLastIndex((span) => span.from <= scene.now);
  const [was, is] = [lane[at - 1], lane[at]];
  const glyph = was && is ? glyphOf(scene, one, k) : null;
  if (!glyph || scene.reduced || scene.settled) return;
  const age = (scene.now - is.from) / scene.rate / (is.status === 1 || was.status === 1 ? CRASH : CHANGE);
  if (age >= 1) return;
  const role = scene.protocol.roles[was.role];
  x.globalAlpha = 1 - age;
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
    skew: null,
    bare: true,
  });
  x.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Scene} scene @param {NodeFrame} one */
function drawRings(x, k, scene, one) {
  const glyph = glyphOf(scene, one, k);
  if (!glyph || one.status === "crashed") return;
  const landed =
    one.tally &&
    scene.recent.findLast(
      (flight) =>
        flight.to === one.id && !flight.lost && (flight.tone === "yes" || (flight.tone === "stored" && !flight.quiet)),
    );
  const since = landed ? (scene.now - landed.ended) / scene.rate - DISSOLVE : Infinity;
  const rate = one.clock.rate;
  glyph.truth = rate !== 0 && glyph.left !== null ? Math.min(1, glyph.left * (1 + rate)) : null;
  glyph.grow = scene.reduced || scene.settled ? 1 : Math.max(0.05, Math.min(1, since / GROW));
  rings(x, k, glyph);
}

/** A paused node's timers stand still. @param {Scene} scene @param {NodeFrame} one */
const clockNow = (scene, one) => (one.status === "paused" ? scene.frame.now : scene.now);

/**
 * One ring goes out from a node that settled something.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 */
function effectsBelow(x, k, scene) {
  if (scene.reduced) return;
  for (let at = scene.marks.length - 6; at >= 0; at -= 6) {
    const [time, , glyph, epoch, , id] = scene.marks.subarray(at, at + 6);
    if (time > scene.now) continue;
    const age = (scene.now - time) / scene.rate / COMMIT;
    if (age > 1) break;
    const place = placeOf(scene.layout, id);
    if (glyph !== 2 || !place) continue;
    x.beginPath();
    x.arc(place.x, place.y, place.r * (1.5 + 0.4 * age), 0, Math.PI * 2);
    x.strokeStyle = alpha(ink(k, epoch).fill, 0.35 * (1 - age));
    x.lineWidth = 3;
    x.stroke();
  }
}

/**
 * Dotted lines from clients to the nodes that they ask.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {ReturnType<typeof pills>} clients
 */
function tethers(x, k, scene, clients) {
  for (const pill of clients) {
    const place = placeOf(scene.layout, pill.client.from);
    if (!place) continue;
    const edge = pillEdge(pill, place);
    line(x, edge.x, edge.y, place.x, place.y, k.ghost, 1.25, [2, 4]);
  }
}

/** @param {Scene} scene @param {import("../pkg/synod.js").ClientFrame} client */
function clientWords(scene, client) {
  // Fast runs would count faster than anyone reads.
  const round = scene.rate > 0.2 ? 100 : 10;
  const waited = Math.floor(Math.max(0, scene.now - client.since) / round) * round;
  return {
    waiting: say("waiting-for", { n: ms(waited) }),
    ok: say("answered", { answer: client.answer ?? "" }),
    failed: say("failed"),
    unknown: say("unknown"),
  }[client.state];
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {ReturnType<typeof pills>[number]} pill
 */
function drawPill(x, k, scene, pill) {
  const { client } = pill;
  const state = clientWords(scene, client);
  round(x, pill.x, pill.y, pill.w, pill.h, 8);
  x.fillStyle = k.sheet;
  x.fill();
  x.strokeStyle = client.state === "failed" || client.state === "unknown" ? k.alarm : k.ink;
  x.lineWidth = 1.5;
  x.stroke();
  x.save();
  round(x, pill.x, pill.y, pill.w - 4, pill.h, 8);
  x.clip();
  const pad = pill.w < 120 ? 8 : 13;
  text(x, k, client.operation, pill.x + pad, pill.y + 19, { size: pill.w < 120 ? 12 : 13.5, font: k.mono });
  // What does not fit is written smaller before it is cut off.
  const style = { size: pill.w < 120 ? 11.5 : 13, color: k.ink3 };
  const fits = Math.min(1, (pill.w - pad - 6) / measure(x, k, state, style));
  text(x, k, state, pill.x + pad, pill.y + pill.h - 9, { ...style, size: style.size * Math.max(0.8, fits) });
  x.restore();
}

/**
 * What each side of a partition can do, at the emptiest spot near its nodes.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {Point[][]} torn
 * @param {ReturnType<typeof pills>} clients
 */
function verdicts(x, k, scene, torn, clients) {
  const { frame, layout, protocol } = scene;
  const { quorum } = frame;
  if (!quorum) return;
  const counts = (/** @type {NodeFrame} */ one) => quorum.group === null || one.group === quorum.group;
  for (const group of frame.partition ?? []) {
    const ids = group.filter((end) => typeof end === "number");
    if (!ids.length) continue;
    const up = frame.nodes.filter((one) => ids.includes(one.id) && one.status === "up" && counts(one)).length;
    const { need, of } = quorum;
    const words = say("side-can", { n: up, of });
    const verdict = read(up >= need ? protocol.quorum.can : protocol.quorum.cannot);
    const bold = { size: 14.5, weight: 700 };
    // Where there is no room for the verdict, the count stands alone.
    const short = 30 + measure(x, k, words, bold);
    const whole = emptySpot(layout, ids, torn, short + measure(x, k, verdict, { size: 14 }), clients);
    const spot = whole ?? emptySpot(layout, ids, torn, short, clients);
    if (!spot) continue;
    rim(x, k, {
      cx: spot.x + 11,
      cy: spot.y,
      r: 11,
      width: 4.5,
      of,
      need,
      have: up,
      refused: 0,
      hue: { fill: k.ink, on: k.sheet, tint: k.hair, text: k.ink },
      gap: 12,
    });
    text(x, k, words, spot.x + 30, spot.y + 5, { ...bold, halo: k.sheet });
    if (whole)
      text(x, k, verdict, spot.x + 36 + measure(x, k, words, bold), spot.y + 5, {
        size: 14,
        color: k.ink2,
        halo: k.sheet,
      });
  }
}

/** @type {Map<string, { x: number, y: number } | null>} */
const spots = new Map();

/**
 * @param {Layout} layout
 * @param {number[]} ids
 * @param {Point[][]} torn
 * @param {number} width
 * @param {ReturnType<typeof pills>} clients
 */
function emptySpot(layout, ids, torn, width, clients) {
  const key = `${layout.W} ${layout.H} ${layout.places.length} ${ids} ${Math.round(width / 10)} ${clients.map((pill) => [pill.x, pill.y])}`;
  if (!spots.has(key)) {
    if (spots.size > 64) spots.clear();
    spots.set(key, findSpot(layout, ids, torn, width, clients));
  }
  return spots.get(key);
}

/**
 * @param {Layout} layout
 * @param {number[]} ids
 * @param {Point[][]} torn
 * @param {number} width
 * @param {ReturnType<typeof pills>} clients
 */
function findSpot(layout, ids, torn, width, clients) {
  const { W, H, places } = layout;
  const taken = places.flatMap((place) => {
    // Names stand at the outer side, and on a phone above or below.
    const beside = layout.compact
      ? [[place.x, place.y + (place.y <= layout.cy + 1 ? -1 : 1) * (place.r * 1.5 + 13), 52, 12]]
      : [[place.x + place.side * (place.r * 1.5 + 60), place.y, 78, 38]];
    return [[place.x, place.y, place.r * 1.5, place.r * 1.5], ...beside];
  });
  for (const pill of clients) taken.push([pill.x + pill.w / 2, pill.y + pill.h / 2, pill.w / 2 + 6, pill.h / 2 + 4]);
  let best = null;
  let most = -9;
  for (let cx = width / 2 + 16; cx < W - width / 2 - 14; cx += 22) {
    for (let cy = 26; cy < H - 26; cy += 16) {
      const nearest = places.reduce((a, b) =>
        Math.hypot(a.x - cx, a.y - cy) < Math.hypot(b.x - cx, b.y - cy) ? a : b,
      );
      if (!ids.includes(nearest.id)) continue;
      let room = Infinity;
      for (const [px, py, w, h] of taken) {
        const [dx, dy] = [Math.abs(px - cx) - w - width / 2, Math.abs(py - cy) - h - 12];
        room = Math.min(room, dx > 0 || dy > 0 ? Math.max(dx, dy) : Math.max(dx, dy) - 40);
      }
      for (const path of torn)
        for (const [px, py] of path)
          if (Math.abs(px - cx) < width / 2 + 8) room = Math.min(room, Math.abs(py - cy) - 22);
      room = Math.min(room, 26) - Math.hypot(nearest.x - cx, nearest.y - cy) * 0.02;
      if (room > most) {
        most = room;
        best = { x: cx - width / 2, y: cy };
      }
    }
  }
  return best;
}
