// The package that wasm-pack makes, as a bundler takes it: esbuild bundles a program that uses it, with the
// one line that every bundler has for the module itself, and Node runs what comes out.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";

const folder = resolve(process.argv[2]);
const { main, types, sideEffects } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
assert.ok(main && types && sideEffects, "the manifest says what a bundler asks");

/** A module of WebAssembly is imported as ES modules are: its imports are modules, its exports are names. */
const wasm = {
  name: "wasm",
  setup(made) {
    made.onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const bytes = await readFile(path);
      const module = await WebAssembly.compile(bytes);
      const from = [...new Set(WebAssembly.Module.imports(module).map((one) => one.module))];
      const names = WebAssembly.Module.exports(module).map((one) => one.name);
      const contents = [
        ...from.map((name, n) => `import * as from${n} from ${JSON.stringify(name)};`),
        `const bytes = Uint8Array.from(atob("${bytes.toString("base64")}"), (c) => c.charCodeAt(0));`,
        `const imports = { ${from.map((name, n) => `${JSON.stringify(name)}: from${n}`).join(", ")} };`,
        "const { instance } = await WebAssembly.instantiate(bytes, imports);",
        ...names.map((name) => `export const ${name} = instance.exports.${name};`),
      ].join("\n");
      return { contents, loader: "js", resolveDir: dirname(path) };
    });
  },
};

const work = await mkdtemp(join(tmpdir(), "synod-bundle-"));
try {
  const program = `
    import { Simulation, catalog } from ${JSON.stringify(join(folder, main))};
    const sim = new Simulation({ protocol: "raft", nodes: 5, seed: "7f3a" });
    sim.advance(500);
    console.log(catalog().length, sim.frame(0).nodes.filter((node) => node.role === "leader").length);`;
  await writeFile(join(work, "main.js"), program);
  const outfile = join(work, "out.mjs");
  await build({ entryPoints: [join(work, "main.js")], bundle: true, format: "esm", outfile, plugins: [wasm] });
  const [protocols, leaders] = execFileSync(process.execPath, [outfile]).toString().split(" ").map(Number);
  assert.ok(protocols > 0 && leaders === 1, `${protocols} protocols, ${leaders} leaders`);
} finally {
  await rm(work, { recursive: true });
}
