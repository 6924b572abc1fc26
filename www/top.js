// What the pages have at their top: language and theme, and where one can go.

import { h, setText } from "./dom.js";
import { buildHeader } from "./header.js";
import { icon, mark, setIcon } from "./icons.js";
import { dress, remember } from "./shell.js";
import { language, say, speak } from "./words.js";

/** The buttons for language and theme. @param {() => void} redress what is to be said and drawn anew */
export function buildDress(redress) {
  const tongue = h("button", {
    class: "btn quiet",
    type: "button",
    id: "language",
    onclick: async () => {
      await speak(language() === "en" ? "zh" : "en");
      remember("lang", language());
      redress();
    },
  });
  const theme = h(
    "button",
    {
      class: "ib",
      type: "button",
      id: "theme",
      "data-icon": "moon",
      onclick: () => {
        dress(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
        remember("theme", document.documentElement.dataset.theme ?? "light");
        redress();
      },
    },
    icon("moon"),
  );
  const update = () => {
    const dark = document.documentElement.dataset.theme === "dark";
    setText(tongue, say("language"));
    setIcon(theme, dark ? "sun" : "moon");
    theme.setAttribute("aria-label", say(dark ? "theme-light" : "theme-dark"));
  };
  return { tongue, theme, update };
}

/** Every element that names its word says it. */
export function sayWords() {
  for (const element of document.querySelectorAll("[data-word]"))
    setText(element, say(element.getAttribute("data-word") ?? ""));
}

/** The mark and the name, which lead home. */
export const brand = () =>
  h(
    "a",
    { class: "brand", href: "index.html", "aria-label": "Synod" },
    mark(),
    h("span", { class: "brand-word" }, "Synod"),
  );

/**
 * The header of the pages that are read rather than worked on. Where it is narrow, its links fold into a menu.
 * @param {() => void} redress
 * @param {HTMLElement} [beside] what the page itself has in it
 */
export function buildTop(redress, beside) {
  const dressed = buildDress(redress);
  // Home is where the lessons are, and needs no link to them.
  const home = beside ? [] : [["index.html", "lessons"]];
  const links = [
    ...home,
    ["lab.html", "lab"],
    ["challenges.html", "challenges"],
    ["terms.html", "terms"],
    ["compare.html", "compare"],
    ["own.html", "embed"],
  ].map(
    ([href, word], at) =>
      /** @type {[HTMLElement, number]} */ ([h("a", { href, class: "btn quiet link", "data-word": word }), at]),
  );
  const space = h("span", { class: "sp" });
  const found = beside ? [beside] : [];
  const header = buildHeader([brand(), space, ...found, ...links, [dressed.tongue, 8], [dressed.theme, 9]]);
  const update = () => {
    dressed.update();
    sayWords();
    header.update();
  };
  return { element: header.element, update, redress };
}
