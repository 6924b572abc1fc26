// Words on demand: terms in a lesson's captions are marked and open their definition, and a page has all of them.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { findTerms, formsOf } from "../../www/terms/find.js";
import { axeOn, counts, eventually, forAll } from "./site.mjs";

const site = forAll({ before, after });
const address = (rest) => site.url.replace("lab.html", rest);
const DIST = new URL("../../dist/", import.meta.url);
const json = async (path) => JSON.parse(await readFile(new URL(path, DIST), "utf8"));

/** A lesson whose terms are marked, standing still. */
async function open(rest, options = {}) {
  const context = await site.browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(address(rest));
  await page.waitForFunction(() => window.synodStory && document.querySelector("a.term"));
  return { page, context, errors };
}

/** What is read of a caption: marks of names and glyphs part it. */
const parts = (caption) => caption.split(/\{(?:\d+:([^}]*)|[^}]*)\}/).flatMap((part) => (part ? [part] : []));

/** The terms that a lesson's captions have in a language, as the page finds them. */
function termsIn(all, lesson, lang) {
  const forms = formsOf(all.terms, lesson.protocol, lang);
  const said = lesson.steps.flatMap((step) => [step.say, step.then, step.more]).filter(Boolean);
  const found = said.flatMap((text) => parts(text[lang]).flatMap((part) => findTerms(part, forms)));
  return new Set(found.map(({ term }) => term.id));
}

test("the page finds in every lesson what the build found", async () => {
  const [all, path] = [await json("terms.json"), await json("path.json")];
  const courses = path.families.flatMap((family) => family.courses);
  const titles = await json("lessons/titles.json");
  const lessons = titles.flatMap((course) => course.lessons.map((one) => one.id));
  const files = (await readdir(new URL("lessons/", DIST), { recursive: true })).filter((name) => name.includes("/"));
  assert.ok(lessons.length > 100 && files.length >= lessons.length, `${lessons.length} lessons`);
  const place = (id) => courses.indexOf(id.split("/")[0]);
  lessons.sort((a, b) => place(a) - place(b));
  const seen = new Map(all.terms.map(({ id }) => [id, []]));
  for (const id of lessons)
    for (const term of termsIn(all, await json(`lessons/${id}.json`), "en"))
      if (seen.get(term).length < 3) seen.get(term).push(id);
  for (const term of all.terms) assert.deepEqual(seen.get(term.id), term.seen, term.id);
});

test("what a term looks like is the longest word, whole, and in its protocol", () => {
  const term = (id, en, zh, of = [], except = []) => ({ id, en, zh, of, except });
  const terms = [
    term("timeout", ["timeout"], ["超时"]),
    term("election-timeout", ["election timeout"], ["选举超时"]),
    term("majority", ["majority"], ["多数派", "多数"], [], ["大多数"]),
    term("cap", ["CAP"], ["CAP"], ["one"]),
  ];
  const ids = (text, lang, protocol = "one") =>
    findTerms(text, formsOf(terms, protocol, lang)).map((one) => `${one.term.id} ${one.from}-${one.to}`);
  assert.deepEqual(ids("Election timeout. Timeout's", "en"), ["election-timeout 0-16", "timeout 18-25"]);
  assert.deepEqual(ids("选举超时，多数派，大多数", "zh"), ["election-timeout 0-4", "majority 5-8"]);
  assert.deepEqual(ids("timeouts caps CAPs non-timeout timeout-like CAP", "en"), ["cap 44-47"]);
  assert.deepEqual(ids("CAP", "zh", "two"), []);
});

test("in the opening sentence of each course, every word of the list is linked", async () => {
  const [all, titles] = [await json("terms.json"), await json("lessons/titles.json")];
  const { page, context, errors } = await open("lesson.html#lesson=raft/elect&lang=en");
  for (const [n, course] of titles.entries()) {
    // Each in one of the languages.
    const lang = n % 2 ? "en" : "zh";
    const { id, protocol } = course.lessons[0];
    const lesson = await json(`lessons/${id}.json`);
    const forms = formsOf(all.terms, protocol, lang);
    const said = [lesson.steps[0].say, lesson.steps[0].more].filter(Boolean);
    const wanted = new Set(
      said
        .flatMap((text) => parts(text[lang]))
        .flatMap((part) => findTerms(part, forms))
        .map((one) => one.term.id),
    );
    await page.goto("about:blank");
    await page.goto(address(`lesson.html#lesson=${id}&lang=${lang}`));
    await page.waitForFunction(() => window.synodStory);
    const linked = () =>
      page.locator(".say a.term, .more a.term").evaluateAll((links) => links.map((one) => one.dataset.term));
    await eventually(async () => assert.deepEqual((await linked()).sort(), [...wanted].sort(), `${id} ${lang}`));
  }
  assert.deepEqual(errors, []);
  await context.close();
});

