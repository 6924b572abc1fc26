// The words of a lesson, its questions and tasks, and the way on.

import { caption, plain } from "../caption.js";
import { h, setText } from "../dom.js";
import { readTokens } from "../draw/tokens.js";
import { icon } from "../icons.js";
import { moment } from "../share.js";
import { why } from "../state.js";
import { answer, back, comeBack, endOf, forward, hasHappened, playFuture, tryIt } from "../story.js";
import { language, read, say } from "../words.js";
import { following, isLast, titles } from "./courses.js";

/**
 * @import { Story } from "../story.js"
 * @import { Listing, Where } from "./courses.js"
 */

/** @param {string} id @param {string} [step] */
export const lessonAddress = (id, step) => `lesson.html#lesson=${id}${step ? `&step=${step}` : ""}&lang=${language()}`;

/** So many failures, and a task gives its hint and offers its solution. */
const HELPED_AFTER = 2;

/** Whether the last step is told to its end. @param {Story} story */
const atEnd = ({ step, plan, lab }) => step === plan.steps.length - 1 && !lab.playing;

/** @param {Story} story @param {Where} where */
export function buildTold(story, where) {
  const { plan } = story;
  const title = h("h1", { class: "lesson-title" });
  const watch = h("p", { class: "watch" });
  const first = h("p", { class: "say" });
  const then = h("p", { class: "say then" });
  const breach = h("div", { class: "breach" });
  const more = h("p", { class: "more" });
  const extra = h("div", { class: "extra" });
  const words = h("div", { class: "words", tabindex: "-1" }, title, watch, first, then, breach, more, extra);
  const tryWords = h("span");
  const hint = h("span", {}, h("b", { "data-word": "try-it" }), " ", tryWords);
  const own = h(
    "button",
    { type: "button", class: "try", id: "try-it", onclick: () => tryIt(story) },
    icon("hand"),
    hint,
  );
  const label = h("span");
  const on = h(
    "button",
    { type: "button", class: "btn primary", id: "continue", onclick: () => turnOn() },
    label,
    icon("next"),
  );
  const backLabel = h("span", { class: "label" });
  const before = h(
    "button",
    { type: "button", class: "btn quiet", id: "back", onclick: () => back(story) },
    icon("before"),
    backLabel,
  );
  const place = h("span", { class: "place" });
  const element = h("section", { class: "told" }, words, own, h("div", { class: "ways" }, on, before, place));
  const turnOn = () => {
    if (forward(story)) return;
    const leave = (/** @type {Listing | null} */ following) => {
      location.href = following ? lessonAddress(following.id) : `index.html#lang=${language()}`;
    };
    titles().then(
      (courses) => leave(following(courses, where.entry)),
      () => leave(null),
    );
  };
  const update = (/** @type {boolean} */ afresh) => {
    const word = story.trying ? "return" : atEnd(story) ? (isLast(where) ? "finish" : "next-lesson") : "continue";
    setText(title, read(plan.title));
    // It stands while nothing of the story is told yet but its beginning.
    watch.hidden = !story.said || story.step > 0;
    if (story.said) setText(watch, read(story.said.watch));
    setText(label, say(word));
    setText(backLabel, say("back"));
    before.setAttribute("aria-label", say("back"));
    before.disabled = story.step === 0 && !story.trying;
    setText(place, say("step-of", { n: story.step + 1, of: plan.steps.length }));
    if (!afresh) return;
    tell(story, { first, then, breach, more, extra, own, tryWords });
    fade();
  };
  const fade = () =>
    element.classList.toggle("more-below", words.scrollHeight - words.scrollTop - words.clientHeight > 8);
  words.addEventListener("scroll", fade, { passive: true });
  new ResizeObserver(fade).observe(words);
  return { element, update, turnOn, words };
}

/**
 * The words of a step as they are now.
 * @param {Story} story
 * @param {Record<"first" | "then" | "breach" | "more" | "extra" | "own" | "tryWords", HTMLElement>} parts
 */
