// Home as a reader meets it: for the first time, and again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { axeOn, counts, eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const path = JSON.parse(await readFile(new URL("../../dist/path.json", import.meta.url), "utf8"));
const stations = path.families.flatMap((family) => family.courses.map((id) => ({ id, ...path.courses[id] })));
const every = [...new Set(stations.flatMap((one) => one.lessons))];
assert.equal(new Set(stations.map((one) => one.id)).size, stations.length, "a course stands on the path once");
/** A cell for each lesson, and one for the quiz. */
const cells = (one) => one.lessons.length + (one.questions ? 1 : 0);
const SIZES = [
  [2560, 1440],
  [1440, 900],
  [1280, 720],
  [1180, 820],
  [1024, 768],
  [844, 390],
  [820, 1180],
  [390, 844],
  [360, 640],
];

/** Home, which fails its test on any error, and what it fetched. */
async function open({ hash = "", kept, data, ...options } = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en", ...options });
  const page = await context.newPage();
  const [errors, fetched] = [[], []];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname.slice(1)));
  if (kept)
    await page.addInitScript((kept) => {
      if (!localStorage.getItem("synod-progress")) localStorage.setItem("synod-progress", kept);
    }, JSON.stringify(kept));
  if (data) await page.route("**/path.json", (route) => route.fulfill({ json: data }));
  await page.goto(site.url.replace("lab.html", `index.html${hash}`));
  await page.waitForFunction(() => window.synodHome);
  return {
    page,
    context,
    errors,
    fetched,
    modules: () => fetched.filter((name) => /\.packed$|synod_bg\.wasm$/.test(name)),
  };
}

/** The next step as each of its three places names it. */
const steps = (page) =>
  page.evaluate(() => ({
    button: document
      .querySelector("#begin")
      .getAttribute("href")
      .match(/lesson=([^&]+)/)[1],
    words: document.querySelector("#begin").textContent,
    rings: [...document.querySelectorAll(".stn.next")].map((one) => one.dataset.course),
    cells: [...document.querySelectorAll(".les .n a")].map((one) => one.dataset.lesson),
    done: [...document.querySelectorAll(".les .d a")].map((one) => one.dataset.lesson),
    chosen: document.querySelector(".stn.on").dataset.course,
    protocol: window.synodHome.sim.config.protocol,
  }));

const done = (ids) => {
  const kept = {};
  for (const id of ids) {
    const course = id.split("/")[0];
    kept[course] = [...(kept[course] ?? []), id];
  }
  return { ...kept, ...(ids.length ? { last: ids.at(-1) } : {}) };
};

test("the first visit leads to the first lesson, three times the same", async () => {
  const { page, context, errors } = await open();
  const found = await steps(page);
  assert.equal(found.words, "Start with lesson 1");
  assert.deepEqual([found.button, found.cells, found.rings], [every[0], [every[0]], [stations[0].id]]);
  assert.deepEqual(await page.locator(".stn").evaluateAll((all) => all.map((one) => one.dataset.course)), [
    ...stations.map((one) => one.id),
  ]);
  // A station has a tick for each lesson, and its emblem is drawn.
  for (const one of stations) {
    await counts(page.locator(`#at-${one.id} .ticks i`), one.lessons.length, one.id);
    const inked = await page.locator(`#at-${one.id} canvas`).evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
    assert.ok(inked > 300, `${one.id}: ${inked} pixels`);
  }
  assert.deepEqual(errors, []);
  await page.click("#begin");
  await page.waitForFunction((id) => window.synodStory?.plan.id === id, every[0]);
  await context.close();
});

test("who returns goes on where it was left, also after a reload", async () => {
  const at = every.findIndex(
    (id, i) => i > stations[0].lessons.length && id.split("/")[0] === every[i - 2].split("/")[0],
  );
  const { page, context } = await open({ kept: done(every.slice(0, at)) });
  for (let visit = 0; visit < 2; visit++) {
    const found = await steps(page);
    const station = stations.find((one) => one.lessons.includes(every[at]));
    assert.deepEqual([found.button, found.cells], [every[at], [every[at]]]);
    assert.deepEqual([found.chosen, found.rings, found.protocol], [station.id, [station.id], station.protocol]);
    assert.equal(found.words, `Continue ${station.name.en}, lesson ${station.lessons.indexOf(every[at]) + 1}`);
    assert.ok((await page.locator("#at-basics").getAttribute("class")).includes("all"));
    await page.reload();
    await page.waitForFunction(() => window.synodHome);
  }
  await context.close();
});

