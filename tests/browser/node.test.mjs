// The module in Node, which the README names. V8 11.3, that of Node 20, inlines calls of exports
// that give one reference, and dies when the caller is deoptimized while such a call runs: a loop
// that reads frames does so sooner or later. Here it is done on purpose, for every export.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const pkg = new URL("../../dist/pkg/", import.meta.url).href;

/** A program that calls an export, optimized, and has its caller deoptimized from within. */
const program = (call) => `
import { readFileSync } from "node:fs";
const glue = await import("${pkg}synod.js");
await glue.default({ module_or_path: readFileSync(new URL("${pkg}synod_bg.wasm")) });
const sim = new glue.Simulation({ protocol: "raft", nodes: 4, seed: "3", mutants: ["vote-twice"] });
console.warn = () => {};
for (const input of ["fire A election", "fire B election", "request set x 1"]) sim.inject(input);
sim.advance(100);
const caller = () => ${call};
// A key of what it gives: setting one calls back into JavaScript.
const first = (value) => (Array.isArray(value) ? first(value[0]) : Object.keys(value)[0]);
const key = first(caller());
%PrepareFunctionForOptimization(caller);
for (let n = 0; n < 10; n++) caller();
%OptimizeFunctionOnNextCall(caller);
caller();
let deoptimized = 0;
Object.defineProperty(Object.prototype, key, {
  configurable: true,
  set(value) {
    deoptimized++;
    %DeoptimizeFunction(caller);
    Object.defineProperty(this, key, { value, enumerable: true });
  },
});
const given = caller();
console.log(deoptimized > 0 && typeof given === "object" ? "lives" : "was not tried");
`;

test("no export gives a reference alone", async () => {
  const types = await readFile(new URL("synod.d.ts", pkg), "utf8");
  const exports = types.slice(types.indexOf("interface InitOutput")).match(/^ +readonly \w+: .*$/gm);
  assert.ok(exports.length > 20);
  assert.deepEqual(
    exports.filter((line) => / => any;/.test(line)),
    [],
  );
});

for (const call of [
  "sim.frame()",
  "sim.step()",
  "sim.config",
  "sim.history()",
  "sim.violations()",
  "sim.done()",
  "sim.branches()",
  "sim.inputs()",
  "sim.trace()",
  "sim.node(0)",
  "glue.catalog()",
  "glue.comparisons()",
])
  test(`${call} outlives a deoptimized caller`, () => {
    const args = ["--allow-natives-syntax", "--input-type=module", "--eval", program(call)];
    assert.equal(execFileSync(process.execPath, args).toString().trim(), "lives");
  });

test("a search in Node finds what it finds natively, tells how far it is, and can be given up", async () => {
  const { default: init, explore, Simulation } = await import(`${pkg}synod.js`);
  await init({ module_or_path: await readFile(new URL("synod_bg.wasm", pkg)) });
  const same = JSON.parse(await readFile(new URL("../found.json", import.meta.url), "utf8"));
  const heard = [];
  const found = await explore(same.request, { onProgress: (progress) => heard.push(progress) });
  assert.equal(found.recording, same.recording);
  assert.equal(found.steps.length, same.steps);
  assert.ok(heard.every(({ lower, within }) => lower >= 0 && within.nodes === 3));
  const run = Simulation.replay(found.recording);
  run.seek(found.steps.at(-1).at / 1_000 + 1);
  assert.deepEqual(
    run.violations().map((violation) => violation.invariant),
    [found.invariant],
  );
  const [whole, giveUp] = [{ ...same.request, config: { protocol: "raft", nodes: 3 } }, new AbortController()];
  setTimeout(() => giveUp.abort(), 100);
  const began = performance.now();
  await assert.rejects(explore(whole, { signal: giveUp.signal }), { name: "AbortError" });
  assert.ok(performance.now() - began < 5_000, "it went on");
  await assert.rejects(explore({ ...same.request, goal: {} }), { name: "SynodError", code: "bad-input" });
});
