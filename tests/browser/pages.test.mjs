// Every page in every size that it must fit: nothing is wider than the screen, nothing lies over anything, and what
// plays or leads on is in the first screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import en from "../../www/words/en.js";
import home from "../../www/words/home-en.js";
import lab from "../../www/words/lab-en.js";
import more from "../../www/words/site-en.js";
import { eventually, forAll, openPage } from "./site.mjs";

const site = forAll({ before, after });
const SIZES = [
  [360, 640],
  [390, 844],
  [844, 390],
  [820, 1180],
  [1024, 768],
  [1180, 820],
  [1280, 720],
  [1440, 900],
  [2560, 1440],
];
const html = await readFile(new URL("../../dist/lab.html", import.meta.url), "utf8");
const listed = JSON.parse(html.match(/name="protocols" content="([^"]*)"/)[1].replaceAll("&quot;", '"'));
const labs = listed.map((one) => [`lab.html#protocol=${one.id}`, () => window.synodLab, "#play"]);
const PAGES = [
  ["index.html#", () => document.querySelector("#begin")?.textContent, "#begin"],
  ...labs,
  [`lab.html#protocol=${listed[0].id}&nodes=9&mutant=vote-twice`, () => window.synodLab, "#play"],
  ["lesson.html#lesson=raft/leader-dies&step=2", () => window.synodStory, "#continue"],
  ["lesson.html#lesson=paxos/two-phases&step=3", () => window.synodStory, "#continue"],
  ["compare.html#", () => window.synodPair, null],
  ["embed.html#lesson=raft/elect&step=2", () => window.synodFigure, '[part="continue"]'],
  ["terms.html#term=quorum", () => document.querySelector("article.here"), null],
  ["own.html#", () => document.querySelector("#own-element-code")?.textContent, null],
];

/** What is wrong with the room of a page, in words; an empty list where nothing is. */
function faults(first) {
  const found = [];
  const name = (one) => one.id || one.dataset?.word || `${one.tagName}.${one.className}`;
  const box = (one) => one.getBoundingClientRect();
  const shown = (one) => box(one).width > 1 && one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const scrolls = (one) => {
    for (let at = one.parentElement; at && at !== document.body; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  if (document.documentElement.scrollWidth > innerWidth) found.push(`wide: ${document.documentElement.scrollWidth}`);
  // Columns scroll up and down only.
  for (const column of document.querySelectorAll(".rail,.side,.words"))
    if (shown(column) && column.scrollWidth > column.clientWidth + 1) found.push(`sideways: ${name(column)}`);
  for (const time of document.querySelectorAll(".now"))
    if (shown(time) && time.scrollWidth > time.clientWidth + 1) found.push(`cut off: ${time.textContent}`);
  for (const line of document.querySelectorAll("header")) {
    const end = box(line).right - Number.parseFloat(getComputedStyle(line).paddingRight);
    for (const one of line.children) if (shown(one) && box(one).right > end + 1) found.push(`margin: ${name(one)}`);
  }
  const controls = [...document.querySelectorAll("button,a,select,input,summary")].filter(
    (one) => shown(one) && !one.closest(".mirror,.skip,.seen-not,dialog") && !one.classList.contains("skip"),
  );
  for (const one of controls)
    if (!scrolls(one) && (box(one).right > innerWidth + 1 || box(one).left < -1)) found.push(`off: ${name(one)}`);
  // Words that break into a column of letters are no label.
  for (const one of controls)
    for (const label of one.querySelectorAll("span"))
      if (shown(label) && box(label).width < 20 && (label.textContent?.length ?? 0) > 1 && !label.matches(".seen-not"))
        found.push(`stacked: ${name(one)}`);
  const apart = (all) =>
    all.forEach((a, i) =>
      all.slice(i + 1).forEach((b) => {
        const [p, q] = [box(a), box(b)];
        const over = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const upon = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (over > 1.5 && upon > 1.5) found.push(`over: ${name(a)} ${name(b)}`);
      }),
    );
  for (const line of document.querySelectorAll("header,.transport,.line,.bar,.ways,.choices,.living-foot"))
    apart([...line.children].filter((one) => shown(one) && !one.matches(".folded,.offers,.broken-rules,.sp")));
  const fixed = (one) => getComputedStyle(one).position === "fixed";
  const blocks = ["header", "#stage", ".transport", "#time", ".line", ".side", ".rail", ".told", ".under"];
  apart(blocks.flatMap((block) => [...document.querySelectorAll(block)].filter((one) => shown(one) && !fixed(one))));
  const lead = first && document.querySelector(first);
  if (lead && (!shown(lead) || box(lead).bottom > innerHeight + 1 || box(lead).top < 0)) found.push(`below: ${first}`);
  return found;
}

/** Keys of words, as no words would be written. */
const KEYS = [en, more, lab, home].flatMap(Object.keys).filter((key) => key.includes("-"));

/** Where a page says a key: it has not fetched the words. @param {string[]} keys */
function unsaid(keys) {
  const found = [];
  const note = (text) => keys.includes(text?.trim()) && found.push(text);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) note(texts.currentNode.textContent);
  for (const one of document.querySelectorAll("body *"))
    for (const name of ["aria-label", "title", "placeholder"]) note(one.getAttribute(name));
  return found;
}

for (const lang of ["en", "zh"])
  for (const [path, ready, first] of PAGES)
    test(`${path} has room in every size, ${lang}`, async () => {
      const url = site.url.replace("lab.html", `${path}&lang=${lang}`);
      const { page, context, errors } = await openPage(site.browser, url, ready, { reducedMotion: "reduce" });
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await eventually(
          async () => assert.deepEqual(await page.evaluate(faults, first), [], `${width}x${height}`),
          4000,
        );
      }
      assert.deepEqual(await page.evaluate(unsaid, KEYS), [], "words, and no keys of words");
      assert.deepEqual(errors, []);
      await context.close();
    });
