// The header of a quiz: what it is of, and how its questions went.

import { h, setText } from "../dom.js";
import { buildHeader } from "../header.js";
import { brand, buildDress, sayWords } from "../top.js";
import { say } from "./say.js";

/**
 * @typedef {{ name: string, results: (boolean | null)[], at: number }} Standing how each question went, and which is
 *   asked now
 */

/** @param {() => void} redress */
export function buildHead(redress) {
  const crumb = h("span", { class: "crumb" });
  const marks = h("ol", { class: "marks" });
  const dressed = buildDress(redress);
  const header = buildHeader([brand(), crumb, marks, dressed.tongue, dressed.theme]);
  /** @param {Standing} standing */
  const update = ({ name, results, at }) => {
    dressed.update();
    sayWords();
    setText(crumb, name);
    marks.setAttribute("aria-label", say("marks"));
    marks.replaceChildren(...results.map((right, n) => mark(right, n, n === at)));
    document.title = say("page-title", { name });
    header.update();
  };
  return { element: header.element, update };
}

/** @param {boolean | null} right @param {number} n @param {boolean} here */
function mark(right, n, here) {
  const state = right === null ? (here ? "here" : "open") : right ? "right" : "wrong";
  const sign = { right: "✓", wrong: "✕", here: String(n + 1), open: String(n + 1) }[state];
  const told = h("span", { class: "seen-not" }, say(`is-${state}`, { n: n + 1 }));
  const props = { class: here && right !== null ? `${state} now` : state, "aria-current": here ? "step" : null };
  return h("li", props, h("i", { "aria-hidden": "true" }, sign), told);
}