test("a lesson that was opened and not finished is the next step; with all done, it begins again", async () => {
  const opened = { ...done(every.slice(0, 3)), last: every[1] };
  let { page, context } = await open({ kept: { ...opened, [every[1].split("/")[0]]: [every[0]] } });
  assert.equal((await steps(page)).button, every[1]);
  await context.close();
  ({ page, context } = await open({ kept: done(every) }));
  const found = await steps(page);
  assert.deepEqual([found.button, found.words, found.cells], [every[0], "Again from lesson 1", []]);
  await context.close();
});

/** The page's own module, as it is written: the built page has it in a bundle. */
async function progressOf(page) {
  await page.route("**/www-source/**", (route) => {
    const name = new URL(route.request().url()).pathname.split("/www-source/")[1];
    const from = name.startsWith("pkg/") ? "../../dist/" : "../../www/";
    return route.fulfill({
      path: fileURLToPath(new URL(from + name, import.meta.url)),
      contentType: "text/javascript",
    });
  });
  return page.evaluateHandle(() => import(new URL("www-source/progress.js", document.baseURI).href));
}

test("what a lesson tells of itself is kept, and read at the next visit", async () => {
  const { page, context } = await open();
  const progress = await progressOf(page);
  await progress.evaluate((module, id) => module.visited(id), every[1]);
  await page.reload();
  await page.waitForFunction(() => window.synodHome);
  assert.equal((await steps(page)).button, every[1]);
  const again = await progressOf(page);
  for (let i = 0; i < 2; i++) await again.evaluate((module, id) => module.done(id), every[1]);
  const course = every[1].split("/")[0];
  assert.deepEqual(await again.evaluate((module) => module.read()), { done: { [course]: [every[1]] }, last: every[1] });
  assert.deepEqual(JSON.parse(await page.evaluate(() => localStorage.getItem("synod-progress"))), {
    [course]: [every[1]],
    last: every[1],
  });
  await page.reload();
  await page.waitForFunction(() => window.synodHome);
  const found = await steps(page);
  assert.deepEqual([found.button, found.done], [every[2], [every[1]]]);
  await context.close();
});

test("a store that is refused, or holds something else, is no error", async () => {
  for (const [name, spoil] of [
    [
      "refused",
      () =>
        Object.defineProperty(window, "localStorage", {
          get: () => {
            throw new DOMException("refused", "SecurityError");
          },
        }),
    ],
    ["not JSON", () => localStorage.setItem("synod-progress", "{")],
    ["another shape", () => localStorage.setItem("synod-progress", '{"raft":{"a":1},"basics":[1,null],"last":7}')],
    ["a list", () => localStorage.setItem("synod-progress", "[[1],2]")],
  ]) {
    const context = await site.browser.newContext({ locale: "en" });
    const page = await context.newPage();
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.addInitScript(spoil);
    await page.goto(site.url.replace("lab.html", "index.html"));
    await page.waitForFunction(() => window.synodHome);
    const found = await steps(page);
    assert.deepEqual([found.button, found.words], [every[0], "Start with lesson 1"], name);
    await (await progressOf(page)).evaluate((module, id) => module.done(id), every[0]);
    assert.deepEqual(errors, [], name);
    await context.close();
  }
});

