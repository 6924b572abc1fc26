// The keyboard: everything that a hand on the stage can do.

import { closeMenu } from "./menu.js";
import { changed, inject, seek, setPlaying, step, stepBack } from "./state.js";
import { setSpan } from "./time.js";
import { applyTool, cutSides, operation, take, toolOf } from "./tools.js";

/** @import { Lab } from "./state.js" */

/** @param {Lab} lab @param {{ mirror: { focus: (key: string) => void }, command: { focus: () => void } }} parts */
export function handleKeys(lab, parts) {
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const typing = target instanceof HTMLElement && target.closest("input:not([type=range]),select,dialog,[role=menu]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLInputElement && event.key.startsWith("Arrow")) return;
    if (act(lab, parts, event)) event.preventDefault();
  });
}

/** @param {Lab} lab @param {Parameters<typeof handleKeys>[1]} parts @param {KeyboardEvent} event */
function act(lab, parts, event) {
  const many = event.shiftKey ? 10 : 1;
  const onButton = event.target instanceof HTMLButtonElement;
  switch (event.key) {
    case " ":
      if (onButton && !event.target.closest(".mirror")) return false;
      setPlaying(lab, !lab.playing);
      return true;
    case "ArrowRight":
      step(lab, many);
      return true;
    case "ArrowLeft":
      stepBack(lab, many);
      return true;
    case "Home":
      seek(lab, 0);
      return true;
    case "End":
      seek(lab, lab.sim.end);
      return true;
    case "+":
    case "=":
      setSpan(lab, lab.span / 1.5);
      return true;
    case "-":
      setSpan(lab, lab.span * 1.5);
      return true;
    case "?":
      import("./configure.js").then(({ help }) => help(lab));
      return true;
    case "/":
      parts.command.focus();
      return true;
    case "Escape":
      return letGo(lab);
    case "Enter":
      return enter(lab, onButton);
  }
  if (/^[1-9]$/.test(event.key)) return digit(lab, parts, Number(event.key) - 1);
  const tool = event.key.length === 1 && !event.shiftKey ? toolOf(event.key) : null;
  if (!tool) return false;
  const used =
    tool !== "cut" &&
    lab.focus !== null &&
    document.activeElement?.closest(".mirror") &&
    applyTool(lab, tool, lab.focus);
  if (!used) take(lab, tool);
  return true;
}

/** @param {Lab} lab */
function letGo(lab) {
  closeMenu();
  lab.tool = lab.focus = null;
  lab.sides = [];
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  changed(lab);
  return true;
}

/**
 * With the cut tool Enter parts the sides; with the send tool a client finds its own way.
 * @param {Lab} lab
 * @param {boolean} onButton
 */
function enter(lab, onButton) {
  if (lab.tool === "cut" && lab.sides.length) {
    cutSides(lab);
    return true;
  }
  if (onButton) return false;
  if (lab.tool === "send") {
    inject(lab, `request ${operation(lab)}`);
    return true;
  }
  return false;
}

/** @param {Lab} lab @param {Parameters<typeof handleKeys>[1]} parts @param {number} at */
function digit(lab, parts, at) {
  const one = lab.frame.nodes[at];
  if (!one) return false;
  if (lab.tool === "cut") {
    lab.sides = lab.sides.includes(one.id) ? lab.sides.filter((id) => id !== one.id) : [...lab.sides, one.id];
    changed(lab);
  } else parts.mirror.focus(one.name);
  return true;
}
