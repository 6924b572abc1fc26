// Challenges: the page of all, one that is played by keys and judged by the engine, what is refused, links, what is
// kept, a phone, and the element.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeOn, counts, eventually, forAll, openPage } from "./site.mjs";

const shared = forAll({ before, after });
const at = (path) => new URL(path, shared.url).href;
const open = (path, options) => openPage(shared.browser, at(path), () => window.synodPlay !== undefined, options);
const met = (page) => page.evaluate(() => window.synodPlay.state.met.length);
/** Said after errors are looked at: the check itself is against the page's policy. */
async function accessible(page) {
  const axe = await axeOn(page).analyze();
  const wrong = axe.violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
  assert.deepEqual(wrong, []);
}
/** Types an input into the line below the time diagram. */
async function type(page, text) {
  const line = page.locator(".line input");
  await line.fill(text);
  await line.press("Enter");
}

test("a challenge is played, judged, kept and found again by its link", async () => {
  const { page, context, errors } = await open("challenge.html#challenge=raft/two-leaders&lang=en");
  await type(page, "crash A");
  await page.waitForSelector("text=this challenge is done without crash");
  assert.equal(await page.evaluate(() => window.synodPlay.state.moves), 0, "what is refused is no move");
  assert.deepEqual(await page.locator(".rail [data-tool]:visible").count(), 0, "timers are fired in menus");
  await type(page, "fire A election");
  await type(page, "fire B election");
  await eventually(async () => assert.equal(await met(page), 1));
  assert.ok((await page.locator(".objectives .met").textContent()).includes("A in term 1, B in term 1"));
  await page.locator("#undo-move").click();
  await eventually(async () => assert.equal(await met(page), 0));
  await type(page, "fire B election");
  await page.locator("#time-slider").focus();
  for (let n = 0; n < 12 && (await met(page)) < 2; n++) await page.keyboard.press(".");
  await eventually(async () => assert.equal(await met(page), 2));
  assert.match(await page.locator(".finished").textContent(), /Done, 3 stars/);
  assert.match(await page.locator('[data-panel="best"]').textContent(), /2 moves/);
  // It begins at its beginning: what was there is not taken back.
  await page.locator("#again").click();
  await page.locator("#undo-move").click();
  await page.waitForSelector("text=That was there when you began");
  // All of them: the stars are there, and what comes after it is open.
  await page.goto(at("challenges.html#lang=en"));
  await page.waitForSelector('[data-challenge="raft/two-leaders"] [aria-label="3 of 3 stars"]');
  await counts(page.locator('a[data-challenge="raft/read-old-after-new"]'), 1);
  assert.ok((await page.locator("[data-challenge]").count()) >= 30);
  assert.deepEqual(errors, []);
  await accessible(page);
  await context.close();
});

test("limits hold, a hint costs a star, and a link carries a run of one's own", async () => {
  const { page, context, errors } = await open("challenge.html#challenge=two-phase-commit/block-everyone&lang=en");
  await page.locator("#hint").click();
  assert.match(await page.locator(".hinted").textContent(), /only one machine knows/);
  await counts(page.locator('.stars[aria-label="2 of 3 stars"]'), 1);
  await type(page, "crash T");
  await page.waitForFunction(() => window.synodPlay.state.faults === 1);
  await type(page, "cut T -> P1");
  await page.waitForSelector("text=1 of 1 faults are used");
  await page.locator("#again").click();
  await page.evaluate(() => window.synodLab.sim.advance(32));
  await type(page, "crash T");
  await page.evaluate(() => {
    window.synodLab.sim.advance(500);
    window.synodLab.listeners.forEach((listener) => listener());
  });
  await eventually(async () => assert.equal(await met(page), 2));
  assert.equal(await page.evaluate(() => window.synodPlay.state.stars), 2);
  await eventually(() => assert.match(page.url(), /&run=.*&t=53/));
  const link = page.url();
  await page.evaluate(() => localStorage.clear());
  await page.goto("about:blank");
  await page.goto(link);
  await page.waitForFunction(() => window.synodPlay?.state.met.length === 2);
  assert.equal(
    await page.evaluate(() => localStorage.getItem("synod-challenges")),
    null,
    "who looks has earned nothing",
  );
  assert.deepEqual(errors, []);
  await accessible(page);
  await context.close();
});

test("on a phone, in Chinese, what is asked stands over the stage", async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const { page, context, errors } = await open("challenge.html#challenge=raft/lose-a-write&lang=zh", phone);
  const [asked, stage, goals] = await Promise.all(
    ['[data-panel="asked"]', "#stage", '[data-panel="objectives"]'].map((one) => page.locator(one).boundingBox()),
  );
  assert.ok(asked.y + asked.height <= stage.y + 1 && stage.y + stage.height <= goals.y + 1, "in this order");
  assert.match(await page.locator(".sentence").textContent(), /三次故障/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing runs over");
  assert.deepEqual(errors, []);
  await context.close();
});

test("the element shows a challenge, refuses what is no tool of it, and tells of objectives", async () => {
  const context = await shared.browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  const stage =
    '<synod-stage challenge="raft/two-leaders" wasm="pkg/synod_bg.wasm" style="height:600px"></synod-stage>';
  const body = `<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><script type="module" src="element.js"></script>${stage}`;
  await page.route(at("host.html"), (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(at("host.html"));
  await page.waitForFunction(() => document.querySelector("synod-stage")?.simulation);
  const told = await page.evaluate(async () => {
    const element = document.querySelector("synod-stage");
    const objectives = [];
    element.addEventListener("synod-objective", (event) => objectives.push(event.detail));
    let refused = "";
    try {
      element.inject("crash A");
    } catch (error) {
      refused = error.message;
    }
    element.inject("fire A election");
    element.inject("fire B election");
    element.seek(30);
    const end = Date.now() + 15_000;
    while (!objectives.some((one) => one.met === 2) && Date.now() < end)
      await new Promise((later) => requestAnimationFrame(later));
    return { refused, last: objectives.at(-1) };
  });
  assert.match(told.refused, /without crash/);
  assert.deepEqual(told.last, { met: 2, stars: 3 });
  assert.match(await page.locator('[part="challenge"]').textContent(), /Done, 3 stars/);
  await context.close();
});
