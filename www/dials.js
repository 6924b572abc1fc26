// Sizes and options of a run on the desk, where a protocol says which: the run begins again with another number, from
// the same seed and with the same inputs, and stands at the same moment. Fetched with the first protocol that has some.

import { seek, setPlaying } from "./acts.js";
import { h, setText } from "./dom.js";
import { slider } from "./slider.js";
import { open, replace, why } from "./state.js";

/**
 * @import { Config, FullConfig, Nodes, OptionValue, Placed, Protocol, Simulation } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ id: string, atMost: string | null, short: { en: string, zh: string }[] }} Control
 * @typedef {Record<string, OptionValue>} Chosen controls by their ids
 * @typedef {{ element: HTMLElement, update: () => void }} Dial
 * @typedef {{ get: () => Chosen, preview: (id: string, value: OptionValue) => void,
 *   set: (id: string, value: OptionValue) => void }} Hand
 * @typedef {{ sim: Simulation, inputs: Placed[], length: number }} Kept the inputs that a run was to have, of which
 *   some may have had no place in it
 */

/** What stands at each control. @param {Lab["protocol"]} protocol @param {FullConfig} config @returns {Chosen} */
function chosenOf({ desk, nodes }, config) {
  const sizes = typeof config.nodes === "number" ? {} : config.nodes;
  return Object.fromEntries(
    (desk?.controls ?? []).flatMap(({ id }) => {
      const group = nodes.groups.some((one) => one.id === id);
      const value = group ? sizes[id] : config.options[id];
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

/**
 * The same with one of them set, and what is at most as great brought down.
 * @param {Protocol} protocol @param {Chosen} chosen
 */
function settled({ desk }, chosen) {
  const next = { ...chosen };
  for (const { id, atMost } of desk?.controls ?? [])
    if (atMost && Number(next[id]) > Number(next[atMost])) next[id] = next[atMost];
  return next;
}

/** @param {Lab} lab @param {Chosen} chosen @returns {Config} */
function configOf({ sim: { config }, protocol }, chosen) {
  const groups = new Set(protocol.nodes.groups.map((one) => one.id));
  const part = (/** @type {boolean} */ sizes) =>
    Object.fromEntries(Object.entries(chosen).filter(([id]) => groups.has(id) === sizes));
  /** @type {Nodes} */
  const nodes =
    typeof config.nodes === "number" ? config.nodes : { ...config.nodes, .../** @type {{}} */ (part(true)) };
  return { ...config, nodes, options: { ...config.options, ...part(false) } };
}

/** @param {Simulation} sim @param {Placed[]} inputs how many were refused @returns {number} */
function replay(sim, inputs) {
  let left = 0;
  for (const input of inputs) {
    sim.advance(Math.max(0, input.time - sim.now));
    try {
      sim.inject(input.text);
    } catch {
      left += 1;
    }
  }
  return left;
}

/** @param {Lab} lab @param {Chosen} chosen @param {Kept | null} kept @returns {Kept | null} */
function again(lab, chosen, kept) {
  const { sim, playing } = lab;
  const known = kept?.sim === sim && sim.done().length === kept.length ? kept.inputs : null;
  const [inputs, now] = [known ?? sim.done(), sim.now];
  try {
    const fresh = open(configOf(lab, chosen));
    const left = replay(fresh, inputs);
    const length = fresh.done().length;
    fresh.seek(0);
    replace(lab, fresh);
    seek(lab, now);
    setPlaying(lab, playing);
    lab.told(lab.words.say(left ? "dial-left" : "dial-again", { n: left }));
    return { sim: fresh, inputs, length };
  } catch (error) {
    lab.told(why(lab.words, error), true);
    return null;
  }
}

/** Whether sets that must meet do, by what is chosen. @param {Lab} lab @param {Chosen} chosen */
function checksOf(lab, chosen) {
  try {
    const sim = open(configOf(lab, chosen));
    const { quorum } = sim.frame(0);
    sim.free();
    return quorum?.checks ?? [];
  } catch {
    return [];
  }
}

/** @param {Lab} lab */
export function buildDials(lab) {
  const { protocol } = lab;
  const title = h("h2");
  const checks = h("div", { class: "checks", "aria-live": "polite" });
  /** @type {Kept | null} */
  let kept = null;
  const say = (/** @type {{ holds: boolean, says: { en: string, zh: string } }[]} */ list) => {
    const lines = list.map(({ holds, says }) => h("p", { "data-holds": String(holds) }, lab.words.read(says)));
    checks.replaceChildren(...lines);
  };
  /** @type {Hand} */
  const hand = {
    get: () => chosenOf(protocol, lab.sim.config),
    preview: (id, value) => say(checksOf(lab, settled(protocol, { ...hand.get(), [id]: value }))),
    set: (id, value) => {
      kept = again(lab, settled(protocol, { ...hand.get(), [id]: value }), kept);
    },
  };
  const dials = (protocol.desk?.controls ?? []).flatMap((control) => dialOf(lab, control, hand) ?? []);
  // What is checked is said below the sliders that it is of.
  const numbers = dials.filter((one) => one.element.classList.contains("slider"));
  const others = dials.filter((one) => !numbers.includes(one));
  const parts = [...numbers, ...others].map((one) => one.element);
  const element = h("section", { class: "dials" }, title, ...parts.slice(0, numbers.length), checks);
  element.append(...parts.slice(numbers.length));
  let before = "";
  const update = () => {
    setText(title, protocol.desk ? lab.words.read(protocol.desk.title) : "");
    for (const dial of dials) dial.update();
    const list = lab.frame.quorum?.checks ?? [];
    const key = lab.words.lang + JSON.stringify(list);
    if (key === before) return;
    before = key;
    say(list);
  };
  return { element, update };
}

/** @param {Lab} lab @param {Control} control @param {Hand} hand @returns {Dial | null} */
function dialOf(lab, control, hand) {
  const { protocol } = lab;
  const group = protocol.nodes.groups.find((one) => one.id === control.id);
  const option = protocol.options.find((one) => one.id === control.id);
  if (group || option?.type === "count") {
    const label = () => lab.words.read(group?.name ?? option?.label ?? { en: "", zh: "" });
    const most = group?.max ?? option?.max ?? 1;
    const range = () => {
      const bound = control.atMost ? Number(hand.get()[control.atMost] ?? most) : most;
      return { min: group?.min ?? option?.min ?? 1, max: Math.min(most, bound), step: 1 };
    };
    const get = () => ({ value: Number(hand.get()[control.id]), shown: String(hand.get()[control.id]) });
    const set = (/** @type {number} */ value) => hand.set(control.id, value);
    const drag = (/** @type {number} */ value) => hand.preview(control.id, value);
    return slider({ id: `dial-${control.id}`, label, range, get, set, drag });
  }
  if (option?.type !== "choice" && option?.type !== "flag") return null;
  /** @type {{ id: OptionValue, says?: { en: string, zh: string } }[]} */
  const choices = option.type === "flag" ? [{ id: false }, { id: true }] : (option.choices ?? []);
  return choiceOf(lab, { choices, short: control.short, id: control.id, option }, hand);
}

/**
 * One of a few, side by side.
 * @param {Lab} lab
 * @param {{ choices: { id: OptionValue, says?: { en: string, zh: string } }[], short: Control["short"], id: string,
 *   option: Protocol["options"][number] }} of
 * @param {Hand} hand
 * @returns {Dial}
 */
function choiceOf(lab, { choices, short, id, option }, hand) {
  const buttons = choices.map((one) => h("button", { type: "button", onclick: () => hand.set(id, one.id) }));
  const title = h("span", { id: `dial-${id}` });
  const group = h("div", { class: "seg", role: "group", "aria-labelledby": `dial-${id}` }, ...buttons);
  return {
    element: h("div", { class: "dial" }, title, group),
    update: () => {
      const { words } = lab;
      setText(title, words.read(option.label));
      title.title = words.read(option.says);
      const now = hand.get()[id];
      buttons.forEach((button, at) => {
        setText(button, short[at] ? words.read(short[at]) : String(choices[at].id));
        button.title = words.read(choices[at].says ?? option.says);
        button.setAttribute("aria-pressed", String(choices[at].id === now));
      });
    },
  };
}
