// Where the element finds what it needs: beside itself.

import { complete, follow } from "./rest.js";
import { fetched, unpack, unpacker } from "./unpack.js";
import { say } from "./words.js";

const BASE = new URL(".", import.meta.url);

/** The page that a stage links to. */
export const home = BASE;

/** @param {string} name of a module @param {string | null} asked where the page says that it is */
const placeOf = (name, asked) => (asked ? new URL(asked, document.baseURI) : new URL(`pkg/${name}.packed`, BASE));

/** @param {string} name of the module @param {string | null} asked where the page says that it is */
export async function moduleBytes(name, asked) {
  const url = placeOf(name, asked);
  if (!url.pathname.endsWith(".packed")) return fetched(url);
  const [packed, by] = await Promise.all([fetched(url), unpacker()]);
  return unpack(packed, by);
}

/**
 * What is done with a module that has begun.
 * @param {WebAssembly.Exports} exports @param {string} name @param {string | null} asked
 */
export const begun = (exports, name, asked) => follow(exports, placeOf(name, asked));

/** @param {string} kind @param {string} id */
async function dataOf(kind, id) {
  const response = await fetch(new URL(`${kind}/${id}.json`, BASE));
  if (!response.ok) throw new Error(say("missing-lesson", { id }));
  return response.json();
}

/** @param {string} id */
export const lessonData = (id) => dataOf("lessons", id);

/** @param {string} id */
export const challengeData = (id) => dataOf("challenges", id);

/** What runs what no first picture does. @template T @param {Promise<T>} part */
const whole = async (part) => (await Promise.all([part, complete()]))[0];

/** What a challenge needs, which most stages never show. */
export const challengePlay = () => whole(import("./challenge/figure.js"));

/** The film of a run, which most stages never show. @param {typeof import("./pkg/synod.js").Simulation} of */
export const film = async (of) => (await whole(import("./find/strip.js"))).stripOf(of);

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
