// A question with its options, and what is said of the one that was chosen.

import { h } from "../dom.js";
import { read } from "../words.js";
import { mixed } from "./order.js";
import { say } from "./say.js";

/**
 * @import { Question } from "./asked.js"
 * @typedef {{ chosen: number, right: number }} Answered places as the question has them
 */

/**
 * Options stand in an order of the day, and say nothing of which is right.
 * @param {Question} question @param {string} word
 */
export const orderOf = ({ id, ask }, word) => mixed([...ask.answers.keys()], `${word} ${id}`, String);

/**
 * @param {Question} question @param {number[]} order the options' places, as they are shown
 * @param {{ answered: Answered | null, waiting: boolean, wrong: string | null }} state
 * @param {(place: number) => void} choose
 */
export function card(question, order, { answered, waiting, wrong }, choose) {
  const { says, answers } = question.ask;
  const option = (/** @type {number} */ place, /** @type {number} */ n) => {
    const state = !answered ? "" : place === answered.right ? "right" : place === answered.chosen ? "wrong" : "";
    const mark = { right: "✓", wrong: "✕", "": answered ? "" : String(n + 1) }[state];
    const props = {
      type: "button",
      class: `answer ${state}`,
      "data-answer": place,
      "aria-pressed": answered ? String(answered.chosen === place) : null,
      disabled: Boolean(answered) || waiting,
      onclick: () => choose(place),
    };
    return h("button", props, h("i", { "aria-hidden": state ? null : "true" }, mark), read(answers[place].says));
  };
  const said = h("p", { class: "verdict", role: "status" }, verdict(question, answered, waiting, wrong));
  const props = { class: "ask asked", role: "group", "aria-label": read(says), "aria-busy": String(waiting) };
  return h("div", props, h("p", { class: "question" }, read(says)), ...order.map(option), said);
}

/**
 * @param {Question} question @param {Answered | null} answered @param {boolean} waiting @param {string | null} wrong
 */
function verdict({ ask }, answered, waiting, wrong) {
  if (wrong) return say("went-wrong", { why: wrong });
  if (waiting) return say("working");
  if (!answered) return "";
  const { why } = ask.answers[answered.chosen];
  if (answered.chosen === answered.right) return say("right");
  return say("wrong", { why: why ? read(why) : "" });
}

/** The option that a key chooses, by its place. @param {KeyboardEvent} event @param {number[]} order */
export function byKey(event, order) {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return undefined;
  return order[Number(event.key) - 1];
}

/** The first of those that a selector names has the focus. @param {ParentNode} root @param {string} selector */
export function focusOn(root, selector) {
  const first = root.querySelector(selector);
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
}
