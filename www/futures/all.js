// The futures of a run: the tree in the overview, looks at others, the list at the side, and the ways from one to
// another. Fetched when a run has a second one.

import { settle, stopGoing } from "../acts.js";
import { momentSaid } from "../moment.js";
import { styled } from "../shell.js";
import { changed } from "../state.js";
import { drawTree, heightOf, rowsIn } from "./draw.js";
import { buildItems } from "./items.js";
import { namesOf } from "./names.js";
import { fill, saidOf } from "./panel.js";
import { makePeek } from "./peek.js";
import { tell } from "./say.js";
import { makeScout } from "./scout.js";
import { distinct, grow } from "./tree.js";

/**
 * @import { Placed } from "../pkg/synod.js"
 * @import { Scale, Times } from "../draw/scale.js"
 * @import { Tokens } from "../draw/tokens.js"
 * @import { Lab } from "../state.js"
 * @import { Drawn, Rect, Shown } from "./draw.js"
 * @import { Future, Limb } from "./tree.js"
 * @typedef {Awaited<ReturnType<typeof growTree>>} Tree
 * @typedef {{ lab: Lab, canvas: HTMLElement, scout: ReturnType<typeof makeScout>, key: string, of: Lab["sim"] | null,
 *   present: Future, others: Future[], ghosts: Shown["ghosts"], names: Shown["names"], limbs: Limb[], hidden: number,
 *   most: number, over: Shown["over"], chosen: number | null, lit: number | null, undone: Placed[], s: Scale | null,
 *   drawn: Drawn[], more: Rect | null, told: string, peek: ReturnType<typeof makePeek>,
 *   items: ReturnType<typeof buildItems> }} Held
 */

export { callPair } from "./pair.js";

/** How far from a line a mouse and a finger are on it. */
const [NEAR, FINGER] = [8, 14];
/** Wall ms in which one stage gives way to another. */
const FADE = 240;

/** Has what is drawn and said follow the run. @param {Held} held @param {Placed[]} [inputs] of the present one */
function look(held, inputs) {
  const { lab, scout } = held;
  const { sim, seen, words } = lab;
  const done = inputs ?? sim.done();
  const key = `${seen.branch} ${done.length} ${done.at(-1)?.time} ${words.lang} ${sim.canRedo}`;
  if (key === held.key && held.of === sim) return;
  if (held.of !== sim) scout.forget();
  [held.key, held.of, held.told] = [key, sim, ""];
  held.ghosts = scout.look();
  held.present = { id: seen.branch, inputs: done, end: sim.end };
  held.others = distinct(held.present, [...held.ghosts.values()]);
  held.names = namesOf(words, lab.protocol, held.present, held.others);
  held.undone = sim.canRedo ? scout.undone() : [];
  const there = (/** @type {number | null | undefined} */ id) => held.others.some((one) => one.id === id);
  if (!there(held.chosen)) held.chosen = null;
  if (!there(held.lit)) held.lit = null;
  if (!there(held.over?.id)) held.over = null;
  if (!held.over) held.peek.hide();
  shape(held);
  held.items.fill(held);
}

/** Lays the tree out in so many rows as there is room for. @param {Held} held */
function shape(held) {
  const { present, others, most, chosen } = held;
  Object.assign(held, grow(present, others, { most, wanted: [chosen] }));
}

/** What the buttons are about: the one that is chosen, or the only one. @param {Held} held */
const target = ({ chosen, others }) => chosen ?? (others.length === 1 ? others[0].id : null);

/**
 * What the tree takes of the overview's height.
 * @param {Held} held @param {Pick<Times, "W" | "H" | "protocol" | "frame">} t
 */
function room(held, { W, H, protocol, frame }) {
  const narrow = W < 560;
  const nodes = frame.nodes.length;
  const lanes = nodes && nodes <= 24 ? nodes * (narrow ? 14 : 15) + 14 : 110;
  const most = rowsIn(H - (narrow ? 100 : 86 + (protocol.rows.length + 1) * 18) - lanes);
  if (most !== held.most) {
    held.most = most;
    shape(held);
  }
  return heightOf(held.limbs.length, narrow);
}

/** @param {Held} held @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s */
function draw(held, x, k, t, s) {
  const { present, limbs, hidden, ghosts, names, over } = held;
  const lit = over?.id ?? held.lit ?? held.chosen;
  const shown = { present, limbs, hidden, ghosts, names, lit, over };
  Object.assign(held, { s }, drawTree(x, k, t, s, shown));
}

