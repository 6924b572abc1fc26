// Time: an overview of the whole run over a brushed detail. The stage is the cross-section of
// the detail at now, and right of now is empty: it is not computed yet.

import { progress } from "../aloft.js";
import { moment, tickAt } from "../moment.js";
import { hatch, line, measure, node, polyline, round, silhouette, text } from "./glyphs.js";
import { message } from "./messages.js";
import { ink } from "./tokens.js";
import { drawCharts } from "./chart.js";
import { drawFlights, lineOf } from "./flown.js";
import { moreOf } from "../more.js";
import { overview } from "./overview.js";
import { scale, tick } from "./scale.js";
import { jagged } from "./jag.js";
import { timesOf } from "./spans.js";

/**
 * @import { Frame } from "../pkg/synod.js"
 * @import { Span } from "../chronicle.js"
 * @import { Tokens } from "./tokens.js"
 * @import { Scale, Times } from "./scale.js"
 */

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t */
export function drawDiagram(x, k, t) {
  // Without width there are no ticks, and no end of them.
  if (t.W < 24) return;
  const s = scale(t);
  const sheet = { x: 6, y: 2, w: t.W - 12, h: t.H - 4 };
  x.clearRect(0, 0, t.W, t.H);
  x.save();
  round(x, sheet.x, sheet.y, sheet.w, sheet.h - 6, 10);
  x.clip();
  brush(x, k, t, s);
  overview(x, k, t, s);
  if (hasLanes(t)) detail(x, k, t, s);
  else charts(x, k, t, s);
  playhead(x, k, t, s);
  x.restore();
}

/** More lanes than these cannot be told apart. */
const MOST_LANES = 24;
/** @param {{ frame: Frame }} t */
const hasLanes = (t) => t.frame.nodes.length > 0 && t.frame.nodes.length <= MOST_LANES;

/**
 * Where lanes would be too many, how the totals went.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 */
