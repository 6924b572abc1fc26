// The time of a history on paper: idle time is folded, and both sides of a fold keep one scale.

/**
 * @import { Op } from "./text.js"
 * @typedef {{ from: number, to: number, x: number }} Part a stretch of time, and where it begins
 * @typedef {{ parts: Part[], k: number, width: number, end: number, x: (t: number) => number,
 *   t: (x: number) => number }} Scale
 */

/** Room for the sign of a fold. */
export const FOLD = 34;
/** Idle time beyond this share of the whole is folded. */
const IDLE = 0.2;
/** What a short bar should have, and how much wider than its place the paper gets for that. */
const SHORT = 34;
const WIDEST = 6;

/** When something is asked, as stretches of time. @param {Op[]} ops */
function busy(ops) {
  const spans = ops.map(({ call, answer }) => [call, answer ?? call]).sort((a, b) => a[0] - b[0]);
  /** @type {number[][]} */
  const merged = [];
  for (const [from, to] of spans) {
    const last = merged[merged.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** The last moment that matters, and some room after it for what is open. @param {Op[]} ops */
export function endOf(ops) {
  const last = Math.max(1, ...ops.map(({ call, answer }) => answer ?? call));
  const first = Math.min(last, ...ops.map(({ call }) => call));
  const open = ops.some(({ answer }) => answer === null);
  const idle = busy(ops).reduce((sum, [from], at, all) => sum + (at ? Math.max(0, from - all[at - 1][1]) : 0), 0);
  const span = Math.max(1, last - first - (idle > (last - first) / 2 ? idle : 0));
  return last + span * (open ? 0.12 : 0.04);
}

/**
 * @param {Op[]} ops @param {number} room how wide the paper may be without being moved sideways
 * @returns {Scale}
 */
export function makeScale(ops, room) {
  const end = endOf(ops);
  const spans = busy(ops);
  const first = Math.max(0, (spans[0]?.[0] ?? 0) - (end - (spans[0]?.[0] ?? 0)) * 0.03);
  const whole = end - first;
  /** @type {Part[]} */
  const parts = [];
  let from = first;
  spans.forEach(([, to], at) => {
    const next = spans[at + 1]?.[0];
    if (next === undefined || next - to <= whole * IDLE) return;
    const margin = whole * 0.03;
    parts.push({ from, to: to + margin, x: 0 });
    from = next - margin;
  });
  parts.push({ from, to: end, x: 0 });
  const time = parts.reduce((sum, part) => sum + part.to - part.from, 0) || 1;
  const folds = (parts.length - 1) * FOLD;
  const shortest = Math.min(
    ...ops.map(({ call, answer }) => (answer === null ? time : Math.max(answer - call, 0.001))),
  );
  const wish = (SHORT / shortest) * time + folds;
  const width = ops.length > 8 ? Math.min(Math.max(room, wish), room * WIDEST) : room;
  const k = Math.max(0.001, (width - folds) / time);
  let x = 0;
  for (const part of parts) {
    part.x = x;
    x += (part.to - part.from) * k + FOLD;
  }
  const at = (/** @type {number} */ t) => {
    const part = parts.findLast((one) => t >= one.from) ?? parts[0];
    return part.x + (Math.min(t, part.to + FOLD / k / 2) - part.from) * k;
  };
  const time0 = (/** @type {number} */ px) => {
    const part = parts.findLast((one) => px >= one.x) ?? parts[0];
    return Math.min(part.to, Math.max(0, part.from + (px - part.x) / k));
  };
  return { parts, k, width, end, x: at, t: time0 };
}

/** Round moments for the axis, about as many as there is room for. @param {Scale} scale */
export function ticks({ parts, k }) {
  const raw = 90 / k;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? power * 10;
  return parts.flatMap(({ from, to }) => {
    const first = Math.ceil(from / step);
    const count = Math.max(0, Math.floor(to / step) - first + 1);
    return Array.from({ length: Math.min(count, 200) }, (_, n) => Math.round((first + n) * step * 1000) / 1000);
  });
}