test("a station is chosen by mouse and by keys; its module is fetched then, and not before", async () => {
  const { page, context, errors, modules } = await open();
  const [first, ...others] = [...new Set(stations.map((one) => one.protocol))];
  assert.equal(modules().length, 1, modules().join());
  const other = stations.find((one) => one.protocol === others.at(-1));
  await page.click(`#at-${other.id}`);
  await page.waitForFunction((id) => window.synodHome.sim.config.protocol === id, other.protocol);
  assert.equal(modules().length, 2, modules().join());
  assert.equal(new URL(page.url()).hash, `#${other.id}`);
  assert.equal(await page.textContent("#course h2"), other.name.en);
  await counts(page.locator("#course li"), cells(other));
  // The one next step stays where it was.
  const found = await steps(page);
  assert.deepEqual([found.button, found.rings, found.cells], [every[0], [stations[0].id], []]);

  // Along the path by keys: the course follows at once, and what is only passed is not fetched.
  await page.focus(`#at-${other.id}`);
  for (let i = 0; i < stations.length; i++) await page.keyboard.press("ArrowRight");
  assert.equal((await steps(page)).chosen, other.id);
  await page.keyboard.press("Home");
  assert.equal((await steps(page)).chosen, stations[0].id);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.course), stations[0].id);
  await counts(page.locator('[role="tab"][tabindex="-1"]'), stations.length - 1);
  await page.waitForFunction((id) => window.synodHome.sim.config.protocol === id, first);
  assert.equal(modules().length, 2, modules().join());
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((id) => window.synodHome.sim.config.protocol === id, stations[1].protocol);
  assert.deepEqual(errors, []);
  await page.keyboard.press("Enter");
  await page.waitForFunction((id) => window.synodStory?.plan.id === id, stations[1].lessons[0]);
  await context.close();
});

test("every station's run plays, and an address opens at its station with one module", async () => {
  for (const one of stations) {
    const { page, context, errors, modules } = await open({ hash: `#${one.id}&lang=zh` });
    assert.equal((await steps(page)).protocol, one.protocol);
    assert.equal(modules().length, 1, modules().join());
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
    const began = await page.evaluate(() => window.synodHome.sim.now);
    assert.ok(began >= one.stage.at);
    // Long enough for the clients' own requests: none of them stops the run.
    await page.waitForFunction((until) => window.synodHome.sim.now > until, began + 40);
    await page.evaluate(() => window.synodHome.sim.advance(0));
    assert.deepEqual(errors, [], one.id);
    await context.close();
  }
});

test("with reduced motion nothing fades, nothing grows and nothing plays by itself", async () => {
  const { page, context } = await open({ reducedMotion: "reduce" });
  assert.equal(await page.evaluate(() => window.synodHome.playing), false);
  await page.click(`#at-${stations.at(-1).id}`);
  await page.waitForFunction((id) => window.synodHome.sim.config.protocol === id, stations.at(-1).protocol);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await context.close();
});

test("a lesson is found by typing, from anywhere on the page", async () => {
  const { page, context } = await open();
  await page.focus("#pause");
  await page.keyboard.press("/");
  await page.waitForSelector("#find[open]");
  await counts(page.locator("#find-list [role=option]"), every.length);
  await page.keyboard.type("figure 8");
  await counts(page.locator("#find-list [role=option]"), 1);
  await page.keyboard.press("Escape");
  await page.click("#find-open");
  await page.keyboard.type("leader");
  const options = page.locator("#find-list [role=option]");
  assert.ok((await options.count()) > 2);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.equal(await options.nth(1).getAttribute("aria-selected"), "true");
  assert.equal(await page.getAttribute("#find-field", "aria-activedescendant"), "find-1");
  const wish = (await options.nth(1).getAttribute("href")).match(/lesson=([^&]+)/)[1];
  await page.keyboard.type(" zzz");
  await counts(options, 0);
  await page.keyboard.press("Enter");
  for (let i = 0; i < 4; i++) await page.keyboard.press("Backspace");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction((id) => window.synodStory?.plan.id === id, wish);
  await context.close();
});

