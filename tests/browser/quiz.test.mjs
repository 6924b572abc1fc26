// Quizzes: what is asked is judged by the module and seen on the stage, nothing gives it away, later lessons look back,
// and home says what is due by the clock of the page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { dayOf, mixed } from "../../www/quiz/order.js";
import { EVERY, axeOn, counts, eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const at = (path) => new URL(path, site.url).href;
const data = async (name) =>
  JSON.parse(await readFile(new URL(`../../dist/quizzes/${name}.json`, import.meta.url), "utf8"));
const { courses, before: looks } = await data("index");
const ids = Object.keys(courses);
const DAY = 86_400_000;
const NOON = Date.UTC(2031, 4, 5, 12);

/** A page at a time of its own, with what the device has kept. */
async function open(path, { now = NOON, kept = {}, ready = () => window.synodQuiz?.().stage, ...options } = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en", ...options });
  const page = await context.newPage();
  const [errors, fetched] = [[], []];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname.slice(1)));
  await page.addInitScript(
    ({ now, kept }) => {
      Date.now = () => now;
      for (const [key, value] of Object.entries(kept))
        if (!localStorage.getItem(key)) localStorage.setItem(key, JSON.stringify(value));
    },
    { now, kept },
  );
  await page.goto(at(path));
  await page.waitForFunction(ready);
  return { page, context, errors, fetched };
}

const remembered = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("synod-questions") ?? "{}"));
const asked = (page) => page.evaluate(() => window.synodQuiz().questions[window.synodQuiz().at]);
/** The right answer is the one that need not say why it is wrong: lessons are played natively to see to that. */
const rightOf = ({ ask }) => ask.answers.findIndex((one) => !one.why);
const answered = (page) => page.waitForSelector("#on");
const choose = (page, place) => page.click(`.asked [data-answer="${place}"]`);

/** The module that keeps, as it is written: the built page has it in a bundle. */
async function keptOf(page) {
  await page.route("**/www-source/**", (route) => {
    const name = new URL(route.request().url()).pathname.split("/www-source/")[1];
    const from = name.startsWith("pkg/") ? "../../dist/" : "../../www/";
    const path = fileURLToPath(new URL(from + name, import.meta.url));
    return route.fulfill({ path, contentType: "text/javascript" });
  });
  return page.evaluateHandle(() => import(new URL("www-source/quiz/kept.js", document.baseURI).href));
}

test("an order is the same for a word, and another for another", () => {
  const list = Array.from({ length: 10 }, (_, n) => String(n));
  const orders = ["1", "2", "3", dayOf(NOON)].map((word) => mixed(list, word, (one) => one).join());
  assert.equal(new Set(orders).size, orders.length);
  assert.equal(orders[0], mixed(list, "1", (one) => one).join());
  assert.equal(Number(dayOf(NOON + DAY)), Number(dayOf(NOON)) + 1);
  // Every place is the first about as often as any.
  const firsts = Array.from({ length: 900 }, (_, n) => mixed(["a", "b", "c"], `word ${n}`, (one) => one)[0]);
  for (const one of ["a", "b", "c"]) {
    const share = firsts.filter((first) => first === one).length;
    assert.ok(share > 230 && share < 370, `${one} is first in ${share} of 900`);
  }
});

test("a known question comes back later each time, and a wrong answer begins again", async () => {
  const { page, context } = await open("index.html#lang=en", { ready: () => window.synodHome });
  const kept = await keptOf(page);
  const told = await kept.evaluate((module) => {
    const DAY = 86_400_000;
    const days = [];
    let now = 1_000 * DAY;
    module.answered("a/one", false, now);
    for (const wait of [1, 1, 3, 7, 21, 60, 60]) {
      const before = module.due(["a/one", "a/two"], now + wait * DAY - 1);
      now += wait * DAY;
      days.push([before.length, module.due(["a/one", "a/two"], now).length]);
      // Once more on the same day tells nothing new.
      for (const _ of "..") module.answered("a/one", true, now);
    }
    module.answered("a/one", false, now + 5);
    const again = module.readAll().get("a/one");
    // A clock that was a year ahead keeps nothing away for a year.
    module.answered("a/three", true, now + 365 * DAY);
    const ahead = module.due(["a/three"], now);
    module.forget();
    return { days, again, ahead, left: module.readAll().size };
  });
  assert.deepEqual(told.days, Array(7).fill([0, 1]));
  assert.deepEqual([told.again.days, told.again.right], [1, false]);
  assert.deepEqual([told.ahead, told.left], [["a/three"], 0]);
  await context.close();
});

