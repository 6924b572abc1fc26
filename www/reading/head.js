// The header of a lesson: its course, its steps, and the way to every other lesson.

import { h, setText } from "../dom.js";
import { buildHeader } from "../header.js";
import { buildBroken } from "../broken.js";
import { copyText } from "../share.js";
import { turn } from "../story.js";
import { brand, buildDress, sayWords } from "../top.js";
import { iconButton } from "../transport.js";
import { read, say } from "../words.js";
import { titles } from "./courses.js";
import { isAsked, lessonAddress } from "./told.js";

/**
 * @import { Story } from "../story.js"
 * @import { Listing, Where } from "./courses.js"
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
    const [courses, { openContents }] = await Promise.all([titles(), import("./contents.js")]);
    openContents(story, courses, entry, from, present);
  } catch (error) {
    story.lab.told(error instanceof Error ? error.message : String(error), true);
  }
}
