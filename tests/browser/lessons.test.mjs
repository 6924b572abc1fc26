// Lessons of every course, as a reader goes through them: in both languages, forwards and back, by keyboard,
// mouse and touch.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { EVERY, axeOn, eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const courses = JSON.parse(await readFile(new URL("../../dist/lessons/index.json", import.meta.url), "utf8"));
const lessons = courses.flatMap((course) => course.lessons);

async function open(id, options = {}) {
  // Whoever comes to a step is not asked about an earlier lesson first: quiz.test.mjs has that.
  const { lang = "en", step = "1", ...rest } = options;
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, ...rest });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${site.url.replace("lab.html", "lesson.html")}#lesson=${id}&lang=${lang}&step=${step}`);
  await page.waitForFunction(() => window.synodStory && document.querySelector(".say")?.textContent);
  return { page, context, errors };
}

const look = (page) =>
  page.evaluate(() => {
    const { step, trying, lab, mark, plan } = window.synodStory;
    return {
      step,
      trying,
      playing: lab.playing,
      settled: lab.sim.now === mark.until,
      steps: plan.steps.length,
      print: lab.sim.fingerprint(),
    };
  });

/** One press completes what plays; should it have ended by itself before the press came, the press went on, and one Back returns. */
async function complete(page, press = () => page.keyboard.press("ArrowRight")) {
  const { step, playing } = await look(page);
  if (playing) await press();
  if ((await look(page)).step !== step) await page.keyboard.press("ArrowLeft");
}

/** Words that stay as they are in Chinese: names, commands, terms of the field. */
const SAME =
  /\b(read index|ShiViz|Multi Paxos|Paxos Made Simple|Notes on Data Base Operating Systems|Consensus on Transaction Commit|set [a-z]|(?:get|put|delete) [a-z]+|add [a-z]|cas [a-z]|propose [a-z]+)\b/gi;
const english = (text) => text.replace(SAME, " ").match(/\b[a-z]{2,} [a-z]{2,}\b/i)?.[0];

/** What the page says of steps to come while a question is open: their names, and links or tasks that lead on. */
const givenAway = (page) =>
  page.evaluate(() => {
    const { plan, step, answered, lab } = window.synodStory;
    if (!plan.steps[step].ask || answered) return [];
    const ways = [...document.querySelectorAll(".links, .task")].map((one) => one.className);
    const names = [...document.querySelectorAll("nav.steps a")].slice(step + 1);
    const told = names.flatMap((one) => [one.textContent, one.title, one.getAttribute("aria-label") ?? ""]);
    return [...ways, ...told.filter((one) => /\D/.test(one)), ...(lab.playing ? ["it plays"] : [])];
  });

/** Goes through a lesson; in one language also back, where everything is as it was going forwards. */
async function walk(lesson, lang) {
  const { page, context, errors } = await open(lesson.id, { lang });
  const prints = [];
  const { steps } = await look(page);
  for (let n = 0; n < steps; n++) {
    await complete(page);
    const now = await look(page);
    assert.equal(now.step, n, `${lesson.id}: one press, one step`);
    assert.ok(now.settled && !now.playing, `${lesson.id} step ${n} is complete`);
    prints.push(now.print);
    // The names are drawn with the frame after the question is there.
    await eventually(async () =>
      assert.deepEqual(await givenAway(page), [], `${lesson.id} step ${n} asks, and its page answers`),
    );
    if (lang === "zh") {
      await page.waitForFunction((n) => document.querySelector(".place")?.textContent.includes(` ${n + 1} `), n);
      if (n === steps - 1) await page.waitForSelector("#open-in-lab");
      const words = await page.locator("#app").textContent();
      assert.equal(english(words), undefined, `${lesson.id} step ${n} speaks English`);
    }
    if (n < steps - 1) await page.keyboard.press("ArrowRight");
  }
  for (let n = steps - 2; n >= 0 && lang === "zh"; n--) {
    await page.keyboard.press("ArrowLeft");
    const now = await look(page);
    assert.deepEqual([now.step, now.print], [n, prints[n]], `${lesson.id}: back at step ${n}`);
  }
  assert.deepEqual(errors, [], lesson.id);
  await context.close();
}

/** As many lessons at once; each has a page of its own. */
const AT_ONCE = 2;

const runsTwice = async ({ id }) =>
  Boolean(JSON.parse(await readFile(new URL(`../../dist/lessons/${id}.json`, import.meta.url), "utf8")).without);
const twice = new Set(
  (await Promise.all(lessons.map(async (one) => ((await runsTwice(one)) ? one : null)))).filter(Boolean),
);

