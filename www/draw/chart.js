// How totals went, round by round: lines for how many, bars for what it cost. What theory says is
// dotted, thin, and named as theory.

import { line, measure, text } from "./glyphs.js";
import { ink } from "./tokens.js";

/**
 * @import { Frame } from "../pkg/synod.js"
 * @import { Tokens } from "./tokens.js"
 * @import { Words } from "../words.js"
 * @typedef {{ epoch: number, words: Words }} Told
 * @typedef {{ left: number, top: number, w: number, h: number }} Box
 */

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Frame["series"]} series
 * @param {Told} told
 * @param {Box} box
 */
export function drawCharts(x, k, series, told, box) {
  const charts = [...new Set(series.map((one) => one.chart))];
  const gap = 56;
  const side = box.w > 520;
  charts.forEach((chart, i) => {
    const n = charts.length;
    const part = side
      ? { ...box, left: box.left + (i * (box.w + gap)) / n, w: (box.w - gap * (n - 1)) / n }
      : { ...box, top: box.top + (i * (box.h + 26)) / n, h: (box.h - 26 * (n - 1)) / n };
    const own = series.filter((one) => one.chart === chart);
    if (i === 0) lines(x, k, own, told, part);
    else bars(x, k, own, told, part);
  });
}

/** @param {number} most */
function roundUp(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((n) => n * power).find((end) => end >= most) ?? most;
}

const short = (/** @type {number} */ n) => (n >= 1e6 ? `${n / 1e6}M` : n >= 1e4 ? `${n / 1e3}k` : String(n));

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Box} box @param {number} most @param {number} steps */
function axes(x, k, box, most, steps) {
  for (const part of [0, 0.5, 1]) {
    const y = box.top + box.h - 18 - (box.h - 40) * part;
    line(x, box.left + 40, y, box.left + box.w, y, k.hair, 1);
    text(x, k, short(Math.round(most * part)), box.left + 34, y + 4, { size: 12, align: "right", color: k.ink3 });
  }
  const every = Math.max(1, Math.ceil(steps / 8));
  for (let step = 0; step <= steps; step += every) {
    text(x, k, String(step), box.left + 40 + ((box.w - 40) * step) / steps, box.top + box.h - 3, {
      size: 12,
      align: "center",
      color: k.ink3,
    });
  }
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Frame["series"]} series
 * @param {Told} told
 * @param {Box} box
 */
function lines(x, k, series, told, box) {
  const steps = Math.max(...series.map((one) => one.values.length)) - 1;
  const most = roundUp(Math.max(...series.flatMap((one) => one.values), 1));
  axes(x, k, box, most, Math.max(steps, 1));
  const hue = ink(k, told.epoch);
  const at = (/** @type {number} */ i, /** @type {number} */ value) => [
    box.left + 40 + ((box.w - 40) * i) / Math.max(steps, 1),
    box.top + box.h - 18 - ((box.h - 40) * value) / most,
  ];
  let legend = box.left + 40;
  series.forEach((one, n) => {
    const color = one.theory ? k.ink3 : n === 0 ? hue.fill : k.ink2;
    x.beginPath();
    one.values.forEach((value, i) => x.lineTo(...point(at(i, value))));
    x.setLineDash(one.theory ? [2, 4] : n === 0 ? [] : [6, 3]);
    x.strokeStyle = color;
    x.lineWidth = one.theory ? 1.5 : n === 0 ? 2.75 : 1.5;
    x.stroke();
    x.setLineDash([]);
    if (!one.theory && n === 0) {
      const [px, py] = at(one.values.length - 1, one.values[one.values.length - 1]);
      x.beginPath();
      x.arc(px, py, 5, 0, Math.PI * 2);
      x.fillStyle = hue.fill;
      x.fill();
      const [words, style] = [
        told.words.count(one.values[one.values.length - 1]),
        { size: 14, weight: 700, halo: k.well },
      ];
      const beside = px + 9 + measure(x, k, words, style) < x.canvas.clientWidth - 12;
      text(x, k, words, beside ? px + 9 : px - 9, beside ? py + 13 : py + 5, {
        ...style,
        align: beside ? "left" : "right",
      });
    }
    const name = told.words.read(one.name);
    text(x, k, name, legend, box.top + 10, {
      size: 13,
      weight: n === 0 ? 700 : 400,
      color: n === 0 ? hue.text : color,
    });
    legend += measure(x, k, name, { size: 13, weight: 700 }) + 16;
  });
}

/** @param {number[]} p @returns {[number, number]} */
const point = ([a, b]) => [a, b];

/**
 * Bars of what each step added, the first kind below and the others on top of it.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Frame["series"]} series
 * @param {Told} told
 * @param {Box} box
 */
function bars(x, k, series, told, box) {
  const steps = Math.max(...series.map((one) => one.values.length)) - 1;
  const added = series.map((one) => one.values.map((value, i) => value - (one.values[i - 1] ?? 0)));
  const heights = Array.from({ length: steps + 1 }, (_, i) => added.reduce((sum, values) => sum + (values[i] ?? 0), 0));
  const most = roundUp(Math.max(...heights, 1));
  axes(x, k, box, most, Math.max(steps, 1));
  const hue = ink(k, told.epoch);
  const width = Math.max(1.5, Math.min(18, ((box.w - 40) / Math.max(steps, 1)) * 0.62));
  for (let i = 0; i <= steps; i++) {
    let y = box.top + box.h - 18;
    added.forEach((values, n) => {
      const h = ((box.h - 40) * (values[i] ?? 0)) / most;
      x.fillStyle = n === 0 ? hue.fill : k.rule;
      x.fillRect(box.left + 40 + ((box.w - 40) * i) / Math.max(steps, 1) - width / 2, y - h, width, h);
      y -= h;
    });
  }
  let legend = box.left + 40;
  series.forEach((one, n) => {
    x.fillStyle = n === 0 ? hue.fill : k.rule;
    x.fillRect(legend, box.top, 10, 10);
    text(x, k, told.words.read(one.name), legend + 15, box.top + 10, { size: 13, color: k.ink2 });
    legend += measure(x, k, told.words.read(one.name), { size: 13 }) + 36;
  });
}
