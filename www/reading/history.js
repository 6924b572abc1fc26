// A history that a step of a lesson leads to, in a sheet over the lesson: its bars are dragged and judged there.

import { openDialog } from "../dialog.js";
import { h } from "../dom.js";
import { theJudge } from "../history/judge.js";
import { tell } from "../history/say.js";
import { STOCK } from "../history/stock.js";
import { ofRun, parsed, prefix, printed } from "../history/text.js";
import { makeHistory } from "../history/view.js";
import { styled } from "../shell.js";

/**
 * @import { Lab } from "../state.js"
 */

/** @type {Promise<unknown> | null} */
let sheet = null;

/**
 * What an address of the history view holds: one of the ten, its text, or that of the run.
 * @param {Lab} lab @param {URLSearchParams} address
 */
export function historyIn(lab, address) {
  const [text, id] = [address.get("h"), address.get("stock")];
  if (address.get("of") === "run") return { ops: prefix(ofRun(lab.sim.history())), stock: null };
  const stock = STOCK.find((one) => one.id === id);
  return { ops: parsed(text ?? stock?.text ?? "", lab.words), stock: text === null ? (stock?.id ?? null) : null };
}

/** The address of the page with the history that a link leads to. @param {Lab} lab @param {URLSearchParams} address */
export function historyAddress(lab, address) {
  const { ops, stock } = historyIn(lab, address);
  return `history.html#${stock ? `stock=${stock}` : `h=${encodeURIComponent(printed(ops))}`}&lang=${lab.words.lang}`;
}

/** @param {Lab} lab @param {URLSearchParams} address @param {HTMLElement} from */
export async function openHistory(lab, address, from) {
  const { words } = lab;
  try {
    sheet ??= styled("history-view.css");
    const [judge] = await Promise.all([theJudge(), sheet]);
    const { ops, stock } = historyIn(lab, address);
    const whole = h("a", { href: historyAddress(lab, address) }, tell(words, "open"));
    const inside = h("div", {});
    const dialog = openDialog({ title: tell(words, "title"), name: "history", from }, inside, h("p", {}, whole));
    const view = makeHistory(inside, { judge, words, ops, stock, whole: false });
    dialog.addEventListener("close", () => view.stop());
    return true;
  } catch (error) {
    lab.told(tell(words, "no-judge", { why: error instanceof Error ? error.message : String(error) }), true);
    return false;
  }
}