function walked(name, all, lang) {
  test(name, async () => {
    const rest = [...all];
    const one = async () => {
      for (let lesson = rest.shift(); lesson; lesson = rest.shift()) await walk(lesson, lang);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  });
}

/** All lessons in both languages with `cargo xtask test --all`; else one in so many, and another in Chinese. */
const ONE_IN = 8;
const some = (all, from = 0) => all.filter((_, n) => EVERY || n % ONE_IN === from);

// What each lesson says and shows is judged natively; what is written on its stage by `room.test.mjs`.
for (const course of courses) {
  const once = course.lessons.filter((one) => !twice.has(one));
  walked(`${course.id} in en`, some(once), "en");
  walked(`${course.id} in zh: forwards and back`, some(once, ONE_IN / 2), "zh");
  // A lesson that runs twice is walked in one language, there and back.
  const both = course.lessons.filter((one) => twice.has(one));
  if (both.length) walked(`${course.id} in zh: what runs without a rule, and with it`, some(both), "zh");
}

test("by mouse: on, back, a question, out of the story and back", async () => {
  const { page, context, errors } = await open("raft/leader-dies", { step: "crash" });
  await complete(page, () => page.click("#continue"));
  await page.click('[data-answer="0"]');
  await page.waitForSelector(".answer.right");
  await eventually(async () => assert.match(await page.textContent(".verdict"), /Yes/));
  await page.click("#continue");
  assert.equal((await look(page)).step, 2);
  await page.click("#back");
  const before = await look(page);
  assert.equal(before.step, 1);
  await page.click("#try-it");
  const box = await page.locator('.mirror [data-target="B"]').boundingBox();
  await page.mouse.click(box.x + 22, box.y + 22);
  await page.click('[data-input="crash B"]');
  const own = await look(page);
  assert.equal(own.trying, true);
  assert.notEqual(own.print, before.print);
  await page.click("#continue");
  const back = await look(page);
  assert.deepEqual([back.trying, back.step, back.print], [false, 1, before.print]);
  assert.deepEqual(errors, []);
  await context.close();
});

test("where the right answer stands tells nothing", async () => {
  const asked = ["raft/leader-dies crash", "paxos/duel four", "raft/one-vote fall", "raft/split-vote four"];
  const places = [];
  for (const [lesson, step] of asked.map((one) => one.split(" "))) {
    const { page, context } = await open(lesson, { step, reducedMotion: "reduce" });
    await page.locator("[data-answer]").first().waitFor();
    places.push(await page.locator("[data-answer]").evaluateAll((all) => all.map((one) => one.dataset.answer).join()));
    await context.close();
  }
  assert.ok(new Set(places).size > 1, `answers stand as they were written: ${places.join("; ")}`);
});

test("acting on the stage leaves the story by itself", async () => {
  const { page, context } = await open("raft/elect", { step: "steady" });
  await complete(page);
  await page.locator('.mirror [data-target="C"]').focus();
  await page.keyboard.press("Enter");
  await page.click('[data-input="crash C"]');
  assert.equal((await look(page)).trying, true);
  await page.keyboard.press("Escape");
  assert.equal((await look(page)).trying, false);
  await context.close();
});

test("a task is judged: done by its solution, refused for other inputs", async () => {
  const { page, context } = await open("raft/elect", { step: "steady" });
  await complete(page);
  const bounds = (like) => eventually(async () => assert.match(await page.textContent(".task .bounds"), like));
  await bounds(/^You may: .*fire a timer.*; \d acts? at most, within [\d.]+ s\.$/);
  await page.click("#task");
  await page.evaluate(() => {
    window.synodStory.lab.sim.inject("fire B election");
    window.synodStory.lab.rate = 1;
    window.synodStory.lab.playing = true;
    window.synodStory.lab.listeners.forEach((listener) => listener());
  });
  await page.waitForSelector(".verdict.done");
  await bounds(/^It took 1 of \d acts?, and [\d.]+ of [\d.]+ s\.$/);
  await page.click(".task .btn");
  await page.evaluate(() => {
    window.synodStory.lab.sim.inject("loss 10%");
    window.synodStory.lab.listeners.forEach((listener) => listener());
  });
  await page.waitForSelector(".verdict.spent");
  await context.close();
});

test("a wrong answer says why, and plays what it would take as another future", async () => {
  const { page, context, errors } = await open("paxos/duel", { step: "four", reducedMotion: "reduce" });
  const { print } = await look(page);
  await page.click('[data-answer="0"]');
  await page.waitForSelector(".answer.wrong");
  await eventually(async () => assert.match(await page.textContent(".ask .verdict"), /No\. Whenever P1 proposes/));
  await page.click("#see-it");
  await page.waitForSelector(".ahead .acts");
  assert.equal(await page.textContent(".ahead .acts"), "P2 crashes.");
  assert.equal(await page.isVisible(".say >> nth=0"), false, "the words of the story are away");
  await page.waitForFunction(() => window.synodStory.future?.over);
  const learner = await page.evaluate(() => window.synodStory.lab.frame.nodes.find((one) => one.name === "L1"));
  assert.match(JSON.stringify(learner.fields), /olive/);
  await page.click("#continue");
  assert.deepEqual([(await look(page)).print, (await look(page)).trying], [print, false]);
  await page.waitForSelector(".answer.wrong");
  assert.deepEqual(errors, []);
  await context.close();
});

test("two failures give a hint, and then the solution, which is not taken for the reader's", async () => {
  const { page, context, errors } = await open("raft/elect", { step: "steady", reducedMotion: "reduce" });
  for (const n of [0, 1]) {
    assert.equal(await page.locator("#see-solution").count(), 0, `after ${n}`);
    await page.click("#task");
    await page.evaluate(() => {
      window.synodStory.lab.sim.inject("loss 10%");
      window.synodStory.lab.listeners.forEach((listener) => listener());
    });
    await page.waitForSelector(".verdict.spent");
  }
  await page.waitForSelector(".task .hint");
  await page.click("#see-solution");
  await page.waitForFunction(() => window.synodStory.future?.over);
  await page.waitForFunction(() =>
    window.synodStory.lab.frame.nodes.some((one) => one.name === "B" && one.role === "leader"),
  );
  assert.equal(await page.locator(".verdict.done").count(), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

test("what is announced is told, and what came of it when it has happened", async () => {
  const { page, context } = await open("raft/figure-8", { step: "b" });
  assert.deepEqual(
    await page.evaluate(() => {
      const { lab, mark } = window.synodStory;
      return [lab.playing, lab.sim.now < mark.told];
    }),
    [true, true],
  );
  assert.equal(await page.isVisible(".say.then"), false);
  await page.waitForSelector(".say.then", { state: "visible" });
  assert.equal(await page.isVisible(".say >> nth=0"), true);
  await context.close();
});

test("a lesson without a rule breaks it, and with it does not, there and back", async () => {
  const { page, context, errors } = await open("raft/one-vote", { step: "fall", reducedMotion: "reduce" });
  const { print } = await look(page);
  await page.waitForSelector(".broken-rules s", { state: "visible" });
  await page.waitForSelector(".breach:not([hidden])");
  await page.click('.answer:has-text("B leads")');
  await page.waitForSelector(".answer.wrong");
  assert.equal((await look(page)).print, print, "the answer is computed in the other run, and this one stands");
  await page.click("#continue");
  await page.waitForFunction(() => window.synodStory.step === 2);
  await page.waitForSelector(".breach[hidden]", { state: "attached" });
  assert.equal(await page.isVisible(".broken-rules s"), false);
  assert.deepEqual(await page.evaluate(() => window.synodStory.lab.violations), []);
  await page.click("#back");
  assert.equal((await look(page)).print, print);
  await page.waitForSelector(".broken-rules s", { state: "visible" });
  assert.deepEqual(errors, []);
  await context.close();
});

test("what breaks on the way is a part of a step, which is told to its end", async () => {
  const { page, context, errors } = await open("three-phase-commit/the-cut", { step: "commit" });
  await page.waitForFunction(() => !window.synodStory.lab.playing);
  const { now, until, broke, state } = await page.evaluate(() => {
    const { lab, mark } = window.synodStory;
    const state = lab.frame.nodes.find((one) => one.name === "P1").state.id;
    return { now: lab.sim.now, until: mark.until, broke: lab.violations[0].time, state };
  });
  assert.ok(broke < until, "the property breaks while it is still written down");
  assert.deepEqual([now, state], [until, "committed"]);
  assert.deepEqual(errors, []);
  await context.close();
});

test("by touch, on a phone: taps and swipes", async () => {
  const { page, context, errors } = await open("raft/elect", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const swipe = async (from, to) => {
    const client = await context.newCDPSession(page);
    const at = (x) => [{ x, y: 560 }];
    await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(from) });
    await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at((from + to) / 2) });
    await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(to) });
    await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  await page.waitForFunction(() => !window.synodStory.lab.playing);
  await page.tap("#continue");
  await page.waitForFunction(() => window.synodStory.step === 1);
  await complete(page, () => page.tap("#continue"));
  await swipe(320, 60);
  await page.waitForFunction(() => window.synodStory.step === 2);
  await swipe(60, 320);
  await page.waitForFunction(() => window.synodStory.step === 1);
  for (const id of ["#continue", "#back", "#contents", "#play"]) {
    const box = await page.locator(id).boundingBox();
    assert.ok(box.width >= 40 && box.height >= 40, `${id} is ${box.width} by ${box.height}`);
  }
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    true,
    "nothing runs off the side",
  );
  assert.deepEqual(errors, []);
  await context.close();
});

