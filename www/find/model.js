// What is looked for, how far the search is, and what it found. The parts of the page read it, and act by these.

import { seek, setPlaying } from "../acts.js";
import { openWords } from "../link.js";
import { open, replace, why } from "../state.js";
import { explore } from "./finder.js";
import { tell } from "./say.js";

/**
 * @import { Config, FullConfig, Protocol } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @import { Found, Limit, May, Progress, Request, Result } from "./finder.js"
 * @typedef {{ kind: "any" } | { kind: "property", id: string } | { kind: "when", text: string }} Wanted
 * @typedef {"goals" | "steps" | "time"} Shown what is below the stage; on a phone goals are there only while one is
 *   chosen
 * @typedef {{ stop: AbortController, enough: AbortController, began: number, shorter: boolean }} Running
 * @typedef {{
 *   lab: Lab, update: () => void, close: () => void, shown: Shown, choosing: boolean, wanted: Wanted,
 *   allow: Partial<Record<May, boolean>>, limits: Partial<Record<Limit, number>>,
 *   running: Running | null, seconds: number, progress: Progress | null, result: Result | null, failed: string,
 *   asked: string, shorter: { state: "open" | "failed", explored: number }, base: FullConfig | null,
 *   on: { sim: Lab["sim"], branches: number } | null, at: number }} Find
 */

/** What a search may do, in the order in which it is shown. @type {readonly May[]} */
export const MAY = ["reorder", "lose", "copy", "timeout", "request", "crash", "restart", "partition", "skew"];

/** What a protocol assumes not to happen, by what a search may do. @type {Partial<Record<May, string>>} */
const AGAINST = {
  reorder: "links-in-order",
  lose: "nothing-lost",
  partition: "no-partition",
  skew: "clocks-within",
};

/** A search that goes on has so many times the work. */
const LONGER = 4;

/** @param {Lab} lab @param {() => void} update @param {() => void} close @returns {Find} */
export const makeFind = (lab, update, close) => ({
  ...{ lab, update, close, shown: "goals", choosing: true, wanted: { kind: "any" }, allow: {}, limits: {} },
  ...{ running: null, seconds: 0, progress: null, result: null, failed: "", asked: "" },
  ...{ shorter: { state: "open", explored: 0 }, base: null, on: null, at: -1 },
});

/** Whether the run that was found is the one on the stage, as it was found. @param {Find} find */
export const onStage = ({ lab, on }) => on !== null && on.sim === lab.sim && lab.sim.branches().length === on.branches;

/**
 * What is searched: the cluster on the stage, or of the run found there the one that was searched.
 * @param {Find} find
 */
export const searched = (find) => (find.base && find.on?.sim === find.lab.sim ? find.base : find.lab.sim.config);

/** Whether a promise of this run rests on that it does not happen. @param {Find} find @param {May} may */
export const isOutside = ({ lab }, may) =>
  lab.frame.promises.some((one) => one.promised && one.assumes.some((id) => id === AGAINST[may]));

/** @param {Find} find @param {May} may */
export const allowed = (find, may) => find.allow[may] ?? !isOutside(find, may);

/** @param {Find} find @returns {Found | null} */
export const foundBy = ({ result }) => (result?.found ? result : null);

/**
 * A configuration without what is as it ever is: that is the finder's to choose, who begins with few nodes.
 * @param {FullConfig} config @param {Protocol} protocol @returns {Config}
 */
function sparse({ protocol: id, nodes, options, mutants, network }, protocol) {
  const { groups } = protocol.nodes;
  const usual =
    typeof nodes === "number"
      ? nodes === protocol.nodes.default && !groups.length
      : groups.every((group) => nodes[group.id] === group.default);
  const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
  const own = protocol.options.filter((spec) => !same(options[spec.id], spec.default));
  return {
    ...{ protocol: id, mutants, options: Object.fromEntries(own.map((spec) => [spec.id, options[spec.id]])) },
    ...(usual ? {} : { nodes }),
    ...(network.reorder ? {} : { network: { reorder: false } }),
  };
}

/** Of what runs every one was tried, where that is known. @param {Find} find */
export const withinOf = ({ progress, result }) => result?.within ?? progress?.within ?? null;

/** Whether a search was allowed copies, which it makes only at random. @param {Find} find */
export const mayCopy = ({ asked }) => asked !== "" && JSON.parse(asked).allow.copy === true;

/** What is asked for now. @param {Find} find @returns {Request} */
function requestOf(find) {
  const { wanted, limits } = find;
  const lines = wanted.kind === "when" ? wanted.text.split("\n").map((line) => line.trim()) : [];
  return {
    config: sparse(searched(find), find.lab.protocol),
    goal:
      wanted.kind === "when"
        ? { when: lines.filter(Boolean) }
        : { violation: wanted.kind === "property" ? wanted.id : true },
    allow: Object.fromEntries(MAY.map((may) => [may, allowed(find, may)])),
    limits: { ...limits },
  };
}

/** Whether what was found is of other rules or limits than those that are set now. @param {Find} find */
export const isStale = (find) => find.result !== null && JSON.stringify(requestOf(find)) !== find.asked;

/** @param {Find} find */
export function stop(find) {
  const { running, progress } = find;
  if (!running) return;
  // Of what was found so far nothing is thrown away.
  if (progress?.best && !running.shorter) running.enough.abort();
  else running.stop.abort();
}