/**
 * The future whose line or name is under a point, and the time of it there.
 * @param {Held} held @param {number} px @param {number} py @param {number} reach
 */
function hit({ drawn, limbs, s }, px, py, reach) {
  const under = drawn.find(({ x0, x1, y, label }) => {
    const named = label && px >= label.left && px <= label.right && py >= label.top && py <= label.bottom;
    return named || (Math.abs(py - y) <= reach && px >= x0 && px <= x1 + reach);
  });
  const limb = limbs.find(({ future }) => future.id === under?.id);
  if (!limb || !s) return null;
  return { id: limb.future.id, t: Math.max(limb.at, Math.min(s.timeOver(px), limb.future.end)) };
}

/**
 * Shows a future at a time, or none.
 * @param {Held} held @param {Shown["over"]} over @param {"click" | "tap" | "press"} [how]
 */
function peekAt(held, over, how = "click") {
  const { lab, scout, peek, names, drawn, s, canvas } = held;
  const before = held.over;
  if (over?.id === before?.id && over?.t === before?.t) return;
  held.over = over;
  const line = drawn.find(({ id }) => id === over?.id);
  if (over && line && s) {
    const box = canvas.getBoundingClientRect();
    const t = momentSaid(lab.protocol, lab.words, Math.round(over.t));
    const title = tell(lab.words, "peek", { t, name: names.get(over.id) ?? "" });
    const how_ = tell(lab.words, how);
    peek.show(scout.at(over.id, over.t), { title, how: how_, x: box.left + s.over(over.t), y: box.top + line.y });
  } else peek.hide();
  held.told = "";
  changed(lab);
}

/** One stage gives way to another. @param {Lab} lab */
function fade(lab) {
  const stage = lab.overlay.querySelector("#stage");
  if (!stage || lab.reduced) return;
  for (const canvas of stage.querySelectorAll("canvas")) {
    const before = canvas.cloneNode();
    if (!(before instanceof HTMLCanvasElement)) continue;
    before.removeAttribute("id");
    before.classList.add("fading");
    before.getContext("2d")?.drawImage(canvas, 0, 0);
    stage.append(before);
    setTimeout(() => before.remove(), FADE);
  }
}

/** Goes to another future, at the same time or where it ends. @param {Held} held @param {number} id */
function go(held, id) {
  const { lab, names } = held;
  peekAt(held, null);
  if (id === held.present.id) return;
  const name = names.get(id) ?? "";
  stopGoing(lab);
  lab.leave();
  fade(lab);
  lab.playing = false;
  lab.sim.switch(id);
  held.chosen = held.lit = null;
  lab.told(tell(lab.words, "here", { name, t: momentSaid(lab.protocol, lab.words, Math.round(lab.sim.now)) }));
  settle(lab);
}

/** Two futures side by side, at the moment that is on the stage. @param {Held} held @param {number} id */
function besides({ lab, scout }, id) {
  const t = Math.round(lab.sim.now * 1000) / 1000;
  const speed = `speed=1/${Math.round(1 / lab.rate)}`;
  return `compare.html#a=${lab.sim.recording()}&b=${scout.recording(id)}&t=${t}&${speed}&lang=${lab.words.lang}`;
}

/** A press on the second of them goes to it. @param {Held} held @param {number} id */
function choose(held, id) {
  if (id === held.chosen) return go(held, id);
  held.chosen = id === held.present.id ? null : id;
  shape(held);
  held.told = "";
  changed(held.lab);
}

/** The list at the side, filled anew where it says something else. @param {Held} held @param {HTMLElement} body */
function update(held, body) {
  const { lab, ghosts, names, limbs, lit, over, undone } = held;
  const rows = new Map(limbs.map((limb) => [limb.future.id, limb.row]));
  // While time passes its end moves on.
  held.present.end = lab.sim.end;
  const { present, others } = held;
  const told = { present, others, ghosts, names, rows, target: target(held), lit: over?.id ?? lit, undone };
  const done = present.inputs.filter((one) => one.time <= lab.sim.now).length;
  const key = `${saidOf(lab, told, present)} ${done} ${told.target} ${told.lit} ${held.key}`;
  if (key === held.told && body.firstChild) return;
  held.told = key;
  fill(lab, body, told, {
    choose: (id) => choose(held, id),
    go: (id) => go(held, id),
    light: (id) => {
      if (held.lit === id) return;
      held.lit = id;
      changed(lab);
    },
    beside: (id) => besides(held, id),
  });
}

