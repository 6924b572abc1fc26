// The lab's promises: quiet when paused, honest when something is wrong, the same for everyone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeOn, eventually, forAll, openLab, serve } from "./site.mjs";

const site = forAll({ before, after });

const play = (lab, lines) =>
  lab.page.evaluate((lines) => {
    for (const line of lines) {
      if (typeof line === "number") window.synodLab.sim.advance(line);
      else window.synodLab.sim.inject(line);
    }
    window.synodLab.listeners.forEach((listener) => listener());
  }, lines);

test("a paused page asks for no frame and loads nothing from elsewhere", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1`);
  await play(lab, [600]);
  await lab.page.waitForTimeout(1200);
  const asked = await lab.read(() => window.frames_asked);
  await lab.page.waitForTimeout(1500);
  assert.equal(await lab.read(() => window.frames_asked), asked);
  assert.deepEqual([...lab.hosts], [new URL(site.url).host]);
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("play turns into pause at once, before anything has happened", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=7f3a`);
  const labelled = (word) =>
    lab.until((word) => document.querySelector("#play")?.getAttribute("aria-label") === word, word);
  await labelled("Play");
  await lab.page.keyboard.press("Space");
  await lab.until(() => window.synodLab.sim.now > 0);
  assert.equal(await lab.read(() => window.synodLab.frame.nodes.every((one) => one.role === "follower")), true);
  await labelled("Pause");
  await lab.page.keyboard.press("Space");
  await labelled("Play");
  await lab.context.close();
});

test("sizes from 1 to 9 are drawn with every node inside the sheet", async () => {
  for (let nodes = 1; nodes <= 9; nodes++) {
    const lab = await openLab(site.browser, `${site.url}#seed=3&nodes=${nodes}`);
    await play(lab, [700]);
    const box = await lab.page.locator("#stage").boundingBox();
    for (const name of await lab.read(() => window.synodLab.frame.nodes.map((one) => one.name))) {
      const { x, y } = await lab.at(name);
      assert.ok(
        x > box.x + 16 && x < box.x + box.width - 16 && y > box.y + 16 && y < box.y + box.height - 16,
        `${name} of ${nodes}`,
      );
    }
    assert.deepEqual(lab.errors, []);
    await lab.context.close();
  }
});

test("the address follows what is done, and time that stands: not time that passes", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1`);
  await lab.page.evaluate(() => {
    window.written = 0;
    const replace = history.replaceState.bind(history);
    history.replaceState = (...all) => {
      window.written += 1;
      replace(...all);
    };
  });
  const opened = async () => new URLSearchParams(new URL(await lab.read(() => location.href)).hash.slice(1));
  const written = () => lab.read(() => window.written);
  await lab.page.click("#play");
  await lab.page.waitForTimeout(1000);
  const begun = await written();
  await lab.page.waitForTimeout(1500);
  assert.equal(await written(), begun, "written while nothing was done");
  // Whoever turns to the address finds the moment in it.
  await lab.read(() => window.dispatchEvent(new Event("blur")));
  assert.ok(Math.abs(Number((await opened()).get("t")) - (await lab.now())) < 40);
  // What is done is in it soon, and not more often than twice a second.
  const before = (await opened()).get("run");
  await lab.page.keyboard.press("c");
  const { x, y } = await lab.at("A");
  await lab.page.mouse.click(x, y);
  await eventually(async () => assert.notEqual((await opened()).get("run"), before));
  const [acted, since] = [await written(), Date.now()];
  for (let i = 0; i < 12; i++) {
    await lab.page.keyboard.press(i % 2 ? "+" : "-");
    await lab.page.waitForTimeout(60);
  }
  assert.ok((await written()) - acted <= (Date.now() - since) / 500 + 1, "more often than twice a second");
  await lab.page.click("#play");
  await eventually(async () =>
    assert.equal(Number((await opened()).get("t")), Math.round((await lab.now()) * 1000) / 1000),
  );
  await lab.context.close();
});

test("a broken link is told, and a new run begins", async () => {
  const lab = await openLab(site.browser, `${site.url}#run=AAAA&t=5`);
  await eventually(async () => assert.match(await lab.page.locator(".toast").textContent(), /damaged/));
  assert.equal(await lab.now(), 0);
  await lab.context.close();
});

test("a module that does not load says why and what would help", async () => {
  const broken = await serve({}, (path) => /\.(wasm|packed)$/.test(path));
  const page = await site.browser.newPage();
  await page.goto(broken.url);
  await page.waitForSelector("#failed:not([hidden])");
  assert.match(await page.locator("#failed").textContent(), /WebAssembly/);
  await page.close();
  broken.close();
  // The stage stands before what is around it; where that does not come, it is said as well.
  const bare = await serve({}, (path) => path.includes("desk"));
  const half = await site.browser.newPage();
  await half.goto(bare.url);
  await half.waitForSelector("#failed:not([hidden])");
  assert.ok(await half.locator("#stage-canvas").isVisible());
  await half.close();
  bare.close();
});

