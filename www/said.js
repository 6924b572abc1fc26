// What pages say of a lesson or a challenge, apart from what a module reads of it.

/**
 * @typedef {{ en: string, zh: string }} Both
 * @typedef {{ watch: Both, saw: Both }} Said what to watch for before it is played, and what was to be seen at its end
 */

/** A lesson's file for a module. @param {any} file */
export const lessonFor = ({ watch, saw, ...lesson }) => lesson;

/** The same of a challenge, whose plan says what to watch for too. @param {any} file */
export const challengeFor = ({ saw, ...challenge }) => challenge;
