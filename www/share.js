// The link to the moment on the stage: written into the address while time stands, and copied.

import { unsaid } from "./link.js";
import { why } from "./state.js";
import { language, say, wordsIn } from "./words.js";

/** @import { Lab } from "./state.js" */

/** The address is written at most so often, in ms of wall time. */
const EVERY = 500;

/** A run and its moment, as words of an address. @param {Lab} lab */
export const moment = (lab) => `run=${lab.sim.recording()}&t=${Math.round(lab.sim.now * 1000) / 1000}`;

/** What the lab opens this moment with. @param {Lab} lab */
export const fragment = (lab) => `#${moment(lab)}&speed=1/${Math.round(1 / lab.rate)}&lang=${language()}`;

/**
 * Keeps the address at what is shown: `later` at most twice a second, `write` at once. While time passes nobody reads
 * it: whoever turns from the page to its address finds it written. A step of the reader's is a step of the browser's
 * history; everything else takes the place of what stood there.
 * @param {() => string} wanted the fragment
 * @param {() => void} opened another fragment was typed, or is gone back to
 */
export function followAddress(wanted, opened) {
  let written = location.hash;
  let due = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const write = (push = false) => {
    clearTimeout(timer);
    timer = undefined;
    due = performance.now() + EVERY;
    const next = unsaid(wanted());
    if (next === written) return;
    written = next;
    // A page of its own has its site's folder for a base, which an address that is only a fragment would lead to.
    const address = location.pathname + location.search + next;
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  };
  const look = () => {
    if (location.hash === written) return;
    written = location.hash;
    opened();
  };
  window.addEventListener("popstate", look);
  window.addEventListener("hashchange", look);
  window.addEventListener("blur", () => write());
  return {
    write,
    /** The link to what is shown now. */
    link: () => {
      write();
      return location.href;
    },
    later: () => {
      timer ??= setTimeout(() => write(), Math.max(0, due - performance.now()));
    },
  };
}

/** @param {string} text @param {(words: string, alarm?: boolean) => void} told */
export async function copyText(text, told) {
  try {
    await navigator.clipboard.writeText(text);
    told(say("copied"));
  } catch {
    told(`${say("copy-by-hand")} ${text}`);
  }
}

/**
 * Does what may fail, and tells why it did.
 * @param {() => unknown} act
 * @param {(words: string, alarm?: boolean) => void} told
 */
export async function attempt(act, told) {
  try {
    await act();
  } catch (error) {
    told(say("not-done", { why: why(wordsIn(language()), error) }), true);
  }
}
