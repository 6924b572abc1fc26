// What a protocol puts on the lab's desk: sizes and options with their check, charts of many trials; and clients that
// can be pointed at. Any protocol may; quorums do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, forAll, openLab } from "./site.mjs";

const site = forAll({ before, after });
const START = "#protocol=nwr&start=inversion&t=160";

const state = (lab) =>
  lab.read(() => {
    const { sim } = window.synodLab;
    const { nodes, options, seed } = sim.config;
    return { n: nodes.replicas, w: options.w, r: options.r, repair: options.repair, seed, now: sim.now };
  });
const inputs = (lab) => lab.read(() => window.synodLab.sim.done().map((one) => `${one.time} ${one.text}`));

test("a size or option that is changed begins the run again, with its seed and inputs, at the same moment", async () => {
  const lab = await openLab(site.browser, site.url + START);
  await lab.page.locator("#dial-w").waitFor();
  const [first, before] = [await state(lab), await inputs(lab)];
  const checks = () => lab.page.locator(".checks p").allTextContents();
  assert.deepEqual([first.n, first.w, first.r, first.now], [3, 2, 2, 160]);
  await eventually(async () => assert.match((await checks())[0], /^R \+ W = 4, above 3: every read set meets/));
  await lab.page.locator("#dial-w").press("ArrowLeft");
  await eventually(async () => assert.deepEqual(await state(lab), { ...first, w: 1 }));
  assert.deepEqual(await inputs(lab), before);
  await eventually(async () => assert.match((await checks())[0], /^R \+ W = 3, not above 3: a read set may miss/));
  assert.equal(await lab.page.locator(".checks p").first().getAttribute("data-holds"), "false");
  // W and R come down with N; what had no place meanwhile is there again.
  await lab.page.locator("#dial-w").press("ArrowRight");
  await lab.page.locator("#dial-replicas").press("Home");
  await eventually(async () => assert.deepEqual(await state(lab), { ...first, n: 1, w: 1, r: 1 }));
  assert.ok((await inputs(lab)).length < before.length);
  assert.equal(await lab.page.locator("#dial-w").getAttribute("max"), "1");
  await lab.page.locator("#dial-replicas").press("ArrowRight");
  await lab.page.locator("#dial-replicas").press("ArrowRight");
  await eventually(async () => assert.deepEqual(await inputs(lab), before));
  await lab.page.getByRole("group", { name: "Read repair" }).getByText("wait").click();
  await eventually(async () => assert.equal((await state(lab)).repair, "wait"));
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("a protocol without a desk has none", async () => {
  const lab = await openLab(site.browser, `${site.url}#protocol=raft&seed=1`);
  assert.equal(await lab.page.locator(".dials").count(), 0);
  assert.equal(await lab.page.locator("[data-odds]").count(), 0);
  await lab.context.close();
});

test("trials are counted when their chart is opened, under the network that is chosen", async () => {
  const lab = await openLab(site.browser, `${site.url}#protocol=nwr&seed=1&w=1&r=1`);
  const panel = lab.page.locator('[data-odds="staleness"]');
  await panel.locator("summary").click();
  const counted = () => eventually(async () => assert.match(await panel.textContent(), /40,000 trials/));
  await counted();
  await panel.getByText("disk", { exact: true }).click();
  await eventually(async () => assert.match(await panel.locator(".odds-read").textContent(), /4[34]\.\d % ± 0\.5/));
  await counted();
  // Where every read set meets every write set, every read sees the write.
  await lab.page.locator("#dial-w").press("End");
  await eventually(async () => assert.match(await panel.locator(".odds-read").textContent(), /: 100 %/));
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("a client is pressed like a node: what it was told, and what can be done to it", async () => {
  const lab = await openLab(site.browser, site.url + START);
  const button = lab.page.locator('[data-target="client C1"]');
  await button.waitFor({ state: "attached" });
  const at = await lab.read(() => {
    const mirrored = document.querySelector('[data-target="client C1"]').getBoundingClientRect();
    return { x: mirrored.x + mirrored.width / 2, y: mirrored.y + mirrored.height / 2 };
  });
  await lab.page.mouse.click(at.x, at.y);
  const menu = lab.page.locator("section.menu");
  await eventually(async () =>
    assert.match(await menu.textContent(), /^C1put x 7: 1 acknowledged, waits for 20 ms: put x 3 → ok/),
  );
  await menu.locator('[data-input="pause C1"]').click();
  await lab.until(() => window.synodLab.frame.clients.find((one) => one.name === "C1").status === "paused");
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});
