// What is written beside a node: its name, its role, one fact, and what it holds.

import { placeOf, progress, visible, way, CELL } from "../layout.js";
import { language, read, say } from "../words.js";
import { measure, round, strip, text } from "./glyphs.js";
import { ink } from "./tokens.js";

/**
 * @import { Cell, NodeFrame } from "../pkg/synod.js"
 * @import { Place } from "../layout.js"
 * @import { Scene, Target } from "./stage.js"
 * @import { Tokens } from "./tokens.js"
 */

/** @param {Target | null} target @param {number} id */
export const isTarget = (target, id) => target !== null && "node" in target && target.node === id;

/**
 * Letter, role, one fact and the strip, on the node's outer side.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 * @param {Place} place
 * @param {string} role
 */
export function label(x, k, scene, one, place, role) {
  const status = one.status === "up" ? role : say(one.status);
  const fact = one.status === "crashed" ? "" : read(one.says);
  if (scene.protocol.layout === "field") return;
  if (scene.layout.compact || place.r < 20) return shortLabel(x, k, scene, one, place, fact || status);
  if (one.group !== null && !one.strips.length) return middleLabel(x, k, scene, one, place, status, fact);
  const align = place.side > 0 ? "left" : "right";
  const register = one.strips.find((strip) => strip.id === "register");
  if (register) return registerLabel(x, k, scene, one, place, status, register.cells[0]);
  const cells = one.strips[0]?.cells.slice(-place.cells) ?? [];
  const left = place.x + place.side * (place.r * 1.5 + Math.max(2, (place.r - 36) * 0.6));
  const top = place.y - (cells.length ? 20 : 4) - (fact ? 8 : 0);
  const name = { size: 18, weight: 700, align: /** @type {CanvasTextAlign} */ (align), halo: k.sheet };
  text(x, k, one.name, left, top, name);
  const width = measure(x, k, one.name, name) + 7;
  text(x, k, status, left + place.side * width, top, { size: 14.5, align, color: k.ink2, halo: k.sheet });
  if (fact) text(x, k, fact, left, top + 18, { size: 13, align, color: k.ink3, halo: k.sheet });
  if (!cells.length) return;
  const y = top + (fact ? 40 : 23);
  const start = place.side > 0 ? left : left - cells.length * CELL + 2;
  const down = one.status === "crashed";
  strip(x, k, start, y, cells, {
    w: CELL - 2,
    h: 22,
    bar: !down,
    faded: down,
    inks: k.inks,
    ink: (epoch) => ink(k, epoch),
  });
}

/**
 * Beside a machine that holds one value: its name, and the value with its epoch, or an empty box.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 * @param {Place} place
 * @param {string} status
 * @param {Cell | undefined} cell
 */
function registerLabel(x, k, scene, one, place, status, cell) {
  const [w, h] = [Math.min(118, scene.layout.W * 0.17), 27];
  const left = place.side > 0 ? place.x + place.r * 1.5 + 4 : place.x - place.r * 1.5 - 4 - w;
  const top = place.y - 12;
  text(x, k, one.name, left, top, { size: 18, weight: 700, halo: k.sheet });
  const fact = one.status === "up" && one.says ? read(one.says) : "";
  text(x, k, fact || status, left + measure(x, k, one.name, { size: 18, weight: 700 }) + 7, top, {
    size: 14,
    color: k.ink2,
    halo: k.sheet,
  });
  round(x, left, top + 8, w, h, 4);
  x.fillStyle = k.sheet;
  x.fill();
  if (!cell) {
    x.setLineDash([3, 3]);
    x.strokeStyle = k.ghost;
    x.lineWidth = 1.25;
    x.stroke();
    x.setLineDash([]);
    text(x, k, say("nothing-held"), left + 9, top + 26, { size: 13, color: k.ink3 });
    return;
  }
  const hue = ink(k, cell.epoch);
  x.strokeStyle = hue.fill;
  x.lineWidth = 2;
  x.stroke();
  const chip = Math.max(25, 11 + 8 * String(cell.epoch).length);
  x.save();
  round(x, left, top + 8, w, h, 4);
  x.clip();
  x.fillStyle = hue.fill;
  x.fillRect(left, top + 8, chip, h);
  text(x, k, String(cell.epoch), left + chip / 2, top + 26.5, {
    size: 14,
    weight: 700,
    align: "center",
    color: hue.on,
  });
  text(x, k, cell.text, left + chip + 8, top + 26, { size: 13.5, font: k.mono });
  x.restore();
}

/**
 * In a column without room beside it: above a machine of the upper half, below one of the lower.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 * @param {Place} place
 * @param {string} status
 * @param {string} fact
 */
