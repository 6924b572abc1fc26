// The stage in a frame, with the parameters of the element in its address.

import { Lesson, Simulation, catalog } from "./pkg/synod.js";
import { makeFigure } from "./figure.js";
import { addressWords, openAsked, rateOf } from "./link.js";
import { load } from "./load.js";
import { lessonFor } from "./said.js";
import { followAddress, moment } from "./share.js";
import { Missing, dress, failed, fetched, listed, recorded } from "./shell.js";
import { language, preferred, say, speak } from "./words.js";

/**
 * @typedef {ReturnType<typeof makeFigure>} Figure
 */

/** Words of the address that tell which moment it is; all others tell how it is shown. */
const MOMENT = ["run", "t", "step", "protocol", "start", "seed", "nodes", "mutant"];

main();

async function main() {
  const words = addressWords();
  await speak(preferred(words.get("lang")));
  dress(words.get("theme"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
  try {
    /** @type {string[]} */
    const early = [];
    const figure = await open(words, early);
    const fragment = () => fragmentOf(figure, words);
    const address = followAddress(fragment, () => location.reload());
    figure.lab.listeners.push(() => figure.lab.playing || address.later());
    early.forEach((why) => figure.lab.told(why, true));
    Object.assign(window, { synodFigure: figure });
  } catch (error) {
    failed(error);
  }
}

/**
 * @param {URLSearchParams} words
 * @param {string[]} early what is to be told when there is a stage
 * @returns {Promise<Figure>}
 */
async function open(words, early) {
  const [id, run] = [words.get("lesson"), words.get("run")];
  const data = id ? await lessonOf(id) : null;
  const protocol = data?.protocol ?? (run ? recorded(run) : words.get("protocol"));
  const listing = listed().find((one) => one.id === protocol) ?? listed()[0];
  const telling = data ? import("./telling.js") : null;
  const [told] = await Promise.all([telling, load(data ? listing?.telling : listing?.module)]);
  const opened = told
    ? { sim: run ? Simulation.replay(run) : undefined, t: words.has("t") ? Number(words.get("t")) : null }
    : openAsked(listed()[0].id, (why) => early.push(why));
  const speed = words.get("speed");
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  root.className = "synod";
  const lesson = (/** @type {string} */ step) => `lesson.html#lesson=${id}&step=${step}&lang=${language()}`;
  const lab = (/** @type {Simulation} */ sim) => `lab.html#run=${sim.recording()}&t=${sim.now}&lang=${language()}`;
  return makeFigure(root, {
    ...(told ? { told: { ...told, lesson: new Lesson(lessonFor(data)) } } : {}),
    run: opened.sim,
    t: opened.t,
    all: catalog(),
    lang: language(),
    controls: words.get("controls") ?? "full",
    rate: speed ? rateOf(speed) : null,
    step: words.get("step"),
    play: words.get("play") === "1" || words.has("autoplay"),
    href: (sim, step) => new URL(step ? lesson(step) : lab(sim), location.href).href,
    fire: (name, detail) => {
      if (window.parent !== window) window.parent.postMessage({ source: "synod", event: name, detail }, "*");
    },
  });
}

/** @param {string} id */
async function lessonOf(id) {
  try {
    return await fetched(`lessons/${id}.json`);
  } catch {
    throw new Missing(say("missing-lesson", { id }));
  }
}

/** @param {Figure} figure @param {URLSearchParams} words those that it was opened with */
function fragmentOf({ lab, story }, words) {
  const shown = [...words].filter(([key]) => !MOMENT.includes(key)).map(([key, value]) => `${key}=${value}`);
  const step = story ? [`step=${story.plan.steps[story.step].id}`] : [];
  const told = story && !story.trying;
  const within = told && lab.sim.now !== story.mark.until ? [`t=${Math.round(lab.sim.now * 1000) / 1000}`] : [];
  return `#${[...shown, ...step, ...(told ? within : [moment(lab)])].join("&")}`;
}
