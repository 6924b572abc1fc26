// How long is the shortest? What was tried from below, what was found from above, and what is open between.

import { svg } from "../panels/svg.js";
import { tell } from "./say.js";

/**
 * @import { Words } from "../words.js"
 * @typedef {{ lower: number, best: number | null, first: number | null, shrunk: number | null,
 *   settled: boolean }} Bounds every run of fewer than `lower` steps was tried; `settled` where nothing is open below
 *   the shortest that was found
 * @typedef {{ at: number, text: string, class: string, anchor: "start" | "middle" | "end" }} Label
 */

const [WIDE, AXIS, LEFT, RIGHT] = [360, 44, 2, 14];
const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** About how wide a letter is, and how far a label may be from what it names. */
const [LETTER, FAR] = [6.7, 48];

/** @param {Words} words @param {Bounds} bounds */
export function drawGauge(words, { lower, best, first, shrunk, settled }) {
  const most = Math.max(10, lower * 1.15, (best ?? 0) * 1.12, (first ?? 0) * 1.1);
  const step = TICKS.find((one) => most / one <= 7) ?? 2000;
  const px = (/** @type {number} */ n) => LEFT + ((WIDE - LEFT - RIGHT) * n) / most;
  const done = settled && best !== null ? best : lower;
  const parts = [svg("line", { class: "axis", x1: LEFT, x2: WIDE, y1: AXIS, y2: AXIS })];
  for (let n = 0; n <= most; n += step)
    parts.push(
      svg("line", { class: "tick", x1: px(n), x2: px(n), y1: 60, y2: 64 }),
      svg("text", { class: "number", x: px(n), y: 77, "text-anchor": n ? "middle" : "start" }, String(n)),
    );
  if (best !== null && best > done)
    parts.push(hatching(), svg("rect", { class: "open", ...bar(px(done), px(best)), fill: "url(#find-open)" }));
  if (done > 0) parts.push(svg("rect", { class: "tried", ...bar(LEFT, px(done)) }));
  for (const n of [shrunk, first])
    if (n !== null && best !== null && n > best)
      parts.push(svg("line", { class: "was", x1: px(n), x2: px(n), y1: 34, y2: 54 }));
  if (first !== null && best !== null && px(first) - px(best) > 40)
    parts.push(...backwards(px(first), px(shrunk ?? best)));
  if (best !== null) parts.push(svg("line", { class: "found", x1: px(best), x2: px(best), y1: 30, y2: 58 }));
  const labels = apart(labelsOf(words, { lower: done, best, first, shrunk, settled }, px));
  parts.push(
    ...labels.map((one) => svg("text", { class: one.class, x: one.at, y: 24, "text-anchor": one.anchor }, one.text)),
  );
  return svg(
    "svg",
    { class: "gauge", viewBox: `0 0 ${WIDE} 82`, role: "img", "aria-label": saidOf(words, lower, best) },
    ...parts,
  );
}

/** @param {Words} words @param {number} lower @param {number | null} best */
const saidOf = (words, lower, best) =>
  best === null ? tell(words, "gauge-none", { lower }) : tell(words, "gauge", { lower, best });

/** @param {number} from @param {number} to */
const bar = (from, to) => ({ x: from, y: AXIS - 7, width: Math.max(0, to - from), height: 14, rx: 2 });

function hatching() {
  const stroke = svg("path", { class: "stroke", d: "M-1 1L1 -1M0 6L6 0M5 7L7 5" });
  const set = { id: "find-open", width: 6, height: 6, patternUnits: "userSpaceOnUse" };
  return svg("defs", {}, svg("pattern", set, stroke));
}

/** From what was found first to what it was shrunk to. @param {number} from @param {number} to */
const backwards = (from, to) => [
  svg("line", { class: "back", x1: from - 3, x2: to + 8, y1: AXIS, y2: AXIS }),
  svg("path", { class: "head", d: `M${to + 3} ${AXIS}l6 -3v6z` }),
];

/** @param {Words} words @param {Bounds} bounds @param {(n: number) => number} px @returns {Label[]} */
function labelsOf(words, { lower, best, first, shrunk, settled }, px) {
  /** @type {Label[]} */
  const labels = [];
  const met = settled && best !== null;
  if (lower > 1)
    labels.push({
      at: LEFT,
      text: tell(words, met ? "all-tried" : "no-run-so-short"),
      class: "label",
      anchor: "start",
    });
  if (best === null) return labels;
  if (!met) labels.push({ at: px(best), text: tell(words, "found"), class: "label hit", anchor: "middle" });
  if (first !== null && first > best)
    labels.push({ at: px(first), text: tell(words, "first", { n: first }), class: "label", anchor: "middle" });
  if (met && shrunk !== null && shrunk > best)
    labels.push({ at: px(shrunk) + 3, text: tell(words, "shrunk", { n: shrunk }), class: "label", anchor: "start" });
  if (!met && best - lower > 1)
    labels.push({
      at: (px(lower) + px(best)) / 2,
      text: tell(words, "not-known"),
      class: "label open",
      anchor: "middle",
    });
  return labels;
}

/**
 * Labels do not lie over one another: the first come first, the others move, or are left out.
 * @param {Label[]} labels
 */
function apart(labels) {
  /** @type {[number, number][]} */
  const taken = [];
  return labels.flatMap((one) => {
    const wide = [...one.text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 13 : LETTER), 0);
    const left = { start: one.at, middle: one.at - wide / 2, end: one.at - wide }[one.anchor];
    let at = Math.max(LEFT, Math.min(WIDE - wide, left));
    for (const [from, to] of taken) if (at < to + 8 && from < at + wide + 8) at = to + 8;
    if (at - left > FAR || at + wide > WIDE || taken.some(([from, to]) => at < to + 8 && from < at + wide + 8))
      return [];
    taken.push([at, at + wide]);
    return [{ ...one, at, anchor: /** @type {"start"} */ ("start") }];
  });
}
