// What is broken on purpose, and what that breaks: always in sight where a run with a broken rule is shown.

import { h } from "./dom.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Protocol } from "./pkg/synod.js"
 */

/** The rules that a run breaks, out of the catalog. @param {Lab} lab @returns {Protocol["mutants"]} */
export function brokenRules(lab) {
  const { mutants } = lab.sim.config;
  return lab.protocol.mutants.filter((one) => mutants.includes(one.id));
}

/**
 * The rules struck through. Opened, it says what each was for and what breaks without it.
 * @param {Lab} lab
 * @param {string} [place] a class that says where it stands
 */
export function buildBroken(lab, place = "") {
  const words = h("summary");
  const more = h("div", { class: "in" });
  const element = h("details", { class: `broken-rules ${place}`, part: "broken", hidden: true }, words, more);
  let before = "";
  return {
    element,
    update: () => {
      const { read, say, lang } = lab.words;
      const rules = brokenRules(lab);
      const key = `${lang} ${lab.protocol.id} ${rules.map((one) => one.id)}`;
      if (key === before) return;
      before = key;
      element.hidden = rules.length === 0;
      const struck =
        rules.length > 1 ? say("rules-off", { n: rules.length }) : rules.map((one) => read(one.rule)).join();
      words.replaceChildren(h("b", {}, say("broken-on-purpose")), " ", h("s", {}, struck));
      more.replaceChildren(
        ...rules.map((one) => {
          const felled = lab.protocol.invariants.find((invariant) => invariant.id === one.breaks);
          const breaks = felled ? say("breaks", { title: read(felled.title) }) : "";
          return h("p", {}, h("s", {}, read(one.rule)), h("br"), read(one.says), " ", h("b", {}, breaks));
        }),
      );
    },
  };
}
