// The path of learning: a station for each course, families over the line, and the lessons of the
// course that is chosen. On a wide page stations are tabs; on a phone each unfolds below itself.

import { h, setText } from "./dom.js";
import { drawEmblem, FIELD } from "./home-emblem.js";
import { readTokens } from "./draw/tokens.js";
import { icon } from "./icons.js";
import { isDone } from "./progress.js";
import { fetched, fit } from "./shell.js";
import { language, read, say } from "./words.js";

/**
 * @import { Both, Home, Station } from "./home.js"
 * @typedef {{ station: Station, button: HTMLButtonElement, canvas: HTMLCanvasElement, name: HTMLElement,
 *   ticks: HTMLElement }} Stop
 */

const UNFOLD = 180;
/** With so few stations emblems are larger. */
const FEW = 8;
export const narrow = matchMedia("(max-width: 759px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {string} lesson */
export const lessonHref = (lesson) => `lesson.html#lesson=${lesson}&lang=${language()}`;
/** @param {Station} station */
const labHref = (station) => `lab.html#protocol=${station.protocol}&lang=${language()}`;

/** @param {Home} home @param {(station: Station) => void} choose @param {(station: Station) => void} enter */
export function buildPath(home, choose, enter) {
  const panel = buildPanel(home);
  const stops = home.stations.map((station) => buildStop(station));
  const families = home.families.map((family) => buildFamily(family, stops));
  const list = h("div", { class: stops.length > FEW ? "fams" : "fams few" }, ...families.map((one) => one.element));
  const element = h(
    "section",
    { class: "path", id: "protocols" },
    h("h2", { class: "seen-not", "data-word": "protocols" }),
    h("div", { class: "band" }, list),
    panel.element,
  );
  let open = true;
  const draw = () => {
    const tokens = readTokens();
    for (const stop of stops) drawStop(home, stop, tokens, open);
  };
  const update = () => {
    const phone = narrow.matches;
    set(list, { role: phone ? null : "tablist", "aria-label": phone ? null : say("protocols") });
    for (const one of families) one.update(phone);
    for (const stop of stops) dressStop(home, stop, phone, open);
    panel.update();
    place(home, panel.element, element, stops, phone, open);
    draw();
  };
  const pick = (/** @type {Stop} */ { station, button }) => {
    const [phone, again] = [narrow.matches, station === home.chosen];
    if (again && !phone) return;
    const [height, top] = [panel.element.offsetHeight, button.getBoundingClientRect().top];
    open = !again || !open;
    if (again) update();
    else choose(station);
    // What folds above it does not move what was pressed.
    if (phone) scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
    else unfold(panel.element, height);
  };
  for (const stop of stops) {
    stop.button.addEventListener("click", () => pick(stop));
    stop.button.addEventListener("keydown", (event) => walk(stops, stop, event, pick, enter));
  }
  narrow.addEventListener("change", update);
  new ResizeObserver(draw).observe(list);
  return { element, update, centre: () => centre(element, stops, home) };
}

/**
 * A family: its name over the line, and its stations.
 * @param {Home["families"][number]} family
 * @param {Stop[]} stops
 */
function buildFamily(family, stops) {
  const name = h("h3", { class: "fam-name" });
  const own = stops.filter((stop) => family.courses.includes(stop.station.id));
  const line = h("div", { class: "fam-line", role: "presentation" }, ...own.map((stop) => stop.button));
  const element = h("div", { class: "fam" }, name, line);
  // A family of one is a little wider, so that its name fits.
  element.style.flexGrow = String(own.length + (own.length === 1 ? 0.22 : 0));
  element.style.flexBasis = "0";
  const update = (/** @type {boolean} */ phone) => {
    setText(name, read(family.name));
    set(element, { role: phone ? null : "presentation" });
    // Between tabs there is no place for headings.
    set(name, { role: phone ? null : "presentation", "aria-hidden": phone ? null : "true" });
  };
  return { element, update };
}

/**
 * The panel stands below the whole path, or on a phone below the station that unfolded.
 * @param {Home} home
 * @param {HTMLElement} panel
 * @param {HTMLElement} path
 * @param {Stop[]} stops
 * @param {boolean} phone
 * @param {boolean} open
 */
function place(home, panel, path, stops, phone, open) {
  const chosen = stops.find((stop) => stop.station === home.chosen);
  set(panel, { role: phone ? "region" : "tabpanel", "aria-labelledby": `at-${home.chosen.id}` });
  panel.classList.toggle("first", chosen === stops[0]);
  panel.classList.toggle("last", chosen === stops.at(-1));
  panel.hidden = phone && !open;
  if (!phone && panel.parentElement !== path) path.append(panel);
  if (phone && panel.previousElementSibling !== chosen?.button) chosen?.button.after(panel);
}

/** @param {Element} element @param {Record<string, string | null>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** @param {Station} station @returns {Stop} */
function buildStop(station) {
  const canvas = h("canvas", { class: "emblem", "aria-hidden": "true" });
  const name = h("span", { class: "stn-name" });
  const ticks = h("span", { class: "ticks", "aria-hidden": "true" }, ...station.lessons.map(() => h("i")));
  const button = h(
    "button",
    { class: "stn", type: "button", id: `at-${station.id}`, "data-course": station.id, "aria-controls": "course" },
    canvas,
    name,
    ticks,
  );
  button.append(icon("next"));
  return { station, button, canvas, name, ticks };
}

/** @param {Home} home @param {Stop} stop @param {boolean} phone @param {boolean} open */
function dressStop(home, { station, button, name, ticks }, phone, open) {
  const chosen = station === home.chosen;
  const isNext = station === home.at;
  const done = station.lessons.filter((one) => isDone(home.progress, one.id)).length;
  const all = station.lessons.length > 0 && done === station.lessons.length;
  setText(name, read(station.name));
  button.className = ["stn", chosen ? "on" : "", isNext ? "next" : "", all ? "all" : ""].filter(Boolean).join(" ");
  set(button, {
    role: phone ? null : "tab",
    "aria-selected": phone ? null : String(chosen),
    "aria-expanded": phone ? String(chosen && open) : null,
    tabindex: phone || chosen ? null : "-1",
    "aria-label": `${read(station.name)}, ${progressOf(station, done)}${isNext ? `, ${say("home-next")}` : ""}`,
  });
  station.lessons.forEach((one, i) => {
    const state = isDone(home.progress, one.id) ? "d" : isNext && one.id === home.next ? "n" : "";
    ticks.children[i].className = state;
  });
}

/** @param {Station} station @param {number} done */
function progressOf(station, done) {
  const n = station.lessons.length;
  const lessons = say(n === 1 ? "home-lesson" : "home-lessons", { n });
  if (done === n) return n ? say("home-all-done", { lessons }) : say("home-no-lessons");
  return done ? say("home-some-done", { lessons, done }) : say("home-minutes", { lessons, n: station.minutes });
}

/** @param {Home} home @param {Stop} stop @param {import("./draw/tokens.js").Tokens} tokens @param {boolean} open */
function drawStop(home, { station, canvas }, tokens, open) {
  const { x, W, H } = fit(canvas);
  if (!W || !H) return;
  const on = station === home.chosen && open && !narrow.matches;
  const scale = Math.min(W / FIELD.W, H / FIELD.H);
  x.clearRect(0, 0, W, H);
  x.save();
  x.translate((W - FIELD.W * scale) / 2, (H - FIELD.H * scale) / 2);
  x.scale(scale, scale);
  drawEmblem(x, on ? tokens : { ...tokens, sheet: tokens.page }, station.emblem);
  x.restore();
}

/**
 * @param {Stop[]} stops
 * @param {Stop} stop
 * @param {KeyboardEvent} event
 * @param {(stop: Stop) => void} pick
 * @param {(station: Station) => void} enter
 */
function walk(stops, stop, event, pick, enter) {
  if (narrow.matches || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = stops.indexOf(stop);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (to !== undefined) {
    const next = stops[(to + stops.length) % stops.length];
    pick(next);
    next.button.focus();
  } else if (event.key === "Enter") enter(stop.station);
  else return;
  event.preventDefault();
}

/** Where the path is wider than the page, the chosen station stands in its middle. @param {HTMLElement} element
 * @param {Stop[]} stops @param {Home} home */
function centre(element, stops, home) {
  const band = /** @type {HTMLElement} */ (element.querySelector(".band"));
  const button = stops.find((stop) => stop.station === home.chosen)?.button;
  if (!button || band.scrollWidth <= band.clientWidth) return;
  const [box, own] = [band.getBoundingClientRect(), button.getBoundingClientRect()];
  band.scrollLeft += own.left + own.width / 2 - box.left - box.width / 2;
}

/** @param {HTMLElement} element @param {number} before its height until now */
function unfold(element, before) {
  const now = element.offsetHeight;
  if (still.matches || now === before || narrow.matches) return;
  element.style.overflow = "hidden";
  const grown = element.animate([{ height: `${before}px` }, { height: `${now}px` }], {
    duration: UNFOLD,
    easing: "ease-out",
  });
  grown.onfinish = grown.oncancel = () => element.style.removeProperty("overflow");
}

/**
 * What to watch for stands over the link to a lesson; it is fetched when a hand first comes near one.
 * @param {HTMLElement} list
 */
function watchOver(list) {
  /** @type {Record<string, Both> | null} */
  let known = null;
  const update = () => {
    for (const link of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-lesson]"))) {
      const watch = known?.[link.dataset.lesson ?? ""];
      if (watch) link.title = read(watch);
    }
  };
  const learn = async () => {
    if (known) return;
    known = {};
    known = await fetched("lessons/watch.json").catch(() => null);
    update();
  };
  for (const near of ["pointerover", "focusin"]) list.addEventListener(near, learn, { passive: true });
  return update;
}

/** The lessons of the chosen course, as the cells of a log. @param {Home} home */
function buildPanel(home) {
  const [title, question, amount] = [h("h2"), h("p", { class: "q" }), h("p", { class: "m" })];
  const links = h("p", { class: "lk" });
  const lessons = h("ol", { class: "les" });
  const watched = watchOver(lessons);
  const element = h("div", { class: "course", id: "course" }, h("div", {}, title, question, amount, links), lessons);
  const update = () => {
    const { chosen, progress } = home;
    const done = chosen.lessons.filter((one) => isDone(progress, one.id)).length;
    setText(title, read(chosen.name));
    setText(question, read(chosen.question));
    setText(amount, progressOf(chosen, done));
    links.replaceChildren(
      h("a", { href: labHref(chosen) }, say("open-in-lab")),
      ...chosen.beside.map((pair) =>
        h("a", { href: `compare.html#pair=${pair.id}&lang=${language()}` }, read(pair.title)),
      ),
      h("a", { href: "#papers" }, say("home-papers")),
    );
    lessons.replaceChildren(...chosen.lessons.map((lesson, i) => cell(home, lesson, i)));
    if (chosen.questions) lessons.append(quizCell(chosen));
    watched();
    lessons.hidden = !chosen.lessons.length;
  };
  return { element, update };
}

/** The last cell of a course: its quiz. @param {Station} station */
function quizCell({ id, questions }) {
  return h(
    "li",
    { class: "quiz" },
    h("i", { "aria-hidden": "true" }, "?"),
    h("a", { href: `quiz.html#course=${id}&lang=${language()}`, "data-quiz": id }, say("home-quiz")),
    h("span", {}, say("home-quiz-says", { n: questions })),
  );
}

/** @param {Home} home @param {Station["lessons"][number]} lesson @param {number} i */
function cell(home, lesson, i) {
  const done = isDone(home.progress, lesson.id);
  const isNext = lesson.id === home.next && home.chosen === home.at;
  const state = done ? say("home-done") : isNext ? say("home-next") : "";
  return h(
    "li",
    { class: done ? "d" : isNext ? "n" : "" },
    h("i", { "aria-hidden": "true" }, String(i + 1)),
    h(
      "a",
      { href: lessonHref(lesson.id), "data-lesson": lesson.id },
      read(lesson.title),
      state ? h("span", { class: "seen-not" }, `, ${state}`) : null,
    ),
    h("span", {}, read(lesson.summary)),
  );
}
