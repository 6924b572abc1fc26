// A challenge as it is played on a stage: its plan, how the run stands, and what is kept of it. The engine judges; this
// asks it whenever something happened.

import { setPlaying, undo } from "../acts.js";
import { runDeck } from "../deck.js";
import { changed, replace, why } from "../state.js";
import { done, hinted, readOne } from "./kept.js";
import { tell } from "./say.js";

/**
 * @import { Challenge, ChallengePlan, ChallengeState, Placed, Simulation } from "../pkg/synod.js"
 * @import { Both } from "../said.js"
 * @import { Lab } from "../state.js"
 * @typedef {ReturnType<typeof makePlay>} Play
 */

const NOTHING = /** @type {ChallengeState} */ ({
  met: [],
  now: null,
  moves: 0,
  faults: 0,
  over: null,
  stars: 0,
  behind: false,
});

/**
 * An input that the challenge does not allow is refused as one that the run does not allow is.
 * @param {Challenge} challenge @param {Simulation} sim @param {() => void} [acted]
 */
export function guarded(challenge, sim, acted = () => {}) {
  const inject = sim.inject.bind(sim);
  sim.inject = (input) => {
    challenge.allows(sim, input);
    const record = inject(input);
    acted();
    return record;
  };
  return sim;
}

/**
 * @param {Challenge} challenge @param {ChallengePlan} plan @param {Lab} lab
 * @param {typeof Simulation} make of the module that the run is of
 * @param {Both} saw
 */
export function makePlay(challenge, plan, lab, make, saw) {
  const play = {
    plan,
    /** What was to be seen, once it is done. */
    saw,
    state: NOTHING,
    /** Why the run is none of this challenge, if so. @type {string | null} */
    astray: null,
    kept: readOne(plan.id),
    /**
     * Whether it is another's run that is on the stage, which earns nothing: that of a link, before it is gone on
     * with.
     */
    shown: false,
    /** What the player has done so far. @type {Placed[]} */
    own: [],
    update: () => judge(play, challenge, lab),
    again() {
      play.shown = false;
      replace(lab, guarded(challenge, challenge.begin()));
    },
    /** The best known run, from where the player begins. */
    watch() {
      play.shown = true;
      const sim = make.replay(plan.solution);
      sim.seek(plan.from);
      replace(lab, guarded(challenge, sim));
      lab.playing = !lab.reduced;
      changed(lab);
    },
    hint() {
      hinted(plan.id);
      play.kept = readOne(plan.id);
      seen = "";
      changed(lab);
    },
  };
  let seen = "";
  /** @param {Play} play @param {Challenge} challenge @param {Lab} lab */
  function judge(play, challenge, lab) {
    const { sim } = lab;
    const branch = sim.branches().find((one) => one.current)?.id ?? 0;
    const key = [sim.seq, sim.now, branch, play.kept.hint, play.shown].join();
    if (key === seen && !play.state.behind) return;
    seen = key;
    const before = play.state.stars;
    try {
      play.state = challenge.judge(sim, play.kept.hint);
      play.astray = null;
    } catch (error) {
      [play.state, play.astray] = [NOTHING, why(lab.words, error)];
    }
    // What was asked is there to be looked at.
    if (!before && play.state.stars && lab.playing) setPlaying(lab, false);
    play.own = sim.done().filter((input) => input.time >= plan.from && input.time <= sim.now);
    const known = lab.goals?.met.length;
    lab.goals = goalsOf(play, lab);
    // The overview was drawn before the judge was asked.
    if (play.state.behind || lab.goals.met.length !== known) requestAnimationFrame(() => changed(lab));
    if (!play.state.behind) settle(play, lab);
  }
  return play;
}

/**
 * What a player's rows of the overview show.
 * @param {{ plan: ChallengePlan, state: ChallengeState }} play @param {Lab} lab
 */
const goalsOf = ({ plan, state }, { words }) => ({
  names: /** @type {[string, string]} */ ([tell(words, "moves-row"), tell(words, "objectives-row")]),
  met: state.met.map((one) => one.time),
  from: plan.from,
});

/** Keeps what was done, and says so once. @param {Play} play @param {Lab} lab */
function settle(play, lab) {
  const { plan, state, kept, shown } = play;
  if (!state.stars || shown) return;
  const last = state.met[plan.objectives.filter((one) => !one.extra).length - 1];
  const run = { stars: state.stars, moves: last.moves, faults: last.faults };
  done(plan.id, run);
  play.kept = readOne(plan.id);
  if (kept.stars === play.kept.stars && kept.moves === play.kept.moves) return;
  lab.told(tell(lab.words, "done", { n: state.stars }));
}

/**
 * What goes through time, where what was there before the player began is not taken back.
 * @param {Play} play @param {Lab} lab
 */
export function deckOf(play, lab) {
  const deck = runDeck(lab);
  const own = () => lab.sim.done().some((input) => input.time >= play.plan.from && input.time <= lab.sim.now);
  return { ...deck, undo: () => (own() ? undo(lab) : lab.told(tell(lab.words, "not-before"))) };
}
