// The finder in the lab: a rule is switched off, a run that breaks a property is found, and played on the stage.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { axeOn, counts, eventually, forAll, openLab } from "./site.mjs";

const site = forAll({ before, after });

test("with a rule off a run is found, shown step by step, and breaks its property on the stage", async () => {
  const lab = await openLab(site.browser, `${site.url}#protocol=raft&nodes=3&seed=7&lang=en`);
  const { page } = lab;
  const shown = (find) => page.locator(`[data-find=${find}]`);
  await page.click('[data-tab="rules"]');
  await page.click('[data-rule="vote-twice"]');
  await lab.until(() => window.synodLab.sim.config.mutants.join() === "vote-twice");
  await shown("find").click();
  await page.locator(".strip [aria-current]").waitFor();
  // The stage stands at the last step, where a property is broken, and one step before none is.
  const broken = () => lab.read(() => window.synodLab.violations.map((one) => one.invariant));
  const steps = await page.locator(".strip li").count();
  assert.match(await page.locator(".big").textContent(), new RegExp(`^${steps} steps?the shortest`));
  await eventually(async () => assert.deepEqual(await broken(), ["election-safety"]));
  await counts(page.locator(".strip .broken"), 1);
  await counts(page.locator(".strip .mattered .icon"), 1);
  await page.keyboard.press("ArrowLeft");
  await eventually(async () => assert.deepEqual(await broken(), []));
  await page.locator(`.strip [data-step="${steps - 1}"][aria-current]`).waitFor();
  assert.deepEqual(lab.errors, []);
  assert.deepEqual(
    (await axeOn(page).exclude(".foot").analyze()).violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`),
    [],
  );
  // The audit styles what it looks at, which the policy of the page forbids.
  lab.errors.splice(0);
  await shown("play").click();
  await lab.until(() => !window.synodLab.playing && window.synodLab.violations.length === 1);
  assert.match(await page.locator(".src").textContent(), /s\.violations\(\)\.contains\(&"election-safety"/);
  // What is open can be stopped, and is over then; what was asked wrongly is told.
  await page.click('[data-rule="vote-twice"]');
  await lab.until(() => window.synodLab.sim.config.mutants.length === 0);
  await shown("find").click();
  await shown("stop").click();
  await shown("find").waitFor();
  await eventually(async () => assert.equal(page.workers().length, 0));
  await page.click('[data-shown="goals"]');
  await page.locator(".card", { hasText: "of your own" }).click();
  await page.fill("#find-own", "leader twice");
  await shown("find").click();
  await eventually(async () => assert.match(await page.locator(".find-side .refused").textContent(), /leader twice/));
  await page.click(".find-rail [role=tab]");
  await page.locator(".rail [data-tool=crash]").waitFor();
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("the element shows a recording as film, a picture for each input, and stands where one is pressed", async () => {
  const { recording, steps } = JSON.parse(await readFile(new URL("../found.json", import.meta.url), "utf8"));
  const context = await site.browser.newContext({ viewport: { width: 390, height: 760 } });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  const stage = `<synod-stage run="${recording}" film lang="en" style="height:620px"></synod-stage>`;
  const body = `<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><script type="module" src="element.js"></script>${stage}`;
  const at = new URL("host.html", site.url).href;
  await page.route(at, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(at);
  const pictures = page.locator(".strip button");
  await page.locator('.strip button[aria-label^="1: "]').waitFor();
  await counts(pictures, steps);
  await counts(page.locator(".strip .broken"), 1, "one input broke the property");
  assert.match(await pictures.nth(steps - 1).getAttribute("class"), /broken/);
  await pictures.nth(1).click();
  await page.locator('.strip button[data-step="2"][aria-current]').waitFor();
  const broken = () => page.evaluate(() => document.querySelector("synod-stage").simulation.violations().length);
  assert.equal(await broken(), 0);
  await pictures.nth(steps - 1).click();
  await eventually(async () => assert.equal(await broken(), 1));
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide[0] <= wide[1], "only the film itself scrolls");
  assert.deepEqual(errors, []);
  await context.close();
});
