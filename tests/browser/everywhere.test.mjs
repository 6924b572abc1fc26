// What a hand expects on every page: the same keys, an address that is the moment, a way back, and words for whatever
// cannot be done.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeOn, counts, eventually, forAll, openLab, openPage } from "./site.mjs";

const site = forAll({ before, after });
const START = "#protocol=raft&seed=7f3a&lang=en";
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const at = (path) => site.url.replace("lab.html", path);
const lab = (hash = START, options = {}) => openLab(site.browser, site.url + hash, options);
const lesson = (hash, options = {}) =>
  openPage(site.browser, at(`lesson.html#lang=en&${hash}`), () => window.synodStory, options);
const told = (page) => page.locator(".toast").textContent();
const axe = async (page) => {
  const { violations } = await axeOn(page).analyze();
  return violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`);
};
/** Runs on to a leader, and stops there. */
const toLeader = (page) =>
  page.evaluate(() => {
    const { sim, listeners } = window.synodLab;
    sim.runUntil({ role: "leader" }, 5000);
    for (const listener of listeners) listener();
  });

test("Space plays wherever the focus is, but where text is typed", async () => {
  const { page, context } = await lab();
  const playing = () => page.evaluate(() => window.synodLab.playing);
  for (const focus of [".transport .seg button", "#copy-link", "[data-tool=cut]", '.mirror [data-target="A"]']) {
    await page.locator(focus).first().focus();
    await page.keyboard.press(" ");
    assert.equal(await playing(), true, `${focus}: plays`);
    await page.keyboard.press(" ");
    assert.equal(await playing(), false, `${focus}: pauses`);
    assert.equal(await page.evaluate(() => window.synodLab.tool), null, `${focus}: and does nothing else`);
  }
  await page.locator("#command").focus();
  await page.keyboard.type("crash A");
  assert.equal(await playing(), false);
  assert.equal(await page.inputValue("#command"), "crash A");
  await context.close();
});

test("comma and full stop go by events in the lab, in a lesson and side by side", async () => {
  const one = await lab();
  const other = await lesson("lesson=raft/leader-dies&step=2", { reducedMotion: "reduce" });
  const pair = await openPage(site.browser, at("compare.html"), () => window.synodPair);
  await other.page.keyboard.press("t");
  for (const [page, now] of [
    [one.page, () => window.synodLab.sim.now],
    [other.page, () => window.synodStory.lab.sim.now],
    [pair.page, () => Math.max(...window.synodPair.map((lab) => lab.sim.now))],
  ]) {
    const before = await page.evaluate(now);
    await page.keyboard.press(".");
    await page.keyboard.press(".");
    await eventually(async () => assert.ok((await page.evaluate(now)) > before));
    const after = await page.evaluate(now);
    await page.keyboard.press(",");
    await eventually(async () => assert.ok((await page.evaluate(now)) < after));
    await page.context().close();
  }
});

test("inputs are taken back and done again, by key and by button; the old future is kept", async () => {
  const { page, context, status, fingerprint } = await lab();
  await toLeader(page);
  const before = await fingerprint();
  await page.locator("#command").fill("crash A");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  const crashed = await fingerprint();
  assert.equal(await status("A"), "crashed");
  await page.keyboard.press("Control+z");
  assert.equal(await status("A"), "up");
  assert.equal(await fingerprint(), before);
  assert.equal(await page.evaluate(() => window.synodLab.sim.branches().length), 2);
  await page.keyboard.press("Shift+Control+Z");
  assert.equal(await fingerprint(), crashed);
  await page.click("[data-icon=undo]:visible");
  assert.equal(await fingerprint(), before);
  await page.click("[data-icon=redo]:visible");
  assert.equal(await fingerprint(), crashed);
  await page.click("[data-icon=redo]:visible");
  await eventually(async () => assert.match(await told(page), /nothing to do again/));
  await context.close();
});

test("what the command line shows works as it is shown, and commas part several inputs", async () => {
  const { page, context, status, errors } = await lab();
  const shown = await page.getAttribute("#command", "placeholder");
  await page.locator("#command").fill(shown);
  await page.keyboard.press("Enter");
  assert.equal(await status("A"), "crashed");
  assert.equal(await page.textContent(".refused"), "");
  await page.locator("#command").fill("crash B, loss 10%, request set x 5");
  await page.keyboard.press("Enter");
  assert.equal(await status("B"), "crashed");
  assert.equal(await page.evaluate(() => window.synodLab.sim.frame().network.loss), 0.1);
  assert.equal(await page.inputValue("#command"), "");
  await page.locator("#command").fill("restart B, crash A");
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await page.textContent(".refused"), /^crash A: /));
  assert.deepEqual(errors, []);
  await context.close();
});

test("dragging has one direction in time", async () => {
  const { page, context, now } = await lab();
  await page.evaluate(() => {
    window.synodLab.sim.seek(900);
    for (const listener of window.synodLab.listeners) listener();
  });
  const box = await page.locator("#time").boundingBox();
  const middle = box.x + box.width / 2;
  for (const y of [box.y + 30, box.y + box.height - 60]) {
    await page.mouse.move(middle, y);
    await page.mouse.down();
    await page.mouse.move(middle - 20, y);
    const from = await now();
    await page.mouse.move(middle - 90, y, { steps: 6 });
    await eventually(async () => assert.ok((await now()) < from, "to the left is earlier"));
    await page.mouse.up();
  }
  await context.close();
});

test("a far time is reached in slices, and can be stopped", async () => {
  const { page, context, now, errors } = await lab(`${START}&t=50000000`);
  await page.waitForSelector(".going:not([hidden]) progress");
  assert.match(await page.textContent(".going"), /50,000,000/);
  await page.click(".going button");
  await page.waitForSelector(".going", { state: "hidden" });
  const stopped = await now();
  assert.ok(stopped > 0 && stopped < 50_000_000, `${stopped}`);
  await page.keyboard.press(".");
  await eventually(async () => assert.ok((await now()) > stopped));
  assert.deepEqual(errors, []);
  await context.close();
});

test("Back goes one step back in a lesson, and one protocol back in the lab", async () => {
  const { page, context } = await lesson("lesson=raft/elect&step=1", { reducedMotion: "reduce" });
  const step = () => page.evaluate(() => window.synodStory.step);
  await page.click("#continue");
  await page.click("#continue");
  await eventually(async () => assert.equal(await step(), 2));
  await page.goBack();
  await eventually(async () => assert.equal(await step(), 1));
  await page.goForward();
  await eventually(async () => assert.equal(await step(), 2));
  await context.close();

  const other = await lab();
  await other.until(() => location.hash.includes("run="));
  await other.page.selectOption("#protocol", "paxos");
  await other.page.waitForFunction(() => window.synodLab?.protocol.id === "paxos" && location.hash.includes("run="));
  await other.page.goBack();
  await other.page.waitForFunction(() => window.synodLab?.protocol.id === "raft");
  await other.context.close();
});

test("a lesson's address is the moment: by events, and on a run of the reader's own", async () => {
  const { page, context } = await lesson("lesson=raft/elect&step=heartbeats", { reducedMotion: "reduce" });
  const moment = (page) =>
    page.evaluate(() => {
      const { lab, step, trying } = window.synodStory;
      return { now: lab.sim.now, print: lab.sim.fingerprint(), step, trying };
    });
  const again = async (name) => {
    const here = await moment(page);
    const address = () => page.evaluate(() => location.href);
    await page.waitForFunction((now) => location.hash.includes(`t=${Math.round(now * 1000) / 1000}`), here.now);
    const other = await openPage(site.browser, await address(), () => window.synodStory);
    await eventually(async () => assert.deepEqual(await moment(other.page), here, name));
    assert.deepEqual(other.errors, []);
    await other.context.close();
  };
  await page.keyboard.press(",");
  await again("an event back");
  await page.keyboard.press("t");
  await page.keyboard.press("1");
  await page.keyboard.press("c");
  await page.keyboard.press(".");
  await again("taken over, A crashed, an event on");
  await context.close();
});

test("a link, a recording and an exported trace open where they are pasted or dropped", async () => {
  const { page, context, fingerprint } = await lab();
  await page.evaluate(() => {
    const { sim } = window.synodLab;
    sim.seek(500);
    sim.inject("crash A");
    sim.advance(300);
  });
  const wanted = await fingerprint();
  const { run, t } = await page.evaluate(() => ({
    run: window.synodLab.sim.recording(),
    t: window.synodLab.sim.now,
  }));
  const other = await lab("#protocol=raft&seed=1&lang=en");
  const paste = (text) =>
    other.page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  const drop = (text) =>
    other.page.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "trace.jsonl"));
      const props = { dataTransfer, bubbles: true, cancelable: true };
      document.querySelector("#stage").dispatchEvent(new DragEvent("drop", props));
    }, text);
  const stands = async () => eventually(async () => assert.equal(await other.fingerprint(), wanted));
  await paste(`${site.url}#run=${run}&t=${t}`);
  await stands();
  await paste("nothing of ours");
  await eventually(async () => assert.match(await told(other.page), /no link, recording or exported trace/));
  await paste(run);
  await eventually(async () => assert.equal(await other.now(), 0));
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.click("#export").then(() => page.click("[data-export=jsonl]")),
  ]);
  const parts = [];
  for await (const part of await saved.createReadStream()) parts.push(part);
  await drop(Buffer.concat(parts).toString());
  await stands();
  assert.deepEqual(other.errors, []);
  await other.context.close();
  await context.close();
});

