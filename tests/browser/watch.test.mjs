// What to watch for, before a lesson, a ready run or a challenge is played, and what was seen, at its end: in both
// languages, and without moving what stands around it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { counts, eventually, forAll, openPage } from "./site.mjs";

const shared = forAll({ before, after });
const at = (path) => new URL(path, shared.url).href;
const dist = new URL("../../dist/", import.meta.url);
const file = async (path) => JSON.parse(await readFile(new URL(path, dist), "utf8"));

for (const lang of ["en", "zh"]) {
  test(`a lesson says it at its beginning and its end: ${lang}`, async () => {
    const { watch, saw } = await file("lessons/raft/elect.json");
    const address = at(`lesson.html#lesson=raft/elect&lang=${lang}`);
    const { page, context, errors } = await openPage(shared.browser, address, () => window.synodStory !== undefined);
    await eventually(async () => assert.equal(await page.locator(".words .watch:visible").textContent(), watch[lang]));
    assert.equal(await page.locator(".saw").count(), 0);
    await page.goto(`${address}&step=votes`);
    await page.reload();
    await page.waitForFunction(() => window.synodStory?.step === 3);
    await counts(page.locator(".words .watch:visible"), 0);
    await page.goto(`${address}&step=steady`);
    await page.reload();
    await page.waitForFunction(() => window.synodStory?.step === 6);
    await eventually(async () => assert.equal(await page.locator(".saw").textContent(), saw[lang]));
    assert.deepEqual(errors, []);
    await context.close();
  });

  test(`the lab says it of a ready run that stands at its beginning, and that is over: ${lang}`, async () => {
    const moved = (await file("starts/raft.json")).find((one) => one.id === "moved");
    const address = at(`lab.html#protocol=raft&start=moved&lang=${lang}`);
    const { page, context, errors } = await openPage(shared.browser, address, () => window.synodLab !== undefined);
    const told = page.locator(".transport .tell");
    const height = () => page.evaluate(() => document.getElementById("stage").getBoundingClientRect().height);
    await eventually(async () => assert.equal(await told.textContent(), moved.watch[lang]));
    const stood = await height();
    assert.equal(await page.locator('#start option[value="moved"]').getAttribute("title"), moved.watch[lang]);
    const pass = (ms) =>
      page.evaluate((ms) => {
        const { sim, listeners } = window.synodLab;
        sim.advance(ms);
        listeners.forEach((listener) => listener());
      }, ms);
    await pass(200);
    await eventually(async () => assert.notEqual(await told.textContent(), moved.watch[lang]));
    assert.notEqual(await told.textContent(), moved.saw[lang]);
    await pass(moved.until - 200);
    await eventually(async () => assert.equal(await told.textContent(), moved.saw[lang]));
    assert.equal(await height(), stood, "nothing around it moved");
    // Whoever goes on by hand reads what happens.
    await pass(100);
    await eventually(async () => assert.notEqual(await told.textContent(), moved.saw[lang]));
    // With an input of the reader's own it is another run.
    await page.evaluate(() => {
      const { sim, listeners } = window.synodLab;
      sim.seek(0);
      sim.inject("crash A");
      listeners.forEach((listener) => listener());
    });
    await eventually(async () => assert.notEqual(await told.textContent(), moved.watch[lang]));
    assert.deepEqual(errors, []);
    await context.close();
  });

  test(`a challenge says it before it is played, and when it is done: ${lang}`, async () => {
    const { watch, saw } = await file("challenges/raft/two-leaders.json");
    const address = at(`challenge.html#challenge=raft/two-leaders&lang=${lang}`);
    const { page, context, errors } = await openPage(shared.browser, address, () => window.synodPlay !== undefined);
    assert.equal(await page.locator('[data-panel="asked"] .watch').textContent(), watch[lang]);
    assert.equal(await page.locator(".finished").count(), 0);
    await page.evaluate(() => {
      const { sim, listeners } = window.synodLab;
      for (const one of ["fire A election", "fire B election"]) sim.inject(one);
      sim.advance(60);
      listeners.forEach((listener) => listener());
    });
    await eventually(async () => assert.ok((await page.locator(".finished").textContent()).includes(saw[lang])));
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("home says it over the cells of lessons, when a hand comes near", async () => {
  const known = await file("lessons/watch.json");
  const address = at("index.html#raft&lang=en");
  const { page, context, errors } = await openPage(
    shared.browser,
    address,
    () => document.querySelector("[data-lesson]") !== null,
  );
  const link = page.locator('[data-lesson="raft/elect"]').first();
  assert.equal(await link.getAttribute("title"), null);
  await link.hover();
  await eventually(async () => assert.equal(await link.getAttribute("title"), known["raft/elect"].en));
  assert.deepEqual(errors, []);
  await context.close();
});

test("ready runs are known again by the recordings that were made natively", async () => {
  for (const protocol of ["raft", "zab", "nwr"]) {
    const told = await file(`starts/${protocol}.json`);
    for (const { id, run } of [told[0], told[told.length - 1]]) {
      const address = at(`lab.html#protocol=${protocol}&start=${id}&lang=en`);
      const { page, context } = await openPage(shared.browser, address, () => window.synodLab !== undefined);
      assert.equal(await page.evaluate(() => window.synodLab.sim.recording()), run, `${protocol} ${id}`);
      await context.close();
    }
  }
});
