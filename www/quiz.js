// A quiz: questions mixed from the lessons of a course, or those that are due again. Which answer is right the module
// judges where the lesson has been played, and the stage shows it happening.

import "./icons-page.js";
import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { addressWords } from "./link.js";
import { index, makeModules, quizOf } from "./quiz/asked.js";
import { byKey, card, focusOn, orderOf } from "./quiz/card.js";
import { end, stepHref } from "./quiz/end.js";
import { buildHead } from "./quiz/head.js";
import { answered, due } from "./quiz/kept.js";
import { dayOf, mixed } from "./quiz/order.js";
import { say } from "./quiz/say.js";
import { openScene, stepWords } from "./quiz/scene.js";
import { Missing, failed, fetched, settle, skipLink } from "./shell.js";
import { language, read } from "./words.js";

/**
 * @import { Both, Modules, Question } from "./quiz/asked.js"
 * @import { Answered } from "./quiz/card.js"
 * @import { Scene } from "./quiz/scene.js"
 * @typedef {{ name: () => string, questions: Question[], word: string, on: () => { href: string, name: string } | null
 *   }} Wanted
 * @typedef {{ questions: Question[], results: (boolean | null)[], at: number, scene: Promise<Scene> | null,
 *   stage: Scene | null, answered: Answered | null, waiting: boolean, wrong: string | null }} Round
 */

main();

async function main() {
  await settle(["site"]);
  try {
    build(await wanted());
  } catch (error) {
    failed(error);
  }
}

/** What the address asks for: a course's quiz, or what is due. @returns {Promise<Wanted>} */
async function wanted() {
  const address = addressWords();
  const word = address.get("seed") ?? dayOf();
  const [{ courses }, path] = await Promise.all([index(), fetched("path.json")]);
  if (address.has("due")) {
    const ids = due(Object.entries(courses).flatMap(([id, { questions }]) => questions.map((one) => `${id}/${one}`)));
    const some = [...new Set(ids.map((id) => id.split("/")[0]))];
    const quizzes = await Promise.all(some.map(quizOf));
    const questions = quizzes.flatMap((quiz) => quiz.questions).filter((one) => ids.includes(one.id));
    return { name: () => say("due-title"), questions, word, on: () => null };
  }
  const course = address.get("course") ?? Object.keys(courses)[0];
  if (!Object.hasOwn(courses, course)) throw new Missing(say("no-quiz", { id: course }));
  const { questions } = await quizOf(course);
  return {
    name: () => say("title", { name: read(courses[course].name) }),
    questions,
    word,
    on: () => after(path, course),
  };
}

/**
 * The first lesson of the course that comes after this one on the path.
 * @param {{ families: { courses: string[] }[], courses: Record<string, { name: Both, lessons: string[] }> }} path
 * @param {string} course
 */
function after({ families, courses }, course) {
  const ids = families.flatMap((family) => family.courses);
  const next = ids.slice(ids.indexOf(course) + 1).find((id) => courses[id]?.lessons.length);
  if (!next) return null;
  return { href: `lesson.html#lesson=${courses[next].lessons[0]}&lang=${language()}`, name: read(courses[next].name) };
}

/** @param {Wanted} quiz */
function build(quiz) {
  const modules = makeModules();
  const page = h("main", { class: "lesson quiz", id: "main" });
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const foot = h("div", { class: "foot" });
  /** @type {Round} */
  let round;
  const head = buildHead(() => {
    round.stage?.redress();
    update();
  });
  const update = () => {
    const { questions, results, at } = round;
    head.update({ name: quiz.name(), results, at });
    if (at < questions.length) return ask(page, round, quiz.word, { choose, show: () => round.stage?.show(), on });
    page.classList.add("over");
    if (!questions.length) return page.replaceChildren(h("section", { class: "went" }, h("h1", {}, say("none-due"))));
    page.replaceChildren(end(questions, results, { again: begin, on: quiz.on() }));
  };
  const begin = (/** @type {Question[]} */ questions) => {
    const results = questions.map(() => null);
    const still = { scene: null, stage: null, answered: null, waiting: false, wrong: null };
    round = { questions: mixed(questions, quiz.word, (one) => one.id), results, at: 0, ...still };
    page.classList.remove("over");
    page.replaceChildren();
    if (questions.length) enter(round, modules, update);
    update();
    focusOn(page, ".went h1, .answer");
  };
  const choose = async (/** @type {number} */ place) => {
    if (round.answered || round.waiting) return;
    // What did not come is asked for again.
    if (round.wrong) enter(round, modules, update);
    await judged(round, place, update);
    update();
    setText(spoken, page.querySelector(".verdict")?.textContent ?? "");
    focusOn(page, "#on");
    const next = round.questions[round.at + 1];
    // The next one's module comes while this one's step is seen.
    if (next) modules(next.protocol).catch(() => {});
  };
  const on = () => {
    round.stage?.stop();
    Object.assign(round, { at: round.at + 1, scene: null, stage: null, answered: null, waiting: false, wrong: null });
    page.replaceChildren();
    if (round.at < round.questions.length) enter(round, modules, update);
    update();
    focusOn(page, ".went h1, .answer");
  };
  handleKeys(() => round, quiz.word, { choose, on });
  document.getElementById("app")?.replaceChildren(skipLink("#main"), head.element, page, foot, spoken);
  begin(quiz.questions);
  window.addEventListener("hashchange", () => location.reload());
  document.fonts?.ready.then(() => round.stage?.redress());
  Object.assign(window, { synodQuiz: () => round });
}

