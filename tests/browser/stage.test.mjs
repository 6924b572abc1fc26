// What a stage draws, out of the modules as they are written: they need no page around them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serveModules } from "./site.mjs";

let site;
let browser;
before(async () => {
  site = await serveModules();
  browser = await launch();
});
after(async () => {
  await browser.close();
  site.close();
});

async function blank() {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${site.url}tests/browser/pages/blank.html`);
  await page.evaluate(async () => {
    window.labs = await import("/tests/browser/pages/labs.mjs");
    await window.labs.ready();
  });
  return { page, context, errors };
}

test("paused is the present: after every kind of input the stage is that of a fresh one, and as it should be", async () => {
  const { page, context, errors } = await blank();
  const ids = await page.evaluate(() => window.labs.catalog().map((one) => one.id));
  for (const id of ids) {
    const told = await page.evaluate(async (id) => (await import("/tests/browser/pages/settle.mjs")).settled(id), id);
    assert.deepEqual(told, [], id);
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test("stages of other protocols, languages and themes, drawn in turn, are as each is alone", async () => {
  const { page, context, errors } = await blank();
  const told = await page.evaluate(async () => (await import("/tests/browser/pages/apart.mjs")).apart());
  assert.deepEqual(told.different, [0, 0, 0, 0]);
  assert.ok(told.translated > 100, "each speaks its own language");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a tally that was won stays: to the end of its step in a lesson, for its afterglow in the lab", async () => {
  const { page, context, errors } = await blank();
  const [lesson, lab] = await page.evaluate(async () => {
    const { inLab, inLesson } = await import("/tests/browser/pages/tally.mjs");
    return [await inLesson(), inLab()];
  });
  assert.deepEqual(lesson, [3, 1], "three of five in its own step, then the next tally");
  assert.equal(lab.glows[0], lab.glows[2], "the votes that were won");
  assert.equal(lab.stands[0], lab.stands[1], "while time stands, the tally of this moment");
  assert.equal(lab.over[0], lab.over[1], "after its afterglow too");
  assert.notEqual(lab.glows[2], lab.glows[1]);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a message that is delayed or held stays where it is", async () => {
  const { page, context, errors } = await blank();
  const { delayed, later, held } = await page.evaluate(async () =>
    (await import("/tests/browser/pages/tally.mjs")).jumps(),
  );
  assert.ok(delayed < 0.5, `delayed, it jumped by ${delayed} px`);
  assert.ok(later > 1, "it goes on");
  assert.ok(held < 0.5, `held, it jumped by ${held} px`);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a large cluster: each state told apart in both themes, every colour named, and who knows is seen", async () => {
  const { page, context, errors } = await blank();
  const told = await page.evaluate(async () => {
    const { known, named, nearest } = await import("/tests/browser/pages/colours.mjs");
    return { nearest: nearest(), wide: named(844, true), phone: named(374, true), known: known() };
  });
  for (const least of told.nearest) assert.ok(least > 10, `two colours are ${least} apart`);
  for (const list of [told.wide, told.phone]) assert.deepEqual(list, [0, 1, 2, 3, 4, 5]);
  const { know, red } = told.known;
  assert.ok(know > 900 && know < 20_000, String(know));
  assert.ok(red > know * 3, `${know} know, and ${red} pixels say so`);
  assert.deepEqual(errors, []);
  await context.close();
});
