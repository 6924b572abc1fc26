// What the build writes for pages that have no module yet is what the module says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const dist = new URL("../../dist/", import.meta.url);

test("the catalog that is written is that of the whole module", async () => {
  const module = await import(new URL("pkg/synod.js", dist).href);
  await module.default({ module_or_path: await readFile(new URL("pkg/synod_bg.wasm", dist)) });
  const written = JSON.parse(await readFile(new URL("catalog.json", dist), "utf8"));
  assert.deepEqual(written.protocols, JSON.parse(JSON.stringify(module.catalog())));
  assert.deepEqual(written.comparisons, JSON.parse(JSON.stringify(module.comparisons())));
});
