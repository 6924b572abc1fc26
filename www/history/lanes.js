// A history on paper: a lane for each client with its operations as bars, and below them the one copy with the
// moments of a legal order.

import { h, setText } from "../dom.js";
import { chip, face, looks, named, says, what } from "./chips.js";
import { giveHand } from "./drag.js";
import { copy, isFailed } from "./moments.js";
import { tell } from "./say.js";
import { FOLD, ticks } from "./scale.js";

/**
 * @import { Op } from "./text.js"
 * @import { Hues } from "./chips.js"
 * @import { Told } from "./moments.js"
 * @import { Scale } from "./scale.js"
 * @import { Words } from "../words.js"
 * @typedef {{ ops: Op[], shown: number[], keys: string[], told: Told, row: number[] | null, ring: number[],
 *   hues: Hues, scale: Scale, words: Words, held: boolean }} Picture what is drawn: `row` is an order that does not
 *   keep to time, `ring` those that cannot be, `held` whether a hand holds a bar
 */

const SVG = "http://www.w3.org/2000/svg";
const TOP = 40;
/** On a narrow page the paper is moved sideways. */
const LEAST = 560;

/** @param {string} tag @param {Record<string, string | number>} props @param {string} [text] */
function s(tag, props, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

const line = (/** @type {string} */ kind, /** @type {number[]} */ [x1, y1, x2, y2]) =>
  s("line", { class: kind, x1, y1, x2, y2 });

/** @param {{ ops: () => Op[], show: (ops: Op[], done: boolean) => void }} hand */
export function makeLanes(hand) {
  const lines = s("svg", { class: "hv-lines", "aria-hidden": "true" });
  const over = s("svg", { class: "hv-lines over", "aria-hidden": "true" });
  const bars = h("div", { class: "hv-bars" });
  const marks = h("div", { class: "hv-marks", "aria-hidden": "true" });
  const help = h("p", { class: "seen-not", id: `hv-help-${Math.round(performance.now() * 1000)}` });
  const paper = h("div", { class: "hv-paper" }, lines, bars, over, marks);
  const names = h("div", { class: "hv-names", "aria-hidden": "true" });
  const scroll = h("div", { class: "hv-scroll" }, names, paper);
  const element = h("div", { class: "hv-lanes", role: "group" }, scroll, help);
  /** @type {Picture | null} */
  let last = null;
  /** @type {HTMLElement[]} */
  let known = [];
  const makeBars = (/** @type {number} */ n) => {
    known = Array.from({ length: n }, (_, at) => {
      const bar = h("div", { class: "hv-bar", role: "slider", tabindex: "0", "aria-describedby": help.id });
      giveHand(bar, { ops: hand.ops, at, k: () => last?.scale.k ?? 1, show: hand.show });
      return bar;
    });
    bars.replaceChildren(...known);
  };
  return {
    element,
    /** How wide the paper may be without being moved sideways. */
    room: () => Math.max(LEAST, scroll.clientWidth - names.offsetWidth - 24),
    /** Moves the paper sideways until a bar is to be seen. @param {number} at */
    reveal: (at) => {
      const bar = known[at];
      if (bar && scroll.scrollWidth > scroll.clientWidth)
        scroll.scrollLeft = bar.offsetLeft + names.offsetWidth - scroll.clientWidth * 0.6;
    },
    focus: (/** @type {number} */ at) => known[Math.min(at, known.length - 1)]?.focus(),
    draw: (/** @type {Picture} */ picture) => {
      last = picture;
      if (known.length !== picture.ops.length) makeBars(picture.ops.length);
      element.setAttribute("aria-label", tell(picture.words, "lanes"));
      setText(help, tell(picture.words, "bar-help"));
      const place = placesOf(picture);
      paper.style.width = `${picture.scale.width + 16}px`;
      paper.style.height = `${place.height}px`;
      writeNames(names, picture, place);
      for (const svg of [lines, over]) {
        svg.setAttribute("width", String(picture.scale.width + 16));
        svg.setAttribute("height", String(place.height));
      }
      const hung = threads(picture, place);
      const missed = drawMissed(picture, place);
      lines.replaceChildren(
        ...drawLines(picture, place),
        ...hung.lines,
        ...drawCopies(picture, place),
        ...missed.under,
      );
      over.replaceChildren(...hung.feet, ...missed.over);
      marks.replaceChildren(...copyChips(picture, place));
      known.forEach((bar, at) => drawBar(bar, at, picture, place));
    },
  };
}

/** @typedef {ReturnType<typeof placesOf>} Places */

/** Where lanes and copies stand. @param {Picture} picture */
function placesOf({ ops, keys, row }) {
  const clients = [...new Set(ops.map((op) => op.client))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const lane = clients.length <= 3 ? 84 : clients.length <= 5 ? 64 : 50;
  const high = lane < 64 ? 28 : 34;
  const y = (/** @type {string} */ client) => TOP + lane * (clients.indexOf(client) + 0.5);
  const first = TOP + lane * clients.length + (lane > 60 ? 36 : 26);
  const copies = row && !row.length ? [] : keys.map((key, at) => ({ key, y: first + at * 40 }));
  return { clients, lane, high, y, copies, height: first + (copies.length - 1) * 40 + 26 };
}

/** @param {HTMLElement} names @param {Picture} picture @param {Places} place */
function writeNames(names, { words, keys }, { clients, y, copies, height }) {
  names.style.height = `${height}px`;
  const name = (/** @type {string} */ text, /** @type {number} */ top, /** @type {string} */ kind) => {
    const element = h("span", { class: kind }, text);
    element.style.top = `${top}px`;
    return element;
  };
  const of = (/** @type {string} */ key) =>
    keys.length > 1 ? tell(words, "copy-of", { key }) : tell(words, "one-copy");
  names.replaceChildren(
    ...clients.map((client) => name(client, y(client), "hv-client")),
    ...copies.map(({ key, y }) => name(of(key), y, "hv-copy")),
  );
}

/** The axis, the lanes, and threads from bars to the copy. @param {Picture} picture @param {Places} place */
function drawLines(picture, place) {
  const { scale, words } = picture;
  const bottom = place.height - 6;
  const near = (/** @type {number} */ x) =>
    scale.parts.slice(1).some((part) => x > part.x - FOLD - 18 && x < part.x + 4);
  const axis = ticks(scale).flatMap((t, at) => {
    const x = scale.x(t);
    if (near(x)) return [];
    const text = s("text", { class: "tick", x: Math.max(x, 20), y: 16 }, at ? words.ms(t) : `${words.ms(t)} ms`);
    return [line("grid", [x, 26, x, bottom]), text];
  });
  const lanes = scale.parts.flatMap((part) => {
    const [from, to] = [part.x, part.x + (part.to - part.from) * scale.k];
    return place.clients.map((client) => line("lane", [from, place.y(client), to, place.y(client)]));
  });
  const folds = scale.parts
    .slice(1)
    .flatMap(({ x }) => [-4, 4].map((d) => line("fold", [x - FOLD / 2 + d - 4, 22, x - FOLD / 2 + d + 4, 6])));
  return [...axis, ...lanes, ...folds];
}

/** Where an operation's moment stands on the paper. @param {Picture} picture @returns {Map<number, number>} */
function momentsOf({ told, row, scale }) {
  if (!row) return new Map([...told.at].map(([op, t]) => [op, scale.x(t)]));
  const step = scale.width / (row.length + 1);
  return new Map(row.map((op, at) => [op, step * (at + 1)]));
}

/** @param {Picture} picture @param {Places} place */
function threads(picture, { y, high, copies }) {
  const { ops, shown, scale, row } = picture;
  const at = momentsOf(picture);
  /** @type {{ lines: Element[], feet: Element[] }} */
  const drawn = { lines: [], feet: [] };
  for (const i of shown) {
    const [to, lane] = [at.get(i), copies.find(({ key }) => key === ops[i].key)];
    if (to === undefined || !lane) continue;
    const middle = (scale.x(ops[i].call) + scale.x(ops[i].answer ?? scale.end)) / 2;
    const from = row ? middle : to;
    const foot = y(ops[i].client) + high / 2;
    drawn.lines.push(line("thread", [from, foot, to, lane.y]));
    drawn.feet.push(s("circle", { class: "foot", cx: from, cy: foot, r: 4.5 }));
  }
  return drawn;
}

/** The copies: what each holds, and the moments in their order. @param {Picture} picture @param {Places} place */
function drawCopies(picture, { copies }) {
  const { ops, told, scale, hues, row } = picture;
  const order = row ?? told.order;
  const at = momentsOf(picture);
  return copies.flatMap(({ key, y }) => {
    const held = row ? [] : copy(ops, told, key);
    const until = (/** @type {number} */ n) => held[n + 1]?.from ?? scale.end;
    const spans = held.flatMap(({ from, value }, n) =>
      scale.parts.flatMap((part) => {
        const [a, b] = [Math.max(from, part.from), Math.min(until(n), part.to)];
        return b > a
          ? [s("line", { class: "copy", "data-hue": hues(key, value), x1: scale.x(a), y1: y, x2: scale.x(b), y2: y })]
          : [];
      }),
    );
    const plain = row ? [s("line", { class: "copy", "data-hue": 0, x1: 0, y1: y, x2: scale.width, y2: y })] : [];
    const discs = order.flatMap((op, n) => {
      const x = at.get(op);
      if (ops[op].key !== key || x === undefined) return [];
      return [
        s("circle", { class: "disc", cx: x, cy: y, r: 9.5 }),
        s("text", { class: "number", x, y: y + 4.4 }, String(n + 1)),
      ];
    });
    return [...spans, ...plain, ...discs];
  });
}

/** Each new value of a copy, right of where it begins. @param {Picture} picture @param {Places} place */
function copyChips({ ops, told, scale, hues, row }, { copies }) {
  if (row) return [];
  return copies.flatMap(({ key, y }) => {
    const held = copy(ops, told, key).slice(1);
    const taken = [...told.at.values()].map((t) => scale.x(t));
    return held.map(({ from, value }) => {
      let x = scale.x(from) + 26;
      // Right of the discs that stand close behind it.
      for (const other of taken.sort((a, b) => a - b)) if (other > x - 26 + 1 && other < x + 22) x = other + 26;
      const element = chip(hues, key, value);
      [element.style.left, element.style.top] = [`${x}px`, `${y}px`];
      return element;
    });
  });
}

/**
 * A moment that lies outside its bar, and why: the way to it under the bars, the rest over them.
 * @param {Picture} picture @param {Places} place
 */
function drawMissed(picture, place) {
  const { ops, told, scale, row, shown } = picture;
  const { y, copies } = place;
  /** @type {{ under: Element[], over: Element[] }} */
  const drawn = { under: [], over: [] };
  if (row) return drawn;
  for (const missed of told.missed.filter(({ op }) => shown.includes(op))) {
    const { client, key, call, answer } = ops[missed.op];
    const [x, lane, bar] = [scale.x(missed.at), y(client), scale.x(call)];
    const below = copies.find((one) => one.key === key)?.y ?? lane;
    const [from, to, tip] = x < bar ? [bar - 8, x + 12, 9] : [scale.x(answer ?? scale.end) + 8, x - 12, -9];
    drawn.under.push(
      s("path", { class: "missed-way", d: `M${from} ${lane}H${to + tip / 2}` }),
      s("path", { class: "missed-head", d: `M${to} ${lane}l${tip} -5v10z` }),
      s("line", { class: "missed-thread", x1: x, y1: lane + 9, x2: x, y2: below - 8 }),
    );
    drawn.over.push(s("circle", { class: "missed", cx: x, cy: lane, r: 8.5 }));
    if (missed !== told.missed[0]) continue;
    drawn.over.push(...drawWhere(picture, place, missed), ...drawGap(picture, place, missed.op));
  }
  return drawn;
}

/**
 * Whether words at this place would cover a bar.
 * @param {Picture} picture @param {Places} place @param {number[]} box
 */
function covers({ ops, shown, scale }, { y, high }, [x1, y1, x2, y2]) {
  const hits = (/** @type {number} */ at) => {
    const { client, call, answer } = ops[at];
    const middle = y(client);
    const over = y1 < middle + high / 2 + 3 && y2 > middle - high / 2 - 3;
    return over && x1 < scale.x(answer ?? scale.end) && x2 > scale.x(call);
  };
  return shown.some(hits);
}

/**
 * Where its moment would have to be, in words, if there is room.
 * @param {Picture} picture @param {Places} place @param {Told["missed"][number]} missed
 */
function drawWhere(picture, place, { op, at, value }) {
  const { ops, scale, words } = picture;
  const [x, top] = [scale.x(at), place.y(ops[op].client) + place.high / 2];
  const fill = { key: ops[op].key, value: named(words, value) };
  const rows = ["missed-a", "missed-b"].map((key) => tell(words, key, fill));
  const wide = Math.max(...rows.map((row) => row.length)) * (words.lang === "zh" ? 13 : 7);
  const free = (/** @type {number} */ left, /** @type {number} */ right) =>
    left > 0 && right < scale.width && !covers(picture, place, [left, top + 12, right, top + 44]);
  const left = free(x - 13 - wide, x - 13);
  if (!left && !free(x + 13, x + 13 + wide)) return [];
  const props = { class: `missed-says ${left ? "left" : ""}`, x: x + (left ? -13 : 13) };
  return rows.map((row, n) => s("text", { ...props, y: top + 24 + n * 17 }, row));
}

/**
 * What was answered before the blamed read was called: that is why its moment is no good.
 * @param {Picture} picture @param {Places} place @param {number} blamed
 */
function drawGap(picture, place, blamed) {
  const { ops, ring, scale, words } = picture;
  const { y, high } = place;
  const read = ops[blamed];
  const before = ring
    .map((at) => ops[at])
    .filter((op) => op !== read && op.key === read.key && op.answer !== null && op.answer <= read.call)
    .sort((a, b) => Number(a.answer) - Number(b.answer))
    .at(-1);
  if (!before || before.client === read.client || before.answer === null) return [];
  const [a, b] = [scale.x(before.answer), scale.x(read.call)];
  const down = y(read.client) > y(before.client) ? 1 : -1;
  const [from, to] = [y(before.client) + (high / 2 + 5) * down, y(read.client) - (high / 2 + 5) * down];
  const turn = to - 12 * down;
  const elbow = s("path", { class: "gap", d: `M${a} ${from}V${turn}H${b}V${to}` });
  const top = down > 0 ? turn - 26 : turn + 4;
  const wide = 100;
  if (b + 9 + wide > scale.width + 30 || covers(picture, place, [b + 9, top, b + 9 + wide, top + 32])) return [elbow];
  const text = (/** @type {string} */ key, /** @type {number} */ n, /** @type {number} */ dy) =>
    s("text", { class: "missed-says", x: b + 9, y: top + dy }, tell(words, key, { n: words.ms(n) }));
  return [elbow, text("answered", before.answer, 12), text("called", read.call, 28)];
}

/** @param {HTMLElement} bar @param {number} at @param {Picture} picture @param {Places} place */
function drawBar(bar, at, picture, place) {
  const { ops, shown, scale, hues, keys, ring, words, told } = picture;
  const op = ops[at];
  bar.hidden = !shown.includes(at);
  const from = scale.x(op.call);
  const open = op.answer === null;
  const width = Math.max(6, scale.x(op.answer ?? scale.end) - from);
  const [style, top] = [bar.style, place.y(op.client) - place.high / 2];
  [style.left, style.top, style.width, style.height] = [`${from}px`, `${top}px`, `${width}px`, `${place.high}px`];
  const letters = op.kind.length + (keys.length > 1 ? op.key.length + 1 : 0);
  const narrow = width < letters * 8.6 + (op.kind === "cas" ? 80 : 52);
  const kinds = [looks(op), ring.includes(at) ? "ring" : "", told.blamed[0] === at ? "blamed" : ""];
  bar.className = `hv-bar ${kinds.join(" ")}${narrow ? " narrow" : ""}${open ? " open" : ""}`;
  const key = JSON.stringify([op.kind, op.key, op.value, op.result, keys.length, open, words.lang, narrow, kinds]);
  if (bar.dataset.face !== key) {
    bar.dataset.face = key;
    const edge = (/** @type {string} */ part) => h("i", { class: `hv-edge ${part}`, "data-edge": part });
    const note = open ? [h("span", { class: "hv-note" }, tell(words, "open-note"))] : [];
    const grip = h("span", { class: "hv-grip" }, tell(words, "drag"));
    bar.replaceChildren(
      ...face(hues, op, keys.length > 1),
      ...note,
      grip,
      edge("call"),
      ...(open ? [] : [edge("answer")]),
    );
  }
  bar.setAttribute("aria-label", `${op.client}, ${what(words, op)}`);
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", String(Math.ceil(Math.max(scale.end, op.call))));
  bar.setAttribute("aria-valuenow", String(op.call));
  bar.setAttribute("aria-valuetext", spoken(at, picture));
}

/**
 * What is said of a bar: its times, its moment, and whether it cannot be.
 * @param {number} at @param {Picture} picture
 */
function spoken(at, { ops, told, ring, words, row }) {
  const moment = row ? undefined : told.at.get(at);
  const missed = row ? undefined : told.missed.find(({ op }) => op === at);
  const parts = [says(words, ops[at])];
  if (moment !== undefined && !isFailed(ops[at]))
    parts.push(tell(words, "bar-moment", { n: words.ms(Math.round(moment)), at: told.order.indexOf(at) + 1 }));
  if (missed) parts.push(tell(words, "bar-missed", { n: words.ms(Math.round(missed.at)) }));
  if (ring.includes(at)) parts.push(tell(words, "bar-witness"));
  return parts.join("; ");
}
