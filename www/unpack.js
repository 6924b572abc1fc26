// Modules are packed by a model of WebAssembly (crates/packing): a fifth smaller than with LZMA, and two fifths
// smaller than with gzip. The code that packed them unpacks them, compiled to a small module of its own.

/** @typedef {{ memory: WebAssembly.Memory, packed: () => number, most: () => number, unpack: (length: number) => number,
 *   whole: () => number }} Unpacker */

/** @type {Promise<WebAssembly.Module> | undefined} */
let kept;

/** The module that unpacks, fetched once. @returns {Promise<WebAssembly.Module>} */
export function unpacker() {
  kept ??= fetched(new URL("pkg/unpack.wasm", import.meta.url)).then((bytes) => WebAssembly.compile(bytes));
  // Whoever asks again after it failed gets another try.
  kept.catch(() => (kept = undefined));
  return kept;
}

/** @param {URL} url @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname.split("/").pop()}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {Uint8Array} packed @param {WebAssembly.Module} by @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function unpack(packed, by) {
  const { exports } = await WebAssembly.instantiate(by);
  const { memory, ...room } = /** @type {Unpacker} */ (/** @type {unknown} */ (exports));
  let length = 0;
  if (packed.length <= room.most()) {
    new Uint8Array(memory.buffer).set(packed, room.packed());
    length = room.unpack(packed.length);
  }
  if (!length) throw new Error(`the packed module of ${packed.length} bytes is damaged`);
  return new Uint8Array(memory.buffer, room.whole(), length).slice();
}
