// Engine and protocols as bare wasm: no import at all, and the same numbers as native code.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { unpack } from "../../www/unpack.js";

const root = new URL("../../", import.meta.url);
const bytes = await readFile(new URL("target/wasm32-unknown-unknown/release/synod_border.wasm", root));

test("the crates under the shell need no import", async () => {
  assert.deepEqual(WebAssembly.Module.imports(await WebAssembly.compile(bytes)), []);
});

test("native equals wasm", async () => {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const native = execFileSync(fileURLToPath(new URL("target/debug/examples/fingerprints", root)))
    .toString()
    .trim()
    .split("\n");
  const wasm = native.map(
    (_, seed) => `${seed} ${BigInt.asUintN(64, instance.exports.fingerprint(seed)).toString(16).padStart(16, "0")}`,
  );
  assert.deepEqual(wasm, native);
});

const unpacker = async () => WebAssembly.compile(await readFile(new URL("dist/pkg/unpack.wasm", root)));

test("what is damaged is refused in words", async () => {
  const by = await unpacker();
  assert.deepEqual(WebAssembly.Module.imports(by), []);
  const whole = new Uint8Array(await readFile(new URL("dist/pkg/gossip.packed", root)));
  const changed = whole.slice();
  changed[whole.length >> 1] ^= 1;
  for (const bytes of [new Uint8Array(0), whole.slice(0, 8), whole.slice(0, 60000), changed, new Uint8Array(1 << 23)])
    await assert.rejects(unpack(bytes, by), /the packed module of \d+ bytes is damaged/);
});

test("every module that a page loads computes the same runs as the whole one", async () => {
  const dist = new URL("dist/", root);
  let instance = 0;
  const open = async (module, rest) => {
    const glue = await import(`${new URL("pkg/synod.js", dist)}?${instance++}`);
    const exports = await glue.default({ module_or_path: module });
    // The rest is brought where the first of its functions is called.
    globalThis.synodRest = () => {
      new WebAssembly.Instance(new WebAssembly.Module(rest), { 1: exports });
      exports.rest.value = 0;
    };
    return glue;
  };
  const whole = await open(await readFile(new URL("pkg/synod_bg.wasm", dist)));
  const print = ({ Simulation }, protocol) => {
    const sim = new Simulation({ protocol, seed: "7f3a", network: { loss: 0.05, duplicate: 0.05 } });
    const [one, two] = sim.frame(0).nodes.map((node) => node.name);
    for (const input of ["", `crash ${one}`, `cut ${one} <-> ${two}`, `restart ${one}`, "heal"]) {
      if (input) sim.inject(input);
      sim.advance(400);
    }
    return `${sim.seq} ${sim.fingerprint()}`;
  };
  const by = await unpacker();
  const names = await readdir(new URL("pkg/", dist));
  const packed = names.filter((name) => name.endsWith(".packed") && !name.startsWith("find-"));
  assert.ok(packed.length >= 11, packed.join());
  for (const name of packed) {
    const file = new Uint8Array(await readFile(new URL(`pkg/${name}`, dist)));
    assert.equal(file[0], 1, `${name} is told by its grammar`);
    const module = await unpack(file, by);
    const rest = name.replace(".packed", ".rest.wasm");
    const glue = await open(module, names.includes(rest) ? await readFile(new URL(`pkg/${rest}`, dist)) : null);
    for (const { id } of glue.catalog()) assert.equal(print(glue, id), print(whole, id), `${name}, ${id}`);
  }
});
