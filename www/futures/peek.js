// A look at another future: its stage at a moment, small, with a sentence. It is worked out when it is asked for, and
// nothing of it is kept.

import { h, putAt, setText } from "../dom.js";
import { line, measure, node, text } from "../draw/glyphs.js";
import { makeMemory } from "../draw/memory.js";
import { linked } from "../draw/mesh.js";
import { glyphOf, sideOf } from "../draw/scene.js";
import { readTokens } from "../draw/tokens.js";
import { arrange } from "../layout.js";
import { moreOf } from "../more.js";
import { fit } from "../shell.js";
import { drawSwarm } from "../swarm.js";
import { sceneOf } from "../view.js";

/**
 * @import { Frame, Simulation } from "../pkg/synod.js"
 * @import { Layout } from "../layout.js"
 * @import { Scene } from "../draw/scene.js"
 * @import { Tokens } from "../draw/tokens.js"
 * @import { Lab } from "../state.js"
 * @typedef {{ frame: Frame, edges: Uint32Array, sim: Simulation, said: string }} There
 * @typedef {{ title: string, how: string, x: number, y: number }} Told what is written under it, and the point of the
 *   screen that it is about
 */

/** The room in which nodes are arranged before they are drawn small, and what names take beside them. */
const [WIDE, HIGH] = [640, 400];
const [BESIDE, ABOVE] = [42, 17];
/** More nodes have no names, and no links. */
const NAMED = 12;

/** @param {Lab} lab @param {There} there @param {number} W @param {number} H @returns {Layout} */
function small({ protocol }, { frame, edges }, W, H) {
  const wish = { wish: protocol.layout, nodes: frame.nodes, edges, memory: makeMemory(), scale: 1 };
  const layout = arrange(WIDE, HIGH, { ...wish, grounds: moreOf(frame).places });
  const [xs, ys] = [layout.places.map((one) => one.x), layout.places.map((one) => one.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const [toX, toY] = [wide ? (W - 2 * BESIDE) / wide : 0, high ? (H - 2 * ABOVE) / high : 0];
  const places = layout.places.map((one) => ({
    ...one,
    x: wide ? BESIDE + (one.x - left) * toX : W / 2,
    y: high ? ABOVE + (one.y - top) * toY : H / 2,
  }));
  const apart = places.flatMap((a, i) => places.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
  // About each there is a gap in what lies under it.
  const r = Math.max(2, Math.min(12.5, Math.min(...apart) / 2 - 4.5));
  return { ...layout, W, H, compact: false, places: places.map((one) => ({ ...one, r })) };
}

/**
 * Nodes, names, and the links that are whole.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Lab} lab @param {There} there @param {Layout} layout
 */
function drawSmall(x, k, lab, { frame, edges }, layout) {
  const few = frame.nodes.length <= NAMED;
  const side = sideOf(frame);
  const cut = new Set(frame.links.filter((one) => one.cut).map((one) => `${one.from} ${one.to}`));
  for (const [a, b] of few ? linked({ layout, edges, frame }) : [])
    if (side(a.id) === side(b.id) && !cut.has(`${a.id} ${b.id}`)) line(x, a.x, a.y, b.x, b.y, k.hair);
  const still = { now: frame.now, playing: false, settled: true, wonSince: null };
  const none = { focus: null, hover: null, sides: [], alarmed: [] };
  /** @type {Scene} */
  const scene = { ...sceneOf({ ...lab, frame }, layout, 0), ...still, ...none };
  for (const one of frame.nodes) {
    const glyph = glyphOf(scene, one, k);
    if (!glyph) continue;
    node(x, k, { ...glyph, tally: null, left: null });
    if (!few) continue;
    nameAt(x, k, one.name, glyph, layout);
  }
}

/**
 * Beside a node, or under it where another one stands.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {string} name @param {{ cx: number, cy: number, r:
 *   number }} at @param {Layout} layout
 */
function nameAt(x, k, name, { cx, cy, r }, { places }) {
  const side = places.find((one) => one.x === cx && one.y === cy)?.side ?? 1;
  const style = { size: 12.5, weight: 700, color: k.ink2 };
  const px = cx + (r + 7) * side;
  const end = px + side * (measure(x, k, name, style) + r + 2);
  const [left, right] = [Math.min(cx, end), Math.max(cx, end)];
  const full = places.some((one) => one.x !== cx && Math.abs(one.y - cy) < r + 8 && one.x > left && one.x < right);
  if (full) text(x, k, name, cx, cy + r + 14, { ...style, align: "center" });
  else text(x, k, name, px, cy + 4, { ...style, align: side < 0 ? "right" : "left" });
}

/** @param {Lab} lab @param {() => void} pick what a press on it does */
export function makePeek(lab, pick) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const [title, said, how] = [h("b"), h("span"), h("small")];
  const element = h("div", { class: "peek", hidden: true, onclick: pick }, canvas, title, said, how);
  lab.overlay.append(element);
  const paint = (/** @type {There} */ there) => {
    const [{ x, W, H }, k] = [fit(canvas), readTokens()];
    x.clearRect(0, 0, W, H);
    if (there.frame.nodes.length) return drawSmall(x, k, lab, there, small(lab, there, W, H));
    const { protocol, words } = lab;
    const dots = { byMark: false, epoch: 1, newest: 0, protocol, words };
    const legend = H - drawSwarm(x, k, there.sim, dots, { W, H });
    // The legend is beyond the edge: the stage has one.
    drawSwarm(x, k, there.sim, dots, { W, H: H + legend });
  };
  return {
    element,
    /** @param {There} there @param {Told} told */
    show: (there, told) => {
      element.hidden = false;
      setText(title, told.title);
      setText(said, there.said);
      setText(how, told.how);
      const { offsetWidth: wide, offsetHeight: high } = element;
      const above = told.y + 12 + high > innerHeight - 8;
      element.classList.toggle("above", above);
      const left = Math.max(8, Math.min(told.x - wide / 2, innerWidth - wide - 8));
      element.style.setProperty("--tail", `${Math.max(14, Math.min(wide - 14, told.x - left))}px`);
      putAt(element, left, above ? told.y - 12 - high : told.y + 12);
      paint(there);
    },
    hide: () => {
      element.hidden = true;
    },
  };
}
