// The colours and fonts of the theme, read once from the style sheet.

import { hue } from "../dom.js";

/**
 * @typedef {{ fill: string, on: string, tint: string, text: string }} Ink
 * @typedef {{ page: string, sheet: string, well: string, ink: string, ink2: string, ink3: string, rule: string, hair:
 *   string,
 *   faint: string, alarm: string, ghost: string, dead: string, fibre: string, lip: string, fall: string,
 *   inks: Ink[], ui: string, mono: string, dark: boolean, scale: number }} Tokens
 */

/** @param {HTMLElement} [root] the element that wears the theme @returns {Tokens} */
export function readTokens(root = document.documentElement) {
  const style = getComputedStyle(root);
  const get = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const inks = Array.from({ length: 9 }, (_, i) => ({
    fill: get(`t${i}`),
    on: get(`t${i}-on`),
    tint: get(`t${i}-tint`),
    text: get(`t${i}-text`),
  }));
  return {
    page: get("page"),
    sheet: get("sheet"),
    well: get("well"),
    ink: get("ink"),
    ink2: get("ink-2"),
    ink3: get("ink-3"),
    rule: get("rule"),
    hair: get("hair"),
    faint: get("faint"),
    alarm: get("alarm"),
    ghost: get("ghost"),
    dead: get("dead"),
    fibre: get("fibre"),
    lip: get("lip"),
    fall: get("fall"),
    inks,
    ui: get("ui"),
    mono: get("mono"),
    dark: root.dataset.theme === "dark",
    scale: textScale(root),
  };
}

/** What a browser's text measures by itself, in px. */
const USUAL = 16;

/**
 * How much larger than usual the reader wants text: on our pages as the root has it, elsewhere as the browser does,
 * whatever the page around the element says.
 * @param {HTMLElement} root
 */
function textScale(root) {
  const own = root === document.documentElement;
  let size = own ? getComputedStyle(root).fontSize : "";
  if (!own) {
    const probe = document.createElement("span");
    probe.style.fontSize = "medium";
    root.append(probe);
    size = getComputedStyle(probe).fontSize;
    probe.remove();
  }
  return Math.max(1, Math.min(2, Number.parseFloat(size) / USUAL || 1));
}

/** The ink of an epoch. @param {Tokens} k @param {number} epoch */
export const ink = (k, epoch) => k.inks[hue(epoch)];

/** A colour with an opacity. @param {string} hex @param {number} a */
export function alpha(hex, a) {
  const n = parseInt(hex.slice(1), 16);
  return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${a})`;
}
