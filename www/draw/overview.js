// The whole run over the detail: marks of rules in their rows, faults, and what broke.

import { tickAt } from "../moment.js";
import { moreOf } from "../more.js";
import { cross, line, measure, polyline, round, text } from "./glyphs.js";
import { tick } from "./scale.js";
import { ink } from "./tokens.js";
import { timesOf } from "./spans.js";

/**
 * @import { Placed } from "../pkg/synod.js"
 * @import { Scale, Times } from "./scale.js"
 * @import { Tokens } from "./tokens.js"
 * @typedef {{ names: [string, string], met: number[], from: number }} Goals a player's rows in place of faults and
 *   violations: what they are called, when objectives were met, and when the player began
 */

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s */
export function overview(x, k, t, s) {
  const step = tick(s.whole, (s.x1 - s.x0) / 84, t.protocol.seconds);
  for (let time = 0; time <= s.whole; time += step) {
    if (Math.abs(s.over(time) - s.over(t.now)) < 44) continue;
    const plain = time ? String(Math.round(time)) : t.words.say("ms", { n: 0 });
    text(x, k, t.protocol.seconds ? tickAt(t.protocol, t.words, time) : plain, s.over(time), 20, {
      size: 12.5,
      align: "center",
      color: k.ink3,
    });
  }
  t.tree?.draw(x, k, t, s);
  if (t.W < 560) return;
  const names = [
    ...t.protocol.rows.map((row) => t.words.read(row.name)),
    ...(t.goals?.names ?? [
      t.words.say("faults"),
      ...(t.tree && !t.violations.length ? [] : [t.words.say("violations")]),
    ]),
  ];
  // The tree of futures has its own name and lines, and the marks of the first row.
  names.slice(t.tree ? 1 : 0).forEach((name, at) => {
    const y = s.row(at + (t.tree ? 1 : 0));
    text(x, k, name, 22, y + 4.5, { size: 13, color: k.ink2 });
    line(x, s.x0, y, s.over(t.end), y, k.hair);
  });
  const { grantsRow } = moreOf(t.frame);
  const extra = timesOf(t.chronicle.spans, moreOf(t.frame), t.again ?? (() => {}));
  if (grantsRow !== undefined) extra?.drawGrants(x, k, t, s, s.row(grantsRow));
  overviewMarks(x, k, t, s);
  faults(x, k, t, s, s.row(t.protocol.rows.length));
  const y = s.row(t.protocol.rows.length + 1);
  if (t.goals) return met(x, k, t.goals, s, y);
  if (!t.violations.length && !t.tree)
    text(x, k, t.words.say("none"), s.x0 + 2, y + 4.5, { size: 13, color: k.ink3, halo: k.sheet });
  for (const violation of t.violations) cross(x, k, s.over(violation.time), y, 4);
}

/**
 * Objectives, numbered where they were met.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Goals} goals @param {Scale} s @param {number} y
 */
function met(x, k, goals, s, y) {
  let end = -Infinity;
  goals.met.forEach((time, at) => {
    // Those of one instant stand beside each other.
    const px = Math.max(s.over(time), end + 17);
    end = px;
    x.beginPath();
    x.arc(px, y, 7.5, 0, Math.PI * 2);
    x.fillStyle = k.ink;
    x.fill();
    text(x, k, String(at + 1), px, y + 4, { size: 11, weight: 700, align: "center", color: k.sheet });
  });
}

