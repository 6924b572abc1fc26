// What every page of the site has: the theme, what it remembers, its mark, canvases, and how it fails.

import { h } from "./dom.js";
import { addressWords } from "./link.js";
import { preferred, say, speak } from "./words.js";

/** What is wrong with the address or with the site, and not with the browser. */
export class Missing extends Error {}

/** @param {unknown} error */
export function failed(error) {
  const place = /** @type {HTMLElement} */ (document.getElementById("failed"));
  const why = error instanceof Error ? error.message : String(error);
  place.hidden = false;
  if (error instanceof Missing) place.replaceChildren(h("p", {}, h("b", {}, why)));
  else place.replaceChildren(h("p", {}, h("b", {}, say("wasm-failed", { why }))), h("p", {}, say("wasm-help")));
}

/** Data of the site, which a reader is told of where it is missing. @param {string} path */
export async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response.json();
}

/** @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(`synod-${key}`);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(`synod-${key}`, value);
  } catch {
    // A page that may keep nothing forgets it.
  }
}

/** @param {string | null} theme */
export function dress(theme) {
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/**
 * The language and theme that the address asks for, or the reader chose before.
 * @param {string[]} [beside] what is said beside what is around a stage
 */
export async function settle(beside = ["site"]) {
  const words = addressWords();
  dress(words.get("theme") ?? remembered("theme"));
  await speak(preferred(words.get("lang") ?? remembered("lang")), beside);
}

/** When the next picture has been drawn. */
export const painted = () => new Promise((then) => requestAnimationFrame(() => setTimeout(then)));

/** A sheet of styles that is fetched when it is wanted. @param {string} href */
export const styled = (href) =>
  new Promise((ready, fail) =>
    document.head.append(
      h("link", { rel: "stylesheet", href, onload: ready, onerror: () => fail(new Error(`${href} did not load`)) }),
    ),
  );

/** @typedef {{ x: CanvasRenderingContext2D, W: number, H: number, density: number, resized: boolean }} Paper */

/**
 * Canvases as they are shown: asking in every frame would have the page laid out twice.
 * @type {WeakMap<Element, Paper>}
 */
const PAPERS = new WeakMap();
/** @type {ResizeObserver | undefined} */
let watch;

/** A canvas at the size it is shown, in device pixels. @param {HTMLCanvasElement} canvas */
export function fit(canvas) {
  const density = Math.min(window.devicePixelRatio || 1, 3);
  const known = PAPERS.get(canvas);
  if (known?.density === density) {
    known.x.setTransform(density, 0, 0, density, 0, 0);
    return known;
  }
  const [W, H] = [canvas.clientWidth, canvas.clientHeight];
  const [width, height] = [Math.round(W * density), Math.round(H * density)];
  const resized = canvas.width !== width || canvas.height !== height;
  if (resized) [canvas.width, canvas.height] = [width, height];
  const x = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { desynchronized: true }));
  x.setTransform(density, 0, 0, density, 0, 0);
  watch ??= new ResizeObserver((entries) => entries.forEach((entry) => PAPERS.delete(entry.target)));
  if (W && H) PAPERS.set(canvas, { x, W, H, density, resized: false });
  watch.observe(canvas);
  return { x, W, H, resized };
}

/**
 * Tells something for a while, to those who see and to those who listen.
 * @param {Element} place
 * @param {HTMLElement} [spoken] what is read aloud; the toast itself where there is none
 */
export function toaster(place, spoken) {
  const toast = h("div", { class: "toast", hidden: true, role: spoken ? null : "status" });
  place.append(toast);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (/** @type {string} */ words) => {
    toast.textContent = words;
    if (spoken) spoken.textContent = words;
    toast.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => (toast.hidden = true), Math.max(3200, words.length * 60));
  };
}

/** The first stop of the keyboard leads past everything that is above the stage. @param {string} to */
export const skipLink = (to) =>
  h(
    "a",
    {
      class: "skip",
      href: to,
      "data-word": "skip",
      onclick: (/** @type {Event} */ event) => {
        event.preventDefault();
        const stage = document.querySelector(to);
        const first = stage?.querySelector("button, [tabindex]");
        if (first instanceof HTMLElement) first.focus();
      },
    },
    say("skip"),
  );

/**
 * Fetches what the page will need once it has nothing else to do; what fails then is told when it is asked for.
 * @param {(() => Promise<unknown>)[]} parts
 */
export function whenIdle(parts) {
  const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ then) => setTimeout(then, 200));
  const [first, ...rest] = parts;
  if (!first) return;
  idle(() =>
    first()
      .catch(() => {})
      .then(() => whenIdle(rest)),
  );
}

/** @typedef {{ id: string, name: { en: string, zh: string }, module: string, telling: string }} Listed */

/** Every protocol of the site, and where its module is. @returns {Listed[]} */
export function listed() {
  const content = document.querySelector('meta[name="protocols"]')?.getAttribute("content");
  return content ? JSON.parse(content) : [];
}

/** The module that has what the address asks for; nothing where the page says none. */
export function moduleAsked() {
  const list = listed();
  const words = addressWords();
  const run = words.get("run");
  const id = run ? recorded(run) : words.get("protocol");
  const one = list.find((one) => one.id === id) ?? list[0];
  return one && new URL(one.module, document.baseURI);
}

/** The protocol that a recording is of, from its first bytes: a format, a length, a name. @param {string} run */
export function recorded(run) {
  try {
    const bytes = atob(run.slice(0, 64).replaceAll("-", "+").replaceAll("_", "/"));
    return bytes.slice(2, 2 + bytes.charCodeAt(1));
  } catch {
    return null;
  }
}
