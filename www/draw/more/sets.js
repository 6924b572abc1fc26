// Lassos about nodes that stand together, the grounds of places, the line that decided a commit, and what lies over
// the silhouettes of nodes.

import { placeOf } from "../../layout/ways.js";
import { moreAt, moreOf } from "../../more.js";
import { line, polyline, silhouette, text } from "../glyphs.js";
import { jagged } from "../jag.js";
import { alpha } from "../tokens.js";
import { badge, decided, inkOf } from "./glyphs.js";
import { lassoAbout } from "./lasso.js";
import { called, tell } from "./say.js";

/**
 * @import { NodeFrame } from "../../pkg/synod.js"
 * @import { Form, Rect, VerdictWish } from "../../arrange.js"
 * @import { Face, Pen } from "../../forms.js"
 * @import { Layout, Place } from "../../layout.js"
 * @import { Grant, SetOf } from "../../more.js"
 * @import { NodeGlyph } from "../glyphs.js"
 * @import { Scene } from "../scene.js"
 * @import { Point } from "../jag.js"
 * @import { Tokens } from "../tokens.js"
 * @typedef {CanvasRenderingContext2D} Ctx
 */

/** How far a lasso is from its nodes, and how much farther each next one. */
const [PAD, FARTHER] = [8, 5];
/** Of how many sets most are drawn, the newest. */
const MOST_SETS = 6;

/**
 * The sets that are drawn, the oldest first: each is farther from its nodes than the ones before.
 * @param {Scene} scene
 */
const drawnSets = ({ frame, layout }) => {
  const sets = (moreOf(frame).sets ?? []).slice(-MOST_SETS);
  return sets.flatMap((set, at) => {
    const members = set.members.flatMap((id) => placeOf(layout, id) ?? []);
    return members.length ? [{ set, members, at, newest: at === sets.length - 1 }] : [];
  });
};

/**
 * How far the outermost lasso about a node is from it: what is written stands outside.
 * @param {Scene} scene @param {number} id
 */
export function padOf(scene, id) {
  const last = drawnSets(scene).findLast(({ set }) => set.members.includes(id));
  return last ? PAD + last.at * FARTHER : 0;
}

/** All that is drawn passes behind what is written. @param {Ctx} x @param {Scene} scene @param {() => void} draw */
function behind(x, { layout, shown }, draw) {
  x.save();
  x.beginPath();
  x.rect(0, 0, layout.W, layout.H);
  for (const box of shown.boxes)
    if (box.kind === "block" || box.kind === "note" || box.kind === "verdict")
      x.rect(box.x - 2, box.y - 1, box.w + 4, box.h + 2);
  x.clip("evenodd");
  draw();
  x.restore();
}

/** @param {Ctx} x @param {Point[]} path */
function closed(x, path) {
  x.beginPath();
  for (const [px, py] of path) x.lineTo(px, py);
  x.closePath();
}

/** Under all else: where places are, then lassos. @param {Ctx} x @param {Tokens} k @param {Scene} scene */
export function drawUnder(x, k, scene) {
  drawGrounds(x, k, scene);
  for (const { set, members, at, newest } of drawnSets(scene)) {
    const owned = typeof set.epoch === "number" && set.epoch > 0;
    const hue = inkOf(k, set.epoch);
    const { loops, ropes } = lassoAbout(members, PAD + at * FARTHER, scene.layout);
    for (const loop of owned ? loops : []) {
      closed(x, loop);
      x.fillStyle = alpha(hue.tint, 0.48);
      x.fill();
    }
    const [color, width, dash] = [owned ? hue.fill : k.ink, newest ? 2.25 : 1.5, owned ? [] : [5, 4]];
    behind(x, scene, () => {
      x.setLineDash(dash);
      for (const rope of ropes) polyline(x, rope, color, width);
      for (const loop of loops) {
        closed(x, loop);
        x.strokeStyle = color;
        x.lineWidth = width;
        x.stroke();
      }
    });
  }
}

