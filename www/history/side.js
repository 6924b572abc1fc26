// Beside a history: what is to be said of it, ten others to choose from, a task, and the history as text.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { LEVELS, implies } from "./judge.js";
import { evidenceWhole } from "./levels.js";
import { listed, tell } from "./say.js";
import { STOCK } from "./stock.js";
import { taleOf } from "./tale.js";
import { Wrong, parsed, printed } from "./text.js";

/**
 * @import { Op } from "./text.js"
 * @import { Known } from "./tale.js"
 * @import { Words } from "../words.js"
 * @typedef {Known & { several: boolean, stock: string | null }} Beside
 * @typedef {{ words: () => Words, ops: () => Op[], take: (ops: Op[], stock: string | null) => void }} Ways
 */

/** @param {Ways} ways @param {boolean} whole whether there is room for all of it */
export function makeSide(ways, whole) {
  const parts = [makeTale(), makeEvidence(), ...(whole ? [makeStock(ways), makeTurn(ways)] : []), makeText(ways)];
  const element = h("aside", { class: "hv-side" }, ...parts.map((part) => part.element));
  return {
    element,
    draw: (/** @type {Beside} */ beside) => {
      for (const one of element.querySelectorAll("[data-say]"))
        setText(one, tell(beside.words, one.getAttribute("data-say") ?? ""));
      for (const part of parts) part.draw(beside);
    },
  };
}

function makeTale() {
  const title = h("h2", {});
  const [say, small, trying] = [
    h("p", { class: "hv-say" }),
    h("p", { class: "hv-small" }),
    h("p", { class: "hv-try" }),
  ];
  const element = h("section", { "data-part": "tale" }, title, say, small, trying);
  const draw = (/** @type {Beside} */ beside) => {
    const { words, level } = beside;
    setText(title, tell(words, level === "linearizable" ? "question" : level));
    const tale = taleOf(beside);
    say.replaceChildren(...tale.say);
    setText(small, tale.small);
    trying.hidden = !tale.try;
    trying.replaceChildren(h("b", {}, tell(words, "try")), " ", tale.try);
  };
  return { element, draw };
}

function makeEvidence() {
  const element = h("section", { "data-part": "evidence" });
  let before = "";
  const draw = (/** @type {Beside} */ beside) => {
    const { ops, verdicts, level, words } = beside;
    const key = JSON.stringify([ops, verdicts[level], level, words.lang]);
    if (key === before) return;
    before = key;
    // The lanes show the order and the moments of the first.
    element.hidden = !ops.length || level === LEVELS[0];
    element.replaceChildren(...evidenceWhole(beside));
  };
  return { element, draw };
}

/** The table of histories; the chosen one is under the hand. @param {Ways} ways */
function makeStock({ words, take }) {
  const heads = LEVELS.map((id) => h("th", { scope: "col" }, h("abbr", { "data-level": id })));
  const rows = STOCK.map((one) => {
    const button = h("button", { type: "button", onclick: () => take(parsed(one.text, words()), one.id) });
    const cells = [...one.levels].map((sign) =>
      h(
        "td",
        { class: sign === "Y" ? "yes" : "no" },
        icon(sign === "Y" ? "tick" : "cross"),
        h("span", { class: "seen-not" }),
      ),
    );
    return {
      one,
      button,
      cells,
      element: h("tr", { "data-stock": one.id }, h("th", { scope: "row" }, button), ...cells),
    };
  });
  const table = h(
    "table",
    { class: "hv-stock" },
    h(
      "thead",
      {},
      h("tr", {}, h("th", { scope: "col" }, h("span", { class: "seen-not", "data-say": "history" })), ...heads),
    ),
    h("tbody", {}, ...rows.map((row) => row.element)),
  );
  const element = h("section", { "data-part": "stock" }, h("h2", { "data-say": "stock" }), table);
  const draw = (/** @type {Beside} */ { words, stock }) => {
    for (const head of heads) {
      const [abbr] = head.children;
      const id = abbr.getAttribute("data-level") ?? "";
      setText(abbr, tell(words, `short-${id}`));
      abbr.setAttribute("title", `${tell(words, id)}: ${tell(words, `is-${id}`)}`);
    }
    for (const { one, button, cells, element } of rows) {
      setText(button, tell(words, `stock-${one.id}`));
      button.setAttribute("aria-pressed", String(stock === one.id));
      element.className = stock === one.id ? "on" : "";
      cells.forEach((cell, at) => setText(cell.children[1], tell(words, one.levels[at] === "Y" ? "yes" : "no")));
    }
  };
  return { element, draw };
}

