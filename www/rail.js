// The rail: tools to break something with, and the network's sliders.

import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { inject } from "./state.js";
import { TOOLS, take } from "./tools.js";
import { ms, say } from "./words.js";

/** @import { Lab } from "./state.js" */

/** @param {Lab} lab */
export function buildRail(lab) {
  const buttons = TOOLS.map(([id, key]) =>
    h(
      "button",
      {
        class: "tool",
        type: "button",
        "data-tool": id,
        "aria-pressed": "false",
        "aria-keyshortcuts": key,
        onclick: () => take(lab, id),
      },
      icon(id),
      h("span", { "data-word": `tool-${id}` }),
      h("kbd", { "aria-hidden": "true" }, key),
    ),
  );
  const more = h(
    "button",
    {
      class: "tool more",
      type: "button",
      "aria-expanded": "false",
      onclick: () => {
        const open = rail.classList.toggle("open");
        more.setAttribute("aria-expanded", String(open));
      },
    },
    icon("more"),
    h("span", { "data-word": "more" }),
  );
  const hint = h("p", { class: "hint", "aria-live": "polite" });
  const mend = h("button", { class: "btn", type: "button", id: "mend", onclick: () => inject(lab, "heal") });
  const sliders = [lossSlider(lab), latencySlider(lab), jitterSlider(lab)];
  const rail = h(
    "aside",
    { class: "rail" },
    h("h2", { "data-word": "break" }),
    h("div", { class: "tools", role: "toolbar" }, more, ...buttons),
    hint,
    h("h2", { "data-word": "network" }),
    ...sliders.map((slider) => slider.element),
    mend,
  );
  const update = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === lab.tool));
    const names = lab.frame.nodes
      .filter((one) => lab.sides.includes(one.id))
      .map((one) => one.name)
      .join(" ");
    setText(hint, names ? say("sides", { names }) : say(lab.tool ? `hint-${lab.tool}` : "hint"));
    const cut = lab.frame.partition !== null || lab.frame.links.some((link) => link.cut);
    mend.disabled = !cut;
    setText(mend, say(cut ? "mend" : "nothing-to-mend"));
    for (const slider of sliders) slider.update();
  };
  return { element: rail, update };
}

/**
 * @param {string} word
 * @param {{ min: number, max: number, step: number }} range
 * @param {() => { value: number, shown: string }} get
 * @param {(value: number) => void} set
 */
function slider(word, range, get, set) {
  const shown = h("b");
  const input = h("input", {
    type: "range",
    ...range,
    id: `slider-${word}`,
    oninput: () => paint(Number(input.value)),
    onchange: () => set(Number(input.value)),
  });
  const element = h("div", { class: "slider" }, h("label", { for: `slider-${word}`, "data-word": word }), shown, input);
  const paint = (/** @type {number} */ value) =>
    input.style.setProperty("--at", `${((value - range.min) / (range.max - range.min)) * 100}%`);
  return {
    element,
    update: () => {
      const { value, shown: words } = get();
      setText(shown, words);
      if (document.activeElement !== input || Number(input.value) !== value) {
        input.value = String(value);
        paint(value);
      }
    },
  };
}

const half = (/** @type {number} */ value) => Math.round(value * 2) / 2;

/** @param {Lab} lab */
function lossSlider(lab) {
  return slider(
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
  return slider(
    "latency",
    { min: 0, max: 100, step: 0.5 },
    () => ({ value: (get()[0] + get()[1]) / 2, shown: say("ms", { n: ms(half((get()[0] + get()[1]) / 2)) }) }),
    (middle) => setLatency(lab, middle, (get()[1] - get()[0]) / 2),
  );
}

/** Half the width of the range. @param {Lab} lab */
function jitterSlider(lab) {
  const get = () => lab.frame.network.latency;
  return slider(
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
