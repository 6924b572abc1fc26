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

/** The header of the pages that are read rather than worked on. @param {() => void} redress */
export function buildTop(redress) {
  const dressed = buildDress(redress);
  const places = [
    ["index.html#protocols", "protocols"],
    ["lesson.html", "lessons"],
    ["lab.html", "lab"],
    ["own.html", "embed"],
  ].map(([href, word]) => h("a", { href, class: "btn quiet", "data-word": word }));
  const links = /** @type {[HTMLElement, number][]} */ (places.map((link, at) => [link, at]));
  const space = h("span", { class: "sp" });
  const header = buildHeader([brand(), space, ...links, [dressed.tongue, 8], [dressed.theme, 9]]);
  const update = () => {
    dressed.update();
    sayWords();
    header.update();
  };
  return { element: header.element, update, redress };
}
