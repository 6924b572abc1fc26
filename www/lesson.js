// A lesson: words on the left, the living stage on the right, and a way out of the story and back.

import "./icons-page.js";
import { Lesson, Simulation, catalog } from "./pkg/synod.js";
import { buildBroken } from "./broken.js";
import { plain } from "./caption.js";
import { h, setText } from "./dom.js";
import { lateHands } from "./late.js";
import { addressWords, ownLink } from "./link.js";
import { load } from "./load.js";
import { fetchTearing } from "./more.js";
import { makePlayer } from "./player.js";
import { done, visited } from "./progress.js";
import { buildBar } from "./reading/bar.js";
import { courseOf, titles } from "./reading/courses.js";
import { buildHead } from "./reading/head.js";
import { brokenIn, buildTold } from "./reading/told.js";
import { lessonFor } from "./said.js";
import { attempt, followAddress, moment } from "./share.js";
import { Missing, failed, fetched, listed, painted, settle, skipLink, toaster, whenIdle } from "./shell.js";
import { unsound, why } from "./state.js";
import { back, comeBack, go, hasHappened, judge, makeStory, stepAt, tryIt } from "./story.js";
import { buildGoing } from "./transport.js";
import { makeView } from "./view.js";
import { language, learn, read, say, sayToo, wordsIn } from "./words.js";

/**
 * @import { Story } from "./story.js"
 * @import { View } from "./view.js"
 * @import { Course, Listing, Where } from "./reading/courses.js"
 */

/** A course and a lesson of it. */
const IS_ID = /^[a-z0-9-]+\/[a-z0-9-]+$/;
/** A stroke at least so long turns the page. */
const SWIPE = 60;
const speak = () => wordsIn(language());

main();

async function main() {
  await settle();
  try {
    const wanted = addressWords().get("lesson");
    const data = await lessonAsked(wanted);
    await load(listed().find((one) => one.id === data.protocol)?.telling);
    const story = begin(data);
    await build(story, data);
    if (wanted && wanted !== data.id) story.lab.told(say("no-lesson", { id: wanted }));
    Object.assign(window, { synodStory: story });
  } catch (error) {
    failed(error);
  }
}

/** That lesson, or the first of all where there is none of this name. @param {string | null} wanted */
async function lessonAsked(wanted) {
  if (wanted && IS_ID.test(wanted)) {
    const data = await fetched(`lessons/${wanted}.json`).catch(() => null);
    if (data) return data;
  }
  const [first] = (await titles()).flatMap((course) => course.lessons);
  return fetched(`lessons/${first.id}.json`);
}

/** Whether the page is a deck for a class. */
const isPresented = () => document.documentElement.classList.contains("presented");

/** A lesson out of its file, standing at its first step. @param {any} data */
function begin(data) {
  try {
    return Object.assign(makeStory(new Lesson(lessonFor(data)), catalog()), { said: data });
  } catch (error) {
    throw new Missing(unsound(speak(), error));
  }
}

/**
 * All that stands around the stage.
 * @param {Story} story
 * @param {Where} where
 * @param {{ redress: () => void, link: () => string, present: () => void }} ways
 */
function buildParts(story, where, { redress, link, present }) {
  const { lab, deck } = story;
  const view = makeView(lab);
  view.element.id = "stage";
  const told = buildTold(story, where);
  const take = async (/** @type {HTMLElement} */ at) => {
    const [{ openExport }] = await exporting();
    openExport(at, view.picture, null, deck);
  };
  const going = buildGoing(speak, deck);
  view.element.append(going.element);
  const broken = buildBroken(lab, "line-of-its-own");
  return {
    view,
    told,
    bar: buildBar(story, take),
    head: buildHead(story, where, { redress, link, present }),
    going,
    broken,
  };
}

/**
 * Gives when hands can act on it, after the first picture.
 * @param {Story} story @param {Listing} entry
 */
function build(story, entry) {
  const { lab, deck } = story;
  const where = { entry, title: courseOf(entry.id), courses: /** @type {Course[] | null} */ (null) };
  const redress = () => {
    lab.words = speak();
    player.redress();
  };
  const link = () => {
    address.write();
    return ownLink("lesson", entry.id, { fragment: fragment(story), first: story.plan.steps[0].id });
  };
  const present = () => asDeck(story, view, () => address.write());
  // What was asked for, before the address follows the reader.
  const asked = addressWords();
  const parts = buildParts(story, where, { redress, link, present });
  const { view, told, bar, head } = parts;
  deck.on = told.turnOn;
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const stage = h("section", { class: "stage" }, parts.broken.element, view.element, bar.element);
  const page = h("main", { class: "lesson", id: "main" }, told.element, stage);
  document.getElementById("app")?.replaceChildren(skipLink("#stage"), head.element, page, spoken);
  const foot = h("div", { class: "foot" });
  document.getElementById("app")?.append(foot);
  Object.assign(lab, { overlay: page, told: toaster(foot, spoken), tellsBroken: true });
  const address = followAddress(
    () => fragment(story),
    () => open(story),
  );
  story.turned = () => address.write(true);
  const player = makePlayer(deck, {
    draw: (afresh) => {
      judge(story);
      view.draw(afresh);
    },
    panels: panelsOf(story, parts, spoken, () => late.mirror?.update()),
    clock: bar.tick,
    address: address.later,
  });
  const takeOver = () => tryIt(story);
  const leave = () => {
    const tried = story.trying;
    comeBack(story);
    return tried;
  };
  const late = lateHands(lab, view, (mirror, keys) => {
    keys(document, { deck, lab, focus: mirror.focus, takeOver, escape: leave });
    player.redress();
  });
  handleSwipe(page, story, told);
  new ResizeObserver(player.redress).observe(stage);
  document.fonts?.ready.then(player.redress);
  visited(entry.id);
  prepare(told.words, entry.protocol);
  open(story, true);
  player.request();
  // Where the titles do not come, what asks for them says why.
  const tell = (/** @type {Course[]} */ courses) => {
    where.courses = courses;
    player.redress();
  };
  return (
    painted()
      .then(() => {
        titles().then(tell, () => {});
        return late.come();
      })
      // A lesson is whole without what quizzes have to do with it, and a deck has nothing to do with them.
      .then(() => (asked.has("present") ? present() : void besideQuizzes(story, told.element, asked)))
  );
}

