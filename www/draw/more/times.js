// What some protocols add to the time diagram: writes to disk, windows in which a node may not decide alone, waits,
// phases, moments that hold for all, and a term by two clocks.

import { lasting, tickAt } from "../../moment.js";
import { moreOf, rulersIn } from "../../more.js";
import { hatch, line, measure, round, text } from "../glyphs.js";
import { tick } from "../scale.js";
import { inkOf, lock } from "./glyphs.js";
import { tell } from "./say.js";

/**
 * @import { Grant, Moment, Spans, Stretch } from "../../more.js"
 * @import { Scale, Times } from "../scale.js"
 * @import { Ink, Tokens } from "../tokens.js"
 * @typedef {CanvasRenderingContext2D} Ctx
 * @typedef {{ x: Ctx, k: Tokens, t: Times, s: Scale, lanes: Map<number, number>, y: (i: number) => number }} Desk
 */

const [WINDOW, WAIT] = [16, 12];
const BOLD = /** @type {const} */ ({ size: 12, weight: 700 });

/** Where a stretch lies, or nothing where it is out of sight. @param {Desk} desk @param {Stretch} one */
function where({ t, s, lanes, y }, one) {
  const lane = lanes.get(one.node);
  const until = Math.min(one.until ?? t.now, t.now);
  if (lane === undefined || one.from > t.now || until < s.from) return null;
  const [a, b] = [Math.max(s.at(one.from), s.x0), s.at(until)];
  return {
    a,
    w: Math.max(1, b - a),
    y: y(lane),
    open: one.until === null || one.until === undefined || one.until > t.now,
  };
}

/**
 * A hatched bar; its right end is open while it lasts.
 * @param {Desk} desk @param {number[]} box @param {Ink} hue @param {boolean} open
 */
function bar({ x, k }, [left, top, w, h], hue, open) {
  const path = () => round(x, left + 0.75, top + 0.75, Math.max(1, w - 1.5), h - 1.5, 2);
  path();
  x.fillStyle = k.sheet;
  x.fill();
  hatch(x, path, [left, top, w, h], hue.tint, 5, 2.4);
  x.strokeStyle = hue.fill;
  x.lineWidth = 1.5;
  x.beginPath();
  x.moveTo(left + w, top + 0.75);
  x.lineTo(left + 0.75, top + 0.75);
  x.lineTo(left + 0.75, top + h - 0.75);
  x.lineTo(left + w, top + h - 0.75);
  if (!open) x.closePath();
  x.stroke();
}

/**
 * Words in a bar, if they fit.
 * @param {Desk} desk @param {string} words @param {number} left @param {number} right @param {number} base
 */
function inside({ x, k }, words, left, right, base) {
  if (words && measure(x, k, words, BOLD) < right - left - 4) text(x, k, words, left, base, { ...BOLD, halo: k.sheet });
}

