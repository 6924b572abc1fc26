// The finder from a page: a search in a worker, so that the page never waits for it.

/**
 * @import { ExploreProgress, ExploreRequest, ExploreResult, ExploreStep, ExploreWay, ExploreWithin, Says }
 *   from "../pkg/synod.js"
 * @typedef {keyof NonNullable<ExploreRequest["allow"]>} May
 * @typedef {keyof NonNullable<ExploreRequest["limits"]>} Limit
 * @typedef {ExploreRequest["goal"]} Goal
 * @typedef {ExploreRequest} Request
 * @typedef {ExploreWay} How
 * @typedef {ExploreWithin} Within of what runs every one was tried
 * @typedef {ExploreProgress} Progress
 * @typedef {ExploreStep} Step
 * @typedef {Extract<ExploreResult, { found: true }> & { first?: number | null }} Found with the steps of the first find
 * @typedef {Extract<ExploreResult, { found: false }>} NotFound
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
 * @param {{ signal?: AbortSignal, enough?: AbortSignal, onProgress?: (progress: Progress) => void }} [how] `enough`
 *   ends it too, with what it has found by then
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
