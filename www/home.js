// The home page: a cluster that lives, the protocols that run, and where to begin.

import { Simulation, catalog } from "./pkg/synod.js";
import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { begin } from "./link.js";
import { load } from "./load.js";
import { failed, fetched, settle, toaster } from "./shell.js";
import { advance } from "./acts.js";
import { create, listen, look } from "./state.js";
import { buildTop } from "./top.js";
import { makeView } from "./view.js";
import { language, read, say } from "./words.js";

/**
 * @import { Protocol } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ en: string, zh: string }} Both
 * @typedef {{ id: string, title: Both, lessons: { id: string, protocol: string, title: Both, summary: Both }[] }}
 *   Course
 */

const LONGEST_FRAME = 100;
/** The cluster of the home page gets a request so often, in virtual ms. */
const REQUEST_EVERY = 70;
/** It begins with an election behind it, and somebody down. */
const OPENING = [
  "+420ms",
  "request set x 1",
  "+60ms",
  "request add x 1",
  "+60ms",
  "crash D",
  "request add x 1",
  "+70ms",
];
const RATE = 1 / 30;

main();

async function main() {
  await settle();
  try {
    const list = fetched("lessons/index.json");
    const module = document.querySelector('meta[name="whole"]')?.getAttribute("content");
    await load(module ?? undefined);
    build(catalog(), /** @type {Course[]} */ (await list));
  } catch (error) {
    failed(error);
  }
}

/** @param {Protocol[]} all @param {Course[]} courses */
function build(all, courses) {
  const hero = buildHero(all);
  const cards = all.map((protocol) => buildCard(protocol, courses));
  const redress = () => {
    document.title = say("home-title");
    hero.redress();
    cards.forEach((card) => card.redress());
    lessons.replaceChildren(...courses.map(listCourse));
    sources.replaceChildren(
      ...all.map((protocol) => h("li", {}, h("b", {}, read(protocol.name)), ` ${protocol.source}`)),
    );
    keys.replaceChildren(
      ...[
        ["→ ←", "home-key-steps"],
        [", .", "home-key-events"],
        ["Space", "home-key-play"],
        ["T", "home-key-try"],
        ["?", "home-key-help"],
      ].flatMap(([key, word]) => [h("dt", {}, key), h("dd", {}, say(word))]),
    );
    top.update();
  };
  const top = buildTop(redress);
  const lessons = h("div", { class: "courses" });
  const sources = h("ul", { class: "sources" });
  const keys = h("dl", { class: "keys" });
  const first = courses[0]?.lessons[0];
  const firstOf = courses.find((course) => course.id === all[0].id)?.lessons[0] ?? first;
  const main = h(
    "main",
    { class: "home" },
    h(
      "section",
      { class: "hero" },
      h(
        "div",
        {},
        h("h1", { "data-word": "home-head" }),
        h("p", { class: "lead", "data-word": "home-lead" }),
        h(
          "p",
          { class: "ways" },
          h(
            "a",
            { class: "btn primary", id: "begin", href: `lesson.html#lesson=${firstOf?.id ?? ""}` },
            h("span", { "data-word": "home-begin" }),
            icon("next"),
          ),
          h("a", { class: "btn", href: "lab.html", "data-word": "home-lab" }),
        ),
      ),
      hero.element,
    ),
    h(
      "section",
      { class: "cards", id: "protocols" },
      h("h2", { class: "seen-not", "data-word": "protocols" }),
      ...cards.map((card) => card.element),
      ownCard(firstOf?.id ?? ""),
    ),
    h("section", { class: "begin" }, h("h2", { "data-word": "home-where" }), lessons),
    h(
      "section",
      { class: "about" },
      h(
        "div",
        {},
        h("h2", { "data-word": "home-about" }),
        h("p", { "data-word": "home-about-1" }),
        h("p", { "data-word": "home-about-2" }),
      ),
      h("div", {}, h("h2", { "data-word": "home-sources" }), sources),
      h("div", {}, h("h2", { "data-word": "home-keys" }), keys),
    ),
  );
  document.getElementById("app")?.replaceChildren(top.element, main);
  redress();
  Object.assign(window, { synodHome: hero.lab });
}