function tell(story, { first, then, breach, more, extra, own, tryWords }) {
  const [tokens, { mark }] = [readTokens(), story];
  // What a future is takes the place of the words of the story, which it is none of.
  const elsewhere = Boolean(story.future);
  first.replaceChildren(...caption(read(mark.say), endOf(story), tokens));
  first.hidden = elsewhere;
  const second = hasHappened(story) && !elsewhere ? mark.then : null;
  then.replaceChildren(...(second ? caption(read(second), endOf(story), tokens) : []));
  then.hidden = !second;
  breach.replaceChildren(...brokenIn(story).map(property));
  breach.hidden = !breach.firstChild;
  const further = hasHappened(story) && !elsewhere ? mark.more : null;
  more.replaceChildren(...(further ? caption(read(further), endOf(story), tokens) : []));
  more.hidden = !further;
  const parts = [
    future(story),
    ask(story),
    ...(isAsked(story) ? [] : [task(story), seen(story), links(story, atEnd(story))]),
  ];
  extra.replaceChildren(...parts.filter((one) => one !== null));
  own.hidden = story.trying;
  const { tryIt: wish } = story.plan.steps[story.step];
  tryWords.replaceChildren(
    ...(wish && !isAsked(story) ? caption(read(wish), story.lab.frame, tokens) : [say("try-any")]),
  );
}

/** What broke in this step, as far as it is told. @param {Story} story */
export const brokenIn = ({ lab, mark }) =>
  lab.violations
    .filter((one) => one.time >= mark.from && one.time <= lab.sim.now + 0.0005)
    .map((one) => ({
      title: lab.protocol.invariants.find(({ id }) => id === one.invariant)?.title ?? one.says,
      says: one.says,
    }));

/** A property that is broken, and by what. @param {ReturnType<typeof brokenIn>[number]} one */
const property = ({ title, says }) =>
  h("p", {}, h("i", { "aria-hidden": "true" }, "✕"), h("b", {}, say("is-broken", { title: read(title) })), read(says));

/**
 * Whether a question of this step waits for its answer, also while the reader is out of the story.
 * @param {Story} story
 */
export const isAsked = (story) => Boolean(story.plan.steps[story.step].ask) && !story.answered;

/** @param {Story} story */
function ask(story) {
  const asked = story.plan.steps[story.step].ask;
  if (!asked || story.trying) return null;
  const { answered, lab } = story;
  const tokens = readTokens();
  const answers = asked.answers.map((one, n) => {
    const state = answered ? (n === answered.right ? "right" : n === answered.chosen ? "wrong" : "") : "";
    const mark = h("i", {}, { right: "✓", wrong: "✕", "": "" }[state]);
    const pressed = String(answered?.chosen === n);
    const props = {
      type: "button",
      class: `answer ${state}`,
      "aria-pressed": pressed,
      "data-answer": n,
      onclick: () => answer(story, n),
    };
    return h("button", props, mark, ...caption(read(one), lab.frame, tokens));
  });
  const order = mixed(answers.length, `${story.plan.id} ${story.plan.steps[story.step].id}`);
  const right = answered?.chosen === answered?.right;
  const verdict = answered
    ? h("p", { class: "verdict", role: "status" }, say(right ? "right-answer" : "wrong-answer"), " ", ...wrong(story))
    : null;
  const shown = answered && asked.answers[answered.chosen].shows ? offer(story, "see-it", answered.chosen) : null;
  const question = h("p", {}, ...caption(read(asked.says), lab.frame, tokens));
  return h(
    "div",
    { class: "ask", role: "group", "aria-label": plain(read(asked.says)) },
    question,
    ...order.map((n) => answers[n]),
    verdict,
    shown,
  );
}

/**
 * Places in an order that looks like none, and is the same each time: where its author put the right answer tells
 * nothing. @param {number} of @param {string} seed
 */
function mixed(of, seed) {
  const sums = Array.from({ length: of }, (_, n) => [...`${seed} ${n}`].reduce(mixIn, 0x811c9dc5));
  return sums.map((_, n) => n).sort((a, b) => sums[a] - sums[b]);
}

