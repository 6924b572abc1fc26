// Grants for a time: told by a clock, bars in the overview, and what a term costs, measured in the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, forAll, openLab } from "./site.mjs";

const shared = forAll({ before, after });

/** What is written in drawings when they are drawn anew, as they are for a window that is a little wider. */
async function drawn(page) {
  await page.evaluate(() => {
    const { prototype } = CanvasRenderingContext2D;
    window.wroteInto ??= prototype.fillText;
    window.written = [];
    prototype.fillText = function (text, ...rest) {
      window.written.push(text);
      return window.wroteInto.call(this, text, ...rest);
    };
  });
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width: width + 1, height });
  await page.waitForFunction(() => window.written.length > 20);
  return page.evaluate(() => window.written);
}

test("a protocol of seconds is told by a clock, and its grants are bars with gaps between", async () => {
  const lab = await openLab(shared.browser, `${shared.url}#protocol=lease&start=holder-down&t=13200`);
  const { page } = lab;
  await eventually(async () => assert.match(await page.locator(".transport").textContent(), /00:13\.2/));
  assert.match(await page.locator('[data-panel="events"] time').first().textContent(), /^00:1\d\.\d$/);
  await eventually(async () => {
    const words = await drawn(page);
    for (const said of ["1 A", "2 B", "00:05", "00:10", "00:13.2"])
      assert.ok(words.includes(said), `${said}: ${words}`);
    assert.ok(!words.some((one) => /^\d{4,}$/.test(one)), `thousands of ms: ${words}`);
  });
  await page.selectOption("#protocol", "raft");
  await lab.until(() => window.synodLab?.protocol.id === "raft");
  await eventually(async () => assert.match(await page.locator(".transport").textContent(), /\d ms/));
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("what a term costs is measured when it is asked for, and is what the paper says", async () => {
  const lab = await openLab(shared.browser, `${shared.url}#protocol=lease&start=granted`);
  const panel = lab.page.locator('[data-panel="sweeps"]');
  assert.equal(await panel.locator("table").count(), 0, "nothing runs before it is opened");
  await panel.locator("summary").click();
  await eventually(async () => {
    await counts(panel.locator("tbody td"), 24);
    assert.equal(await panel.locator('[role="status"]').textContent(), "", "it has measured all");
  }, 60_000);
  const of = (line) =>
    panel.locator(`td[data-line="${line}"]`).evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
  const terms = [1, 2, 5, 10, 20, 30];
  // Two digits are shown.
  const near = (found, wanted, what) =>
    assert.ok(Math.abs(found / wanted - 1) < 0.09, `${what}: ${found}, not ${wanted}`);
  (await of("demand")).forEach((load, i) => near(load, 0.864 / (1 + 0.864 * terms[i]), `on demand at ${terms[i]} s`));
  (await of("half")).forEach((load, i) => near(load, 2 / terms[i], `at half of ${terms[i]} s`));
  (await of("wait")).forEach((wait, i) => assert.ok(wait > terms[i] && wait < terms[i] * 1.17 + 0.6, `${wait} s`));
  await counts(panel.locator("figure"), 2);
  assert.match(await panel.textContent(), /usual: 1 to 10 s/);
  await lab.page.selectOption("#protocol", "raft");
  await eventually(async () => assert.equal(await panel.isVisible(), false, "Raft declares none"));
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});

test("three issuers stand together, and one of them speaks", async () => {
  const lab = await openLab(shared.browser, `${shared.url}#protocol=lease&start=three-again&t=19400`);
  const frame = await lab.page.evaluate(() => window.synodLab.sim.frame());
  const [first, second, third] = frame.nodes;
  assert.deepEqual([first.status, second.authority, third.authority], ["crashed", "commands", "follows"]);
  assert.deepEqual(
    frame.sets.map((set) => set.members),
    [[1, 2]],
  );
  assert.deepEqual(lab.errors, []);
  await lab.context.close();
});