/** What is shared by two sets, or that nothing is. @param {Scene} scene @param {SetOf} set */
function relation({ frame, words }, set) {
  const { overlaps, sets } = moreOf(frame);
  // It is told of the younger one, once.
  const found = (overlaps ?? []).filter((one) => one.sets[1] === set.id);
  const last = found.at(-1);
  const other = last && (sets ?? []).find((one) => one.id === last.sets.find((id) => id !== set.id));
  if (!last || !other) return "";
  const fill = { a: words.read(set.label), b: words.read(other.label), names: names(frame, last.members) };
  return tell(words, last.members.length ? "meet" : "apart", fill);
}

/** @param {{ nodes: NodeFrame[] }} frame @param {number[]} ids */
export const names = ({ nodes }, ids) => ids.map((id) => nodes.find((one) => one.id === id)?.name ?? id).join(" ");

/**
 * What sets, places and the last commit are called, as boxes that stand near their nodes where there is room.
 * @param {Scene} scene @param {Pen} pen @returns {VerdictWish[]}
 */
export function wishes(scene, pen) {
  const { words, frame } = scene;
  const row = (/** @type {string} */ said, /** @type {Face & { color?: "ink" | "ink2" | "ink3" }} */ face) => {
    const size = face.size * pen.s;
    const w = pen.measure(said, { ...face, size });
    const part = { what: /** @type {const} */ ("text"), ...face, size, text: said, x: 0, y: size, w, h: size * 1.2 };
    return { w, h: size * 1.35, parts: [part] };
  };
  const form = (/** @type {ReturnType<typeof row>[]} */ rows) =>
    /** @type {Form} */ ({
      w: Math.max(...rows.map((one) => one.w)),
      h: rows.reduce((sum, one) => sum + one.h, 0),
      rows,
    });
  /** @type {VerdictWish[]} */
  const sets = drawnSets(scene).flatMap(({ set }) => {
    const label = row(words.read(set.label), { size: 13.5, weight: 700 });
    const meets = relation(scene, set);
    const both = meets ? [form([label, row(meets, { size: 12.5, color: "ink2" })])] : [];
    return [
      { ids: set.members, kind: /** @type {const} */ ("note"), id: `set ${set.id}`, forms: [...both, form([label])] },
    ];
  });
  sets.push(...newestWishes(scene, pen));
  const { lastCommit } = moreOf(frame);
  const by = lastCommit?.decidedBy;
  if (!lastCommit || by === null || by === undefined) return sets;
  const time = row(`${words.ms(lastCommit.ms)} ms`, { size: 15, weight: 700 });
  const why = row(tell(words, "decided"), { size: 12.5, color: "ink2" });
  return [{ ids: [by], kind: "note", id: "decided", forms: [form([time, why]), form([time])] }, ...sets];
}

/**
 * The newest of what is stored and of what was answered, one below the other where there is room, low on the right.
 * @param {Scene} scene @param {Pen} pen @returns {VerdictWish[]}
 */
function newestWishes({ frame, words }, { s, measure }) {
  const newest = moreOf(frame).newest ?? [];
  if (!newest.some((one) => one.epoch !== null)) return [];
  const size = 13.5 * s;
  const names = newest.map(({ label }) => measure(words.read(label), { size }));
  const chips = newest.map(({ epoch }) =>
    Math.max(22 * s, measure(String(epoch ?? "–"), { size, weight: 700 }) + 12 * s),
  );
  const parts = (/** @type {number} */ i, /** @type {number} */ x, /** @type {number} */ after) => {
    const [y, h, size] = [2 * s, 22 * s, 13.5 * s];
    return /** @type {Form["rows"][number]["parts"]} */ ([
      {
        what: "text",
        text: words.read(newest[i].label),
        color: "ink2",
        size,
        x,
        y: y + 16 * s,
        w: names[i],
        h: size * 1.2,
      },
      { what: "more", kind: "newest", x: after, y, w: chips[i], h, size: s, of: newest[i].epoch },
    ]);
  };
  const wide = Math.max(...names) + 12 * s;
  const rows = newest.map((_, i) => ({ w: wide + chips[i], h: 26 * s, parts: parts(i, 0, wide) }));
  let x = 0;
  const flat = newest.flatMap((_, i) => {
    const at = x;
    x += names[i] + chips[i] + 20 * s;
    return parts(i, at, at + names[i] + 6 * s);
  });
  const below = { w: Math.max(...rows.map((row) => row.w)), h: 26 * s * rows.length, rows };
  const beside = { w: x - 14 * s, h: 26 * s, rows: [{ w: x - 14 * s, h: 26 * s, parts: flat }] };
  const ids = frame.nodes.map((one) => one.id);
  return [{ ids, kind: "note", id: "newest", forms: [below, beside], spare: true }];
}