test("what is asked for in vain is told", async () => {
  const pair = await openPage(site.browser, at("compare.html#pair=nope&lang=en"), () => window.synodPair);
  await eventually(async () => assert.match(await told(pair.page), /nope/));
  await pair.context.close();
  const own = await openPage(
    site.browser,
    at("own.html#lesson=raft/nope&lang=en"),
    () => document.querySelector("#own-element-code")?.textContent,
  );
  await eventually(async () => assert.match(await told(own.page), /raft\/nope/));
  await own.context.close();
});

test("without a network all goes on, and what cannot says so", async () => {
  const { page, context, now } = await lab();
  await page.evaluate(() => window.synodLab.sim.seek(300));
  await page.waitForFunction(() => performance.getEntriesByType("resource").some((one) => one.name.includes("export")));
  await page.waitForFunction(() => performance.getEntriesByType("resource").some((one) => one.name.includes("zh")));
  await context.setOffline(true);
  for (const id of ["gear", "help", "export"]) {
    await page.click(`#${id}`);
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
  }
  await page.click("#language");
  await eventually(async () => assert.equal(await page.textContent("[data-tool=crash] span"), "宕机"));
  await page.selectOption("#protocol", "paxos");
  await eventually(async () => assert.match(await told(page), /未能完成/));
  assert.equal(await page.evaluate(() => window.synodLab.protocol.id), "raft");
  assert.equal(await now(), 300);
  await context.close();
});