function charts(x, k, t, s) {
  drawCharts(x, k, t.frame.series, t, { left: 24, top: s.top + 34, w: t.W - 64, h: s.bottom - s.top - 40 });
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s */
function brush(x, k, t, s) {
  const [a, b] = [s.over(s.from), Math.min(s.over(s.to), t.W - 7)];
  const low = s.top + 26;
  x.beginPath();
  if (!hasLanes(t)) {
    x.rect(a, 8, b - a, s.top - 8);
    x.fillStyle = k.well;
    x.fill();
    line(x, s.x0 - 80, s.top + 4, t.W - 24, s.top + 4, k.hair);
    return;
  }
  for (const [px, py] of [
    [a, 8],
    [b, 8],
    [b, s.top],
    [t.W - 7, low],
    [t.W - 7, t.H - 9],
    [s.x0 - 8, t.H - 9],
    [s.x0 - 8, low],
    [a, s.top],
  ])
    x.lineTo(px, py);
  x.closePath();
  x.fillStyle = k.well;
  x.fill();
  for (const [top, bottom] of [
    [a, s.x0 - 8],
    [b, t.W - 7],
  ]) {
    line(x, top, 8, top, s.top, k.rule);
    line(x, top, s.top, bottom, low, k.rule);
  }
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s */
function detail(x, k, t, s) {
  const y = (/** @type {number} */ i) => s.first + i * s.lane;
  const { lanes } = s;
  const step = tick(t.span, (s.x1 - s.x0) / 100, t.protocol.seconds);
  for (let time = Math.ceil(s.from / step) * step; time <= s.to; time += step) {
    line(x, s.at(time), s.top + 38, s.at(time), s.bottom - 2, k.hair);
    if (s.ruled) continue;
    text(x, k, tickAt(t.protocol, t.words, time), s.at(time), s.top + 33, {
      size: 12,
      align: "center",
      color: k.ink3,
    });
  }
  detailTears(x, k, t, s, y);
  x.save();
  x.beginPath();
  x.rect(s.x0 - 1, s.first - 10, s.at(t.now) - s.x0 + 1, t.H);
  x.clip();
  const flying = t.frame.messages.filter((one) => one.fate !== "lost").map((one) => ({ ...one, ended: null, lost: 0 }));
  const ended = t.chronicle.flights.filter((flight) => Math.max(flight.ended, flight.arrives) > s.from);
  drawFlights(
    x,
    k,
    t,
    [...ended, ...flying].flatMap((flight) => lineOf(s, flight, lanes, y) ?? []),
  );
  x.restore();
  for (const [id, lane] of lanes) {
    const taken = commitsOn(t, s, id);
    for (const span of t.chronicle.lanes[id] ?? []) drawSpan(x, k, t, s, span, y(lane), taken);
  }
  timesOf(t.chronicle.spans, moreOf(t.frame), t.again ?? (() => {}))?.drawSpans(x, k, t, s, lanes, y);
  detailMarks(x, k, t, s, lanes, y);
  laneNames(x, k, t, s, y);
  placeNames(x, k, t, s, y);
  onPlayhead(x, k, t, s, lanes, y);
}

/** Where commits stand on a lane, in order. @param {Times} t @param {Scale} s @param {number} id */
function commitsOn(t, s, id) {
  const found = [];
  const { marks } = t.chronicle;
  for (let at = 0; at < marks.length; at += 6) {
    if (marks[at + 2] === 2 && marks[at + 5] === id && marks[at] >= s.from && marks[at] <= t.now)
      found.push(s.at(marks[at]));
  }
  return found;
}

/**
 * Thin follows, hatched asks, solid commands, grey hatch is down.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {Span} span
 * @param {number} y
 * @param {number[]} taken where commits stand on it
 */
function drawSpan(x, k, t, s, span, y, taken) {
  const [a, b] = [Math.max(s.at(span.from), s.x0), Math.min(s.at(Math.min(span.to, t.now)), s.at(t.now))];
  const w = b - a;
  if (w <= 0) return;
  const hue = ink(k, span.epoch);
  const authority = t.protocol.roles[span.role]?.authority;
  const path = () => round(x, a, y - 7, w, 14, 2);
  if (span.status === 1 || span.status === 3) {
    hatch(x, path, [a, y - 7, w, 14], k.dead, 4, 1.2);
    path();
    x.setLineDash([4, 3]);
    x.strokeStyle = k.ghost;
    x.lineWidth = 1;
    x.stroke();
    x.setLineDash([]);
  } else if (authority === "commands") {
    path();
    x.fillStyle = hue.fill;
    x.fill();
    const words = t.words.read(t.protocol.epoch.named).replace("{n}", String(span.epoch));
    const wide = measure(x, k, words, { size: 12, weight: 700 });
    // The name stands in the first gap between commits that has room for it.
    const left = taken.reduce((at, px) => (px > at - 12 && px < at + wide + 12 ? px + 13 : at), a + 8);
    if (left + wide + 6 < b) text(x, k, words, left, y + 4.3, { size: 12, weight: 700, color: hue.on });
  } else if (authority === "asks") {
    path();
    x.fillStyle = k.sheet;
    x.fill();
    hatch(x, path, [a, y - 7, w, 14], hue.tint, 4, 2);
    path();
    x.strokeStyle = hue.fill;
    x.lineWidth = 1.5;
    x.stroke();
  } else line(x, a, y, b, y, span.status === 2 ? k.ghost : hue.fill, 3, span.status === 2 ? [4, 4] : undefined);
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {Map<number, number>} lanes
 * @param {(i: number) => number} y
 */
function detailMarks(x, k, t, s, lanes, y) {
  const marks = t.chronicle.marks;
  for (let at = 0; at < marks.length; at += 6) {
    const [time, , glyph, epoch, number, id] = marks.subarray(at, at + 6);
    const lane = lanes.get(id);
    if (glyph !== 2 || lane === undefined || time < s.from || time > t.now) continue;
    const [px, py, hue] = [s.at(time), y(lane), ink(k, epoch)];
    round(x, px - 9, py - 9, 18, 18, 3);
    x.fillStyle = hue.fill;
    x.fill();
    x.strokeStyle = k.sheet;
    x.lineWidth = 2;
    x.stroke();
    text(x, k, String(number), px, py + 4.4, {
      size: number > 99 ? 9 : 12,
      weight: 700,
      align: "center",
      color: hue.on,
    });
  }
}

/**
 * The tear runs between lanes for as long as the cut lasts.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {(i: number) => number} y
 */
function detailTears(x, k, t, s, y) {
  const cuts = t.inputs.filter((input) => input.kind === "partition" || input.kind === "heal");
  cuts.forEach((cut, i) => {
    if (cut.kind !== "partition" || cut.time > t.now) return;
    const until = cuts.slice(i + 1)[0]?.time ?? Infinity;
    const [a, b] = [Math.max(s.at(cut.time), s.x0 - 8), Math.min(s.at(until), s.at(t.now) + 40, t.W - 8)];
    if (b <= a) return;
    const side = [...s.lanes].map(([id, at]) => ({ at, on: cut.groups?.findIndex((group) => group.includes(id)) }));
    for (let lane = 0; lane + 1 < side.length; lane++) {
      if (side[lane].on === side[lane + 1].on) continue;
      const middle = (y(side[lane].at) + y(side[lane + 1].at)) / 2;
      const path = jagged(
        [
          [a, middle],
          [b, middle],
        ],
        t.seed + lane,
        5,
      );
      const width = (/** @type {number[]} */ p) =>
        Math.min(4.5, s.lane * 0.12, Math.max(0, p[0] - s.at(cut.time)) * 0.14 + 0.4);
      const [top, bottom] = [path.map((p) => [p[0], p[1] - width(p)]), path.map((p) => [p[0], p[1] + width(p)])];
      x.beginPath();
      for (const [px, py] of [...top, ...[...bottom].reverse()]) x.lineTo(px, py);
      x.closePath();
      x.fillStyle = k.page;
      x.fill();
      polyline(x, top, k.lip, 1);
      polyline(x, bottom, k.lip, 1);
    }
  });
}

/**
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {(i: number) => number} y
 */
function laneNames(x, k, t, { lane, lanes }, y) {
  const narrow = t.W < 560;
  // Names of lanes that lie close stand clear of one another.
  const size = lane < 18 ? Math.max(8, Math.min(12, lane * 1.05)) : 16;
  for (const one of t.frame.nodes) {
    const at = lanes.get(one.id) ?? 0;
    const role = t.protocol.roles.find((role) => role.id === one.role);
    if (!narrow) {
      node(x, k, {
        cx: 32,
        cy: y(at),
        r: Math.min(12, Math.max(4, lane * 0.5 - 4.5)),
        shape: role?.shape ?? "circle",
        authority: one.authority,
        crest: false,
        epoch: one.epoch.value,
        hue: ink(k, one.epoch.value),
        status: one.status === "paused" ? "up" : one.status,
        left: null,
        truth: null,
        tally: null,
        grow: 1,
        focus: false,
        alarm: false,
      });
    }
    text(x, k, one.name, narrow ? 22 : 54, y(at) + (lane < 18 ? size / 3 : 5.5), { size, weight: 700 });
  }
}

/**
 * The name of each place over its lanes, under a line.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {(i: number) => number} y
 */
function placeNames(x, k, t, s, y) {
  for (const { at, place } of s.heads) {
    const name = typeof place.name === "string" ? place.name : t.words.read(place.name);
    if (at > 0) line(x, 14, y(at) - s.lane * 0.5, t.W - 16, y(at) - s.lane * 0.5, k.hair);
    text(x, k, name, 20, y(at) + s.lane * 0.02, { size: 12, color: k.ink2, halo: k.sheet });
  }
}

/**
 * Every message in flight rides the playhead.
 * @param {CanvasRenderingContext2D} x
 * @param {Tokens} k
 * @param {Times} t
 * @param {Scale} s
 * @param {Map<number, number>} lanes
 * @param {(i: number) => number} y
 */
function onPlayhead(x, k, t, s, lanes, y) {
  line(x, s.at(t.now), s.top + 26, s.at(t.now), s.bottom, k.ink, 1.5);
  for (const one of t.frame.messages) {
    const from = typeof one.from === "number" ? lanes.get(one.from) : undefined;
    const to = typeof one.to === "number" ? lanes.get(one.to) : undefined;
    if (one.fate !== "flying" || one.quiet || from === undefined || to === undefined) continue;
    const u = progress(one, t.now);
    const angle = Math.atan2(y(to) - y(from), s.at(one.arrives) - s.at(one.sent));
    x.save();
    x.translate(s.at(t.now), y(from) + (y(to) - y(from)) * u);
    silhouette(x, "circle", 0, 0, 9);
    x.fillStyle = k.well;
    x.fill();
    x.rotate(angle);
    message(x, k, one.tone, ink(k, one.epoch), 14, { angle, reply: one.reply });
    x.restore();
  }
}

/** @param {CanvasRenderingContext2D} x @param {Tokens} k @param {Times} t @param {Scale} s */
function playhead(x, k, t, s) {
  const px = s.over(t.now);
  line(x, px, 10, px, s.top, k.ink, 1.5);
  if (hasLanes(t)) line(x, px, s.top, s.at(t.now), s.top + 26, k.ink, 1.5);
  const words = moment(t.protocol, t.words, t.now);
  const width = measure(x, k, words, { size: 13, weight: 700 }) + 16;
  const left = Math.max(8, Math.min(t.W - width - 8, px - width / 2));
  round(x, left, 5, width, 20, 5);
  x.fillStyle = k.ink;
  x.fill();
  text(x, k, words, left + width / 2, 19.5, { size: 13, weight: 700, align: "center", color: k.sheet });
}
