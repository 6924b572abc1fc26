// The history view: lanes, levels and what is said of them, of any history of operations. It keeps to the element that
// it is given, and speaks the language of whoever shows it.

import { h, setText } from "../dom.js";
import { addIcons } from "../icons.js";
import { huesOf } from "./chips.js";
import { LEVELS } from "./judge.js";
import { makeLanes } from "./lanes.js";
import { makeLevels } from "./levels.js";
import { moments } from "./moments.js";
import { tell } from "./say.js";
import { endOf, makeScale } from "./scale.js";
import { makeSide } from "./side.js";

/**
 * @import { Op } from "./text.js"
 * @import { Judge, Verdicts } from "./judge.js"
 * @import { Words } from "../words.js"
 * @typedef {{ judge: Judge, words: Words, ops: Op[], stock?: string | null, whole?: boolean, note?: string,
 *   changed?: (view: { ops: Op[], verdicts: Verdicts, stock: string | null }) => void }} Wish
 */

/** While a bar is moved, a verdict must not take longer than a frame. */
const HELD = 20_000;
const BUDGET = 2_000_000;
/** More keys than these have no copy each. */
const KEYS = 3;

addIcons({ tick: ["M4 10.500l4 4 8-9"], cross: ["M5.500 5.500l9 9M14.500 5.500l-9 9"] });

/** @typedef {ReturnType<typeof begin>} State */

/** @param {Wish} wish */
function begin(wish) {
  const { ops, words, judge, stock = null, note = "" } = wish;
  const chosen = { level: /** @type {string} */ (LEVELS[0]), key: /** @type {string | null} */ (null), held: false };
  return { ops, first: ops, stock, words, note, ...chosen, verdicts: judge(ops), scale: makeScale(ops, 800) };
}

/** @param {HTMLElement} root @param {Wish} wish */
export function makeHistory(root, wish) {
  const state = begin(wish);
  const show = (
    /** @type {Op[]} */ ops,
    /** @type {boolean} */ done,
    stock = ops === state.first ? state.stock : null,
  ) => {
    const fewer = ops.length < state.ops.length;
    const verdicts = wish.judge(ops, done ? BUDGET : HELD);
    Object.assign(state, { ops, stock, held: !done, verdicts });
    draw(done);
    if (fewer) lanes.focus(ops.length - 1);
    if (done) wish.changed?.(state);
  };
  const take = (/** @type {Op[]} */ ops, /** @type {string | null} */ stock) => {
    if (stock !== null) Object.assign(state, { first: ops, key: null });
    show(ops, true, stock);
  };
  const choose = (/** @type {Partial<State>} */ chosen) => {
    Object.assign(state, chosen);
    draw(true);
  };
  const ways = { ops: () => state.ops, words: () => state.words, take };
  const lanes = makeLanes({ ops: ways.ops, show });
  const levels = makeLevels((level) => choose({ level }));
  const side = makeSide(ways, wish.whole ?? true);
  const bar = makeBar((key) => choose({ key }));
  const foot = makeFoot(() => show(state.first, true));
  const top = h("section", { class: "hv-sheet hv-top" }, bar.element, lanes.element, foot.element);
  root.classList.add("hv");
  root.replaceChildren(
    h("div", { class: "hv-page" }, h("div", { class: "hv-main" }, top, levels.element), side.element),
  );
  const draw = (/** @type {boolean} */ afresh) => {
    if (afresh) state.scale = makeScale(state.ops, lanes.room());
    const known = knownOf(state, wish.judge);
    for (const part of [lanes, levels, side, bar, foot]) part.draw(known);
  };
  const seen = new ResizeObserver(() => draw(!state.held));
  seen.observe(root);
  draw(true);
  const { told } = knownOf(state, wish.judge);
  if (told.blamed.length) lanes.reveal(told.blamed[0]);
  return {
    ops: ways.ops,
    verdicts: () => state.verdicts,
    take,
    redress: (/** @type {Words} */ words) => choose({ words }),
    stop: () => seen.disconnect(),
  };
}

/**
 * All that is drawn of it.
 * @param {State} state @param {Judge} judge
 */
function knownOf(state, judge) {
  const { ops, verdicts, words, level, scale, held, stock, note } = state;
  const all = [...new Set(ops.map((op) => op.key))];
  // Of many keys the one that something is wrong with.
  const [wrong] = verdicts.linearizable.witnesses;
  const first = wrong === undefined ? all[0] : ops[wrong].key;
  const chosen = state.key !== null && all.includes(state.key) ? state.key : all.length > KEYS ? first : null;
  const keys = chosen === null ? all : [chosen];
  const told = moments(ops, verdicts, judge, Math.max(scale.end, endOf(ops)), held ? HELD : BUDGET);
  const shown = ops.map((_, at) => at).filter((at) => keys.includes(ops[at].key));
  const { order, witnesses } = verdicts[level];
  const row = level === LEVELS[0] ? null : (order?.filter((at) => shown.includes(at)) ?? []);
  const drawn = { ops, shown, keys, told, row, ring: witnesses, hues: huesOf(ops), scale, words, held };
  const edited = ops !== state.first;
  return { ...drawn, verdicts, level, stock, note, edited, all, chosen, several: all.length > 1 };
}

/** @typedef {ReturnType<typeof knownOf>} Known */

/** Which key is shown, where there are several. @param {(key: string | null) => void} choose */
function makeBar(choose) {
  const keys = h("div", { class: "hv-keys", role: "group" });
  const note = h("span", { class: "hv-quiet" });
  const element = h("div", { class: "hv-bar-top" }, keys, note);
  let before = "";
  const draw = (/** @type {Known} */ { words, all, chosen, note: said, several }) => {
    setText(note, said);
    keys.hidden = !several;
    const key = JSON.stringify([all, chosen, words.lang]);
    if (key === before) return;
    before = key;
    keys.setAttribute("aria-label", tell(words, "key"));
    const one = (/** @type {string | null} */ key) => {
      const props = { type: "button", "aria-pressed": String(chosen === key), onclick: () => choose(key) };
      return h("button", props, key ?? tell(words, "all"));
    };
    const together = all.length <= KEYS ? [one(null)] : [];
    keys.replaceChildren(h("span", { "aria-hidden": "true" }, tell(words, "key")), ...all.map(one), ...together);
  };
  return { element, draw };
}

/** What the signs mean, whether the history is another than it was, and the way back. @param {() => void} reset */
function makeFoot(reset) {
  const part = (/** @type {string} */ look, /** @type {string} */ key) => {
    const text = h("span", {});
    return { key, text, element: h("span", { class: "hv-legend-one" }, h("i", { class: `hv-look ${look}` }), text) };
  };
  const parts = [
    part("put", "legend-put"),
    part("get", "legend-get"),
    part("disc", "legend-moment"),
    part("missed", "legend-missed"),
  ];
  const legend = h("p", { class: "hv-legend", "aria-hidden": "true" }, ...parts.map((one) => one.element));
  const sign = h("b", { class: "hv-edited" });
  const back = h("button", { type: "button", class: "btn quiet", onclick: reset });
  const element = h("div", { class: "hv-foot" }, legend, sign, back);
  const draw = (/** @type {Known} */ { words, told, level, edited }) => {
    for (const { key, text } of parts) setText(text, tell(words, key));
    parts[3].element.hidden = !told.missed.length || level !== LEVELS[0];
    [sign.hidden, back.hidden] = [!edited, !edited];
    setText(sign, tell(words, "edited"));
    setText(back, tell(words, "reset"));
  };
  return { element, draw };
}
