// The history view: judged while a bar is moved, by mouse, touch and keys; ten histories; pasted text; links; the lab's
// panel and the element.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeOn, counts, eventually, forAll, openLab } from "./site.mjs";

const shared = forAll({ before, after });
const at = (path) => new URL(path, shared.url).href;

/** The page of a history, which fails the test on any error. */
async function open(path = "history.html#lang=en", options = {}) {
  const context = await shared.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(at(path));
  await page.waitForSelector(".hv-level");
  return {
    page,
    levels: () =>
      page.evaluate(() =>
        Object.values(window.synodHistory.verdicts())
          .map(({ holds }) => (holds === null ? "?" : holds ? "Y" : "-"))
          .join(""),
      ),
    ops: () => page.evaluate(() => window.synodHistory.ops()),
    close: async () => {
      assert.deepEqual(errors, []);
      await context.close();
    },
  };
}

test("a bar that is moved by mouse is judged while it moves, and its history is a copy", async () => {
  const { page, levels, ops, close } = await open();
  assert.equal(await levels(), "-YYYYYYY");
  const bar = page.locator(".hv-bar.blamed");
  const box = await bar.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 20, box.y + box.height / 2, { steps: 5 });
  assert.equal(await levels(), "YYYYYYYY", "before it is let go");
  await page.keyboard.press("Escape");
  assert.equal(await levels(), "-YYYYYYY", "Escape puts it back");
  await page.mouse.up();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 20, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  assert.ok((await ops())[5].call < 380);
  await counts(page.locator('[data-level="linearizable"].hv-level.holds'), 1);
  await page.getByRole("button", { name: "undo edits" }).click();
  assert.equal((await ops())[5].call, 384);
  assert.equal(await levels(), "-YYYYYYY");
  await close();
});

test("the same by keys: it moves, its answer, its value, and it goes; a screen reader hears what cannot be", async () => {
  const { page, levels, ops, close } = await open();
  const bar = page.locator(".hv-bar.blamed");
  assert.match(await bar.getAttribute("aria-label"), /^C3, get x, answered 1$/);
  assert.match(await bar.getAttribute("aria-valuetext"), /from 384 to 412 ms; its moment would have to be at \d+/);
  await bar.focus();
  for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowLeft");
  assert.equal(await levels(), "YYYYYYYY");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Alt+ArrowRight");
  const moved = (await ops())[5];
  assert.deepEqual([moved.call, moved.answer], [390, 419]);
  await page.keyboard.press("ArrowUp");
  assert.equal((await ops())[5].result, 2);
  assert.equal(await levels(), "YYYYYYYY");
  await page.keyboard.press("Delete");
  assert.equal((await ops()).length, 5);
  assert.ok(
    await page.evaluate(() => document.activeElement.classList.contains("hv-bar")),
    "the focus stays among bars",
  );
  await close();
});

test("by touch on a telephone, whose lanes are moved sideways", async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const { page, levels, close } = await open("history.html#lang=zh", phone);
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.equal(wide[0], wide[1]);
  const bar = page.locator(".hv-bar.blamed");
  await bar.scrollIntoViewIfNeeded();
  const box = await bar.boundingBox();
  const client = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const touch = (type, dx) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: dx === null ? [] : [{ x: x + dx, y }] });
  await touch("touchStart", 0);
  await touch("touchMove", -10);
  await touch("touchMove", -20);
  await touch("touchEnd", null);
  await eventually(async () => assert.equal(await levels(), "YYYYYYYY"));
  await close();
});

test("ten histories say of themselves what the judge says, and a level shows its evidence", async () => {
  const { page, levels, close } = await open();
  const rows = page.locator(".hv-stock tbody tr");
  await counts(rows, 10);
  for (let n = 0; n < 10; n++) {
    await rows.nth(n).locator("button").click();
    const told = await rows
      .nth(n)
      .locator("td")
      .evaluateAll((all) => all.map((one) => (one.className === "yes" ? "Y" : "-")).join(""));
    assert.equal(await levels(), told, await rows.nth(n).textContent());
  }
  await page.locator('[data-stock="two-orders"] button').click();
  await page.locator('.hv-level[data-level="causal"]').click();
  const evidence = page.locator('[data-part="evidence"]');
  await counts(evidence.locator(".hv-view"), 4);
  await page.locator('.hv-level[data-level="sequential"]').click();
  assert.match(await evidence.textContent(), /cannot be/);
  assert.ok((await page.locator(".hv-bar.ring").count()) >= 2);
  await close();
});

