// Tools to break something with, as a bar: in the lab's rail, and where a lesson is taken over.

import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { inject } from "./acts.js";
import { TOOLS, take } from "./tools.js";
import { worded } from "./transport.js";
import { say } from "./words.js";

/**
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 */

/**
 * The tools as a bar, with what the one that is taken does, and the way to mend what is cut.
 * @param {Lab} lab
 * @param {Deck} deck
 * @param {...HTMLElement} before
 */
export function buildTools(lab, deck, ...before) {
  const buttons = TOOLS.map(([id, key]) => {
    const name = h("span", { "data-word": `tool-${id}` });
    const hint = h("kbd", { "aria-hidden": "true" }, key);
    const props = { class: "tool", type: "button", "data-tool": id, "aria-keyshortcuts": key };
    return h("button", { ...props, onclick: () => take(lab, id) }, icon(id), name, hint);
  });
  const speak = () => lab.words;
  const undo = worded(speak, "undo", "undo", "undo", deck.undo);
  const redo = worded(speak, "redo", "redo", "redo", deck.redo);
  const taken = h("span", { class: "takes-back" }, undo.element, redo.element);
  const hint = h("p", { class: "hint", "aria-live": "polite" });
  const mend = h("button", { class: "btn mend", type: "button", onclick: () => inject(lab, "heal") });
  const bar = h("div", { class: "tools", role: "toolbar" }, ...before, taken, ...buttons);
  const element = h("div", { class: "toolbox" }, bar, hint);
  const update = () => {
    bar.setAttribute("aria-label", say("break"));
    undo.update();
    redo.update();
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === lab.tool));
    const names = lab.frame.nodes.filter((one) => lab.sides.includes(one.id)).map((one) => one.name);
    setText(
      hint,
      names.length
        ? say("sides", { names: names.join(" ") })
        : lab.tool
          ? say(`hint-${lab.tool}`)
          : (lab.tree?.hint() ?? say("hint")),
    );
    const cut = lab.frame.partition !== null || lab.frame.links.some((link) => link.cut);
    mend.disabled = !cut;
    setText(mend, say(cut ? "mend" : "nothing-to-mend"));
  };
  return { element, mend, update };
}
