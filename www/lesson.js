// A lesson: words on the left, the living stage on the right, and a way out of the story and back.

import { Lesson, catalog } from "./pkg/synod.js";
import { caption, plain } from "./caption.js";
import { h, setText } from "./dom.js";
import { readTokens } from "./draw/tokens.js";
import { icon, setIcon } from "./icons.js";
import { load } from "./load.js";
import { failed, fetched, listed, settle, toaster } from "./shell.js";
import { look, listen } from "./state.js";
import { lasts, makeStory, stepAt } from "./story.js";
import { brand, buildDress, sayWords } from "./top.js";
import { makeView } from "./view.js";
import { language, ms, read, say } from "./words.js";

/**
 * @import { Story } from "./story.js"
 * @typedef {{ id: string, protocol: string, title: { en: string, zh: string }, summary: { en: string, zh: string } }}
 *   Listing
 * @typedef {{ id: string, title: { en: string, zh: string }, lessons: Listing[] }} Course
 */

const LONGEST_FRAME = 100;
const PANELS_EVERY = 120;
/** A stroke at least so long turns the page. */
const SWIPE = 60;

main();

function wish() {
  const words = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
  return { lesson: words.get("lesson"), step: words.get("step") };
}

async function main() {
  await settle();
  try {
    const courses = /** @type {Course[]} */ (await fetched("lessons/index.json"));
    const every = courses.flatMap((course) => course.lessons);
    const entry = every.find((one) => one.id === wish().lesson) ?? every[0];
    const missing = wish().lesson && wish().lesson !== entry.id;
    const [data] = await Promise.all([
      fetched(`lessons/${entry.id}.json`),
      load(listed().find((one) => one.id === entry.protocol)?.telling),
    ]);
    const story = makeStory(new Lesson(data), catalog());
    build(story, courses, entry);
    const { lesson, step } = wish();
    if (missing) story.lab.told(say("no-lesson", { id: lesson ?? "" }));
    else if (step && !hasStep(story, step)) story.lab.told(say("no-step", { id: step }));
    Object.assign(window, { synodStory: story });
  } catch (error) {
    failed(error);
  }
}

/** @param {Story} story @param {Course[]} courses @param {Listing} entry */
function build(story, courses, entry) {
  const { lab, plan } = story;
  const course = /** @type {Course} */ (courses.find((one) => one.lessons.includes(entry)));
  const view = makeView(lab, { mirror: true });
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  lab.told = toaster(spoken);
  const told = buildTold(story, () => nextLesson(courses, entry));
  const bar = buildBar(story, async (at) =>
    (await import("./export.js")).openExport(at, view.picture, null, () =>
      story.trying ? toggle(story) : story.again(),
    ),
  );
  const head = buildHead(story, courses, course, entry, () => {
    afresh = true;
    request();
  });
  const stage = h("section", { class: "stage" }, view.element, bar.element);
  const page = h("main", { class: "lesson" }, told.element, stage);
  document.getElementById("app")?.replaceChildren(head.element, page, spoken);

  const asked = placeOf(story, wish().step);
  let [asleep, last, panelsAt, afresh, shown] = [0, 0, 0, true, ""];
  const request = () => {
    asleep ||= requestAnimationFrame(frame);
  };
  const frame = (/** @type {number} */ wall) => {
    asleep = 0;
    story.tick(last && lab.playing ? Math.min(wall - last, LONGEST_FRAME) : 0);
    last = lab.playing ? wall : 0;
    look(lab);
    view.draw(afresh);
    bar.tick();
    const key = [
      story.step,
      story.trying,
      lab.playing,
      story.verdict,
      JSON.stringify(story.answered),
      language(),
    ].join();
    if (afresh || key !== shown || !lab.playing || wall - panelsAt > PANELS_EVERY) {
      panelsAt = wall;
      told.update(afresh || key !== shown);
      bar.update();
      head.update();
      view.mirror?.update();
      if (key !== shown) setText(spoken, plain(read(story.mark.say)));
      shown = key;
    }
    afresh = false;
    if (lab.playing) request();
  };
  listen(lab, request);
  handleKeys(story, told);
  handleSwipe(page, story, told);
  new ResizeObserver(request).observe(stage);
  document.fonts?.ready.then(() => {
    afresh = true;
    request();
  });
  window.addEventListener("hashchange", () => {
    const { lesson, step } = wish();
    if (lesson && lesson !== plan.id) location.reload();
    else if (step !== plan.steps[story.step].id) story.go(placeOf(story, step), false);
  });
  story.go(asked, true);
}

