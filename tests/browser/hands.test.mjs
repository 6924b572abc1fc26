// A new user elects, crashes, partitions, heals, rewinds and shares: by mouse, touch and keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, forAll, openLab, partingLine } from "./site.mjs";

const site = forAll({ before, after });

const START = "#seed=7f3a";

/** The link makes the same run in another browser: same state, same records. */
async function sharedRunIsTheSame(lab) {
  const told = (page) =>
    page.evaluate(() => ({
      print: window.synodLab.sim.fingerprint(),
      now: window.synodLab.sim.now,
      records: window.synodLab.sim.trace(0).length,
    }));
  const [mine, url] = [await told(lab.page), lab.page.url()];
  const other = await openLab(site.browser, url);
  assert.deepEqual(await told(other.page), mine);
  const end = await lab.read(() => window.synodLab.sim.end);
  for (const { page } of [lab, other]) await page.evaluate((end) => window.synodLab.sim.seek(end), end);
  assert.deepEqual(await told(other.page), await told(lab.page));
  assert.deepEqual([...lab.errors, ...other.errors], []);
  await other.context.close();
}

test("by mouse alone", async () => {
  const lab = await openLab(site.browser, site.url + START);
  const { page } = lab;
  await page.click(".transport .seg button:nth-child(4)");
  await page.click("#play");
  await lab.until(() => window.synodLab.frame.nodes.some((one) => one.role === "leader"));
  await page.click("#play");
  const leader = await lab.leader();
  const place = await lab.at(leader);
  await page.mouse.click(place.x, place.y);
  await page.click(`[role=menuitem][data-input="crash ${leader}"]`);
  await eventually(async () => assert.equal(await lab.status(leader), "crashed"));
  await page.click("[data-tool=restart]");
  await page.mouse.click(place.x, place.y);
  await eventually(async () => assert.equal(await lab.status(leader), "up"));
  await page.click("[data-tool=restart]");

  const { from, to } = await partingLine(lab);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 24 });
  await page.mouse.up();
  await eventually(async () => assert.equal((await lab.partition())?.length, 2));
  // Along the tear: it mends.
  await page.click("#mend");
  await eventually(async () => assert.equal(await lab.partition(), null));

  await page.click(".transport .seg button:nth-child(4)");
  await page.click("#play");
  await lab.until((then) => window.synodLab.sim.now > then + 300, await lab.now());
  await page.click("#play");
  const end = await lab.now();
  const time = await page.locator("#time").boundingBox();
  await page.mouse.click(time.x + 104 + (time.width - 126) * 0.25, time.y + 40);
  await lab.until((end) => window.synodLab.sim.now < end, end);
  await page.click("#copy-link");
  await sharedRunIsTheSame(lab);
  await lab.context.close();
});

test("a drag along the tear mends it", async () => {
  const lab = await openLab(site.browser, site.url + START);
  const { from, to } = await partingLine(lab);
  await lab.page.mouse.move(from.x, from.y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(to.x, to.y, { steps: 24 });
  await lab.page.mouse.up();
  await eventually(async () => assert.equal((await lab.partition())?.length, 2));
  const box = await lab.page.locator("#stage").boundingBox();
  // The tear runs between the two groups, from the gap above B to the gap below C.
  const [a, b, c, d] = await Promise.all(["A", "B", "C", "D"].map((name) => lab.at(name)));
  const middle = (p, q) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });
  const [one, two] = [middle(a, b), middle(c, d)];
  await lab.page.mouse.move(one.x, one.y);
  await lab.page.mouse.down();
  // Between the gaps it bends towards the centre.
  const bend = middle(one, two);
  const inner = {
    x: bend.x + (box.x + box.width / 2 - bend.x) * 0.3,
    y: bend.y + (box.y + box.height / 2 - bend.y) * 0.3,
  };
  await lab.page.mouse.move(inner.x, inner.y, { steps: 12 });
  await lab.page.mouse.move(two.x, two.y, { steps: 12 });
  await lab.page.mouse.up();
  await eventually(async () => assert.equal(await lab.partition(), null));
  await lab.context.close();
});

