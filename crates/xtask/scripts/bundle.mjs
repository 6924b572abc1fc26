// Bundles the page's scripts. What the same pages fetch at once is one file, whatever fetches a part of it once more
// later: every file more is a request more, and is packed the worse for being small.
// Told, as JSON: the scripts' folder `root`; `pages` and `workers` below it, without their endings; what stays `outside`,
// as the beginnings of paths below it; the folder `out`; how `chunks` are called, and those with a name of their own
// that are fetched `late`; and where to say what was written, `told`.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { transform } from "esbuild";
import { rollup } from "rollup";

const { root, pages, workers, outside, out, chunks, late, told } = JSON.parse(process.argv[2]);
/** What so many pages fetch is fetched by all: they share the file that is kept then. */
const MOST = 5;
/** But for what this one does without, which begins with the least. */
const LEAST = "lab.js";
const named = (path) => relative(root, path).split(sep).join("/");

/** A sheet of styles, as the text of a module. */
const sheets = {
  name: "sheets",
  load: (id) => (id.endsWith(".css") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))};` : null),
};

const small = {
  name: "small",
  renderChunk: (code) => transform(code, { minify: true, format: "esm", target: "es2022", charset: "utf8" }),
};

/**
 * For each module that entries fetch at once, which those are.
 * @param {import("rollup").ManualChunkMeta} modules
 */
function fetchedAtOnce({ getModuleInfo, getModuleIds }) {
  const by = new Map();
  for (const entry of [...getModuleIds()].filter((id) => getModuleInfo(id).isEntry)) {
    const seen = new Set([entry]);
    // A set that grows is walked to its new end.
    for (const id of seen) {
      by.set(id, [...(by.get(id) ?? []), named(entry)]);
      for (const next of getModuleInfo(id).importedIds) seen.add(next);
    }
  }
  return by;
}

let by = null;
function together(id, modules) {
  by ??= fetchedAtOnce(modules);
  const entries = by.get(id);
  if (!entries || modules.getModuleInfo(id).isEntry) return undefined;
  // A worker has no page around it.
  const bare = entries.some((entry) => workers.includes(entry.replace(/\.js$/, "")));
  if (entries.length < MOST || bare) return entries.toSorted().join(" ");
  return entries.includes(LEAST) ? "most" : "most-others";
}

const bundle = await rollup({
  input: Object.fromEntries([...pages, ...workers].map((entry) => [entry, join(root, `${entry}.js`)])),
  external: (id, from) => {
    const path = named(from ? resolve(dirname(from), id) : id);
    return outside.some((start) => path.startsWith(start));
  },
  plugins: [nodeResolve({ browser: true }), sheets, small],
  onwarn: ({ code, message }) => {
    // Functions of two files that call each other are no fault.
    if (!code?.startsWith("CIRCULAR")) throw new Error(message);
  },
});
const { output } = await bundle.write({
  dir: out,
  chunkFileNames: ({ isDynamicEntry, name }) => (isDynamicEntry && /^[\w-]+$/.test(name) ? late : chunks),
  generatedCode: "es2015",
  hoistTransitiveImports: false,
  manualChunks: together,
  // The groups have names for themselves alone.
  sanitizeFileName: (name) => name.replaceAll(" ", "-"),
});
// Of each file, the scripts that it is made of, and the files that it imports at once.
const written = output.map(({ fileName, moduleIds, imports }) => [fileName, [moduleIds.map(named), imports]]);
writeFileSync(told, JSON.stringify(Object.fromEntries(written)));
