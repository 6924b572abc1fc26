// What home says of the quizzes: what is due again, and what is kept, with a way to forget it. It says so once, and
// asks for nothing.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { read as readProgress } from "../progress.js";
import { language } from "../words.js";
import { index } from "./asked.js";
import { due, forget, readAll } from "./kept.js";
import { say } from "./say.js";

/** @import { Index } from "./asked.js" */

/** @param {Index} index */
const everyQuestion = ({ courses }) =>
  Object.entries(courses).flatMap(([id, { questions }]) => questions.map((one) => `${id}/${one}`));

/**
 * @param {() => void} forgotten what is to be done when nothing is kept any more
 * @returns what is kept, and links to what is due, for a wide page and for a narrow one
 */
export async function buildKept(forgotten) {
  const asked = readAll().size > 0 ? everyQuestion(await index()) : [];
  const words = h("span");
  const links = ["wide", "narrow"].map((width) => h("a", { class: `due ${width}`, "data-due": width }));
  const clear = h("button", { type: "button", id: "forget" });
  const element = h("div", { class: "kept" }, words, clear);
  let sure = false;
  const update = () => {
    const known = readAll();
    const [n, done] = [due(asked).length, Object.values(readProgress().done).flat().length];
    const answered = asked.filter((id) => known.has(id)).length;
    element.hidden = !done && !answered;
    for (const link of links) {
      link.hidden = n === 0;
      link.replaceChildren(say("due", { n }), icon("next"));
      link.href = `quiz.html#due&lang=${language()}`;
    }
    setText(words, say("is-kept", { done, asked: answered }));
    setText(clear, say(sure ? "forget-sure" : "forget"));
  };
  /** The first press asks. @param {boolean} is */
  const ask = (is) => {
    sure = is;
    update();
  };
  clear.addEventListener("click", () => {
    if (!sure) return ask(true);
    forget();
    forgotten();
    ask(false);
  });
  // Whoever goes elsewhere did not mean it.
  clear.addEventListener("blur", () => ask(false));
  update();
  return { element, links, update };
}
