// The header of the pages that are read rather than worked on: where one can go, language, theme.

import { h, icon, setIcon, setText } from "./dom.js";
import { dress, mark, remember } from "./shell.js";
import { language, say, speak } from "./words.js";

/** @param {() => void} redress what is to be said and drawn anew */
export function buildTop(redress) {
  const tongue = h("button", { class: "btn quiet", type: "button", id: "language", onclick: async () => {
    await speak(language() === "en" ? "zh" : "en");
    remember("lang", language());
    update();
    redress();
  } });
  const theme = h("button", { class: "ib", type: "button", id: "theme", "data-icon": "moon", onclick: () => {
    dress(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    remember("theme", document.documentElement.dataset.theme ?? "light");
    update();
    redress();
  } }, icon("moon"));
  const places = [["index.html#protocols", "protocols"], ["lesson.html", "lessons"], ["lab.html", "lab"], ["own.html", "embed"]].map(([href, word]) => h("a", { href, class: "btn quiet", "data-word": word }));
  const element = h("header", {}, h("a", { class: "brand", href: "index.html", "aria-label": "Synod" }, mark(), h("span", { class: "brand-word" }, "Synod")), h("span", { class: "sp" }), h("nav", {}, ...places), tongue, theme);
  const update = () => {
    const dark = document.documentElement.dataset.theme === "dark";
    setText(tongue, say("language"));
    setIcon(theme, dark ? "sun" : "moon");
    theme.setAttribute("aria-label", say(dark ? "theme-light" : "theme-dark"));
    for (const element of document.querySelectorAll("[data-word]")) setText(element, say(element.getAttribute("data-word") ?? ""));
  };
  return { element, update };
}