test("works under a strict content security policy", async () => {
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
  const strict = await serve({ "Content-Security-Policy": policy });
  const lab = await openLab(site.browser, `${strict.url}#seed=1`);
  await play(lab, [500]);
  await lab.page.click("#gear");
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
  strict.close();
});

test("an input in the past keeps the old future as a ghost, which can be looked at and returned to", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1`);
  const { page } = lab;
  await play(lab, [700, "request set x 1", 100]);
  const old = await lab.fingerprint();
  assert.equal(await page.locator("link[href='futures.css']").count(), 0);
  await page.keyboard.press("Home");
  await page.keyboard.press("1");
  await page.keyboard.press("c");
  await lab.until(() => document.querySelectorAll("[data-branch]").length === 2);
  assert.match(await page.textContent("[data-branch='1']"), /^crash A.*now 0 ms/);
  assert.match(await page.textContent(".futures-inputs"), /Crash A.*here it parts from “request set x 1 instead”.*now/);
  // By keys, and as it is told to those who do not see it.
  await page.focus("[role=treeitem]");
  await page.keyboard.press("ArrowDown");
  assert.match(
    await lab.read(() => document.activeElement.textContent),
    /^request set x 1 instead; from 0 to 800 ms; /,
  );
  await lab.until(() => /0 ms in “request set x 1 instead”/.test(document.querySelector(".peek").textContent));
  await page.keyboard.press("Escape");
  // A look with a mouse: the stage of the ghost at that time, while the present one stays where it is.
  const time = await page.locator("#time-canvas").boundingBox();
  const at = [time.x + 104 + (time.width - 126) * 0.5, time.y + 62];
  await page.mouse.move(...at);
  await lab.until(() => /\d{3} ms in “request.*click to switch/.test(document.querySelector(".peek").textContent));
  assert.equal(await lab.now(), 0);
  await page.mouse.click(...at);
  await lab.until(() => document.querySelector("[data-branch='0']").getAttribute("aria-current") === "true");
  await page.keyboard.press("End");
  assert.equal(await lab.fingerprint(), old);
  // From the list: chosen, then switched to or set beside.
  await lab.until(() =>
    /^compare.html#a=\S+&b=\S+&t=800&/.test(document.querySelector("a[data-act]").getAttribute("href")),
  );
  await page.click("[data-branch='1']");
  await page.click("[data-act=switch]");
  await lab.until(() => document.querySelector("[data-branch='1']").getAttribute("aria-current") === "true");
  // What was taken back is struck, and one key does it again.
  await page.keyboard.press("z");
  await lab.until(() => document.querySelector(".futures-inputs .undone s")?.textContent === "Crash A");
  await page.keyboard.press("Shift+Z");
  await lab.until(() => !document.querySelector(".futures-inputs .undone"));
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("a history that is brought in line is shown with what is cut off of it, and what is to come", async () => {
  const lab = await openLab(site.browser, `${site.url}#protocol=zab&start=trunc-diff&t=1050`);
  await lab.read(() => {
    const { sim, listeners } = window.synodLab;
    const isCut = () => sim.frame(20).nodes.some((one) => one.strips[0].cells.some(({ state }) => state === "cut"));
    for (let ms = 0; ms < 200 && !isCut(); ms++) sim.advance(1);
    listeners.forEach((listener) => listener());
  });
  await lab.page.waitForSelector(".tapes .bracket");
  const { rows, note } = await lab.read(() => ({
    rows: [...document.querySelectorAll(".tapes tr")].map((row) =>
      [...row.querySelectorAll("th, .cell b, .bracket")].map((part) => part.textContent).join(" "),
    ),
    note: document.querySelector("[data-panel=logs] .hd span").textContent,
  }));
  assert.deepEqual(rows, [
    "D 1.1 2.1 2.2",
    "E 1.1 1.2 1.3",
    "cut off to come",
    "A 1.1 2.1 2.2",
    "B 1.1 2.1 2.2",
    "C 1.1 2.1 2.2",
  ]);
  assert.equal(note, "E: 2 cut off, 2 to come");
  // Each bracket is under its own.
  assert.ok(
    await lab.read(() => {
      const box = (one) => one.getBoundingClientRect();
      const [cut, come] = [...document.querySelectorAll(".bracket")].map(box);
      const cells = [...document.querySelectorAll(".tapes tr:nth-child(2) .cell")].map(box);
      return cut.left < cells[1].right && cut.right > cells[2].left && come.left >= cells[2].right - 4;
    }),
  );
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("an event can be asked why", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1`);
  await play(lab, [700, "request set x 1", 60]);
  await lab.page.locator(".ev[data-seq]", { hasText: "commits entry" }).first().click();
  await lab.page.waitForSelector(".why .ev");
  await eventually(async () => {
    const chain = await lab.page.locator(".why .ev").allTextContents();
    assert.ok(chain.length >= 3 && /request set x 1|time-?out/.test(chain.at(-1)), chain.join(" / "));
  });
  await lab.context.close();
});

test("the command line completes, refuses and does", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1`);
  await lab.page.fill("#command", "cra");
  await lab.page.waitForSelector("#offers li");
  await lab.page.keyboard.press("Tab");
  assert.match(await lab.page.inputValue("#command"), /^crash [A-E]$/);
  await lab.page.keyboard.press("Enter");
  await lab.until(() => window.synodLab.frame.nodes[0].status === "crashed");
  await lab.page.fill("#command", "crash A");
  await lab.page.keyboard.press("Enter");
  await eventually(async () => assert.match(await lab.page.locator(".refused").first().textContent(), /restart A/));
  await lab.page.fill("#command", "<img src=x onerror=alert(1)>");
  await lab.page.keyboard.press("Enter");
  await eventually(async () => assert.match(await lab.page.locator(".refused").first().textContent(), /<img/));
  assert.equal(await lab.page.locator("img").count(), 0);
  await lab.context.close();
});

