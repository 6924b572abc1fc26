// A lesson as it is read: where in the story one is, how its steps are played, and the way out of
// the story and back. It draws nothing.

import { advance, redo, seek, setPlaying, settle, step, stepBack, stopGoing, undo } from "./acts.js";
import { complete } from "./rest.js";
import { changed, create, swap, unsound } from "./state.js";

/**
 * @import { Frame, Lesson, LessonMark, LessonPlan, Protocol, Simulation } from "./pkg/synod.js"
 * @import { Deck } from "./deck.js"
 * @import { Said } from "./said.js"
 * @import { Lab } from "./state.js"
 * @import { Words } from "./words.js"
 * @typedef {"open" | "done" | "spent" | "too-late"} Verdict
 * @typedef {{ lesson: Lesson, plan: LessonPlan, run: Simulation, lab: Lab, deck: Deck, ends: Map<number, Frame>,
 *   step: number, mark: LessonMark, trying: boolean, answered: { chosen: number, right: number } | null,
 *   verdict: Verdict, failed: number, future: Future | null, freed: boolean, whole: boolean, turned: () => void,
 *   said?: Said }} Story
 * @typedef {{ answer: number | null, until: number, over: boolean }} Future
 *   `run` is that of the story, what the reader does happens in copies of it; `ends` is how the stage stands at the
 *   end of each step that was played: what the captions tell of; `turned` is called when the reader turned a page;
 *   `failed` is how often the task of the step was; a `future` is a run that the lesson offers, of an answer or the
 *   solution, which plays until a moment
 */

/** Wall ms of an animation: a flight of 15 ms takes about a second, and nothing more than 3.6. */
const SLOW = 60;
const [SHORTEST, LONGEST] = [700, 3600];
/** Wall ms of rest before the next step is played ahead. */
const PREPARE_AFTER = 80;
/** A lesson in the hands of the reader is shown at this rate, unless it is changed. */
const TRY_RATE = 1 / 40;
/** An end is reached when it is no more than half a microsecond away. */
const CLOSE = 0.0005;

/** A step by its name or its number; -1 where there is none. @param {LessonPlan} plan @param {string | null} step */
export const stepAt = (plan, step) => plan.steps.findIndex((one, n) => one.id === step || String(n + 1) === step);

/** @param {Lesson} lesson @param {Protocol[]} all @param {Words} [words] @returns {Story} */
export function makeStory(lesson, all, words) {
  const run = lesson.begin();
  const lab = create(run, all);
  if (words) lab.words = words;
  const plan = /** @type {LessonPlan} */ (lesson.plan());
  const start = {
    lesson,
    plan,
    run,
    lab,
    ends: new Map(),
    step: 0,
    trying: false,
    answered: null,
    failed: 0,
    future: null,
    freed: false,
    whole: false,
  };
  const told = { mark: lesson.reach(run, 0), verdict: "open", turned: () => {} };
  const story = /** @type {Story} */ (/** @type {unknown} */ ({ ...start, ...told }));
  story.ends.set(0, run.frame(0));
  // What plays needs all of the module; the first picture did not.
  complete().then(() => (story.whole = true));
  story.deck = deckOf(story);
  // Whoever acts on the stage has left the story.
  lab.leave = () => {
    story.future = null;
    tryIt(story);
  };
  return story;
}

/** @param {Story} story @returns {Deck} */
function deckOf(story) {
  const { lab } = story;
  return {
    labs: [lab],
    playing: () => lab.playing,
    pass: (wall) => pass(story, wall),
    news: () => story.trying && story.verdict !== "open",
    now: () => lab.sim.now,
    end: () => (story.trying ? Math.max(lab.sim.end, lab.sim.now) : story.mark.until),
    toggle: () => toggle(story),
    by: (n) => byEvent(story, n),
    seek: (ms) => seekWithin(story, ms),
    on: () => forward(story),
    back: () => back(story),
    undo: () => story.trying && undo(lab),
    redo: () => story.trying && redo(lab),
    stop: () => stopGoing(lab),
  };
}

/** Whether the second beat of a step is told: what was announced has happened. @param {Story} story */
export const hasHappened = ({ lab, mark, trying }) => trying || !lab.playing || lab.sim.now >= mark.told;

/** How the stage stands at the end of the step. @param {Story} story */
export const endOf = (story) => story.ends.get(story.step) ?? story.lab.frame;

/** @param {LessonPlan} plan @param {number} step @param {LessonMark} mark */
function lasts(plan, step, mark) {
  return plan.steps[step].lasts ?? Math.max(SHORTEST, Math.min(LONGEST, (mark.until - mark.from) * SLOW));
}