test("nothing is over anything and nothing scrolls sideways, at every size and in both languages", async () => {
  // More stations than there are today, so that the path has to scroll.
  const many = structuredClone(path);
  for (let i = 0; i < 9; i++) {
    many.courses[`more-${i}`] = { ...stations[i % stations.length], id: undefined };
    many.families.at(-1).courses.push(`more-${i}`);
  }
  for (const [n, data] of [undefined, many].entries())
    for (const [at, [width, height]] of SIZES.entries()) {
      // As the path is today and as it will be, each size in one of the languages.
      const lang = (n + at) % 2 ? "en" : "zh";
      const name = `${width}x${height} ${lang} ${data ? "many" : "today"}`;
      const last = stations.at(-1).id;
      const { page, context } = await open({ viewport: { width, height }, data, hash: `#${last}&lang=${lang}` });
      const found = await page.evaluate(() => {
        const box = (one) => one.getBoundingClientRect();
        const seen = (one) => box(one).width > 0;
        const over = (list) =>
          list.flatMap((a, i) =>
            list
              .slice(i + 1)
              .filter(
                (b) =>
                  Math.min(box(a).right, box(b).right) - Math.max(box(a).left, box(b).left) > 1 &&
                  Math.min(box(a).bottom, box(b).bottom) - Math.max(box(a).top, box(b).top) > 1,
              )
              .map((b) => `${a.id || a.className} ${a.textContent} / ${b.id || b.className} ${b.textContent}`),
          );
        const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
        return {
          sideways: document.documentElement.scrollWidth - innerWidth,
          over: [
            ...over(all("header > *, header nav > *").filter((one) => one.tagName !== "NAV" && one.className !== "sp")),
            ...over(all(".stn-name")),
            ...over(all(".emblem")),
            ...over(all(".fam-name")),
            ...over(all(".les li > a, .les li > span")),
            ...over(all(".hint, .living-foot .btn, .living-sheet")),
            ...over(all(".hero, .band, .course, .about > div")).filter((pair) => !/band.*course/.test(pair)),
          ],
          // The chosen station can be seen without scrolling the path.
          chosen: [box(document.querySelector(".stn.on")), box(document.querySelector(".band"))],
        };
      });
      assert.equal(found.sideways, 0, name);
      assert.deepEqual(found.over, [], name);
      const [station, band] = found.chosen;
      assert.ok(station.left >= band.left - 1 && station.right <= band.right + 1, name);
      await context.close();
    }
});

test("on a phone a station unfolds below itself, and the links fold into a menu that says so", async () => {
  const { page, context, errors } = await open({
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    isMobile: true,
  });
  const below = (id) => page.evaluate((id) => document.getElementById(`at-${id}`).nextElementSibling?.id ?? null, id);
  assert.equal(await below(stations[0].id), "course");
  const other = stations[2];
  // What folds above it does not move what was pressed.
  await page.locator(`#at-${other.id}`).scrollIntoViewIfNeeded();
  const top = () => page.evaluate((id) => document.getElementById(`at-${id}`).getBoundingClientRect().top, other.id);
  const before = await top();
  await page.tap(`#at-${other.id}`);
  assert.ok(Math.abs((await top()) - before) < 2, `${before} ${await top()}`);
  assert.equal(await below(other.id), "course");
  assert.equal(await page.getAttribute(`#at-${other.id}`, "aria-expanded"), "true");
  await page.tap(`#at-${other.id}`);
  assert.equal(await page.locator("#course").isVisible(), false);
  assert.equal(await page.getAttribute(`#at-${other.id}`, "aria-expanded"), "false");
  for (const one of await page.locator(".stn").all()) assert.ok((await one.boundingBox()).height >= 60);

  await page.evaluate(() => scrollTo(0, 0));
  assert.equal((await page.textContent("#menu")).trim(), "Menu");
  assert.equal(await page.locator(".folded").isVisible(), false);
  await page.tap("#menu");
  await counts(page.locator(".folded > *"), 7);
  for (const one of await page.locator(".folded > *").all()) assert.ok(await one.isVisible());
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".folded").isVisible(), false);
  await page.tap("#menu");
  await page.tap("#language");
  await page.waitForFunction(() => document.documentElement.lang === "zh-CN");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a finger that goes across the stage cuts, and with the tool one that goes any way", async () => {
  const { page, context } = await open({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    reducedMotion: "reduce",
  });
  const box = await page.locator(".living .sheet").boundingBox();
  const touch = await context.newCDPSession(page);
  const drag = async (from, to) => {
    const at = (part) => ({ x: from[0] + (to[0] - from[0]) * part, y: from[1] + (to[1] - from[1]) * part });
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at(0)] });
    for (let i = 1; i <= 8; i++)
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [at(i / 8)] });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  const cut = () => page.evaluate(() => window.synodHome.sim.frame(0).partition !== null);
  const middle = box.y + box.height * 0.52;
  await drag([box.x + 4, middle], [box.x + box.width - 4, middle]);
  await eventually(async () => assert.equal(await cut(), true));
  await page.evaluate(() => window.synodHome.sim.inject("heal"));
  // Down the stage is a scroll of the page …
  const down = [
    [box.x + box.width / 2, box.y + box.height - 6],
    [box.x + box.width / 2, box.y + 6],
  ];
  await drag(...down);
  assert.equal(await cut(), false);
  assert.equal(await page.evaluate(() => window.synodHome.tool), null);
  // … unless the tool is taken, which is in sight.
  // The page may still glide on from that, and the browser learns in its next frames what a finger may do.
  const settled = () =>
    page.evaluate(async () => {
      for (let still = 0; still < 10; still = scrollY === 0 ? still + 1 : 0) {
        scrollTo(0, 0);
        await new Promise(requestAnimationFrame);
      }
    });
  await settled();
  await page.tap("#cut");
  assert.equal(await page.getAttribute("#cut", "aria-pressed"), "true");
  await page.waitForFunction(() => document.querySelector(".living.cutting"));
  await settled();
  await drag(...down);
  await eventually(async () => assert.equal(await cut(), true));
  await context.close();
});

