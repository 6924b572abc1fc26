// What goes through time: play, events, undo, the clock and the slider, the same on every page.

import { h, setText } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { running } from "./moment.js";
import { RATES } from "./state.js";

/**
 * @import { Deck } from "./deck.js"
 * @import { Words } from "./words.js"
 * @typedef {() => Words} Speak
 * @typedef {{ element: HTMLElement, update: () => void }} Part
 */

/** @param {string} name @param {string | null} id @param {() => void} act @param {string} [classes] */
export const iconButton = (name, id, act, classes = "ib") =>
  h("button", { class: classes, type: "button", part: "button", id, "data-icon": name, onclick: act }, icon(name));

/**
 * A button that is known by its picture.
 * @param {Speak} speak @param {string} picture @param {string | null} id @param {string} word @param {() => void} act
 * @returns {Part & { element: HTMLButtonElement }}
 */
export function worded(speak, picture, id, word, act) {
  const element = iconButton(picture, id, act);
  return {
    element,
    update: () => {
      element.setAttribute("aria-label", speak().say(word));
      element.title = speak().say(word);
    },
  };
}

/** @param {Speak} speak @param {Deck} deck @param {string | null} id @param {string} [classes] */
export function playButton(speak, deck, id, classes = "ib") {
  const element = iconButton("play", id, deck.toggle, classes);
  return {
    element,
    update: () => {
      const word = deck.playing() ? "pause" : "play";
      setIcon(element, word);
      element.setAttribute("aria-label", speak().say(word));
      element.title = speak().say(word);
    },
  };
}

/**
 * How fast time passes: one of a few rates.
 * @param {Speak} speak
 * @param {() => number} get
 * @param {(rate: number) => void} set
 */
export function rateChoice(speak, get, set) {
  const buttons = RATES.map(([rate, word]) =>
    h("button", { type: "button", onclick: () => set(Number(rate)) }, String(word)),
  );
  const element = h("div", { class: "seg", role: "group" }, ...buttons);
  return {
    element,
    update: () => {
      element.setAttribute("aria-label", speak().say("speed"));
      buttons.forEach((button, at) => {
        const [rate, word] = RATES[at];
        button.setAttribute("aria-pressed", String(rate === get()));
        setText(button, word === "real-time" ? speak().say(word) : String(word));
      });
    },
  };
}

/** @param {Speak} speak @param {Deck} deck @param {{ id?: string, class?: string, part?: string }} [props] */
export function timeSlider(speak, deck, props = {}) {
  const element = h("input", {
    type: "range",
    min: 0,
    step: "any",
    ...props,
    oninput: () => deck.seek(Number(element.value)),
  });
  return {
    element,
    update: () => {
      const { say } = speak();
      element.max = String(Math.max(deck.end(), 1));
      element.value = String(deck.now());
      element.style.setProperty("--at", `${(100 * deck.now()) / Math.max(deck.end(), 1)}%`);
      element.setAttribute("aria-label", say("time"));
      element.setAttribute("aria-valuetext", running(deck.labs[0].protocol, { say }, deck.now()));
    },
  };
}

/** How far a long way through time is, with a way to stop. @param {Speak} speak @param {Deck} deck @returns {Part} */
export function buildGoing(speak, deck) {
  const bar = h("progress", { max: 1 });
  const words = h("span");
  const stop = h("button", { class: "btn", type: "button", onclick: deck.stop });
  const element = h("div", { class: "going", role: "status", hidden: true }, words, bar, stop);
  return {
    element,
    update: () => {
      const lab = deck.labs.find((one) => one.going);
      element.hidden = !lab?.going;
      if (!lab?.going) return;
      const { from, to } = lab.going;
      const { say, count } = speak();
      bar.value = Math.max(0, Math.min(1, (lab.sim.now - from) / Math.max(to - from, 0.001)));
      setText(words, say("on-the-way", { now: count(Math.floor(lab.sim.now)), to: count(Math.floor(to)) }));
      bar.setAttribute("aria-label", words.textContent ?? "");
      setText(stop, say("stop"));
    },
  };
}