test("run until a leader exists, a rule fires, a property breaks", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1&nodes=4&mutant=vote-twice`);
  await lab.page.selectOption("#until", "role leader");
  await eventually(async () => assert.ok(await lab.leader()));
  await lab.page.selectOption("#until", "rule advance-commit-index");
  await lab.until(() => window.synodLab.events.at(-1).rule === "advance-commit-index");
  await lab.context.close();
});

test("a broken property stops a playing run and turns vermilion", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1&nodes=4&mutant=vote-twice&speed=1/1`);
  await play(lab, ["fire A election", "fire B election"]);
  await lab.page.click("#play");
  await lab.until(() => window.synodLab.violations.length > 0 && !window.synodLab.playing);
  await lab.page.waitForSelector(".inv.broken");
  await lab.context.close();
});

test("both languages, both themes, and axe finds nothing", async () => {
  for (const [lang, theme, width] of [
    ["en", "light", 1440],
    ["zh", "dark", 1440],
    ["en", "dark", 390],
  ]) {
    const lab = await openLab(site.browser, `${site.url}#seed=1&lang=${lang}&theme=${theme}`, {
      viewport: { width, height: 860 },
    });
    await play(lab, [700, "request set x 1", 60, "partition A B | C D E", 20]);
    await lab.page.waitForTimeout(300);
    const { violations } = await axeOn(lab.page).analyze();
    assert.deepEqual(
      violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`),
      [],
      `${lang} ${theme} ${width}`,
    );
    if (lang === "zh") {
      const words = await lab.page.evaluate(() =>
        [...document.querySelectorAll("h2, .tool span, .inv b, .seg button")]
          .map((one) => one.textContent)
          .filter((text) => /[a-z]{3}/i.test(text ?? "")),
      );
      assert.deepEqual(words, []);
    }
    await lab.context.close();
  }
});

test("a language that is chosen in the middle of a run is spoken by every panel", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1&lang=en`);
  await play(lab, [700, "request set x 1", 60, "crash A", 20]);
  const words = () =>
    lab.page.evaluate(() =>
      [...document.querySelectorAll(".side .hd, .rail h2, .hint, .inv, .facts dt, .tell, #mend, #copy-link")].map(
        (one) => one.textContent ?? "",
      ),
    );
  await eventually(async () => assert.ok((await words()).some((text) => text.includes("all agree"))));
  await lab.page.click("#language");
  // Two English words in a row are a sentence that was left behind.
  await eventually(async () =>
    assert.deepEqual(
      (await words()).filter((text) => /[a-z]{2,} [a-z]{2,}/i.test(text)),
      [],
    ),
  );
  await lab.page.click("#language");
  await eventually(async () =>
    assert.deepEqual(
      (await words()).filter((text) => /[\u4e00-\u9fff]/.test(text)),
      [],
    ),
  );
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("reduced motion: nothing plays by itself, and a step is a still", async () => {
  const lab = await openLab(site.browser, `${site.url}#seed=1&play=1`, { reducedMotion: "reduce" });
  assert.equal(await lab.read(() => window.synodLab.playing), false);
  await lab.page.click("#step");
  assert.ok((await lab.now()) > 0);
  await lab.context.close();
});
