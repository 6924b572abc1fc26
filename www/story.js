// A lesson as it is read: where in the story one is, how its steps are played, and the way out of
// the story and back. It draws nothing.

import { advance, changed, create, look, swap } from "./state.js";

/**
 * @import { Frame, Lesson, LessonMark, LessonPlan, Protocol, Simulation } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @typedef {"open" | "done" | "spent" | "too-late"} Verdict
 * @typedef {{ plan: LessonPlan, lab: Lab, step: number, mark: LessonMark, end: () => Frame, trying: boolean,
 *   answered: { chosen: number, right: number } | null, verdict: Verdict,
 * go: (n: number, animate?: boolean) => void, settle: () => void, forward: () => boolean, back: () => void, again: ()
 * => void, tick: (wall: number) => void,
 * tryIt: () => void, comeBack: () => void, answer: (n: number) => void, byEvent: (n: number) => void, free: () =>
 * void }} Story
 */

/** Wall ms of an animation: a flight of 15 ms takes about a second, and nothing more than 3.6. */
const SLOW = 60;
const [SHORTEST, LONGEST] = [700, 3600];
/** Wall ms of rest before the next step is played ahead. */
const PREPARE_AFTER = 80;
/** A lesson in the hands of the reader is shown at this rate, unless it is changed. */
const TRY_RATE = 1 / 40;

/** @param {LessonPlan} plan @param {number} step @param {LessonMark} mark */
export function lasts(plan, step, mark) {
  return plan.steps[step].lasts ?? Math.max(SHORTEST, Math.min(LONGEST, (mark.until - mark.from) * SLOW));
}

/** A step by its name or its number; -1 where there is none. @param {LessonPlan} plan @param {string | null} step */
export const stepAt = (plan, step) => plan.steps.findIndex((one, n) => one.id === step || String(n + 1) === step);

/** @param {Lesson} lesson @param {Protocol[]} all @returns {Story} */
export function makeStory(lesson, all) {
  const plan = /** @type {LessonPlan} */ (lesson.plan());
  /** The run of the story; what the reader does happens in copies of it. */
  const run = lesson.begin();
  const lab = create(run, all);
  let freed = false;

  const stand = (/** @type {Simulation} */ sim) => {
    if (lab.sim === sim) return;
    const before = lab.sim;
    swap(lab, sim);
    if (before !== run) before.free();
  };

  /**
   * How the stage stands at the end of each step that was played: what the captions tell of.
   * @type {Map<number, Frame>}
   */
  const ends = new Map();
  const play = (/** @type {number} */ n) => {
    const mark = lesson.reach(run, n);
    ends.set(n, run.frame(0));
    return mark;
  };

  /** Steps before are played on the way. @param {number} n */
  const playTo = (n) => {
    for (let before = 0; before < n; before++) if (!ends.has(before)) play(before);
    return play(n);
  };

  /** @type {Story} */
  const story = {
    plan,
    lab,
    step: 0,
    mark: play(0),
    end: () => ends.get(story.step) ?? lab.frame,
    trying: false,
    answered: null,
    verdict: "open",
    go(n, animate = true) {
      story.comeBack();
      story.step = Math.max(0, Math.min(n, plan.steps.length - 1));
      story.mark = lesson.known(story.step) ?? playTo(story.step);
      [story.answered, story.verdict] = [null, "open"];
      const span = story.mark.until - story.mark.from;
      lab.rate = span / lasts(plan, story.step, story.mark) || 1;
      lab.focus = null;
      lab.lit = lab.frame.nodes.filter((one) => plan.steps[story.step].focus.includes(one.name)).map((one) => one.id);
      lab.playing = animate && !lab.reduced && span > 0.1;
      lab.settled = !lab.playing;
      run.seek(lab.playing ? story.mark.from : story.mark.until);
      if (!lab.playing) prepare();
      look(lab);
      changed(lab);
    },
    settle() {
      lab.playing = false;
      lab.settled = true;
      run.seek(story.mark.until);
      prepare();
      changed(lab);
    },
    /** Completes the step, or goes on to the next. False at the end. */
    forward() {
      if (story.trying) story.comeBack();
      else if (lab.playing || run.now < story.mark.until) story.settle();
      else if (story.step + 1 < plan.steps.length) story.go(story.step + 1);
      else return false;
      return true;
    },
    back() {
      if (story.trying) story.comeBack();
      else story.go(story.step - 1, false);
    },
    again: () => story.go(story.step),
    tick(wall) {
      if (story.trying && lab.playing) advance(lab, wall * lab.rate);
      if (story.trying && plan.steps[story.step].task && story.verdict === "open") judge();
      if (story.trying || !lab.playing) return;
      const left = story.mark.until - run.now;
      advance(lab, Math.min(left, wall * lab.rate));
      if (run.now >= story.mark.until - 0.0005) story.settle();
    },
    tryIt() {
      if (story.trying) return;
      if (plan.steps[story.step].task) run.seek(story.mark.until);
      story.trying = true;
      [lab.playing, lab.settled] = [false, false];
      lab.lit = [];
      stand(lesson.copy(run));
      lab.rate = TRY_RATE;
      changed(lab);
    },
    comeBack() {
      if (!story.trying) return;
      story.trying = false;
      lab.playing = false;
      story.verdict = "open";
      stand(run);
      run.seek(story.mark.until);
      lab.settled = true;
      changed(lab);
    },
    answer(n) {
      if (!ends.has(story.step + 1)) play(story.step + 1);
      const right = lesson.right(run, story.step);
      run.seek(story.mark.until);
      story.answered = right === undefined ? null : { chosen: n, right };
      lab.playing = false;
      changed(lab);
    },
    /** Steps by events, within the step of the story or freely. */
    byEvent(n) {
      lab.playing = false;
      if (n > 0) {
        const before = lab.sim.now;
        lab.sim.step();
        if (!story.trying && run.now > story.mark.until) run.seek(Math.max(before, story.mark.until));
      } else lab.sim.seek(Math.max(story.trying ? 0 : story.mark.from, lab.sim.previous));
      changed(lab);
    },
    free() {
      freed = true;
      if (lab.sim !== run) lab.sim.free();
      run.free();
      lesson.free();
    },
  };
  // The next step is played ahead while the reader reads, so that Continue need not wait for it.
  const prepare = () => {
    const next = story.step + 1;
    if (next >= plan.steps.length || lesson.known(next)) return;
    setTimeout(() => {
      if (freed || lab.playing || story.trying || story.step + 1 !== next || lesson.known(next)) return;
      const now = run.now;
      play(next);
      run.seek(now);
    }, PREPARE_AFTER);
  };
  const judge = () => {
    story.verdict = /** @type {Verdict} */ (lesson.judge(lab.sim, story.step));
    if (story.verdict !== "open") lab.playing = false;
  };
  // Whoever acts on the stage has left the story.
  lab.leave = () => story.tryIt();
  return story;
}
