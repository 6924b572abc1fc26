// Where the element finds what it needs: beside itself.

import { fetched, unpack, unpacker } from "./unpack.js";
import { say } from "./words.js";

const BASE = new URL(".", import.meta.url);

/** The page that a stage links to. */
export const home = BASE;

/** @param {string} name of the module @param {string | null} asked where the page says that it is */
export async function moduleBytes(name, asked) {
  const url = asked ? new URL(asked, document.baseURI) : new URL(`pkg/${name}.packed`, BASE);
  if (!url.pathname.endsWith(".packed")) return fetched(url);
  const [packed, by] = await Promise.all([fetched(url), unpacker()]);
  return unpack(packed, by);
}

/** @param {string} id */
export async function lessonData(id) {
  const url = new URL(`lessons/${id}.json`, BASE);
  const response = await fetch(url);
  if (!response.ok) throw new Error(say("missing-lesson", { id }));
  return response.json();
}

/** The history view, which most stages never show. */
export const historyView = () => import("./history/element.js");

let taken = false;

/**
 * Bindings of their own for each module: one instance has one module.
 * @param {string} name
 * @returns {Promise<typeof import("./pkg/synod.js")>}
 */
export function bindings(name) {
  const again = taken ? `?${name}` : "";
  taken = true;
  return import(/* @vite-ignore */ new URL(`pkg/synod.js${again}`, BASE).href);
}
