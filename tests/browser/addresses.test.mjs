// Lessons and challenges by addresses of their own: with scripts, without them, and as a chat looks at them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const dist = (path) => readFile(new URL(`../../dist/${path}`, import.meta.url));
const LESSON = "raft/elect";
/** The site may be in any folder of a host. */
const FOLDER = "some/where/";
const at = (path) => site.url.replace("lab.html", `${FOLDER}${path}`);

/** A page of the site in its folder, with the files that it asked for and the errors that it met. */
async function open(path, options = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const [errors, asked] = [[], []];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("response", (one) => one.status() >= 400 && errors.push(`${one.status()} ${one.url()}`));
  await page.route("**/*", (route) => {
    const url = route.request().url();
    asked.push(url.slice(at("").length));
    if (!url.startsWith(at(""))) return route.fulfill({ status: 404, body: "outside" });
    return route.continue({ url: url.replace(FOLDER, "") });
  });
  await page.goto(at(path));
  return { page, context, errors, asked };
}

const step = (page) => page.evaluate(() => window.synodStory.plan.steps[window.synodStory.step].id);
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

test("a lesson runs at its own address, in its language, and keeps it", async () => {
  for (const [folder, lang, title] of [
    ["", "en", "Electing a leader"],
    ["zh/", "zh-CN", "选出领导者"],
  ]) {
    // A reader of the other language asked for this page all the same.
    const { page, context, errors, asked } = await open(`${folder}lessons/${LESSON}.html`, {
      locale: folder ? "en" : "zh-CN",
    });
    await page.waitForFunction(() => window.synodStory && document.querySelector("nav.steps a"));
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    assert.equal(await page.locator("h1").textContent(), title);
    assert.equal(await page.evaluate(() => window.synodStory.plan.id), LESSON);
    const address = at(`${folder}lessons/${LESSON}.html`);
    await page.waitForTimeout(700);
    assert.equal(page.url(), address, "the first step is what the address stands for");
    await page.locator("nav.steps a").nth(2).click();
    await eventually(async () => assert.equal(page.url(), `${address}#step=stand`));
    await page.reload();
    await page.waitForFunction(() => window.synodStory);
    assert.equal(await step(page), "stand", "a link to a step");
    await page.goBack();
    await eventually(async () => assert.equal(await step(page), "followers"));
    assert.deepEqual(errors, []);
    // The stage needs nothing that is there for others.
    const others = asked.filter((path) => /\.(png|xml)$|plain\.css|lessons\/.*\.html/.test(path.split("#")[0]));
    assert.deepEqual([...new Set(others)], [`${folder}lessons/${LESSON}.html`]);
    await context.close();
  }
});

test("what is copied is the address of its own, with what more there is", async () => {
  const { page, context, errors } = await open(`lesson.html#lesson=${LESSON}&lang=zh`);
  await page.waitForFunction(() => window.synodStory && document.querySelector("nav.steps a"));
  const press = () => page.locator("header button:not(#language, #theme, #contents)").first().click();
  const address = at(`zh/lessons/${LESSON}.html`);
  await press();
  await eventually(async () => assert.equal(await copied(page), address));
  await page.locator("nav.steps a").nth(3).click();
  await page.waitForFunction(() => !window.synodStory.lab.playing);
  await press();
  await eventually(async () => assert.equal(await copied(page), `${address}#step=votes`));
  // Behind the address of one lesson another may be asked for, as it ever could.
  await page.goto(`${address}#lesson=paxos/two-phases&lang=en`);
  await page.waitForFunction(() => window.synodStory?.plan.id === "paxos/two-phases");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a challenge runs at its own address, and leads on from there", async () => {
  const { page, context, errors } = await open("zh/challenges/raft/two-leaders.html");
  await page.waitForFunction(() => window.synodPlay && document.querySelector("#copy-link"));
  const address = at("zh/challenges/raft/two-leaders.html");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  await page.click("#copy-link");
  await eventually(async () => assert.equal(await copied(page), address));
  await page.waitForTimeout(700);
  assert.equal(page.url(), address);
  const line = page.locator(".line input");
  for (const text of ["fire A election", "fire B election"]) {
    await line.fill(text);
    await line.press("Enter");
  }
  await page.evaluate(() => {
    window.synodLab.sim.advance(100);
    window.synodLab.listeners.forEach((listener) => listener());
  });
  const next = page.locator(".finished a");
  await next.waitFor();
  await eventually(() => assert.match(page.url(), /two-leaders\.html#run=/));
  await next.click();
  await page.waitForFunction(() => window.synodPlay?.plan.id === "raft/lose-a-write");
  assert.ok(page.url().startsWith(at("challenge.html#challenge=raft/lose-a-write")), page.url());
  assert.deepEqual(errors, []);
  await context.close();
});

test("without scripts the words are there, and lead to each other", async () => {
  const { page, context, errors, asked } = await open(`lessons/${LESSON}.html`, { javaScriptEnabled: false });
  const lesson = JSON.parse(await dist(`lessons/${LESSON}.json`));
  assert.equal(await page.locator("h1").textContent(), lesson.title.en);
  const names = lesson.steps.map((one) => one.name.en);
  assert.deepEqual(await page.locator("main li h2").allTextContents(), names);
  const [told] = await page.locator("main").allTextContents();
  assert.ok(told.includes(lesson.summary.en) && told.includes("It moves to term 1, votes for itself"), told);
  const { y } = await page.locator("h1").boundingBox();
  assert.ok(y < 200, "they are where one looks first");
  await page.click('a[hreflang="zh-CN"]');
  assert.equal(page.url(), at(`zh/lessons/${LESSON}.html`));
  assert.equal(await page.locator("h1").textContent(), lesson.title.zh);
  await page.click("main p:last-child a >> nth=1");
  assert.ok(page.url().startsWith(at("zh/lessons/raft/")), page.url());
  await page.goto(at("index.html"));
  await page.click('a[href="lessons/raft/elect.html"]');
  assert.equal(await page.locator("h1").textContent(), lesson.title.en);
  assert.ok(!asked.some((path) => path.startsWith("pkg/")), "what cannot run is not fetched");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a preview has a picture of the size that it says", async () => {
  const tag = (html, name) => html.match(new RegExp(`property="${name}" content="([^"]*)"`))?.[1];
  for (const page of [
    "index.html",
    `lessons/${LESSON}.html`,
    `zh/lessons/${LESSON}.html`,
    "challenges/raft/two-leaders.html",
  ]) {
    const html = (await dist(page)).toString();
    const picture = tag(html, "og:image");
    assert.ok(picture?.endsWith(".png"), `${page}: ${picture}`);
    assert.ok(tag(html, "og:image:alt"), page);
    assert.match(html, /name="twitter:card" content="summary_large_image"/);
    const beside = page.replace(/[^/]*$/, picture.split("/").at(-1));
    const bytes = await dist(beside);
    assert.equal(bytes.toString("latin1", 1, 4), "PNG", beside);
    const size = ["width", "height"].map((side) => Number(tag(html, `og:image:${side}`)));
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], size, beside);
  }
});
