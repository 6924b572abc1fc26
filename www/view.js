// A run as it is drawn: the two canvases of a stage, what they are drawn from, and the buttons that
// mirror them. Every page and the element show their stages with this.

import { h } from "./dom.js";
import { makeMemory } from "./draw/memory.js";
import { STIR } from "./draw/scene.js";
import { drawLive, drawStill, shownOf, stillKey } from "./draw/stage.js";
import { readTokens } from "./draw/tokens.js";
import { tearSeed } from "./hit.js";
import { arrange } from "./layout.js";
import { buildMirror } from "./mirror.js";
import { fit } from "./shell.js";
import { handleStage } from "./stage.js";
import { drawSwarm } from "./swarm.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Layout } from "./layout.js"
 * @import { Scene } from "./draw/scene.js"
 * @import { Tokens } from "./draw/tokens.js"
 * @typedef {ReturnType<typeof makeView>} View
 */

/**
 * @param {Lab} lab
 * @param {{ hands?: boolean, mirror?: boolean, tokens?: () => Tokens, clock?: () => number }} [wish] whether it can be
 *   acted on, is mirrored, where its colours come from, and what tells the wall time
 */
export function makeView(lab, wish = {}) {
  const still = h("canvas", { "aria-hidden": "true" });
  const live = h("canvas", { class: "over", "aria-hidden": "true" });
  const element = h("div", { class: "sheet" }, still, live);
  const clock = wish.clock ?? (() => performance.now());
  let memory = makeMemory();
  /** @type {Tokens | null} */
  let tokens = null;
  const place = (/** @type {number} */ W, /** @type {number} */ H) =>
    arrange(W, H, {
      ...{ wish: lab.protocol.layout, nodes: lab.frame.nodes, edges: lab.edges },
      ...{ memory, scale: tokens?.scale ?? 1 },
    });
  /** @type {Layout} */
  let layout = place(600, 400);
  let sized = [600, 400];
  let [before, of] = ["", lab.sim];
  if (wish.hands !== false) handleStage(lab, still, () => layout);
  const mirror = wish.mirror ? buildMirror(lab, still, () => layout) : null;
  if (mirror) element.append(mirror.element);

  const whole = (/** @type {CanvasRenderingContext2D} */ x, /** @type {Tokens} */ k) => {
    const scene = sceneOf(lab, layout, clock());
    scene.shown = shownOf(x, k, scene);
    return scene;
  };
  /** Dots, in the part of the stage that their legend leaves them. @param {CanvasRenderingContext2D} x @param {Tokens} k */
  const swarm = (x, k) => {
    const { protocol, words, byMark } = lab;
    const how = { byMark, epoch: 1, round: lab.frame.swarm?.round ?? 0, protocol, words };
    layout.H = drawSwarm(x, k, lab.sim, how, { W: sized[0], H: sized[1] });
  };

  /** @param {boolean} [afresh] colours or words are others now */
  const draw = (afresh = false) => {
    afresh ||= !tokens;
    if (afresh || !tokens) {
      tokens = (wish.tokens ?? readTokens)();
      memory = makeMemory();
    }
    const [a, m] = [fit(still), fit(live)];
    if (!a.W || !a.H) return;
    const other = of !== lab.sim;
    of = lab.sim;
    const resized = a.W !== sized[0] || a.H !== sized[1];
    sized = [a.W, a.H];
    if (afresh || other || resized || layout.places.length !== lab.frame.nodes.length) layout = place(a.W, a.H);
    const dots = lab.frame.nodes.length === 0;
    const scene = dots ? null : whole(a.x, tokens);
    const key = scene ? stillKey(scene) : `dots ${lab.sim.seq} ${lab.byMark}`;
    const stale = key !== before || afresh || other || a.resized;
    before = key;
    if (!scene) {
      if (stale) swarm(a.x, tokens);
      return m.x.clearRect(0, 0, m.W, m.H);
    }
    if (stale) drawStill(a.x, tokens, scene);
    drawLive(m.x, tokens, scene);
  };
  /** The whole picture once more, for whoever takes it along. @param {CanvasRenderingContext2D} x */
  const paint = (x) => {
    const k = tokens ?? (wish.tokens ?? readTokens)();
    if (lab.frame.nodes.length === 0) return swarm(x, k);
    const scene = whole(x, k);
    drawStill(x, k, scene);
    drawLive(x, k, scene);
  };
  const picture = {
    lab,
    canvases: () => [still, live],
    paint,
    size: () => ({ W: sized[0], H: sized[1] }),
    background: () => (tokens ?? readTokens()).sheet,
  };
  return { element, canvas: still, live, draw, mirror, layout: () => layout, picture };
}

/**
 * What a stage is drawn from now.
 * @param {Lab} lab @param {Layout} layout @param {number} wall the time by the clock on the wall, in ms
 * @returns {Scene}
 */
export function sceneOf(lab, layout, wall) {
  const { memory } = layout;
  const passed = lab.playing ? 0 : Math.max(0, wall - lab.stirred);
  return {
    ...{ frame: lab.frame, protocol: lab.protocol, words: lab.words, layout, memory, shown: memory.text.shown },
    ...{ now: lab.sim.now, rate: lab.rate, playing: lab.playing, passed: Math.min(passed, STIR) },
    settled: !lab.playing && (lab.settled || passed >= STIR),
    ...{ recent: lab.chronicle.flights, marks: lab.chronicle.marks, lanes: lab.chronicle.lanes },
    ...{ reduced: lab.reduced, cutAt: cutAt(lab), wonSince: lab.wonSince },
    ...{ focus: lab.focus, hover: lab.hover, alarmed: lab.alarmed, stroke: lab.stroke, sides: lab.sides },
    ...{ lit: lab.lit, seed: tearSeed(lab), edges: lab.edges },
  };
}

/** When the sheet was torn last. @param {Lab} lab */
function cutAt(lab) {
  if (!lab.frame.partition) return null;
  return lab.sim.done().findLast((input) => input.kind === "partition" && input.time <= lab.sim.now)?.time ?? null;
}
