// The element in other people's pages, and what can be taken along from ours.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { eventually, launch, serve } from "./site.mjs";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const KINDS = { ".js": "text/javascript", ".html": "text/html" };
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A host with a page of its own, and the package beside it in synod/. */
async function host(html, policy) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    asked.push(path);
    const headers = policy ? { "Content-Security-Policy": policy } : {};
    if (path === "/")
      return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(html);
    try {
      const bytes = await readFile(join(DIST, "npm", path.replace("/synod/", "")));
      response
        .writeHead(200, { "Content-Type": KINDS[extname(path)] ?? "application/octet-stream", ...headers })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, asked, close: () => server.close() };
}

async function visit(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on(
    "console",
    (message) => message.type() === "error" && !message.text().includes("favicon") && errors.push(message.text()),
  );
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  return { page, context, errors };
}

const ready = (page, n = 1) =>
  page.waitForFunction(
    (n) => [...document.querySelectorAll("synod-stage")].filter((one) => one.simulation).length >= n,
    n,
  );
const page = (tags) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,"><script type="module" src="synod/element.js"></script><body>${tags}</body></html>`;
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";

test("as a module in plain HTML under a strict policy: it draws, steps, and tells", async () => {
  const site = await host(page('<synod-stage protocol="raft" seed="3"></synod-stage>'), STRICT);
  const { page: p, context, errors } = await visit(site.url);
  await ready(p);
  const told = await p.evaluate(async () => {
    const stage = document.querySelector("synod-stage");
    const heard = [];
    for (const name of ["synod-step", "synod-event", "synod-violation"])
      document.body.addEventListener(name, (event) =>
        heard.push([name, event.detail?.what ?? event.detail?.invariant]),
      );
    const record = stage.step();
    stage.seek(300);
    stage.inject("crash B");
    const both = () =>
      heard.some(([name]) => name === "synod-step") &&
      heard.some(([name, what]) => name === "synod-event" && what === "input");
    for (const end = Date.now() + 10_000; !both() && Date.now() < end; )
      await new Promise((done) => setTimeout(done, 20));
    return { record, now: stage.simulation.now, b: stage.simulation.frame(0).nodes[1].status, heard };
  });
  assert.equal(told.record.what, "timer");
  assert.deepEqual([told.now, told.b], [300, "crashed"]);
  assert.ok(
    told.heard.some(([name]) => name === "synod-step") &&
      told.heard.some(([name, what]) => name === "synod-event" && what === "input"),
  );
  const inked = () =>
    p.evaluate(() => {
      const canvas = document.querySelector("synod-stage").shadowRoot.querySelector("canvas");
      return canvas
        .getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value) => value > 0);
    });
  await eventually(async () => assert.ok(await inked(), "it has drawn"));
  await p.evaluate(() => document.querySelector("synod-stage").play());
  await p.waitForFunction(() => document.querySelector("synod-stage").simulation.now > 301);
  await p.evaluate(() => document.querySelector("synod-stage").pause());
  await assert.rejects(
    p.evaluate(() => document.querySelector("synod-stage").inject("nonsense")),
    /nonsense/,
  );
  assert.deepEqual(errors, []);
  await context.close();
  site.close();
});

test("lazy by view: nothing is loaded before it comes near", async () => {
  const site = await host(page('<div style="height:5000px"></div><synod-stage lesson="raft/elect"></synod-stage>'));
  const { page: p, context } = await visit(site.url);
  await p.waitForTimeout(500);
  assert.ok(!site.asked.some((path) => path.includes("packed")), "the module was not asked for");
  await p.evaluate(() => document.querySelector("synod-stage").scrollIntoView());
  await ready(p);
  assert.ok(site.asked.some((path) => path.endsWith("raft-lessons.packed")));
  await context.close();
  site.close();
});