function middleLabel(x, k, scene, one, place, status, fact) {
  const name = { size: 18, weight: 700 };
  const above = place.y - place.r * 1.5 > (fact ? 40 : 22) && place.y <= scene.layout.cy + 1;
  const y = above
    ? place.y - place.r * 1.5 - (fact ? 24 : 6)
    : Math.min(place.y + place.r * 1.5 + 19, scene.layout.H - (fact ? 35 : 18));
  const [a, b] = [measure(x, k, one.name, name) + 7, measure(x, k, status, { size: 14.5 })];
  const wide = Math.max(a + b, fact ? measure(x, k, fact, { size: 13 }) : 0);
  const middle = Math.max(wide / 2 + 12, Math.min(scene.layout.W - wide / 2 - 12, place.x));
  text(x, k, one.name, middle - (a + b) / 2, y, { ...name, halo: k.sheet });
  text(x, k, status, middle - (a + b) / 2 + a, y, { size: 14.5, color: k.ink2, halo: k.sheet });
  if (fact) text(x, k, fact, middle, y + 17, { size: 13, align: "center", color: k.ink3, halo: k.sheet });
}

/**
 * In a field only the first who knew, and whoever is looked at, has a name.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 */
export function fieldLabel(x, k, scene, one) {
  const place = placeOf(scene.layout, one.id);
  if (!place) return;
  const looked = isTarget(scene.focus, one.id) || isTarget(scene.hover, one.id);
  const fact = one.mark === 0 ? read(one.says) : "";
  const words = [looked || scene.layout.places.length <= 30 ? one.name : "", fact].filter(Boolean).join(" ");
  const half = measure(x, k, words, { size: 12.5, weight: 700 }) / 2 + 12;
  const middle = Math.max(half, Math.min(scene.layout.W - half, place.x));
  if (words)
    text(x, k, words, middle, place.y + place.r + 15, { size: 12.5, weight: 700, align: "center", halo: k.sheet });
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {NodeFrame} one
 * @param {Place} place
 * @param {string} words
 */
function shortLabel(x, k, scene, one, place, words) {
  const below = place.y > scene.layout.cy + 4;
  const y = place.y + (below ? place.r * 1.42 + 19 : -place.r * 1.42 - 9);
  const small = place.r < 20;
  const name = { size: small ? 12 : 16, weight: 700 };
  const rest = { size: small ? 0 : 13.5, color: k.ink2 };
  const [nameWidth, restWidth] = [measure(x, k, one.name, name), small ? 0 : measure(x, k, words, rest) + 6];
  const start = Math.max(
    10,
    Math.min(scene.layout.W - nameWidth - restWidth - 10, place.x - (nameWidth + restWidth) / 2),
  );
  text(x, k, one.name, start, y, { ...name, halo: k.sheet });
  if (!small) text(x, k, words, start + nameWidth + 6, y, { ...rest, halo: k.sheet });
}

/**
 * A message that is told about says what it is, where it has room: the first of its kind, in the middle of its way.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Scene} scene
 * @param {ReturnType<typeof import("../layout.js").pills>} clients
 */
export function messageLabels(x, k, scene, clients) {
  if (scene.layout.compact || scene.protocol.layout === "field") return;
  const told = new Set();
  for (const one of visible(scene.frame.messages)) {
    const about = scene.lit.some((id) => one.from === id || one.to === id);
    if (one.quiet || one.fate === "lost" || !about || told.has(one.kind) || told.size > 1) continue;
    const path = way(scene.layout, clients, one.from, one.to);
    const u = progress(one, scene.now);
    if (!path || u < 0.15 || u > 0.85) continue;
    told.add(one.kind);
    const p = path.at(u);
    // On the side that looks away from the middle, where there are fewer lines.
    const side = p.x < scene.layout.cx ? -1 : 1;
    const align = /** @type {CanvasTextAlign} */ (side < 0 ? "right" : "left");
    const name = read(
      scene.protocol.messages.find((kind) => kind.id === one.kind)?.name ?? { en: one.kind, zh: one.kind },
    ).replace(/^(an?|the) /, "");
    const called = (/** @type {number | string} */ end) =>
      typeof end === "string" ? end : (scene.frame.nodes.find((node) => node.id === end)?.name ?? "");
    const epoch = one.epoch
      ? `${language() === "zh" ? "，" : ", "}${read(scene.protocol.epoch.named).replace("{n}", String(one.epoch))}`
      : "";
    text(x, k, name, p.x + side * 20, p.y + 2, { size: 14, weight: 700, align, halo: k.sheet });
    text(x, k, say("from-to", { from: called(one.from), to: called(one.to) }) + epoch, p.x + side * 20, p.y + 19, {
      size: 13,
      align,
      color: k.ink2,
      halo: k.sheet,
    });
  }
}