/** The rate at which a step of the story is told. @param {Story} story */
const pace = ({ plan, step, mark }) => (mark.until - mark.from) / lasts(plan, step, mark) || 1;

/** Plays a step and those before it that were not. @param {Story} story @param {number} n */
function play(story, n) {
  const { lesson, run, ends } = story;
  for (let at = 0; at <= n; at++) {
    if (ends.has(at) && at < n) continue;
    const mark = lesson.reach(run, at);
    ends.set(at, run.frame(0));
    if (at === n) return mark;
  }
  return lesson.reach(run, n);
}

/**
 * Puts the run that a step is of under the handle, where a lesson has two: the lab knows it by what it says.
 * @param {Story} story @param {number} n
 */
function turnRun({ lesson, plan, run, lab }, n) {
  if (typeof plan.turn !== "number") return;
  lesson.reach(run, n);
  const { tellsBroken } = lab;
  swap(lab, run);
  lab.tellsBroken = tellsBroken;
}

/**
 * The run of the story at a moment of the step, after another step was played.
 * @param {Story} story @param {number} ms
 */
function home({ lesson, plan, run, step }, ms) {
  if (typeof plan.turn === "number") lesson.reach(run, step);
  run.seek(ms);
}

/**
 * Goes to a step of the story; to one that cannot be played, not, and says so.
 * @param {Story} story @param {number} n @param {boolean} [animate]
 */
export function go(story, n, animate = true) {
  const { plan, lab, run, lesson } = story;
  comeBack(story);
  const wanted = Math.max(0, Math.min(n, plan.steps.length - 1));
  try {
    story.mark = lesson.known(wanted) ?? play(story, wanted);
    turnRun(story, wanted);
  } catch (error) {
    run.seek(story.mark.until);
    lab.told(unsound(lab.words, error), true);
    return settle(lab);
  }
  story.step = wanted;
  [story.answered, story.verdict, story.failed] = [null, "open", 0];
  lab.rate = pace(story);
  lab.focus = null;
  lab.lit = lab.frame.nodes.filter((one) => plan.steps[story.step].focus.includes(one.name)).map((one) => one.id);
  lab.playing = animate && !lab.reduced && story.mark.until - story.mark.from > 0.1;
  lab.wonSince = story.mark.from;
  run.seek(lab.playing ? story.mark.from : story.mark.until);
  if (lab.playing) {
    lab.settled = false;
    changed(lab);
  } else stopAtEnd(story);
}

/** The step is told. @param {Story} story */
function stopAtEnd(story) {
  const { lab, run, mark } = story;
  lab.playing = false;
  run.seek(mark.until);
  prepare(story);
  settle(lab);
}

/** The next step is played ahead while the reader reads, so that Continue need not wait for it. @param {Story} story */
function prepare(story) {
  const { plan, lesson, lab, run } = story;
  const next = story.step + 1;
  if (next >= plan.steps.length || lesson.known(next)) return;
  const playAhead = () => {
    if (story.freed || lab.playing || story.trying || story.step + 1 !== next || lesson.known(next)) return;
    const now = run.now;
    try {
      play(story, next);
    } catch {
      // It is told when the reader goes there.
    }
    home(story, now);
  };
  complete().then(() => setTimeout(playAhead, PREPARE_AFTER));
}

/** Completes the step, or goes on to the next. False at the end. @param {Story} story */
export function forward(story) {
  const { lab, run, mark, plan } = story;
  if (story.trying) comeBack(story);
  else if (lab.playing || run.now < mark.until) stopAtEnd(story);
  else if (story.step + 1 < plan.steps.length) turn(story, story.step + 1, true);
  else return false;
  return true;
}

/** @param {Story} story */
export function back(story) {
  if (story.trying) comeBack(story);
  else if (story.step > 0) turn(story, story.step - 1, false);
}

/**
 * The reader turns to a step: going back in the browser's history leads back to this one.
 * @param {Story} story
 * @param {number} n
 * @param {boolean} animate
 */
export function turn(story, n, animate) {
  go(story, n, animate);
  story.turned();
}