test("several on a page share one module, speak their own languages, and rest out of view", async () => {
  const site = await host(
    page(
      '<synod-stage protocol="raft" seed="3" autoplay></synod-stage><synod-stage lesson="paxos/two-phases" lang="zh" theme="dark"></synod-stage><div style="height:4000px"></div>',
    ),
  );
  const { page: p, context, errors } = await visit(site.url);
  await ready(p, 2);
  await p.waitForTimeout(400);
  assert.equal(site.asked.filter((path) => path.endsWith(".packed")).length, 1);
  const words = await p.evaluate(() =>
    [...document.querySelectorAll("synod-stage")].map((one) => one.shadowRoot.textContent),
  );
  assert.ok(!/[\u4e00-\u9fff]/.test(words[0]) && /[\u4e00-\u9fff]/.test(words[1]));
  await p.evaluate(() => scrollTo(0, 5000));
  const now = () => p.evaluate(() => document.querySelector("synod-stage").simulation.now);
  const before = await eventually(async () => {
    const then = await now();
    await p.waitForTimeout(500);
    assert.equal(await now(), then, "it rests");
    return then;
  });
  await p.evaluate(() => scrollTo(0, 0));
  await p.waitForFunction((before) => document.querySelector("synod-stage").simulation.now > before, before);
  assert.deepEqual(errors, []);
  await context.close();
  site.close();
});

test("a stage that is added later with another protocol gets a module of its own", async () => {
  const site = await host(page('<synod-stage protocol="raft" seed="3"></synod-stage>'));
  const { page: p, context, errors } = await visit(site.url);
  await ready(p);
  await p.evaluate(() => {
    const more = document.createElement("synod-stage");
    more.setAttribute("protocol", "gossip");
    document.body.append(more);
  });
  await ready(p, 2);
  assert.equal(
    await p.evaluate(() => document.querySelectorAll("synod-stage")[1].simulation.config.protocol),
    "gossip",
  );
  assert.deepEqual(errors, []);
  await context.close();
  site.close();
});

test("keys that it uses stay with it, and all others are the page's", async () => {
  const site = await host(page('<synod-stage lesson="raft/elect"></synod-stage>'));
  const { page: p, context } = await visit(site.url);
  await ready(p);
  await p.evaluate(() => {
    window.heard = [];
    document.addEventListener("keydown", (event) => window.heard.push(event.key));
  });
  // Hands come after the first picture.
  await p.locator("synod-stage .mirror button").first().waitFor({ state: "attached" });
  await p.locator("synod-stage").locator('[part="continue"]').focus();
  for (const key of ["ArrowRight", "ArrowLeft", "PageDown", "x"]) await p.keyboard.press(key);
  assert.deepEqual(await p.evaluate(() => window.heard), ["PageDown", "x"]);
  await context.close();
  site.close();
});

test("its styles are its own, and its colours can be set from outside", async () => {
  const site = await host(
    page(
      '<style>canvas{display:none!important} button{font-size:60px!important} synod-stage{--synod-sheet:#ffeedd}</style><synod-stage protocol="raft"></synod-stage>',
    ).replace("<style>", "<style>"),
  );
  const { page: p, context } = await visit(site.url);
  await ready(p);
  const seen = await p.evaluate(() => {
    const { shadowRoot } = document.querySelector("synod-stage");
    const [canvas, button, root] = ["canvas", "button.ib", ".synod"].map((one) =>
      getComputedStyle(shadowRoot.querySelector(one)),
    );
    return [canvas.display, button.fontSize, root.backgroundColor];
  });
  assert.deepEqual(seen, ["block", "15px", "rgb(255, 238, 221)"]);
  await context.close();
  site.close();
});

test("on a slide that is scaled, a click finds what is under it, and the menu stands beside it", async () => {
  const site = await host(
    page(
      '<div style="transform:translate(60px,40px) scale(.6);transform-origin:0 0;width:1000px"><synod-stage protocol="raft" seed="3" wasm="synod/pkg/synod_bg.wasm"></synod-stage></div>',
    ),
  );
  const { page: p, context, errors } = await visit(site.url);
  await ready(p);
  const box = await p.locator('synod-stage .mirror [data-target="D"]').boundingBox();
  await p.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const menu = await p.locator("synod-stage .menu").boundingBox();
  assert.ok(Math.abs(menu.x - box.x) < 60 && Math.abs(menu.y - box.y) < 120, `the menu stands at ${menu.x}, ${menu.y}`);
  await p.click('synod-stage [data-input="crash D"]');
  assert.equal(
    await p.evaluate(() => document.querySelector("synod-stage").simulation.frame(0).nodes[3].status),
    "crashed",
  );
  assert.deepEqual(errors, []);
  await context.close();
  site.close();
});

