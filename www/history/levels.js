// Eight levels, the strongest left: what holds with an order that shows it, what does not with the operations that show
// that, and the wall between.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { small } from "./chips.js";
import { LEVELS } from "./judge.js";
import { listed, tell } from "./say.js";

/**
 * @import { Op } from "./text.js"
 * @import { Hues } from "./chips.js"
 * @import { Verdict, Verdicts } from "./judge.js"
 * @import { Words } from "../words.js"
 * @typedef {{ ops: Op[], verdicts: Verdicts, hues: Hues, words: Words, level: string, several: boolean }} Shown
 */

/** So many small bars stand in a row; of more their number is told. */
const ROOM = 7;
const AGAINST = 4;

export const BETWEEN = LEVELS.slice(0, 4);
export const WITHIN = LEVELS.slice(4);

/** @param {(level: string) => void} choose */
export function makeLevels(choose) {
  const cards = new Map(LEVELS.map((id) => [id, makeCard(id, choose)]));
  const heading = (/** @type {string} */ key) => h("h2", { class: "hv-group", "data-say": key });
  const stronger = h("span", { class: "hv-stronger", "data-say": "stronger" });
  const row = (/** @type {readonly string[]} */ ids) =>
    h("div", { class: "hv-row" }, ...ids.map((id) => /** @type {Card} */ (cards.get(/** @type {any} */ (id))).element));
  const sum = h("p", { class: "hv-sum", role: "status" });
  const element = h(
    "section",
    { class: "hv-sheet hv-levels" },
    h("div", { class: "hv-head" }, heading("between"), stronger),
    row(BETWEEN),
    h("div", { class: "hv-head" }, heading("within")),
    row(WITHIN),
    sum,
  );
  return {
    element,
    draw: (/** @type {Shown} */ shown) => {
      element.setAttribute("aria-label", tell(shown.words, "levels"));
      for (const one of element.querySelectorAll("[data-say]"))
        setText(one, tell(shown.words, one.getAttribute("data-say") ?? ""));
      cards.forEach((card) => card.draw(shown));
      setText(sum, sumOf(shown));
    },
  };
}

/** @typedef {ReturnType<typeof makeCard>} Card */

/** The first of the chain that holds: the wall stands before it. @param {Verdicts} verdicts */
const firstThatHolds = (verdicts) => BETWEEN.find((id) => verdicts[id].holds);

/** @param {string} id @param {(level: string) => void} choose */
function makeCard(id, choose) {
  const mark = h("span", { class: "hv-mark" });
  const [name, is, wall] = [
    h("span", { class: "hv-name" }),
    h("span", { class: "hv-is" }),
    h("span", { class: "hv-wall" }),
  ];
  const evidence = h("span", { class: "hv-evidence" });
  const element = h(
    "button",
    { type: "button", class: "hv-level", "data-level": id, onclick: () => choose(id) },
    mark,
    h("span", { class: "hv-body" }, name, is, evidence),
    wall,
  );
  let before = "";
  const draw = (/** @type {Shown} */ { ops, verdicts, hues, words, level, several }) => {
    const verdict = verdicts[id];
    const first = firstThatHolds(verdicts);
    const state = verdict.holds === null ? "unknown" : !verdict.holds ? "fails" : verdict.vacuous ? "vacuous" : "holds";
    const walled = id === first && id !== BETWEEN[0];
    const last = !first && id === BETWEEN[3] && verdict.holds === false;
    element.className = `hv-level ${state}${walled ? " walled" : ""}${last ? " walled-after" : ""}`;
    element.setAttribute("aria-pressed", String(level === id));
    setText(name, tell(words, id));
    setText(is, tell(words, `is-${id}`));
    setText(wall, walled ? tell(words, "from-here") : "");
    const key = JSON.stringify([verdict, ops, words.lang, several]);
    if (key === before) return;
    before = key;
    const said = { holds: "holds", fails: "fails", vacuous: "holds", unknown: "unknown" }[state];
    const sign = state === "fails" ? icon("broken") : state === "unknown" ? "?" : icon("tick");
    mark.replaceChildren(sign, h("span", { class: "seen-not" }, tell(words, said)));
    evidence.replaceChildren(...evidenceOf({ ops, hues, words, several }, verdict));
  };
  return { element, draw };
}

/**
 * In a card: a few bars.
 * @param {Omit<Shown, "verdicts" | "level">} shown @param {Verdict} verdict @returns {(Node | string)[]}
 */
function evidenceOf({ ops, hues, words, several }, { holds, vacuous, order, views, witnesses }) {
  if (holds === null) return [tell(words, "unknown")];
  if (vacuous) return [tell(words, "vacuous")];
  const more = (/** @type {number} */ n, /** @type {number} */ room) => (n > room ? [` +${n - room}`] : []);
  if (!holds) {
    // More than two stand in a line as their values alone.
    const wish = { several, ring: true, words, plain: witnesses.length > 2 };
    const one = (/** @type {number} */ at) =>
      h("span", { class: "hv-by" }, small(hues, ops[at], wish), h("b", { "aria-hidden": "true" }, ops[at].client));
    return [...witnesses.slice(0, AGAINST).map(one), ...more(witnesses.length, AGAINST)];
  }
  // The client that was told most has most to explain.
  const longest = [...views].sort((a, b) => b.order.length - a.order.length)[0];
  const line = order ?? longest?.order ?? [];
  const bars = line.slice(0, ROOM).map((at) => small(hues, ops[at], { several: false, words, plain: true }));
  return [...bars, ...more(line.length, ROOM)];
}

/** In one sentence. @param {Shown} shown */
function sumOf({ verdicts, words }) {
  const of = (/** @type {boolean} */ wish) =>
    BETWEEN.filter((id) => verdicts[id].holds === wish).map((id) => tell(words, `in-${id}`));
  const [list, not] = [listed(words, of(true)), listed(words, of(false), "or")];
  if (!list) return not ? tell(words, "sum-no") : "";
  return tell(words, not ? "sum-not" : "sum-is", { list, not });
}

/**
 * All that is known of a level: its order, or what each client saw, or what cannot be.
 * @param {Shown} shown @returns {HTMLElement[]}
 */
export function evidenceWhole({ ops, verdicts, hues, words, level, several }) {
  const { holds, vacuous, order, views, witnesses } = verdicts[level];
  const bars = (/** @type {number[]} */ list, ring = false) =>
    h(
      "ol",
      { class: "hv-order" },
      ...list.map((at) =>
        h("li", {}, small(hues, ops[at], { several, ring, words }), h("b", { "aria-hidden": "true" }, ops[at].client)),
      ),
    );
  const head = (/** @type {string} */ key) => h("p", { class: "hv-quiet" }, tell(words, key));
  if (holds === null || vacuous) return [head(holds === null ? "unknown" : "vacuous")];
  if (!holds) return [head("evidence-against"), bars(witnesses, true)];
  const own = WITHIN.some((id) => id === level);
  if (order) return [head(own ? "evidence-writes" : "evidence-order"), bars(order)];
  return [
    head("evidence-views"),
    ...views.map((view) => h("div", { class: "hv-view" }, h("b", {}, view.client), bars(view.order))),
  ];
}
