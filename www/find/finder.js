// The finder from a page: a search in a worker, so that the page never waits for it.

/**
 * @import { Config, Frame, Says } from "../pkg/synod.js"
 * @typedef {"reorder" | "lose" | "copy" | "timeout" | "request" | "crash" | "restart" | "partition" | "skew"} May
 * @typedef {"steps" | "nodes" | "epochs" | "requests" | "faults" | "work"} Limit
 * @typedef {{ violation: string | true } | { when: string[] }} Goal
 * @typedef {{ config: Config, goal: Goal, allow?: Partial<Record<May, boolean>>,
 *   limits?: Partial<Record<Limit, number>>, seed?: string }} Request
 * @typedef {{ by: "walks" | "timed" | "shrink" | "breadth" | "tighten", runs: number, events: number,
 *   steps: number | null }} How
 * @typedef {{ nodes: number, epochs: number, requests: number, faults: number }} Within of what runs every one was tried:
 *   those of so many nodes, with epochs up to so high, and no more commands and crashes than these
 * @typedef {{ done: boolean, explored: number, phase: string, best: number | null, first: number | null,
 *   lower: number, within?: Within, how: How[] }} Progress `lower`: every run of fewer steps than this was tried
 * @typedef {{ move: string, from: string | null, to: string | null, kind: string | null, epoch: number, text: Says,
 *   frame: Frame, ruleMattered: boolean, broken: string[], at: number }} Step `at` is in microseconds
 * @typedef {{ found: true, recording: string, steps: Step[], inputs: number, shortest: "proved" | "best",
 *   lower: number, first?: number | null, within?: Within, invariant: string | null, explored: number, how: How[] }} Found
 * @typedef {{ found: false, exhausted: boolean, explored: number, lower: number, within?: Within, how: How[] }} NotFound
 * @typedef {Found | NotFound} Result
 * @typedef {{ progress: Progress } | { result: Result } | { failed: { message: string, says?: Says } }} Told what the
 *   worker says
 */

/** Where the finder of a protocol is. @param {string} protocol */
const places = (protocol) => ({
  glue: new URL("pkg/find.js", document.baseURI).href,
  module: new URL(`pkg/find-${protocol}.packed`, document.baseURI).href,
  unpacker: new URL("pkg/unpack.wasm", document.baseURI).href,
  whole: new URL("pkg/synod.js", document.baseURI).href,
});

/** @param {{ message: string, says?: Says }} told */
const failure = ({ message, says }) => Object.assign(new Error(message), says && { says });

/**
 * Looks for a run. A search that is given up ends at once, with an AbortError.
 * @param {Request} request
 * @param {{ signal?: AbortSignal, enough?: AbortSignal, onProgress?: (progress: Progress) => void }} [how] `enough` ends
 *   it too, with what it has found by then
 * @returns {Promise<Result>}
 */
export function explore(request, { signal, enough, onProgress } = {}) {
  return new Promise((found, failed) => {
    if (signal?.aborted) return failed(signal.reason);
    const worker = new Worker(new URL("find/worker.js", document.baseURI), { type: "module" });
    const hurry = () => worker.postMessage("enough");
    const end = () => {
      worker.terminate();
      signal?.removeEventListener("abort", stopped);
      enough?.removeEventListener("abort", hurry);
    };
    const stopped = () => {
      end();
      failed(signal?.reason);
    };
    signal?.addEventListener("abort", stopped);
    enough?.addEventListener("abort", hurry);
    worker.onmessage = (/** @type {MessageEvent<Told>} */ { data }) => {
      if ("progress" in data) return onProgress?.(data.progress);
      end();
      if ("result" in data) found(data.result);
      else failed(failure(data.failed));
    };
    worker.onerror = (event) => {
      end();
      failed(new Error(event.message || "the finder could not be started"));
    };
    worker.postMessage({ request, places: places(request.config.protocol) });
  });
}
