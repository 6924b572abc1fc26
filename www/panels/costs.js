// What the last commit waited for, the rim unrolled on time, and what a command costs. Fetched with the first frame
// that says so.

import { h, hue } from "../dom.js";
import { moreOf } from "../more.js";
import { called } from "../draw/more/say.js";
import { tell } from "./tell.js";
import { nameOf } from "../stage.js";

/**
 * @import { Cost, LastCommit } from "../more.js"
 * @import { Lab } from "../state.js"
 */

/** Beads are so wide, in parts of the ruler: those that would overlap are moved right until they touch. */
const BEAD = 0.066;

/** @param {Lab} lab @param {HTMLElement} body */
export function fill(lab, body) {
  const { lastCommit, costs } = moreOf(lab.frame);
  const parts = [];
  if (lastCommit) parts.push(...latency(lab, lastCommit));
  if (costs?.length) parts.push(...costed(lab, costs));
  body.replaceChildren(...parts);
}

/** @param {string} title @param {string} note */
const head = (title, note) => h("div", { class: "hd" }, h("h3", {}, title), h("span", {}, note));

/** @param {Lab} lab @param {LastCommit} last */
function latency(lab, last) {
  const { words } = lab;
  const end = Math.max(1, last.ms, ...last.acks.map((one) => one.ms)) * 1.08;
  let before = -1;
  const beads = [...last.acks]
    .sort((a, b) => a.ms - b.ms || a.node - b.node)
    .map(({ node, ms }) => {
      const at = Math.max(BEAD / 2, ms / end, before + BEAD);
      before = at;
      return { node, ms, at };
    });
  const epoch = Math.max(0, ...lab.frame.nodes.map((one) => one.epoch.value));
  const put = (/** @type {HTMLElement} */ element, /** @type {number} */ at, word = "left") => {
    element.style.setProperty(word, `${(at * 100).toFixed(2)}%`);
    return element;
  };
  const decided = beads.find((one) => one.node === last.decidedBy);
  const notch = decided ? decided.at + BEAD / 2 : last.ms / end;
  const ruler = h(
    "div",
    { class: "beads", "aria-hidden": "true" },
    put(h("i", { class: "bar" }), notch, "width"),
    ...beads.map((one) => put(h("b", { class: one.ms <= last.ms ? "in" : "" }, nameOf(lab, one.node)), one.at)),
    put(h("i", { class: "notch" }), notch),
  );
  ruler.style.setProperty("--h", `var(--t${hue(epoch)})`);
  ruler.style.setProperty("--h-on", `var(--t${hue(epoch)}-on)`);
  const time = h("b", { class: "large" }, `${words.ms(Math.round(last.ms * 10) / 10)} ms`);
  const by = last.decidedBy === null ? "" : tell(words, "was-decided", { name: nameOf(lab, last.decidedBy) });
  const list = beads.map((one) => h("li", {}, `${nameOf(lab, one.node)} ${words.ms(Math.round(one.ms * 10) / 10)} ms`));
  return [
    head(tell(words, "latency"), tell(words, "last-commit")),
    h("p", {}, time, " ", h("small", {}, by)),
    ruler,
    h("ol", { class: "seen-not" }, ...list),
  ];
}

/** @param {Lab} lab @param {Cost[]} costs */
function costed(lab, costs) {
  const { words } = lab;
  const all = /** @type {const} */ (["messages", "bytes", "crossing"]);
  // What nobody counted has no column.
  const columns = all.filter((key) => costs.some((one) => one[key] !== undefined));
  const number = (/** @type {number | undefined} */ n) => (n === undefined ? "" : words.count(n));
  const row = (/** @type {Cost} */ one) =>
    h(
      "tr",
      {},
      h("td", { class: one.name ? "" : "mono" }, called(words, one.name ?? one.command ?? one.id ?? "")),
      ...columns.map((key) => h("td", {}, number(one[key]))),
    );
  const heads = columns.map((key) => h("th", { scope: "col" }, tell(words, key)));
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, h("td"), ...heads)),
    h("tbody", {}, ...costs.slice(-8).map(row)),
  );
  return [head(tell(words, "costs"), tell(words, "per-command")), h("div", { class: "tried" }, table)];
}
