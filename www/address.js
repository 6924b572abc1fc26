// The link to the moment on the stage. It is written at most twice a second.

import { asked } from "./link.js";
import { changed } from "./state.js";
import { language, say } from "./words.js";

/** @import { Lab } from "./state.js" */

/** @param {Lab} lab */
export function fragment(lab) {
  const t = Math.round(lab.sim.now * 1000) / 1000;
  const speed = `1/${Math.round(1 / lab.rate)}`;
  return `#run=${lab.sim.recording()}&t=${t}&speed=${speed}&lang=${language()}`;
}

/** @param {Lab} lab */
export const link = (lab) => location.href.split("#")[0] + fragment(lab);

/** Keeps the address at the moment on the stage. @param {Lab} lab */
export function follow(lab) {
  let last = "";
  let due = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const write = () => {
    timer = undefined;
    due = performance.now() + 500;
    const next = fragment(lab);
    if (next === last) return;
    last = next;
    history.replaceState(null, "", next);
  };
  window.addEventListener("hashchange", () => {
    if (location.hash === last || !asked().run) return;
    location.reload();
  });
  return () => {
    timer ??= setTimeout(write, Math.max(0, due - performance.now()));
  };
}

/** @param {Lab} lab */
export async function copy(lab) {
  const text = link(lab);
  history.replaceState(null, "", fragment(lab));
  try {
    await navigator.clipboard.writeText(text);
    lab.told(say("copied"));
  } catch {
    lab.told(`${say("copy-by-hand")} ${text}`);
  }
  changed(lab);
}