/** @param {Find} find what is looked for anew: what was found before is of something else */
export function forget(find) {
  find.running?.stop.abort();
  Object.assign(find, { running: null, progress: null, result: null, failed: "", at: -1 });
  if (find.shown === "steps") find.shown = "goals";
}

/** @param {Find} find @param {number} [work] in steps, where it is more than the finder's own */
export async function look(find, work) {
  forget(find);
  find.choosing = false;
  const request = requestOf(find);
  find.base = searched(find);
  find.asked = JSON.stringify(request);
  find.shorter = { state: "open", explored: 0 };
  const { lab } = find;
  const [sim, seq] = [lab.sim, lab.sim.seq];
  const result = await search(find, work ? { ...request, limits: { ...request.limits, work } } : request, false);
  if (!result) return;
  find.result = result.found ? { ...result, first: find.progress?.first } : result;
  if (result.found) {
    find.shown = "steps";
    find.at = result.steps.length - 1;
    // The stage is the reader's, who may be in the middle of something.
    if (lab.sim === sim && lab.sim.seq === seq && !lab.playing) show(find, find.at);
  }
  find.update();
}

/** Looks on for longer than it did, where it found nothing. @param {Find} find */
export const lookLonger = (find) => look(find, (find.result?.explored ?? 0) * LONGER || undefined);

/** Looks for a run that is shorter than the one that was found, which stays until there is one. @param {Find} find */
export async function shorten(find) {
  const before = foundBy(find);
  if (!before) return;
  const [steps, request] = [before.steps.length - 1, JSON.parse(find.asked)];
  const work = Math.max(before.explored, find.shorter.explored) * LONGER;
  const result = await search(find, { ...request, limits: { ...request.limits, steps, work } }, true);
  if (!result) return;
  const how = [...before.how, ...result.how.filter((one) => one.events > 0)];
  if (result.found) {
    const onIt = onStage(find);
    [find.result, find.at] = [{ ...result, how, first: before.first }, result.steps.length - 1];
    if (onIt) show(find, find.at);
  } else if (result.exhausted) find.result = { ...before, how, shortest: "proved", lower: before.steps.length };
  else {
    find.result = { ...before, how, lower: Math.max(before.lower, result.lower) };
    find.shorter = { state: "failed", explored: result.explored };
  }
  find.update();
}

/**
 * One search, of which the page is told how far it is.
 * @param {Find} find @param {Request} request @param {boolean} shorter
 */
async function search(find, request, shorter) {
  const { lab } = find;
  const running = { stop: new AbortController(), enough: new AbortController(), began: performance.now(), shorter };
  Object.assign(find, { running, progress: null, failed: "" });
  find.update();
  const passed = () => (find.seconds = (performance.now() - running.began) / 1000);
  try {
    const result = await explore(request, {
      signal: running.stop.signal,
      enough: running.enough.signal,
      onProgress: (progress) => {
        if (find.running !== running) return;
        find.progress = progress;
        passed();
        find.update();
      },
    });
    if (find.running !== running) return null;
    passed();
    return result;
  } catch (error) {
    if (find.running !== running) return null;
    find.failed = running.stop.signal.aborted ? "" : why(lab.words, error);
    return null;
  } finally {
    if (find.running === running) {
      find.running = null;
      find.update();
    }
  }
}

/** Puts the run that was found on the stage, at a step; -1 is its beginning. @param {Find} find @param {number} at */
export function show(find, at) {
  const { lab } = find;
  const found = foundBy(find);
  if (!found) return;
  if (!onStage(find)) {
    const { sim } = openWords(new URLSearchParams({ run: found.recording }), lab.protocol.id);
    // The run that stood here is a step back in the browser's history.
    if (find.on?.sim !== lab.sim) history.pushState(null, "", location.href);
    find.on = { sim, branches: sim.branches().length };
    replace(lab, sim);
  }
  find.at = Math.max(-1, Math.min(at, found.steps.length - 1));
  seek(lab, find.at < 0 ? 0 : found.steps[find.at].frame.now);
}

/** Which step the stage shows; where it shows another run, the one that was chosen last. @param {Find} find */
export function stepNow(find) {
  const found = foundBy(find);
  if (!found || !onStage(find)) return find.at;
  const now = find.lab.sim.now * 1000 + 0.5;
  find.at = found.steps.findLastIndex((step) => step.at <= now);
  return find.at;
}

/** Plays the run that was found, from its beginning. @param {Find} find */
export function play(find) {
  show(find, -1);
  setPlaying(find.lab, true);
}

/** Switches a rule off or on; the run begins again under the other rules. @param {Find} find @param {string} id */
export function switchRule(find, id) {
  const { lab } = find;
  const config = searched(find);
  const off = config.mutants.includes(id);
  const mutants = off ? config.mutants.filter((one) => one !== id) : [...config.mutants, id];
  try {
    const sim = open({ ...config, mutants });
    forget(find);
    replace(lab, sim);
    const rule = lab.protocol.mutants.find((one) => one.id === id)?.rule;
    lab.told(tell(lab.words, off ? "switched-on" : "switched", { rule: rule ? lab.words.read(rule) : id }));
  } catch (error) {
    lab.told(why(lab.words, error), true);
  }
  find.update();
}
