// All courses and their lessons by their titles: fetched when a first picture is there, or when they are asked for.

import { fetched } from "../shell.js";

/**
 * @typedef {{ en: string, zh: string }} Title
 * @typedef {{ id: string, protocol: string, title: Title }} Listing
 * @typedef {{ id: string, title: Title, lessons: Listing[] }} Course
 * @typedef {{ entry: Listing, title: Title, courses: Course[] | null }} Where a lesson among all, its course's title,
 *   and the courses once they are there
 */

/** @type {Promise<Course[]> | null} */
let asked = null;

/** Asked for once, and again where that failed. @returns {Promise<Course[]>} */
export function titles() {
  asked ??= fetched("lessons/titles.json").catch((/** @type {unknown} */ error) => {
    asked = null;
    throw error;
  });
  return /** @type {Promise<Course[]>} */ (asked);
}

/** What the page was given of the courses: their titles. @param {string} lesson by its id @returns {Title} */
export function courseOf(lesson) {
  const [id] = lesson.split("/");
  const content = document.querySelector('meta[name="courses"]')?.getAttribute("content");
  return (content ? JSON.parse(content) : {})[id] ?? { en: id, zh: id };
}

/** The lesson after this one. @param {Course[]} courses @param {Listing} entry */
export function following(courses, entry) {
  const every = courses.flatMap((course) => course.lessons);
  return every[every.findIndex((one) => one.id === entry.id) + 1] ?? null;
}

/** Whether it is known that none follows. @param {Where} where */
export const isLast = ({ courses, entry }) => courses !== null && !following(courses, entry);
