// Measures the page in headless Chromium: what ten seconds of play cost the main thread.
import { launch, openLab, serve } from "../browser/site.mjs";

const line = (name, value, unit) => console.log(JSON.stringify({ name, value: Math.round(value * 1000) / 1000, unit }));
const [site, browser] = [await serve(), await launch()];
for (const [name, speed] of [["1/40", "1/40"], ["real time", "1/1"]]) {
  const lab = await openLab(browser, `${site.url}#seed=7f3a&speed=${speed}`, { viewport: { width: 1440, height: 900 } });
  await lab.page.evaluate(() => {
    window.synodLab.sim.advance(600);
    for (let i = 0; i < 6; i++) {
      window.synodLab.sim.inject("request add x 1");
      window.synodLab.sim.advance(40);
    }
  });
  const devtools = await lab.context.newCDPSession(lab.page);
  await devtools.send("Performance.enable");
  const metrics = async () => Object.fromEntries((await devtools.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  await lab.page.click("#play");
  await lab.page.waitForTimeout(1000);
  const [before, frames] = [await metrics(), await lab.read(() => window.frames_asked)];
  await lab.page.waitForTimeout(10_000);
  const [after, asked] = [await metrics(), await lab.read(() => window.frames_asked)];
  line(`10 s of play at ${name}: script`, after.ScriptDuration - before.ScriptDuration, "s");
  line(`10 s of play at ${name}: main thread`, after.TaskDuration - before.TaskDuration, "s");
  line(`10 s of play at ${name}: frames a second`, (asked - frames) / (after.Timestamp - before.Timestamp), "1/s");
  await lab.page.click("#play");
  await lab.page.waitForTimeout(500);
  const still = await lab.read(() => window.frames_asked);
  await lab.page.waitForTimeout(2000);
  line(`frames asked for in 2 s of pause after ${name}`, (await lab.read(() => window.frames_asked)) - still, "frames");
  await lab.context.close();
}
await browser.close();
site.close();
