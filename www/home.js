// The home page: a cluster that lives, the path of learning, and the one next step on it.

import "./icons-page.js";
import { h, setText } from "./dom.js";
import { buildFind } from "./home-find.js";
import { buildPath, lessonHref } from "./home-path.js";
import { buildStage } from "./home-stage.js";
import { icon } from "./icons.js";
import { next, read as readProgress } from "./progress.js";
import { failed, fetched, painted, settle } from "./shell.js";
import { buildTop } from "./top.js";
import { language, read, say } from "./words.js";

/**
 * @import { Emblem } from "./home-emblem.js"
 * @import { Run } from "./home-stage.js"
 * @import { Progress } from "./progress.js"
 * @typedef {{ en: string, zh: string }} Both
 * @typedef {{ id: string, protocol: string, title: Both, summary: Both }} Listing
 * @typedef {{ id: string, title: Both, lessons: Listing[] }} Course
 * @typedef {{ protocol: string, name: Both, question: Both, minutes: number, questions: number, stage: Run, emblem:
 *   Emblem, source: string | null, beside: { id: string, title: Both }[] }} About
 * @typedef {About & { id: string, lessons: Listing[] }} Station
 * @typedef {{ families: { id: string, name: Both, courses: string[] }[],
 *   courses: Record<string, About & { lessons: string[] }> }} Path
 *
 * @typedef {{ families: Path["families"], stations: Station[], progress: Progress, next: string | null,
 *   at: Station, chosen: Station }} Home the next lesson, the station where it is, and the one that is looked at
 */

/** While a reader walks along the path, no module is fetched for what is only passed. */
const LINGER = 250;

main();

async function main() {
  await settle(["site", "home"]);
  try {
    const [path, courses] = await Promise.all([fetched("path.json"), fetched("lessons/index.json")]);
    build(homeOf(path, courses));
  } catch (error) {
    failed(error);
  }
}

/** @param {Path} path @param {Course[]} listed @returns {Home} */
function homeOf({ families, courses }, listed) {
  const every = new Map(listed.flatMap((course) => course.lessons).map((one) => [one.id, one]));
  const stations = families.flatMap((family) =>
    family.courses.map((id) => {
      const lessons = courses[id].lessons.flatMap((lesson) => every.get(lesson) ?? []);
      return { ...courses[id], id, lessons };
    }),
  );
  const home = { families, stations, progress: readProgress(), next: null, at: stations[0], chosen: stations[0] };
  findNext(home);
  home.chosen = askedStation(home) ?? home.at;
  return home;
}

/** @param {Home} home */
function findNext(home) {
  home.progress = readProgress();
  const ids = [...new Set(home.stations.flatMap((station) => station.lessons.map((one) => one.id)))];
  home.next = next(home.progress, ids);
  // A lesson that two courses share is met at the first of them on the path.
  home.at = home.stations.find((station) => station.lessons.some((one) => one.id === home.next)) ?? home.stations[0];
}

/** The course that the address names, as in `#some-course`. @param {Home} home */
const askedStation = (home) => home.stations.find((station) => asked().includes(station.id));
const asked = () => location.hash.slice(1).split("&");

/** @param {Home} home */
function build(home) {
  const stage = buildStage();
  const path = buildPath(home, choose, enter);
  const find = buildFind(everyLesson(home));
  const begin = buildBegin();
  const about = buildAbout(home);
  const hero = h("section", { class: "hero" }, begin.element, stage.element);
  const main = h("main", { class: "home" }, hero, path.element, about.element);
  const redress = () => {
    document.title = say("home-title");
    top.update();
    begin.update(home);
    find.redress();
    path.update();
    about.update();
    stage.redress();
    kept.update();
  };
  const kept = { update: () => {} };
  const top = buildTop(redress, find.button);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {Station} station @param {number} [after] */
  function choose(station, after = LINGER) {
    home.chosen = station;
    path.update();
    path.centre();
    const rest = asked().filter((word) => word.includes("="));
    history.replaceState(null, "", `#${[station.id, ...rest].join("&")}`);
    clearTimeout(timer);
    timer = setTimeout(() => stage.show(station.protocol, station.stage), after);
  }
  /** @param {Station} station */
  function enter(station) {
    const ids = station.lessons.map((one) => one.id);
    const lesson = next(home.progress, ids) ?? ids[0];
    location.href = lesson ? lessonHref(lesson) : `lab.html#protocol=${station.protocol}&lang=${language()}`;
  }
  document.getElementById("app")?.replaceChildren(top.element, main, find.dialog);
  redress();
  path.centre();
  stage.show(home.chosen.protocol, home.chosen.stage);
  // Home is whole without what is due again.
  const bring = async () => {
    const { buildKept } = await import("./quiz/due.js");
    const built = await buildKept(() => {
      findNext(home);
      redress();
    });
    kept.update = built.update;
    const [wide, narrow] = built.links;
    find.button.before(wide);
    begin.element.append(narrow);
    path.element.after(built.element);
    top.update();
  };
  painted()
    .then(bring)
    .catch(() => {});
  window.addEventListener("hashchange", () => {
    const station = askedStation(home);
    if (station && station !== home.chosen) choose(station, 0);
  });
  // A page that the browser kept has not seen what was done since.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    findNext(home);
    redress();
  });
}

