// What many trials came to, as a chart: counted in the background, batch by batch, with how sure it is. Which charts
// there are, and what is tried, the protocol says. Fetched when one is opened first.

import { h, setText } from "../dom.js";
import { tell } from "./tell.js";
import { chart, valueAt } from "./odds-chart.js";
import { wholeModule } from "./whole.js";

/**
 * @import { Curve, Simulation } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @import { LatencyGiven } from "../pkg/synod.js"
 * @typedef {{ curves: Curve[], batches: number, failed: boolean, at: number | null, profile: string }} Tried
 */

/** Measured latencies under which the same is tried (Bailis et al. 2012, table 3), or those of the run. */
const PROFILES = ["", "ssd", "disk", "ymmr", "wan"];

/** So many batches are tried, and so long of each slice of wall time. */
const [BATCHES, SLICE] = [20, 12];

/** What was tried so far, for each place of a page. @type {WeakMap<HTMLElement, Tried>} */
const tried = new WeakMap();

/** Sums and trials of two batches, added up. @param {Curve[]} known @param {Curve[]} more @returns {Curve[]} */
export function added(known, more) {
  if (!known.length) return more;
  return known.map((one, i) => {
    const other = more[i];
    if (one.theory || !other) return one;
    const points = one.points.map(([x, sum], at) => /** @type {[number, number]} */ ([x, sum + other.points[at][1]]));
    return { ...one, trials: one.trials + other.trials, points };
  });
}

/**
 * A run under the same configuration, with latencies as they are now, or of a profile.
 * @param {Lab} lab @param {typeof Simulation} make @param {string} profile
 */
function runOf(lab, make, profile) {
  const { config } = lab.sim;
  const under = (/** @type {LatencyGiven} */ latency) => {
    const { places, rtt, ...network } = config.network;
    return new make({ ...config, network: { ...network, latency } });
  };
  if (profile) return under(/** @type {LatencyGiven} */ (profile));
  const plain = new make(config);
  const now = lab.frame.network.latency;
  if (lab.frame.places || String(plain.frame(0).network.latency) === String(now)) return plain;
  plain.free();
  return under(now);
}

/** @param {Lab} lab @param {HTMLElement} body @param {string} id */
export async function fill(lab, body, id) {
  const before = tried.get(body);
  /** @type {Tried} */
  const state = { curves: [], batches: 0, failed: false, at: before?.at ?? null, profile: before?.profile ?? "" };
  tried.set(body, state);
  const show = built(lab, body, id, state);
  show();
  const mine = () => tried.get(body) === state && body.isConnected;
  try {
    const { Simulation } = await wholeModule();
    const sim = runOf(lab, Simulation, state.profile);
    const slice = () => {
      const until = performance.now() + SLICE;
      while (mine() && state.batches < BATCHES && performance.now() < until)
        state.curves = added(state.curves, sim.odds(id, state.batches++));
      if (!mine()) return sim.free();
      show();
      if (state.batches < BATCHES && state.curves.length) setTimeout(slice, 20);
      else sim.free();
    };
    slice();
  } catch {
    state.failed = true;
    if (mine()) show();
  }
}

/**
 * @param {Lab} lab @param {HTMLElement} body @param {string} id @param {Tried} state @returns {() => void} draws it
 *   anew
 */
function built(lab, body, id, state) {
  const { words } = lab;
  const odds = lab.protocol.odds.find((one) => one.id === id);
  if (!odds) return () => {};
  const place = h("div");
  const range = h("input", { type: "range", min: 0, step: "any", value: 0, "aria-label": words.read(odds.along) });
  const read = h("p", { class: "odds-read" });
  const choose = (/** @type {string} */ profile) => {
    state.profile = profile;
    fill(lab, body, id);
  };
  const profiles = PROFILES.map((profile) =>
    h(
      "button",
      { type: "button", "aria-pressed": String(profile === state.profile), onclick: () => choose(profile) },
      profile || tell(words, "odds-here"),
    ),
  );
  const network = h("div", { class: "seg", role: "group", "aria-label": words.say("network") }, ...profiles);
  const status = h("p", { role: "status" });
  range.addEventListener("input", () => {
    state.at = Number(range.value);
    show();
  });
  body.replaceChildren(h("p", {}, words.read(odds.says)), network, place, range, read, status);
  const show = () => {
    const main = state.curves.find((one) => !one.theory);
    place.hidden = range.hidden = read.hidden = !main;
    const none = state.batches > 0 ? tell(words, "odds-none") : "";
    if (!main) return setText(status, state.failed ? tell(words, "odds-failed") : none);
    const end = main.points.at(-1)?.[0] ?? 0;
    const at = Math.min(state.at ?? 0, end);
    range.max = String(end);
    range.value = String(at);
    range.style.setProperty("--at", `${end > 0 ? (100 * at) / end : 0}%`);
    place.replaceChildren(chart({ odds, curves: state.curves, at, words }));
    const where = tell(words, "odds-at", { x: words.ms(Math.round(at * 100) / 100), along: words.read(odds.along) });
    read.replaceChildren(`${where}${tell(words, "colon")}`, h("b", {}, valueAt(odds, main, at, words)));
    setText(status, tell(words, "odds-trials", { n: words.count(main.trials) }));
  };
  return show;
}
