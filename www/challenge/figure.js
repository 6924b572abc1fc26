// A challenge in other people's pages: what is asked and how far it is, below the stage.

import "../icons-page.js";
import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { challengeFor } from "../said.js";
import { recorded } from "../shell.js";
import { deckOf, guarded, makePlay } from "./play.js";
import { tell } from "./say.js";
import { buildAsked, buildObjectives } from "./side.js";
import panel from "./panel.css";
import figure from "./figure.css";

/**
 * @import { Challenge, Protocol, Simulation } from "../pkg/synod.js"
 * @import { Wish } from "../figure.js"
 * @import { Words } from "../words.js"
 * @typedef {{ words: Words, all: Protocol[], controls: string, base: URL, rate: number | null, run: string | null,
 *   t: string | null, fire: Wish["fire"] }} Asked
 */

/**
 * What a stage is to show of a challenge.
 * @param {any} data @param {{ Challenge: typeof Challenge, Simulation: typeof Simulation }} module @param {Asked} asked
 * @returns {Wish}
 */
export function wishOf(data, { Challenge: Of, Simulation: Make }, { words, all, controls, base, rate, run, t, fire }) {
  const challenge = new Of(challengeFor(data));
  const plan = challenge.plan();
  const sim = run && recorded(run) ? Make.replay(run) : challenge.begin();
  challenge.judge(sim, false);
  const href = (/** @type {Simulation} */ now) =>
    new URL(`challenge.html#challenge=${plan.id}&run=${now.recording()}&t=${now.now}&lang=${words.lang}`, base).href;
  return {
    ...{ run: sim, all, lang: words.lang, controls, rate, step: null, play: false, fire, href },
    t: t === null ? plan.from : Number(t) || 0,
    play: false,
    dare: (lab, root) => {
      lab.words = words;
      dress(root);
      const play = makePlay(challenge, plan, lab, Make, data.saw);
      play.shown = run !== null;
      guarded(challenge, sim, () => {
        play.shown = false;
      });
      const parts = [buildAsked(lab, play), buildObjectives(lab, play, () => null)];
      const word = h("span");
      const again = h("button", { class: "btn", type: "button", onclick: play.again }, icon("restart"), word);
      setText(word, tell(words, "again"));
      const deck = deckOf(play, lab);
      const undoWord = h("span", {}, tell(words, "undo"));
      const undo = h("button", { class: "btn", type: "button", onclick: deck.undo }, icon("undo"), undoWord);
      const buttons = h("div", { class: "buttons" }, undo, again);
      const element = h("div", { class: "chal dare", part: "challenge", tabindex: "0" });
      element.append(...parts.map((part) => part.element), buttons);
      let told = -1;
      return {
        element,
        deck,
        update: () => {
          play.update();
          for (const part of parts) part.update();
          const { met, stars } = play.state;
          if (told >= 0 && met.length > told) fire("synod-objective", { met: met.length, stars });
          told = met.length;
        },
      };
    },
  };
}

/** Its styles come with it. @param {HTMLElement} root */
function dress(root) {
  const place = root.getRootNode();
  if (!(place instanceof ShadowRoot)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(panel + figure);
  place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
}
