// Two futures of one run that are set side by side are called by what is done in each.

import { h, setText } from "../dom.js";
import { namesOf } from "./names.js";
import { tell } from "./say.js";

/** @import { Lab } from "../state.js" */

/** @param {Lab[]} labs @param {HTMLElement[]} titles of the sides */
export function callPair(labs, titles) {
  const called = titles.map((title) => {
    const name = h("em", { class: "called" });
    title.firstElementChild?.after(" ", name);
    return name;
  });
  const config = (/** @type {Lab} */ lab) => JSON.stringify(lab.sim.config);
  return {
    update: () => {
      const [one, other] = labs.map((lab, id) => ({ id, inputs: lab.sim.done(), end: lab.sim.end }));
      const futures = config(labs[0]) === config(labs[1]);
      const names = futures ? namesOf(labs[0].words, labs[0].protocol, one, [other]) : new Map();
      called.forEach((name, id) =>
        setText(name, futures ? tell(labs[0].words, "quoted", { name: names.get(id) ?? "" }) : ""),
      );
    },
  };
}
