// The search itself, in a worker: a slice after the other, and now and then a word of how far it is. Whoever does not
// want it any more ends the worker; whoever has enough is given what there is.

import { slices } from "../pkg/slices.js";
import { fetched, unpack } from "../unpack.js";

/**
 * @import { ExploreRequest, Finder } from "../pkg/synod.js"
 * @typedef {{ default: (from?: { module_or_path: BufferSource }) => Promise<unknown>, Finder: typeof Finder }} Glue
 */

let enough = false;

/**
 * The search of one protocol, packed; where it was not built, that of the whole module.
 * @param {{ glue: string, module: string, unpacker: string, whole: string }} places
 * @returns {Promise<Glue["Finder"]>}
 */
async function finderAt({ glue, module, unpacker, whole }) {
  const packed = await fetched(new URL(module)).catch(() => undefined);
  /** @type {Glue} */
  const found = await import(/* @vite-ignore */ packed ? glue : whole);
  if (!packed) await found.default();
  else {
    const by = await WebAssembly.compile(await fetched(new URL(unpacker)));
    await found.default({ module_or_path: await unpack(packed, by) });
  }
  return found.Finder;
}

/** @param {{ request: ExploreRequest, places: Parameters<typeof finderAt>[0] }} asked */
async function search({ request, places }) {
  const Finder = await finderAt(places);
  return slices(new Finder(request), {
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