test("what cannot be shown says why, as text", async () => {
  const site = await host(
    page(
      '<synod-stage protocol="<img src=x onerror=alert(1)>"></synod-stage><synod-stage run="broken"></synod-stage><synod-stage lesson="raft/nothing"></synod-stage>',
    ),
  );
  const { page: p, context } = await visit(site.url);
  await p.waitForFunction(() =>
    [...document.querySelectorAll("synod-stage")].every((one) =>
      one.shadowRoot?.querySelector(".loading")?.textContent.includes("cannot be shown"),
    ),
  );
  assert.equal(
    await p.evaluate(() => document.querySelectorAll("synod-stage")[0].shadowRoot.querySelector("img")),
    null,
  );
  await context.close();
  site.close();
});

test("one classic script works from a file, and in a frame without any rights to fetch", async () => {
  const folder = await mkdtemp(join(tmpdir(), "synod-"));
  await copyFile(join(DIST, "synod-stage-gossip.js"), join(folder, "synod-stage-gossip.js"));
  await writeFile(
    join(folder, "page.html"),
    '<!doctype html><meta charset="utf-8"><title>t</title><script src="synod-stage-gossip.js"></script><synod-stage lesson="gossip/push"></synod-stage><synod-stage lesson="raft/elect"></synod-stage>',
  );
  const { page: p, context, errors } = await visit(`file://${folder}/page.html`);
  await ready(p);
  await eventually(async () =>
    assert.match(
      await p.evaluate(() => document.querySelectorAll("synod-stage")[1].shadowRoot.textContent),
      /no lesson called raft\/elect; it has .*gossip\/push/,
    ),
  );
  assert.deepEqual(errors, []);
  await context.close();
  await rm(folder, { recursive: true });
  const inner =
    '<script src="synod/synod-stage.js"></script><synod-stage protocol="raft" style="display:block;height:200px"></synod-stage><synod-stage history="C1 10..20 put x 1" style="display:block;height:200px"></synod-stage>';
  const site = await host(
    `<!doctype html><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" width="600" height="440" srcdoc='${inner}'></iframe>`,
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-src 'self'; img-src data:",
  );
  const second = await visit(site.url);
  const frame = second.page.frames()[1] ?? (await second.page.waitForEvent("frameattached"));
  await frame.waitForFunction(() => document.querySelector("synod-stage")?.simulation);
  // The judge is in the file too: nothing can be fetched here.
  await frame.waitForFunction(() => document.querySelectorAll("synod-stage")[1].shadowRoot?.querySelector(".hv-main"));
  await second.context.close();
  site.close();
});

test("server-side rendering imports it without a document, and npm packs it", async () => {
  const out = execFileSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      "const { SynodStage } = await import(process.argv[1]); console.log(typeof SynodStage);",
      join(DIST, "npm/element.js"),
    ],
    { encoding: "utf8" },
  );
  assert.equal(out.trim(), "function");
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: join(DIST, "npm"),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const files = packed.files.map((file) => file.path);
  for (const name of [
    "element.js",
    "element.d.ts",
    "custom-elements.json",
    "README.md",
    "synod-stage.js",
    "pkg/raft-lessons.packed",
    "lessons/raft/elect.json",
  ])
    assert.ok(files.includes(name), name);
});