/**
 * The line along which the answer came that decided the last commit.
 * @param {Ctx} x @param {Tokens} k @param {Scene} scene
 */
export function drawDecided(x, k, scene) {
  const { frame, layout } = scene;
  const { lastCommit } = moreOf(frame);
  const leads = frame.nodes.find((one) => one.authority === "commands" && one.status === "up");
  const [a, b] = [leads && placeOf(layout, leads.id), placeOf(layout, lastCommit?.decidedBy ?? -1)];
  if (a && b && a !== b) behind(x, scene, () => line(x, a.x, a.y, b.x, b.y, k.ink, 3));
}

/**
 * The middle of a place: that of those who stand there; where nobody does, its own among the others.
 * @param {Layout} layout @param {{ nodes: number[] }[]} places @param {number} i
 */
function middleOf({ W, compact, places: stand }, places, i) {
  const at = stand.filter((one) => places[i].nodes.includes(one.id));
  if (at.length) return at.reduce((sum, one) => sum + one.x, 0) / at.length;
  return (W * (i + (compact ? 0.5 : 0.4))) / places.length;
}

/** The land of each place. @param {Layout} layout @param {{ nodes: number[] }[]} places @returns {(Rect | null)[]} */
export function grounds(layout, places) {
  const { W, H } = layout;
  const order = places.map((_, i) => ({ x: middleOf(layout, places, i), i })).sort((a, b) => a.x - b.x || a.i - b.i);
  const sea = Math.min(26, W * 0.028);
  /** @type {(Rect | null)[]} */
  const found = places.map(() => null);
  order.forEach(({ x, i }, at) => {
    const left = at ? (order[at - 1].x + x) / 2 + sea : -60;
    const right = at + 1 < order.length ? (order[at + 1].x + x) / 2 - sea : W + 60;
    found[i] = { x: left, y: -20, w: right - left, h: H + 40 };
  });
  return found;
}

/** @param {Ctx} x @param {Tokens} k @param {Scene} scene */
function drawGrounds(x, k, { frame, layout, words }) {
  const { places } = moreOf(frame);
  if (!places?.length) return;
  grounds(layout, places).forEach((land, i) => {
    if (!land) return;
    const shore = (/** @type {number} */ at, /** @type {number} */ seed) =>
      jagged(
        [
          [at, land.y],
          [at, land.y + land.h / 2],
          [at, land.y + land.h],
        ],
        seed,
        26,
      );
    // A coast belongs to the map and not to the run: the same places have the same coasts.
    const [west, east] = [shore(land.x, 31 + 2 * i), shore(land.x + land.w, 32 + 2 * i)];
    closed(x, /** @type {Point[]} */ ([...west, ...[...east].reverse()]));
    x.fillStyle = k.well;
    x.fill();
    for (const [coast, out] of /** @type {[Point[], number][]} */ ([
      [west, -1],
      [east, 1],
    ]))
      [1, 0.5, 0.25].forEach((strength, echo) => {
        x.globalAlpha = strength;
        const path = coast.map(([px, py]) => [px + out * echo * 5, py]);
        polyline(x, path, k.ghost, echo ? 0.8 : 1.25);
        x.globalAlpha = 1;
      });
    const size = 15 * layout.scale;
    const style = /** @type {const} */ ({ weight: 700, align: "center" });
    const middle = middleOf(layout, places, i);
    text(x, k, called(words, places[i].name), middle, 8 + size * 1.3, { ...style, size, color: k.ink2, halo: k.well });
  });
}

