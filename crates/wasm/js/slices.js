// A search done in slices, so that whoever runs it hears messages in between.

/** Steps of the first slice, how many ms a slice takes, and how many lie between two words of how far it is. */
const [FIRST, SLICE, TELL_EVERY] = [2_000, 12, 110];

/** A turn for messages; a timer would wait longer. */
const turn = () =>
  new Promise((then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then(null);
    };
    port2.postMessage(null);
  });

/**
 * Does a search to its end, or until there is enough, and gives what it has found. The search is over then.
 * @param {import("./synod.js").Finder} finder
 * @param {{ onProgress?: (progress: import("./synod.js").ExploreProgress) => void, enough?: () => boolean }} [how] `enough`
 *   is asked between slices, and may throw
 * @returns {Promise<import("./synod.js").ExploreResult>}
 */
export async function slices(finder, { onProgress, enough } = {}) {
  let [steps, told] = [FIRST, 0];
  try {
    while (!enough?.()) {
      const began = performance.now();
      const progress = finder.work(steps);
      const now = performance.now();
      if (progress.done) break;
      // No more than double: what comes next may be dearer.
      steps = Math.max(100, Math.round(Math.min(steps * 2, (steps * SLICE) / Math.max(1, now - began))));
      if (now - told > TELL_EVERY) {
        told = now;
        onProgress?.(progress);
      }
      await turn();
    }
    return finder.result();
  } finally {
    finder.free();
  }
}
