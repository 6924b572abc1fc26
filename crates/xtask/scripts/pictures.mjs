// Draws the pictures of previews: a page with the site's own drawing code shows one after another, and is photographed.
// Told: the built site, the page's scripts as they are written, a browser, and a list of what to draw.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [dist, www, executablePath, listed] = process.argv.slice(2);
const HERE = fileURLToPath(new URL("picture/", import.meta.url));
const BUILT = ["pkg", "lessons", "challenges"];
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
/** What previews show, at the density at which its smallest words are still read in a chat. */
const [WIDTH, HEIGHT, DENSITY] = [960, 504, 1.25];
/** Pages that draw at once. */
const AT_ONCE = 2;

const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
  const first = path.split("/")[1];
  const from = first === "picture" ? join(HERE, "..") : BUILT.includes(first) ? dist : www;
  try {
    const bytes = await readFile(join(from, path));
    response.writeHead(200, { "Content-Type": KINDS[extname(path)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });

/** Draws what is left of a list, one by one, where another page does the same. @param {object[]} rest */
async function draw(rest) {
  const viewport = { width: WIDTH, height: HEIGHT };
  const context = await browser.newContext({ viewport, deviceScaleFactor: DENSITY, colorScheme: "light" });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/picture/index.html`);
  await page.waitForFunction(() => window.draw);
  const camera = await context.newCDPSession(page);
  // Each who photographs has a density of their own.
  const metrics = { ...viewport, deviceScaleFactor: DENSITY, mobile: false };
  await camera.send("Emulation.setDeviceMetricsOverride", metrics);
  for (let one = rest.shift(); one; one = rest.shift()) {
    try {
      await page.evaluate((one) => window.draw(one), one);
    } catch (error) {
      throw new Error(`${one.page}: ${error.message}`);
    }
    const { data } = await camera.send("Page.captureScreenshot", { format: "png" });
    mkdirSync(dirname(one.file), { recursive: true });
    writeFileSync(one.file, Buffer.from(data, "base64"));
  }
}

try {
  const rest = JSON.parse(readFileSync(listed, "utf8"));
  await Promise.all(Array.from({ length: AT_ONCE }, () => draw(rest)));
} finally {
  await browser.close();
  server.close();
}
