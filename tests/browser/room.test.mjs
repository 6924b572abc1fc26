// Room for everything that is written on a stage: no overlap, nothing cut off, nothing off the sheet. On boxes,
// without drawing, with the fonts of the browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, serveModules } from "./site.mjs";

/** How many random runs of each protocol: `cargo xtask test --all` asks for more, and for each moment at all sizes. */
const MANY = process.env.SYNOD_ROOM_RUNS;
const RUNS = Number(MANY ?? 3);
/** Stages as the pages give them at 360x640, 390x844, 844x390, 820x1180, 1024x768, 1180x820, 1280x720, 1440x900 and
 *  2560x1440. */
const LESSON = [
  [360, 276],
  [390, 330],
  [492, 254],
  [468, 1044],
  [672, 632],
  [700, 672],
  [800, 572],
  [960, 752],
  [1520, 1292],
];
const LAB = [
  [344, 358],
  [374, 406],
  [628, 226],
  [604, 620],
  [808, 298],
  [964, 350],
  [684, 300],
  [844, 397],
  [1604, 687],
];
/** Side by side, and at home. */
const OTHER = [
  [344, 280],
  [374, 280],
  [397, 280],
  [385, 770],
  [487, 384],
  [615, 336],
  [695, 516],
  [342, 300],
  [794, 334],
  [542, 306],
  [750, 306],
  [910, 306],
];

let site;
let browser;
let page;
before(async () => {
  site = await serveModules();
  browser = await launch();
  page = await (await browser.newContext({ viewport: { width: 800, height: 600 } })).newPage();
  await page.goto(`${site.url}tests/browser/pages/blank.html`);
  await page.evaluate(async (whole) => {
    await (await import("/tests/browser/pages/labs.mjs")).ready();
    window.room = await import("/tests/browser/pages/room.mjs");
    window.room.share.whole = whole;
  }, Boolean(MANY));
});
after(async () => {
  await browser.close();
  site.close();
});

/**
 * Says what is wrong, some of it in full.
 * @param {{ wrong: string[], gone: string[], count: number }[]} told
 * @param {RegExp | null} [may] what may have no room, at the usual size of text
 */
function judge(told, may = null) {
  const all = (what) => told.flatMap((one) => one[what]);
  const [wrong, gone] = [all("wrong"), all("gone").filter((why) => !may?.test(why))];
  assert.ok(told.reduce((sum, one) => sum + one.count, 0) > 0, "something was judged");
  assert.deepEqual([wrong.length, wrong.slice(0, 12)], [0, []]);
  assert.deepEqual([gone.length, gone.slice(0, 12)], [0, []]);
}

test("every step of every lesson has room for what is written", async () => {
  const courses = JSON.parse(await readFile(new URL("../../dist/lessons/index.json", import.meta.url)));
  const told = [];
  for (const { id } of courses.flatMap((course) => course.lessons))
    told.push(await page.evaluate(([id, sizes]) => window.room.lesson(id, sizes), [id, LESSON]));
  judge(told);
});

test("every ready run has room", async () => {
  const ids = await page.evaluate(async () => (await import("/pkg/synod.js")).catalog().map((one) => one.id));
  const told = [];
  for (const id of ids)
    told.push(await page.evaluate(([id, sizes]) => window.room.starts(id, sizes), [id, [...LAB, ...OTHER]]));
  judge(told);
});

test("random runs of every protocol, of all sizes and roles, have room", async () => {
  const ids = await page.evaluate(async () => (await import("/pkg/synod.js")).catalog().map((one) => one.id));
  const told = [];
  for (const id of ids)
    told.push(await page.evaluate(([id, sizes, runs]) => window.room.randomRuns(id, sizes, 0, runs), [id, LAB, RUNS]));
  // Of many clients at once on a phone some are not shown; every name is.
  judge(told, /no room for (C\d|verdict)/);
});
