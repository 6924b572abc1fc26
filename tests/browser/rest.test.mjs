// Modules in two parts: the first picture waits for the first of them only, and whatever needs the other gets it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forAll } from "./site.mjs";

const shared = forAll({ before, after });

/** Notes of the page, when it asks for the rest of a module, whether anything is drawn on its first canvas. */
function noteDrawn() {
  window.drawnAtRest = [];
  const ask = window.fetch;
  const drawn = () => {
    const canvas = document.querySelector("canvas");
    if (!canvas?.width) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value > 0);
  };
  window.fetch = (...given) => {
    if (String(given[0]).endsWith(".rest.wasm")) window.drawnAtRest.push(drawn());
    return ask(...given);
  };
}

/** A page, and every way in which it asked for the rest of its module. */
async function opened(path, ready, route) {
  const page = await (await shared.browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const asked = [];
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => request.url().endsWith(".rest.wasm") && asked.push(request.resourceType()));
  await page.addInitScript(noteDrawn);
  if (route) await page.route("**/*.rest.wasm", route);
  await page.goto(`${shared.url.replace(/lab\.html$/, "")}${path}`);
  await page.waitForFunction(ready);
  return { page, asked, errors };
}

const list = async (path) => (await fetch(new URL(path, shared.url))).json();

test("the first picture of each kind of page waits for no more than it needs, of every protocol", async () => {
  const { protocols } = await list("catalog.json");
  const courses = await list("lessons/titles.json");
  for (const { id } of protocols) {
    const lesson = courses.flatMap((course) => course.lessons).find((one) => one.protocol === id)?.id;
    const pages = [
      [`lab.html#protocol=${id}`, () => window.synodLab],
      [`embed.html#protocol=${id}`, () => window.synodFigure],
      ...(lesson ? [[`lesson.html#lesson=${lesson}`, () => window.synodStory]] : []),
    ];
    for (const [path, ready] of pages) {
      const { page, asked, errors } = await opened(path, ready);
      await page.waitForFunction(() => window.drawnAtRest.length);
      assert.deepEqual(await page.evaluate(() => window.drawnAtRest), [true], `${path}: a picture comes first`);
      assert.deepEqual(asked, ["fetch"], `${path}: the page never stands still for the rest`);
      assert.deepEqual(errors, [], path);
      await page.context().close();
    }
  }
});

/** The print of a lesson's run at the end of each step. */
const walked = (page) =>
  page.evaluate(() => {
    const { deck, plan, lab } = window.synodStory;
    // What no first picture asks, so that the rest is needed wherever a question stops the story.
    lab.sim.levels();
    lab.sim.history();
    return plan.steps.map(() => {
      const print = `${lab.sim.now} ${lab.sim.fingerprint}`;
      // To the end of the step, and to the next one.
      deck.on();
      deck.on();
      return print;
    });
  });

test("what is needed before the rest has come is brought at once, and nothing is otherwise", async () => {
  const path = "lesson.html#lesson=raft/elect&step=1";
  const whole = await opened(path, () => window.synodStory);
  const told = await walked(whole.page);
  assert.ok(new Set(told).size > 2, "steps are run");
  const held = (route) => (route.request().resourceType() === "xhr" ? route.continue() : undefined);
  const part = await opened(path, () => window.synodStory, held);
  assert.deepEqual(await walked(part.page), told);
  assert.ok(part.asked.includes("xhr"), "the page stood still for it");
  for (const { page, errors } of [whole, part]) {
    assert.deepEqual(errors, []);
    await page.context().close();
  }
});