test("a store that is refused, or holds something else, is no error", async () => {
  const refused = () =>
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("refused", "SecurityError");
      },
    });
  const holds = (text) => `localStorage.setItem("synod-questions", ${JSON.stringify(text)})`;
  const sound = `{"a/one":[1,3,1]}`;
  for (const [spoil, size] of [
    [refused, 0],
    [holds("{"), 0],
    [holds("[[1],2]"), 0],
    [holds(`{"a/one":[1,2,1],"a/two":{"at":1},"a/three":["x",1,1],"a/four":[1,1]}`), 0],
    [holds(sound), 1],
  ]) {
    const context = await site.browser.newContext({ locale: "en" });
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.addInitScript(spoil);
    await page.goto(at("index.html"));
    await page.waitForFunction(() => window.synodHome);
    const kept = await keptOf(page);
    assert.equal(await kept.evaluate((module) => module.readAll().size), size, String(spoil));
    await kept.evaluate((module) => module.answered("a/two", true));
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test("nothing gives an open question away", async () => {
  const { page, context, errors } = await open("quiz.html#course=raft&lang=en&seed=1");
  for (let n = 0; n < 4; n++) {
    await page.waitForFunction((n) => window.synodQuiz().at === n && window.synodQuiz().stage, n);
    const question = await asked(page);
    const body = await page.evaluate(() => document.querySelector("#app").textContent);
    await counts(page.locator(".right, .wrong"), n, "marks of those before alone");
    assert.equal(await page.locator('main a, [aria-pressed="true"], #on').count(), 0);
    for (const { why } of question.ask.answers) assert.ok(!why || !body.includes(why.en), why?.en);
    // The stage stands before the step that shows it, and no later one has been told.
    const { step, plan, playing } = await page.evaluate(() => {
      const { story } = window.synodQuiz().stage;
      return { step: story.step, plan: story.plan.steps.map((one) => one.id), playing: story.lab.playing };
    });
    assert.deepEqual([plan[step + 1], playing], [question.step, false]);
    await choose(page, rightOf(question));
    await answered(page);
    await page.keyboard.press("ArrowRight");
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test("questions and options stand in an order of the day", async () => {
  const orders = [];
  for (const seed of ["1", "1", "2"]) {
    const { page, context } = await open(`quiz.html#course=raft&lang=en&seed=${seed}`);
    const options = page.locator(".asked [data-answer]");
    const first = await options.evaluateAll((all) => all.map((one) => one.dataset.answer).join());
    orders.push(await page.evaluate((first) => window.synodQuiz().questions.map((one) => one.id) + first, first));
    await context.close();
  }
  assert.equal(orders[0], orders[1]);
  assert.notEqual(orders[1], orders[2]);
});

/** Answers a whole quiz, one answer in two wrongly. */
async function walked(course, lang) {
  const { page, context, errors } = await open(`quiz.html#course=${course}&lang=${lang}`, { reducedMotion: "reduce" });
  const of = courses[course].questions.length;
  let wrong = 0;
  for (let n = 0; n < of; n++) {
    await page.waitForFunction((n) => window.synodQuiz().at === n && window.synodQuiz().stage, n);
    const question = await asked(page);
    const right = rightOf(question);
    const place = n % 2 ? right : (right + 1) % question.ask.answers.length;
    await choose(page, place);
    await answered(page);
    const [verdict, computed] = await page.evaluate(() => [
      document.querySelector(".verdict").textContent,
      window.synodQuiz().answered.right,
    ]);
    assert.equal(computed, right, `${question.id}: the module judges otherwise than the native player`);
    if (place !== right) assert.ok(verdict.includes(question.ask.answers[place].why[lang]), question.id);
    wrong += place === right ? 0 : 1;
    // It is seen: the stage stands at the end of the step.
    const step = await page.evaluate(
      () => window.synodQuiz().stage.story.plan.steps[window.synodQuiz().stage.story.step],
    );
    assert.equal(step.id, question.step);
    assert.ok(
      (await page.getAttribute("#see-step", "href")).includes(`lesson=${question.lesson}&step=${question.step}`),
    );
    assert.equal((await remembered(page))[question.id][2], place === right ? 1 : 0);
    await page.click("#on");
  }
  await page.waitForSelector(".went");
  await counts(page.locator(".gone .wrong"), wrong);
  await counts(page.locator(".gone a"), of);
  assert.deepEqual(errors, []);
  return { page, context, wrong };
}

const walks = EVERY ? ids : ids.filter((_, n) => n % 4 === 1);
walks.forEach((course, n) => {
  const lang = n % 2 ? "en" : "zh";
  test(`the quiz of ${course} in ${lang}: judged by the module, seen, kept and summed up`, async () => {
    const { page, context, wrong } = await walked(course, lang);
    // Those that went wrong are asked again, and they alone.
    await page.click("#again");
    await page.waitForFunction(() => window.synodQuiz().stage);
    assert.equal(await page.evaluate(() => window.synodQuiz().questions.length), wrong);
    await context.close();
  });
});

test("a quiz is answered by keys, says its words in either language, and is accessible", async () => {
  const { page, context, errors } = await open("quiz.html#course=raft&lang=en&seed=3");
  const question = await asked(page);
  await page.keyboard.press("9");
  assert.equal(await page.locator("#on").count(), 0, "there is no ninth");
  await page.keyboard.press("2");
  await answered(page);
  const second = await page.locator(".asked [data-answer]").nth(1).getAttribute("aria-pressed");
  assert.equal(second, "true");
  await page.keyboard.press("1");
  await counts(page.locator('.asked [aria-pressed="true"]'), 1, "it is answered once");
  await page.click("#language");
  await eventually(async () => assert.ok((await page.textContent(".question")).includes(question.ask.says.zh)));
  assert.equal(await page.evaluate(() => document.activeElement.id), "language");
  for (const theme of ["light", "dark"]) {
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    const axe = await axeOn(page).analyze();
    assert.deepEqual(
      axe.violations.map((one) => `${one.id}: ${one.nodes[0].html}`),
      [],
    );
  }
  assert.deepEqual(
    errors.filter((one) => !one.includes("Content Security")),
    [],
  );
  await page.goto("about:blank");
  await page.goto(at("quiz.html#course=nothing&lang=en"));
  await eventually(async () => assert.match(await page.textContent("#failed"), /no quiz called nothing/));
  await context.close();
});

test("a phone has the question in its width", async () => {
  const { page, context } = await open("quiz.html#course=raft&lang=zh&seed=2", {
    viewport: { width: 360, height: 640 },
    hasTouch: true,
  });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await wide(), 360);
  await page.tap('.asked [data-answer="0"]');
  await answered(page);
  assert.equal(await wide(), 360);
  await page.tap("#on");
  await page.waitForFunction(() => window.synodQuiz().at === 1);
  await context.close();
});

const [later, [lookedAt]] = Object.entries(looks).find(([lesson, [id]]) => lesson.split("/")[0] === id.split("/")[0]);
const isRead = () => window.synodStory && document.querySelector(".say")?.textContent;

test("a later lesson looks back first, says why not, and remembers", async () => {
  const { page, context, errors, fetched } = await open(`lesson.html#lesson=${later}&lang=en`, { ready: isRead });
  await page.waitForSelector(".back .asked");
  const [course] = lookedAt.split("/");
  const question = (await data(course)).questions.find((one) => one.id === lookedAt);
  assert.equal(await page.textContent(".back .question"), question.ask.says.en);
  const story = fetched.findIndex((name) => name.startsWith("lessons/"));
  assert.ok(fetched.findIndex((name) => name.startsWith("quizzes/")) > story, "the picture did not wait for it");
  const place = (rightOf(question) + 1) % question.ask.answers.length;
  await choose(page, place);
  await page.waitForSelector("#begin-lesson");
  assert.ok((await page.textContent(".back .verdict")).includes(question.ask.answers[place].why.en));
  assert.equal(await page.locator(".back .answer.right").getAttribute("data-answer"), String(rightOf(question)));
  const href = await page.getAttribute(".back .ways-on a", "href");
  assert.ok(href.includes(`lesson=${question.lesson}&step=${question.step}`), href);
  assert.deepEqual((await remembered(page))[lookedAt], [NOON, 1, 0]);
  await page.click("#begin-lesson");
  assert.equal(await page.locator(".back").count(), 0);
  assert.equal(await page.evaluate(() => window.synodStory.step), 0);
  assert.ok(await page.locator(".say").first().isVisible());
  assert.deepEqual(errors, []);
  await context.close();
});

test("a look back is skipped by one press, and asked of nobody who knows, or who comes to a step", async () => {
  const open1 = (path, kept) => open(path, { ready: isRead, kept });
  const path = `lesson.html#lesson=${later}&lang=zh`;
  for (const key of ["Escape", "ArrowRight", null]) {
    const { page, context } = await open1(path);
    await page.waitForSelector(".back .asked");
    if (key) await page.keyboard.press(key);
    else await page.click("#skip-back");
    await page.waitForSelector(".back", { state: "detached" });
    assert.equal(await page.evaluate(() => window.synodStory.step), 0);
    assert.deepEqual(await remembered(page), {});
    await context.close();
  }
  const known = { "synod-questions": { [lookedAt]: [NOON - DAY / 2, 1, 1] } };
  const done = { "synod-progress": { [later.split("/")[0]]: [later], last: later } };
  for (const [to, kept] of [
    [path, known],
    [path, done],
    [`${path}&step=2`, {}],
  ]) {
    const { page, context, fetched } = await open1(to, kept);
    await eventually(() => assert.ok(fetched.includes("quizzes/index.json")));
    await page.waitForLoadState("networkidle");
    assert.equal(await page.locator(".back").count(), 0, JSON.stringify(kept));
    await context.close();
  }
  // Of another course only what was read is asked about.
  const courseOf = (id) => id.split("/")[0];
  const [beyond, ids] = Object.entries(looks).find(([to, ids]) => ids.every((id) => courseOf(id) !== courseOf(to)));
  const strange = (await data(courseOf(ids[0]))).questions.find((one) => one.id === ids[0]);
  const read = { "synod-progress": { [courseOf(strange.lesson)]: [strange.lesson], last: strange.lesson } };
  for (const [kept, cards] of [
    [{}, 0],
    [read, 1],
  ]) {
    const { page, context, fetched } = await open1(`lesson.html#lesson=${beyond}&lang=en`, kept);
    await eventually(() => assert.ok(fetched.includes("quizzes/index.json")));
    await page.waitForLoadState("networkidle");
    await eventually(async () => assert.equal(await page.locator(".back").count(), cards, beyond));
    await context.close();
  }
  // What is due is asked again.
  const due = { "synod-questions": { [lookedAt]: [NOON - DAY, 1, 1] } };
  const { page, context } = await open1(path, due);
  await page.waitForSelector(".back .asked");
  await context.close();
});

test("the last lesson of a course leads to its quiz", async () => {
  const [course, { last }] = Object.entries(courses)[0];
  const { page, context } = await open(`lesson.html#lesson=${last}&lang=en&step=2`, { ready: isRead });
  await page.waitForSelector("#to-quiz", { state: "attached" });
  assert.ok(await page.locator("#to-quiz").isHidden());
  await page
    .evaluate(() => window.synodStory.plan.steps.length)
    .then(async (steps) => {
      for (let n = 2; n <= 2 * steps; n++) {
        if (await page.locator("#to-quiz").isVisible()) break;
        await page.keyboard.press("ArrowRight");
      }
    });
  await page.click("#to-quiz");
  await page.waitForFunction(() => window.synodQuiz);
  assert.match(page.url(), new RegExp(`quiz\\.html#course=${course}`));
  await context.close();
});

test("home says quietly what is due, leads to it, and forgets on a second press", async () => {
  const [one, two] = courses.raft.questions.map((id) => `raft/${id}`);
  const kept = {
    "synod-questions": { [one]: [NOON - DAY, 1, 1], [two]: [NOON - DAY, 3, 1], "raft/no-such": [0, 1, 1] },
    "synod-progress": { raft: ["raft/elect"], last: "raft/elect" },
  };
  const ready = () => window.synodHome && document.querySelector(".kept");
  const none = await open("index.html#lang=en", { ready });
  assert.ok(await none.page.locator(".kept").isHidden(), "nothing is kept, and nothing is said");
  assert.deepEqual(
    none.fetched.filter((name) => name.startsWith("quizzes/")),
    [],
  );
  await none.context.close();
  const early = await open("index.html#lang=en", { ready, kept, now: NOON - 2 });
  assert.equal(await early.page.locator("[data-due]:visible").count(), 0, "nothing is due yet");
  await early.context.close();
  const { page, context, errors } = await open("index.html#lang=en", { ready, kept });
  assert.match(await page.textContent("[data-due]:visible"), /Due again: 1 question$/);
  assert.match(await page.textContent(".kept"), /1 lesson done, 2 questions answered/);
  await page.click("[data-due]:visible");
  await page.waitForFunction(() => window.synodQuiz?.().stage);
  assert.deepEqual(await page.evaluate(() => window.synodQuiz().questions.map((each) => each.id)), [one]);
  await page.goBack();
  await page.waitForSelector("#forget");
  await page.click("#forget");
  assert.ok(await remembered(page).then((all) => all[one]), "the first press asks");
  await page.click("#forget");
  assert.deepEqual(await remembered(page), {});
  assert.equal(await page.locator(".les .d").count(), 0);
  assert.ok(await page.locator(".kept").isHidden());
  assert.deepEqual(errors, []);
  await context.close();
});

test("home leads to every quiz", async () => {
  const { page, context } = await open("index.html#raft&lang=zh", { ready: () => window.synodHome });
  const cell = page.locator(".les li:last-child a");
  assert.match(await cell.getAttribute("href"), /^quiz\.html#course=raft&lang=zh$/);
  await context.close();
});
