// What a stage in other people's pages needs for a lesson, and is fetched with one.

import { h, setText } from "./dom.js";
import { cutButton, wayOut } from "./figure.js";
import { icon } from "./icons.js";
import { back, forward, turn } from "./story.js";
import { iconButton, playButton } from "./transport.js";

export { caption } from "./caption.js";
export { comeBack, endOf, free, go, hasHappened, makeStory, stepAt, tryIt } from "./story.js";

/**
 * @import { Wish } from "./figure.js"
 * @import { Story } from "./story.js"
 */

/** @param {Story} story @param {Wish} wish */
export function storyBar(story, wish) {
  const { lab, plan, deck } = story;
  const speak = () => lab.words;
  const before = iconButton("before", null, () => back(story));
  const label = h("span");
  const turnOn = () => {
    if (!forward(story)) turn(story, 0, true);
  };
  const on = h(
    "button",
    { class: "btn primary", type: "button", part: "continue", onclick: turnOn },
    label,
    icon("next"),
  );
  const place = h("span", { class: "now place" });
  const play = playButton(speak, deck, null);
  const cut = cutButton(lab);
  const open = wayOut();
  const few = wish.controls === "few";
  const rest = [h("span", { class: "sp" }), ...(few ? [] : [cut.element]), play.element, open];
  return {
    element: h("div", { class: "bar", part: "controls" }, before, on, place, ...rest),
    tick: () => {},
    update: () => {
      const { say } = speak();
      const end = story.step === plan.steps.length - 1 && !lab.playing;
      play.update();
      cut.update();
      before.setAttribute("aria-label", say("back"));
      before.disabled = story.step === 0 && !story.trying;
      setText(label, say(story.trying ? "return" : end ? "start-again" : "continue"));
      setText(place, say("step-of", { n: story.step + 1, of: plan.steps.length }));
      open.setAttribute("aria-label", say("open-synod"));
      if (!lab.playing) open.href = wish.href(lab.sim, story.trying ? null : plan.steps[story.step].id);
    },
  };
}
