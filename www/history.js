// The page of a history: one that its address carries, one of ten, or one that is pasted.

import "./icons-page.js";
import { h, setText } from "./dom.js";
import { theJudge } from "./history/judge.js";
import { tell } from "./history/say.js";
import { FIRST, STOCK } from "./history/stock.js";
import { parsed, printed } from "./history/text.js";
import { makeHistory } from "./history/view.js";
import { buildHeader } from "./header.js";
import { icon } from "./icons.js";
import { addressWords } from "./link.js";
import { copyText, followAddress } from "./share.js";
import { failed, settle, skipLink, toaster } from "./shell.js";
import { brand, buildDress, sayWords } from "./top.js";
import { language, say, wordsIn } from "./words.js";

/**
 * @import { Op } from "./history/text.js"
 * @typedef {{ ops: Op[], stock: string | null, wrong: string | null }} Asked
 */

main();

async function main() {
  await settle();
  const words = wordsIn(language());
  try {
    build(await theJudge(), asked());
  } catch (error) {
    failed(new Error(tell(words, "no-judge", { why: error instanceof Error ? error.message : String(error) })));
  }
}

/** What the address asks for. @returns {Asked} */
function asked() {
  const address = addressWords();
  const words = wordsIn(language());
  const [text, id] = [address.get("h"), address.get("stock")];
  const stock = STOCK.find((one) => one.id === id) ?? FIRST;
  const chosen = { ops: parsed(stock.text, words), stock: stock.id };
  if (text === null) return { ...chosen, wrong: null };
  try {
    return { ops: parsed(text, words), stock: null, wrong: null };
  } catch (error) {
    return { ...chosen, wrong: error instanceof Error ? error.message : String(error) };
  }
}

/** The address of a history; that of a stock one is its name. @param {Op[]} ops @param {string | null} stock */
function fragment(ops, stock) {
  const back = ["run", "t"].flatMap((key) => {
    const value = addressWords().get(key);
    return value === null ? [] : [`${key}=${value}`];
  });
  const what = stock ? `stock=${stock}` : `h=${encodeURIComponent(printed(ops))}`;
  return `#${[what, ...back, `lang=${language()}`].join("&")}`;
}

/** @param {import("./history/judge.js").Judge} judge @param {Asked} first */
function build(judge, first) {
  const place = h("main", { id: "main" });
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const dressed = buildDress(() => redress());
  const [run, t] = ["run", "t"].map((key) => addressWords().get(key));
  const lab = h("a", { class: "btn quiet", href: run ? `lab.html#run=${run}&t=${t ?? 0}` : "lab.html" });
  const here = h("h1", { class: "hv-title" });
  const share = h("button", { class: "btn quiet", type: "button", id: "copy-link" }, icon("link"), h("span", {}));
  share.addEventListener("click", () => copyText(address.link(), told));
  const space = h("span", { class: "sp" });
  const header = buildHeader([brand(), here, [lab, 3], space, share, [dressed.tongue, 8], [dressed.theme, 9]]);
  document.getElementById("app")?.replaceChildren(skipLink("#main"), header.element, place, spoken);
  const inside = h("div", {});
  place.append(inside);
  const told = toaster(place, spoken);
  let now = { ops: first.ops, stock: first.stock };
  const view = makeHistory(inside, {
    ...{ judge, words: wordsIn(language()), ops: first.ops, stock: first.stock },
    changed: ({ ops, stock }) => {
      now = { ops, stock };
      address.later();
    },
  });
  const address = followAddress(
    () => fragment(now.ops, now.stock),
    () => location.reload(),
  );
  const redress = () => {
    const words = wordsIn(language());
    document.title = tell(words, "page-title");
    dressed.update();
    sayWords();
    setText(here, tell(words, "title"));
    setText(lab, tell(words, "to-lab"));
    setText(share.children[1], tell(words, "copy-link"));
    share.setAttribute("aria-label", tell(words, "copy-link"));
    view.redress(words);
    header.update();
    if (address) address.later();
  };
  redress();
  if (first.wrong) told(say("bad-link", { why: first.wrong }));
  Object.assign(window, { synodHistory: view });
}
