// A number that is dragged, with its name and what it says.

import { h, setText } from "./dom.js";

/**
 * @param {{ id: string, label: () => string, range: () => { min: number, max: number, step: number },
 *   get: () => { value: number, shown: string }, set: (value: number) => void, drag?: (value: number) => void }} of
 */
export function slider({ id, label, range, get, set, drag }) {
  const shown = h("b");
  const input = h("input", {
    ...{ type: "range", id, ...range() },
    oninput: () => {
      paint(Number(input.value));
      drag?.(Number(input.value));
      if (drag) setText(shown, input.value);
    },
    onchange: () => set(Number(input.value)),
  });
  const name = h("label", { for: id });
  const element = h("div", { class: "slider" }, name, shown, input);
  const paint = (/** @type {number} */ value) => {
    const { min, max } = range();
    input.style.setProperty("--at", `${max > min ? ((value - min) / (max - min)) * 100 : 0}%`);
  };
  return {
    element,
    update: () => {
      const { value, shown: words } = get();
      const { min, max } = range();
      [input.min, input.max] = [String(min), String(max)];
      setText(name, label());
      setText(shown, words);
      if (document.activeElement !== input || Number(input.value) !== value) input.value = String(value);
      paint(value);
    },
  };
}
