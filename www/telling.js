// What a stage in other people's pages needs for a lesson, and is fetched with one.

import { h, setText } from "./dom.js";
import { button, wayOut } from "./figure.js";
import { icon, setIcon } from "./icons.js";
import { say } from "./words.js";

export { caption } from "./caption.js";
export { makeStory, stepAt } from "./story.js";

/**
 * @import { Wish } from "./figure.js"
 * @import { Story } from "./story.js"
 */

/** @param {Story} story @param {Wish} wish @param {() => void} toggle */
export function storyBar(story, wish, toggle) {
  const { lab, plan } = story;
  const back = button("before", () => story.back());
  const label = h("span");
  const on = h(
    "button",
    {
      class: "btn primary",
      type: "button",
      part: "continue",
      onclick: () => {
        if (!story.forward()) story.go(0);
      },
    },
    label,
    icon("next"),
  );
  const place = h("span", { class: "now" });
  const play = button("pause", toggle);
  const open = wayOut();
  const element = h("div", { class: "bar", part: "controls" }, back, on, place, h("span", { class: "sp" }), play, open);
  return {
    element,
    update: () => {
      const end = story.step === plan.steps.length - 1 && !lab.playing;
      back.setAttribute("aria-label", say("back"));
      back.disabled = story.step === 0 && !story.trying;
      setText(label, say(story.trying ? "return" : end ? "start-again" : "continue"));
      setText(place, say("step-of", { n: story.step + 1, of: plan.steps.length }));
      setIcon(play, lab.playing ? "pause" : "play");
      play.setAttribute("aria-label", say(lab.playing ? "pause" : "play"));
      open.setAttribute("aria-label", say("open-synod"));
      open.href = wish.href(lab.sim, plan.steps[story.step].id);
    },
  };
}