/** @param {Desk} desk @param {Spans} spans */
function stretches(desk, spans) {
  const { x, k, t, s } = desk;
  const words = (/** @type {Stretch} */ one) => (one.word ? t.words.read(one.word) : "");
  for (const one of spans.phases ?? []) {
    const at = where(desk, one);
    if (!at) continue;
    bar(desk, [at.a, at.y - WINDOW / 2, at.w, WINDOW], inkOf(k, one.epoch), at.open);
    inside(desk, words(one), at.a + 6, at.a + at.w, at.y + 4.3);
  }
  // Words of windows begin right of the moment that they wait for, so that they stand in one column.
  const last = (spans.moments ?? []).filter((one) => one.time <= t.now && s.at(one.time) > s.x0).at(-1);
  for (const one of spans.windows ?? []) {
    const at = where(desk, one);
    if (!at) continue;
    const hue = inkOf(k, one.epoch);
    bar(desk, [at.a, at.y - WINDOW / 2, at.w, WINDOW], hue, at.open);
    if (at.w > 22) lock(x, k, at.a + 10, at.y - 0.5, 10, hue.fill);
    const from = last ? Math.max(at.a + 20, s.at(last.time) + 7) : at.a + 20;
    const room = at.a + at.w - from;
    inside(desk, words(one), room > 40 ? from : at.a + 20, at.a + at.w, at.y + 4.3);
  }
  for (const one of spans.waits ?? []) {
    const at = where(desk, one);
    if (!at) continue;
    const top = at.y + WINDOW / 2 + 1;
    bar(desk, [at.a, top, at.w, WAIT], inkOf(k, one.epoch), at.open);
    const said = words(one);
    const style = /** @type {const} */ ({ size: 11, weight: 700 });
    if (said && measure(x, k, said, style) < at.w - 8)
      text(x, k, said, at.a + 5, top + 9.6, { ...style, halo: k.sheet });
  }
  for (const one of spans.writes ?? []) {
    const at = where(desk, one);
    if (!at) continue;
    x.beginPath();
    x.moveTo(at.a, at.y + WINDOW / 2);
    x.lineTo(at.a + at.w, at.y - WINDOW / 2);
    x.lineTo(at.a + at.w, at.y + WINDOW / 2);
    x.closePath();
    x.fillStyle = k.ink;
    x.fill();
  }
}

/**
 * Moments that hold for all, from the ruler through every lane; of one node, across its lane.
 * @param {Desk} desk @param {Moment[]} moments
 */
function markMoments({ x, k, t, s, lanes, y }, moments) {
  let end = -Infinity;
  for (const one of moments) {
    const px = s.at(one.time);
    if (one.time > t.now || px < s.x0) continue;
    const lane = one.node === null || one.node === undefined ? undefined : lanes.get(one.node);
    const [top, bottom] = lane === undefined ? [s.top + 38, s.bottom - 2] : [y(lane) - 13, y(lane) + 13];
    line(x, px, top, px, bottom, k.ink, 1.5);
    const words = t.words.read(one.word);
    const style = { size: 13, weight: 700, halo: k.well };
    const wide = measure(x, k, words, style);
    // What lies right of now is empty: there the words stand left of their line.
    const left = px + 3 + wide > Math.min(s.x1, s.at(t.now)) ? px - 4 - wide : px + 3;
    if (lane !== undefined || left - 3 < Math.max(end, s.x0 - 4)) continue;
    const [from, to] = giveWay({ x, k, t, s }, left - 5, left + wide + 5);
    x.fillStyle = k.well;
    x.fillRect(from, s.top + 22, to - from, 15);
    text(x, k, words, left, s.top + 33, style);
    end = Math.max(px, left + wide + 7);
  }
}

/**
 * Numbers on the ruler that words would cover give way, whole: from where to where it is cleared.
 * @param {Pick<Desk, "x" | "k" | "t" | "s">} desk @param {number} from @param {number} to @returns {[number, number]}
 */
function giveWay({ x, k, t, s }, from, to) {
  if (s.ruled) return [from, to];
  const step = tick(t.span, (s.x1 - s.x0) / 100, t.protocol.seconds);
  let [left, right] = [from, to];
  for (let time = Math.ceil(s.from / step) * step; time <= s.to; time += step) {
    const half = measure(x, k, tickAt(t.protocol, t.words, time), { size: 12 }) / 2 + 1;
    const at = s.at(time);
    if (at + half < from || at - half > to) continue;
    [left, right] = [Math.min(left, at - half), Math.max(right, at + half)];
  }
  return [left, right];
}

/** The clock of a node at a time, in ms. @param {Times} t @param {number} id */
function clockOf(t, id) {
  const clock = t.frame.nodes.find((one) => one.id === id)?.clock;
  const [rate, offset] = [1 + (clock?.rate ?? 0), clock?.offset ?? 0];
  // From now backwards, as its rate may have been another before.
  const reads = t.now + offset;
  return {
    reads: (/** @type {number} */ time) => reads + (time - t.now) * rate,
    when: (/** @type {number} */ says) => t.now + (says - reads) / rate,
  };
}

