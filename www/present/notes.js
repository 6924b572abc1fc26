// What a speaker is told of a step: what stands on the screen, what to ask, and what to expect. All of it is the
// lesson's own: the question, its right answer as the run has it, why the others are wrong, the task and its hint.

import { plain } from "../caption.js";
import { read } from "../words.js";
import { tell } from "./say.js";

/**
 * @import { Story } from "../story.js"
 * @typedef {{ head: string, lines: string[] }} Part
 * @typedef {{ title: string, place: string, parts: Part[] }} Notes
 */

/** @param {{ en: string, zh: string } | null | undefined} says */
const text = (says) => (says ? [plain(read(says))] : []);

/**
 * @param {Story} story @param {number | null} right the answer that the run gives, where it is known @returns {Notes}
 */
export function notesOf({ plan, step, mark }, right) {
  const one = plan.steps[step];
  const next = plan.steps[step + 1];
  const parts = [
    { head: tell("on-screen"), lines: text(mark.say) },
    { head: tell("then-see"), lines: text(mark.then) },
    { head: tell("say-more"), lines: text(mark.more) },
    { head: tell("ask"), lines: text(one.ask?.says) },
    { head: tell("expect"), lines: one.ask ? answersOf(one.ask, right) : [] },
    { head: tell("task"), lines: one.task ? [...text(one.task.says), ...hintOf(one.task)] : [] },
    { head: tell("try"), lines: text(one.tryIt) },
    { head: tell("next"), lines: next ? text(next.name) : [tell("end")] },
  ];
  return {
    title: `${read(plan.title)}: ${read(one.name)}`,
    place: tell("place", { n: step + 1, of: plan.steps.length }),
    parts: parts.filter(({ lines }) => lines.length),
  };
}

/** @param {{ hint: { en: string, zh: string } | null }} task */
const hintOf = ({ hint }) => text(hint).map((said) => tell("hint", { text: said }));

/**
 * Every answer with what is to be said of it, the right one first.
 * @param {NonNullable<import("../pkg/synod.js").LessonPlan["steps"][number]["ask"]>} ask @param {number | null} right
 */
function answersOf({ answers }, right) {
  if (right === null) return [tell("later")];
  const said = answers.map((one, n) => {
    const fill = { text: text(one)[0], why: text(one.why)[0] ?? "" };
    return tell(n === right ? "right" : fill.why ? "wrong-why" : "wrong", fill);
  });
  return [said[right], ...said.filter((_, n) => n !== right)];
}
