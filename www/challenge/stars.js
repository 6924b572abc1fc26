// Stars, as they stand on cards and beside a stage.

import "./icons.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { tell } from "./say.js";

/** @param {import("../words.js").Words} words @param {number} n of three */
export function stars(words, n) {
  const all = [1, 2, 3].map((at) => icon(at <= n ? "star" : "star0"));
  return h("span", { class: "stars", role: "img", "aria-label": tell(words, "stars-have", { n }) }, ...all);
}