test("a pasted history is shown, and a bad line is told by its number with what would be right", async () => {
  const { page, ops, levels, close } = await open();
  await page.locator('[data-part="text"] summary').click();
  const area = page.locator(".hv-text");
  const wrong = page.locator(".hv-wrong");
  for (const [text, says] of [
    ["C1 1..2 put x 1\nC2 1..2 gte x -> 1", "Line 2: “gte” is none of put, get, add, cas and delete"],
    ["C1 9..2 put x 1", "Line 1: in “9..2” the answer comes before the call"],
    ["C1 1..5 put x 1\n# a remark\nC1 3..6 get x -> 1", "Line 3: C1 calls while it still waits for line 1"],
    ["C1 1..2 get x", "Line 1: what get was told is missing or is no such answer; it ends in -> 1, say"],
    ["C1 1..2 put x <img/src=x onerror=alert(1)>", "Line 1: "],
  ]) {
    await area.fill(text);
    await page.getByRole("button", { name: "Show it" }).click();
    await eventually(async () => assert.ok((await wrong.textContent()).startsWith(says), await wrong.textContent()));
    assert.equal((await ops()).length, 6, "what was there stays");
  }
  await area.fill(
    'C1 1..2 put x "<b>a</b>"\nC1 3..4 cas x "<b>a</b>" 2 -> true\n"my client" 5.. add x 3\nC2 6..7 get x -> 5',
  );
  await page.getByRole("button", { name: "Show it" }).click();
  assert.equal(await levels(), "YYYYYYYY");
  assert.equal(await page.locator(".hv b", { hasText: /^a$/ }).count(), 0, "nothing is parsed as HTML");
  const link = await page.evaluate(() => new Promise((ready) => setTimeout(() => ready(location.href), 700)));
  const [given, text] = [await ops(), await area.inputValue()];
  const again = await open(link.slice(link.lastIndexOf("/") + 1));
  assert.deepEqual(await again.ops(), given, "a link carries it");
  assert.equal(await again.page.locator(".hv-text").inputValue(), text);
  await again.close();
  const bad = await open(`history.html#lang=en&h=${encodeURIComponent("C1 1..2 put")}`);
  await bad.page.getByText("Line 1: “C1 1..2 put” is no operation", { exact: false }).first().waitFor();
  await bad.close();
  await close();
});

test("the small judge says what the whole module says", async () => {
  const { page, close } = await open();
  const differ = await page.evaluate(async () => {
    const glue = await import(new URL("pkg/synod.js", document.baseURI).href);
    await glue.default();
    const told = [];
    let seed = 7;
    const lot = (n) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    for (let run = 0; run < 120; run++) {
      const free = [0, 0, 0];
      const ops = Array.from({ length: 7 }, () => {
        const c = lot(3);
        const call = free[c] + lot(9);
        const answer = call + 1 + lot(20);
        free[c] = answer + 1;
        const base = { client: `C${c}`, key: "xy"[lot(2)], call, answer };
        const value = [1, 2, "a", 0.5, null][lot(5)];
        return [
          { ...base, kind: "put", value: value ?? true, result: "ok" },
          { ...base, kind: "get", value: null, result: value },
          { ...base, kind: "add", value: 1, result: 1 + lot(3) },
          { ...base, kind: "cas", value: [value, 2], result: lot(2) === 0 },
          { ...base, kind: "delete", value: null, result: "ok" },
        ][[0, 1, 1, 2, 3, 4, 1][lot(7)]];
      });
      window.synodHistory.take(ops, null);
      const [small, whole] = [window.synodHistory.verdicts(), glue.judge(ops)];
      const plain = (all) =>
        JSON.stringify(
          Object.entries(all).map(([id, one]) => [
            id,
            one.holds,
            one.vacuous,
            one.order,
            one.witnesses,
            one.views.map((view) => [view.client, view.order]),
          ]),
        );
      if (plain(small) !== plain(whole)) told.push([ops, plain(small), plain(whole)]);
    }
    return told.slice(0, 1);
  });
  assert.deepEqual(differ, []);
  await close();
});

test("twelve operations on a key are judged and drawn in the task of the press that moves one", async () => {
  const { page, close } = await open();
  const seen = await page.evaluate(() => {
    const ops = Array.from({ length: 12 }, (_, n) => {
      const base = { client: `C${(n % 4) + 1}`, key: "x", call: 10 * n, answer: 10 * n + 28, result: "ok", value: n };
      return n % 3
        ? { ...base, kind: "get", value: null, result: 3 * Math.floor(n / 5) || null }
        : { ...base, kind: "put" };
    });
    window.synodHistory.take(ops, null);
    const bars = () => [...document.querySelectorAll(".hv-bar")];
    const [bar, judged] = [bars()[6], window.synodHistory.verdicts()];
    const before = bar.outerHTML;
    bar.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    return { moved: bars()[6].outerHTML !== before, judged: window.synodHistory.verdicts() !== judged };
  });
  assert.deepEqual(seen, { moved: true, judged: true });
  await close();
});

