// The tree for keyboards and screen readers: an item for each future, in the order of its rows. Up and down go through
// them, right and left through the time of one, Enter goes there.

import { h } from "../dom.js";
import { saidOf } from "./panel.js";
import { tell } from "./say.js";

/**
 * @import { Held } from "./all.js"
 * @typedef {{ see: (id: number) => void, move: (part: number) => void, go: (id: number) => void, leave: () => void }}
 *   Acts
 */

/** The part of a line that a key goes. */
const PART = 0.05;

/** @param {HTMLElement} canvas which it follows @param {Acts} acts */
export function buildItems(canvas, acts) {
  const element = h("div", { class: "futures-items seen-not", role: "tree" });
  const items = () => /** @type {HTMLElement[]} */ ([...element.children]);
  const stand = (/** @type {HTMLElement | undefined} */ item) => {
    if (!item) return;
    for (const one of items()) one.tabIndex = one === item ? 0 : -1;
    item.focus();
  };
  const idOf = (/** @type {EventTarget | null} */ item) => Number(/** @type {HTMLElement} */ (item)?.dataset?.future);
  element.addEventListener("focusin", ({ target }) => acts.see(idOf(target)));
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) acts.leave();
  });
  element.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => stand(all[at + 1]),
      ArrowUp: () => stand(all[at - 1]),
      Home: () => stand(all[0]),
      End: () => stand(all.at(-1)),
      ArrowRight: () => acts.move(PART),
      ArrowLeft: () => acts.move(-PART),
      Enter: () => acts.go(idOf(event.target)),
      " ": () => acts.go(idOf(event.target)),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  canvas.after(element);
  return {
    element,
    /** @param {Held} held */
    fill: (held) => {
      const { lab, present, others, limbs, names, undone, ghosts } = held;
      const told = { present, others, ghosts, names, rows: new Map(), target: null, lit: null, undone };
      const item = (/** @type {import("./tree.js").Future} */ one, /** @type {number} */ level) => {
        const fill = { name: names.get(one.id) ?? "", said: saidOf(lab, told, one) };
        const here = one === present;
        return h(
          "div",
          {
            ...{ role: "treeitem", tabindex: here ? 0 : -1, "data-future": one.id, "aria-level": level + 1 },
            "aria-selected": String(here),
            onclick: () => acts.go(one.id),
          },
          tell(lab.words, here ? "present" : "other", fill),
        );
      };
      const focused = element.contains(document.activeElement);
      element.setAttribute("aria-label", tell(lab.words, "tree"));
      element.replaceChildren(item(present, 0), ...limbs.map((limb) => item(limb.future, limb.level)));
      if (focused) stand(items()[0]);
    },
  };
}
