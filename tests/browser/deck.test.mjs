// A lesson as a deck for a class: turned by keys, followed by its notes in another window, and printed two a page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const address = (rest) => site.url.replace("lab.html", rest);

async function present(rest, options = {}) {
  const context = await site.browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(address(rest));
  await page.waitForFunction(() => window.synodStory && document.querySelector(".deck-foot"));
  return { page, context, errors };
}

const step = (page) => page.evaluate(() => window.synodStory.step);
const at = (page, n) => eventually(async () => assert.equal(await step(page), n));

test("keys turn the deck, blank it, answer, and leave it; the address says what it is", async () => {
  const { page, context, errors } = await present("lesson.html#lesson=raft/elect&lang=en&present");
  for (const hidden of ["#app > header", ".under", ".ways", ".try"])
    assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  const [words, stage] = [await page.locator(".words").boundingBox(), await page.locator("#stage").boundingBox()];
  assert.ok(stage.width > 700 && stage.height > 700, `the stage is ${stage.width} x ${stage.height}`);
  assert.ok(words.x + words.width <= stage.x, "nothing lies over the stage");
  const size = await page
    .locator(".say")
    .first()
    .evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
  assert.ok(size >= 32, `type of ${size} px`);
  await page.keyboard.press("ArrowRight");
  await at(page, 1);
  await eventually(async () => assert.match(page.url(), /step=waiting.*&present$/));
  // The second step asks: a digit answers, as the class did.
  await page.keyboard.press("2");
  await counts(page.locator(".answer.wrong"), 1);
  await counts(page.locator(".answer.right"), 1);
  await page.keyboard.press("b");
  assert.equal(await page.locator(".deck-blank").isVisible(), true);
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator(".deck-blank").isVisible(), false);
  assert.equal(await step(page), 1, "what was blank is shown first");
  await page.keyboard.press("Space");
  await at(page, 2);
  await page.keyboard.press("ArrowLeft");
  await at(page, 1);
  await page.keyboard.press("Escape");
  await eventually(async () => assert.equal(await page.locator(".ways").isVisible(), true));
  assert.equal(await page.locator(".deck-foot").count(), 0);
  assert.equal(await step(page), 1, "it is left where it was");
  await eventually(async () => assert.doesNotMatch(page.url(), /present/));
  // Keys mean again what they mean in a lesson.
  await page.keyboard.press("b");
  assert.equal(await page.locator(".deck-blank").count(), 0);
  // From the menu it begins again.
  await page.click("#contents");
  await page.click("#present");
  await page.waitForSelector(".deck-foot");
  assert.deepEqual(errors, []);
  await context.close();
});

for (const [lang, question, answer] of [
  ["en", /Whose timeout runs out first\?/, /✓ A/],
  ["zh", /谁会最先超时？/, /✓ A/],
])
  test(`the notes say what to ask and what to expect, and turn the deck, in ${lang}`, async () => {
    const { page, context, errors } = await present(`lesson.html#lesson=raft/elect&step=waiting&lang=${lang}&present`);
    const opening = context.waitForEvent("page");
    await page.keyboard.press("n");
    const notes = await opening;
    const said = () => notes.locator(".parts").textContent();
    await eventually(async () => assert.match(await said(), question));
    await eventually(async () => assert.match(await said(), answer));
    const right = await page.evaluate(() => window.synodStory.lesson.right(window.synodStory.run, 1));
    assert.equal(right, 0);
    assert.equal(await page.locator(".answer.right").count(), 0, "the class does not see it");
    const whys = await page.evaluate(
      (lang) => window.synodStory.plan.steps[1].ask.answers.flatMap((one) => one.why?.[lang] ?? []),
      lang,
    );
    assert.ok(whys.length >= 2);
    for (const why of whys) assert.ok((await said()).includes(why), why);
    // Turned in either window, the other follows.
    await notes.keyboard.press("ArrowRight");
    await at(page, 2);
    const next = await page.evaluate((lang) => window.synodStory.plan.steps[2].name[lang], lang);
    await eventually(async () => assert.ok((await notes.locator("h1").textContent()).includes(next)));
    await page.bringToFront();
    await page.keyboard.press("ArrowLeft");
    await eventually(async () => assert.match(await said(), question));
    await page.keyboard.press("Escape");
    await eventually(async () => assert.doesNotMatch(await said(), question));
    assert.deepEqual(errors, []);
    await context.close();
  });

test("on paper there is a picture of every step, two a page, in ink on white, and the stage is as it was", async () => {
  const { page, context, errors } = await present(
    "lesson.html#lesson=raft/elect&step=votes&lang=en&theme=dark&present",
  );
  const before = await page.evaluate(() => window.synodStory.run.now);
  const steps = await page.evaluate(() => window.synodStory.plan.steps.map((one) => one.name.en));
  await page.evaluate(() => {
    window.addEventListener("beforeprint", () => {
      window.printed = [...document.querySelectorAll(".handout figure")].map((figure) => {
        const canvas = figure.querySelector("canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let drawn = 0;
        let light = 0;
        for (let i = 0; i < data.length; i += 4) {
          if (!data[i + 3]) continue;
          drawn += 1;
          if (data[i] + data[i + 1] + data[i + 2] > 600) light += 1;
        }
        return { name: figure.querySelector("h2").textContent, said: figure.textContent, drawn, light };
      });
    });
  });
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const printed = await page.evaluate(() => window.printed);
  assert.deepEqual(
    printed.map(({ name }) => name),
    steps.map((name, n) => `${n + 1} ${name}`),
  );
  for (const { name, drawn } of printed) assert.ok(drawn > 5000, `${name} is drawn`);
  assert.equal(new Set(printed.map(({ drawn, light }) => `${drawn} ${light}`)).size, printed.length, "each is its own");
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.equal(pages, Math.ceil(steps.length / 2));
  assert.equal(await page.evaluate(() => window.synodStory.run.now), before);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await counts(page.locator(".handout"), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a lesson that nobody presents loads nothing of it", async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(address("lesson.html#lesson=raft/elect&lang=en"));
  await page.waitForFunction(() => window.synodStory && document.querySelector("a.term"));
  assert.ok(!asked.some((path) => /present\.css|notes/.test(path)), asked.join());
  await context.close();
});
