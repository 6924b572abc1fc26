// The page in the three engines that people read it in: one script for all. What an engine cannot do stands in EXPECTED.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ENGINES, until } from "./engines.mjs";
import { serve } from "./site.mjs";

/** What is true of an engine only where it says so of itself. */
const filmsAsItSays = () => typeof MediaRecorder === "function" && MediaRecorder.isTypeSupported("video/webm");

/**
 * `films`: a canvas can be recorded as WebM; else the page says that it cannot. WebKitGTK can where GStreamer has all
 * that it needs for it, which the packages of the test do not bring.
 */
const EXPECTED = {
  chromium: { films: () => true },
  firefox: { films: () => true },
  webkit: { films: filmsAsItSays },
};

const FILES = {
  svg: { type: "image/svg+xml", end: "svg", begins: "<svg" },
  png: { type: "image/png", end: "png", begins: "\u2030PNG" },
  "time-svg": { type: "image/svg+xml", end: "time.svg", begins: "<svg" },
  "time-png": { type: "image/png", end: "time.png", begins: "\u2030PNG" },
  jsonl: { type: "application/jsonl", end: "jsonl", begins: "{" },
  shiviz: { type: "text/plain", end: "shiviz.log", begins: "" },
  mermaid: { type: "text/plain", end: "mmd", begins: "sequenceDiagram" },
  test: { type: "text/plain", end: "rs", begins: "#[test]" },
  webm: { type: "video/webm", end: "webm", begins: "\u001aE\u00df\u00a3" },
};

const BLANK = '<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:,"></head></html>';
const ELEMENT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>
<link rel="icon" href="data:,"><script type="module" src="synod-stage.js"></script></head>
<body><synod-stage protocol="raft" seed="3"></synod-stage></body></html>`;

const native = execFileSync(fileURLToPath(new URL("../../target/debug/examples/recordings", import.meta.url)))
  .toString()
  .trim()
  .split("\n")
  .map((line) => {
    const [protocol, micros, faults, print, run] = line.split(" ");
    return { protocol, ms: Number(micros) / 1000, faults: Number(faults), print, run };
  });

const site = await serve({ pages: { "/blank": BLANK } });
const host = await serve({ folder: "npm", pages: { "/": ELEMENT } });
after(() => {
  site.close();
  host.close();
});

/** Something is drawn on a canvas of the page. */
function inked(selector, within) {
  const root = within ? document.querySelector(within).shadowRoot : document;
  const canvas = root.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value) => value > 0);
}

const print = (engine) => engine.evaluate(() => window.synodLab.sim.fingerprint());
const toasts = (engine) =>
  engine.evaluate(() => [...document.querySelectorAll(".toast")].map((one) => one.textContent).join("\n"));
const status = (name) => window.synodLab.sim.frame(0).nodes.find((one) => one.name === name).status;
const sides = () => window.synodLab.sim.frame(0).partition?.length ?? 1;

async function openLab(engine, address) {
  await engine.open(address);
  await engine.until(() => Boolean(window.synodLab && document.querySelector(".mirror button")));
}

async function home(engine) {
  await engine.open(`${site.url}index.html`);
  await engine.until(() => Boolean(window.synodHome));
  await engine.until(inked, "canvas");
  const then = await engine.evaluate(() => window.synodHome.sim.now);
  await engine.until((then) => window.synodHome.sim.now > then, then);
  assert.ok(await engine.evaluate(() => document.querySelectorAll('a[href*="lesson="]').length > 3));
}

/** A lesson's step once all of it has been shown: one press completes what plays. */
async function completed(engine, n) {
  await engine.until((n) => window.synodStory?.step === n, n);
  if (await engine.evaluate(() => window.synodStory.lab.playing)) await engine.press("ArrowRight");
  // What ended by itself before the press came went on instead.
  if ((await engine.evaluate(() => window.synodStory.step)) !== n) await engine.press("ArrowLeft");
  await engine.until(
    (n) => window.synodStory.step === n && window.synodStory.lab.sim.now === window.synodStory.mark.until,
    n,
  );
  return engine.evaluate(() => window.synodStory.lab.sim.fingerprint());
}

async function lesson(engine) {
  await engine.open(`${site.url}lesson.html#lesson=raft/leader-dies&step=1&lang=en`);
  await engine.until(() => Boolean(window.synodStory && document.querySelector(".say")?.textContent));
  const last = (await engine.evaluate(() => window.synodStory.plan.steps.length)) - 1;
  const prints = [];
  for (let n = 0; n <= last; n++) {
    prints.push(await completed(engine, n));
    if (n < last) await engine.press("ArrowRight");
  }
  for (let n = last - 1; n >= 0; n--) {
    await engine.press("ArrowLeft");
    await engine.until((n) => window.synodStory.step === n, n);
    assert.equal(await engine.evaluate(() => window.synodStory.lab.sim.fingerprint()), prints[n], `back at step ${n}`);
  }
  assert.ok(await engine.evaluate(inked, "canvas"));
}

