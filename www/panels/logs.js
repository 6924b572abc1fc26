// The logs beside each other, and where they part.

import { h, hue, setText } from "../dom.js";
import { cellName } from "../more.js";
import { language, say } from "../words.js";
import { section } from "./section.js";
import { joiners, tapes } from "./tapes.js";

/**
 * @import { Lab } from "../state.js"
 * @import { Cell, NodeFrame } from "../pkg/synod.js"
 */

/** @param {Lab} lab */
export function logs(lab) {
  const body = h("div", { class: "logs", tabindex: "0" });
  const { element, note } = section("logs", body);
  let before = "";
  return {
    element,
    word: "logs",
    update: () => {
      const rows = lab.frame.nodes.flatMap((one) => {
        const strip = one.strips.find(({ kind }) => kind !== "single");
        return strip ? [{ one, cells: strip.cells, agree: strip.kind !== "own" }] : [];
      });
      element.hidden = !rows.length;
      body.setAttribute("aria-label", say("logs"));
      const last = Math.max(0, ...rows.map((row) => row.cells.at(-1)?.index ?? 0));
      const first = Math.max(1, last - 23);
      const key = JSON.stringify([language(), first, rows.map((row) => [row.one.name, row.cells])]);
      if (key === before) return;
      before = key;
      if (!last) {
        setText(note, "");
        body.replaceChildren(h("small", {}, say("empty-log")));
        return;
      }
      if (joiners(rows).length) {
        const told = tapes(rows, lab.frame, cellBox);
        setText(note, told.note);
        body.replaceChildren(told.table);
        return;
      }
      // Logs that are each their own differ as they like.
      const copies = rows.filter((row) => row.agree).map((row) => row.cells);
      const fork = divergence(copies, first, last);
      setText(note, rows.every((row) => row.agree) ? forkWords(rows, fork) : "");
      const indices = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      const head = h("tr", {}, h("td"), ...indices.map((index) => h("th", { scope: "col" }, String(index))));
      const at = (/** @type {Cell[]} */ cells) => cells.find((cell) => cell.index === fork)?.epoch;
      const parts = (/** @type {number} */ row) => fork !== null && row > 0 && at(copies[row]) !== at(copies[row - 1]);
      const line = (/** @type {(typeof rows)[number]} */ { one, cells }, /** @type {number} */ row) => {
        const byIndex = new Map(cells.map((cell) => [cell.index, cell]));
        return h(
          "tr",
          { class: copies.length === rows.length && parts(row) ? "parts" : "" },
          h("th", { scope: "row" }, one.name),
          ...indices.map((index) => h("td", { class: index === fork ? "fork" : "" }, cellBox(byIndex.get(index)))),
        );
      };
      const atEnd = body.scrollLeft + body.clientWidth > body.scrollWidth - 40;
      body.replaceChildren(h("table", {}, head, ...rows.map(line)));
      if (atEnd) body.scrollLeft = body.scrollWidth;
    },
  };
}

/** Cells that are not settled. @type {Set<string>} */
const OPEN = new Set(["pending", "undone", "cut", "expected"]);

/** @param {Cell | undefined} cell */
function cellBox(cell) {
  if (!cell) return null;
  const words = cell.text.replace(/^set /, "");
  return h(
    "div",
    { class: `cell h${hue(cell.epoch)} ${OPEN.has(cell.state) ? "open" : "shut"} ${cell.state}` },
    h("b", {}, cellName(cell)),
    h("span", {}, words),
  );
}

/**
 * The first index at which two logs differ, or null.
 * @param {Cell[][]} logs
 * @param {number} first
 * @param {number} last
 */
function divergence(logs, first, last) {
  for (let index = first; index <= last; index++) {
    const there = logs.flatMap((cells) => cells.filter((cell) => cell.index === index).map((cell) => cell.epoch));
    if (new Set(there).size > 1) return index;
  }
  return null;
}

/** @param {{ one: NodeFrame, cells: Cell[] }[]} rows @param {number | null} fork */
function forkWords(rows, fork) {
  if (fork === null) return say("agree");
  const epochs = rows.map((row) => row.cells.find((cell) => cell.index === fork)?.epoch ?? 0);
  const newest = Math.max(...epochs);
  const odd = rows.filter((_, i) => epochs[i] !== 0 && epochs[i] !== newest).map((row) => row.one.name);
  return say(odd.length === 1 ? "differ-one" : "differ", { names: odd.join(", "), n: fork });
}
