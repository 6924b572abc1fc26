// The stage under the hand: pointer, tear, tip, menu.

import { inject } from "./acts.js";
import { h, putAt, scaleOf } from "./dom.js";
import { crossing } from "./draw/tear.js";
import { alongTear, hit, messageAt } from "./hit.js";
import { placeOf } from "./layout.js";
import { openMenu } from "./menu.js";
import { changed, nodeAt } from "./state.js";
import { dotPlace } from "./swarm.js";
import { applyTool } from "./tools.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Layout } from "./layout.js"
 * @import { Point } from "./draw/tear.js"
 */

/** A stroke shorter than this is a click. */
const CLICK = 10;

/** @param {Lab} lab @param {HTMLCanvasElement} canvas @param {() => Layout} layout */
export function handleStage(lab, canvas, layout) {
  const tip = h("div", { class: "tip", hidden: true });
  lab.overlay.append(tip);
  /** @type {Point | null} */
  let start = null;
  const point = (/** @type {MouseEvent} */ event) => {
    const [box, scale] = [canvas.getBoundingClientRect(), scaleOf(canvas)];
    return /** @type {Point} */ ([(event.clientX - box.left) / scale, (event.clientY - box.top) / scale]);
  };
  const letGo = () => {
    start = null;
    if (lab.stroke) {
      lab.stroke = null;
      changed(lab);
    }
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = point(event);
    try {
      canvas.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is gone already draws nothing.
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = point(event);
    if (start && (event.pointerType !== "touch" || lab.tool === "cut")) {
      const stroke = lab.stroke ?? [start];
      const last = stroke[stroke.length - 1];
      if (Math.hypot(at[0] - last[0], at[1] - last[1]) > 5) {
        lab.stroke = [...stroke, at];
        tip.hidden = true;
        changed(lab);
      }
    } else if (event.pointerType === "mouse") hover(lab, layout(), canvas, tip, at);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [at, stroke] = [point(event), lab.stroke];
    const moved = Math.hypot(at[0] - start[0], at[1] - start[1]) > CLICK || (stroke?.length ?? 0) > 6;
    letGo();
    if (moved && stroke && stroke.length > 1) tear(lab, layout(), stroke);
    else click(lab, layout(), canvas, at, event.pointerType === "touch" ? 24 : 16);
  });
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("pointerleave", () => {
    tip.hidden = true;
    if (lab.hover) {
      lab.hover = null;
      changed(lab);
    }
  });
  canvas.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    const [x, y] = point(event);
    const target = hit(lab, layout(), x, y);
    if (target) openMenu(lab, target, event.clientX, event.clientY);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") letGo();
  });
}

/**
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} tip
 * @param {Point} at
 */
function hover(lab, layout, canvas, tip, at) {
  const target = lab.frame.nodes.length || !lab.playing ? hit(lab, layout, at[0], at[1]) : null;
  canvas.style.cursor = target ? "pointer" : lab.tool === "cut" ? "crosshair" : "default";
  if (JSON.stringify(target) !== JSON.stringify(lab.hover)) {
    lab.hover = target;
    changed(lab);
  }
  const found = target && "message" in target ? messageAt(lab, layout, target.message) : null;
  tip.hidden = !found;
  if (!found) return;
  const { one } = found;
  const { read, say, ms } = lab.words;
  const [box, scale] = [canvas.getBoundingClientRect(), scaleOf(canvas)];
  const details = one.fields
    .filter((field) => field.value !== null)
    .map((field) => `${read(field.label)} ${field.value}`)
    .join(" · ");
  const state =
    one.fate === "held"
      ? say("is-held")
      : say("arrives-in", { n: ms(Math.round((one.arrives - lab.sim.now) * 10) / 10) });
  tip.replaceChildren(
    h("b", {}, read(one.says)),
    h("span", {}, details),
    h("br"),
    h("span", {}, `#${one.id} · ${state}`),
  );
  putAt(tip, box.left + (found.x - 90) * scale, box.top + (found.y + 26) * scale);
}

/** @param {Lab} lab @param {Layout} layout @param {HTMLCanvasElement} canvas @param {Point} at @param {number} reach */
function click(lab, layout, canvas, at, reach) {
  const target = hit(lab, layout, at[0], at[1], reach);
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
  if ("node" in target && !lab.frame.nodes.length)
    return beside(dotPlace(lab.sim, lab.byMark, layout.W, layout.H, target.node));
  const place = "node" in target ? placeOf(layout, target.node) : messageAt(lab, layout, target.message);
  return beside(place ?? { x: 20, y: 28 });
}
