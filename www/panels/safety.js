// The properties that are checked after every event, as this run promises them: a line each while they hold; the
// evidence of one that is broken, or that is asked for.

import { h, setText } from "../dom.js";
import { say } from "../words.js";
import { later } from "./later.js";
import { section } from "./section.js";

/** @import { Lab } from "../state.js" */

/** @param {Lab} lab */
export function safety(lab) {
  const body = h("div");
  const { element, note } = section("safety", body);
  /** Those whose evidence was asked for. @type {Set<string>} */
  const opened = new Set();
  const fill = later(
    lab,
    () => import("./promises.js"),
    (panel) => {
      const at = document.activeElement?.getAttribute("data-property");
      panel.fill(lab, body, opened, update);
      const again = at && body.querySelector(`[data-property="${CSS.escape(at)}"]`);
      if (again instanceof HTMLElement) again.focus();
    },
  );
  const update = () => {
    const broken = lab.frame.invariants.filter((one) => !one.holds).length;
    setText(note, broken ? say("broken-count", { n: broken }) : say("checked"));
    fill([lab.frame.promises, [...opened]]);
  };
  return { element, word: "safety", update };
}
