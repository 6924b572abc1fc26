// The built site on a port of its own, and a browser to look at it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { unpack } from "../../www/unpack.js";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const KINDS = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/** The modules of the page as they are written, over the built module of WebAssembly, the lessons and the tests. */
export async function serveModules(root = process.env.SYNOD_ROOT ?? ROOT) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const [, first] = path.split("/");
    const from = first === "pkg" || first === "lessons" ? DIST : first === "tests" ? ROOT : join(root, "www");
    try {
      const bytes = await readFile(join(from, path));
      const kind = path.endsWith(".mjs") ? "text/javascript" : (KINDS[extname(path)] ?? "application/octet-stream");
      response.writeHead(200, { "Content-Type": kind }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** What modules are before they are packed, by their packed files: unpacked once for all pages of a test. */
const whole = new Map();
const unpacker = async () => WebAssembly.compile(await readFile(join(DIST, "pkg/unpack.wasm")));

/** @param {string} path of a packed module */
function wholeOf(path) {
  if (!whole.has(path))
    whole.set(
      path,
      Promise.all([readFile(join(DIST, path)), unpacker()]).then(([packed, by]) => unpack(packed, by)),
    );
  return whole.get(path);
}

/**
 * Pages of a test begin as those of a visitor who has been here: what the device keeps of modules is there. To unpack
 * in the page is a third of all that it takes to open, and is what `rest.test.mjs` and the element's tests do.
 * @param {string} ending of the addresses where the site has them
 */
function keeping(ending) {
  const name = (url) => new URL(url, location.href).pathname;
  const store = {
    keys: async (url) => [url],
    match: (key) => fetch(`${name(key)}${ending}`),
    put: async () => {},
    delete: async () => true,
  };
  if (globalThis.CacheStorage) CacheStorage.prototype.open = async () => store;
}
const KEPT = ".kept";

/** @param {Record<string, string>} [headers] sent with every answer @param {(path: string) => boolean} [missing] */
export async function serve(headers = {}, missing = () => false) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    try {
      if (missing(path)) throw new Error("missing");
      const bytes = path.endsWith(KEPT) ? await wholeOf(path.slice(0, -KEPT.length)) : await readFile(join(DIST, path));
      response
        .writeHead(200, { "Content-Type": KINDS[extname(path)] ?? "application/octet-stream", ...headers })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/lab.html`, close: () => server.close() };
}

/** Whether everything of a kind is to be tried and not some of it, as `cargo xtask test --all` asks. */
export const EVERY = process.env.SYNOD_ROOM_RUNS !== undefined;

/** The same engine without a browser's windows opens a page with half the work; `tests/engines` drives the browser. */
const CHROMIUM = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? CHROMIUM.find((one) => existsSync(one)),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
  });

/**
 * Axe on a page and its frames, for what is wrong. What is right it need not list, and it need not put its findings
 * together in a page of its own, as frames of strangers would want: that takes three times as long.
 */
export const axeOn = (page) => new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode(true);

/** A check of what is drawn: the page draws when the browser has time, so it is asked again until it holds. */
export async function eventually(check, patience = 15_000) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((later) => setTimeout(later, 50));
    }
  }
}

/** So many are there, once all of them are drawn. @param {import("playwright-core").Locator} of @param {number} n */
export const counts = (of, n, says) => eventually(async () => assert.equal(await of.count(), n, says));

/**
 * The site and a browser for all tests of a file.
 * @param {{ before: Function, after: Function }} hooks
 * @param {boolean} [kept] whether pages find what modules are kept, as at a second visit
 * @returns {{ url: string, browser: import("playwright-core").Browser }}
 */
export function forAll({ before, after }, kept = true) {
  const shared = {};
  let site;
  before(async () => {
    site = await serve();
    const browser = await launch();
    const open = browser.newContext.bind(browser);
    if (kept)
      browser.newContext = async (options) => {
        const context = await open(options);
        await context.addInitScript(keeping, KEPT);
        return context;
      };
    Object.assign(shared, { url: site.url, browser });
  });
  after(async () => {
    await shared.browser.close();
    site.close();
  });
  return shared;
}

/** A page with the lab, which fails the test on any error. */
export async function openLab(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const errors = [];
  const hosts = new Set();
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.addInitScript(() => {
    window.frames_asked = 0;
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (then) => {
      window.frames_asked += 1;
      return ask(then);
    };
  });
  await page.goto(url);
  await page.waitForFunction(() => window.synodLab && document.querySelector(".mirror button"));
  const lab = {
    page,
    context,
    errors,
    hosts,
    /** Reads the lab; nothing in a test writes it. */
    read: (look) => page.evaluate(look),
    now: () => page.evaluate(() => window.synodLab.sim.now),
    fingerprint: () => page.evaluate(() => window.synodLab.sim.fingerprint()),
    /** Where a node stands on the screen. */
    at: async (name) => {
      const box = await page.locator(`.mirror [data-target="${name}"]`).boundingBox();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    status: (name) =>
      page.evaluate((name) => window.synodLab.sim.frame(0).nodes.find((one) => one.name === name).status, name),
    partition: () => page.evaluate(() => window.synodLab.sim.frame(0).partition),
    leader: () =>
      page.evaluate(
        () => window.synodLab.sim.frame(0).nodes.find((one) => one.role === "leader" && one.status === "up")?.name,
      ),
    until: (test, arg) => page.waitForFunction(test, arg, { timeout: 30_000 }),
  };
  return lab;
}

/** Two names of the first run of nodes, and a line that parts them from the rest. */
export async function partingLine(lab) {
  const box = await lab.page.locator("#stage").boundingBox();
  const x = box.x + box.width / 2 + Math.min(60, box.width * 0.12);
  return { from: { x, y: box.y + 6 }, to: { x, y: box.y + box.height - 14 } };
}

/** Any page, once it is ready, with the errors that it met. */
export async function openPage(browser, url, ready, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  await page.waitForFunction(ready);
  return { page, context, errors };
}
