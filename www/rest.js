// A module of one protocol comes in two parts: what the first picture of a page needs, and the rest, which is fetched
// when that picture is there (crates/xtask/src/part.rs). Where it is wanted sooner, the page waits for it.

import { painted } from "./shell.js";
import { fetched } from "./unpack.js";

/** @typedef {((number: number) => void) & { missing: (() => void)[] }} Bring */

/** Called by modules, which know what they miss by its number; several scripts of a page share one list. */
const page = /** @type {{ synodRest?: Bring }} */ (globalThis);
page.synodRest ??= Object.assign((/** @type {number} */ number) => bring.missing[number - 1](), { missing: [] });
const bring = page.synodRest;

/** @type {Promise<unknown>} */
let coming = Promise.resolve();

/**
 * Has the rest of a module follow, if it has one.
 * @param {WebAssembly.Exports} first what the first part gives
 * @param {URL} packed where that is
 */
export function follow(first, packed) {
  const { rest } = first;
  if (!(rest instanceof WebAssembly.Global)) return;
  const url = new URL(packed.href.replace(/\.packed$/, ".rest.wasm"));
  const join = (/** @type {WebAssembly.Module} */ module) => {
    // It was brought meanwhile.
    if (rest.value === 0) return;
    new WebAssembly.Instance(module, { 1: first });
    rest.value = 0;
  };
  rest.value = bring.missing.push(() => join(new WebAssembly.Module(fetchedAtOnce(url))));
  const fetchIt = async () => join(await WebAssembly.compile(await fetched(url)));
  // What does not come is asked for again where it is needed.
  const comes = painted()
    .then(fetchIt)
    .catch(() => {});
  coming = Promise.all([coming, comes]);
}

/** When nothing is missing any more, or it could not be fetched. */
export const complete = () => coming;

/** A file for which everything waits: bytes come as text, since nothing else may be waited for. @param {URL} url */
function fetchedAtOnce(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${url.pathname.split("/").pop()}: ${request.status}`);
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
}