/** A round distance between ticks. @param {number} span @param {number} wide */
function every(span, wide) {
  const rough = (span * 90) / Math.max(1, wide);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough) ?? rough;
}

/**
 * @param {Desk} desk @param {number} at where it stands @param {number} node whose clock it is @param {1 | -1} up
 * where its numbers are @param {number} hot the end of the term
 */
function ruler({ x, k, t, s }, at, node, up, hot) {
  const clock = clockOf(t, node);
  const end = s.at(t.now);
  line(x, s.x0, at, end, at, k.ink3, 1.25);
  const step = every(s.to - s.from, s.x1 - s.x0);
  const hotSays = Math.round(clock.reads(hot) * 10) / 10;
  for (let says = Math.ceil(clock.reads(s.from) / step) * step; clock.when(says) <= t.now; says += step) {
    const px = s.at(clock.when(says));
    line(x, px, at, px, at - up * 6, k.ink, 1.5);
    if (end - px < 24 || px < s.x0 + 4 || Math.abs(px - s.at(hot)) < 34) continue;
    const style = /** @type {const} */ ({ size: 12, align: "center" });
    text(x, k, tickAt(t.protocol, t.words, says), px, up > 0 ? at - 9 : at + 17, { ...style, color: k.ink3 });
  }
  const px = s.at(hot);
  if (hot > t.now || px < s.x0 + 4) return;
  line(x, px, at, px, at - up * 8, k.ink, 2);
  text(x, k, tickAt(t.protocol, t.words, hotSays), px, up > 0 ? at - 9 : at + 17, { ...BOLD, align: "center" });
}

/**
 * Two rulers over one term: whoever gave it must honour it longer than its holder believes in it.
 * @param {Desk} desk @param {Grant} grant @param {number} top
 */
function rulers(desk, grant, top) {
  const { x, k, t, s } = desk;
  const name = (/** @type {number} */ id) => t.frame.nodes.find((one) => one.id === id)?.name ?? String(id);
  const fill = { issuer: name(grant.issuer), holder: name(grant.holder), token: grant.token };
  const hue = inkOf(k, grant.token);
  const [high, half] = [top + 18, 15];
  const low = high + 8 + 2 * half + 3 + 8;
  const at = (/** @type {number} */ time) => Math.max(s.x0, s.at(Math.min(time, t.now)));
  text(x, k, tell(t.words, "clock", { name: fill.issuer }), 22, high + 2, { size: 12.5, weight: 600 });
  text(x, k, tell(t.words, "granted", fill), 22, high + 27, { size: 12.5, color: k.ink2 });
  text(x, k, tell(t.words, "clock", { name: fill.holder }), 22, low + 4, { size: 12.5, weight: 600 });
  ruler(desk, high, grant.issuer, 1, grant.until);
  ruler(desk, low, grant.holder, -1, grant.believedUntil);
  const y = high + 8;
  const [a, end, kept] = [at(grant.from), at(grant.until), at(grant.until + grant.slack)];
  round(x, a, y, Math.max(1, end - a), half, 2);
  x.fillStyle = hue.fill;
  x.fill();
  const words = tell(t.words, "honours", fill);
  if (measure(x, k, words, BOLD) < end - a - 12) text(x, k, words, a + 6, y + 11.4, { ...BOLD, color: hue.on });
  if (kept - end > 1) {
    const path = () => round(x, end + 0.75, y + 0.75, kept - end - 1.5, half - 1.5, 1);
    path();
    x.fillStyle = k.sheet;
    x.fill();
    hatch(x, path, [end, y, kept - end, half], hue.fill, 4, 1.4);
    path();
    x.strokeStyle = hue.fill;
    x.lineWidth = 1.5;
    x.stroke();
    if (kept - end > 14)
      text(x, k, "ε", (end + kept) / 2, y + 12, { size: 13, weight: 700, align: "center", halo: k.sheet });
  }
  const [under, believed] = [y + half + 3, at(grant.believedUntil)];
  round(x, a + 0.75, under + 0.75, Math.max(1, believed - a - 1.5), half - 1.5, 2);
  x.fillStyle = hue.tint;
  x.fill();
  x.strokeStyle = hue.fill;
  x.lineWidth = 1.5;
  x.stroke();
  const spare = grant.until + grant.slack - grant.believedUntil;
  if (spare < 0 && believed > kept) {
    round(x, kept, under, believed - kept, half, 2);
    x.fillStyle = k.alarm;
    x.fill();
  }
  const holds = tell(t.words, "holds", fill);
  if (measure(x, k, holds, BOLD) < believed - a - 12) text(x, k, holds, a + 6, under + 11.4, BOLD);
  const gap = tell(t.words, spare < 0 ? "short" : "spare", { n: lasting(t.protocol, t.words, Math.abs(spare)) });
  const right = Math.max(kept, believed) + 7;
  const color = spare < 0 ? k.alarm : k.ink;
  if (
    Math.min(grant.until + grant.slack, grant.believedUntil) <= t.now &&
    right + measure(x, k, gap, BOLD) < s.at(t.now)
  )
    text(x, k, gap, right, y + half + 6, { ...BOLD, color, halo: k.well });
  for (const time of [grant.until, grant.until + grant.slack])
    if (time <= t.now && s.at(time) > s.x0) line(x, s.at(time), low + 22, s.at(time), s.bottom, k.ghost, 1, [2, 4]);
}

