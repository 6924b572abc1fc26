// The menu of a node or a message: exactly the inputs that are valid now.

import { h, putAt } from "./dom.js";
import { inject, nodeAt } from "./state.js";
import { TOOL_OF } from "./tools.js";
import { read, say } from "./words.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Target } from "./draw/stage.js"
 */

/** @type {HTMLElement | null} */
let open = null;
/** @type {Element | null} */
let before = null;

/** What has the focus, also inside an element's shadow. @param {Element | null} element @returns {Element | null} */
const deepest = (element) => (element?.shadowRoot?.activeElement ? deepest(element.shadowRoot.activeElement) : element);

export function closeMenu() {
  if (!open) return;
  open.remove();
  open = null;
  if (before instanceof HTMLElement && before.isConnected) before.focus();
}

/** @param {Lab} lab @param {Target} target @param {number} x @param {number} y */
export function openMenu(lab, target, x, y) {
  closeMenu();
  before = deepest(document.activeElement);
  const node = "node" in target ? nodeAt(lab, target.node) : undefined;
  const message = "message" in target ? lab.frame.messages.find((one) => one.id === target.message) : undefined;
  if (!node && !message) return;
  const offers = lab.sim.inputs(node ? node.name : { message: /** @type {{ message: number }} */ (target).message });
  const item = (/** @type {(typeof offers)[number]} */ offer) =>
    h(
      "button",
      {
        role: "menuitem",
        "data-input": offer.text,
        onclick: () => {
          closeMenu();
          inject(lab, offer.text);
        },
      },
      h("span", {}, read(offer.label)),
      offer.beyond ? h("kbd", {}, say("beyond")) : h("kbd", {}, TOOL_OF[offer.object.kind] ?? ""),
    );
  const says = node ? read(node.says) : message ? read(message.says) : "";
  const menu = h(
    "div",
    { class: "menu", role: "menu", tabindex: "-1", "aria-label": node?.name ?? `#${message?.id}` },
    h("h3", {}, node ? node.name : `#${message?.id}`),
    says ? h("p", {}, says) : null,
    ...offers.map(item),
  );
  lab.overlay.append(menu);
  open = menu;
  putAt(menu, x, y);
  menu.querySelector("button")?.focus({ preventScroll: true });
  menu.addEventListener("keydown", (event) => walk(menu, event));
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function walk(menu, event) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(deepest(document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[(to + items.length) % items.length]?.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else if (event.key !== "Enter" && event.key !== " ") return;
  event.stopPropagation();
  if (event.key !== "Enter" && event.key !== " ") event.preventDefault();
}

globalThis.document?.addEventListener(
  "pointerdown",
  (event) => {
    const [target] = event.composedPath();
    if (open && target instanceof Node && !open.contains(target)) closeMenu();
  },
  true,
);
