// A run as it is drawn: the two canvases of a stage, and what they are drawn from. Every page and the element show
// their stages with this; `hands.js` lets them be acted on.

import { h } from "./dom.js";
import { makeMemory } from "./draw/memory.js";
import { STIR } from "./draw/scene.js";
import { drawLive, drawStill, shownOf, stillKey } from "./draw/stage.js";
import { readTokens } from "./draw/tokens.js";
import { arrange } from "./layout.js";
import { dotsOf, extraOf, moreOf, tearingOf } from "./more.js";
import { fit } from "./shell.js";
import { changed } from "./state.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Layout } from "./layout.js"
 * @import { Memory } from "./draw/memory.js"
 * @import { Scene } from "./draw/scene.js"
 * @import { Tokens } from "./draw/tokens.js"
 * @typedef {ReturnType<typeof makeView>} View
 */

/**
 * @typedef {{ tokens?: () => Tokens, clock?: () => number }} Wish where the colours of a stage come from, and what
 *   tells the wall time
 * @typedef {{ lab: Lab, wish: Wish, memory: Memory, tokens: Tokens | null, layout: Layout, W: number, H: number,
 *   before: string, of: Lab["sim"], grounds: string }} Held what a stage keeps
 */

/** @param {Lab} lab @param {Wish} [wish] */
export function makeView(lab, wish = {}) {
  const still = h("canvas", { "aria-hidden": "true" });
  const live = h("canvas", { class: "over", "aria-hidden": "true" });
  const element = h("div", { class: "sheet" }, still, live);
  const memory = makeMemory();
  /** @type {Held} */
  const held = {
    ...{ lab, wish, memory, tokens: null, W: 600, H: 400, before: "", of: lab.sim, grounds: "" },
    layout: place(lab, 600, 400, memory, 1),
  };
  const layout = () => held.layout;
  // Where its room changes it is drawn anew, also while time stands.
  new ResizeObserver(() => changed(lab)).observe(element);

  /** @param {boolean} [afresh] colours or words are others now */
  const draw = (afresh = false) => {
    const k = dressed(held, afresh);
    const [a, m] = [fit(still), fit(live)];
    if (!a.W || !a.H) return;
    const other = stand(held, a, afresh);
    const scene = lab.frame.nodes.length ? whole(held, a.x, k) : null;
    const key = scene ? stillKey(scene) : `dots ${lab.sim.seq} ${lab.byMark}`;
    const stale = key !== held.before || other || a.resized;
    held.before = key;
    if (!scene) {
      if (stale) swarm(held, a.x, k);
      return m.x.clearRect(0, 0, m.W, m.H);
    }
    if (stale) drawStill(a.x, k, scene);
    drawLive(m.x, k, scene);
  };
  /** The whole picture once more, for whoever takes it along. @param {CanvasRenderingContext2D} x */
  const paint = (x) => {
    const k = held.tokens ?? dressed(held, true);
    if (lab.frame.nodes.length === 0) return swarm(held, x, k);
    const scene = whole(held, x, k);
    drawStill(x, k, scene);
    drawLive(x, k, scene);
  };
  const picture = {
    lab,
    canvases: () => [still, live],
    paint,
    size: () => ({ W: held.W, H: held.H }),
    background: () => (held.tokens ?? readTokens()).sheet,
  };
  return { element, canvas: still, live, draw, layout, picture };
}

/**
 * @param {Lab} lab @param {number} W @param {number} H @param {Memory} memory @param {number} scale
 * @returns {Layout}
 */
const place = (lab, W, H, memory, scale) =>
  arrange(W, H, {
    ...{ wish: lab.protocol.layout, nodes: lab.frame.nodes, edges: lab.edges, memory, scale },
    grounds: moreOf(lab.frame).places,
  });

/**
 * The colours of a stage, read again where they may be others; what was measured with them is forgotten.
 * @param {Held} held @param {boolean} afresh
 */
function dressed(held, afresh) {
  if (held.tokens && !afresh) return held.tokens;
  held.tokens = (held.wish.tokens ?? readTokens)();
  held.memory = makeMemory();
  held.before = "";
  return held.tokens;
}

/**
 * Where nodes stand, if it may be elsewhere now.
 * @param {Held} held @param {{ W: number, H: number }} size @param {boolean} afresh
 */
function stand(held, { W, H }, afresh) {
  const { lab } = held;
  const other = afresh || held.before === "" || held.of !== lab.sim;
  const { places } = moreOf(lab.frame);
  const grounds = places ? JSON.stringify(places) : "";
  const moved =
    other ||
    grounds !== held.grounds ||
    W !== held.W ||
    H !== held.H ||
    held.layout.places.length !== lab.frame.nodes.length;
  [held.of, held.W, held.H, held.grounds] = [lab.sim, W, H, grounds];
  if (moved) held.layout = place(lab, W, H, held.memory, held.tokens?.scale ?? 1);
  return other;
}

/** @param {Held} held @param {CanvasRenderingContext2D} x @param {Tokens} k */
function whole({ lab, layout, wish }, x, k) {
  const scene = sceneOf(lab, layout, (wish.clock ?? (() => performance.now()))());
  scene.shown = shownOf(x, k, scene);
  return scene;
}

/** The mark of those that were marked last, by the total that says so. @param {Lab} lab */
function newestOf({ frame: { swarm }, protocol }) {
  const total = protocol.totals.find((one) => one.newest);
  return (total && swarm?.[total.id]) ?? 0;
}

/**
 * Dots, in the part of the stage that their legend leaves them.
 * @param {Held} held @param {CanvasRenderingContext2D} x @param {Tokens} k
 */
function swarm(held, x, k) {
  const { lab, layout, W, H } = held;
  const dots = dotsOf(() => changed(lab));
  if (!dots) {
    // Nothing is drawn yet.
    held.before = "";
    return;
  }
  const { protocol, words, byMark } = lab;
  const how = { byMark, epoch: 1, newest: newestOf(lab), protocol, words };
  layout.H = dots.drawSwarm(x, k, lab.sim, how, { W, H });
}

/**
 * What a stage is drawn from now.
 * @param {Lab} lab @param {Layout} layout @param {number} wall the time by the clock on the wall, in ms
 * @returns {Scene}
 */
export function sceneOf(lab, layout, wall) {
  const { memory } = layout;
  const passed = lab.playing ? 0 : Math.max(0, wall - lab.stirred);
  const { frame, protocol, words, rate, playing, chronicle, reduced, wonSince } = lab;
  const { focus, hover, alarmed, stroke, sides, lit, edges } = lab;
  return {
    frame,
    protocol,
    words,
    layout,
    memory,
    shown: memory.text.shown,
    now: lab.sim.now,
    rate,
    playing,
    passed: Math.min(passed, STIR),
    settled: !playing && (lab.settled || passed >= STIR),
    recent: chronicle.flights,
    marks: chronicle.marks,
    lanes: chronicle.lanes,
    reduced,
    cutAt: frame.partition ? cutAt(lab, memory) : null,
    wonSince,
    focus,
    hover,
    alarmed,
    stroke,
    sides,
    lit,
    seed: lab.tear,
    edges,
    extra: extraOf(lab, () => changed(lab)),
    tearing: tearingOf(lab, () => changed(lab)),
  };
}

/** When the sheet was torn last; asked for once a frame of the run. @param {Lab} lab @param {Memory} memory */
function cutAt({ frame, sim }, { cut }) {
  if (cut.frame !== frame) {
    const last = sim.done().findLast((input) => input.kind === "partition" && input.time <= sim.now);
    [cut.frame, cut.at] = [frame, last?.time ?? null];
  }
  return cut.at;
}
