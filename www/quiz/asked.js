// A question of a quiz is put into its lesson as the question of the step before the one that shows the answer, and the
// module judges it there as it judges a lesson's own. Nothing here knows which answer is right.

import { lessonFor } from "../said.js";
import { fetched, listed } from "../shell.js";
import { load } from "../load.js";
import { complete } from "../rest.js";

/**
 * @typedef {typeof import("../pkg/synod.js")} Module
 * @typedef {{ en: string, zh: string }} Both
 * @typedef {{ says: Both, if: string[], why?: Both }} Option
 * @typedef {{ id: string, lesson: string, protocol: string, title: Both, step: string, name: Both,
 *   ask: { says: Both, answers: Option[] } }} Question
 * @typedef {{ course: string, name: Both, questions: Question[] }} Quiz
 * @typedef {{ courses: Record<string, { name: Both, last: string, questions: string[] }>, before: Record<string,
 *   string[]> }} Index
 * @typedef {(protocol: string) => Promise<Module>} Modules
 */

/** @returns {Promise<Index>} */
export const index = () => fetched("quizzes/index.json");
/** @param {string} course @returns {Promise<Quiz>} */
export const quizOf = (course) => fetched(`quizzes/${course}.json`);

/**
 * The modules of a page. One instance of the bindings has one module: what the page has itself comes first, and every
 * further protocol brings an instance of its own.
 * @param {{ protocol: string, module: Module }} [own] a module that is loaded already
 * @returns {Modules}
 */
export function makeModules(own) {
  const place = (/** @type {string} */ protocol) => listed().find((one) => one.id === protocol)?.telling ?? "";
  /** @type {Map<string, Promise<Module>>} */
  const known = new Map(own ? [[place(own.protocol), Promise.resolve(own.module)]] : []);
  const open = async (/** @type {string} */ protocol, /** @type {boolean} */ first) => {
    const path = first ? "pkg/synod.js" : `pkg/synod.js?telling=${protocol}`;
    const module = /** @type {Module} */ (await import(/* @vite-ignore */ new URL(path, document.baseURI).href));
    await load(place(protocol) || undefined, module.default);
    return module;
  };
  return (protocol) => {
    const from = place(protocol);
    const opened = known.get(from) ?? open(protocol, known.size === 0);
    known.set(from, opened);
    // What did not come is asked for again the next time.
    opened.catch(() => known.delete(from));
    return opened;
  };
}

/** @param {{ steps: { id: string, ask?: unknown }[] }} lesson @param {Question} question */
export function askedIn(lesson, { lesson: id, step, ask }) {
  const at = lesson.steps.findIndex((one) => one.id === step) - 1;
  if (at < 0) throw new Error(`${id}: ${step}`);
  const steps = lesson.steps.map(({ ask: _, ...one }, n) => (n === at ? { ...one, ask } : one));
  return { at, data: lessonFor({ ...lesson, steps }) };
}

/** The lesson of a question, which asks it at the step `at`. @param {Question} question @param {Modules} modules */
export async function opened(question, modules) {
  const [lesson, module] = await Promise.all([fetched(`lessons/${question.lesson}.json`), modules(question.protocol)]);
  await complete();
  const { at, data } = askedIn(lesson, question);
  return { module, lesson: new module.Lesson(data), at };
}

/** The place of the right answer, where no stage shows it. @param {Question} question @param {Modules} modules */
export async function rightOf(question, modules) {
  const { lesson, at } = await opened(question, modules);
  const run = lesson.begin();
  try {
    return lesson.right(run, at);
  } finally {
    run.free();
    lesson.free();
  }
}