test("the contents link to every lesson and step", async () => {
  const { page, context } = await open("raft/elect");
  await page.click("#contents");
  await page.waitForSelector("dialog.contents a");
  const links = await page
    .locator("dialog.contents a")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  for (const lesson of lessons)
    assert.ok(
      links.some((href) => href.startsWith(`lesson.html#lesson=${lesson.id}&`)),
      lesson.id,
    );
  await page.click('dialog.contents a[href*="step=leads"]');
  await page.waitForFunction(() => window.synodStory.plan.steps[window.synodStory.step].id === "leads");
  await context.close();
});

test("the last step opens its end in the lab", async () => {
  const { page, context } = await open("raft/log", { step: "many" });
  await complete(page);
  const { print } = await look(page);
  await page.click("#open-in-lab");
  await page.waitForFunction(() => window.synodLab);
  assert.equal(await page.evaluate(() => window.synodLab.sim.fingerprint()), print);
  await context.close();
});

test("the last step leads to the next lesson", async () => {
  const { page, context } = await open("raft/elect", { step: "steady", reducedMotion: "reduce" });
  await page.waitForFunction(() => document.querySelector("#continue").textContent === "Next lesson");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => window.synodStory?.plan.id === "raft/leader-dies");
  await context.close();
});

test("with reduced motion nothing travels, and each press is a step", async () => {
  const { page, context } = await open("raft/elect", { reducedMotion: "reduce" });
  for (let n = 1; n < 4; n++) {
    await page.keyboard.press("ArrowRight");
    const now = await look(page);
    assert.deepEqual([now.step, now.playing], [n, false]);
  }
  await context.close();
});

