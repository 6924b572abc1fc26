// A run as it is drawn: the two canvases of a stage, what they are drawn from, and the buttons that
// mirror them. Every page and the element show their stages with this.

import { h } from "./dom.js";
import { drawLive, drawStill, stillKey } from "./draw/stage.js";
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
 * @import { Tokens } from "./draw/tokens.js"
 * @typedef {ReturnType<typeof makeView>} View
 */

/**
 * @param {Lab} lab
 * @param {{ hands?: boolean, mirror?: boolean, tokens?: () => Tokens }} [wish] whether it can be acted on, is
 *   mirrored, and where its colours come from
 */
export function makeView(lab, wish = {}) {
  const still = h("canvas", { "aria-hidden": "true" });
  const live = h("canvas", { class: "over", "aria-hidden": "true" });
  const element = h("div", { class: "sheet" }, still, live);
  const place = (/** @type {number} */ W, /** @type {number} */ H) =>
    arrange(W, H, lab.protocol.layout, lab.frame.nodes, lab.edges);
  /** @type {Layout} */
  let layout = place(600, 400);
  /** @type {Tokens | null} */
  let tokens = null;
  let [before, of] = ["", lab.sim];
  if (wish.hands !== false) handleStage(lab, still, () => layout);
  const mirror = wish.mirror ? buildMirror(lab, still, () => layout) : null;
  if (mirror) element.append(mirror.element);

  const sceneNow = () => ({
    frame: lab.frame,
    protocol: lab.protocol,
    layout,
    now: lab.sim.now,
    rate: lab.rate,
    recent: lab.chronicle.flights,
    marks: lab.chronicle.marks,
    lanes: lab.chronicle.lanes,
    reduced: lab.reduced,
    settled: lab.settled,
    cutAt: lab.playing ? cutAt(lab) : null,
    focus: lab.focus,
    hover: lab.hover,
    alarmed: lab.alarmed,
    stroke: lab.stroke,
    sides: lab.sides,
    lit: lab.lit,
    seed: tearSeed(lab),
    edges: lab.edges,
  });
  const swarm = (/** @type {CanvasRenderingContext2D} */ x, /** @type {Tokens} */ k) =>
    drawSwarm(x, k, lab.sim, {
      byMark: lab.byMark,
      epoch: 1,
      round: lab.frame.swarm?.round ?? 0,
      protocol: lab.protocol,
    });

  /** @param {boolean} [afresh] colours or words are others now */
  const draw = (afresh = false) => {
    if (afresh || !tokens) tokens = (wish.tokens ?? readTokens)();
    const [a, m] = [fit(still), fit(live)];
    if (!a.W || !a.H) return;
    const other = of !== lab.sim;
    of = lab.sim;
    if (afresh || other || a.W !== layout.W || a.H !== layout.H || layout.places.length !== lab.frame.nodes.length)
      layout = place(a.W, a.H);
    const scene = sceneNow();
    const dots = lab.frame.nodes.length === 0;
    const key = dots ? `dots ${lab.sim.seq} ${lab.byMark}` : stillKey(scene);
    if (key !== before || afresh || other || a.resized) dots ? swarm(a.x, tokens) : drawStill(a.x, tokens, scene);
    before = key;
    if (dots) m.x.clearRect(0, 0, m.W, m.H);
    else drawLive(m.x, tokens, scene);
  };
  /** The whole picture once more, for whoever takes it along. @param {CanvasRenderingContext2D} x */
  const paint = (x) => {
    const k = tokens ?? (wish.tokens ?? readTokens)();
    if (lab.frame.nodes.length === 0) return swarm(x, k);
    const scene = sceneNow();
    drawStill(x, k, scene);
    drawLive(x, k, scene);
  };
  const picture = {
    lab,
    canvases: () => [still, live],
    paint,
    size: () => ({ W: layout.W, H: layout.H }),
    background: () => (tokens ?? readTokens()).sheet,
  };
  return { element, canvas: still, live, draw, mirror, layout: () => layout, picture };
}

/** When the sheet was torn last. @param {Lab} lab */
function cutAt(lab) {
  if (!lab.frame.partition) return null;
  return lab.sim.done().findLast((input) => input.kind === "partition" && input.time <= lab.sim.now)?.time ?? null;
}