/** The first where there is no such step. @param {Story} story @param {string | null} step */
const placeOf = (story, step) => Math.max(0, stepAt(story.plan, step));

/** @param {Story} story @param {string} step */
const hasStep = (story, step) => stepAt(story.plan, step) >= 0;

/** @param {Course[]} courses @param {Listing} entry */
function nextLesson(courses, entry) {
  const every = courses.flatMap((one) => one.lessons);
  return every[every.indexOf(entry) + 1] ?? null;
}

/** @param {string} id @param {string} [step] */
const address = (id, step) => `lesson.html#lesson=${id}${step ? `&step=${step}` : ""}&lang=${language()}`;

/** The words, the questions and tasks, and the way on. @param {Story} story @param {() => Listing | null} next */
function buildTold(story, next) {
  const { plan, lab } = story;
  const title = h("h1", { class: "lesson-title" });
  const say1 = h("p", { class: "say" });
  const more = h("p", { class: "more" });
  const extra = h("div", { class: "extra" });
  const words = h("div", { class: "words", tabindex: "-1" }, title, say1, more, extra);
  const tryWords = h("span");
  const tryIt = h(
    "button",
    { type: "button", class: "try", id: "try-it", onclick: () => story.tryIt() },
    icon("hand"),
    h("span", {}, h("b", { "data-word": "try-it" }), " ", tryWords),
  );
  const label = h("span");
  const on = h(
    "button",
    { type: "button", class: "btn primary", id: "continue", onclick: () => forward() },
    label,
    icon("next"),
  );
  const backLabel = h("span", { class: "label" });
  const back = h(
    "button",
    { type: "button", class: "btn quiet", id: "back", onclick: () => story.back() },
    icon("before"),
    backLabel,
  );
  const place = h("span", { class: "place" });
  const element = h("section", { class: "told" }, words, tryIt, h("div", { class: "ways" }, on, back, place));
  const forward = () => {
    if (story.forward()) return;
    const following = next();
    if (following) location.href = address(following.id);
    else location.href = `index.html#lang=${language()}`;
  };
  const update = (/** @type {boolean} */ afresh) => {
    const step = plan.steps[story.step];
    const end = story.step === plan.steps.length - 1 && !lab.playing;
    setText(title, read(plan.title));
    setText(label, say(story.trying ? "return" : end ? (next() ? "next-lesson" : "finish") : "continue"));
    setText(backLabel, say("back"));
    back.setAttribute("aria-label", say("back"));
    back.disabled = story.step === 0 && !story.trying;
    setText(place, say("step-of", { n: story.step + 1, of: plan.steps.length }));
    if (!afresh) return;
    const tokens = readTokens();
    say1.replaceChildren(...caption(read(story.mark.say), story.end(), tokens));
    more.replaceChildren(...(story.mark.more ? caption(read(story.mark.more), story.end(), tokens) : []));
    more.hidden = !story.mark.more;
    extra.replaceChildren(...[ask(story), task(story), link(story, end)].filter((one) => one !== null));
    tryIt.hidden = story.trying;
    tryWords.replaceChildren(...(step.tryIt ? caption(read(step.tryIt), lab.frame, tokens) : [say("try-any")]));
  };
  return { element, update, forward, words };
}

/** @param {Story} story */
function ask(story) {
  const asked = story.plan.steps[story.step].ask;
  if (!asked || story.trying) return null;
  const { answered, lab } = story;
  const answers = asked.answers.map((answer, n) => {
    const state = answered ? (n === answered.right ? "right" : n === answered.chosen ? "wrong" : "") : "";
    return h(
      "button",
      {
        type: "button",
        class: `answer ${state}`,
        "aria-pressed": String(answered?.chosen === n),
        onclick: () => story.answer(n),
      },
      h("i", {}, state === "right" ? "✓" : state === "wrong" ? "✕" : ""),
      ...caption(read(answer), lab.frame, readTokens()),
    );
  });
  const verdict = answered
    ? h(
        "p",
        { class: "verdict", role: "status" },
        say(answered.chosen === answered.right ? "right-answer" : "wrong-answer"),
      )
    : null;
  return h(
    "div",
    { class: "ask", role: "group", "aria-label": plain(read(asked.says)) },
    h("p", {}, ...caption(read(asked.says), lab.frame, readTokens())),
    ...answers,
    verdict,
  );
}

