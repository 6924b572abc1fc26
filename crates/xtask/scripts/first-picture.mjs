// What a page does with a module up to its first picture, with the page's own code, but for drawing; and then which
// functions of the module were entered, by their places. Told: the module, the page's scripts, and lessons.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [wasm, scripts, ...lessons] = process.argv.slice(2);
const www = (name) => import(new URL(name, pathToFileURL(`${scripts}/`)).href);

const nothing = () => null;
Object.assign(globalThis, {
  matchMedia: () => ({ matches: false, addEventListener: nothing }),
  document: { documentElement: { dataset: {} }, querySelector: nothing, body: null, baseURI: "file:///" },
  location: { hash: "", search: "" },
});

const glue = await www("pkg/synod.js");
const exports = await glue.default({ module_or_path: readFileSync(wasm) });
const { openWords } = await www("link.js");
const { create, look } = await www("state.js");
const { seek } = await www("acts.js");

/** A stage as it is looked at for its first picture. */
function picture(lab) {
  lab.acted = true;
  look(lab);
  // What is drawn, and what stands below a stage, asks for these too.
  const { sim } = lab;
  return [sim.done(), sim.end];
}

function opened(words) {
  const { sim, t } = openWords(new URLSearchParams(words), glue.catalog()[0].id);
  const lab = create(sim);
  seek(lab, t);
  picture(lab);
  return sim;
}

/** What an address of the lab may ask for: any ready run, a recorded one, or another one. */
function runs() {
  const [{ id, starts }] = glue.catalog();
  for (const start of starts) {
    const sim = opened({ protocol: id, start: start.id });
    opened({ run: sim.recording(), t: 1 });
  }
  opened({ protocol: id, seed: "7" });
  opened({ protocol: id });
  // With a seed of chance.
  new glue.Simulation({ protocol: id }).free();
}

/** What stands on the stage where a lesson begins. */
async function begun(lesson) {
  const { go, makeStory } = await www("story.js");
  const { lessonFor } = await www("said.js");
  const data = lessonFor(JSON.parse(readFileSync(lesson, "utf8")));
  const story = makeStory(new glue.Lesson(data), glue.catalog());
  // It plays, or stands at its end where nothing may move.
  for (const animate of [true, false]) {
    go(story, 0, animate);
    picture(story.lab);
  }
}

for (const lesson of lessons) await begun(lesson);
if (!lessons.length) runs();

const entered = Object.keys(exports).filter((name) => name.startsWith("entered ") && exports[name].value === 1);
console.log(entered.map((name) => name.slice(8)).join(" "));
process.exit();