test("the name of the present step is in sight at every step", async () => {
  // Names that a question hides make the row short, and those that come back make it long again.
  const { page, context } = await open("raft/restriction", { reducedMotion: "reduce" });
  const { steps } = await look(page);
  for (let n = 0; n < steps; n++) {
    await page.waitForFunction((n) => window.synodStory.step === n, n);
    await eventually(async () => {
      const [row, here] = await page.evaluate(() =>
        [".steps", ".steps .here"].map((one) => document.querySelector(one).getBoundingClientRect().toJSON()),
      );
      assert.ok(here.left >= row.left - 1 && here.right <= row.right + 1, `step ${n + 1}`);
    });
    if (n < steps - 1) await page.keyboard.press("ArrowRight");
  }
  await context.close();
});

test("axe finds nothing in a lesson, the snippets and a frame, light and dark", async () => {
  for (const [path, ready] of [
    ["lesson.html#lesson=raft/leader-dies&step=crash", "synodStory"],
    ["own.html", null],
    ["embed.html#lesson=raft/elect", "synodFigure"],
    ["embed.html#protocol=paxos", "synodFigure"],
  ]) {
    for (const [colorScheme, viewport] of [
      ["light", { width: 1280, height: 800 }],
      ["dark", { width: 390, height: 844 }],
    ]) {
      const context = await site.browser.newContext({ colorScheme, viewport, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(site.url.replace("lab.html", path));
      await page.waitForFunction((name) => (name ? window[name] : document.querySelector("main.own")), ready);
      await page.waitForTimeout(300);
      const { violations } = await axeOn(page).analyze();
      const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
      assert.deepEqual(told, [], `${path} ${colorScheme} ${viewport.width}`);
      await context.close();
    }
  }
});

test("every link that a lesson gives leads to what it says", async () => {
  const { page, context } = await open("raft/elect");
  const links = await page.evaluate(
    async (ids) => {
      const all = await Promise.all(ids.map((id) => fetch(`lessons/${id}.json`).then((response) => response.json())));
      return [
        ...new Set(all.flatMap((lesson) => lesson.steps.flatMap((step) => (step.link?.to ? [step.link.to] : [])))),
      ];
    },
    lessons.map((lesson) => lesson.id),
  );
  assert.ok(links.length >= 5);
  for (const link of links) {
    await page.goto("about:blank");
    await page.goto(site.url.replace("lab.html", `${link}&lang=en`));
    await page.waitForFunction(() => window.synodLab || window.synodPair || window.synodHistory);
    const told = await page.evaluate(() =>
      [...document.querySelectorAll(".toast")].filter((one) => !one.hidden).map((one) => one.textContent),
    );
    assert.deepEqual(told, [], link);
  }
  await context.close();
});