/**
 * The last term of which one of both ends came, and can be seen or is not the other's yet: there two clocks matter.
 * @param {Times} t @param {Scale} s @returns {Grant | undefined}
 */
function endedIn(t, s) {
  return moreOf(t.frame).grants?.findLast((one) => {
    const [first, last] = [one.until + one.slack, one.believedUntil].sort((a, b) => a - b);
    return first <= t.now && (last > t.now || first > s.from + (t.now - s.from) / 8);
  });
}

/**
 * Who was granted what and when, in its row of the overview: bars with gaps between.
 * @param {Ctx} x @param {Tokens} k @param {Times} t @param {Scale} s @param {number} y
 */
export function drawGrants(x, k, t, s, y) {
  for (const one of moreOf(t.frame).grants ?? []) {
    const until = Math.min(one.until, t.now);
    if (until < one.from) continue;
    const [a, b, hue] = [s.over(one.from), s.over(until), inkOf(k, one.token)];
    round(x, a, y - 7, Math.max(2, b - a - 1), 14, 2);
    x.fillStyle = hue.fill;
    x.fill();
    const holder = t.frame.nodes.find(({ id }) => id === one.holder)?.name ?? "";
    const words = [`${one.token} ${holder}`, String(one.token)].find((all) => measure(x, k, all, BOLD) < b - a - 8);
    if (words) text(x, k, words, a + 5, y + 4.3, { ...BOLD, color: hue.on });
  }
}

/**
 * All of it, over the lanes.
 * @param {Ctx} x @param {Tokens} k @param {Times} t @param {Scale} s @param {Map<number, number>} lanes
 * @param {(i: number) => number} y
 */
export function drawSpans(x, k, t, s, lanes, y) {
  const desk = { x, k, t, s, lanes, y };
  const spans = t.chronicle.spans;
  x.save();
  x.beginPath();
  x.rect(0, s.top + 20, s.at(t.now) + 1, t.H);
  x.clip();
  if (spans) {
    stretches(desk, spans);
    markMoments(desk, spans.moments ?? []);
  }
  const newest = rulersIn(moreOf(t.frame), t.now, t);
  if (newest) rulers(desk, endedIn(t, s) ?? newest, s.rulers);
  x.restore();
}
