// Packs a module with LZMA, in the form that www/unpack.js reads: node pack.mjs IN OUT.
import { readFileSync, writeFileSync } from "node:fs";
import { compress } from "lzma1";

const [, , from, to] = process.argv;
// Mode 6 has a window of 4 MiB: more than any module here, and no more memory than that to unpack.
writeFileSync(to, compress(new Uint8Array(readFileSync(from)), 6));