/** Played, a node crashed, the network cut, both taken back and the crash done again. */
async function lab(engine) {
  await openLab(engine, `${site.url}lab.html#protocol=raft&seed=7f3a`);
  await engine.click(".transport .seg button:nth-child(4)");
  await engine.press("Escape");
  await engine.press(" ");
  await engine.until(() => window.synodLab.frame.nodes.some((one) => one.role === "leader"));
  await engine.press(" ");
  await engine.until(() => !window.synodLab.playing);
  const leader = await engine.evaluate(() => window.synodLab.frame.nodes.find((one) => one.role === "leader").name);
  const is = (wanted) => until(async () => (await engine.evaluate(status, leader)) === wanted);
  await engine.click(`.mirror [data-target="${leader}"]`);
  await engine.click(`[role=menuitem][data-input="crash ${leader}"]`);
  await is("crashed");
  const crashed = await print(engine);

  const box = await engine.evaluate(() => document.querySelector("#stage").getBoundingClientRect().toJSON());
  const x = box.x + box.width / 2 + Math.min(60, box.width * 0.12);
  await engine.drag({ x, y: box.y + 6 }, { x, y: box.y + box.height - 14 });
  await until(async () => (await engine.evaluate(sides)) === 2);
  await engine.press("Control+z");
  await until(async () => (await engine.evaluate(sides)) === 1);
  assert.equal(await print(engine), crashed);
  await engine.click("[data-icon=undo]");
  await is("up");
  await engine.press("Control+Shift+Z");
  await is("crashed");
  assert.equal(await print(engine), crashed);
  assert.ok(await engine.evaluate(inked, "#stage-canvas"));
}

/** The link opens the same moment: in the address, and pasted on another run. Without a clipboard it is shown. */
async function link(engine) {
  const mine = await print(engine);
  await engine.click("#copy-link");
  await until(async () => (await toasts(engine)).includes("The link is copied."));
  const href = await engine.evaluate("location.href");
  assert.deepEqual(await engine.errors(), []);
  await openLab(engine, `${site.url}lab.html#protocol=raft&seed=1`);
  assert.notEqual(await print(engine), mine);
  await engine.press("Control+v");
  await until(async () => (await print(engine)) === mine);
  assert.deepEqual(await engine.errors(), []);
  await openLab(engine, href);
  assert.equal(await print(engine), mine);
  await engine.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
  });
  await engine.click("#copy-link");
  const byHand = `Copy this link: ${await engine.evaluate("location.href")}`;
  await until(async () => (await toasts(engine)).includes(byHand));
  await openLab(engine, href);
}

/** What was handed over last, as bytes and type. */
async function last(n) {
  const { blob, type } = window.watched.handed[n];
  const bytes = new Uint8Array(await blob.slice(0, 64).arrayBuffer());
  return { type, size: blob.size, begins: new TextDecoder("latin1").decode(bytes) };
}

async function exported(engine, way, films) {
  const before = await engine.evaluate(() => window.watched.handed.length);
  await engine.click("#export");
  await engine.click(`[data-export="${way}"]`);
  const { type, end, begins } = FILES[way];
  const name = `synod-raft-7f3a.${end}`;
  if (way === "webm" && !films) {
    await until(async () => (await toasts(engine)).includes("This browser cannot record a canvas."));
    return;
  }
  await until(async () => (await toasts(engine)).includes(`Saved as ${name}.`));
  const made = await engine.evaluate(last, before);
  assert.equal(made.type, type, way);
  assert.ok(made.size > 100 && made.begins.startsWith(begins), `${way} is ${made.size} long: ${made.begins}`);
  await until(async () => (await engine.files()).includes(name));
}

async function exports(engine, { films }) {
  const filming = await engine.evaluate(films);
  for (const way of Object.keys(FILES)) await exported(engine, way, filming);
  await engine.click("#export");
  await engine.place('[data-export="link"]');
  const offered = await engine.evaluate(() =>
    [...document.querySelectorAll("[data-export]")].map((one) => one.dataset.export),
  );
  assert.deepEqual(offered.toSorted(), ["link", ...Object.keys(FILES)].toSorted(), "each way out is tried here");
  await engine.click('[data-export="link"]');
  await until(async () => (await toasts(engine)).includes("The link is copied."));
}

async function element(engine) {
  await engine.open(host.url);
  await engine.until(() => Boolean(document.querySelector("synod-stage").simulation));
  const told = await engine.evaluate(() => {
    const stage = document.querySelector("synod-stage");
    const { what } = stage.step();
    stage.seek(300);
    stage.inject("crash B");
    return [what, stage.simulation.now, stage.simulation.frame(0).nodes[1].status];
  });
  assert.deepEqual(told, ["timer", 300, "crashed"]);
  await engine.until(inked, "canvas", "synod-stage");
  await engine.evaluate(() => document.querySelector("synod-stage").play());
  await engine.until(() => document.querySelector("synod-stage").simulation.now > 301);
}

/** Runs in the page: the whole module, loaded by the page's own glue. */
async function replayed(runs) {
  const { default: start, Simulation } = await import("/pkg/synod.js");
  await start();
  return runs.map(({ run, ms }) => {
    const sim = Simulation.replay(run);
    sim.seek(ms);
    return sim.fingerprint();
  });
}

async function recordings(engine) {
  assert.ok(native.length === 20 && native.every(({ faults }) => faults > 10));
  await engine.open(`${site.url}blank`);
  const prints = await engine.evaluate(replayed, native);
  const told = (print, i) => `${i} ${native[i].protocol} ${print}`;
  assert.deepEqual(
    prints.map(told),
    native.map(({ print }, i) => told(print, i)),
  );
}

const PARTS = { home, lesson, lab, link, exports, element, recordings };

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, { timeout: 120_000 }, async (t) => {
    const engine = await start();
    t.diagnostic(engine.version);
    try {
      for (const [part, play] of Object.entries(PARTS)) {
        await t.test(part, async () => {
          await play(engine, EXPECTED[name]);
          assert.deepEqual(await engine.errors(), []);
        });
      }
    } finally {
      await engine.close();
    }
    assert.deepEqual([...site.missed, ...host.missed], []);
  });
}
