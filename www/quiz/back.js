// A lesson that looks back: before its first step a card asks about an earlier one. It is fetched after the first
// picture, and one press skips it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { isDone, read as readProgress } from "../progress.js";
import { styled } from "../shell.js";
import { listen } from "../state.js";
import { go } from "../story.js";
import { language, read } from "../words.js";
import { index, makeModules, quizOf, rightOf } from "./asked.js";
import { byKey, card, focusOn, orderOf } from "./card.js";
import { stepHref } from "./end.js";
import { answered, isOpen } from "./kept.js";
import { dayOf } from "./order.js";
import { say } from "./say.js";

/**
 * @import { Story } from "../story.js"
 * @import { Index, Module, Question } from "./asked.js"
 * @import { Answered } from "./card.js"
 */

/**
 * What quizzes have to do with a lesson: a look back before its first step, and after the last lesson of a course the
 * way to its quiz.
 * @param {Story} story @param {HTMLElement} told where its words stand @param {URLSearchParams} asked what the page was
 *   opened with
 */
export async function beside(story, told, asked) {
  const all = await index();
  const { id } = story.plan;
  const [course] = id.split("/");
  const quiz = all.courses[course];
  if (quiz?.last === id) offerQuiz(story, told, course, quiz.questions.length);
  const question = await wanted(all, story, asked);
  if (!question || !atBeginning(story)) return;
  await styled("quiz-card.css");
  if (atBeginning(story)) lookBack(story, told, question);
}

/** @param {Index} all @param {Story} story @param {URLSearchParams} asked */
async function wanted({ before }, { plan }, asked) {
  const step = asked.get("step");
  // Whoever comes to a later step or to a run, or has been through the lesson, is asked nothing.
  if ((step && step !== plan.steps[0].id) || asked.has("run") || asked.has("t")) return null;
  if (isDone(readProgress(), plan.id)) return null;
  const course = (/** @type {string} */ id) => id.split("/")[0];
  for (const id of (before[plan.id] ?? []).filter((one) => isOpen(one))) {
    const { questions } = await quizOf(course(id));
    const question = questions.find((one) => one.id === id);
    // Of another course only what the reader has been through is asked about.
    if (question && (course(id) === course(plan.id) || isDone(readProgress(), question.lesson))) return question;
  }
  return null;
}

/** @param {Story} story */
const atBeginning = ({ step, trying }) => step === 0 && !trying;

/** @param {Story} story @param {HTMLElement} told @param {Question} question */
function lookBack(story, told, question) {
  const { lab, plan } = story;
  const element = h("div", { class: "back" });
  const state = {
    answered: /** @type {Answered | null} */ (null),
    waiting: false,
    wrong: /** @type {string | null} */ (null),
  };
  const order = orderOf(question, dayOf());
  const leave = () => {
    element.remove();
    told.classList.remove("looks-back");
    document.removeEventListener("keydown", press, true);
  };
  const begin = () => {
    leave();
    go(story, 0);
    focusOn(told, "#continue");
  };
  const update = () => {
    const held = element.contains(document.activeElement);
    element.replaceChildren(...parts(question, card(question, order, state, choose), Boolean(state.answered), begin));
    if (held) focusOn(element, "#begin-lesson, #skip-back");
  };
  const choose = async (/** @type {number} */ place) => {
    if (state.answered || state.waiting) return;
    Object.assign(state, { waiting: true, wrong: null });
    update();
    try {
      const right = await rightOf(question, makeModules(await own(plan.protocol)));
      if (right === undefined) throw new Error(question.id);
      state.answered = { chosen: place, right };
      answered(question.id, place === right);
    } catch (error) {
      state.wrong = error instanceof Error ? error.message : String(error);
    }
    state.waiting = false;
    update();
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const place = byKey(event, order);
    const skips = event.key === "Escape" || event.key === "ArrowRight";
    if (document.querySelector("dialog[open]") || (place === undefined && !skips)) return;
    event.preventDefault();
    event.stopPropagation();
    if (place === undefined) begin();
    else choose(place);
  };
  document.addEventListener("keydown", press, true);
  // Whoever goes on by other ways has skipped it; another language says it anew.
  let spoken = language();
  listen(lab, () => {
    if (!element.isConnected) return;
    if (!atBeginning(story)) leave();
    else if (spoken !== language()) update();
    spoken = language();
  });
  update();
  told.classList.add("looks-back");
  told.prepend(element);
}

/** The page's own module. @param {string} protocol @returns {Promise<{ protocol: string, module: Module }>} */
const own = async (protocol) => ({
  protocol,
  module: await import(/* @vite-ignore */ new URL("pkg/synod.js", document.baseURI).href),
});

/** @param {Question} question @param {HTMLElement} asked @param {boolean} done @param {() => void} begin */
function parts(question, asked, done, begin) {
  const title = h("h2", { class: "lesson-title" }, say("look-back"));
  const from = h("p", { class: "note" }, say("from-lesson", { title: read(question.title) }));
  const link = h("a", { class: "btn quiet", href: stepHref(question) }, say("see-step"));
  const on = done
    ? h(
        "button",
        { type: "button", class: "btn primary", id: "begin-lesson", onclick: begin },
        say("begin"),
        icon("next"),
      )
    : h("button", { type: "button", class: "btn", id: "skip-back", onclick: begin }, say("skip"));
  return [title, from, asked, h("p", { class: "ways-on" }, on, done ? link : null)];
}

/** @param {Story} story @param {HTMLElement} told @param {string} course @param {number} n */
function offerQuiz(story, told, course, n) {
  const link = h("a", { class: "btn to-quiz", id: "to-quiz" });
  const element = h("p", { class: "quiz-way" }, link);
  const update = () => {
    element.hidden = story.step < story.plan.steps.length - 1 || story.lab.playing;
    link.replaceChildren(say("to-quiz", { n }), icon("next"));
    link.href = `quiz.html#course=${course}&lang=${language()}`;
  };
  update();
  listen(story.lab, update);
  told.querySelector(".words")?.after(element);
}
