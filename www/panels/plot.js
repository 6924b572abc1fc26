// Points over values that lie far apart: what was measured in ink, what theory says dotted, where values usually are as
// a band. Hues are for epochs, so lines are told apart by their signs.

import { roundUp, svg } from "./svg.js";

/**
 * @typedef {{ points: (number | null)[], theory: number[] | null }} Line
 * @typedef {{ values: number[], shown: string[], lines: Line[], here: number,
 *   band: { from: number, to: number, says: string } | null }} Plot
 */

const [W, H] = [340, 132];
const [LEFT, RIGHT, TOP, BOTTOM] = [30, 12, 16, 20];

/** The sign of a line: a disc, a ring, a square. @param {number} at @param {number} x @param {number} y */
function mark(at, x, y) {
  if (at === 2) return svg("rect", { class: "dot", x: x - 3, y: y - 3, width: 6, height: 6 });
  return svg("circle", { class: at === 1 ? "ring" : "dot", cx: x, cy: y, r: 3.4 });
}

/** For a legend: a line's own, -1 for theory, -2 for where the run is. @param {number} at */
export function sign(at) {
  const inside =
    at === -2
      ? svg("line", { class: "here", x1: 8, x2: 8, y1: 0, y2: 12 })
      : svg("line", { class: at < 0 ? "theory" : "measured", x1: 0, x2: 16, y1: 6, y2: 6 });
  return svg("svg", { width: 16, height: 12, "aria-hidden": "true" }, inside, ...(at < 0 ? [] : [mark(at, 8, 6)]));
}

/** The table beside it says the same. @param {Plot} given */
export function plot({ values, shown, lines, band, here }) {
  const known = lines.flatMap(({ points, theory }) => [...points, ...(theory ?? [])]).filter((one) => one !== null);
  const most = roundUp(Math.max(0.01, ...known));
  const [low, high] = [Math.log(values[0]), Math.log(values[values.length - 1])];
  const part = (/** @type {number} */ value) => Math.min(1, Math.max(0, (Math.log(value) - low) / (high - low)));
  const x = (/** @type {number} */ value) => LEFT + 8 + (W - LEFT - RIGHT - 16) * part(value);
  const y = (/** @type {number} */ value) => H - BOTTOM - ((H - TOP - BOTTOM) * value) / most;
  const path = (/** @type {(number | null)[]} */ points) =>
    points.flatMap((one, at) => (one === null ? [] : [`${x(values[at]).toFixed(1)},${y(one).toFixed(1)}`])).join(" ");
  const parts = [];
  if (band) {
    const [from, to] = [x(band.from), x(band.to)];
    parts.push(svg("rect", { class: "band", x: from, y: TOP, width: to - from, height: H - TOP - BOTTOM }));
    parts.push(svg("text", { x: (from + to) / 2, y: TOP - 5, "text-anchor": "middle" }, band.says));
  }
  for (const step of [0, 0.5, 1]) {
    const at = y(most * step);
    parts.push(svg("line", { class: "grid", x1: LEFT, x2: W - RIGHT, y1: at, y2: at }));
    parts.push(
      svg("text", { x: LEFT - 5, y: at + 4, "text-anchor": "end" }, String(Number((most * step).toPrecision(3)))),
    );
  }
  values.forEach((value, at) => {
    parts.push(svg("text", { x: x(value), y: H - 5, "text-anchor": "middle" }, shown[at]));
  });
  if (here >= values[0] && here <= values[values.length - 1])
    parts.push(svg("line", { class: "here", x1: x(here), x2: x(here), y1: TOP, y2: H - BOTTOM }));
  for (const [at, { points, theory }] of lines.entries()) {
    if (theory) parts.push(svg("polyline", { class: "theory", points: path(theory) }));
    parts.push(svg("polyline", { class: "measured", points: path(points) }));
    points.forEach((one, n) => one !== null && parts.push(mark(at, x(values[n]), y(one))));
  }
  return svg("svg", { class: "plot", viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" }, ...parts);
}
