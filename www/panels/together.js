// Which states of machines were seen together with one epoch: in this run, and in others under the same
// configuration in which chance asks and crashes. Fetched when it is opened first.

import { h } from "../dom.js";
import { tell } from "./tell.js";
import { nameOf } from "../stage.js";
import { changed } from "../state.js";
import { wholeModule } from "./whole.js";

/**
 * @import { Together } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @typedef {{ seen: Set<string>, runs: number, cuts: boolean, going: number, failed: boolean }} Others what other runs
 *   have shown; `going` counts the times that it was begun
 */

const RUNS = 200;

/** @returns {Others} */
export const noOthers = () => ({ seen: new Set(), runs: 0, cuts: false, going: 0, failed: false });

/** Both ways round. @param {string} a @param {string} b */
const key = (a, b) => [a, b].sort().join(" ");

/** @param {Lab} lab @param {Others} others @param {boolean} cuts */
async function look(lab, others, cuts) {
  const turn = others.going + 1;
  Object.assign(others, noOthers(), { cuts, going: turn });
  changed(lab);
  try {
    const { Simulation } = await wholeModule();
    const sim = new Simulation(lab.sim.config);
    const slice = () => {
      if (others.going !== turn) return sim.free();
      const until = performance.now() + 12;
      while (others.runs < RUNS && performance.now() < until) {
        const found = sim.trial(others.runs, cuts);
        for (const { states } of found?.pairs ?? []) others.seen.add(key(...states));
        others.runs += 1;
      }
      changed(lab);
      if (others.runs < RUNS) setTimeout(slice, 20);
      else sim.free();
    };
    slice();
  } catch {
    others.failed = true;
    changed(lab);
  }
}

/**
 * States beside which both outcomes were seen.
 * @param {Together["states"]} states @param {(key: string) => boolean} seen
 */
const blocking = (states, seen) =>
  states.filter(({ id, settled }) => {
    const beside = (/** @type {boolean} */ end) => states.some((one) => one.settled === end && seen(key(id, one.id)));
    return settled === null && beside(true) && beside(false);
  });

/** @param {Lab} lab @param {HTMLElement} body @param {Others} others */
export function fill(lab, body, others) {
  const { words } = lab;
  const found = /** @type {Together | null} */ (lab.sim.together());
  if (!found) return;
  const here = new Map(found.pairs.map((pair) => [key(...pair.states), pair]));
  const known = (/** @type {string} */ pair) => here.has(pair) || others.seen.has(pair);
  const open = blocking(found.states, known);
  const word = (/** @type {string} */ id) =>
    words.read(found.states.find((one) => one.id === id)?.word ?? { en: id, zh: id });
  const cell = (/** @type {string} */ a, /** @type {Together["states"][number]} */ b) => {
    const pair = here.get(key(a, b.id));
    const other = others.seen.has(key(a, b.id));
    const fill = pair && {
      a: word(pair.states[0]),
      b: word(pair.states[1]),
      n: words.ms(pair.time),
      names: pair.nodes.map((node) => nameOf(lab, node)).join(", "),
    };
    const says = fill ? tell(words, "together-here", fill) : tell(words, other ? "together-other" : "together-never");
    const bad = b.settled !== null && open.some(({ id }) => id === a);
    const looks = [pair ? "here" : other ? "other" : "", bad ? "bad" : ""].filter(Boolean).join(" ");
    return h("td", { class: looks, title: says }, h("span", { class: "seen-not" }, says));
  };
  const heads = found.states.map((one) => h("th", { scope: "col" }, words.read(one.word)));
  const rows = found.states.map((one) =>
    h("tr", {}, h("th", { scope: "row" }, words.read(one.word)), ...found.states.map((other) => cell(one.id, other))),
  );
  const table = h("table", {}, h("thead", {}, h("tr", {}, h("td"), ...heads)), h("tbody", {}, ...rows));
  const verdict = open.length
    ? open.map((one) => h("p", { class: "bad" }, tell(words, "together-both", { word: words.read(one.word) })))
    : [h("p", {}, tell(words, "together-free"))];
  body.replaceChildren(table, ...verdict, ...more(lab, others));
}

/** @param {Lab} lab @param {Others} others */
function more(lab, others) {
  const { words } = lab;
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", checked: others.cuts }));
  const begin = h("button", { type: "button", class: "btn quiet", onclick: () => look(lab, others, box.checked) });
  begin.textContent = tell(words, "together-look", { n: RUNS });
  const busy = others.going > 0 && !others.failed;
  const note = others.failed
    ? tell(words, "together-failed")
    : tell(words, "together-runs", { n: others.runs, of: RUNS });
  return [
    h("p", { class: "row" }, begin, h("label", {}, box, tell(words, "together-cuts"))),
    h("p", { role: "status" }, busy || others.failed ? note : ""),
  ];
}