/** @param {Story} story */
function task(story) {
  const task = story.plan.steps[story.step].task;
  if (!task) return null;
  const { lab, verdict, trying } = story;
  const state = trying ? h("p", { class: `verdict ${verdict}`, role: "status" }, say(`task-${verdict}`)) : null;
  const begin = trying
    ? h(
        "button",
        {
          type: "button",
          class: "btn",
          onclick: () => {
            story.comeBack();
            story.tryIt();
          },
        },
        say("task-again"),
      )
    : h("button", { type: "button", class: "btn", id: "task", onclick: () => story.tryIt() }, say("task-begin"));
  return h(
    "div",
    { class: "task" },
    h("p", {}, h("b", {}, say("task")), " ", ...caption(read(task.says), lab.frame, readTokens())),
    state,
    begin,
  );
}

/** @param {Story} story @param {boolean} end */
function link(story, end) {
  const step = story.plan.steps[story.step];
  const links = step.link ? [h("a", { href: `${step.link.to}&lang=${language()}` }, read(step.link.says))] : [];
  if (end)
    links.push(
      h(
        "a",
        {
          id: "open-in-lab",
          href: `lab.html#run=${story.lab.sim.recording()}&t=${story.mark.until}&lang=${language()}`,
        },
        say("open-in-lab"),
      ),
    );
  const notes = end ? story.plan.notes.map((note) => h("p", { class: "note" }, read(note))) : [];
  return links.length || notes.length ? h("div", { class: "links" }, ...links, ...notes) : null;
}

/**
 * What is at hand at any time: the clock, the rate, again, pause, an event on.
 * @param {Story} story
 * @param {(at: HTMLElement) => Promise<void>} take
 */
function buildBar(story, take) {
  const { lab } = story;
  const now = h("span", { class: "now" });
  const rate = h("span", { class: "rate" });
  const left = h("span", { class: "left", "data-word": "left-story" });
  const button = (/** @type {string} */ name, /** @type {string} */ id, /** @type {() => void} */ act) =>
    h("button", { class: "ib", type: "button", id, "data-icon": name, onclick: act }, icon(name));
  const slower = button("slower", "slower", () => scale(story, 0.5));
  const faster = button("faster", "faster", () => scale(story, 2));
  const again = button("restart", "again", () => story.again());
  const play = button("pause", "play", () => toggle(story));
  const on = button("step", "step", () => story.byEvent(1));
  const out = button("save", "export", () => take(out).catch((why) => lab.told(String(why), true)));
  const element = h(
    "div",
    { class: "bar" },
    now,
    left,
    h("span", { class: "sp" }),
    rate,
    slower,
    faster,
    again,
    play,
    on,
    out,
  );
  return {
    element,
    tick: () => setText(now, say(innerWidth < 760 ? "ms" : "virtual", { n: ms(Math.floor(lab.sim.now)) })),
    update: () => {
      setIcon(play, lab.playing ? "pause" : "play");
      left.hidden = !story.trying;
      again.hidden = story.trying;
      setText(
        rate,
        lab.rate === 1
          ? say("real-time")
          : lab.rate < 1
            ? say("times-slower", { n: Math.max(2, Math.round(1 / lab.rate)) })
            : say("times-faster", { n: Math.round(lab.rate) }),
      );
      for (const [element, key] of /** @type {const} */ ([
        [slower, "slower"],
        [faster, "faster"],
        [again, "again"],
        [play, lab.playing ? "pause" : "play"],
        [on, "step"],
        [out, "export"],
      ]))
        element.setAttribute("aria-label", say(key));
    },
  };
}

/** @param {Story} story @param {number} by */
function scale(story, by) {
  const { lab } = story;
  lab.rate = Math.max(1 / 2000, Math.min(10, lab.rate * by));
  for (const listener of lab.listeners) listener();
}

/** @param {Story} story */
function toggle(story) {
  const { lab, mark, plan } = story;
  if (!lab.playing && !story.trying && lab.sim.now >= mark.until) return story.again();
  if (!lab.playing && !story.trying && !lab.rate) lab.rate = (mark.until - mark.from) / lasts(plan, story.step, mark);
  lab.playing = !lab.playing;
  for (const listener of lab.listeners) listener();
}

/**
 * @param {Story} story
 * @param {Course[]} courses
 * @param {Course} course
 * @param {Listing} entry
 * @param {() => void} redress
 */