/** Where names of places stand: nothing else may. @param {Scene} scene @param {Pen} pen @returns {Rect[]} */
export function taken({ frame, layout, words }, pen) {
  const places = moreOf(frame).places ?? [];
  return places.map(({ name }, i) => {
    const size = 15 * layout.scale;
    const w = pen.measure(called(words, name), { size, weight: 700 }) + 8;
    return { x: middleOf(layout, places, i) - w / 2, y: 8, w, h: size * 1.5 };
  });
}

/** The grant that a node holds now. @param {Scene} scene @param {number} id @returns {Grant | undefined} */
const holds = ({ frame, now }, id) =>
  (moreOf(frame).grants ?? []).findLast((one) => one.holder === id && one.from <= now && one.believedUntil > now);

/**
 * A glyph with what the frame says beyond it: decided is solid, a term drains like a time-out.
 * @param {Scene} scene @param {NodeFrame} node @param {NodeGlyph} glyph @returns {NodeGlyph}
 */
export function dressed(scene, node, glyph) {
  const { state } = moreAt(node);
  const term = glyph.left === null ? holds(scene, node.id) : undefined;
  const left = term ? (term.believedUntil - scene.now) / Math.max(0.001, term.believedUntil - term.from) : glyph.left;
  const authority = state?.settled === true ? "commands" : glyph.authority;
  return { ...glyph, authority, left: left === null ? null : Math.max(0, Math.min(1, left)) };
}

/**
 * A second outline about what is decided: in its own silhouette.
 * @param {Ctx} x @param {number} cx @param {number} cy @param {number} r @param {string} shape @param {string} color
 */
function collar(x, cx, cy, r, shape, color) {
  silhouette(x, shape, cx, cy, r * 1.14);
  x.strokeStyle = color;
  x.lineWidth = Math.max(1.25, (2.25 * r) / 44);
  x.stroke();
}

/** Corners of a node, in radii: right below first, then where no other badge is. */
const CORNERS = [
  [0.86, 0.86],
  [-0.86, -0.86],
  [-0.86, 0.86],
  [0.86, -0.86],
];

/**
 * What lies over the silhouette of a node, in its corners; right above is the badge of a clock that is off.
 * @param {Ctx} x @param {Tokens} k @param {NodeFrame} node @param {NodeGlyph} glyph
 */
export function drawOver(x, k, node, { cx, cy, r, shape, hue }) {
  const { state, badges } = moreAt(node);
  const decides = state && state.settled !== null && node.status !== "crashed";
  const others = (badges ?? []).filter(({ id }) => id !== "liar" && !(id === "paused" && node.status === "paused"));
  const free = CORNERS.slice(node.status === "paused" ? 1 : 0, node.clock.rate ? 3 : 4);
  const size = Math.max(6, r * 0.27);
  const next = () => {
    const corner = free.shift();
    return corner && { x: cx + corner[0] * r, y: cy + corner[1] * r };
  };
  if (decides) {
    const at = next();
    if (state.settled === true && shape === "square") collar(x, cx, cy, r, shape, hue.fill);
    if (at) decided(x, k, at.x, at.y, Math.max(6, r * 0.29), state.settled === true, hue);
  }
  for (const one of others) {
    const at = next();
    if (at) badge(x, k, one.id, at.x, at.y, size);
  }
}

/** Whether a node lies: its print is in two halves that no longer fit. @param {NodeFrame} node */
export const lies = (node) => (moreAt(node).badges ?? []).some(({ id }) => id === "liar");

/** @param {Ctx} x @param {NodeGlyph} glyph @param {() => void} draw */
export function inHalves(x, { cx, cy, r }, draw) {
  const far = r * 2.2;
  for (const half of [-1, 1]) {
    x.save();
    x.beginPath();
    x.rect(half < 0 ? cx - far : cx + 0.75, cy - far, far - 0.75, 2 * far);
    x.clip();
    x.translate(0, half * r * 0.12);
    draw();
    x.restore();
  }
}
