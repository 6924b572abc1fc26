// The header of a lesson: its course, its steps, and every other lesson.

import { h, setText } from "../dom.js";
import { openDialog } from "../dialog.js";
import { buildHeader } from "../header.js";
import { buildBroken } from "../broken.js";
import { copyText } from "../share.js";
import { turn } from "../story.js";
import { brand, buildDress, sayWords } from "../top.js";
import { iconButton } from "../transport.js";
import { language, read, say } from "../words.js";
import { titles } from "./courses.js";
import { isAsked, lessonAddress } from "./told.js";

/**
 * @import { Story } from "../story.js"
 * @import { Course, Listing, Where } from "./courses.js"
 */

/**
 * @param {Story} story @param {Where} where
 * @param {{ redress: () => void, link: () => string, present: () => void }} ways
 */
export function buildHead(story, where, { redress, link, present }) {
  const { plan, lab } = story;
  const crumb = h("span", { class: "crumb" });
  const phone = h("span", { class: "phone" });
  const steps = buildSteps(story);
  const contents = iconButton("more", "contents", () => listContents(story, where, contents, present));
  contents.setAttribute("aria-haspopup", "dialog");
  const share = iconButton("link", "copy-link", () => copyText(link(), lab.told));
  const dressed = buildDress(redress);
  const broken = buildBroken(lab, "in-header");
  const header = buildHeader([
    brand(),
    crumb,
    phone,
    steps.element,
    broken.element,
    [dressed.tongue, 2],
    [share, 3],
    [dressed.theme, 1],
    contents,
  ]);
  const update = () => {
    for (const part of [dressed, steps, broken]) part.update();
    sayWords();
    setText(crumb, read(where.title));
    setText(phone, read(plan.title));
    for (const [button, word] of /** @type {const} */ ([
      [contents, "contents"],
      [share, "copy-link"],
    ])) {
      button.setAttribute("aria-label", say(word));
      button.title = say(word);
    }
    document.title = `${read(plan.title)} · Synod`;
    header.update();
  };
  return { element: header.element, update };
}

/**
 * The names of the steps; those to come are numbers only while they would answer an open question.
 * @param {Story} story
 */
function buildSteps(story) {
  const { plan } = story;
  const links = plan.steps.map((step, n) => {
    const go = (/** @type {MouseEvent} */ event) => {
      event.preventDefault();
      turn(story, n, true);
    };
    return h("a", { href: lessonAddress(plan.id, step.id), onclick: go }, h("span", {}));
  });
  const element = h("nav", { class: "steps" }, ...links);
  let before = "";
  const update = () => {
    element.setAttribute("aria-label", say("steps"));
    const asked = isAsked(story);
    plan.steps.forEach((step, n) => {
      const [link, name] = [links[n], `${n + 1} ${read(step.name)}`];
      const hidden = asked && n > story.step;
      setText(link.children[0], hidden ? String(n + 1) : name);
      link.title = hidden ? "" : name;
      link.className = n < story.step ? "done" : n === story.step ? "here" : "";
      if (n === story.step) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    const key = `${story.step} ${element.clientWidth} ${asked}`;
    if (key === before) return;
    before = key;
    const here = links[story.step];
    element.scrollLeft = here.offsetLeft - element.clientWidth / 2 + here.clientWidth / 2;
    element.classList.toggle("before", element.scrollLeft > 4);
    element.classList.toggle("after", element.scrollWidth - element.scrollLeft - element.clientWidth > 4);
  };
  return { element, update };
}

/** @param {Story} story @param {Where} where @param {HTMLElement} from @param {() => void} present */
async function listContents(story, { entry }, from, present) {
  try {
    openContents(story, await titles(), entry, from, present);
  } catch (error) {
    story.lab.told(error instanceof Error ? error.message : String(error), true);
  }
}

/**
 * Every course, lesson and step, with a link to each, and what else can be done with the lesson.
 * @param {Story} story
 * @param {Course[]} courses
 * @param {Listing} entry
 * @param {HTMLElement} from
 * @param {() => void} present
 */
function openContents(story, courses, entry, from, present) {
  const named = story.plan.steps.filter((_, n) => !isAsked(story) || n <= story.step);
  const step = (/** @type {typeof named[number]} */ one) =>
    h("li", {}, h("a", { href: lessonAddress(entry.id, one.id), onclick: () => dialog.close() }, read(one.name)));
  const show = () => {
    dialog.close();
    present();
  };
  const deck = h("button", { type: "button", class: "btn", id: "present", onclick: show }, say("present"));
  const terms = h("a", { href: `terms.html#lang=${language()}` }, say("terms"));
  const more = () => [h("div", { class: "ways-on" }, deck, terms), h("ol", {}, ...named.map(step))];
  const lesson = (/** @type {Listing} */ one) => {
    const here = one.id === entry.id;
    const link = h("a", { href: lessonAddress(one.id), "aria-current": here ? "page" : null }, read(one.title));
    return h("li", {}, link, ...(here ? more() : []));
  };
  const section = (/** @type {Course} */ one) =>
    h("section", {}, h("h3", {}, read(one.title)), h("ol", {}, ...one.lessons.map(lesson)));
  const dialog = openDialog({ title: say("contents"), name: "contents", from }, ...courses.map(section));
  dialog.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}
