// The stage of a question: its lesson, standing where the question is asked, and what happens then.

import { caption } from "../caption.js";
import { h } from "../dom.js";
import { readTokens } from "../draw/tokens.js";
import { makePlayer } from "../player.js";
import { answer, endOf, free, go, hasHappened, makeStory } from "../story.js";
import { makeView } from "../view.js";
import { language, read, wordsIn } from "../words.js";
import { opened } from "./asked.js";

/**
 * @import { Modules, Question } from "./asked.js"
 * @import { Answered } from "./card.js"
 * @typedef {Awaited<ReturnType<typeof openScene>>} Scene
 */

/**
 * Stands at the end of the step before the one that shows the answer.
 * @param {Question} question @param {Modules} modules @param {() => void} told something is to be told anew
 */
export async function openScene(question, modules, told) {
  const { lesson, module, at } = await opened(question, modules);
  const story = makeStory(lesson, module.catalog(), wordsIn(language()));
  const { lab, deck } = story;
  go(story, at, false);
  const view = makeView(lab);
  view.element.id = "stage";
  view.canvas.style.touchAction = "pan-y";
  let before = "";
  const player = makePlayer(deck, {
    draw: (afresh) => view.draw(afresh),
    panels: () => {
      const key = `${story.step} ${hasHappened(story)} ${lab.playing}`;
      if (key !== before) told();
      before = key;
    },
  });
  const show = () => go(story, at + 1);
  return {
    element: view.element,
    story,
    show,
    /** Judged by the module, in the run; then it is seen. @param {number} chosen @returns {Answered} */
    choose(chosen) {
      answer(story, chosen);
      const { answered } = story;
      if (!answered) throw new Error(question.id);
      show();
      return answered;
    },
    request: player.request,
    redress() {
      lab.words = wordsIn(language());
      player.redress();
    },
    stop() {
      player.stop();
      free(story);
    },
  };
}

/** What is said of the step that shows the answer, as far as it has happened. @param {Scene} scene */
export function stepWords({ story }) {
  const { mark } = story;
  const tokens = readTokens();
  const said = [mark.say, ...(mark.then && hasHappened(story) ? [mark.then] : [])];
  return said.map((text) => h("p", { class: "told-then" }, ...caption(read(text), endOf(story), tokens)));
}
