// What clients of this run were told, judged by levels of consistency: what the configuration promises, and the way to
// the history itself. The judge is fetched when it is opened first.

import { h } from "../dom.js";
import { tell } from "../history/say.js";
import { theJudge } from "../history/judge.js";
import { MOST, ofRun, prefix, printed } from "../history/text.js";
import { icon } from "../icons.js";
import { tell as tellMore } from "./tell.js";
import { moment } from "../share.js";

/**
 * @import { PromisedLevel } from "../pkg/synod.js"
 * @import { Op } from "../history/text.js"
 * @import { Judge } from "../history/judge.js"
 * @import { Lab } from "../state.js"
 */

/** Steps of one level's search: a panel is in nobody's way. */
const BUDGET = 200_000;

/** What was judged last: time passes far more often than anybody is answered. */
const kept = { text: "", verdicts: /** @type {import("../history/judge.js").Verdicts | null} */ (null) };

/** @param {Judge} judge @param {Op[]} ops @param {string} text */
function judged(judge, ops, text) {
  if (kept.text !== text || !kept.verdicts) Object.assign(kept, { text, verdicts: judge(ops, BUDGET) });
  return /** @type {import("../history/judge.js").Verdicts} */ (kept.verdicts);
}

/** The address of the history view with this run's history, and the way back. @param {Lab} lab @param {string} text */
const address = (lab, text) => `history.html#h=${encodeURIComponent(text)}&${moment(lab)}&lang=${lab.words.lang}`;

/** @param {Lab} lab @param {HTMLElement} body */
export async function fill(lab, body) {
  const { words } = lab;
  const all = ofRun(lab.sim.history());
  const ops = prefix(all);
  const text = printed(ops);
  const open = h("a", { class: "btn quiet", "data-history": "" }, tell(words, "open"));
  open.href = address(lab, text);
  if (!ops.length) return body.replaceChildren(h("p", {}, tell(words, "none")), h("p", { class: "row" }, open));
  const more = all.length > ops.length ? [h("p", {}, tell(words, "too-many", { n: MOST }))] : [];
  try {
    const verdicts = judged(await theJudge(), ops, text);
    const levels = lab.sim.levels();
    const rows = levels.map((one, at) => row(lab, one, verdicts[one.level], same(one, levels[at + 1])));
    const none = levels.length ? [] : [h("p", {}, tell(words, "no-level"))];
    body.replaceChildren(...none, ...rows, ...more, h("p", { class: "row" }, open));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    body.replaceChildren(h("p", {}, tell(words, "no-judge", { why })), h("p", { class: "row" }, open));
  }
}

/** Whether the next level says the same of itself. @param {PromisedLevel} one @param {PromisedLevel} [next] */
const same = (one, next) => next?.promised === one.promised && next.because.en === one.because.en;

/**
 * One level: whether it is promised, and whether it holds of what clients were told.
 * @param {Lab} lab @param {PromisedLevel} one @param {import("../history/judge.js").Verdict} verdict @param {boolean}
 *   brief
 */
function row({ words, protocol }, one, { holds, vacuous }, brief) {
  const state = holds === null ? "unknown" : !holds ? "fails" : vacuous ? "vacuous" : "holds";
  const bad = holds === false && one.promised;
  const named = (/** @type {string} */ id) => {
    const known = protocol.assumptions.find((one) => one.id === id);
    return known ? words.read(known.name) : id;
  };
  const list = (/** @type {string} */ key, /** @type {string[]} */ ids) =>
    ids.length ? [h("small", {}, tellMore(words, key, { list: ids.map(named).join(tell(words, "comma")) }))] : [];
  const said = tell(words, one.promised ? "is-promised" : "is-not-promised", { state: tell(words, state) });
  return h(
    "div",
    {
      class: `inv${bad ? " broken" : holds === false ? " watched" : ""}`,
      "data-promised": String(one.promised),
      "data-level": one.level,
    },
    h("span", {}, icon(holds === false ? "broken" : "tick")),
    h(
      "div",
      {},
      h("b", {}, tell(words, one.level)),
      h("small", {}, said),
      ...(brief ? [] : [h("small", {}, words.read(one.because)), ...list("assumes", one.assumes)]),
      ...(bad ? list("beyond", one.beyond) : []),
    ),
  );
}
