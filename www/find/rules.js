// The rail's second tab: the rules of the protocol as switches, and what the finder may do.

import { h, setText } from "../dom.js";
import { slider } from "../slider.js";
import { MAY, allowed, isOutside, searched, switchRule, withinOf } from "./model.js";
import { tell } from "./say.js";

/**
 * @import { Find } from "./model.js"
 * @import { May } from "./finder.js"
 * @typedef {{ element: HTMLElement, update: () => void }} Part
 */

/** The most that a slider of limits sets; its first notch sets none. */
const MOST = { epochs: 8, requests: 6 };

/** @param {Find} find */
export function buildRules(find) {
  const back = h("button", { type: "button", role: "tab", "aria-selected": "false", onclick: find.close });
  const here = h("button", { type: "button", role: "tab", "aria-selected": "true" });
  const tabs = h("div", { class: "rail-tabs", role: "tablist" }, back, here);
  const [list, limits] = [buildSwitches(find), buildLimits(find)];
  const element = h("aside", { class: "find-rail" }, tabs, list.element, limits.element);
  const update = () => {
    const { words } = find.lab;
    setText(back, tell(words, "tools"));
    setText(here, tell(words, "rules"));
    element.setAttribute("aria-label", tell(words, "rules"));
    list.update();
    limits.update();
  };
  return { element, update };
}

/** @param {Find} find @returns {Part} */
function buildSwitches(find) {
  const { lab } = find;
  const title = h("h2", { class: "at-hand" });
  const hint = h("p", { class: "hint" });
  const rules = lab.protocol.mutants.map((one) => {
    const name = h("span");
    const props = { type: "button", role: "switch", "data-rule": one.id, onclick: () => switchRule(find, one.id) };
    return { one, name, button: h("button", props, h("i", { "aria-hidden": "true" }), name) };
  });
  const list = h("div", { class: "rules" }, ...rules.map(({ button }) => button));
  let seen = "";
  const update = () => {
    const { mutants } = searched(find);
    setText(title, tell(lab.words, "rules"));
    setText(hint, tell(lab.words, rules.length ? "rules-hint" : "no-rules"));
    for (const { one, name, button } of rules) {
      const off = mutants.includes(one.id);
      setText(name, lab.words.read(one.rule));
      button.setAttribute("aria-checked", String(!off));
      button.classList.toggle("off", off);
      button.title = lab.words.read(one.says);
    }
    // What is off is in sight, also where the list is long.
    const first = rules.find(({ one }) => mutants.includes(one.id))?.button;
    if (seen !== mutants.join() && first && list.clientHeight) {
      seen = mutants.join();
      const [top, high] = [first.offsetTop - list.offsetTop, first.offsetHeight];
      if (top < list.scrollTop || top + high > list.scrollTop + list.clientHeight)
        list.scrollTop = top - list.clientHeight / 2;
    }
  };
  return { element: h("div", { class: "switches" }, title, list, hint), update };
}

/** @param {Find} find @returns {Part} */
function buildLimits(find) {
  const { lab } = find;
  const title = h("h2");
  const boxes = MAY.map((may) => {
    const change = () => {
      find.allow[may] = box.checked;
      find.update();
    };
    const box = h("input", { type: "checkbox", "data-may": may, onchange: change });
    const name = h("span");
    return { may, box, name, label: h("label", {}, box, name) };
  });
  const sliders = [limitSlider(find, "epochs"), limitSlider(find, "requests")];
  const update = () => {
    setText(title, tell(lab.words, "finder-may"));
    for (const { may, box, name, label } of boxes) dressBox(find, may, box, name, label);
    for (const one of sliders) one.update();
  };
  const may = h("div", { class: "may" }, ...boxes.map(({ label }) => label));
  return { element: h("div", { class: "limits" }, title, may, ...sliders.map((one) => one.element)), update };
}

/**
 * @param {Find} find @param {May} may @param {HTMLInputElement} box @param {HTMLElement} name @param {HTMLElement}
 *   label
 */
function dressBox(find, may, box, name, label) {
  const { words } = find.lab;
  const beyond = isOutside(find, may);
  box.checked = allowed(find, may);
  setText(name, tell(words, `may-${may}`));
  label.classList.toggle("outside", beyond);
  label.title = beyond ? tell(words, "outside") : "";
}

/** @param {Find} find @param {"epochs" | "requests"} limit */
function limitSlider(find, limit) {
  const { lab } = find;
  return slider({
    id: `find-${limit}`,
    label: () => tell(lab.words, `limit-${limit}`, { name: lab.words.read(lab.protocol.epoch.label) }),
    range: () => ({ min: 0, max: MOST[limit], step: 1 }),
    get: () => {
      const value = find.limits[limit] ?? 0;
      const tried = withinOf(find)?.[limit];
      const open = tried === undefined ? tell(lab.words, "limit-open") : tell(lab.words, "limit-tried", { n: tried });
      return { value, shown: value ? String(value) : open };
    },
    set: (value) => {
      if (value) find.limits[limit] = value;
      else delete find.limits[limit];
      find.update();
    },
  });
}
