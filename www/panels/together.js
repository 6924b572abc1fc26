// The concurrency sets of Skeen (1981): which states were there at one time, in this run and, found bit by bit while
// time stands, in the same run under other seeds.

import { h } from "../dom.js";
import { tell } from "../draw/more/say.js";

/**
 * @import { Together } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @typedef {Together["states"][number]} State
 * @typedef {{ key: string, states: Map<string, State>, here: Set<string>, there: Set<string>, done: number,
 *   timer: ReturnType<typeof setTimeout> | undefined }} Found
 */

/** So many other seeds, so many ms at a time, and so long after the last change. */
const [SEEDS, SHARE, CALM] = [200, 8, 250];

/** What was found for each stage. @type {WeakMap<HTMLElement, Found>} */
const found = new WeakMap();

/** @param {string} one @param {string} other */
const pair = (one, other) => [one, other].sort().join(" ");

/** @param {Lab} lab @param {HTMLElement} body */
export function fill(lab, body) {
  const before = found.get(body);
  clearTimeout(before?.timer);
  const key = JSON.stringify([lab.frame.time, lab.sim.config, lab.sim.done()]);
  if (before?.key === key) {
    show(lab, body, before);
    if (before.done < SEEDS) before.timer = setTimeout(() => others(lab, body, before), CALM);
    return;
  }
  const next = { key, states: new Map(), here: new Set(), there: new Set(), done: 0, timer: undefined };
  found.set(body, next);
  next.timer = setTimeout(() => {
    add(next, lab.sim.together(), next.here);
    show(lab, body, next);
    others(lab, body, next);
  }, CALM);
  if (!before) show(lab, body, next);
}

/** @param {Found} to @param {Together} seen @param {Set<string>} pairs */
function add(to, seen, pairs) {
  for (const state of seen.states) if (!to.states.has(state.id)) to.states.set(state.id, state);
  for (const [one, other] of seen.pairs) pairs.add(pair(one, other));
}

/** Goes on with the other seeds while nobody else needs the time. @param {Lab} lab @param {HTMLElement} body @param {Found} to */
function others(lab, body, to) {
  if (found.get(body) !== to || !body.isConnected || lab.playing) return;
  const until = performance.now() + SHARE;
  while (to.done < SEEDS && performance.now() < until) {
    add(to, lab.sim.together(to.done), to.there);
    to.done += 1;
  }
  if (to.done % 20 === 0 || to.done === SEEDS) show(lab, body, to);
  if (to.done < SEEDS) to.timer = setTimeout(() => others(lab, body, to), SHARE);
}

/** States that are no decision, and were there with a commit and with an abort. @param {State[]} states @param {Found} of */
function blocking(states, of) {
  const lit = (/** @type {State} */ one, /** @type {boolean} */ settled) =>
    states.some((other) => other.settled === settled && has(of, one, other));
  return states.filter((one) => one.settled === null && lit(one, true) && lit(one, false));
}

/** @param {Found} of @param {State} one @param {State} other */
const has = (of, one, other) => of.here.has(pair(one.id, other.id)) || of.there.has(pair(one.id, other.id));

/** @param {Lab} lab @param {HTMLElement} body @param {Found} of */
function show(lab, body, of) {
  const { words } = lab;
  const all = [...of.states.values()];
  const states = [...all.filter((one) => one.settled === null), ...all.filter((one) => one.settled !== null)];
  const bad = blocking(states, of);
  const cell = (/** @type {State} */ one, /** @type {State} */ other) => {
    const name = pair(one.id, other.id);
    const kind = of.here.has(name) ? "now" : of.there.has(name) ? "other" : "not";
    const wrong = (bad.includes(one) && other.settled !== null) || (bad.includes(other) && one.settled !== null);
    const says = `${words.read(one.word)}, ${words.read(other.word)}: ${tell(words, `together-${kind}`)}`;
    return h("td", { class: wrong ? `${kind} wrong` : kind, title: says }, h("span", { class: "seen-not" }, says));
  };
  const heads = states.map((one) => h("th", { scope: "col" }, h("span", {}, words.read(one.word))));
  const rows = states.map((one) =>
    h("tr", {}, h("th", { scope: "row" }, words.read(one.word)), ...states.map((other) => cell(one, other))),
  );
  const said = bad.length
    ? bad.map((one) => h("p", { class: "wrong" }, tell(words, "together-both", { state: words.read(one.word) })))
    : states.length
      ? [h("p", {}, tell(words, "together-none"))]
      : [];
  body.replaceChildren(
    h(
      "div",
      { class: "hd" },
      h("h3", {}, tell(words, "together")),
      h("span", {}, tell(words, "together-of", { n: of.done, m: SEEDS })),
    ),
    h("table", {}, h("thead", {}, h("tr", {}, h("td"), ...heads)), h("tbody", {}, ...rows)),
    ...said,
  );
}
