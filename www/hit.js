// A point on the stage to what lies under it.

import { drawnAt, visible } from "./aloft.js";
import { way } from "./layout/ways.js";
import { distance } from "./draw/jag.js";
import { tornPaths } from "./draw/tear.js";
import { dotAt } from "./swarm.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Layout } from "./layout.js"
 * @import { Cell } from "./pkg/synod.js"
 * @import { Target } from "./draw/stage.js"
 */

/**
 * What is under a point: a message, a node, a client, or a cell of what is written beside a node.
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @param {number} [reach]
 * @returns {Target | null}
 */
export function hit(lab, layout, x, y, reach = 16) {
  if (!lab.frame.nodes.length) {
    const dot = dotAt(lab.sim, lab.byMark, layout.W, layout.H, x, y);
    return dot === null ? null : { node: dot };
  }
  const message = nearestMessage(lab, layout, x, y);
  if (message && message.distance < reach) return { message: message.id };
  const node = layout.places.find((place) => Math.hypot(place.x - x, place.y - y) < Math.max(place.r + 12, 22));
  if (node) return { node: node.id };
  const client = layout.memory.text.shown.pills.find(
    (pill) => x >= pill.x && x <= pill.x + pill.w && y >= pill.y && y <= pill.y + pill.h,
  );
  return client ? { client: client.name } : cellAt(layout, x, y);
}

/** Where a client stands, if it does. @param {Layout} layout @param {string} name */
export function clientAt(layout, name) {
  const pill = layout.memory.text.shown.pills.find((one) => one.name === name);
  return pill ? { x: pill.x + pill.w / 2, y: pill.y + pill.h / 2, r: pill.h / 2 } : null;
}

/** A finger is wider than a cell. */
const CELL_REACH = 3;

/**
 * The cell under a point, by its index in the log of its node.
 * @param {Layout} layout @param {number} x @param {number} y @returns {Target | null}
 */
function cellAt(layout, x, y) {
  for (const box of layout.memory.text.shown.boxes) {
    if (box.kind !== "block") continue;
    for (const part of box.parts) {
      const [dx, dy] = [Math.abs(x - part.x - part.w / 2), Math.abs(y - part.y - part.h / 2)];
      if (part.what === "more" && dx <= part.w / 2 && dy <= part.h / 2) return { node: Number(box.id) };
      const cell = part.what === "cell" || part.what === "register" ? /** @type {Cell | null} */ (part.of) : null;
      if (cell && dx <= part.w / 2 + 1 && dy <= part.h / 2 + CELL_REACH)
        return { node: Number(box.id), cell: cell.index };
    }
  }
  return null;
}

/** @param {Lab} lab @param {Layout} layout @param {number} x @param {number} y */
function nearestMessage(lab, layout, x, y) {
  const { pills } = layout.memory.text.shown;
  let best = null;
  for (const one of visible(lab.frame.messages)) {
    const p = way(layout, pills, one.from, one.to)?.at(drawnAt(one, lab, lab.sim.now));
    if (!p) continue;
    const away = Math.hypot(p.x - x, p.y - y) + (one.quiet ? 6 : 0);
    if (!best || away < best.distance) best = { id: one.id, distance: away };
  }
  return best;
}

/** Where a message is on the stage now. @param {Lab} lab @param {Layout} layout @param {number} id */
export function messageAt(lab, layout, id) {
  const one = lab.frame.messages.find((message) => message.id === id);
  const path = one && way(layout, layout.memory.text.shown.pills, one.from, one.to);
  return one && path ? { one, ...path.at(drawnAt(one, lab, lab.sim.now)) } : null;
}

/**
 * Whether a stroke runs along a tear.
 * @param {Lab} lab
 * @param {Layout} layout
 * @param {import("./draw/jag.js").Point[]} stroke
 */
export function alongTear(lab, layout, stroke) {
  const paths = tornPaths({ frame: lab.frame, layout, seed: lab.tear });
  const points = stroke.filter((_, i) => i % 3 === 0);
  return paths.some((path) => points.reduce((sum, point) => sum + distance(point, path), 0) / points.length < 26);
}