/** To the list, where all of them are. @param {Lab} lab */
function toList({ overlay }) {
  /** @type {HTMLElement | null} */ (overlay.querySelector("[data-tab='branches']"))?.click();
  const first = /** @type {HTMLElement | null} */ (overlay.querySelector("[data-branch]"));
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

/**
 * What a pointer does to the tree.
 * @param {Held} held @param {PointerEvent} event @param {number} px @param {number} py
 * @returns {boolean} whether it was about the tree
 */
function press(held, event, px, py) {
  const touch = event.pointerType === "touch";
  const { over, more, lab } = held;
  if (more && px >= more.left && px <= more.right && py >= more.top && py <= more.bottom) {
    toList(lab);
    return true;
  }
  const under = hit(held, px, py, touch ? FINGER : NEAR);
  if (!under) peekAt(held, null);
  else if (touch && over?.id !== under.id) peekAt(held, under, "tap");
  else go(held, under.id);
  return under !== null;
}

/** @param {Held} held @param {PointerEvent} event @param {number} px @param {number} py */
function hover(held, event, px, py) {
  if (event.pointerType === "touch") return false;
  const under = hit(held, px, py, NEAR);
  peekAt(held, under);
  return under !== null;
}

/** @param {Lab} lab */
export async function growTree(lab) {
  await styled("futures.css");
  const canvas = /** @type {HTMLElement} */ (lab.overlay.querySelector("#time-canvas"));
  const peek = makePeek(lab, () => held.over && go(held, held.over.id));
  const items = buildItems(canvas, {
    see: (id) => {
      const limb = held.limbs.find(({ future }) => future.id === id);
      const t = limb && Math.max(limb.at, Math.min(lab.sim.now, limb.future.end));
      peekAt(held, limb && t !== undefined ? { id, t } : null, "press");
    },
    move: (part) => {
      const { over, limbs } = held;
      const limb = limbs.find(({ future }) => future.id === over?.id);
      if (!over || !limb) return;
      const t = Math.max(limb.at, Math.min(limb.future.end, over.t + part * (limb.future.end - limb.at)));
      peekAt(held, { id: over.id, t }, "press");
    },
    go: (id) => go(held, id),
    leave: () => peekAt(held, null),
  });
  /** @type {Held} */
  const held = {
    ...{ lab, canvas, scout: makeScout(lab), peek, items, key: "", of: null, s: null, more: null, told: "" },
    ...{
      present: { id: 0, inputs: [], end: 0 },
      others: [],
      ghosts: new Map(),
      names: new Map(),
      limbs: [],
      hidden: 0,
    },
    ...{ most: 3, over: null, chosen: null, lit: null, undone: [], drawn: [] },
  };
  addEventListener("keydown", ({ key }) => key === "Escape" && peekAt(held, null));
  // What a finger asked for stays where it was; the page under it does not.
  addEventListener("scroll", () => matchMedia("(hover: none)").matches && peekAt(held, null), { passive: true });
  return {
    room: (/** @type {Parameters<typeof room>[1]} */ t) => room(held, t),
    draw: (
      /** @type {CanvasRenderingContext2D} */ x,
      /** @type {Tokens} */ k,
      /** @type {Times} */ t,
      /** @type {Scale} */ s,
    ) => draw(held, x, k, t, s),
    /** The latest time that any of them reaches. */
    end: () => Math.max(0, ...held.others.map((one) => one.end)),
    /** Before anything of it is drawn. @param {Placed[]} inputs */
    look: (inputs) => look(held, inputs),
    update: (/** @type {HTMLElement} */ body) => {
      look(held);
      update(held, body);
    },
    press: (/** @type {PointerEvent} */ event, /** @type {number} */ px, /** @type {number} */ py) =>
      press(held, event, px, py),
    hover: (/** @type {PointerEvent} */ event, /** @type {number} */ px, /** @type {number} */ py) =>
      hover(held, event, px, py),
    leave: (/** @type {PointerEvent} */ event) => {
      if (event.pointerType !== "touch") peekAt(held, null);
    },
    hint: () => tell(lab.words, "hint"),
    /** There is one future only. */
    rest: () => {
      held.scout.forget();
      [held.key, held.over] = ["", null];
      peek.hide();
      items.element.replaceChildren();
    },
  };
}
