// The side: futures, safety with its evidence, totals, attempts, logs, the chosen node, events and why.

import { h, setText } from "../dom.js";
import { moreOf } from "../more.js";
import { changed } from "../state.js";
import { say } from "../words.js";
import { events, futures } from "./events.js";
import { later } from "./later.js";
import { inspector, table, totals } from "./facts.js";
import { logs } from "./logs.js";
import { safety } from "./safety.js";

/** @import { Lab } from "../state.js" */

/** What commands cost, and what the last waited for, where a frame says so. @param {Lab} lab */
function costs(lab) {
  const body = h("div", { class: "costs" });
  const element = h("section", { "data-panel": "costs", hidden: true }, body);
  const fill = later(
    lab,
    () => import("./costs.js"),
    (panel) => panel.fill(lab, body),
  );
  const update = () => {
    const { costs, lastCommit } = moreOf(lab.frame);
    element.hidden = !costs?.length && !lastCommit;
    if (!element.hidden) fill([costs, lastCommit]);
  };
  return { element, word: "costs", update };
}

/** Which states were seen together, where machines have states; asked for by opening it. @param {Lab} lab */
function together(lab) {
  const body = h("div", { class: "together" });
  const title = h("summary", { "data-word": "together" });
  const details = h("details", { ontoggle: () => update() }, title, body);
  const element = h("section", { "data-panel": "together", hidden: true }, details);
  /** @type {import("./together.js").Others | null} */
  let others = null;
  /** The run that was asked whether its machines have states. @type {Lab["sim"] | null} */
  let asked = null;
  const fill = later(
    lab,
    () => import("./together.js"),
    (panel) => {
      others ??= panel.noOthers();
      panel.fill(lab, body, others);
    },
  );
  const update = () => {
    if (asked !== lab.sim) [asked, others, element.hidden] = [lab.sim, null, lab.sim.together() === null];
    if (element.hidden) return;
    if (details.open) fill([lab.sim.together(), others && [others.runs, others.going, others.failed]]);
  };
  return { element, word: "together", update };
}

/** Charts of many trials, where the protocol has some; they begin when one is opened. @param {Lab} lab */
function odds(lab) {
  const body = h("div");
  const element = h("section", { "data-panel": "odds", hidden: !lab.protocol.odds.length }, body);
  const details = lab.protocol.odds.map(({ title, id }) => {
    const head = h("summary");
    const chart = h("div", { class: "odds" });
    const one = h("details", { "data-odds": id, ontoggle: () => update() }, head, chart);
    body.append(one);
    const fill = later(
      lab,
      () => import("./odds.js"),
      (panel) => panel.fill(lab, chart, id),
    );
    return { one, head, title, fill };
  });
  const update = () => {
    for (const { one, head, title, fill } of details) {
      setText(head, lab.words.read(title));
      const { nodes, options } = lab.sim.config;
      if (one.open) fill([nodes, options, lab.frame.network.latency, lab.frame.places]);
    }
  };
  return { element, word: "odds", update };
}

/** What options cost, where a protocol says how to measure it; measured by opening it. @param {Lab} lab */
function sweeps(lab) {
  const body = h("div", { class: "sweeps" });
  const title = h("summary", { "data-word": "sweeps" });
  const details = h("details", { ontoggle: () => update() }, title, body);
  const element = h("section", { "data-panel": "sweeps", hidden: true }, details);
  /** @type {import("./sweeps.js").Measured | null} */
  let found = null;
  const fill = later(
    lab,
    () => import("./sweeps.js"),
    (panel) => {
      if (found?.protocol !== lab.protocol) found = panel.nothing(lab.protocol);
      panel.fill(lab, body, found);
    },
  );
  const update = () => {
    element.hidden = !lab.protocol.sweeps.length;
    if (!element.hidden && details.open)
      fill([lab.protocol.id, lab.sim.config, found && [found.points.size, found.going, found.failed]]);
  };
  return { element, word: "sweeps", update };
}

/** What clients were told, judged by levels, where they read and write; asked for by opening it. @param {Lab} lab */
function history(lab) {
  const body = h("div", { class: "together" });
  const title = h("summary", { "data-word": "history" });
  const details = h("details", { ontoggle: () => update() }, title, body);
  const element = h("section", { "data-panel": "history", hidden: true }, details);
  /**
   * The run that was asked what its clients are promised; where that is nothing, whether they were told anything.
   * @type {Lab["sim"] | null}
   */
  let asked = null;
  const fill = later(
    lab,
    () => import("./history.js"),
    (panel) => panel.fill(lab, body),
  );
  const update = () => {
    if (asked !== lab.sim) [asked, element.hidden] = [lab.sim, !lab.sim.levels().length];
    if (element.hidden) element.hidden = !lab.sim.history().length;
    if (!element.hidden && details.open) fill([lab.sim.seq, lab.sim.now === lab.sim.end]);
  };
  return { element, word: "history", update };
}

/**
 * Whether something in it is pressed: what is built anew between the press and its end would lose it, since its button
 * would be gone. What was left out is shown after it.
 * @param {Lab} lab @param {HTMLElement} element
 */
function pressedIn(lab, element) {
  let pressed = false;
  const end = () => {
    pressed = false;
    changed(lab);
  };
  // A click comes after the end of its press; a press that becomes a scroll is cancelled, and one elsewhere has no
  // click.
  const ended = () => setTimeout(end);
  element.addEventListener("pointerdown", () => {
    pressed = true;
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, ended, { once: true });
  });
  element.addEventListener("click", () => (pressed = false), { capture: true });
  return () => pressed;
}

/** @param {Lab} lab */
export function buildSide(lab) {
  /** @type {{ element: HTMLElement, word: string, title?: () => string | null, update: () => void }[]} */
  const parts = [
    futures(lab),
    safety(lab),
    totals(lab),
    table(lab),
    costs(lab),
    together(lab),
    history(lab),
    odds(lab),
    sweeps(lab),
    logs(lab),
    inspector(lab),
    events(lab),
  ];
  // Where there is one future there is nothing to be said of others.
  let shown = 1;
  const tabs = parts.map(({ word }, at) =>
    h("button", {
      role: "tab",
      type: "button",
      "data-tab": word,
      onclick: () => {
        shown = at;
        update();
      },
    }),
  );
  const bar = h("div", { class: "tabs seg", role: "tablist" }, ...tabs);
  const element = h("aside", { class: "side" }, bar, ...parts.map((part) => part.element));
  const pressed = pressedIn(lab, element);
  const update = () => {
    if (pressed()) return;
    parts.forEach((part, at) => {
      part.update();
      part.element.classList.toggle("shown", at === shown);
      tabs[at].setAttribute("aria-selected", String(at === shown));
      tabs[at].hidden = part.element.hidden;
      setText(tabs[at], part.title?.() || say(part.word));
    });
  };
  return { element, update };
}