/**
 * Digits choose, and what leads on in a lesson leads on here.
 * @param {() => Round} now @param {string} word @param {{ choose: (place: number) => void, on: () => void }} acts
 */
function handleKeys(now, word, { choose, on }) {
  document.addEventListener("keydown", (event) => {
    const { questions, at, answered } = now();
    if (at >= questions.length) return;
    const place = byKey(event, orderOf(questions[at], word));
    if (place !== undefined) choose(place);
    else if (event.key === "ArrowRight" && answered) on();
    else return;
    event.preventDefault();
  });
}

/**
 * The stage of the question that is asked now comes as soon as it can.
 * @param {Round} round @param {Modules} modules @param {() => void} update
 */
function enter(round, modules, update) {
  const { at } = round;
  round.wrong = null;
  const scene = openScene(round.questions[at], modules, update);
  round.scene = scene;
  scene.then(
    (stage) => {
      // Whoever went on meanwhile looks at another one.
      if (round.scene !== scene) return stage.stop();
      round.stage = stage;
      update();
    },
    (error) => {
      if (round.scene === scene) round.wrong = error instanceof Error ? error.message : String(error);
      update();
    },
  );
}

/** @param {Round} round @param {number} place @param {() => void} update */
async function judged(round, place, update) {
  const { at } = round;
  round.waiting = !round.stage;
  if (round.waiting) update();
  try {
    const stage = await round.scene;
    if (!stage || round.at !== at) return;
    const told = stage.choose(place);
    Object.assign(round, { answered: told, wrong: null });
    round.results[at] = told.chosen === told.right;
    answered(round.questions[at].id, told.chosen === told.right);
  } catch (error) {
    round.wrong = error instanceof Error ? error.message : String(error);
  } finally {
    round.waiting = false;
  }
}

/**
 * The question that is asked, beside its stage.
 * @param {HTMLElement} page @param {Round} round @param {string} word
 * @param {{ choose: (place: number) => void, show: () => void, on: () => void }} acts
 */
function ask(page, round, word, { choose, show, on }) {
  const question = round.questions[round.at];
  const { answered: told, stage, questions, at } = round;
  if (!page.firstChild) page.append(h("section", { class: "told" }), h("section", { class: "stage" }));
  const [beside, ground] = page.children;
  if (stage && !ground.contains(stage.element)) ground.replaceChildren(stage.element);
  stage?.request();
  const held = document.activeElement?.id;
  const place = say("place", { n: at + 1, of: questions.length });
  const asked = card(question, orderOf(question, word), round, choose);
  const words = h("div", { class: "words" }, h("h1", { class: "lesson-title" }, place), asked);
  if (told && stage) words.append(seen(question, stage, show));
  const label = say(at + 1 < questions.length ? "next" : "finish");
  const ways = told
    ? h("button", { type: "button", class: "btn primary", id: "on", onclick: on }, label, icon("next"))
    : h("span", { class: "place keys" }, say("by-keys", { n: question.ask.answers.length }));
  beside.replaceChildren(words, h("div", { class: "ways" }, ways));
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

/** The step that shows it, in its words. @param {Question} question @param {Scene} stage @param {() => void} show */
function seen(question, stage, show) {
  const shows = say("shows", { title: read(question.title), name: read(question.name) });
  const again = h("button", { type: "button", class: "btn", id: "play-again", onclick: show }, icon("restart"));
  again.append(say("play-again"));
  const link = h("a", { class: "btn", id: "see-step", href: stepHref(question) }, icon("out"), say("see-step"));
  return h(
    "div",
    { class: "seen" },
    h("p", { class: "note" }, shows),
    ...stepWords(stage),
    h("p", { class: "ways-on" }, again, link),
  );
}
