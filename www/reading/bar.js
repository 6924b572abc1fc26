// What is at hand at any time in a lesson: the clock, the rate, again, pause, an event on; and, for a run of the
// reader's own, the tools.

import { h, setText } from "../dom.js";
import { go } from "../story.js";
import { changed } from "../state.js";
import { attempt } from "../share.js";
import { buildTools } from "../toolbox.js";
import { iconButton, playButton, worded } from "../transport.js";
import { running } from "../moment.js";
import { language, ms, say, wordsIn } from "../words.js";

/** @import { Story } from "../story.js" */

const speak = () => wordsIn(language());
/** Virtual time to wall time: the slowest and the fastest. */
const [SLOWEST, FASTEST] = [1 / 2000, 10];
/** On a page narrower than this the bar has no room for all words, in one column or in two. */
const NARROW = 900;

/** @param {Story["lab"]} lab */
function nowSays({ protocol, sim }) {
  if (protocol.seconds || innerWidth < NARROW) return running(protocol, { say }, sim.now);
  return say("virtual", { n: ms(Math.floor(sim.now)) });
}

/** @param {Story} story @param {(at: HTMLElement) => unknown} take what can be taken along */
export function buildBar(story, take) {
  const { lab, deck } = story;
  const now = h("span", { class: "now" });
  const rate = h("span", { class: "rate" });
  const left = h("span", { class: "left", "data-word": "left-story" });
  const scale = (/** @type {number} */ by) => () => {
    lab.rate = Math.max(SLOWEST, Math.min(FASTEST, lab.rate * by));
    changed(lab);
  };
  const slower = worded(speak, "slower", "slower", "slower", scale(0.5));
  const faster = worded(speak, "faster", "faster", "faster", scale(2));
  const again = worded(speak, "restart", "again", "again", () => go(story, story.step));
  const play = playButton(speak, deck, "play");
  const on = worded(speak, "step", "step", "step", () => deck.by(1));
  const out = iconButton("save", "export", () => attempt(() => take(out), lab.told));
  const tools = buildTools(lab, deck);
  const parts = [slower, faster, again, play, on];
  const line = h(
    "div",
    { class: "bar" },
    now,
    left,
    h("span", { class: "sp" }),
    rate,
    ...parts.map((part) => part.element),
    out,
  );
  const element = h("div", { class: "under" }, tools.element, line);
  return {
    element,
    tick: () => setText(now, nowSays(lab)),
    update: () => {
      for (const part of [...parts, tools]) part.update();
      tools.element.hidden = left.hidden = !story.trying;
      again.element.hidden = story.trying;
      setText(rate, pace(lab.rate));
      out.setAttribute("aria-label", say("export"));
      out.title = say("export");
    },
  };
}

/** @param {number} rate */
function pace(rate) {
  if (rate === 1) return say("real-time");
  if (rate < 1) return say("times-slower", { n: Math.max(2, Math.round(1 / rate)) });
  return say("times-faster", { n: Math.round(rate) });
}