test("without its module home still leads to every lesson, and says what is missing", async () => {
  const context = await site.browser.newContext({ locale: "en" });
  const page = await context.newPage();
  await page.route(/\.packed$|synod_bg\.wasm$/, (route) => route.abort());
  await page.goto(site.url.replace("lab.html", "index.html"));
  await page.waitForSelector(".wrong:not([hidden])");
  assert.match(await page.textContent(".wrong"), /Synod could not start/);
  await counts(page.locator("#course li"), cells(stations[0]));
  await page.unroute(/\.packed$|synod_bg\.wasm$/);
  await page.click(`#at-${stations[1].id}`);
  await page.waitForFunction((id) => window.synodHome?.sim.config.protocol === id, stations[1].protocol);
  assert.equal(await page.locator(".wrong").isVisible(), false);
  await context.close();
});

test("in Chinese home says nothing in English but names, papers and code", async () => {
  const { page, context, errors } = await open({ locale: "zh-CN" });
  const words = await page.evaluate(() => {
    const main = document.querySelector("main").cloneNode(true);
    for (const one of main.querySelectorAll(".sources, .code, .keys dt, canvas")) one.remove();
    return [...main.querySelectorAll("*")].map((one) => (one.children.length ? "" : one.textContent)).join(" ");
  });
  const names = /Synod|Raft|Multi-Paxos|Paxos|Gossip|Rust|WebAssembly|NWR|ZAB|PBFT/gi;
  assert.equal(words.replace(names, "").match(/[A-Za-z]{3,}( [A-Za-z]{3,})*/)?.[0], undefined);
  assert.equal(await page.title(), "Synod：看机器如何达成一致");
  assert.deepEqual(errors, []);
  await context.close();
});

test("the hero is acted on by keys, and paused", async () => {
  const { page, context, errors } = await open();
  const began = await page.evaluate(() => window.synodHome.sim.now);
  await page.waitForFunction((began) => window.synodHome.sim.now > began + 1, began);
  await page.click("#pause");
  assert.equal(await page.evaluate(() => window.synodHome.playing), false);
  await page.locator('.mirror [data-target="E"]').focus();
  await page.keyboard.press("Enter");
  await page.click('[data-input="crash E"]');
  assert.equal(
    await page.evaluate(() => window.synodHome.sim.frame(0).nodes.find((one) => one.name === "E").status),
    "crashed",
  );
  assert.deepEqual(errors, []);
  await context.close();
});

test("axe finds nothing in home, with its menu and its search open, light and dark", async () => {
  for (const [colorScheme, width, height] of [
    ["light", 1280, 800],
    ["dark", 390, 844],
  ]) {
    const { page, context } = await open({
      colorScheme,
      viewport: { width, height },
      reducedMotion: "reduce",
      kept: done(every.slice(0, 10)),
    });
    const judge = async (name) => {
      const { violations } = await axeOn(page).analyze();
      const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
      assert.deepEqual(told, [], `${name} ${colorScheme} ${width}`);
    };
    await judge("home");
    if (width < 760) {
      await page.click("#menu");
      await judge("menu");
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("/");
    await page.waitForSelector("#find[open]");
    await judge("find");
    await context.close();
  }
});
