// The keyboard: the same keys on every page, and in every stage that has the focus.

import { inject } from "./acts.js";
import { changed, closeMenu, setSpan } from "./state.js";
import { applyTool, cutSides, operation, take, toolOf } from "./tools.js";

/**
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ deck: Deck, lab: Lab | null, focus?: (name: string) => void, command?: () => void, help?: () => void,
 *   takeOver?: () => void, escape?: () => boolean, timed?: boolean, own?: boolean }} Hands
 *   the stage that tools act on, if it is one; what takes the story over or leaves it; whether there is a time diagram;
 *   whether keys that are used here are kept from the page around
 */

/** Where text is typed, or a list is walked, keys mean something else. */
const TYPING = "input:not([type=range]):not([type=checkbox]),textarea,select,dialog,[role=menu],[contenteditable]";

/** @param {Document | HTMLElement} root @param {Hands} hands */
export function handleKeys(root, hands) {
  root.addEventListener("keydown", (given) => {
    const event = /** @type {KeyboardEvent} */ (given);
    const [target] = event.composedPath();
    if (event.defaultPrevented || event.isComposing || !(target instanceof Node)) return;
    if (target instanceof Element && target.closest(TYPING)) return;
    const slides = target instanceof HTMLInputElement;
    if (slides && /^(Arrow|Home|End|Page)/.test(event.key)) return;
    if (!act(hands, event, target)) return;
    event.preventDefault();
    if (hands.own) event.stopPropagation();
  });
  // A button is pressed when Space is let go: here it plays, whatever has the focus.
  root.addEventListener("keyup", (given) => {
    const [target] = given.composedPath();
    const space = /** @type {KeyboardEvent} */ (given).key === " ";
    if (space && target instanceof Element && !target.closest(TYPING)) given.preventDefault();
  });
}

/** @param {Hands} hands @param {KeyboardEvent} event @param {Node} target */
function act(hands, event, target) {
  const { deck } = hands;
  if (event.ctrlKey || event.metaKey) return takeBack(deck, event);
  if (event.altKey) return false;
  const many = event.shiftKey ? 10 : 1;
  switch (event.key) {
    case " ":
      return done(deck.toggle);
    case "ArrowRight":
      return done(() => (many > 1 ? deck.by(many) : deck.on()));
    case "ArrowLeft":
      return done(() => (many > 1 ? deck.by(-many) : deck.back()));
    case ".":
    case "。":
      return done(() => deck.by(1));
    case ",":
    case "，":
      return done(() => deck.by(-1));
    case "Home":
      return done(() => deck.seek(0));
    case "End":
      return done(() => deck.seek(deck.end()));
    case "?":
    case "？":
      return done(hands.help);
    case "/":
      return done(hands.command);
    case "t":
      return done(hands.takeOver);
    case "Escape":
      return letGo(hands);
  }
  return hands.lab ? onStage(hands, hands.lab, event, target) : false;
}

/** @param {(() => unknown) | undefined} act */
function done(act) {
  act?.();
  return act !== undefined;
}

/** @param {Deck} deck @param {KeyboardEvent} event */
function takeBack(deck, event) {
  if (event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key === "z") return done(event.shiftKey ? deck.redo : deck.undo);
  return key === "y" ? done(deck.redo) : false;
}

/** @param {Hands} hands @param {Lab} lab @param {KeyboardEvent} event @param {Node} target */
function onStage(hands, lab, event, target) {
  const { key } = event;
  if (!hands.own && key.toLowerCase() === "z") return done(event.shiftKey ? hands.deck.redo : hands.deck.undo);
  const mirrored = target instanceof Element && target.closest(".mirror") !== null;
  // In other people's pages letters are theirs, unless somebody is on the stage.
  if (hands.own && !mirrored) return false;
  if (hands.timed && (key === "+" || key === "=")) return done(() => setSpan(lab, lab.span / 1.5));
  if (hands.timed && key === "-") return done(() => setSpan(lab, lab.span * 1.5));
  if (key === "Enter") return enter(lab, target instanceof HTMLElement && target.closest("button,a") !== null);
  if (/^[1-9]$/.test(key)) return digit(lab, hands, Number(key) - 1);
  const tool = key.length === 1 && !event.shiftKey ? toolOf(key) : null;
  if (!tool) return false;
  const used = tool !== "cut" && lab.focus !== null && mirrored && applyTool(lab, tool, lab.focus);
  if (!used) take(lab, tool);
  return true;
}

/** One thing at a time is let go: a menu, a way through time, a tool, the reader's own run. @param {Hands} hands */
function letGo(hands) {
  const { lab, deck } = hands;
  if (deck.labs.some(closeMenu)) return true;
  if (deck.labs.some((one) => one.going)) return done(deck.stop);
  if (hands.escape?.()) return true;
  if (!lab) return false;
  const held = lab.tool !== null || lab.focus !== null || lab.sides.length > 0;
  lab.tool = lab.focus = null;
  lab.sides = [];
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  changed(lab);
  return held;
}

/**
 * With the cut tool Enter parts the sides; with the send tool a client finds its own way.
 * @param {Lab} lab
 * @param {boolean} pressed
 */
function enter(lab, pressed) {
  if (lab.tool === "cut" && lab.sides.length) return done(() => cutSides(lab));
  if (pressed || lab.tool !== "send") return false;
  return done(() => inject(lab, `request ${operation(lab)}`));
}

/** @param {Lab} lab @param {Hands} hands @param {number} at */
function digit(lab, hands, at) {
  const one = lab.frame.nodes[at];
  if (!one) return false;
  if (lab.tool === "cut") {
    lab.sides = lab.sides.includes(one.id) ? lab.sides.filter((id) => id !== one.id) : [...lab.sides, one.id];
    changed(lab);
  } else hands.focus?.(one.name);
  return true;
}