/** One step of FNV-1a, and its bits spread: neighbours differ in one sign. @param {number} sum @param {string} sign */
function mixIn(sum, sign) {
  const mixed = Math.imul(sum ^ sign.charCodeAt(0), 0x01000193);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Why the answer that was chosen is wrong. @param {Story} story */
function wrong({ plan, step, answered, lab }) {
  const why = answered && plan.steps[step].ask?.answers[answered.chosen].why;
  return why ? caption(read(why), lab.frame, readTokens()) : [];
}

/**
 * A button that plays a future which the lesson offers.
 * @param {Story} story @param {"see-it" | "see-solution"} word @param {number | null} of
 */
function offer(story, word, of) {
  const play = () => {
    try {
      playFuture(story, of);
    } catch (error) {
      story.lab.told(why(story.lab.words, error), true);
    }
  };
  return h("button", { type: "button", class: "btn", id: word, onclick: play }, icon("play"), say(word));
}

/** What the future is that plays. @param {Story} story */
function future(story) {
  const { plan, step, lab, mark } = story;
  if (!story.future) return null;
  const { answer: of, over } = story.future;
  const asked = plan.steps[step].ask?.answers[of ?? -1];
  const words = asked ? caption(read(asked), lab.frame, readTokens()) : [say("a-solution")];
  const acts = lab.sim.done().filter(({ time }) => time > mark.until);
  const done = acts.length ? h("ol", { class: "acts" }, ...acts.map(({ says }) => h("li", {}, read(says)))) : null;
  const then = asked ? h("p", { class: "verdict" }, say(over ? "future-over" : "future-plays")) : null;
  const name = h("p", { class: "say" }, h("b", {}, say("other-future")), " ", ...words);
  return h("div", { class: "ahead", role: "status" }, name, done, then);
}

/** @param {Story} story */
function task(story) {
  const wanted = story.plan.steps[story.step].task;
  if (!wanted) return null;
  const { lab, verdict, trying } = story;
  const state =
    trying && !story.future ? h("p", { class: `verdict ${verdict}`, role: "status" }, say(`task-${verdict}`)) : null;
  const begin = () => {
    comeBack(story);
    tryIt(story);
  };
  const button = h(
    "button",
    { type: "button", class: "btn", id: "task", onclick: begin },
    say(trying ? "task-again" : "task-begin"),
  );
  const words = caption(read(wanted.says), lab.frame, readTokens());
  const help = story.failed >= HELPED_AFTER;
  const hint =
    help && wanted.hint ? h("p", { class: "hint" }, h("b", {}, say("task-hint")), " ", read(wanted.hint)) : null;
  const solution = help ? offer(story, "see-solution", null) : null;
  const ways = h("div", { class: "ways-on" }, button, solution);
  const bounds = h("p", { class: "bounds" });
  // Where these words do not come, the task says enough.
  import("./bounds.js").then(
    ({ sayBounds }) => setText(bounds, sayBounds(story, wanted)),
    () => {},
  );
  return h("div", { class: "task" }, h("p", {}, h("b", {}, say("task")), " ", ...words), bounds, state, hint, ways);
}

/**
 * A link to a history opens it over the lesson; in another window or with a key it leads to its own page.
 * @param {Story["lab"]} lab @param {HTMLAnchorElement} element @param {string} to
 */
function inPlace(lab, element, to) {
  const address = new URLSearchParams(to.split("#")[1]);
  element.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const leave = () => {
      location.href = element.href;
    };
    import("./history.js").then(({ openHistory }) => openHistory(lab, address, element), leave);
  });
  // The run's own history is what it is by then.
  const own = address.get("of") === "run";
  const make = () =>
    import("./history.js").then(
      ({ historyAddress }) => {
        element.href = historyAddress(lab, address);
      },
      () => {},
    );
  if (own) for (const near of ["pointerenter", "focus"]) element.addEventListener(near, make, { passive: true });
  return element;
}

/**
 * A link of a step. One that breaks a rule leads to this very run with the rule broken, just before it matters; it is
 * made when a hand comes near it, since it takes a run to make.
 * @param {Story} story
 * @param {NonNullable<import("../pkg/synod.js").LessonPlan["steps"][number]["link"]>} link
 */
function wayTo({ lesson, run, lab, step, plan }, link) {
  const element = h("a", { href: `${link.to}&lang=${language()}` }, read(link.says));
  if (link.to.startsWith("history.html#")) return inPlace(lab, element, link.to);
  if (!link.broken) return element;
  const make = () => {
    try {
      const { recording, t } = lesson.broken(run, step);
      element.href = `lab.html#run=${recording}&t=${t}&lang=${language()}`;
    } catch (error) {
      lab.told(why(lab.words, error), true);
    }
  };
  element.id = `broken-${plan.steps[step].id}`;
  for (const near of ["pointerenter", "focus", "touchstart"])
    element.addEventListener(near, make, { once: true, passive: true });
  return element;
}

/** What was to be seen, when all of it was told. @param {Story} story */
const seen = (story) => (story.said && atEnd(story) ? h("p", { class: "saw" }, read(story.said.saw)) : null);

/** @param {Story} story @param {boolean} end */
function links(story, end) {
  const { plan, lab, mark } = story;
  const { link } = plan.steps[story.step];
  const found = link ? [wayTo(story, link)] : [];
  if (end) {
    const run = lab.playing || story.trying ? `run=${lab.sim.recording()}&t=${mark.until}` : moment(lab);
    found.push(h("a", { id: "open-in-lab", href: `lab.html#${run}&lang=${language()}` }, say("open-in-lab")));
  }
  const notes = end ? plan.notes.map((note) => h("p", { class: "note" }, read(note))) : [];
  return found.length || notes.length ? h("div", { class: "links" }, ...found, ...notes) : null;
}
