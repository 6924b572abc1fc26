// A lesson on paper: each step's stage as it stands at its end, with its words and its question under it.

import { caption } from "../caption.js";
import { h } from "../dom.js";
import { readTokens } from "../draw/tokens.js";
import { paintOn } from "../paint.js";
import { look } from "../state.js";
import { endOf, go } from "../story.js";
import { read } from "../words.js";
import { tell } from "./say.js";

/**
 * @import { Story } from "../story.js"
 * @import { View } from "../view.js"
 */

/** How many pixels wide a picture is: enough for print, and little enough for twenty of them. */
const WIDTH = 1200;

/**
 * All steps; afterwards the stage is as it was.
 * @param {Story} story @param {View} view @param {string} address where the lesson is
 */
export function makeHandout(story, view, address) {
  const { plan, step, answered } = story;
  const figures = plan.steps.map((_, n) => figure(story, view, n));
  go(story, step, false);
  story.answered = answered;
  look(story.lab);
  const head = h("header", {}, h("h1", {}, read(plan.title)), h("p", {}, tell("handout", { address })));
  return h("section", { class: "handout" }, head, ...figures);
}

/** @param {Story} story @param {View} view @param {number} n */
function figure(story, view, n) {
  go(story, n, false);
  look(story.lab);
  view.draw(true);
  const { plan, mark } = story;
  const [tokens, end, one] = [readTokens(), endOf(story), plan.steps[n]];
  const said = [mark.say, mark.then].map((says) => (says ? h("p", {}, ...caption(read(says), end, tokens)) : null));
  const more = mark.more ? h("p", { class: "aside" }, ...caption(read(mark.more), end, tokens)) : null;
  const asked = one.ask
    ? [
        h("p", { class: "asked" }, ...caption(read(one.ask.says), end, tokens)),
        h("ol", {}, ...one.ask.answers.map((answer) => h("li", {}, ...caption(read(answer), end, tokens)))),
      ]
    : [];
  const task = one.task ? h("p", { class: "asked" }, ...caption(read(one.task.says), end, tokens)) : null;
  const name = h("h2", {}, `${n + 1} ${read(one.name)}`);
  return h("figure", {}, picture(view), h("figcaption", {}, name, ...said, more, ...asked, task));
}

/** @param {View} view */
function picture({ picture }) {
  const { W, H } = picture.size();
  const scale = WIDTH / W;
  const canvas = h("canvas", { width: WIDTH, height: Math.round(H * scale) });
  const x = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  x.scale(scale, scale);
  paintOn(picture, x);
  return canvas;
}