test("the frame says what happens to the page around it", async () => {
  const site = await serve();
  const { page: p, context } = await visit(site.url.replace("lab.html", "own.html"));
  await p.evaluate(() => {
    window.heard = [];
    addEventListener("message", (event) => window.heard.push(event.data));
  });
  const frame = p.frameLocator("iframe");
  await frame.locator('[part="continue"]').click();
  await frame.locator('[part="continue"]').click();
  await p.waitForFunction(() => window.heard.some((one) => one.source === "synod" && one.event === "synod-event"));
  await p.selectOption("#own-what", "protocol:paxos");
  await eventually(async () =>
    assert.match(await p.textContent("#own-element-code"), /<synod-stage protocol="paxos"><\/synod-stage>/),
  );
  await p.selectOption("#own-theme", "dark");
  await eventually(async () =>
    assert.match(await p.textContent("#own-frame-code"), /embed\.html#protocol=paxos&theme=dark/),
  );
  await context.close();
  site.close();
});

test("every file that is taken along opens in what it is for", async () => {
  const site = await serve();
  const {
    page: p,
    context,
    errors,
  } = await visit(`${site.url}#protocol=raft&seed=3`, {
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
  });
  await p.waitForFunction(() => window.synodLab && document.querySelector(".mirror button"));
  await p.evaluate(() => {
    const { sim, listeners } = window.synodLab;
    sim.advance(260);
    sim.inject("request set x 1");
    sim.inject("partition A B | C D E");
    sim.advance(120);
    listeners.forEach((listener) => listener());
  });
  const take = async (name) => {
    await p.click("#export");
    const [download] = await Promise.all([
      p.waitForEvent("download", { timeout: 30_000 }),
      p.click(`[data-export="${name}"]`),
    ]);
    return readFile(await download.path());
  };
  for (const name of ["svg", "time-svg"]) {
    const text = (await take(name)).toString();
    const seen = await p.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      return {
        wrong: parsed.querySelector("parsererror")?.textContent,
        paths: parsed.querySelectorAll("path").length,
        words: parsed.documentElement.textContent,
      };
    }, text);
    assert.equal(seen.wrong, undefined);
    assert.ok(seen.paths > 20, `${name} has ${seen.paths} paths`);
    if (name === "svg") assert.match(seen.words, /leader/);
  }
  for (const name of ["png", "time-png"]) {
    const bytes = [...(await take(name))];
    const size = await p.evaluate(async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
      return [bitmap.width, bitmap.height];
    }, bytes);
    assert.ok(size[0] > 800 && size[1] > 300, `${name} is ${size}`);
  }
  const lines = (await take("jsonl"))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { run, t } = lines[0];
  assert.deepEqual([run, t], await p.evaluate(() => [window.synodLab.sim.recording(), window.synodLab.sim.now]));
  const trace = await p.evaluate(() => window.synodLab.sim.trace(0));
  assert.deepEqual(lines, [{ ...trace[0], run, t }, ...trace.slice(1)]);
  const log = (await take("shiviz")).toString();
  const events = [...log.matchAll(/(?<host>\S*) (?<clock>{.*})\n(?<event>.*)/g)].map(({ groups }) => ({
    ...groups,
    clock: JSON.parse(groups.clock),
  }));
  assert.equal(events.length * 2, log.trim().split("\n").length, "every line is part of an event");
  const own = new Map();
  for (const { host, clock } of events) {
    assert.equal(clock[host], (own.get(host) ?? 0) + 1, "a host's own clock goes up by one");
    own.set(host, clock[host]);
  }
  assert.ok(
    events.some(({ clock }) => Object.keys(clock).length > 1),
    "hosts hear of each other",
  );
  const diagram = (await take("mermaid")).toString();
  assert.match(diagram, /^sequenceDiagram\n {2}participant A/);
  const other = await context.newPage();
  await other.addScriptTag({
    path: fileURLToPath(new URL("../../node_modules/mermaid/dist/mermaid.min.js", import.meta.url)),
  });
  assert.equal((await other.evaluate((text) => window.mermaid.parse(text), diagram)).diagramType, "sequence");
  await other.close();
  const script = (await take("test")).toString();
  assert.match(script, /Script::new\("raft", "nodes=5 seed=3/);
  assert.match(script, /partition A B \| C D E/);
  assert.ok(script.includes(await p.evaluate(() => window.synodLab.sim.fingerprint())));
  const film = await take("webm");
  const cinema = await context.newPage();
  const seconds = await cinema
    .evaluate(
      async (bytes) => {
        const video = document.createElement("video");
        video.src = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: "video/webm" }));
        video.muted = true;
        await new Promise((done, wrong) => {
          video.onloadeddata = done;
          video.onerror = () => wrong(new Error("the film does not open"));
        });
        return [video.videoWidth, video.videoHeight];
      },
      [...film],
    )
    .catch((error) => [String(error)]);
  assert.ok(film.length > 5_000 && seconds[0] > 300, `the film has ${film.length} bytes and opens as ${seconds}`);
  assert.deepEqual(errors, []);
  await context.close();
  site.close();
});

test("the classic script has no character that a page without a charset could read wrongly", async () => {
  const script = await readFile(join(DIST, "synod-stage-raft.js"), "latin1");
  assert.equal(script.match(/[^\n\t -~]/)?.index, undefined);
});

test("a stage that is given too little room keeps its controls in sight", async () => {
  const site = await host(page('<synod-stage lesson="raft/elect" style="height:150px"></synod-stage>'));
  const { page: p, context } = await visit(site.url);
  await ready(p);
  const [stage, on] = await Promise.all([
    p.locator("synod-stage").boundingBox(),
    p.locator("synod-stage").locator('[part="continue"]').boundingBox(),
  ]);
  assert.ok(
    on.height >= 40 && on.y >= stage.y && on.y + on.height <= stage.y + stage.height,
    JSON.stringify([stage, on]),
  );
  await context.close();
  site.close();
});
