// The properties that are checked after every event: a line each while they hold; the evidence of one that is broken,
// or that is asked for.

import { seek } from "../acts.js";
import { h, inked, setText } from "../dom.js";
import { icon } from "../icons.js";
import { moreOf } from "../more.js";
import { later } from "./later.js";
import { ms, read, say } from "../words.js";
import { named } from "./events.js";
import { section } from "./section.js";

/** @import { Lab } from "../state.js" */

/** @param {Lab} lab */
export function safety(lab) {
  const body = h("div");
  const { element, note } = section("safety", body);
  const rows = lab.protocol.invariants.map((_, at) => line(lab, at));
  const promised = promisedIn(lab, body);
  body.append(...rows.map((row) => row.element));
  return {
    element,
    word: "safety",
    update: () => {
      if (promised()) return setText(note, say("checked"));
      const broken = lab.frame.invariants.filter((one) => !one.holds).length;
      setText(note, broken ? say("broken-count", { n: broken }) : say("checked"));
      rows.forEach((row) => row.update());
    },
  };
}

/**
 * Where the frame says what is promised, that is told instead; says whether it is.
 * @param {Lab} lab @param {HTMLElement} body
 */
function promisedIn(lab, body) {
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
    const { promises } = moreOf(lab.frame);
    return Boolean(promises) && fill([promises, [...opened]]);
  };
  return update;
}

/** @param {Lab} lab @param {number} at */
function line(lab, at) {
  const mark = h("span");
  const title = h("button", { type: "button", onclick: () => (element.open = !element.open) });
  const says = h("small");
  const when = h("button", { type: "button", class: "when", hidden: true });
  const element = Object.assign(h("div", { class: "inv" }, mark, h("div", {}, title, says, when)), { open: false });
  let before = "";
  return {
    element,
    update: () => {
      const one = lab.frame.invariants[at];
      const open = !one.holds || element.open;
      const evidence = read(one.says);
      const key = JSON.stringify([one.holds, open, evidence, one.time, title.textContent]);
      if (key === before) return;
      before = key;
      element.classList.toggle("broken", !one.holds);
      mark.replaceChildren(icon(one.holds ? "tick" : "broken"));
      setText(title, read(lab.protocol.invariants[at].title));
      title.setAttribute("aria-expanded", String(open));
      title.title = read(lab.protocol.invariants[at].says);
      says.hidden = !open;
      if (open) says.replaceChildren(...inked(evidence, named(lab), true));
      const { time } = one;
      when.hidden = time === null;
      if (time === null) return;
      setText(when, say("broken-at", { n: ms(time) }));
      when.onclick = () => seek(lab, time);
    },
  };
}
