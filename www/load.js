// The module, from wherever it is: as it was compiled, or packed to be fetched sooner.

import init from "./pkg/synod.js";

/** @param {URL | string | undefined} from @param {typeof init} [start] of other bindings than the page's own */
export async function load(from, start = init) {
  if (!from) return start();
  const url = new URL(from, document.baseURI);
  if (!url.pathname.endsWith(".lzma")) return start({ module_or_path: url });
  const [response, { unpack }] = await Promise.all([fetch(url), import("./unpack.js")]);
  if (!response.ok) throw new Error(`${url.pathname.split("/").pop()}: ${response.status} ${response.statusText}`);
  return start({ module_or_path: unpack(new Uint8Array(await response.arrayBuffer())) });
}