/**
 * What a reader may need next, while nothing else is to be done.
 * @param {HTMLElement} words @param {string} protocol
 */
function prepare(words, protocol) {
  const terms = async () => (await import("./terms/mark.js")).markTerms(words, protocol);
  const both = [() => learn("en"), () => learn("zh")];
  whenIdle([terms, fetchTearing, () => import("./reading/contents.js"), exporting, ...both]);
}

/** What takes a picture along, and what it says, which is the lab's. */
const exporting = () => Promise.all([import("./export.js"), sayToo("lab")]);

/** @param {Story} story @param {HTMLElement} told @param {URLSearchParams} asked */
const besideQuizzes = (story, told, asked) =>
  import("./quiz/back.js").then(({ beside }) => beside(story, told, asked)).catch(() => {});

/**
 * The lesson as a deck, which is fetched when it is wanted.
 * @param {Story} story @param {View} view @param {() => void} turned
 */
const asDeck = (story, view, turned) =>
  attempt(async () => {
    const { present } = await import("./present/deck.js");
    await present(story, view, turned);
    turned();
  }, story.lab.told);

/**
 * What is said anew when something changed.
 * @param {Story} story
 * @param {ReturnType<typeof buildParts>} parts
 * @param {HTMLElement} spoken
 * @param {() => void} mirrored
 */
function panelsOf(story, { view, told, bar, head, broken, going }, spoken, mirrored) {
  const { lab, plan } = story;
  let shown = "";
  return () => {
    const { step, trying, verdict, answered, mark, future, failed } = story;
    const breaches = brokenIn(story);
    const parts = [verdict, answered, future, failed, hasHappened(story), breaches.length];
    const key = [step, trying, lab.playing, JSON.stringify(parts), language()].join();
    told.update(key !== shown);
    for (const part of [bar, head, broken, going]) part.update();
    mirrored();
    view.canvas.style.touchAction = lab.tool === "cut" ? "none" : "pan-y";
    const beats = mark.then && hasHappened(story) ? [mark.say, mark.then] : [mark.say];
    const said = [
      ...beats.map((one) => plain(read(one))),
      ...breaches.map(({ title }) => say("is-broken", { title: read(title) })),
    ];
    if (key !== shown) setText(spoken, said.join(" "));
    shown = key;
    if (step === plan.steps.length - 1) done(plan.id);
  };
}

/**
 * What the address holds: the step, its moment where it is not the end of a step, and the reader's run if there is
 * one.
 * @param {Story} story
 */
function fragment({ plan, step, trying, lab, mark }) {
  const at = lab.playing || lab.sim.now === mark.until ? "" : `&t=${Math.round(lab.sim.now * 1000) / 1000}`;
  const deck = isPresented() ? "&present" : "";
  return `#lesson=${plan.id}&step=${plan.steps[step].id}${trying ? `&${moment(lab)}` : at}&lang=${language()}${deck}`;
}

/** Goes to where the address says. @param {Story} story @param {boolean} [animate] */
function open(story, animate = false) {
  const words = addressWords();
  const [lesson, step, run] = [words.get("lesson"), words.get("step"), words.get("run")];
  if (lesson && lesson !== story.plan.id && !animate) return location.reload();
  const at = stepAt(story.plan, step);
  if (step && at < 0) story.lab.told(say("no-step", { id: step }));
  const t = words.has("t") ? Number(words.get("t")) : NaN;
  go(story, Math.max(0, at), animate && !run && Number.isNaN(t));
  try {
    if (run) tryIt(story, Simulation.replay(run));
  } catch (error) {
    story.lab.told(say("bad-moment", { why: why(speak(), error) }), true);
    return;
  }
  if (!Number.isNaN(t)) story.deck.seek(t);
}

/**
 * A stroke turns the page, except where it can mean something else: on a run of the reader's own, or with a tool.
 * @param {HTMLElement} page
 * @param {Story} story
 * @param {{ turnOn: () => void }} told
 */
function handleSwipe(page, story, told) {
  /** @type {{ x: number, y: number } | null} */
  let start = null;
  const ours = (/** @type {Event} */ event) => {
    const { target } = event;
    const moves = target instanceof Element && target.closest("input,select,.tools,.menu,dialog");
    return !story.trying && !story.lab.tool && !moves;
  };
  page.addEventListener(
    "touchstart",
    (event) => {
      const [touch] = event.touches;
      start = event.touches.length === 1 && ours(event) ? { x: touch.clientX, y: touch.clientY } : null;
    },
    { passive: true },
  );
  page.addEventListener(
    "touchend",
    (event) => {
      const [touch] = event.changedTouches;
      const [dx, dy] = start && ours(event) ? [touch.clientX - start.x, touch.clientY - start.y] : [0, 0];
      start = null;
      if (Math.abs(dx) < SWIPE || Math.abs(dx) < 2 * Math.abs(dy)) return;
      if (dx < 0) told.turnOn();
      else back(story);
    },
    { passive: true },
  );
}
