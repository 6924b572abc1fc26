// What can be played, by whichever hand: a run, two runs under one clock, or a story (story.js).

import { advance, redo, seek, setPlaying, step, stepBack, stopGoing, undo } from "./acts.js";

/**
 * @import { Lab } from "./state.js"
 * @typedef {{ labs: Lab[], playing: () => boolean, pass: (wall: number) => void, news?: () => boolean,
 *   now: () => number, end: () => number, toggle: () => void, by: (n: number) => void, seek: (ms: number) => void,
 *   on: () => void, back: () => void, undo: () => void, redo: () => void, stop: () => void }} Deck
 *   `by` goes by events; `on` and `back` by what a reader turns: events, or steps of a story
 */

/** @param {Lab} lab @returns {Deck} */
export function runDeck(lab) {
  const by = (/** @type {number} */ n) => (n > 0 ? step(lab, n) : stepBack(lab, -n));
  return {
    labs: [lab],
    playing: () => lab.playing,
    pass: (wall) => advance(lab, wall * lab.rate),
    now: () => lab.sim.now,
    end: () => Math.max(lab.sim.end, lab.sim.now),
    toggle: () => setPlaying(lab, !lab.playing),
    by,
    seek: (ms) => seek(lab, ms),
    on: () => by(1),
    back: () => by(-1),
    undo: () => undo(lab),
    redo: () => redo(lab),
    stop: () => stopGoing(lab),
  };
}

/** Two runs under one clock. @param {Lab[]} labs @returns {Deck} */
export function pairDeck(labs) {
  const latest = (/** @type {(lab: Lab) => number} */ time) => Math.max(...labs.map(time));
  const now = () => latest((lab) => lab.sim.now);
  const playing = () => labs.some((lab) => lab.playing);
  const all = (/** @type {(lab: Lab) => void} */ act) => labs.forEach(act);
  const go = (/** @type {number} */ ms) => all((lab) => seek(lab, ms));
  const by = (/** @type {number} */ n) => {
    for (let i = Math.abs(n); i > 0; i--) go(n > 0 ? nextTime(labs, now()) : latest((lab) => lab.sim.previous));
  };
  return {
    labs,
    playing,
    pass: (wall) => {
      all((lab) => advance(lab, wall * lab.rate));
      // What stops one of them stops both, at the same time.
      const stopped = labs.find((lab) => !lab.playing);
      if (stopped) go(stopped.sim.now);
    },
    now,
    end: () => latest((lab) => Math.max(lab.sim.end, lab.sim.now)),
    toggle: () => {
      const on = !playing();
      all((lab) => setPlaying(lab, on));
    },
    by,
    seek: go,
    on: () => by(1),
    back: () => by(-1),
    undo: () => all(undo),
    redo: () => all(redo),
    stop: () => all(stopGoing),
  };
}

/** When the next event of either run is due. @param {Lab[]} labs @param {number} now */
function nextTime(labs, now) {
  const due = labs.map((lab) => {
    const copy = lab.sim.fork();
    let record = copy.step();
    while (record && copy.now <= now) record = copy.step();
    const time = copy.now;
    copy.free();
    return record ? time : Infinity;
  });
  return Math.min(...due, now + 1000);
}
