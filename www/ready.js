// What the lab says of a ready run: what to watch for while it stands at its beginning, and what was to be seen when it
// is over. A run is known again by its recording, whatever way it came; with an input of the reader's it is another.

import { changed } from "./state.js";
import { fetched } from "./shell.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Said } from "./said.js"
 * @typedef {Said & { id: string, run: string, until: number }} Told
 */

/** What is said of the ready runs of each protocol, where it has come. @type {Map<string, Told[]>} */
const known = new Map();

/** Fetches it once; the lab does without where it cannot be had. @param {Lab} lab */
async function learn(lab) {
  const { id, starts } = lab.protocol;
  if (known.has(id)) return;
  known.set(id, []);
  if (!starts.length) return;
  known.set(id, await fetched(`starts/${id}.json`).catch(() => []));
  changed(lab);
}

/** What to watch for in a ready run, once that is known. @param {Lab} lab @param {string} start */
export const watchIn = ({ protocol }, start) => known.get(protocol.id)?.find((one) => one.id === start)?.watch;

/** @param {Lab} lab */
export function buildReady(lab) {
  /** @type {Told | undefined} */
  let run;
  /**
   * The records that there were when it was over: who goes on by hand reads what happens then.
   * @type {number | null}
   */
  let over = null;
  return {
    /** Which ready run stands on the stage, when something was done. */
    update: () => {
      learn(lab);
      const told = known.get(lab.protocol.id) ?? [];
      const recording = told.length ? lab.sim.recording() : "";
      const next = told.find((one) => one.run === recording);
      if (next !== run) over = null;
      run = next;
    },
    /** What is said of it now, if anything. */
    says: () => {
      const { now, seq } = lab.sim;
      if (!run || now < run.until) over = null;
      if (!run) return null;
      if (now === 0 && !lab.playing) return lab.words.read(run.watch);
      if (now < run.until) return null;
      if (over === null || lab.playing) over = seq;
      return over === seq ? lab.words.read(run.saw) : null;
    },
  };
}
