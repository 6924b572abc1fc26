// The rail: tools to break something with, and the network's sliders.

import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { inject } from "./acts.js";
import { openFinder } from "./find/door.js";
import { slider } from "./slider.js";
import { TOOLS, take } from "./tools.js";
import { worded } from "./transport.js";
import { ms, say } from "./words.js";

/**
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 */

/**
 * The tools as a bar, with what the one that is taken does, and the way to mend what is cut.
 * @param {Lab} lab
 * @param {Deck} deck
 * @param {...HTMLElement} before
 */
export function buildTools(lab, deck, ...before) {
  const buttons = TOOLS.map(([id, key]) => {
    const name = h("span", { "data-word": `tool-${id}` });
    const hint = h("kbd", { "aria-hidden": "true" }, key);
    const props = { class: "tool", type: "button", "data-tool": id, "aria-keyshortcuts": key };
    return h("button", { ...props, onclick: () => take(lab, id) }, icon(id), name, hint);
  });
  const speak = () => lab.words;
  const undo = worded(speak, "undo", "undo", "undo", deck.undo);
  const redo = worded(speak, "redo", "redo", "redo", deck.redo);
  const taken = h("span", { class: "takes-back" }, undo.element, redo.element);
  const hint = h("p", { class: "hint", "aria-live": "polite" });
  const mend = h("button", { class: "btn mend", type: "button", onclick: () => inject(lab, "heal") });
  const bar = h("div", { class: "tools", role: "toolbar" }, ...before, taken, ...buttons);
  const element = h("div", { class: "toolbox" }, bar, hint);
  const update = () => {
    bar.setAttribute("aria-label", say("break"));
    undo.update();
    redo.update();
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === lab.tool));
    const names = lab.frame.nodes.filter((one) => lab.sides.includes(one.id)).map((one) => one.name);
    setText(
      hint,
      names.length ? say("sides", { names: names.join(" ") }) : say(lab.tool ? `hint-${lab.tool}` : "hint"),
    );
    const cut = lab.frame.partition !== null || lab.frame.links.some((link) => link.cut);
    mend.disabled = !cut;
    setText(mend, say(cut ? "mend" : "nothing-to-mend"));
  };
  return { element, mend, update };
}

/** What can be broken: the run by tools, or the protocol by its rules, which are fetched when somebody turns to them. @param {Lab} lab */
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
