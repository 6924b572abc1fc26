// The module, from wherever it is: as it was compiled, or packed to be fetched sooner.

import init from "./pkg/synod.js";
import { follow } from "./rest.js";
import { painted } from "./shell.js";
import { fetched, unpack, unpacker } from "./unpack.js";

/** @param {URL | string | undefined} from @param {typeof init} [start] of other bindings than the page's own */
export async function load(from, start = init) {
  if (!from) return start();
  const url = new URL(from, document.baseURI);
  if (!url.pathname.endsWith(".packed")) return start({ module_or_path: url });
  const exports = await start({ module_or_path: await whole(url) });
  follow(/** @type {WebAssembly.Exports} */ (/** @type {unknown} */ (exports)), url);
  return exports;
}

/** What the device keeps of Synod; where that is refused every page unpacks. */
const kept = async () => globalThis.caches?.open("synod");

/** What a packed module begins with: what it is, its length and its sum. */
const HEADER = 9;

/**
 * A module as it was before it was packed. To unpack takes most of a second, so that it is kept on the device: the next
 * page begins at once. It is kept under its sum, and a module that has changed is another.
 * @param {URL} url
 */
async function whole(url) {
  const coming = fetched(url);
  const store = await kept().catch(() => undefined);
  const known = (await store?.keys(url, { ignoreSearch: true })) ?? [];
  const by = known.length ? undefined : unpacker();
  const packed = await coming;
  const key = `${url.origin}${url.pathname}?${packed.slice(0, HEADER).join("-")}`;
  const found = await store?.match(key);
  if (found) return new Uint8Array(await found.arrayBuffer());
  const bytes = await unpack(packed, await (by ?? unpacker()));
  painted()
    .then(() => Promise.all(known.map((old) => store?.delete(old))))
    .then(() => store?.put(key, new Response(bytes)))
    .catch(() => {});
  return bytes;
}
