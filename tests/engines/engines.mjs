// Three engines behind one small interface. Chromium and Firefox are driven by puppeteer; WebKit, which it does not
// know, by plain WebDriver.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "puppeteer-core";

/**
 * @typedef {{ x: number, y: number }} Point
 * @typedef {object} Hands what each engine does in its own way
 * @property {string} version
 * @property {(url: string) => Promise<unknown>} open
 * @property {(source: string) => Promise<any>} evaluate an expression that may be a promise
 * @property {(keys: string[]) => Promise<unknown>} press keys, held together
 * @property {(points: Point[]) => Promise<unknown>} drag down at the first, up at the last
 * @property {() => Promise<Buffer>} screenshot
 * @property {() => string[]} said errors that its console showed
 * @property {() => Promise<string[]>} files what stands in its folder for downloads
 * @property {() => Promise<unknown>} close
 */

export const SIZE = { width: 1280, height: 800 };
const STEPS = 12;

/** Ends what was started, whatever happens to the test. @type {Set<() => void>} */
const endings = new Set();
const endAll = () => {
  for (const end of endings) end();
};
process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

/** A folder that is gone when the test is. */
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), "synod-engine-"));
  const end = () => rmSync(folder, { recursive: true, force: true });
  endings.add(end);
  return { folder, end };
}

/** A process in a group of its own, and how to end the group. */
function start(program, args, options = {}) {
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", "ignore", "pipe"], ...options });
  const failed = new Promise((_, no) => child.once("error", no));
  failed.catch(() => {});
  const end = () => {
    endings.delete(end);
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  };
  endings.add(end);
  return { child, end, failed };
}

/** @param {"chrome" | "firefox"} browser @param {string} executablePath @returns {Promise<Hands>} */
async function byPuppeteer(browser, executablePath) {
  const { folder, end } = ownFolder();
  const running = await launch({
    browser,
    executablePath,
    headless: true,
    defaultViewport: SIZE,
    env: { ...process.env, HOME: folder },
    args: browser === "chrome" ? ["--no-sandbox", "--disable-background-networking", "--disable-quic"] : [],
    downloadBehavior: browser === "chrome" ? { policy: "allow", downloadPath: folder } : undefined,
    extraPrefsFirefox: { "browser.download.folderList": 2, "browser.download.dir": folder },
  });
  const page = await running.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  return {
    version: await running.version(),
    open: async (url) => {
      await page.goto("about:blank");
      await page.goto(url);
    },
    evaluate: (source) => page.evaluate(source),
    press: async (keys) => {
      for (const key of keys) await page.keyboard.down(key);
      for (const key of keys.toReversed()) await page.keyboard.up(key);
    },
    drag: async ([first, ...rest]) => {
      await page.mouse.move(first.x, first.y);
      await page.mouse.down();
      for (const { x, y } of rest) await page.mouse.move(x, y);
      await page.mouse.up();
    },
    screenshot: async () => Buffer.from(await page.screenshot()),
    said: () => said,
    files: () => readdir(folder),
    close: async () => {
      await running.close();
      end();
    },
  };
}

/** What a stream says in its first line. */
const firstLine = (stream) =>
  new Promise((done) => {
    let all = "";
    stream.on("data", (data) => {
      all += data;
      if (all.includes("\n")) done(all.trim());
    });
  });

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Keys that have no character, as WebDriver writes them. */
const KEYS = { Control: "\ue009", Shift: "\ue008", ArrowRight: "\ue014", ArrowLeft: "\ue012", Escape: "\ue00c" };

/** WebKit's browser for tests: Debian keeps it beside the library, in a folder that bears the library's version. */
function miniBrowser() {
  const inside = (folder) => readdirSync(folder).map((name) => join(folder, name));
  const libraries = inside("/usr/lib").filter((folder) => folder.endsWith("-linux-gnu"));
  const versions = libraries.flatMap(inside).filter((folder) => /webkit(2gtk|gtk)-[\d.]+$/.test(folder));
  const found = versions.map((folder) => join(folder, "MiniBrowser")).find(existsSync);
  if (!found) throw new Error("WebKit's MiniBrowser is missing; Debian has it with webkit2gtk-driver");
  return found;
}

