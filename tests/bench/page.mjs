// Measures the page in headless Chromium: what ten seconds of play cost the main thread.
import { gzipSync } from "node:zlib";
import { launch, openLab, serve } from "../browser/site.mjs";

const line = (name, value, unit) => console.log(JSON.stringify({ name, value: Math.round(value * 1000) / 1000, unit }));
const [site, browser] = [await serve(), await launch()];
for (const [name, speed] of [
  ["1/40", "1/40"],
  ["real time", "1/1"],
]) {
  const lab = await openLab(browser, `${site.url}#seed=7f3a&speed=${speed}`, {
    viewport: { width: 1440, height: 900 },
  });
  await lab.page.evaluate(() => {
    window.synodLab.sim.advance(600);
    for (let i = 0; i < 6; i++) {
      window.synodLab.sim.inject("request add x 1");
      window.synodLab.sim.advance(40);
    }
  });
  const devtools = await lab.context.newCDPSession(lab.page);
  await devtools.send("Performance.enable");
  const metrics = async () =>
    Object.fromEntries((await devtools.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
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
// A bar of twelve operations on a key, moved to and fro: judged and drawn each time.
{
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(new URL("history.html", site.url).href);
  await page.waitForFunction(() => window.synodHistory);
  const took = await page.evaluate(() => {
    const ops = Array.from({ length: 12 }, (_, n) => {
      const put = n % 3 === 0;
      const base = { client: `C${(n % 4) + 1}`, key: "x", call: 10 * n, answer: 10 * n + 28 };
      return put
        ? { ...base, kind: "put", value: n, result: "ok" }
        : { ...base, kind: "get", value: null, result: n % 5 ? 3 * Math.floor(n / 5) : null };
    });
    window.synodHistory.take(ops, null);
    const bar = document.querySelectorAll(".hv-bar")[6];
    return Array.from({ length: 101 }, (_, n) => {
      const from = performance.now();
      bar.dispatchEvent(new KeyboardEvent("keydown", { key: n % 2 ? "ArrowLeft" : "ArrowRight" }));
      document.body.getBoundingClientRect();
      return performance.now() - from;
    }).sort((a, b) => a - b);
  });
  line("a bar of 12 operations on a key moved: judged, drawn and laid out", took[50], "ms");
  line("the same, one in twenty is slower than", took[95], "ms");
  await page.context().close();
}
// Large clusters, drawn at one round of gossip a second.
for (const nodes of [10_000, 100_000]) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${site.url}#protocol=gossip&nodes=${nodes}&seed=7f3a&speed=1/10`);
  await page.waitForFunction(() => window.synodLab);
  const measured = await page.evaluate(async () => {
    const { sim, listeners } = window.synodLab;
    sim.inject("request A set x 1");
    window.synodLab.playing = true;
    listeners.forEach((listener) => listener());
    const began = sim.now;
    const start = performance.now();
    const times = [];
    await new Promise((done) => {
      const next = (now) => {
        times.push(now);
        if (now - start < 24_000) requestAnimationFrame(next);
        else done();
      };
      requestAnimationFrame(next);
    });
    const gaps = times
      .slice(1)
      .map((time, i) => time - times[i])
      .sort((a, b) => a - b);
    const wall = performance.now() - start;
    return {
      fps: (times.length / wall) * 1000,
      worst: gaps[Math.floor(gaps.length * 0.99)],
      kept: (sim.now - began) / (wall / 10),
      know: sim.frame(0).swarm,
    };
  });
  line(`${nodes} nodes at one round a second: frames a second`, measured.fps, "1/s");
  line(`${nodes} nodes at one round a second: 99th percentile between frames`, measured.worst, "ms");
  line(`${nodes} nodes at one round a second: part of the pace that was kept`, measured.kept, "1");
  line(
    `${nodes} nodes: reached in ${measured.know.round} rounds`,
    measured.know.infective + measured.know.removed,
    "nodes",
  );
  await page.close();
}
// Continue, on every step of every lesson: completing what plays, and going on.
const courses = await (await fetch(site.url.replace("lab.html", "lessons/index.json"))).json();
const waits = [];
for (const { id } of courses.flatMap((course) => course.lessons)) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(`${site.url.replace("lab.html", "lesson.html")}#lesson=${id}&lang=en`);
  await page.waitForFunction(() => window.synodStory && document.querySelector("#continue"));
  waits.push(
    ...(await page.evaluate(async () => {
      const { synodStory: story } = window;
      const last = story.plan.steps.length - 1;
      const times = [];
      while (story.step < last || story.lab.playing) {
        // A reader reads before going on.
        await new Promise((done) => setTimeout(done, 150));
        const began = performance.now();
        document.querySelector("#continue").click();
        times.push(performance.now() - began);
      }
      return times;
    })),
  );
  await page.context().close();
}
waits.sort((a, b) => b - a);
line("continue, the longest of all steps of all lessons", waits[0], "ms");
line("continue, the median", waits[waits.length >> 1], "ms");
line("continue, presses that took more than 100 ms", waits.filter((wait) => wait > 100).length, "presses");
// What was asked for before the first ink on a canvas, gzip -9 of every file.
for (const [name, url] of [
  ["lab", site.url],
  ["lesson", site.url.replace("lab.html", "lesson.html#lesson=raft/elect")],
  ["embed of a protocol", site.url.replace("lab.html", "stage-of-raft")],
  ["embed of a lesson", site.url.replace("lab.html", "stage-of-a-lesson")],
]) {
  const page = await browser.newPage();
  await page.route(/stage-of-/, (route) => {
    const what = route.request().url().endsWith("raft") ? 'protocol="raft"' : 'lesson="raft/elect"';
    return route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><script type="module" src="element.js"></script><synod-stage ${what}></synod-stage>`,
    });
  });
  await page.addInitScript(() => {
    const { fill } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fill = function (...all) {
      window.inked ??= performance.now();
      return fill.apply(this, all);
    };
  });
  await page.goto(url);
  await page.waitForFunction(() => window.inked);
  const files = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((one) => one.startTime < window.inked)
      .map((one) => one.name),
  );
  const document = url.includes("stage-of-") ? [] : [url];
  const bytes = await Promise.all(
    [...document, ...files].map(
      async (file) => gzipSync(new Uint8Array(await (await fetch(file)).arrayBuffer()), { level: 9 }).length,
    ),
  );
  line(
    `first load of the ${name}, measured`,
    bytes.reduce((sum, n) => sum + n, 0),
    "bytes",
  );
  await page.close();
}
await browser.close();
site.close();
