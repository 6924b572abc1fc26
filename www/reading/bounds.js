// What a task allows, and what it took: words that are fetched with the first task.

import { tell } from "../challenge/say.js";

/**
 * @import { Story } from "../story.js"
 * @typedef {NonNullable<Story["plan"]["steps"][number]["task"]>} Task
 */

/** @param {Story} story @param {Task} task */
export function sayBounds(story, { allow, most, within }) {
  const { words } = story.lab;
  if (story.verdict === "done") {
    const [acts, ms] = [actsOf(story), story.lab.sim.now - story.mark.until];
    return tell(words, "task-took", { n: acts, most, time: seconds(ms), within: seconds(within) });
  }
  const verbs = allow.map((verb) => tell(words, `verb-${verb}`)).join(tell(words, "comma"));
  return tell(words, "task-may", { verbs, n: most, time: seconds(within) });
}

/** The reader's own inputs: the copy begins with those of the story up to here. @param {Story} story */
const actsOf = ({ lab, run, mark }) =>
  lab.sim.done().length - run.done().filter(({ time }) => time <= mark.until).length;

/** @param {number} ms */
const seconds = (ms) => (ms / 1000).toFixed(1).replace(/\.0$/, "");
