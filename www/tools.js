// The rail: tools to break something with, and the network's sliders.

import { h, icon, setText } from "./dom.js";
import { changed, inject, nodeAt } from "./state.js";
import { ms, say } from "./words.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Target } from "./draw/stage.js"
 */

/** Tool, its letter, and whether it is for nodes, messages or the sheet. */
const TOOLS = /** @type {const} */ ([
  ["crash", "C", "node"], ["restart", "R", "node"], ["cut", "X", "sheet"], ["drop", "D", "message"], ["delay", "L", "message"],
  ["duplicate", "U", "message"], ["halt", "P", "node"], ["skew", "K", "node"], ["send", "S", "node"],
]);
/** The letter beside an input in a menu. @type {Record<string, string>} */
export const TOOL_OF = { crash: "C", restart: "R", drop: "D", delay: "L", duplicate: "U", pause: "P", resume: "P", skew: "K" };

/** @param {string} letter */
export const toolOf = (letter) => TOOLS.find(([, key]) => key === letter.toUpperCase())?.[0] ?? null;

/** Uses a tool on a target. False when the tool is not for it. @param {Lab} lab @param {string} tool @param {Target} target */
export function applyTool(lab, tool, target) {
  const kind = TOOLS.find(([id]) => id === tool)?.[2];
  if ("message" in target) {
    if (kind !== "message") return false;
    inject(lab, tool === "delay" ? `delay #${target.message} 50ms` : `${tool} #${target.message}`);
    return true;
  }
  const one = nodeAt(lab, target.node);
  if (kind !== "node" || !one) return false;
  if (tool === "halt") inject(lab, `${one.status === "paused" ? "resume" : "pause"} ${one.name}`);
  else if (tool === "skew") inject(lab, `skew ${one.name} ${one.clock.rate > 0 ? "-20" : one.clock.rate < 0 ? "+0" : "+20"}%`);
  else if (tool === "send") inject(lab, `request ${one.name} ${operation(lab)}`);
  else inject(lab, `${tool} ${one.name}`);
  return true;
}

/** What the send tool sends: each time another number, so that news can be told apart. @param {Lab} lab */
export function operation(lab) {
  const example = lab.protocol.operations[0]?.example ?? "";
  const sent = lab.sim.done().filter((input) => input.kind === "request").length;
  return example.replace(/\d+$/, String(sent + 1));
}

/** @param {Lab} lab @param {string | null} tool */
export function take(lab, tool) {
  lab.tool = lab.tool === tool ? null : tool;
  lab.sides = [];
  changed(lab);
}

/** Cuts off the nodes that were chosen by number. @param {Lab} lab */
export function cutSides(lab) {
  const names = lab.frame.nodes.filter((one) => lab.sides.includes(one.id)).map((one) => one.name);
  if (names.length) inject(lab, `partition ${names.join(" ")}`);
  lab.sides = [];
  lab.tool = null;
  changed(lab);
}

/** @param {Lab} lab */
export function buildRail(lab) {
  const buttons = TOOLS.map(([id, key]) =>
    h("button", { class: "tool", type: "button", "data-tool": id, "aria-pressed": "false", "aria-keyshortcuts": key, onclick: () => take(lab, id) },
      icon(id), h("span", { "data-word": `tool-${id}` }), h("kbd", { "aria-hidden": "true" }, key)));
  const more = h("button", { class: "tool more", type: "button", "aria-expanded": "false", onclick: () => {
    const open = rail.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
  } }, icon("more"), h("span", { "data-word": "more" }));
  const hint = h("p", { class: "hint", "aria-live": "polite" });
  const mend = h("button", { class: "btn", type: "button", id: "mend", onclick: () => inject(lab, "heal") });
  const sliders = [lossSlider(lab), latencySlider(lab), jitterSlider(lab)];
  const rail = h("aside", { class: "rail" }, h("h2", { "data-word": "break" }), h("div", { class: "tools", role: "toolbar" }, more, ...buttons), hint,
    h("h2", { "data-word": "network" }), ...sliders.map((slider) => slider.element), mend);
  const update = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === lab.tool));
    const names = lab.frame.nodes.filter((one) => lab.sides.includes(one.id)).map((one) => one.name).join(" ");
    setText(hint, names ? say("sides", { names }) : say(lab.tool ? `hint-${lab.tool}` : "hint"));
    const cut = lab.frame.partition !== null || lab.frame.links.some((link) => link.cut);
    mend.disabled = !cut;
    setText(mend, say(cut ? "mend" : "nothing-to-mend"));
    for (const slider of sliders) slider.update();
  };
  return { element: rail, update };
}

/** @param {string} word @param {{ min: number, max: number, step: number }} range @param {() => { value: number, shown: string }} get @param {(value: number) => void} set */
function slider(word, range, get, set) {
  const shown = h("b");
  const input = h("input", { type: "range", ...range, id: `slider-${word}`, oninput: () => paint(Number(input.value)), onchange: () => set(Number(input.value)) });
  const element = h("div", { class: "slider" }, h("label", { for: `slider-${word}`, "data-word": word }), shown, input);
  const paint = (/** @type {number} */ value) => input.style.setProperty("--at", `${((value - range.min) / (range.max - range.min)) * 100}%`);
  return { element, update: () => {
    const { value, shown: words } = get();
    setText(shown, words);
    if (document.activeElement !== input || Number(input.value) !== value) {
      input.value = String(value);
      paint(value);
    }
  } };
}

const half = (/** @type {number} */ value) => Math.round(value * 2) / 2;

/** @param {Lab} lab */
function lossSlider(lab) {
  return slider("loss", { min: 0, max: 60, step: 1 },
    () => ({ value: Math.round(lab.frame.network.loss * 100), shown: `${Math.round(lab.frame.network.loss * 1000) / 10} %` }),
    (percent) => inject(lab, `loss ${percent}%`));
}

/** The middle of the range of latencies. @param {Lab} lab */
function latencySlider(lab) {
  const get = () => lab.frame.network.latency;
  return slider("latency", { min: 0, max: 100, step: 0.5 },
    () => ({ value: (get()[0] + get()[1]) / 2, shown: say("ms", { n: ms(half((get()[0] + get()[1]) / 2)) }) }),
    (middle) => setLatency(lab, middle, (get()[1] - get()[0]) / 2));
}

/** Half the width of the range. @param {Lab} lab */
function jitterSlider(lab) {
  const get = () => lab.frame.network.latency;
  return slider("jitter", { min: 0, max: 50, step: 0.5 },
    () => ({ value: (get()[1] - get()[0]) / 2, shown: `± ${say("ms", { n: ms(half((get()[1] - get()[0]) / 2)) })}` }),
    (jitter) => setLatency(lab, (get()[0] + get()[1]) / 2, jitter));
}

/** @param {Lab} lab @param {number} middle @param {number} jitter */
function setLatency(lab, middle, jitter) {
  const [min, max] = [Math.max(0, middle - jitter), middle + jitter];
  inject(lab, { kind: "latency", min: Math.round(min * 1000) / 1000, max: Math.round(max * 1000) / 1000 });
}
