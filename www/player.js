// What makes time pass on a page: one loop of frames, under whatever is played there. A page that
// stands still asks for no frames.

import { goOn, stopGoing } from "./acts.js";
import { listen, look } from "./state.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Deck } from "./deck.js"
 * @typedef {{ draw: (afresh: boolean, wall: number) => void, panels?: (afresh: boolean, moved: boolean) => void,
 *   clock?: () => void, address?: () => void }} Show what a page draws: its stages in every frame, its clock often, and
 *   all else when something changed, and now and then while it plays; `address` follows what was done, and time that
 *   stands
 * @typedef {ReturnType<typeof makePlayer>} Player
 */

/** A tab that slept does not make up for it. */
const LONGEST_FRAME = 100;
/** Panels follow a playing run this often, in ms of wall time; the clock more often. */
const PANELS_EVERY = 160;
const CLOCK_EVERY = 80;
/** Fast runs have news in every frame; a third of the frames will do to read them. */
const READ_EVERY = 45;
const FAST = 0.2;
/** Effects of what was done while time stands play for so long; then the picture is settled. */
export const SETTLES = 400;

/** @param {Deck} deck @param {Show} show */
export function makePlayer(deck, show) {
  const { labs } = deck;
  let [asked, last, panelsAt, clockAt, readAt] = [0, 0, 0, 0, 0];
  let [afresh, acted, awake] = [true, true, true];
  const request = () => {
    if (awake) asked ||= requestAnimationFrame(frame);
  };
  const frame = (/** @type {number} */ wall) => {
    asked = 0;
    const playing = deck.playing();
    const going = labs.some((lab) => lab.going);
    if (playing) deck.pass(last ? Math.min(wall - last, LONGEST_FRAME) : 0);
    last = playing ? wall : 0;
    for (const lab of labs) goOn(lab);
    const still = !deck.playing();
    const slow = labs.every((lab) => lab.rate < FAST);
    const reads = still || afresh || acted || slow || wall - readAt > READ_EVERY;
    if (reads) readAt = wall;
    const moved = reads && labs.filter(look).length > 0;
    const settling = still && labs.filter((lab) => settles(lab, wall)).length > 0;
    show.draw(afresh, wall);
    const ended = playing && still;
    if (afresh || acted || ended || ((still || wall - panelsAt > PANELS_EVERY) && (moved || going || deck.news?.()))) {
      panelsAt = wall;
      show.panels?.(afresh || acted, moved);
    }
    if (afresh || acted || still || wall - clockAt > CLOCK_EVERY) {
      clockAt = wall;
      show.clock?.();
    }
    if (acted || still) show.address?.();
    [afresh, acted] = [false, false];
    if (deck.playing() || settling || labs.some((lab) => lab.going)) request();
  };
  for (const lab of labs) {
    listen(lab, () => {
      acted = true;
      request();
    });
  }
  return {
    request,
    /** Colours, words or sizes are others now. */
    redress() {
      afresh = true;
      request();
    },
    /** Out of view it rests. @param {boolean} inView */
    watch(inView) {
      awake = inView;
      last = 0;
      if (inView) request();
    },
    stop() {
      awake = false;
      cancelAnimationFrame(asked);
      labs.forEach(stopGoing);
    },
  };
}

/** Whether effects are still to be played while time stands. @param {Lab} lab @param {number} wall */
function settles(lab, wall) {
  if (lab.settled) return false;
  if (lab.reduced || wall - lab.stirred >= SETTLES) lab.settled = true;
  return !lab.settled;
}