/** @param {Story} story @param {number} wall */
function pass(story, wall) {
  const { lab, run, mark, plan } = story;
  if (!story.whole) return;
  // What is told is told to its end: a property that breaks on the way is a part of it.
  if (story.future) {
    advance(lab, Math.min(story.future.until - lab.sim.now, wall * lab.rate), false);
    if (lab.sim.now < story.future.until - CLOSE) return;
    story.future.over = true;
    return setPlaying(lab, false);
  }
  if (!story.trying) {
    advance(lab, Math.min(mark.until - run.now, wall * lab.rate), false);
    if (run.now >= mark.until - CLOSE) stopAtEnd(story);
    return;
  }
  advance(lab, wall * lab.rate);
  if (plan.steps[story.step].task) judge(story);
}

/** Whether the reader's task is done. @param {Story} story */
export function judge(story) {
  const { lesson, lab, plan } = story;
  if (!story.trying || story.future || story.verdict !== "open" || !plan.steps[story.step].task) return;
  story.verdict = /** @type {Verdict} */ (lesson.judge(lab.sim, story.step));
  if (story.verdict === "open") return;
  if (story.verdict !== "done") story.failed++;
  setPlaying(lab, false);
  changed(lab);
}

/** Puts another run on the stage; a copy that is left is let go. @param {Story} story @param {Simulation} sim */
function stand({ lab, run }, sim) {
  if (lab.sim === sim) return;
  const before = lab.sim;
  swap(lab, sim);
  if (before !== run) before.free();
}

/** The run is the reader's from here on. @param {Story} story @param {Simulation} [own] one that was theirs before */
export function tryIt(story, own) {
  const { lab, run, lesson, plan, mark } = story;
  if (story.trying) return;
  if (plan.steps[story.step].task && !own) run.seek(mark.until);
  story.trying = true;
  lab.playing = false;
  lab.lit = [];
  stand(story, own ?? lesson.copy(run));
  lab.rate = TRY_RATE;
  lab.wonSince = null;
  settle(lab);
}

/** Back into the story, to the end of the step that was left. @param {Story} story */
export function comeBack(story) {
  const { lab, run, mark } = story;
  if (!story.trying) return;
  [story.trying, story.future] = [false, null];
  [lab.playing, lab.tool, story.verdict] = [false, null, "open"];
  stand(story, run);
  run.seek(mark.until);
  [lab.rate, lab.wonSince] = [pace(story), mark.from];
  settle(lab);
}

/**
 * Plays a future that the lesson offers: what would make an answer true, or without one the solution of the task.
 * @param {Story} story @param {number | null} of
 */
export function playFuture(story, of) {
  const { lesson, run, lab, mark, step } = story;
  comeBack(story);
  const own = lesson.future(run, step, of ?? undefined);
  home(story, mark.until);
  tryIt(story, own);
  const until = own.end;
  story.future = { answer: of, until, over: false };
  lab.rate = (until - mark.until) / Math.max(SHORTEST, Math.min(LONGEST, (until - mark.until) * SLOW)) || 1;
  setPlaying(lab, true);
}

/** Plays, pauses, or tells the step once more. @param {Story} story */
function toggle(story) {
  const { lab, mark } = story;
  if (!story.trying && !lab.playing && lab.sim.now >= mark.until) go(story, story.step);
  else setPlaying(lab, !lab.playing);
}

/** By events, within the step of the story or freely. @param {Story} story @param {number} n */
function byEvent(story, n) {
  const { lab, run, mark } = story;
  if (n < 0) {
    stepBack(lab, -n);
    if (!story.trying && run.now < mark.from) run.seek(mark.from);
    return changed(lab);
  }
  const before = run.now;
  step(lab, n);
  if (!story.trying && run.now > mark.until) run.seek(Math.max(before, mark.until));
  if (story.trying) judge(story);
  changed(lab);
}

/** @param {Story} story @param {number} ms */
function seekWithin(story, ms) {
  const { lab, mark } = story;
  seek(lab, story.trying ? ms : Math.max(mark.from, Math.min(mark.until, ms)));
}

/**
 * Which answer to the step's question the run gives, if it does. Afterwards the run stands where it is said.
 * @param {Story} story @param {number} now
 */
export function rightOf(story, now) {
  const { run, lesson, step } = story;
  if (!story.ends.has(step + 1)) play(story, step + 1);
  const right = lesson.right(run, step);
  home(story, now);
  return right;
}

/** @param {Story} story @param {number} n */
export function answer(story, n) {
  const { lab, mark } = story;
  const right = rightOf(story, mark.until);
  story.answered = right === undefined ? null : { chosen: n, right };
  lab.playing = false;
  settle(lab);
}

/** @param {Story} story */
export function free(story) {
  const { lab, run, lesson } = story;
  story.freed = true;
  if (lab.sim !== run) lab.sim.free();
  run.free();
  lesson.free();
}