for (const [lang, word, says, other] of [
  ["en", "majorities", /More than half of all machines/, "多数派"],
  ["zh", "多数派", /超过全体机器/, "majority"],
])
  test(`a term opens by mouse, by key and by touch, and closes again, in ${lang}`, async () => {
    const at = `lesson.html#lesson=raft/elect&step=leads&lang=${lang}`;
    for (const [size, touch] of [
      [{ width: 1280, height: 800 }, false],
      [{ width: 390, height: 844 }, true],
    ]) {
      const { page, context, errors } = await open(at, { viewport: size, hasTouch: touch, isMobile: touch });
      const link = page.locator('a.term[data-term="majority"]');
      await eventually(async () => assert.equal(await link.textContent(), word));
      const card = page.locator(".term-card");
      assert.equal(await card.count(), 0);
      if (touch) await link.tap();
      else await link.click();
      assert.match(await card.textContent(), says);
      assert.match(await card.textContent(), /Paxos Made Simple §2\.2/);
      assert.ok((await card.textContent()).includes(other));
      assert.equal(await link.getAttribute("aria-expanded"), "true");
      const box = await card.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= size.width && box.y >= 0, JSON.stringify(box));
      const ways = (await page.locator(".ways").boundingBox()).y;
      assert.ok(box.y + box.height <= (touch ? ways : size.height), `${box.y + box.height} of ${ways}`);
      const marked = await link.boundingBox();
      assert.ok(box.y >= marked.y + marked.height || box.y + box.height <= marked.y, "the word stays in sight");
      // A press beside it closes it.
      if (touch) await page.touchscreen.tap(box.x + 40, box.y > 200 ? 90 : box.y + box.height + 30);
      else await page.mouse.click(900, 400);
      await counts(card, 0);
      // By key: Enter opens, Escape closes, and leaves the reader where they were.
      await link.focus();
      await page.keyboard.press("Enter");
      assert.equal(await card.getAttribute("role"), "dialog");
      assert.equal(await page.evaluate(() => document.activeElement?.className), "term-card");
      const before = await page.evaluate(() => window.synodStory.step);
      await page.keyboard.press("Escape");
      assert.equal(await card.count(), 0);
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-term")), "majority");
      assert.equal(await page.evaluate(() => window.synodStory.step), before);
      // The story goes on under it: where the word is gone, so is the card.
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowLeft");
      await eventually(async () => assert.equal(await page.evaluate(() => window.synodStory.step), before - 1));
      await counts(card, 0);
      assert.deepEqual(errors, []);
      await context.close();
    }
  });

test("marks change no word, and each term is marked once", async () => {
  for (const lang of ["en", "zh"]) {
    const { page, context } = await open(`lesson.html#lesson=multi-paxos/log&lang=${lang}`);
    const steps = await page.evaluate(() => window.synodStory.plan.steps.length);
    for (let n = 0; n < steps; n++) {
      const read = await page.evaluate(() => ({
        said: [...document.querySelectorAll(".words > .say, .words > .more")].map((one) => one.textContent).join("|"),
        ids: [...document.querySelectorAll("a.term")].map((one) => one.dataset.term),
        inside: document.querySelectorAll("a.term a, .who a, a.term canvas").length,
        spoken: document.querySelector("[role=status].seen-not").textContent,
      }));
      assert.equal(new Set(read.ids).size, read.ids.length, `${n}: ${read.ids}`);
      assert.equal(read.inside, 0);
      const bare = (text) => text.replace(/[\s|]/g, "");
      assert.ok(bare(read.said).startsWith(bare(read.spoken)), `${n}: ${read.said} / ${read.spoken}`);
      if (n === steps - 1) break;
      await page.evaluate(() => document.querySelector("#continue").click());
      await page.waitForFunction((n) => window.synodStory.step === n, n + 1);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    }
    await context.close();
  }
});

test("the page of terms lists all with their sources, finds one by a word, and shows the one that is asked for", async () => {
  const all = await json("terms.json");
  for (const [lang, wish, hit] of [
    ["en", "two generals", "two-generals"],
    ["zh", "墓碑", "tombstone"],
  ]) {
    const { page, context, errors } = await (async () => {
      const context = await site.browser.newContext({ viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      const errors = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(address(`terms.html#term=quorum&lang=${lang}`));
      await page.waitForSelector("article");
      return { page, context, errors };
    })();
    await counts(page.locator("article"), all.terms.length);
    const here = page.locator("article.here");
    assert.equal(await here.getAttribute("data-term"), "quorum");
    const box = await here.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 844, "it is in sight");
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, "nothing runs over the side");
    for (const cite of await page.locator("article cite").allTextContents()) assert.match(cite, /[§,]/);
    await page.fill("#filter", wish);
    await eventually(async () => assert.ok((await page.locator("article:visible").count()) <= 3));
    assert.equal(await page.locator("article:visible").first().getAttribute("data-term"), hit);
    await page.fill("#filter", "zzz");
    assert.match(await page.locator(".none").textContent(), /zzz/);
    await page.fill("#filter", "");
    const seen = page.locator('article[data-term="quorum"] .seen a').first();
    await seen.click();
    await page.waitForFunction(() => window.synodStory);
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test("without scripts the page of terms is its text", async () => {
  const context = await site.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address("terms.html"));
  const all = await json("terms.json");
  const text = await page.locator("noscript").textContent();
  for (const term of all.terms) {
    assert.ok(text.includes(term.says.zh), term.id);
    assert.ok(
      text.includes(all.papers[term.paper].full.replaceAll("&", "&amp;")) || text.includes(all.papers[term.paper].full),
      term.id,
    );
  }
  await context.close();
});

test("axe finds nothing in an open card and in the page of terms, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, context } = await open("lesson.html#lesson=raft/elect&step=leads&lang=en", { colorScheme });
    await page.click('a.term[data-term="majority"]');
    const wrong = async () => (await axeOn(page).analyze()).violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
    assert.deepEqual(await wrong(), [], `a card, ${colorScheme}`);
    await page.goto(address("terms.html#term=quorum&lang=en"));
    await page.waitForSelector("article.here");
    assert.deepEqual(await wrong(), [], `all terms, ${colorScheme}`);
    await context.close();
  }
});