/** A task: one level and not another. @param {Ways} ways */
function makeTurn({ ops, take }) {
  /** @type {Beside | null} */
  let last = null;
  const again = () => last && draw(last);
  const choice = (/** @type {string} */ value) => {
    const options = LEVELS.map((id) => h("option", { value: id, "data-say": `in-${id}` }));
    const select = h("select", { onchange: again }, ...options);
    select.value = value;
    return select;
  };
  const [a, b] = [choice("causal"), choice("sequential")];
  const verdict = h("p", { class: "hv-quiet", role: "status" });
  const add = (/** @type {string} */ key, /** @type {() => Op[]} */ more) =>
    h("button", { type: "button", class: "btn quiet", "data-say": key, onclick: () => take(more(), null) });
  const line = h(
    "p",
    { class: "hv-task" },
    h("label", {}, h("span", { "data-say": "turn-a" }), " ", a),
    " ",
    h("label", {}, h("span", { "data-say": "turn-b" }), " ", b),
  );
  const buttons = h(
    "p",
    { class: "hv-task" },
    add("add-client", () => withClient(ops())),
    add("add-op", () => withRead(ops())),
  );
  const element = h(
    "section",
    { "data-part": "turn" },
    h("h2", { "data-say": "turn" }),
    line,
    verdict,
    buttons,
    h("p", { class: "hv-quiet", "data-say": "turn-how" }),
  );
  const draw = (/** @type {Beside} */ beside) => {
    last = beside;
    const { verdicts, words } = beside;
    const [one, other] = [a.value, b.value].map((id) => tell(words, `in-${id}`));
    const held = LEVELS.filter((id) => verdicts[id].holds);
    const done = verdicts[a.value].holds === true && verdicts[b.value].holds === false;
    const list = listed(
      words,
      held.map((id) => tell(words, `in-${id}`)),
    );
    const not = list ? tell(words, "turn-not", { list }) : tell(words, "turn-none");
    setText(
      verdict,
      implies(a.value, b.value)
        ? tell(words, "turn-never", { a: one, b: other })
        : done
          ? tell(words, "turn-done")
          : not,
    );
    verdict.classList.toggle("done", done);
  };
  return { element, draw };
}

/** Where a new operation finds room: after all others. @param {Op[]} ops */
function after(ops) {
  const last = Math.max(0, ...ops.map((op) => op.answer ?? op.call));
  const long = Math.max(4, Math.round(last / 12));
  return { call: last + Math.round(long / 2), answer: last + Math.round(long / 2) + long };
}

/** @param {Op[]} ops @returns {Op[]} */
function withClient(ops) {
  let n = 1;
  while (ops.some((op) => op.client === `C${n}`)) n += 1;
  return [...ops, { client: `C${n}`, key: ops[0]?.key ?? "x", kind: "put", value: n, result: "ok", ...after(ops) }];
}

/** A read of the one who asked last. @param {Op[]} ops @returns {Op[]} */
function withRead(ops) {
  const last = [...ops].sort((one, other) => one.call - other.call).at(-1);
  return [
    ...ops,
    { client: last?.client ?? "C1", key: last?.key ?? "x", kind: "get", value: null, result: null, ...after(ops) },
  ];
}

/** The history as text, to be taken along or pasted. @param {Ways} ways */
function makeText({ words, take }) {
  const area = h("textarea", {
    class: "hv-text",
    rows: "8",
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
  });
  const wrong = h("p", { class: "hv-wrong", role: "alert", hidden: true });
  const told = h("span", { role: "status", class: "hv-quiet" });
  const say = (/** @type {Error | null} */ error) => {
    wrong.hidden = !error;
    setText(wrong, error?.message ?? "");
    area.setAttribute("aria-invalid", String(error !== null));
  };
  const apply = () => {
    try {
      take(parsed(area.value, words()), null);
      say(null);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      say(error);
      mark(area, error.line);
    }
  };
  const copy = async () => {
    area.focus();
    area.select();
    try {
      await navigator.clipboard.writeText(area.value);
      setText(told, tell(words(), "copied"));
    } catch {
      setText(told, tell(words(), "copy-failed"));
    }
  };
  const button = (/** @type {string} */ key, /** @type {() => void} */ act) =>
    h("button", { type: "button", class: "btn quiet", "data-say": key, onclick: act });
  const row = h("p", { class: "hv-task" }, button("text-apply", apply), button("text-copy", copy), told);
  const how = h("p", { class: "hv-quiet", "data-say": "text-how" });
  const element = h(
    "section",
    { "data-part": "text" },
    h("details", {}, h("summary", { "data-say": "text" }), how, area, wrong, row),
  );
  let before = "";
  const draw = (/** @type {Beside} */ beside) => {
    area.setAttribute("aria-label", tell(beside.words, "text-label"));
    const text = printed(beside.ops);
    if (text === before) return;
    before = text;
    area.value = text;
    setText(told, "");
    say(null);
  };
  return { element, draw };
}

/** Marks a line, so that who reads the error sees it. @param {HTMLTextAreaElement} area @param {number} line */
function mark(area, line) {
  const lines = area.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
}
