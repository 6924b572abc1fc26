// How a quiz went: how many, which ones are to be looked at again, and where to go on.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { language, read } from "../words.js";
import { say } from "./say.js";

/**
 * @import { Question } from "./asked.js"
 * @typedef {{ href: string, name: string }} Way
 */

/** @param {Question} question */
export const stepHref = ({ lesson, step }) => `lesson.html#lesson=${lesson}&step=${step}&lang=${language()}`;

/**
 * @param {Question[]} questions @param {(boolean | null)[]} results
 * @param {{ again: (questions: Question[]) => void, on: Way | null }} ways
 */
export function end(questions, results, { again, on }) {
  const wrong = questions.filter((_, n) => !results[n]);
  const [n, of] = [questions.length - wrong.length, questions.length];
  const button = (/** @type {string} */ id, /** @type {string} */ words, /** @type {Question[]} */ list) =>
    h("button", { type: "button", class: "btn", id, onclick: () => again(list) }, icon("restart"), words);
  const once = wrong.length ? button("again", say("again", { n: wrong.length }), wrong) : null;
  const whole = button("whole-again", say("whole-again"), questions);
  const further = on
    ? h("a", { class: "btn primary", id: "further", href: on.href }, say("to-lesson", { name: on.name }), icon("next"))
    : null;
  const home = h("a", { class: "btn quiet", href: `index.html#lang=${language()}` }, say("to-home"));
  const row = (/** @type {Question} */ question, /** @type {number} */ n) =>
    h(
      "li",
      { class: results[n] ? "right" : "wrong" },
      h("i", { "aria-hidden": "true" }, results[n] ? "✓" : "✕"),
      h("span", { class: "seen-not" }, say(results[n] ? "is-right" : "is-wrong", { n: n + 1 })),
      h("p", {}, read(question.ask.says)),
      h("a", { href: stepHref(question) }, `${read(question.title)} · ${read(question.name)}`),
    );
  return h(
    "section",
    { class: "went" },
    h("h1", { tabindex: "-1" }, say(wrong.length ? "score" : "score-all", { n, of })),
    h("p", { class: "kept" }, say("kept")),
    h("p", { class: "ways-on" }, further, once, whole, home),
    h("ol", { class: "gone" }, ...questions.map(row)),
  );
}
