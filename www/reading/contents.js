// Every lesson, in a sheet over the one that is read, fetched when it is asked for.

import { openDialog } from "../dialog.js";
import { h } from "../dom.js";
import { language, read, say } from "../words.js";
import { isAsked, lessonAddress } from "./told.js";

/**
 * @import { Story } from "../story.js"
 * @import { Course, Listing } from "./courses.js"
 */

/**
 * Every course, lesson and step, with a link to each, and what else can be done with the lesson.
 * @param {Story} story
 * @param {Course[]} courses
 * @param {Listing} entry
 * @param {HTMLElement} from
 * @param {() => void} present
 */
export function openContents(story, courses, entry, from, present) {
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
