// Every term with its definition and source, by families of courses, with a filter; an address names one.

import "./icons-page.js";
import { h, setText } from "./dom.js";
import { addressWords } from "./link.js";
import { failed, fetched, settle, skipLink } from "./shell.js";
import { sourceOf, tell, termAddress } from "./terms/say.js";
import { buildTop } from "./top.js";
import { language, read } from "./words.js";

/**
 * @import { Both, Term, Terms } from "./terms/find.js"
 * @typedef {Map<string, Both>} Titles what lessons are called
 */

main();

async function main() {
  await settle(["site"]);
  try {
    const [all, courses] = await Promise.all([fetched("terms.json"), fetched("lessons/titles.json")]);
    const lessons = courses.flatMap((/** @type {{ lessons: { id: string, title: Both }[] }} */ one) => one.lessons);
    build(all, new Map(lessons.map((/** @type {{ id: string, title: Both }} */ one) => [one.id, one.title])));
  } catch (error) {
    failed(error);
  }
}

/** @param {Terms} all @param {Titles} titles */
function build(all, titles) {
  const headline = h("h1", {});
  const lead = h("p", {});
  const input = h("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: "false" });
  const status = h("span", { class: "shown", role: "status" });
  const list = h("div", { class: "families" });
  const intro = h("section", { class: "intro" }, h("div", {}, headline, lead), h("label", {}, input, status));
  const page = h("main", { id: "main" }, intro, list);
  const sift = () => filter(list, input.value, status);
  input.addEventListener("input", sift);
  const redress = () => {
    document.title = tell("page-title");
    setText(headline, tell("headline"));
    setText(lead, tell("lead", { n: all.terms.length }));
    input.placeholder = tell("filter");
    input.setAttribute("aria-label", tell("filter"));
    list.replaceChildren(...sections(all, titles), h("p", { class: "none", hidden: true }));
    top.update();
    sift();
    pointOut(list);
  };
  const top = buildTop(redress);
  top.element.querySelector('[href="terms.html"]')?.setAttribute("aria-current", "page");
  document.getElementById("app")?.replaceChildren(skipLink("#main"), top.element, page);
  redress();
  window.addEventListener("hashchange", () => {
    input.value = "";
    sift();
    pointOut(list);
  });
}

/** @param {Terms} all @param {Titles} titles */
function sections(all, titles) {
  return all.families.map((family) => {
    const own = all.terms.filter((term) => term.family === family.id);
    const entries = own.map((term) => entryOf(all, term, titles));
    return h("section", { class: "family", id: family.id }, h("h2", {}, read(family.name)), ...entries);
  });
}

/** @param {Terms} all @param {Term} term @param {Titles} titles */
function entryOf(all, term, titles) {
  const lang = language();
  const other = lang === "en" ? "zh" : "en";
  const source = sourceOf(all, term);
  const alike = term[other][0] === term[lang][0];
  const also = alike ? null : h("span", { lang: other === "zh" ? "zh-CN" : "en" }, term[other][0]);
  const name = h("h3", {}, h("a", { href: termAddress(term.id) }, term[lang][0]), also);
  const lessons = term.seen.flatMap((id, at) => {
    const title = titles.get(id);
    if (!title) return [];
    const link = h("a", { href: `lesson.html#lesson=${id}&lang=${lang}` }, read(title));
    return at ? [tell("comma"), link] : [link];
  });
  const seen = lessons.length ? h("p", { class: "seen" }, tell("seen"), ...lessons) : null;
  const cite = h("p", { class: "source" }, h("cite", { title: source.full }, source.short));
  const entry = h(
    "article",
    { id: `term-${term.id}`, "data-term": term.id },
    name,
    h("p", {}, term.says[lang]),
    cite,
    seen,
  );
  entry.dataset.words = [...term.en, ...term.zh, term.says.en, term.says.zh].join("\n").toLowerCase();
  return entry;
}

/** @param {HTMLElement} list @param {string} wish @param {HTMLElement} status */
function filter(list, wish, status) {
  const wanted = wish.trim().toLowerCase();
  const entries = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("article")]);
  for (const entry of entries) entry.hidden = !entry.dataset.words?.includes(wanted);
  for (const family of list.querySelectorAll("section")) family.hidden = !family.querySelector("article:not([hidden])");
  const n = entries.filter((entry) => !entry.hidden).length;
  const none = /** @type {HTMLElement} */ (list.querySelector(".none"));
  none.hidden = n > 0;
  setText(none, tell("none", { wish: wish.trim() }));
  setText(status, wanted ? tell("shown", { n }) : "");
}

/** Brings the term that the address names into sight. @param {HTMLElement} list */
function pointOut(list) {
  const wanted = addressWords().get("term");
  for (const entry of list.querySelectorAll("article")) {
    const here = entry.getAttribute("data-term") === wanted;
    entry.classList.toggle("here", here);
    if (here) entry.scrollIntoView({ block: "center" });
  }
}
