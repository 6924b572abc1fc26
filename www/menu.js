// The menu of a node or a message: exactly the inputs that are valid now.

import { inject } from "./acts.js";
import { h, putAt } from "./dom.js";
import { closeMenu, nodeAt } from "./state.js";
import { clientLines } from "./tell.js";
import { TOOL_OF } from "./tools.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Target } from "./draw/stage.js"
 */

/** On a screen narrower than this a menu is a sheet at its foot or head, beside what it is about. */
const NARROW = 760;

/** What has the focus, also inside an element's shadow. @param {Element | null} element @returns {Element | null} */
const deepest = (element) => (element?.shadowRoot?.activeElement ? deepest(element.shadowRoot.activeElement) : element);

/** @param {Lab} lab @param {Target} target @param {number} x @param {number} y */
export function openMenu(lab, target, x, y) {
  closeMenu(lab);
  const { read, say } = lab.words;
  const node = "node" in target ? nodeAt(lab, target.node) : undefined;
  const message = "message" in target ? lab.frame.messages.find((one) => one.id === target.message) : undefined;
  const client = "client" in target ? target.client : undefined;
  if (!node && !message && !client) return;
  const name = node?.name ?? client ?? `#${message?.id}`;
  const offers = client
    ? lab.sim.inputs(undefined).filter(({ object }) => "node" in object && object.node === client)
    : lab.sim.inputs(node ? node.name : { message: /** @type {{ message: number }} */ (target).message });
  const item = (/** @type {(typeof offers)[number]} */ offer) => {
    const act = () => {
      closeMenu(lab);
      inject(lab, offer.text);
    };
    const side = offer.beyond ? say("beyond") : (TOOL_OF[offer.object.kind] ?? "");
    const hint = h(offer.beyond ? "small" : "kbd", {}, side);
    return h(
      "button",
      { role: "menuitem", "data-input": offer.text, onclick: act },
      h("span", {}, read(offer.label)),
      hint,
    );
  };
  const says = node ? [read(node.says)] : message ? [read(message.says)] : clientLines(lab, name);
  const items = h("div", { role: "menu", tabindex: "-1", "aria-label": name }, ...offers.map(item));
  const menu = h(
    "section",
    { class: "menu", "aria-label": name, onkeydown: (/** @type {KeyboardEvent} */ event) => walk(lab, items, event) },
    h("p", { class: "menu-name" }, name),
    ...says.filter(Boolean).map((line) => h("p", {}, line)),
    items,
  );
  const before = deepest(document.activeElement);
  const away = new AbortController();
  const outside = (/** @type {Event} */ event) => {
    const [at] = event.composedPath();
    if (at instanceof Node && !menu.contains(at)) closeMenu(lab);
  };
  document.addEventListener("pointerdown", outside, { capture: true, signal: away.signal });
  lab.menu = {
    close: () => {
      away.abort();
      menu.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
  };
  lab.overlay.append(menu);
  if (innerWidth < NARROW) menu.classList.add(y > innerHeight / 2 ? "head" : "foot");
  else putAt(menu, x, y);
  (menu.querySelector("button") ?? items).focus({ preventScroll: true });
}

/** @param {Lab} lab @param {HTMLElement} menu @param {KeyboardEvent} event */
function walk(lab, menu, event) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (deepest(document.activeElement)));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[(to + items.length) % items.length]?.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu(lab);
  else if (event.key !== "Enter" && event.key !== " ") return;
  event.stopPropagation();
  if (event.key !== "Enter" && event.key !== " ") event.preventDefault();
}
