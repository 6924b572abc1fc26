// The declarations that TypeScript users get, held to what the module gives: what comes out of every protocol's ready
// runs is written down as literals, in which the compiler finds a member that is not declared, one that is missing, and
// a value that its type does not allow.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pkg = join(root, "dist/pkg");

/** The spans of a diagram, without its rows of numbers. */
function spans(diagram) {
  const { changes, flights, marks, ...rest } = diagram;
  assert.ok([changes, flights, marks].every((rows) => rows instanceof Float64Array));
  return rest;
}

/** What a run gives at a time, by the name of its type. */
function given(glue, sim) {
  const history = sim.history();
  return {
    FullConfig: [sim.config],
    Frame: [sim.frame(60)],
    Spans: [spans(sim.diagram(0))],
    Branch: sim.branches(),
    Violation: sim.violations(),
    Placed: sim.done(),
    Offer: sim.inputs(undefined).slice(0, 40),
    Trace: sim.trace().slice(-40),
    Operation: history,
    Judgement: history.length > 0 && history.length <= 24 ? [glue.judge(history)] : [],
    Together: [sim.together()].filter(Boolean),
    PromisedLevel: sim.levels(),
  };
}

function samples(glue) {
  const found = { Protocol: glue.catalog(), Comparison: glue.comparisons() };
  const take = (given) => {
    for (const [type, values] of Object.entries(given)) found[type] = [...(found[type] ?? []), ...values];
  };
  for (const protocol of found.Protocol) {
    for (const { config, inputs } of protocol.starts.filter(({ config }) => !(config.nodes > 100))) {
      const sim = new glue.Simulation(config);
      const end = (inputs.at(-1)?.time ?? 0) + 300;
      for (const { time, text } of inputs) {
        sim.seek(time);
        sim.inject(text);
      }
      take(given(glue, sim));
      sim.seek(end);
      take(given(glue, sim));
      sim.free();
    }
  }
  return found;
}

/** Numbers that JSON has no word for would be lost in it. */
const plain = (value) =>
  JSON.stringify(value, (_, held) => {
    assert.ok(typeof held !== "number" || Number.isFinite(held), "a number that is none");
    return held;
  });

test("what the module gives is what it declares, in every protocol", async () => {
  const glue = await import(join(pkg, "synod.js"));
  await glue.default({ module_or_path: await readFile(join(pkg, "synod_bg.wasm")) });
  const found = samples(glue);
  for (const type of ["Frame", "Offer", "Trace", "Operation", "Judgement", "Together", "Violation"])
    assert.ok(found[type].length > 3, `${found[type].length} of ${type}`);
  const folder = await mkdtemp(join(tmpdir(), "synod-types-"));
  try {
    const types = Object.keys(found);
    const lines = types.map((type) => {
      const different = [...new Set(found[type].map(plain))];
      return different.map((literal, at) => `export const ${type}${at}: ${type} = ${literal};`).join("\n");
    });
    const head = `import type { ${types.join(", ")} } from ${JSON.stringify(join(pkg, "synod.js"))};\n`;
    await writeFile(join(folder, "given.ts"), head + lines.join("\n"));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
    execFileSync(process.execPath, [tsc, ...flags, join(folder, "given.ts")], { encoding: "utf8", maxBuffer: 1 << 28 });
  } catch (error) {
    if (!error.stdout) throw error;
    const kinds = new Set(error.stdout.split("\n").map((line) => line.replace(/^.*?: error /, "").slice(0, 240)));
    assert.fail([...kinds].slice(0, 12).join("\n"));
  } finally {
    await rm(folder, { recursive: true });
  }
});
