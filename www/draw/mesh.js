// Links between nodes, whole and cut.

import { line } from "./glyphs.js";
import { crossing } from "./jag.js";
import { sideOf } from "./scene.js";

/**
 * @import { Frame } from "../pkg/synod.js"
 * @import { Layout, Place } from "../layout.js"
 * @import { Scene } from "./scene.js"
 * @import { Point } from "./jag.js"
 * @import { Tokens } from "./tokens.js"
 */

/** More nodes than these have links of their own, or none that are drawn. */
const MOST_LINKED = 24;

/**
 * Links, with end caps where they are cut.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {Point[][]} torn
 */
export function mesh(x, k, scene, torn) {
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
 * @param {{ layout: Layout, edges: Uint32Array, frame: Frame }} scene
 * @returns {[Place, Place][]}
 */
export function linked({ layout, edges, frame }) {
  const { places } = layout;
  if (edges.length) {
    const at = new Map(places.map((place) => [place.id, place]));
    const pairs = [];
    for (let i = 0; i < edges.length; i += 2) {
      const [a, b] = [at.get(edges[i]), at.get(edges[i + 1])];
      if (a && b) pairs.push(/** @type {[Place, Place]} */ ([a, b]));
    }
    return pairs;
  }
  if (places.length > MOST_LINKED) return [];
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
  if (there === back) return;
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
