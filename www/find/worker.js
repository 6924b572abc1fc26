// The search itself, in a worker: a slice after the other, and now and then a word of how far it is. Whoever does not
// want it any more ends the worker; whoever has enough is given what there is.

import { slices } from "../pkg/slices.js";
import { fetched, unpack } from "../unpack.js";

/**
 * @import { Progress, Request as Asked, Result } from "./finder.js"
 * @typedef {{ work: (steps: number) => Progress, result: () => Result, free: () => void }} Finder
 * @typedef {{ default: (from: { module_or_path: BufferSource }) => Promise<unknown>,
 *   Finder: new (request: Asked) => Finder }} Glue
 */

let enough = false;

/** @param {{ request: Asked, glue: string, module: string, unpacker: string }} asked */
async function search({ request, glue, module, unpacker }) {
  /** @type {[Glue, Uint8Array<ArrayBuffer>, WebAssembly.Module]} */
  const [found, packed, by] = await Promise.all([
    import(/* @vite-ignore */ glue),
    fetched(new URL(module)),
    fetched(new URL(unpacker)).then((bytes) => WebAssembly.compile(bytes)),
  ]);
  await found.default({ module_or_path: await unpack(packed, by) });
  return slices(new found.Finder(request), {
    enough: () => enough,
    onProgress: (progress) => postMessage({ progress }),
  });
}

addEventListener("message", async ({ data }) => {
  if (data === "enough") {
    enough = true;
    return;
  }
  try {
    postMessage({ result: await search(data) });
  } catch (error) {
    const { message = String(error), says } = /** @type {{ message?: string, says?: unknown }} */ (error ?? {});
    postMessage({ failed: { message, says } });
  }
});