/** Where a grant is a bar, the mark of its rule says nothing more. @param {Times} t */
export function barred(t) {
  const { grants, grantsRow } = moreOf(t.frame);
  const tokens = new Set((grants ?? []).map((one) => one.token));
  return (/** @type {number} */ row, /** @type {number} */ glyph, /** @type {number} */ epoch) =>
    row === grantsRow && glyph === 1 && tokens.has(epoch);
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s */
function overviewMarks(x, k, t, s) {
  const isBarred = barred(t);
  const ends = t.protocol.rows.map(() => -Infinity);
  const marks = t.chronicle.marks;
  const next = t.protocol.rows.map(() => Infinity);
  const room = new Float64Array(marks.length / 6);
  for (let at = marks.length - 6; at >= 0; at -= 6) {
    const [px, row] = [s.over(marks[at]), marks[at + 1]];
    room[at / 6] = next[row] - px;
    next[row] = px;
  }
  for (let at = 0; at < marks.length; at += 6) {
    const [time, row, glyph, epoch, number] = marks.subarray(at, at + 6);
    if (isBarred(row, glyph, epoch) || (t.tree && row === 0)) continue;
    const [px, y, hue] = [s.over(time), s.row(row), ink(k, epoch)];
    if (glyph === 2) {
      if (px - ends[row] < 17) {
        line(x, px, y - 8, px, y + 8, hue.fill, 1.5);
        continue;
      }
      round(x, px - 8, y - 8, 16, 16, 2.5);
      x.fillStyle = hue.fill;
      x.fill();
      const size = number > 99 ? 8.5 : 11.5;
      text(x, k, String(number), px, y + 4.2, { size, weight: 700, align: "center", color: hue.on });
      ends[row] = px;
      continue;
    }
    x.beginPath();
    x.arc(px, y, glyph === 1 ? 6.5 : 4, 0, Math.PI * 2);
    x.fillStyle = glyph === 1 ? hue.fill : k.sheet;
    x.fill();
    if (glyph === 0) {
      x.strokeStyle = hue.fill;
      x.lineWidth = 1.75;
      x.stroke();
    } else {
      const style = { size: 13, weight: 700, color: hue.text };
      if (room[at / 6] > 18 + measure(x, k, String(epoch), style)) text(x, k, String(epoch), px + 11, y + 4.5, style);
    }
  }
}

/** @type {Record<string, string>} */
const FAULT = {
  crash: "x",
  wipe: "x",
  leave: "x",
  restart: "o",
  resume: "o",
  join: "o",
  heal: "o",
  mend: "o",
  partition: "z",
  cut: "z",
};

/**
 * An input in a word and what it is about.
 * @param {Pick<Times["words"], "say">} words @param {Pick<Placed, "kind" | "text">} input
 */
export function briefly(words, { kind, text }) {
  const what = text.slice(text.indexOf(" ") + 1);
  const half = kind === "crash" ? /^(.+) after (\d+) sends?$/.exec(what) : null;
  if (half) return words.say("did-crash-after", { what: half[1], n: half[2] });
  return words.say(`did-${kind}`, { what }).trim();
}

/**
 * An input as a small sign.
 * @param {CanvasRenderingContext2D} x @param {Tokens} k @param {string} kind @param {number} px @param {number} y
 * @param {string} [color]
 */
export function drawInput(x, k, kind, px, y, color = k.ink) {
  const shape = FAULT[kind];
  x.lineCap = x.lineJoin = "round";
  if (shape === "x") {
    line(x, px - 4, y - 4, px + 4, y + 4, color, 1.75);
    line(x, px - 4, y + 4, px + 4, y - 4, color, 1.75);
  } else if (shape === "z") {
    const bolt = [
      [px + 1, y - 7],
      [px - 2.5, y - 2],
      [px + 2.5, y + 1],
      [px - 1, y + 7],
    ];
    polyline(x, bolt, color, 1.75);
  } else {
    x.beginPath();
    x.arc(px, y, shape === "o" ? 4.2 : 2, 0, Math.PI * 2);
    x.fillStyle = shape === "o" ? k.sheet : color;
    x.fill();
    x.strokeStyle = color;
    x.lineWidth = 1.75;
    x.stroke();
  }
  x.lineCap = "butt";
}

/**
 * Inputs that are faults or mend one.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {number} y
 */
function faults(x, k, t, s, y) {
  const { goals } = t;
  const shown = t.inputs.filter((input) => (goals ? input.time >= goals.from : input.kind !== "request"));
  let end = -Infinity;
  shown.forEach((input, at) => {
    // A player makes several moves while time stands.
    const px = goals ? Math.max(s.over(input.time), end + 12) : s.over(input.time);
    end = px;
    drawInput(x, k, input.kind, px, y);
    const room = (at + 1 < shown.length ? s.over(shown[at + 1].time) : s.x1 + 8) - px;
    const words = briefly(t.words, input);
    if (room > 22 + measure(x, k, words, { size: 13 }))
      text(x, k, words, px + 9, y + 4.5, { size: 13, color: k.ink2, halo: k.sheet });
  });
}