/** A real cluster, playing by itself, and to be acted on. @param {Protocol[]} all */
function buildHero(all) {
  const sim = new Simulation({ protocol: all[0].id, seed: "3", network: { latency: [14, 18] } });
  for (const line of OPENING) {
    const span = line.match(/^\+(\d+)ms$/);
    if (span) sim.advance(Number(span[1]));
    else sim.inject(line);
  }
  const lab = create(sim, all);
  const spoken = h("div", { class: "seen-not", role: "status" });
  lab.told = toaster(document.body, spoken);
  lab.rate = RATE;
  lab.playing = !lab.reduced;
  const view = makeView(lab, { mirror: true });
  const pause = h("button", {
    class: "btn quiet",
    type: "button",
    id: "pause",
    onclick: () => {
      lab.playing = !lab.playing;
      wake();
    },
  });
  const open = h("a", {
    class: "btn quiet",
    "data-word": "open-in-lab",
    onclick: () => {
      open.href = `lab.html#run=${lab.sim.recording()}&t=${lab.sim.now}&lang=${language()}`;
    },
  });
  open.href = "lab.html";
  const element = h(
    "div",
    { class: "living" },
    view.element,
    h(
      "div",
      { class: "living-foot" },
      h("span", { "data-word": "home-live" }),
      h("span", { class: "sp" }),
      open,
      pause,
    ),
    spoken,
  );
  let [asleep, last, due, afresh, awake] = [0, 0, sim.now + REQUEST_EVERY, true, true];
  const frame = (/** @type {number} */ wall) => {
    asleep = 0;
    if (lab.playing && last) advance(lab, Math.min(wall - last, LONGEST_FRAME) * lab.rate);
    last = lab.playing ? wall : 0;
    if (lab.playing && lab.sim.now >= due) {
      due = lab.sim.now + REQUEST_EVERY;
      lab.sim.inject(`request ${lab.protocol.operations[1]?.example ?? lab.protocol.operations[0].example}`);
    }
    look(lab);
    view.draw(afresh);
    if (!lab.playing || afresh) view.mirror?.update();
    setText(pause, say(lab.playing ? "pause" : "play"));
    afresh = false;
    if (lab.playing) wake();
  };
  const wake = () => {
    if (awake) asleep ||= requestAnimationFrame(frame);
  };
  listen(lab, wake);
  new IntersectionObserver((entries) => {
    awake = entries.some((entry) => entry.isIntersecting);
    last = 0;
    wake();
  }).observe(element);
  new ResizeObserver(wake).observe(element);
  return {
    element,
    lab,
    redress: () => {
      afresh = true;
      wake();
    },
  };
}

/**
 * A protocol: a still of a run, drawn from its frame, and the question that it answers.
 * @param {Protocol} protocol
 * @param {Course[]} courses
 */
function buildCard(protocol, courses) {
  const lesson =
    courses
      .flatMap((course) => course.lessons)
      .find((one) => one.protocol === protocol.id && one.id.startsWith(protocol.id)) ??
    courses.flatMap((course) => course.lessons).find((one) => one.protocol === protocol.id);
  const [name, question] = [h("b"), h("span")];
  const holder = h("div", { class: "card-stage" });
  const element = h(
    "a",
    { class: "card", href: lesson ? `lesson.html#lesson=${lesson.id}` : `lab.html#protocol=${protocol.id}` },
    holder,
    name,
    question,
  );
  /** @type {{ lab: Lab, view: ReturnType<typeof makeView> } | null} */
  let still = null;
  new IntersectionObserver(
    (entries, observer) => {
      if (still || !entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      const lab = create(portrait(protocol), [protocol]);
      still = { lab, view: makeView(lab, { hands: false }) };
      holder.append(still.view.element);
      look(lab);
      still.view.draw(true);
    },
    { rootMargin: "200px" },
  ).observe(element);
  return {
    element,
    redress: () => {
      setText(name, read(protocol.name));
      setText(question, read(protocol.summary));
      still?.view.draw(true);
    },
  };
}

/** A moment in which something is under way. @param {Protocol} protocol */
function portrait(protocol) {
  const start = protocol.starts.find(
    (one) => (one.config.nodes ?? 0) !== undefined && !(Number(one.config.nodes) > 200),
  );
  const sim = start ? begin(start) : new Simulation({ protocol: protocol.id, seed: "3" });
  if (!start) {
    sim.advance(320);
    sim.inject(`request ${protocol.operations[0].example}`);
    sim.inject(`request ${protocol.operations[0].example}`);
  }
  // The busiest of a few moments.
  let [best, most] = [sim.now, -1];
  const from = sim.now;
  for (let t = from; t <= from + 600; t += 7) {
    sim.seek(t);
    const frame = sim.frame(12);
    const news = frame.messages.filter((one) => !one.quiet && one.fate !== "lost").length;
    if (news > most) [best, most] = [t, news];
  }
  sim.seek(best);
  return sim;
}

/** @param {Course} course */
function listCourse(course) {
  return h(
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
          h("a", { href: `lesson.html#lesson=${lesson.id}&lang=${language()}` }, read(lesson.title)),
          h("span", {}, read(lesson.summary)),
        ),
      ),
    ),
  );
}

/** @param {string} lesson */
function ownCard(lesson) {
  const code = h(
    "pre",
    { class: "card-stage code", "aria-hidden": "true" },
    `<synod-stage\n  lesson="${lesson}"\n  theme="auto">\n</synod-stage>`,
  );
  return h(
    "a",
    { class: "card", href: "own.html" },
    code,
    h("b", { "data-word": "home-own" }),
    h("span", { "data-word": "home-own-says" }),
  );
}
