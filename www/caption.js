// Words of a lesson: each mark in braces becomes an element that wears the look of what it names.

import { h, hue } from "./dom.js";
import { rim } from "./draw/glyphs.js";
import { message } from "./draw/messages.js";
import { ink } from "./draw/tokens.js";

/**
 * @import { Frame } from "./pkg/synod.js"
 * @import { Tokens } from "./draw/tokens.js"
 */

/** A mark that ends or parts a sentence; written so that a page of any charset reads it. */
const MARK = /^[.,;:\u3002\uff0c\uff1b\uff1a\u3001\uff1f\uff09)]/;
const GLYPH = 30;
/** The last word of a text, or its last Chinese character, with the space behind it. */
const WORD = /(?:[^\s\u3000-\u9fff\uff00-\uffef]+|[\u3000-\u9fff\uff00-\uffef])\s*$/;
const TALLY = 40;

/**
 * @param {string} text @param {Frame} frame the frame that tallies and inks are taken from @param {Tokens} tokens
 * @returns {(string | HTMLElement)[]}
 */
export function caption(text, frame, tokens) {
  let epoch = Math.max(0, ...frame.nodes.map((one) => one.epoch.value));
  // A glyph wears the ink of the last epoch that was named before it.
  const parts = text
    .split(/(\{[^}]*\})/)
    .filter(Boolean)
    .map((part) => {
      const mark = part.match(/^\{(.*)\}$/)?.[1];
      if (mark === undefined) return part;
      if (mark.startsWith(">")) return glyph(mark.slice(1), epoch, tokens);
      if (mark.startsWith("~")) return tally(mark.slice(1), frame, tokens);
      const [, number, words] = mark.match(/^(\d+):(.*)$/) ?? [];
      if (words === undefined) return h("b", { class: "who" }, mark);
      epoch = Number(number);
      return h("span", { class: `tm h${hue(epoch)}` }, words);
    });
  return bound(parts);
}

/**
 * A glyph stays on the line of the word before it and of the mark behind it, and close to that mark.
 * @param {(string | HTMLElement)[]} parts
 */
function bound(parts) {
  /** @type {(string | HTMLElement)[]} */
  const out = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (!(part instanceof HTMLCanvasElement)) {
      out.push(part);
      continue;
    }
    /** @type {(string | HTMLElement)[]} */
    let held = [];
    if (out.at(-1) === " ") held = out.splice(-2, 2);
    else if (typeof out.at(-1) === "string") {
      const before = /** @type {string} */ (out.pop());
      const word = before.match(WORD)?.[0] ?? "";
      out.push(before.slice(0, before.length - word.length));
      held = [word];
    }
    held.push(part);
    const next = parts[at + 1];
    const mark = typeof next === "string" ? (next.match(MARK)?.[0] ?? "") : "";
    if (mark) {
      parts[at + 1] = /** @type {string} */ (next).slice(mark.length);
      part.classList.add("ends");
      held.push(mark);
    }
    out.push(h("span", { class: "bound" }, ...held));
  }
  return out.filter((part) => part !== "");
}

/** @param {string} text */
export const plain = (text) =>
  text
    .replace(/\{[>~][^}]*\}/g, "")
    .replace(/\{(?:\d+:)?([^}]*)\}/g, "$1")
    .replace(/ +/g, " ")
    .replace(/ (?=[.,;:\u3002\uff0c\uff1b\uff1a\u3001])/g, "");

/** @param {number} size @param {(x: CanvasRenderingContext2D) => void} draw */
function drawn(size, draw) {
  const canvas = h("canvas", { class: "glyph", "aria-hidden": "true" });
  const density = Math.min(window.devicePixelRatio || 1, 3);
  canvas.width = canvas.height = size * density;
  canvas.style.width = canvas.style.height = `${size}px`;
  const x = canvas.getContext("2d");
  if (x) {
    x.scale(density, density);
    x.translate(size / 2, size / 2);
    draw(x);
  }
  return canvas;
}

/** @param {string} tone @param {number} epoch @param {Tokens} tokens */
function glyph(tone, epoch, tokens) {
  const plainInk = { fill: tokens.ink, on: tokens.sheet, tint: tokens.hair, text: tokens.ink };
  const colour = tone === "client" || epoch === 0 ? plainInk : ink(tokens, epoch);
  return drawn(GLYPH, (x) =>
    message(x, tokens, tone, colour, tone === "heartbeat" ? 14 : 19, {
      angle: 0,
      reply: tone === "yes" || tone === "no" || tone === "stored",
      count: 1,
      quiet: false,
    }),
  );
}

/** @param {string} name @param {Frame} frame @param {Tokens} tokens */
function tally(name, frame, tokens) {
  const node = frame.nodes.find((one) => one.name === name);
  const counted = node?.tally ?? node?.won;
  if (!node || !counted) return h("span");
  const { have, refused, need, of } = counted;
  const canvas = drawn(TALLY, (x) =>
    rim(x, tokens, {
      cx: 0,
      cy: 0,
      r: 14,
      width: 5,
      of,
      need,
      have: have.length,
      refused: refused.length,
      hue: ink(tokens, node.epoch.value),
    }),
  );
  canvas.setAttribute("role", "img");
  canvas.removeAttribute("aria-hidden");
  canvas.setAttribute("aria-label", `${have.length}/${of}`);
  return canvas;
}
