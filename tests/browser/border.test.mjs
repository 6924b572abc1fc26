// Engine and protocols as bare wasm: no import at all, and the same numbers as native code.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const bytes = await readFile(new URL("target/wasm32-unknown-unknown/release/synod_border.wasm", root));

test("the crates under the shell need no import", async () => {
  assert.deepEqual(WebAssembly.Module.imports(await WebAssembly.compile(bytes)), []);
});

test("native equals wasm", async () => {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const native = execFileSync(fileURLToPath(new URL("target/debug/examples/fingerprints", root))).toString().trim().split("\n");
  const wasm = native.map((_, seed) => `${seed} ${BigInt.asUintN(64, instance.exports.fingerprint(seed)).toString(16).padStart(16, "0")}`);
  assert.deepEqual(wasm, native);
});
