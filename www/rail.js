// The rail: tools to break something with, and the network's sliders.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { inject } from "./acts.js";
import { openFinder } from "./find/door.js";
import { slider } from "./slider.js";
import { buildTools } from "./toolbox.js";
import { ms, say } from "./words.js";

/**
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 */

/** Undo and redo by their names, where the rail is high enough. @param {Lab} lab @param {Deck} deck */
function buildTakesBack(lab, deck) {
  const button = (/** @type {"undo" | "redo"} */ word, /** @type {string} */ keys) =>
    h(
      "button",
      { class: "btn", type: "button", "data-icon": word, "aria-keyshortcuts": keys, onclick: deck[word] },
      icon(word),
      h("span", { "data-word": `${word}-brief` }),
    );
  const [undo, redo] = [button("undo", "Z Control+Z"), button("redo", "Shift+Z Control+Shift+Z")];
  const update = () => {
    // Pressed all the same, they say that there is nothing.
    undo.setAttribute("aria-disabled", String(!lab.sim.canUndo));
    redo.setAttribute("aria-disabled", String(!lab.sim.canRedo));
    undo.title = `${say("undo")} (Z)`;
    redo.title = `${say("redo")} (Shift Z)`;
  };
  return { element: h("div", { class: "takes-back-named" }, undo, redo), update };
}

/**
 * What can be broken: the run by tools, or the protocol by its rules, which are fetched when somebody turns to them.
 * @param {Lab} lab
 */
function railTabs(lab) {
  const tab = (/** @type {string} */ name, /** @type {boolean} */ on, /** @type {() => void} */ act) =>
    h("button", {
      type: "button",
      role: "tab",
      "aria-selected": String(on),
      "data-tab": name,
      "data-word": name,
      onclick: act,
    });
  const rules = () => openFinder(lab);
  return h(
    "div",
    { class: "rail-tabs", role: "tablist" },
    tab("tools", true, () => {}),
    tab("rules", false, rules),
  );
}

/** @param {Lab} lab @param {Deck} deck */
export function buildRail(lab, deck) {
  const show = (/** @type {boolean} */ open) => {
    rail.classList.toggle("open", open);
    more.setAttribute("aria-expanded", String(open));
  };
  const toggle = () => show(!rail.classList.contains("open"));
  const word = h("span", { "data-word": "more" });
  const more = h(
    "button",
    { class: "tool more", type: "button", "aria-expanded": "false", onclick: toggle },
    icon("more"),
    word,
  );
  const tools = buildTools(lab, deck, more);
  tools.mend.id = "mend";
  const sliders = [lossSlider(lab), latencySlider(lab), jitterSlider(lab)];
  const title = h("div", { class: "rail-title" }, railTabs(lab));
  const shut = h("button", {
    class: "btn quiet let-down",
    type: "button",
    "data-word": "close",
    onclick: () => show(false),
  });
  title.append(shut);
  const network = h("h2", { "data-word": "network" });
  const taken = buildTakesBack(lab, deck);
  const desk = h("div", { hidden: !lab.protocol.desk });
  /** @type {{ element: HTMLElement, update: () => void } | null} */
  let dials = null;
  if (lab.protocol.desk)
    import("./dials.js").then(
      ({ buildDials }) => {
        dials = buildDials(lab);
        desk.replaceChildren(dials.element);
        dials.update();
      },
      () => {},
    );
  const rail = h(
    "aside",
    { class: "rail" },
    title,
    tools.element,
    taken.element,
    desk,
    network,
    ...sliders.map((one) => one.element),
    tools.mend,
  );
  // Whoever has taken a tool wants the stage.
  tools.element.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-tool]")) show(false);
  });
  // On a phone it is a sheet that is drawn up over the page, and is let down by Escape.
  rail.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !rail.classList.contains("open")) return;
    show(false);
    more.focus();
    event.stopPropagation();
  });
  const update = () => {
    tools.update();
    taken.update();
    for (const slider of sliders) slider.update();
    dials?.update();
  };
  return { element: rail, update };
}

/**
 * @param {string} word
 * @param {{ min: number, max: number, step: number }} range
 * @param {() => { value: number, shown: string }} get
 * @param {(value: number) => void} set
 */
const ofNetwork = (word, range, get, set) =>
  slider({ id: `slider-${word}`, label: () => say(word), range: () => range, get, set });

/** In steps of the slider, and finer where what is shown is finer than that. @param {number} value */
const half = (value) => (value < 1 ? Math.round(value * 100) / 100 : Math.round(value * 2) / 2);

/** @param {Lab} lab */
function lossSlider(lab) {
  return ofNetwork(
    "loss",
    { min: 0, max: 60, step: 1 },
    () => ({
      value: Math.round(lab.frame.network.loss * 100),
      shown: `${Math.round(lab.frame.network.loss * 1000) / 10} %`,
    }),
    (percent) => inject(lab, `loss ${percent}%`),
  );
}

/** The middle of the range of latencies. @param {Lab} lab */
function latencySlider(lab) {
  const get = () => lab.frame.network.latency;
  return ofNetwork(
    "latency",
    { min: 0, max: 100, step: 0.5 },
    () => ({ value: (get()[0] + get()[1]) / 2, shown: say("ms", { n: ms(half((get()[0] + get()[1]) / 2)) }) }),
    (middle) => setLatency(lab, middle, (get()[1] - get()[0]) / 2),
  );
}

/** Half the width of the range. @param {Lab} lab */
function jitterSlider(lab) {
  const get = () => lab.frame.network.latency;
  return ofNetwork(
    "jitter",
    { min: 0, max: 50, step: 0.5 },
    () => ({ value: (get()[1] - get()[0]) / 2, shown: `± ${say("ms", { n: ms(half((get()[1] - get()[0]) / 2)) })}` }),
    (jitter) => setLatency(lab, (get()[0] + get()[1]) / 2, jitter),
  );
}

/** @param {Lab} lab @param {number} middle @param {number} jitter */
function setLatency(lab, middle, jitter) {
  const [min, max] = [Math.max(0, middle - jitter), middle + jitter];
  inject(lab, { kind: "latency", min: Math.round(min * 1000) / 1000, max: Math.round(max * 1000) / 1000 });
}
