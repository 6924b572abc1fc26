// The finder in the lab: its rail, its side and what is below the stage stand in the places of the lab's own while it
// is open. A search goes on while it is closed.

import { addIcons } from "../icons.js";
import { listen } from "../state.js";
import { buildBelow } from "./film.js";
import { foundBy, look, makeFind, onStage, show, stepNow } from "./model.js";
import { buildPanel } from "./panel.js";
import { buildRules } from "./rules.js";

/**
 * @import { Lab } from "../state.js"
 * @import { Find, Wanted } from "./model.js"
 */

addIcons({
  find: ["M13.500 8.500a5 5 0 1 1-10 0a5 5 0 0 1 10 0", "M12.200 12.200L17 17"],
  "halt-search": ["!M5.500 5.500h9v9h-9z"],
  code: ["M7 6l-4 4 4 4M13 6l4 4-4 4"],
  shrink: ["M2.500 10H8M5.500 7L8.500 10l-3 3M17.500 10H12M14.500 7l-3 3 3 3"],
});

/** While a run plays, the film follows it this often, in ms. */
const FOLLOW_EVERY = 120;

/** @type {WeakMap<Lab, { find: Find, protocol: string, open: () => void }>} */
const opened = new WeakMap();

/** @param {Lab} lab @param {Wanted} [wanted] what is looked for at once */
export function openFind(lab, wanted) {
  const known = opened.get(lab);
  const one = known?.protocol === lab.protocol.id ? known : build(lab);
  opened.set(lab, one);
  one.open();
  if (!wanted) return;
  one.find.wanted = wanted;
  look(one.find);
}

/** @param {Lab} lab */
function build(lab) {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const mid = /** @type {HTMLElement} */ (main.querySelector(".mid"));
  const transport = /** @type {HTMLElement} */ (mid.querySelector(".transport"));
  let asked = 0;
  const update = () => {
    asked ||= requestAnimationFrame(draw);
  };
  const close = () => {
    main.classList.remove("finding");
    for (const part of parts) part.remove();
    // Whoever goes by keyboard goes on where they came from.
    const tab = main.querySelector('.rail [data-tab="rules"]');
    if (tab instanceof HTMLElement && tab.offsetParent) tab.focus();
  };
  const find = makeFind(lab, update, close);
  const [rules, panel, below] = [buildRules(find), buildPanel(find), buildBelow(find)];
  const parts = [rules.element, panel.element, below.element, below.bar, below.tabs];
  const isOpen = () => main.classList.contains("finding") && below.element.isConnected;
  const draw = () => {
    asked = 0;
    if (!isOpen()) return;
    if (lab.protocol.id !== one.protocol) return close();
    if (find.shown === "steps" && !foundBy(find)) find.shown = "goals";
    main.dataset.shown = find.shown;
    main.toggleAttribute("data-chosen", !find.choosing);
    for (const part of [rules, panel, below]) part.update();
    if (lab.playing && foundBy(find)) setTimeout(update, FOLLOW_EVERY);
  };
  const one = {
    find,
    protocol: lab.protocol.id,
    open: () => {
      if (!isOpen()) {
        main.classList.add("finding");
        transport.append(below.bar, below.tabs);
        mid.append(below.element);
        main.append(rules.element, panel.element);
        const here = rules.element.querySelector('[aria-selected="true"]');
        if (here instanceof HTMLElement) here.focus({ preventScroll: true });
      }
      update();
    },
  };
  listen(lab, update);
  new ResizeObserver(update).observe(below.element);
  new MutationObserver(update).observe(document.documentElement, { attributeFilter: ["data-theme", "lang"] });
  document.addEventListener("keydown", (event) => isOpen() && walk(find, event), true);
  return one;
}

/** By arrows a step back or on, where the steps are shown. @param {Find} find @param {KeyboardEvent} event */
function walk(find, event) {
  const found = find.shown === "steps" ? foundBy(find) : null;
  if (!found || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { target } = event;
  if (target instanceof Element && target.closest("input, textarea, select, dialog, [role=menu], .mirror")) return;
  const now = onStage(find) ? stepNow(find) : find.at;
  const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: -1, End: found.steps.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  show(find, to);
  const button = document.querySelector(`.find-below [data-step="${find.at + 1}"]`);
  if (target instanceof Element && target.closest(".strip") && button instanceof HTMLElement)
    button.focus({ preventScroll: true });
}
