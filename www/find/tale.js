// What is said of a search: never more than its bounds say.

import { foundBy, mayCopy, withinOf } from "./model.js";
import { tell } from "./say.js";

/**
 * @import { Bounds } from "./gauge.js"
 * @import { Find } from "./model.js"
 * @import { Found, How, Step } from "./finder.js"
 */

/** On narrow pages the limits stand below what is told. */
export const below = () => matchMedia("(max-width: 759px)").matches;

/** @param {Find} find */
export function goalWords({ lab, wanted }) {
  const { words, protocol } = lab;
  if (wanted.kind === "any") return tell(words, "goal-any");
  if (wanted.kind === "when") return wanted.text.replace(/\s*\n\s*/g, tell(words, "comma"));
  const title = protocol.invariants.find((one) => one.id === wanted.id)?.title;
  return tell(words, "goal-property", { title: title ? words.read(title) : wanted.id });
}

/** What a step did; where that broke something, what is broken. @param {Find} find @param {Step} step */
export function stepWords({ lab }, { text, broken, frame }) {
  const kept = frame.promises.find((one) => broken.includes(one.id));
  if (!kept || kept.holds) return lab.words.read(text);
  const says = lab.words.read(kept.says);
  return /[.。]$/.test(says) ? says : says + tell(lab.words, "stop-mark");
}

/** @param {How[]} how @param {How["by"]} by */
const stepsBy = (how, by) => how.find((one) => one.by === by && one.steps !== null)?.steps ?? null;

/** Nothing where nothing was searched yet. @param {Find} find @returns {Bounds | null} */
export function boundsOf(find) {
  const { running, progress } = find;
  const found = foundBy(find);
  if (running && !running.shorter) {
    if (!progress) return null;
    const { lower, best, first, how } = progress;
    const bounded = best === null || lower < best ? lower : 0;
    return { lower: bounded, best, first, shrunk: stepsBy(how, "shrink"), settled: false };
  }
  if (found) {
    const [first, shrunk] = [found.first ?? firstOf(found.how), stepsBy(found.how, "shrink")];
    const settled = found.shortest === "proved";
    return { lower: isOutside(found) ? 0 : found.lower, best: found.steps.length, first, shrunk, settled };
  }
  // Where all was tried, nothing is bounded.
  if (!find.result || find.result.found || find.result.exhausted) return null;
  return { lower: find.result.lower, best: null, first: null, shrunk: null, settled: false };
}

/**
 * Whether a run is none of those that were tried whole: it has more nodes, or other options, or a higher epoch. Then
 * how far those were tried says nothing of it.
 * @param {Found} found
 */
const isOutside = (found) => found.shortest !== "proved" && found.lower >= found.steps.length;

/** @param {How[]} how */
const firstOf = (how) => stepsBy(how, "walks") ?? stepsBy(how, "timed");

/** The number, and what it is. @param {Find} find @returns {[string, string]} */
export function bigWords(find) {
  const { words } = find.lab;
  const { running, progress, result } = find;
  const found = foundBy(find);
  if (running && !(running.shorter && found)) {
    const { best = null, explored = 0 } = progress ?? {};
    if (best !== null) return [tell(words, "steps", { n: best }), tell(words, "so-far")];
    return [tell(words, "nothing-yet"), tell(words, "events-tried", { n: words.count(explored) })];
  }
  if (found) {
    const word = running ? "so-far" : found.shortest === "proved" ? "shortest" : "shortest-found";
    return [tell(words, "steps", { n: found.steps.length }), tell(words, word)];
  }
  if (!result || result.found) return ["", ""];
  if (result.exhausted) return [tell(words, "none"), tell(words, "none-within")];
  return [tell(words, "none-found"), tell(words, "none-in", { n: words.count(result.explored) })];
}

/** Of what runs every one was tried, beside the limits that are seen. @param {Find} find */
function clusterWords(find) {
  const { words } = find.lab;
  const within = withinOf(find);
  const parts = within
    ? [tell(words, "with-nodes", { n: within.nodes }), tell(words, "with-falls", { n: within.faults })]
    : [];
  if (mayCopy(find)) parts.push(tell(words, "with-once"));
  return parts.map((part) => part + tell(words, "comma")).join("");
}

/** @param {Find} find */
export function underGauge(find) {
  const { words } = find.lab;
  const limits = tell(words, below() ? "limits-below" : "limits-left");
  const { running, progress, result } = find;
  const cluster = clusterWords(find);
  if (running)
    return progress && progress.lower > 1 ? tell(words, "says-working", { lower: progress.lower, cluster }) : "";
  const found = foundBy(find);
  if (found) {
    const n = found.steps.length;
    if (found.shortest === "proved")
      return tell(words, n === 1 ? "says-proved-at-once" : "says-proved", { n: n - 1, cluster, limits });
    if (isOutside(found)) return tell(words, "says-outside", { lower: found.lower, cluster, limits });
    return tell(words, found.lower > 1 ? "says-best" : "says-best-only", { lower: found.lower, cluster, limits });
  }
  if (!result || result.found) return "";
  const n = words.count(result.explored);
  if (result.exhausted) return tell(words, "says-exhausted", { n, cluster, limits });
  return tell(words, result.lower > 1 ? "says-none-lower" : "says-none", { n, lower: result.lower, cluster, limits });
}

/** @param {Find} find @returns {{ title: string, rows: [string, string][] }} */
export function howRows(find) {
  const { words } = find.lab;
  const { running, progress, result } = find;
  const now = running ? progress : result;
  const found = running ? progress?.best : result?.found;
  const came = (/** @type {How} */ { by, steps }) => {
    if (steps !== null) return tell(words, "steps", { n: steps });
    // What was tried whole says how far.
    if (by === "breadth" && now && now.lower > 1) return tell(words, "none-to", { n: now.lower - 1 });
    return tell(words, found && by === "tighten" ? "none-shorter" : "no-steps");
  };
  const rows = (now?.how ?? [])
    .filter((one) => one.events > 0)
    .map((one) => {
      const { by, runs, events } = one;
      const [all, states] = [words.count(events), words.count(runs || events)];
      const what = tell(words, `how-${by}`, { runs: words.count(runs), events: all, states });
      return /** @type {[string, string]} */ ([what, came(one)]);
    });
  return { title: running ? "working" : result?.found ? "how" : "how-not", rows };
}

/** What is said to those who do not see it. @param {Find} find */
export function spoken(find) {
  const { words } = find.lab;
  const { running, progress } = find;
  const found = foundBy(find);
  if (running) {
    const best = progress?.best ? tell(words, "spoken-best", { n: progress.best }) : tell(words, "spoken-none");
    return tell(words, "spoken-working", { n: words.count(progress?.explored ?? 0), best });
  }
  if (found) {
    const shortest = tell(words, found.shortest === "proved" ? "shortest" : "shortest-found");
    return tell(words, "spoken-found", { n: found.steps.length, shortest });
  }
  return find.result ? underGauge(find) : "";
}