test("a protocol that waits for a request opens on a run that shows something", async () => {
  const { page, context } = await lab("#protocol=gossip&lang=en");
  const news = await page.evaluate(() => {
    window.synodLab.sim.advance(1000);
    return window.synodLab.sim.trace(0).filter((record) => record.what === "rule").length;
  });
  assert.ok(news > 0, "something happens by itself");
  await context.close();
});

test("a phone has everything within reach: the folded header, the sheet of tools, the tools of a lesson", async () => {
  const { page, context, errors } = await lab(START, PHONE);
  await page.tap("#menu");
  for (const id of ["#learn", "#beside", "#help", "#gear", "#export", "#theme", "#language"])
    assert.ok(await page.isVisible(`.folded ${id}`), id);
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible(".folded"), false);
  await page.tap(".tool.more");
  await page.waitForSelector(".rail.open .let-down");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".rail.open").count(), 0);
  await page.tap(".tool.more");
  await page.tap(".rail .let-down");
  assert.equal(await page.locator(".rail.open").count(), 0);
  const place = await page.locator('.mirror [data-target="A"]').boundingBox();
  await page.touchscreen.tap(place.x + 22, place.y + 22);
  await page.waitForSelector("[role=menu]");
  const menu = await page.locator(".menu").boundingBox();
  assert.ok(menu.y > place.y + 44 || menu.y + menu.height < place.y, "the menu does not cover the node");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(errors, []);
  await context.close();
});

test("on a run of the reader's own, a swipe is the stage's and cuts", async () => {
  const { page, context, errors } = await lesson("lesson=raft/partition&step=1", { ...PHONE, reducedMotion: "reduce" });
  await page.tap("#try-it");
  await page.tap("[data-tool=cut]");
  const box = await page.locator("#stage").boundingBox();
  const touch = await context.newCDPSession(page);
  const finger = (type, x) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: x === undefined ? [] : [{ x, y: box.y + box.height * 0.6 }],
    });
  await finger("touchStart", box.x + 4);
  for (let i = 1; i <= 20; i++) await finger("touchMove", box.x + 4 + ((box.width - 8) * i) / 20);
  await finger("touchEnd");
  await page.waitForFunction(() => window.synodStory.lab.sim.frame().partition?.length === 2);
  assert.deepEqual(await page.evaluate(() => [window.synodStory.trying, window.synodStory.step]), [true, 0]);
  assert.deepEqual(errors, []);
  await context.close();
});

test("the stage is the first stop after the link that skips to it; axe finds nothing with menus and dialogs open", async () => {
  const { page, context } = await lab();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement?.closest(".mirror") !== null));
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=menu]");
  assert.deepEqual(await axe(page), [], "the menu");
  await page.keyboard.press("Escape");
  for (const id of ["gear", "help", "export"]) {
    await page.click(`#${id}`);
    await page.waitForSelector("dialog[open]");
    assert.deepEqual(await axe(page), [], id);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
  }
  await context.close();
});

