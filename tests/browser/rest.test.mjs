// Modules in two parts: the first picture waits for the first of them only, and whatever needs the other gets it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EVERY, eventually, forAll } from "./site.mjs";

const shared = forAll({ before, after }, false);

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
  for (const [n, { id }] of protocols.entries()) {
    const lesson = courses.flatMap((course) => course.lessons).find((one) => one.protocol === id)?.id;
    const pages = [
      [`lab.html#protocol=${id}`, () => window.synodLab],
      [`embed.html#protocol=${id}`, () => window.synodFigure],
      ...(lesson ? [[`lesson.html#lesson=${lesson}`, () => window.synodStory]] : []),
    ];
    // Of each protocol two kinds, in turn, unless all is asked for.
    for (const [path, ready] of pages.filter((_, kind) => EVERY || kind !== n % 3)) {
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

/** A page of a visitor, once its stage is there, and what it fetched. */
async function visited(context, path) {
  const page = await context.newPage();
  const errors = [];
  const asked = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop()));
  await page.goto(new URL(path, shared.url).href);
  await page.waitForFunction(() => window.synodLab ?? window.synodStory);
  return { page, asked, errors, keys: () => page.evaluate(keptKeys) };
}

const keptKeys = async () => (await (await caches.open("synod")).keys()).map((one) => one.url);

test("a module is unpacked once on a device, and again when it has changed", async () => {
  const context = await shared.browser.newContext();
  const first = await visited(context, "lab.html#protocol=paxos");
  assert.ok(first.asked.includes("unpack.wasm"));
  await eventually(async () => assert.equal((await first.keys()).length, 1));
  const [key] = await first.keys();
  const again = await visited(context, "lab.html#protocol=paxos");
  assert.ok(again.asked.includes("paxos.packed"));
  assert.ok(!again.asked.includes("unpack.wasm"), "nothing was unpacked");
  const prints = await Promise.all(
    [first, again].map(({ page }) => page.evaluate(() => window.synodLab.sim.fingerprint())),
  );
  assert.equal(prints[0], prints[1]);
  // What is kept of another version is not used, and goes.
  await again.page.evaluate(async (key) => {
    const store = await caches.open("synod");
    await store.delete(key);
    await store.put(key.replace(/\?.*/, "?1-2-3"), new Response("of another version"));
  }, key);
  const changed = await visited(context, "lab.html#protocol=paxos");
  assert.ok(changed.asked.includes("unpack.wasm"));
  await eventually(async () => assert.deepEqual(await changed.keys(), [key]));
  for (const { errors } of [first, again, changed]) assert.deepEqual(errors, []);
  await context.close();
});

test("where nothing may be kept a page begins all the same", async () => {
  for (const refuse of [
    () => (CacheStorage.prototype.open = () => Promise.reject(new DOMException("no", "SecurityError"))),
    () => Object.defineProperty(window, "caches", { get: () => raise(new DOMException("no", "SecurityError")) }),
    () => Object.defineProperty(window, "caches", { value: undefined }),
    () => (Cache.prototype.put = () => Promise.reject(new DOMException("no", "QuotaExceededError"))),
  ]) {
    const context = await shared.browser.newContext();
    await context.addInitScript("const raise = (error) => { throw error; };");
    await context.addInitScript(refuse);
    const { asked, errors } = await visited(context, "lab.html#protocol=paxos");
    assert.ok(asked.includes("unpack.wasm"));
    assert.deepEqual(errors, []);
    await context.close();
  }
});
