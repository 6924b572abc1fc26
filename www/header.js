// A page's header. What does not fit in its line folds into a menu that says so.

import { h, setText } from "./dom.js";
import { language, say } from "./words.js";

/** A page narrower than this is a phone's. */
const NARROW = 760;

/**
 * @param {(HTMLElement | [HTMLElement, number])[]} items in the order of the line; with a number, those that may
 *   fold, the
 *   lowest first
 */
export function buildHeader(items) {
  const line = items.map((item) => (Array.isArray(item) ? item[0] : item));
  const folding = items
    .filter((item) => Array.isArray(item))
    .sort((a, b) => a[1] - b[1])
    .map(([element]) => element);
  const panel = h("div", { class: "folded", hidden: true });
  const show = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    more.setAttribute("aria-expanded", String(open));
  };
  const toggle = () => show(panel.hidden === true);
  const props = { class: "btn quiet fold", type: "button", id: "menu", "aria-expanded": "false" };
  const more = h("button", { ...props, onclick: toggle }, h("span", { "data-word": "menu" }));
  const element = h("header", {}, ...line, more, panel);
  const away = (/** @type {Event} */ event) => {
    const [target] = event.composedPath();
    const inside = target instanceof Node && (panel.contains(target) || more.contains(target));
    if (!panel.hidden && !inside) show(false);
  };
  document.addEventListener("pointerdown", away, true);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    show(false);
    more.focus();
    event.stopPropagation();
  });
  panel.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("button,a")) show(false);
  });
  let [before, width] = ["", 0];
  const fold = () => {
    const key = `${width} ${language()} ${line.map((one) => `${one.hidden} ${one.textContent}`).join()}`;
    if (key === before || !width) return;
    before = key;
    const held = document.activeElement;
    // What is in its place stays there: whatever is put in anew forgets how far it was scrolled.
    line.reduceRight(
      (next, one) => {
        if (one.parentElement !== element) element.insertBefore(one, next);
        return one;
      },
      /** @type {HTMLElement} */ (more),
    );
    more.hidden = true;
    // What does not fit runs into the margin first, which is no part of what scrolls.
    const end = element.getBoundingClientRect().right - Number.parseFloat(getComputedStyle(element).paddingRight);
    const runsOver = () => [...element.children].some((one) => one.getBoundingClientRect().right > end + 1);
    // On a phone the line is for what the page is about.
    const over = () => innerWidth < NARROW || runsOver();
    for (const one of folding) {
      if (!over()) break;
      more.hidden = false;
      panel.append(one);
    }
    if (more.hidden) show(false);
    if (held instanceof HTMLElement && held !== document.activeElement && element.contains(held)) held.focus();
  };
  // Asking for its width while the page plays would have it laid out each time.
  new ResizeObserver(([entry]) => {
    width = entry.contentRect.width;
    fold();
  }).observe(element);
  return {
    element,
    update: () => {
      setText(more.children[0], say("menu"));
      fold();
    },
  };
}
