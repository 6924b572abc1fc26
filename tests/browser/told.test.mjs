// What a lesson tells beside its story: for a while, of what broke, and of a fault of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const address = (page, rest) => site.url.replace("lab.html", `${page}${rest}`);
const SPLIT = "three-phase-commit/the-cut";

async function open(url, ready, options = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(ready);
  return { page, context };
}

/** Which texts and controls in sight lie under what is told. */
const under = (page) =>
  page.evaluate(() => {
    const toast = document.querySelector(".toast");
    const told = toast.getBoundingClientRect();
    const found = [];
    for (const one of document.querySelectorAll("button, a, input, select, summary, p, h1, h2, b, span, canvas")) {
      if (toast.contains(one) || !one.checkVisibility()) continue;
      // What a box that scrolls does not show lies under nothing.
      let { left, right, top, bottom } = one.getBoundingClientRect();
      for (let at = one.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).overflowY === "visible") continue;
        const box = at.getBoundingClientRect();
        [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
        [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      }
      const seen = right - left > 2 && bottom - top > 2;
      const over = left < told.right - 1 && right > told.left + 1 && top < told.bottom - 1 && bottom > told.top + 1;
      if (seen && over) found.push(`${one.tagName} ${one.className} ${one.textContent.slice(0, 20)}`);
    }
    return { found, inside: told.bottom <= innerHeight + 1 && told.left >= -1 && told.right <= innerWidth + 1 };
  });

const WORDS =
  "P9 is no node of this run; its nodes are T, P1, P2, P3 and the clients that have asked something so far.";

test("what is told for a while in a lesson lies over no text and no control, at every size", async () => {
  const { page, context } = await open(
    address("lesson.html", `#lesson=${SPLIT}&step=abort&lang=en`),
    () => window.synodStory,
  );
  await eventually(async () => assert.ok(await page.evaluate(() => !window.synodStory.lab.playing)));
  for (const [width, height] of [
    [1440, 900],
    [1100, 700],
    [820, 1180],
    [844, 390],
    [390, 844],
    [360, 640],
  ]) {
    await page.setViewportSize({ width, height });
    await page.evaluate((words) => window.synodStory.lab.told(words), WORDS);
    assert.deepEqual(await under(page), { found: [], inside: true }, `${width} x ${height}`);
  }
  await context.close();
});

const NARROW = [
  [390, 844],
  [360, 640],
];
for (const [name, at, ready, told, sizes] of [
  [
    "the lab",
    "lab.html#protocol=two-phase-commit&lang=en",
    () => window.synodLab,
    "synodLab",
    [[820, 1180], ...NARROW],
  ],
  ["two runs side by side", "compare.html#lang=en", () => window.synodPair, "synodPair", NARROW],
])
  test(`what is told for a while in ${name} has room of its own`, async () => {
    const { page, context } = await open(address(at, ""), ready);
    await eventually(async () => assert.ok(await page.locator(".toast").count()));
    for (const [width, height] of [[1440, 900], [1280, 720], ...sizes]) {
      await page.setViewportSize({ width, height });
      await page.evaluate(([name, words]) => (window[name][0] ?? window[name]).told(words), [told, WORDS]);
      assert.deepEqual(await under(page), { found: [], inside: true }, `${width} x ${height}`);
    }
    await context.close();
  });

for (const [lang, title, evidence] of [
  ["en", /decide alike: broken/, /P1 committed transaction 1/],
  ["zh", /“决定一致”被破坏/, /P1 提交了事务 1/],
])
  test(`a step that breaks a property says which among its words, in ${lang}`, async () => {
    const { page, context } = await open(
      address("lesson.html", `#lesson=${SPLIT}&step=abort&lang=${lang}`),
      () => window.synodStory,
      {
        reducedMotion: "reduce",
      },
    );
    assert.equal(await page.locator(".breach").isHidden(), true);
    await page.click("#continue");
    await eventually(async () => assert.match(await page.locator(".breach").textContent(), title));
    assert.match(await page.locator(".breach").textContent(), evidence);
    assert.match(await page.locator("[role=status].seen-not").textContent(), title);
    assert.equal(await page.locator(".toast").isHidden(), true, "it is told once");
    await page.click("#continue");
    await eventually(async () => assert.equal(await page.locator(".breach").isHidden(), true));
    await context.close();
  });

for (const [lang, fault] of [
  ["en", /a fault of this site and not of your browser/],
  ["zh", /错在本站，与你的浏览器无关/],
])
  test(`a lesson that is broken says whose fault it is, in ${lang}`, async () => {
    const { page, context } = await open(address("own.html", "#lang=en"), () => document.querySelector("main.own"), {
      reducedMotion: "reduce",
    });
    const file = new URL(address(`lessons/${SPLIT}.json`, "")).href;
    const lesson = await (await fetch(file)).json();
    const first = { ...lesson, steps: [] };
    await page.route(file, (route) => route.fulfill({ json: first }));
    const at = address("lesson.html", `#lesson=${SPLIT}&step=1&lang=${lang}`);
    await page.goto(at);
    await eventually(async () => assert.match(await page.locator("#failed").textContent(), fault));
    // A step that cannot be played is not gone to.
    const [one, two, ...rest] = lesson.steps;
    first.steps = [one, { ...two, play: ["until nobody.role = leader"] }, ...rest];
    await page.reload();
    await page.waitForFunction(() => window.synodStory);
    await page.click("#continue");
    await eventually(async () => assert.match(await page.locator(".toast").textContent(), fault));
    assert.equal(await page.evaluate(() => window.synodStory.step), 0);
    await context.close();
  });
