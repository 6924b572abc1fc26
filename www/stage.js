// The stage under the hand: pointer, tear, tip, menu.

import { inject } from "./acts.js";
import { h, putAt, scaleOf } from "./dom.js";
import { crossing } from "./draw/jag.js";
import { alongTear, clientAt, hit, messageAt } from "./hit.js";
import { openMenu } from "./menu.js";
import { placeOf } from "./layout/ways.js";
import { changed, nodeAt } from "./state.js";
import { tellOf } from "./tell.js";
import { dotPlace } from "./swarm.js";
import { applyTool } from "./tools.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Layout } from "./layout.js"
 * @import { Point } from "./draw/jag.js"
 * @import { Target } from "./draw/stage.js"
 */

/** A stroke shorter than this is a click. */
const CLICK = 10;

/**
 * What a pointer does on a stage. Gives what shows, beside a target, what can be said of it.
 * @param {Lab} lab @param {HTMLCanvasElement} canvas @param {() => Layout} layout
 */
export function handleStage(lab, canvas, layout) {
  const tip = h("div", { class: "tip", hidden: true });
  lab.overlay.append(tip);
  const tell = (/** @type {Target | null} */ target) => showTip(lab, layout(), canvas, tip, target);
  handleStroke(lab, canvas, layout, tell);
  canvas.addEventListener("pointerleave", () => {
    tell(null);
    if (!lab.hover) return;
    lab.hover = null;
    changed(lab);
  });
  canvas.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    const [x, y] = pointOf(canvas, event);
    const target = hit(lab, layout(), x, y);
    if (target) openMenu(lab, target, event.clientX, event.clientY);
  });
  return tell;
}

/** @param {HTMLCanvasElement} canvas @param {MouseEvent} event @returns {Point} */
function pointOf(canvas, event) {
  const [box, scale] = [canvas.getBoundingClientRect(), scaleOf(canvas)];
  return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
}

/**
 * A stroke cuts or mends, a press acts, a mouse that moves is told what is under it.
 * @param {Lab} lab
 * @param {HTMLCanvasElement} canvas
 * @param {() => Layout} layout
 * @param {(target: Target | null) => void} tell
 */
function handleStroke(lab, canvas, layout, tell) {
  /** @type {Point | null} */
  let start = null;
  const letGo = () => {
    start = null;
    if (!lab.stroke) return;
    lab.stroke = null;
    changed(lab);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = pointOf(canvas, event);
    try {
      canvas.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is gone already draws nothing.
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = pointOf(canvas, event);
    if (start && (event.pointerType !== "touch" || lab.tool === "cut")) {
      const stroke = lab.stroke ?? [start];
      const last = stroke[stroke.length - 1];
      if (Math.hypot(at[0] - last[0], at[1] - last[1]) <= 5) return;
      lab.stroke = [...stroke, at];
      tell(null);
      changed(lab);
    } else if (event.pointerType === "mouse") hover(lab, layout(), canvas, at, tell);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [at, stroke] = [pointOf(canvas, event), lab.stroke];
    const moved = Math.hypot(at[0] - start[0], at[1] - start[1]) > CLICK || (stroke?.length ?? 0) > 6;
    letGo();
    if (moved && stroke && stroke.length > 1) tear(lab, layout(), stroke);
    else click(lab, layout(), canvas, at, event.pointerType === "touch" ? 24 : 16, tell);
  });
  canvas.addEventListener("pointercancel", letGo);
}

/**
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {HTMLCanvasElement} canvas
 * @param {Point} at
 * @param {(target: Target | null) => void} tell
 */
function hover(lab, layout, canvas, at, tell) {
  const target = lab.frame.nodes.length || !lab.playing ? hit(lab, layout, at[0], at[1]) : null;
  canvas.style.cursor = target ? "pointer" : lab.tool === "cut" ? "crosshair" : "default";
  if (JSON.stringify(target) === JSON.stringify(lab.hover)) return;
  lab.hover = target;
  tell(target);
  changed(lab);
}

/**
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} tip
 * @param {Target | null} target
 */