function buildHead(story, courses, course, entry, redress) {
  const { plan } = story;
  const crumb = h("span", { class: "crumb" });
  const phone = h("span", { class: "phone" });
  const steps = h(
    "nav",
    { class: "steps", "data-label": "steps" },
    ...plan.steps.map((step, n) =>
      h(
        "a",
        {
          href: address(plan.id, step.id),
          onclick: (/** @type {MouseEvent} */ event) => {
            event.preventDefault();
            story.go(n);
          },
        },
        h("span", {}),
      ),
    ),
  );
  const contents = h(
    "button",
    {
      class: "ib",
      type: "button",
      id: "contents",
      "aria-haspopup": "dialog",
      onclick: () => openContents(story, courses, entry),
    },
    icon("more"),
  );
  const share = h(
    "button",
    {
      class: "ib",
      type: "button",
      id: "copy-link",
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(location.href);
          story.lab.told(say("copied"));
        } catch {
          story.lab.told(`${say("copy-by-hand")} ${location.href}`);
        }
      },
    },
    icon("link"),
  );
  const dressed = buildDress(redress);
  const element = h("header", {}, brand(), crumb, phone, steps, dressed.tongue, share, dressed.theme, contents);
  let written = "";
  const update = () => {
    dressed.update();
    sayWords();
    setText(crumb, read(course.title));
    setText(phone, read(plan.title));
    contents.setAttribute("aria-label", say("contents"));
    share.setAttribute("aria-label", say("copy-link"));
    steps.setAttribute("aria-label", say("steps"));
    plan.steps.forEach((step, n) => {
      const at = steps.children[n];
      setText(at.children[0], `${n + 1} ${read(step.name)}`);
      at.className = n < story.step ? "done" : n === story.step ? "here" : "";
      if (n === story.step) at.setAttribute("aria-current", "step");
      else at.removeAttribute("aria-current");
    });
    document.title = `${read(plan.title)} · Synod`;
    const next = `#lesson=${plan.id}&step=${plan.steps[story.step].id}&lang=${language()}`;
    if (next !== written) {
      written = next;
      history.replaceState(null, "", next);
    }
    const here = steps.children[story.step];
    if (here instanceof HTMLElement) steps.scrollLeft = here.offsetLeft - steps.clientWidth / 2 + here.clientWidth / 2;
  };
  return { element, update };
}

/**
 * Every course, lesson and step, with a link to each.
 * @param {Story} story
 * @param {Course[]} courses
 * @param {Listing} entry
 */
function openContents(story, courses, entry) {
  const dialog = h(
    "dialog",
    { class: "contents", "aria-label": say("contents"), onclose: () => dialog.remove() },
    h(
      "div",
      { class: "hd" },
      h("h2", {}, say("contents")),
      h("button", { class: "btn quiet", type: "button", onclick: () => dialog.close() }, say("close")),
    ),
    ...courses.map((course) =>
      h(
        "section",
        {},
        h("h3", {}, read(course.title)),
        h(
          "ol",
          {},
          ...course.lessons.map((lesson) =>
            h(
              "li",
              {},
              h(
                "a",
                { href: address(lesson.id), "aria-current": lesson === entry ? "page" : null },
                read(lesson.title),
              ),
              lesson === entry
                ? h(
                    "ol",
                    {},
                    ...story.plan.steps.map((step) =>
                      h(
                        "li",
                        {},
                        h("a", { href: address(lesson.id, step.id), onclick: () => dialog.close() }, read(step.name)),
                      ),
                    ),
                  )
                : null,
            ),
          ),
        ),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}

/** @param {Story} story @param {{ forward: () => void }} told */
function handleKeys(story, told) {
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && target.closest("input,select,dialog,[role=menu]")) return;
    const button = target instanceof HTMLElement && target.closest("button,a");
    if (event.key === "ArrowRight") told.forward();
    else if (event.key === "ArrowLeft") story.back();
    else if (event.key === "." || event.key === "。") story.byEvent(1);
    else if (event.key === "," || event.key === "，") story.byEvent(-1);
    else if (event.key === " " && !button) toggle(story);
    else if (event.key === "t") story.tryIt();
    else if (event.key === "Escape" && story.trying) story.comeBack();
    else return;
    event.preventDefault();
  });
}

/** @param {HTMLElement} page @param {Story} story @param {{ forward: () => void }} told */
function handleSwipe(page, story, told) {
  /** @type {{ x: number, y: number } | null} */
  let start = null;
  page.addEventListener(
    "touchstart",
    (event) => {
      start = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
    },
    { passive: true },
  );
  page.addEventListener(
    "touchend",
    (event) => {
      const [touch] = event.changedTouches;
      const [dx, dy] = start ? [touch.clientX - start.x, touch.clientY - start.y] : [0, 0];
      start = null;
      if (Math.abs(dx) < SWIPE || Math.abs(dx) < 2 * Math.abs(dy)) return;
      if (dx < 0) told.forward();
      else story.back();
    },
    { passive: true },
  );
}
