// A part of the side: its title, a note beside it, and a body.

import { h } from "../dom.js";

/** @param {string} word @param {HTMLElement} body */
export function section(word, body) {
  const note = h("span");
  const title = h("h2", { "data-word": word });
  const element = h("section", { "data-panel": word }, h("div", { class: "hd" }, title, note), body);
  return { element, note, title };
}
