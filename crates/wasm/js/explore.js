// A search for a short run: in a worker where there is one, so that no page waits for it, and elsewhere in slices.

import { slices } from "./slices.js";
import { Finder } from "./synod.js";

/**
 * Looks for a short run that breaks a property or comes to a condition. A search that is given up ends at once, with the
 * reason of its signal.
 * @param {import("./synod.js").ExploreRequest} request
 * @param {{ signal?: AbortSignal, onProgress?: (progress: import("./synod.js").ExploreProgress) => void }} [how]
 * @returns {Promise<import("./synod.js").ExploreResult>}
 */
export async function explore(request, { signal, onProgress } = {}) {
  signal?.throwIfAborted();
  // What is wrong with a request is said before a worker is made for it.
  new Finder(request).free();
  const worker = started();
  return worker ? inWorker(worker, request, signal, onProgress) : inSlices(request, signal, onProgress);
}

/** @returns {Worker | undefined} nothing where there are no workers, or the page's policy allows none from here */
function started() {
  try {
    if (typeof document !== "undefined" && typeof Worker === "function") {
      return new Worker(new URL("explore.worker.js", import.meta.url), { type: "module" });
    }
  } catch {}
}

function inWorker(worker, request, signal, onProgress) {
  return new Promise((found, failed) => {
    const end = (then, what) => {
      worker.terminate();
      signal?.removeEventListener("abort", stopped);
      then(what);
    };
    const stopped = () => end(failed, signal.reason);
    signal?.addEventListener("abort", stopped);
    worker.onmessage = ({ data }) => {
      if (data.progress) onProgress?.(data.progress);
      else if (data.result) end(found, data.result);
      else end(failed, Object.assign(new Error(data.failed.message), data.failed));
    };
    // One that cannot be loaded here, as from another origin, leaves the work to this thread.
    worker.onerror = () => end(found, inSlices(request, signal, onProgress));
    worker.postMessage(request);
  });
}

function inSlices(request, signal, onProgress) {
  const enough = () => {
    signal?.throwIfAborted();
    return false;
  };
  return slices(new Finder(request), { onProgress, enough });
}