/** Every lesson once, in the order of the path. @param {Home} home */
function everyLesson(home) {
  const found = new Map();
  for (const station of home.stations)
    for (const one of station.lessons) {
      const owner = home.stations.find((other) => other.id === one.id.split("/")[0]) ?? station;
      if (!found.has(one.id)) found.set(one.id, { ...one, course: owner.name });
    }
  return [...found.values()];
}

/** What this is; the filled button leads to the next lesson, and the lab stands beside it. */
function buildBegin() {
  const word = h("span");
  const link = h("a", { class: "btn primary", id: "begin" }, word, icon("next"));
  const lab = h("a", { class: "btn", "data-word": "home-lab" });
  const element = h(
    "div",
    { class: "pitch" },
    h("h1", { "data-word": "home-head" }),
    h("p", { class: "lead", "data-word": "home-lead" }),
    h("p", { class: "ways" }, link, lab),
  );
  /** @param {Home} home */
  const update = (home) => {
    const { stations, at } = home;
    const lesson = home.next ?? stations[0].lessons[0]?.id ?? "";
    const n = at.lessons.findIndex((one) => one.id === lesson) + 1;
    const first = home.progress.last === null && !Object.keys(home.progress.done).length;
    const key = home.next === null ? "home-again" : first ? "home-begin" : "home-continue";
    setText(word, say(key, { name: read(at.name), n }));
    link.href = lessonHref(lesson);
    lab.href = `lab.html#lang=${language()}`;
  };
  return { element, update };
}

/** @param {Home} home */
function buildAbout(home) {
  const sources = h("ul", { class: "sources" });
  const pairs = h("ul", { class: "pairs" });
  const keys = h("dl", { class: "keys" });
  const lesson = home.stations.flatMap((station) => station.lessons)[0]?.id ?? "";
  const element = h(
    "section",
    { class: "about" },
    h(
      "div",
      {},
      h("h2", { "data-word": "home-about" }),
      h("p", { "data-word": "home-about-1" }),
      h("p", { "data-word": "home-about-2" }),
      h("h2", { "data-word": "home-keys" }),
      keys,
    ),
    h(
      "div",
      {},
      h("h2", { "data-word": "home-own" }),
      h("p", { class: "code" }, `<synod-stage lesson="${lesson}">`),
      h("p", { "data-word": "home-own-says" }),
      h("p", {}, h("a", { href: "own.html", "data-word": "home-own-more" })),
      h("h2", { "data-word": "compare" }),
      h("p", { "data-word": "home-compare" }),
      pairs,
    ),
    h(
      "div",
      { id: "papers" },
      h("h2", { "data-word": "home-sources" }),

      sources,
    ),
  );
  const update = () => {
    const told = new Map(home.stations.flatMap((station) => station.beside).map((pair) => [pair.id, pair.title]));
    pairs.replaceChildren(
      ...[...told].map(([id, title]) =>
        h("li", {}, h("a", { href: `compare.html#pair=${id}&lang=${language()}` }, read(title))),
      ),
    );
    sources.replaceChildren(
      ...home.stations
        .filter((station) => station.source)
        .map((station) => h("li", {}, h("b", {}, read(station.name)), `: ${station.source}`)),
    );
    keys.replaceChildren(
      ...[
        ["/", "home-key-find"],
        ["→ ←", "home-key-steps"],
        [", .", "home-key-events"],
        ["Space", "home-key-play"],
        ["T", "home-key-try"],
        ["?", "home-key-help"],
      ].flatMap(([key, word]) => [h("dt", {}, key), h("dd", {}, say(word))]),
    );
  };
  return { element, update };
}
