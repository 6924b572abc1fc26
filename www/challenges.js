// Every challenge as a card, under the name of what it runs, with what the player has of it.

import "./icons-page.js";
import { readAll } from "./challenge/kept.js";
import { tell } from "./challenge/say.js";
import { stars } from "./challenge/stars.js";
import { h } from "./dom.js";
import { readTokens } from "./draw/tokens.js";
import { FIELD, drawEmblem } from "./home-emblem.js";
import { icon } from "./icons.js";
import { failed, fetched, fit, settle, skipLink } from "./shell.js";
import { buildTop } from "./top.js";
import { language, read, wordsIn } from "./words.js";

/**
 * @import { Emblem } from "./home-emblem.js"
 * @import { Kept } from "./challenge/kept.js"
 * @typedef {{ en: string, zh: string }} Both
 * @typedef {{ id: string, title: Both, line: Both, after: string | null, faults: number, picture: Emblem,
 *   best: { moves: number, faults: number } }} Card
 * @typedef {{ id: string, name: Both, challenges: Card[] }} Group
 */

const words = () => wordsIn(language());
/** @param {string} key @param {Record<string, string | number>} [fill] */
const say = (key, fill) => tell(words(), key, fill);

main();

async function main() {
  await settle(["site"]);
  try {
    build(await fetched("challenges/index.json"));
  } catch (error) {
    failed(error);
  }
}

/** @param {Group[]} groups */
function build(groups) {
  const page = h("main", { id: "main" });
  const redress = () => {
    document.title = say("page-title");
    fill(page, groups);
    top.update();
  };
  const top = buildTop(redress);
  top.element.querySelector('[href="challenges.html"]')?.setAttribute("aria-current", "page");
  document.getElementById("app")?.replaceChildren(skipLink("#main"), top.element, page);
  redress();
  // A page that the browser kept has not seen what was done since.
  window.addEventListener("pageshow", (event) => event.persisted && redress());
  window.addEventListener("resize", () => paint(page));
  document.fonts?.ready.then(() => paint(page));
}

/** Pictures, by their canvas. @type {Map<HTMLCanvasElement, Emblem>} */
const PICTURES = new Map();

/** @param {HTMLElement} page @param {Group[]} groups */
function fill(page, groups) {
  PICTURES.clear();
  const kept = readAll();
  const every = groups.flatMap((group) => group.challenges);
  const title = new Map(every.map((one) => [one.id, read(one.title)]));
  // What is next is the first that is open and not done yet.
  const here = every.find((one) => isOpen(one, kept) && !kept.get(one.id)?.stars)?.id;
  const count = (/** @type {Card[]} */ some) => some.reduce((sum, one) => sum + (kept.get(one.id)?.stars ?? 0), 0);
  const of = (/** @type {Card[]} */ some) => say("stars-of", { n: count(some), of: some.length * 3 });
  const intro = h("div", {}, h("h1", {}, say("headline")), h("p", {}, say("lead")));
  const sum = h("div", { class: "sum" }, h("b", {}, of(every)), " ", say("stars", { n: 2 }), h("br"), " ", say("kept"));
  const section = (/** @type {Group} */ group) => {
    const head = h("h2", { class: "group" }, read(group.name), h("span", {}, of(group.challenges)));
    const cards = group.challenges.map((one) => h("li", {}, card(one, kept, title, one.id === here)));
    return h("section", { id: group.id }, head, h("ol", { class: "cards" }, ...cards));
  };
  page.replaceChildren(h("section", { class: "intro" }, intro, sum), ...groups.map(section));
  paint(page);
}

/** @param {Card} one @param {Map<string, Kept>} kept */
const isOpen = (one, kept) => !one.after || Boolean(kept.get(one.after)?.stars) || Boolean(kept.get(one.id)?.stars);

/** @param {Card} one @param {Map<string, Kept>} kept @param {Map<string, string>} title @param {boolean} here */
function card(one, kept, title, here) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  PICTURES.set(canvas, one.picture);
  const open = isOpen(one, kept);
  const foot = open
    ? [stars(words(), kept.get(one.id)?.stars ?? 0), h("span", {}, say("best-known", { n: one.best.moves }))]
    : [icon("lock"), say("opens-after", { title: title.get(one.after ?? "") ?? "" })];
  const inside = h("div", {}, h("small", {}, limits(one)), h("b", {}, read(one.title)));
  inside.append(h("p", {}, read(one.line)), h("em", {}, ...foot));
  if (!open) return h("div", { class: "card locked", "data-challenge": one.id }, canvas, inside);
  const href = `challenge.html#challenge=${one.id}&lang=${language()}`;
  const current = here ? { "aria-current": "step" } : {};
  return h("a", { class: here ? "card here" : "card", href, "data-challenge": one.id, ...current }, canvas, inside);
}

/** @param {Card} one */
const limits = ({ faults }) => say(faults ? "up-to" : "without", { n: faults });

/** Every picture, as large as its canvas. @param {HTMLElement} page */
function paint(page) {
  const tokens = readTokens();
  for (const canvas of page.querySelectorAll("canvas")) {
    const picture = PICTURES.get(canvas);
    const { x, W, H } = fit(canvas);
    if (!picture || !W) continue;
    const scale = Math.min(W / (FIELD.W + 12), H / (FIELD.H + 6));
    x.clearRect(0, 0, W, H);
    x.save();
    x.translate((W - FIELD.W * scale) / 2, (H - FIELD.H * scale) / 2);
    drawEmblem(x, tokens, picture, scale);
    x.restore();
  }
}
