// The module, from wherever it is: as it was compiled, or packed to be fetched sooner.

import init from "./pkg/synod.js";
import { fetched, unpack, unpacker } from "./unpack.js";

/** @param {URL | string | undefined} from @param {typeof init} [start] of other bindings than the page's own */
export async function load(from, start = init) {
  if (!from) return start();
  const url = new URL(from, document.baseURI);
  if (!url.pathname.endsWith(".packed")) return start({ module_or_path: url });
  const [packed, by] = await Promise.all([fetched(url), unpacker()]);
  return start({ module_or_path: await unpack(packed, by) });
}
