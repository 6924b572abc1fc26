// A chart of curves with how sure they are, as a picture that scales: what was tried is a line in a band, what theory
// says is dotted.

import { roundUp, svg } from "./svg.js";

/**
 * @import { Curve, Protocol } from "../pkg/synod.js"
 * @import { Words } from "../words.js"
 * @typedef {Protocol["odds"][number]} Odds
 * @typedef {{ low: number, middle: number, high: number }} Value
 */

const [W, H, LEFT, TOP, BOTTOM, RIGHT] = [348, 190, 44, 20, 36, 10];
/** Of a normal distribution, 95 in 100 lie within so many deviations. */
const DEVIATIONS = 1.96;

/**
 * What a sum comes to, and for a share how sure that is (Wilson 1927).
 * @param {boolean} share @param {Curve} curve @param {number} sum @returns {Value}
 */
export function comesTo(share, { theory, trials }, sum) {
  const p = sum / trials;
  if (!share || theory) return { low: p, middle: p, high: p };
  const z2 = DEVIATIONS ** 2 / trials;
  const [centre, about] = [p + z2 / 2, DEVIATIONS * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials))];
  return { low: Math.max(0, (centre - about) / (1 + z2)), middle: p, high: Math.min(1, (centre + about) / (1 + z2)) };
}

/** @param {Odds} odds @param {number} value @param {Words} words */
const told = ({ share }, value, words) =>
  share ? `${words.count(Math.round(value * 1000) / 10)} %` : words.count(Math.round(value * 100) / 100);

/**
 * What a curve comes to at a place, in words.
 * @param {Odds} odds @param {Curve} curve @param {number} at @param {Words} words
 */
export function valueAt(odds, curve, at, words) {
  const { low, middle, high } = between(odds, curve, at);
  const about = words.count(Math.round((high - low) * 500) / 10);
  return told(odds, middle, words) + (odds.share ? ` ± ${about}` : "");
}

/** Between two points a curve is straight. @param {Odds} odds @param {Curve} curve @param {number} at */
function between(odds, curve, at) {
  const { points } = curve;
  const next = Math.max(
    1,
    points.findIndex(([x]) => x >= at),
  );
  const [[x0, a], [x1, b]] = [points[next - 1], points[next] ?? points[next - 1]];
  const part = x1 > x0 ? Math.max(0, Math.min(1, (at - x0) / (x1 - x0))) : 0;
  return comesTo(odds.share, curve, a + (b - a) * part);
}

/** @param {{ odds: Odds, curves: Curve[], at: number, words: Words }} of */
export function chart({ odds, curves, at, words }) {
  const end = Math.max(1e-9, ...curves.flatMap((one) => one.points.map(([x]) => x)));
  const all = curves.flatMap((one) => one.points.map(([, sum]) => comesTo(odds.share, one, sum).high));
  const most = odds.share ? 1 : roundUp(Math.max(...all));
  const px = (/** @type {number} */ x) => LEFT + ((W - LEFT - RIGHT) * x) / end;
  const py = (/** @type {number} */ y) => H - BOTTOM - ((H - BOTTOM - TOP) * y) / most;
  const line = (/** @type {[number, number][]} */ path) =>
    path.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const grid = [0, 0.5, 1].flatMap((part) => [
    svg("line", { class: "grid", x1: LEFT, x2: W - RIGHT, y1: py(most * part), y2: py(most * part) }),
    svg("text", { class: "end", x: LEFT - 6, y: py(most * part) + 4 }, told(odds, most * part, words)),
  ]);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    svg(
      "text",
      { class: part === 1 ? "end" : "mid", x: px(end * part) + (part === 1 ? 4 : 0), y: H - BOTTOM + 15 },
      words.count(end * part),
    ),
  );
  const drawn = curves.flatMap((one) => {
    const values = one.points.map(([x, sum]) => ({ x, ...comesTo(odds.share, one, sum) }));
    const path = line(values.map(({ x, middle }) => [px(x), py(middle)]));
    const curve = svg("polyline", { class: one.theory ? "theory" : "tried", points: path });
    if (one.theory || !odds.share) return [curve];
    const up = values.map(({ x, high }) => /** @type {[number, number]} */ ([px(x), py(high)]));
    const down = values.map(({ x, low }) => /** @type {[number, number]} */ ([px(x), py(low)]));
    return [svg("polygon", { class: "band", points: line([...up, ...down.reverse()]) }), curve];
  });
  const names = curves.map((one, i) => named(one, curves.slice(0, i), words));
  const main = curves.find((one) => !one.theory) ?? curves[0];
  const value = between(odds, main, at).middle;
  const mark = [
    svg("line", { class: "at", x1: px(at), x2: px(at), y1: TOP, y2: H - BOTTOM }),
    svg("circle", { class: "at", cx: px(at), cy: py(value), r: 4 }),
  ];
  const along = svg("text", { class: "end", x: W - RIGHT + 4, y: H - 4 }, words.read(odds.along));
  const label = `${words.read(odds.title)}. ${words.read(odds.up)}`;
  const parts = [...grid, ...ticks, ...drawn, ...mark, ...names, along];
  return svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label }, ...parts);
}

/**
 * A curve's name with a piece of its line, beside those before it.
 * @param {Curve} curve @param {Curve[]} before @param {Words} words
 */
function named(curve, before, words) {
  const wide = (/** @type {Curve} */ one) => 34 + [...words.read(one.name)].length * (words.lang === "zh" ? 12.5 : 6.4);
  const x = LEFT + before.reduce((sum, one) => sum + wide(one), 0);
  const y = 9;
  const kind = curve.theory ? "theory" : "tried";
  return svg(
    "g",
    {},
    svg("polyline", { class: kind, points: `${x},${y - 3} ${x + 16},${y - 3}` }),
    svg("text", { x: x + 20, y: y + 1 }, words.read(curve.name)),
  );
}