function showTip(lab, layout, canvas, tip, target) {
  const told = target && tellOf(lab, layout, target);
  tip.hidden = !told;
  if (!told) return;
  const [box, scale] = [canvas.getBoundingClientRect(), scaleOf(canvas)];
  const lines = told.lines.map((line) => h("div", {}, line));
  tip.replaceChildren(h("b", {}, told.title), ...lines);
  putAt(tip, box.left + (told.x - 90) * scale, box.top + (told.y + 26) * scale);
}

/**
 * @param {Lab} lab @param {Layout} layout @param {HTMLCanvasElement} canvas @param {Point} at @param {number} reach
 * @param {(target: Target | null) => void} tell
 */
function click(lab, layout, canvas, at, reach, tell) {
  const target = hit(lab, layout, at[0], at[1], reach);
  tell(null);
  if (!target) {
    if (lab.focus) {
      lab.focus = null;
      changed(lab);
    }
    return;
  }
  lab.focus = target;
  changed(lab);
  if (lab.tool && applyTool(lab, lab.tool, target)) return;
  // A cell says what it holds; what can be done is done to its node.
  if ("node" in target && target.cell !== undefined) return tell(target);
  const [box, scale] = [canvas.getBoundingClientRect(), scaleOf(canvas)];
  openMenu(lab, target, box.left + at[0] * scale + 14, box.top + at[1] * scale + 10);
}

/**
 * A stroke cuts every link that it crosses; if that parts the nodes, it is a partition.
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {Point[]} stroke
 */
export function tear(lab, layout, stroke) {
  if (lab.frame.partition && alongTear(lab, layout, stroke)) {
    inject(lab, "heal");
    return;
  }
  const { places } = layout;
  const side = new Map(places.map((place) => [place.id, place.id]));
  const root = (/** @type {number} */ id) => /** @type {number} */ (side.get(id));
  const crossed = [];
  for (let i = 0; i < places.length; i++) {
    for (let j = i + 1; j < places.length; j++) {
      const [a, b] = [places[i], places[j]];
      if (crossing([a.x, a.y], [b.x, b.y], stroke) !== null) crossed.push([a.id, b.id]);
      else {
        const [from, to] = [root(b.id), root(a.id)];
        for (const [id, at] of side) if (at === from) side.set(id, to);
      }
    }
  }
  if (!crossed.length) return;
  const groups = group(
    places.map((place) => place.id),
    root,
  );
  const names = (/** @type {number[]} */ ids) => ids.map((id) => nameOf(lab, id)).join(" ");
  if (groups.length > 1) inject(lab, `partition ${groups.map(names).join(" | ")}`);
  else for (const [a, b] of crossed) inject(lab, `cut ${nameOf(lab, a)} <-> ${nameOf(lab, b)}`);
}

/** @param {number[]} ids @param {(id: number) => number} by */
function group(ids, by) {
  /** @type {Map<number, number[]>} */
  const groups = new Map();
  for (const id of ids) groups.set(by(id), [...(groups.get(by(id)) ?? []), id]);
  return [...groups.values()];
}

/** @param {Lab} lab @param {number} id */
export const nameOf = (lab, id) => nodeAt(lab, id)?.name ?? String(id);

/**
 * Where a target stands on the screen, for menus opened by key.
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {HTMLCanvasElement} canvas
 * @param {import("./draw/stage.js").Target} target
 */
export function onScreen(lab, layout, canvas, target) {
  const [box, scale] = [canvas.getBoundingClientRect(), scaleOf(canvas)];
  const beside = (/** @type {{ x: number, y: number }} */ place) => ({
    x: box.left + place.x * scale + 20,
    y: box.top + place.y * scale + 12,
  });
  if ("client" in target) return beside(clientAt(layout, target.client) ?? { x: 20, y: 28 });
  if ("node" in target && !lab.frame.nodes.length)
    return beside(dotPlace(lab.sim, lab.byMark, layout.W, layout.H, target.node));
  const place = "node" in target ? placeOf(layout, target.node) : messageAt(lab, layout, target.message);
  return beside(place ?? { x: 20, y: 28 });
}