test("without a barrier to anybody, in both languages, light and dark", async () => {
  for (const words of ["lang=en&theme=light", "lang=zh&theme=dark&stock=two-witnesses"]) {
    const { page, close } = await open(`history.html#${words}`);
    await page.locator('[data-part="text"] summary').click();
    const { violations } = await axeOn(page).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120))}`),
      [],
    );
    await close();
  }
});

test("it opens from the lab with the history of the run, and goes back; nothing of it is fetched before", async () => {
  const lab = await openLab(shared.browser, at("lab.html#protocol=raft&nodes=3&seed=7&readMode=follower&lang=en"));
  const asked = [];
  lab.page.on("request", (request) => asked.push(request.url()));
  await lab.page.evaluate(() => {
    const { sim } = window.synodLab;
    sim.advance(700);
    sim.inject("request by C1 set x 1");
    sim.advance(300);
    sim.inject("request by C2 get x");
    sim.advance(300);
  });
  await lab.page.keyboard.press("ArrowRight");
  assert.ok(!asked.some((url) => url.includes("judge")));
  const panel = lab.page.locator('[data-panel="history"]');
  await panel.locator("summary").click();
  await panel.locator('[data-level="linearizable"]').waitFor();
  assert.match(await panel.locator('[data-level="linearizable"]').textContent(), /not promised; holds so far/);
  assert.match(await panel.locator('[data-level="monotonic-writes"]').textContent(), /promised/);
  await panel.locator("a").click();
  await lab.page.waitForSelector(".hv-level");
  assert.equal((await lab.page.evaluate(() => window.synodHistory.ops())).length, 2);
  await lab.page.getByRole("link", { name: "Lab" }).click();
  await lab.page.waitForFunction(() => window.synodLab?.sim.now > 1000);
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("a lesson opens a history over itself, which is dragged there, and leads to its own page", async () => {
  const context = await shared.browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(at("lesson.html#lesson=consistency/one-copy&lang=en"));
  await page.waitForFunction(() => window.synodStory?.whole);
  const link = page.locator('.lesson a[href^="history.html#"]');
  const [last, linked] = await page.evaluate(() => {
    const { plan } = window.synodStory;
    return [plan.steps.length, plan.steps.findIndex((one) => one.link?.to.startsWith("history.html")) + 1];
  });
  assert.ok(linked >= 1 && linked <= last);
  await page.goto(at(`lesson.html#lesson=consistency/one-copy&lang=en&step=${linked}`));
  await link.first().click();
  await page.waitForSelector("dialog .hv-level");
  const before = await page.locator("dialog .hv-level").allTextContents();
  const bar = page.locator("dialog .hv-bar").nth(1);
  await bar.focus();
  for (let n = 0; n < 12; n++) await page.keyboard.press("ArrowRight");
  await eventually(async () => assert.notDeepEqual(await page.locator("dialog .hv-level").allTextContents(), before));
  assert.match(await page.locator("dialog p a").getAttribute("href"), /^history\.html#(stock|h)=/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog .hv-level", { state: "detached" });
  assert.match(page.url(), /lesson\.html#lesson=consistency\/one-copy&/);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")?.slice(0, 13)), "history.html#");
  assert.deepEqual(errors, []);
  await context.close();
});

test("the element shows a history that it is given, and that of its run", async () => {
  const { page, close } = await open();
  await page.addScriptTag({ url: at("element.js"), type: "module" });
  await page.evaluate(() => {
    const given = document.createElement("synod-stage");
    given.setAttribute("history", "C1 10..30 put x 1\nC1 40..60 get x -> null");
    given.setAttribute("lang", "en");
    const run = document.createElement("synod-stage");
    for (const [key, value] of [
      ["history", ""],
      ["protocol", "nwr"],
      ["start", "inversion"],
      ["lang", "zh"],
    ])
      run.setAttribute(key, value);
    const bad = document.createElement("synod-stage");
    bad.setAttribute("history", "C1 put");
    bad.setAttribute("lang", "en");
    document.getElementById("app").replaceChildren(given, run, bad);
    for (const one of [given, run, bad]) one.setAttribute("loading", "eager");
  });
  const stage = page.locator("synod-stage");
  await stage.nth(0).locator('.hv-level[data-level="read-your-writes"].fails').waitFor();
  await stage.nth(1).locator('.hv-level[data-level="linearizable"].fails').waitFor();
  await stage.nth(2).getByText("Line 1: “C1 put” is no operation", { exact: false }).waitFor();
  await close();
});