/** @returns {Promise<Hands>} */
async function webkit() {
  const display = start("Xvfb", ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
  const screen = await Promise.race([firstLine(display.child.stdio[3]), display.failed]);
  const { folder, end } = ownFolder();
  const env = {
    ...process.env,
    DISPLAY: `:${screen}`,
    HOME: folder,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    LIBGL_ALWAYS_SOFTWARE: "1",
  };
  const port = await freePort();
  const driver = start("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { env });
  const call = async (method, path, body) => {
    const sent = body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...sent });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await Promise.race([until(() => call("GET", "/status")), driver.failed]);
  const capabilities = {
    alwaysMatch: { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } },
  };
  const { sessionId, capabilities: given } = await call("POST", "/session", { capabilities });
  const at = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
  await at("POST", "/timeouts", { script: 60_000 });
  const act = (type, id, actions) => at("POST", "/actions", { actions: [{ type, id, actions }] });
  const move = ({ x, y }) => ({ type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) });
  const evaluate = async (source) => {
    const script = `const done = arguments[0];
      Promise.resolve(${source}).then((value) => done({ value }), (error) => done({ error: String(error) }))`;
    const { value, error } = await at("POST", "/execute/async", { script, args: [] });
    if (error) throw new Error(error);
    return value;
  };
  const fitWindow = async () => {
    const rect = await at("GET", "/window/rect");
    const [width, height] = await evaluate("[innerWidth, innerHeight]");
    const wanted = { width: rect.width + SIZE.width - width, height: rect.height + SIZE.height - height };
    await at("POST", "/window/rect", wanted);
  };
  await fitWindow();
  return {
    version: `WebKitGTK/${given.browserVersion}`,
    open: async (url) => {
      await at("POST", "/url", { url: "about:blank" });
      await at("POST", "/url", { url });
    },
    evaluate,
    press: (keys) => {
      const values = keys.map((key) => KEYS[key] ?? key);
      const down = values.map((value) => ({ type: "keyDown", value }));
      return act("key", "keys", [...down, ...values.toReversed().map((value) => ({ type: "keyUp", value }))]);
    },
    drag: ([first, ...rest]) =>
      act("pointer", "mouse", [
        move(first),
        { type: "pointerDown", button: 0 },
        ...rest.map(move),
        { type: "pointerUp", button: 0 },
      ]),
    screenshot: async () => Buffer.from(await at("GET", "/screenshot"), "base64"),
    // Its driver tells nothing of the console: only the page's own watch hears what goes wrong.
    said: () => [],
    files: () => readdir(folder),
    close: async () => {
      await at("DELETE", "").catch(() => {});
      driver.end();
      display.end();
      end();
    },
  };
}

/** Asks until it is so; fails with why it never was. */
export async function until(check, what = check, patience = 20_000) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      const so = await check();
      if (so) return so;
      if (Date.now() > end) throw new Error(`not so in time: ${what}`);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** What is said of a page in terms of what each engine does. @param {Hands} hands */
function engine(hands) {
  const evaluate = (look, ...args) =>
    hands.evaluate(typeof look === "string" ? look : `(${look})(${args.map((arg) => JSON.stringify(arg)).join()})`);
  const place = (selector) =>
    until(
      () =>
        evaluate((selector) => {
          const found = [...document.querySelectorAll(selector)].find((one) => one.getClientRects().length);
          if (!found || found.disabled) return null;
          const seen = (box) => box.top >= 0 && box.bottom <= innerHeight;
          if (!seen(found.getBoundingClientRect())) found.scrollIntoView({ block: "center", behavior: "instant" });
          const { x, y, width, height } = found.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }, selector),
      `${selector} is there to be pressed`,
    );
  return {
    ...hands,
    evaluate,
    until: (look, ...args) => until(() => evaluate(look, ...args), look),
    place,
    press: (key) => hands.press(key === " " ? [" "] : key.split("+")),
    click: async (selector) => hands.drag([await place(selector)]),
    drag: (from, to) => {
      const part = (i) => ({ x: from.x + ((to.x - from.x) * i) / STEPS, y: from.y + ((to.y - from.y) * i) / STEPS });
      return hands.drag(Array.from({ length: STEPS + 1 }, (_, i) => part(i)));
    },
    /** What went wrong in the page that is open, and what the console has said since it was asked last. */
    errors: async () => [...(await evaluate("window.watched.wrong")), ...hands.said().splice(0)],
  };
}

export const ENGINES = {
  chromium: async () => engine(await byPuppeteer("chrome", process.env.CHROMIUM ?? "/usr/bin/chromium")),
  firefox: async () => engine(await byPuppeteer("firefox", process.env.FIREFOX ?? "/usr/bin/firefox-esr")),
  webkit: async () => engine(await webkit()),
};