test("by touch alone, on a small screen", async () => {
  const lab = await openLab(site.browser, site.url + START, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  const { page } = lab;
  const tap = async (selector) => {
    await page.locator(selector).scrollIntoViewIfNeeded();
    await page.tap(selector);
  };
  await tap(".transport .seg button:nth-child(4)");
  await tap("#play");
  await lab.until(() => window.synodLab.frame.nodes.some((one) => one.role === "leader"));
  await tap("#play");
  const leader = await lab.leader();
  await page.evaluate(() => scrollTo(0, 0));
  let place = await lab.at(leader);
  await page.touchscreen.tap(place.x, place.y);
  await tap(`[role=menuitem][data-input="crash ${leader}"]`);
  await eventually(async () => assert.equal(await lab.status(leader), "crashed"));
  await tap("[data-tool=restart]");
  await page.evaluate(() => scrollTo(0, 0));
  place = await lab.at(leader);
  await page.touchscreen.tap(place.x, place.y);
  await eventually(async () => assert.equal(await lab.status(leader), "up"));
  await tap("[data-tool=cut]");
  await page.evaluate(() => scrollTo(0, 0));
  const { from, to } = await partingLine(lab);
  const touch = await lab.context.newCDPSession(page);
  const finger = (type, point) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: point ? [point] : [] });
  await finger("touchStart", from);
  for (let i = 1; i <= 20; i++) await finger("touchMove", { x: from.x, y: from.y + ((to.y - from.y) * i) / 20 });
  await finger("touchEnd");
  await lab.until(() => window.synodLab.frame.partition?.length === 2);
  // A tap right after a drag may be taken by the browser for a part of it: then a person taps again.
  await eventually(async () => {
    if (!(await page.isVisible("#mend"))) await tap(".tool.more");
    await page.waitForSelector("#mend", { state: "visible", timeout: 1000 });
  });
  await tap("#mend");
  await lab.until(() => window.synodLab.frame.partition === null);
  await tap(".tool.more");
  const before = await lab.now();
  await page.locator("#time").scrollIntoViewIfNeeded();
  const time = await page.locator("#time").boundingBox();
  await page.touchscreen.tap(time.x + 64, time.y + 16);
  await lab.until((before) => window.synodLab.sim.now < before, before);
  await page.evaluate(() => scrollTo(0, 0));
  await tap("#copy-link");
  await sharedRunIsTheSame(lab);
  await lab.context.close();
});

test("by keyboard alone", async () => {
  const lab = await openLab(site.browser, site.url + START);
  const { page } = lab;
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const tabTo = async (test) => {
    for (let i = 0; i < 80; i++) {
      if (await page.evaluate(test)) return;
      await press("Tab");
    }
    assert.fail("not to be reached by Tab");
  };
  await tabTo(() => document.activeElement?.textContent === "real time");
  await press("Enter", "Escape", "Space");
  await lab.until(() => window.synodLab.frame.nodes.some((one) => one.role === "leader"));
  await press("Space");
  assert.equal(await lab.read(() => window.synodLab.playing), false);
  const leader = await lab.leader();
  await press(String("ABCDE".indexOf(leader) + 1), "c");
  await eventually(async () => assert.equal(await lab.status(leader), "crashed"));
  await press("Enter");
  await counts(page.locator("[role=menu]"), 1);
  await press("Enter");
  await eventually(async () => assert.equal(await lab.status(leader), "up", "the menu's first item restarts it"));
  await press("Escape", "x", "1", "2", "Enter");
  assert.deepEqual((await lab.partition())?.[0], [0, 1]);
  await press("/");
  await page.keyboard.type("heal");
  await press("Enter", "Escape");
  await eventually(async () => assert.equal(await lab.partition(), null));
  const then = await lab.now();
  await press("ArrowRight", "ArrowRight", "Shift+ArrowRight");
  assert.ok((await lab.now()) > then);
  await press("ArrowLeft", "ArrowLeft", "Shift+ArrowLeft", "Home");
  assert.equal(await lab.now(), 0);
  await press("End");
  assert.ok((await lab.now()) > 0);
  await tabTo(() => document.activeElement?.id === "copy-link");
  await press("Enter");
  await sharedRunIsTheSame(lab);
  await lab.context.close();
});

test("what is pressed at the side is there until it is let go, whatever happens meanwhile", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1`);
  const { page } = lab;
  await page.click(".transport .seg button:nth-child(4)");
  await page.click("#play");
  await lab.until(() => document.querySelectorAll(".ev[data-seq]").length > 5);
  await page.click("#play");
  const newest = () => page.locator(".ev[data-seq]").first();
  await newest().hover();
  const pressed = await newest().getAttribute("data-seq");
  const request = () =>
    page.evaluate(() => {
      window.synodLab.sim.inject("request set x 1");
      window.synodLab.playing = true;
      window.synodLab.listeners.forEach((listener) => listener());
    });
  const happened = (seq) => window.synodLab.events.at(-1).seq > Number(seq) + 8;
  await page.mouse.down();
  await request();
  await lab.until(happened, pressed);
  assert.equal(await newest().getAttribute("data-seq"), pressed);
  await page.mouse.up();
  await lab.until((seq) => window.synodLab.chosen === Number(seq), pressed);
  await lab.until((seq) => Number(document.querySelector(".ev[data-seq]").dataset.seq) > Number(seq) + 8, pressed);
  // Who stands on a row by keys goes on standing on it while newer ones come.
  const held = await newest().getAttribute("data-seq");
  await newest().focus();
  await request();
  await lab.until(happened, held);
  await lab.until((seq) => Number(document.querySelector(".ev[data-seq]").dataset.seq) > Number(seq) + 8, held);
  assert.equal(await lab.read(() => document.activeElement.dataset.seq), held);
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});
