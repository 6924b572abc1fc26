// Inside the page that is photographed: a moment of a lesson, of a challenge or of a run on a stage of the site's own,
// with its name beside it.

import init, { Challenge, Lesson, Simulation } from "/pkg/synod.js";
import { brokenRules } from "/broken.js";
import { h } from "/dom.js";
import { mark } from "/icons.js";
import { begin } from "/link.js";
import { fetchDots, fetchExtra, fetchTearing } from "/more.js";
import { challengeFor, lessonFor } from "/said.js";
import { create, look } from "/state.js";
import { makeView } from "/view.js";
import { learn, use, wordsIn } from "/words.js";

/** A title with so many signs is written smaller; a Chinese sign is as wide as two. */
const LONG = 44;
const wide = (text) => [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? 2 : 1), 0);

/** As a lesson's page shows the end of a step. */
function ofLesson(data, step) {
  const lesson = new Lesson(lessonFor(data));
  const run = lesson.begin();
  const { steps } = lesson.plan();
  const at = steps.findIndex((one) => one.id === step);
  if (at < 0) throw new Error(`the lesson has no step ${step}`);
  const { from } = lesson.reach(run, at);
  const lab = create(run);
  lab.lit = lab.frame.nodes.filter((one) => steps[at].focus.includes(one.name)).map((one) => one.id);
  lab.wonSince = from;
  return lab;
}

/** Events after the last input of a solution, at most, until it is judged to be one. */
const MOST = 4_000;

/** Where the stored solution has done what is asked. */
function ofChallenge(data) {
  const challenge = new Challenge(challengeFor(data));
  const sim = Simulation.replay(challenge.plan().solution);
  sim.seek(sim.end);
  for (let n = 0; n < MOST && !challenge.judge(sim, false).stars; n++) sim.step();
  return create(sim);
}

function ofRun({ config, inputs, at }) {
  const sim = begin({ config, inputs });
  sim.seek(at);
  return create(sim);
}

/** What is drawn next is often the same in another language. */
let kept = { key: "", lab: null };

async function labOf(one) {
  const key = `${one.kind} ${one.id}`;
  if (kept.key === key) return kept.lab;
  const read = async () => (await fetch(`/${one.kind}s/${one.id}.json`)).json();
  const lab =
    one.kind === "run"
      ? ofRun(one.run)
      : one.kind === "lesson"
        ? ofLesson(await read(), one.step)
        : ofChallenge(await read());
  kept = { key, lab };
  return lab;
}

/** What is broken on purpose is said, so that nobody takes the picture for one of the unbroken protocol. */
function broken(lab) {
  const rules = brokenRules(lab);
  if (!rules.length) return null;
  const { read, say } = lab.words;
  const said = h("b", {}, say("broken-on-purpose"));
  return h("p", { class: "broken" }, said, " ", h("s", {}, rules.map((one) => read(one.rule)).join(say("comma"))));
}

async function draw(one) {
  document.documentElement.lang = one.lang === "zh" ? "zh-CN" : "en";
  use(one.lang);
  const lab = await labOf(one);
  lab.words = wordsIn(one.lang);
  lab.playing = false;
  lab.settled = true;
  lab.acted = true;
  look(lab);
  const view = makeView(lab, { clock: () => 1e9 });
  const words = h(
    "div",
    { class: "words" },
    h("div", { class: "brand" }, mark(), "Synod"),
    ...(one.over ? [h("p", { class: "over" }, one.over)] : []),
    h("h1", { class: wide(one.title) > LONG ? "long" : "" }, one.title),
    ...(one.under ? [h("p", { class: "under" }, one.under)] : []),
    ...[broken(lab)].filter(Boolean),
  );
  document.querySelector("main").replaceChildren(words, h("div", { class: "stage" }, view.element));
  view.draw(true);
  flatten(view);
  await shown();
}

/** One plain canvas in place of the stage's two, which are on the screen when they will: a photograph waits for none. */
function flatten({ element, canvas, live }) {
  const flat = h("canvas", { width: canvas.width, height: canvas.height });
  const x = flat.getContext("2d");
  for (const layer of [canvas, live]) x.drawImage(layer, 0, 0);
  element.replaceChildren(flat);
}

const frame = () => new Promise(requestAnimationFrame);
const shown = () => frame().then(frame);

await init();
await Promise.all([learn("zh"), fetchExtra(), fetchDots(), fetchTearing(), document.fonts.ready]);
Object.assign(window, { draw });
