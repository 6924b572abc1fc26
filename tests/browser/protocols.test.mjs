// Every protocol of the catalog on the one page, by link and by hand; large clusters; side by side.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeOn, eventually, forAll, openLab } from "./site.mjs";

const shared = forAll({ before, after });
const field = (lab, node, id) =>
  lab.page.evaluate(
    ([node, id]) =>
      window.synodLab.sim
        .frame()
        .nodes.find((one) => one.name === node)
        .fields.find((one) => one.id === id).value,
    [node, id],
  );

/** A page without nodes as objects, or with two runs. */
async function openPage(url, ready, options = {}) {
  const page = await (
    await shared.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  ).newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  await page.waitForFunction(ready);
  return { page, errors };
}

// Where a rule is broken on purpose, or what a promise rests on, a ready run shows the damage.
test("every protocol opens by link, and every ready run from the switch keeps what it promises", async () => {
  const lab = await openLab(shared.browser, shared.url);
  const ids = await lab.page
    .locator("#protocol option")
    .evaluateAll((options) => options.map((option) => option.value));
  assert.ok(ids.length >= 5);
  for (const id of ids) {
    await lab.page.goto("about:blank");
    await lab.page.goto(`${shared.url}#protocol=${id}`);
    await lab.until((id) => window.synodLab?.protocol.id === id && document.querySelector("#start"), id);
    const starts = await lab.page.evaluate(() => window.synodLab.protocol.starts.map((one) => one.id));
    for (const start of starts) {
      const before = await lab.page.evaluateHandle(() => window.synodLab.sim);
      await lab.page.selectOption("#start", start);
      await lab.until((before) => window.synodLab.sim !== before, before);
      const broken = await lab.page.evaluate(() => {
        const { sim } = window.synodLab;
        sim.advance(Math.max(0, sim.end - sim.now) + 300);
        if (sim.config.mutants?.length) return [];
        return sim.violations().filter((one) => !one.beyond.length);
      });
      assert.deepEqual(broken, [], `${id}, ${start}`);
    }
  }
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("a ready run of proposers shows its attempts, and its registers in the end", async () => {
  const lab = await openLab(shared.browser, shared.url);
  await lab.page.selectOption("#protocol", "paxos");
  await lab.page.selectOption("#start", "three-and-five");
  await lab.until(() => window.synodLab.sim.end > 20);
  await lab.page.keyboard.press("End");
  await lab.page.evaluate(() => window.synodLab.sim.advance(200));
  await lab.page.keyboard.press("ArrowRight");
  assert.equal(await field(lab, "C", "accepted"), "2 5");
  await eventually(async () => {
    const rows = await lab.page.locator('[data-panel="tried"] tbody tr').allInnerTexts();
    assert.match(rows.join("\n"), /1\s+A\s+3[\s\S]*2\s+B\s+5/);
  });
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("machines of each role are counted in the dialog and by link", async () => {
  const lab = await openLab(shared.browser, `${shared.url}#protocol=paxos&proposers=1&acceptors=5`);
  assert.equal(await lab.page.evaluate(() => window.synodLab.sim.config.nodes.acceptors), 5);
  await lab.page.click("#configure");
  await lab.page.fill("#cfg-acceptors", "4");
  await lab.page.click("dialog .primary");
  await lab.until(() => window.synodLab.sim.config.nodes.acceptors === 4);
  await lab.page.click("#configure");
  await lab.page.fill("#cfg-nodes", "3");
  await lab.page.click("dialog .primary");
  await lab.until(() => window.synodLab.sim.config.nodes === 3);
  await lab.until(() => window.synodLab.frame.nodes.map((one) => one.role).join(" ") === "server server server");
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("a click finds a dot among ten thousand", async () => {
  const { page, errors } = await openPage(`${shared.url}#protocol=gossip&nodes=10000&seed=5`, () => window.synodLab);
  await page.evaluate(() => window.synodLab.sim.inject("request A set x 1"));
  const box = await page.locator("#stage-canvas").boundingBox();
  const spot = await page.evaluate(() => {
    const { x, y } = window.synodLab.sim.swarm();
    return [x[4321], y[4321]];
  });
  const side = Math.min(box.width, box.height) * 0.94;
  await page.mouse.click(
    box.x + (box.width - side) / 2 + spot[0] * side,
    box.y + (box.height - side) / 2 + spot[1] * side,
  );
  const name = await page.evaluate(() => window.synodLab.sim.node(4321).name);
  await eventually(async () =>
    assert.equal(await page.locator(".menu .menu-name").textContent({ timeout: 1000 }), name),
  );
  await page.click(`.menu [data-input="crash ${name}"]`);
  assert.equal(await page.evaluate(() => window.synodLab.sim.node(4321).status), "crashed");
  await page.locator(".arrange button").nth(1).click();
  await page.waitForFunction(() => window.synodLab.byMark);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a rumour is followed in totals, charts and dots, and what is drawn is what is so", async () => {
  const lab = await openLab(shared.browser, `${shared.url}#protocol=gossip&start=push`);
  await lab.page.evaluate(() => {
    window.synodLab.sim.seek(900);
    window.synodLab.listeners.forEach((listener) => listener());
  });
  const swarm = await lab.page.evaluate(() => window.synodLab.sim.frame().swarm);
  const share = (n) => `${n} (${Number(((n / swarm.count) * 100).toFixed(2))} %)`;
  await eventually(async () => {
    const told = await lab.page.locator('[data-panel="totals"] dd').allInnerTexts();
    assert.deepEqual(told.slice(0, 4), [
      String(swarm.count),
      ...[swarm.susceptible, swarm.infective, swarm.removed].map(share),
    ]);
  });
  const roles = await lab.page.evaluate(
    () => window.synodLab.sim.frame().nodes.filter((one) => one.role === "infective").length,
  );
  assert.equal(roles, swarm.infective);
  assert.ok((await lab.page.evaluate(() => window.synodLab.sim.edges().length)) > 60);
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("two runs side by side share a clock and inputs, count messages, and travel in a link", async () => {
  const url = shared.url.replace("lab.html", "compare.html");
  const { page, errors } = await openPage(url, () => window.synodPair);
  await page.keyboard.press("End");
  await page.fill("#both", "request set y 7");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    window.synodPair.every((lab) => lab.sim.done().some((input) => input.text === "request set y 7")),
  );
  await page.evaluate(() => window.synodPair.forEach((lab) => lab.sim.advance(400)));
  await page.locator("#step").click();
  const [a, b] = await page.evaluate(() =>
    window.synodPair.map((lab) => ({
      now: lab.sim.now,
      print: lab.sim.fingerprint(),
      traffic: lab.sim.frame().traffic,
    })),
  );
  assert.equal(a.now, b.now);
  assert.ok(a.traffic.answered > 3 && b.traffic.answered > 3);
  const news = ({ traffic }) => (traffic.sent - traffic.quiet).toLocaleString("en");
  await eventually(async () => {
    const cost = await page.locator(".side-cost").allInnerTexts();
    assert.ok(cost[0].includes(news(a)) && cost[1].includes(news(b)), `${cost} tell ${news(a)} and ${news(b)}`);
  });
  await page.click("#copy-link");
  await page.waitForFunction(() => location.hash.startsWith("#a="));
  const again = await openPage(await page.evaluate(() => location.href), () => window.synodPair);
  const prints = await again.page.evaluate(() => window.synodPair.map((lab) => lab.sim.fingerprint()));
  assert.deepEqual(prints, [a.print, b.print]);
  assert.deepEqual([...errors, ...again.errors], []);
  await page.context().close();
  await again.page.context().close();
});

test("axe finds nothing on the other pages and protocols", async () => {
  for (const path of [
    "compare.html",
    "compare.html#pair=push-and-pull",
    "lab.html#protocol=paxos&start=duel",
    "lab.html#protocol=gossip&nodes=1000",
  ]) {
    for (const options of [{}, { colorScheme: "dark", locale: "zh-CN", viewport: { width: 390, height: 844 } }]) {
      const { page } = await openPage(
        shared.url.replace("lab.html", path),
        () => window.synodLab || window.synodPair,
        options,
      );
      await page.waitForTimeout(300);
      const { violations } = await axeOn(page).analyze();
      const found = violations.flatMap((violation) =>
        violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 90)}`),
      );
      assert.deepEqual(found, [], `${path} ${JSON.stringify(options)}`);
      await page.context().close();
    }
  }
});

test("no page is wider than a telephone", async () => {
  const paths = [
    "lab.html",
    "lab.html#protocol=paxos&start=duel",
    "lab.html#protocol=gossip&start=push",
    "compare.html",
  ];
  for (const [path, locale] of paths.flatMap((path) => [
    [path, "en-US"],
    [path, "zh-CN"],
  ])) {
    const { page, errors } = await openPage(
      shared.url.replace("lab.html", path),
      () => window.synodLab || window.synodPair,
      { locale, viewport: { width: 390, height: 844 } },
    );
    await page.waitForTimeout(200);
    const narrow = await page.evaluate(() =>
      [...document.querySelectorAll("header button")]
        .map((one) => [one.id, one.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.width < 40 || box.height < 40))
        .map(([id]) => id),
    );
    assert.deepEqual(narrow, [], `${path} ${locale}: too narrow for a finger`);
    const beyond = await page.evaluate(() =>
      [...document.querySelectorAll("header *, .transport *")]
        .filter((one) => one.getBoundingClientRect().right > 391 && one.getBoundingClientRect().width > 0)
        .map((one) => one.id || one.className.toString()),
    );
    assert.deepEqual(beyond, [], `${path} ${locale}`);
    assert.deepEqual(errors, []);
    await page.context().close();
  }
});

test("a link that asks for what is not there names what is, and a cluster of thousands tells its share", async () => {
  const wrong = await openLab(shared.browser, `${shared.url}#protocol=paxos&start=nope`);
  const starts = await wrong.read(() => window.synodLab.protocol.starts.map((start) => start.id));
  await eventually(async () => {
    const told = await wrong.page.locator(".toast").textContent();
    for (const one of starts) assert.ok(told.includes(one), told);
    assert.ok(told.includes("nope") && !told.includes(".."), told);
  });
  await wrong.context.close();
  const many = await openPage(`${shared.url}#protocol=gossip&nodes=1000000&seed=7f3a`, () => window.synodLab);
  await many.page.evaluate(() => {
    window.synodLab.sim.inject("request A set x 1");
    window.synodLab.sim.seek(1150);
    window.synodLab.listeners.forEach((listener) => listener());
  });
  const caption = await many.page.waitForFunction(
    () => document.querySelector(".tell").textContent.match(/[\d.]+ %/)?.[0],
  );
  const left = await many.page.evaluate(() => window.synodLab.sim.frame().swarm.susceptible);
  assert.ok(left < 999_000 && left > 900_000, `${left}`);
  assert.equal(await caption.jsonValue(), `${(left / 10_000).toFixed(2).replace(/0+$/, "")} %`);
  await eventually(async () => assert.match(await many.page.locator("#configure").textContent(), /^1,000,000 /));
  assert.deepEqual(many.errors, []);
  await many.page.context().close();
});