test("what is broken on purpose is in sight in the lab, side by side, in a frame and in exports", async () => {
  const { page, context } = await lab("#protocol=raft&seed=7f3a&mutant=vote-twice&lang=en");
  await page.waitForSelector(".broken-rules.in-header s", { state: "visible" });
  await page.click(".broken-rules.in-header summary");
  assert.match(await page.textContent(".broken-rules.in-header .in"), /Election safety/);
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.click("#export").then(() => page.click("[data-export=svg]")),
  ]);
  const parts = [];
  for await (const part of await saved.createReadStream()) parts.push(part);
  assert.match(Buffer.concat(parts).toString(), /broken on purpose/);
  const run = await page.evaluate(() => window.synodLab.sim.recording());
  await context.close();
  const phone = await lab(`#run=${run}&t=0&lang=en`, PHONE);
  await phone.page.waitForSelector(".broken-rules.line-of-its-own s", { state: "visible" });
  await phone.context.close();
  const frame = await openPage(site.browser, at(`embed.html#run=${run}&t=0&lang=en`), () => window.synodFigure);
  await frame.page.waitForSelector(".broken-rules s", { state: "visible" });
  await frame.context.close();
  const pair = await openPage(site.browser, at(`compare.html#a=${run}&b=${run}&t=0&lang=en`), () => window.synodPair);
  await pair.page.waitForSelector(".pair-of .broken-rules s", { state: "visible" });
  // Two recordings of one configuration are two futures, and are called so.
  await pair.page.waitForFunction(() =>
    [...document.querySelectorAll(".pair-of .called")].every((one) => /^“.+”$/.test(one.textContent)),
  );
  await counts(pair.page.locator(".called"), 2);
  await pair.context.close();
});

test("a rule that a lesson breaks is broken in the lesson's own run, just before it matters", async () => {
  const { page, context, errors } = await lesson("lesson=raft/figure-8&step=1", { reducedMotion: "reduce" });
  const at = await page.evaluate(() => window.synodStory.plan.steps.findIndex((step) => step.link?.broken));
  for (let n = 0; n < at; n++) await page.keyboard.press("ArrowRight");
  const link = page.locator('.links a[id^="broken-"]');
  await link.focus();
  await page.waitForFunction(() => document.querySelector('.links a[id^="broken-"]').href.includes("run="));
  await link.click();
  await page.waitForFunction(() => window.synodLab);
  await page.waitForSelector(".broken-rules.in-header s", { state: "visible" });
  const [now, held, mutants] = await page.evaluate(() => {
    const { sim } = window.synodLab;
    return [sim.now, sim.violations().length, sim.config.mutants.length];
  });
  assert.ok(now > 0 && held === 0 && mutants === 1, `${now} ${held} ${mutants}`);
  await page.keyboard.press("End");
  await page.waitForFunction(() => window.synodLab.sim.violations().length > 0);
  assert.deepEqual(errors, []);
  await context.close();
});

test("no message covers a numeral, also where a client's line must cross a node", async () => {
  const small = { ...PHONE, viewport: { width: 360, height: 640 }, reducedMotion: "reduce" };
  const { page, context } = await lesson("lesson=raft/partition&step=1", small);
  const steps = await page.evaluate(() => window.synodStory.plan.steps.length);
  for (let n = 0; n < steps; n++) {
    await page.waitForFunction((n) => window.synodStory.step === n && window.synodStory.lab.settled, n);
    // What moves is drawn on the upper canvas: over the middle of a node it must be empty.
    const covered = await page.evaluate(() => {
      const canvas = document.querySelector("#stage canvas.over");
      const x = canvas.getContext("2d");
      const density = canvas.width / canvas.clientWidth;
      const box = canvas.getBoundingClientRect();
      const found = [];
      for (const one of document.querySelectorAll("#stage .mirror button")) {
        if (one.dataset.target.startsWith("#")) continue;
        const at = one.getBoundingClientRect();
        const [left, top] = [at.x - box.x + at.width / 2 - 7, at.y - box.y + at.height / 2 - 7];
        const { data } = x.getImageData(left * density, top * density, 14 * density, 14 * density);
        if (data.some((value, i) => i % 4 === 3 && value > 8)) found.push(one.dataset.target);
      }
      return found;
    });
    assert.deepEqual(covered, [], `step ${n + 1}`);
    await page.keyboard.press("ArrowRight");
  }
  await context.close();
});
