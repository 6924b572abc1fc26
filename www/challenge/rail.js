// Left of the stage: the tools that a challenge offers, what of them is a fault, and the ways back.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { buildTools } from "../toolbox.js";
import { tell } from "./say.js";

/**
 * @import { Deck } from "../deck.js"
 * @import { Lab } from "../state.js"
 * @import { Play } from "./play.js"
 */

/** What each tool does. @type {Record<string, string[]>} */
const DOES = { cut: ["cut", "partition"], halt: ["pause", "resume"], send: ["request"] };

/** @param {Lab} lab @param {Deck} deck @param {Play} play */
export function buildRail(lab, deck, play) {
  const { tools, faulty } = play.plan;
  const kit = buildTools(lab, deck);
  /** @type {Set<string>} */
  const byHand = new Set();
  for (const button of kit.element.querySelectorAll("[data-tool]")) {
    const id = button.getAttribute("data-tool") ?? "";
    const does = (DOES[id] ?? [id]).filter((verb) => tools.includes(verb));
    for (const verb of does) byHand.add(verb);
    /** @type {HTMLElement} */ (button).hidden = !does.length;
  }
  const counts = h("p", { class: "counts" });
  const title = h("div", { class: "rail-title" }, h("h2", { "data-word": "break" }));
  const undo = h("button", { class: "btn", type: "button", id: "undo-move", onclick: deck.undo });
  const again = h("button", { class: "btn next", type: "button", id: "again", onclick: play.again });
  const [undoWord, againWord] = [h("span"), h("span")];
  undo.append(icon("undo"), undoWord);
  again.append(icon("restart"), againWord);
  const element = h("aside", { class: "rail chal" }, title, kit.element, counts, undo, again);
  let before = "";
  return {
    element,
    update: () => {
      kit.update();
      const { words } = lab;
      if (before === words.lang) return;
      before = words.lang;
      const list = (/** @type {string[]} */ verbs) =>
        verbs.map((verb) => tell(words, `verb-${verb}`)).join(tell(words, "comma"));
      const told = (/** @type {string} */ key, /** @type {string[]} */ verbs) => {
        const menus = verbs.filter((verb) => !byHand.has(verb));
        const parts = [list(verbs.filter((verb) => byHand.has(verb)))].filter(Boolean);
        if (menus.length) parts.push(tell(words, parts.length ? "by-menu" : "only-menu", { list: list(menus) }));
        return h("span", {}, tell(words, key, { list: parts.join(tell(words, "comma")) }));
      };
      const groups = /** @type {[string, string[]][]} */ ([
        ["are-faults", tools.filter((verb) => faulty.includes(verb))],
        ["are-moves", tools.filter((verb) => !faulty.includes(verb))],
      ]);
      counts.replaceChildren(...groups.filter(([, verbs]) => verbs.length).map(([key, verbs]) => told(key, verbs)));
      setText(undoWord, tell(words, "undo"));
      setText(againWord, tell(words, "again"));
    },
  };
}
