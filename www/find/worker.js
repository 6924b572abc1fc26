// The search itself, in a worker: a slice after the other, and now and then a word of how far it is. Whoever does not
// want it any more ends the worker; whoever has enough is given what there is.

/**
 * @import { Progress, Request as Asked, Result } from "./finder.js"
 * @typedef {{ work: (steps: number) => Progress, result: () => Result, free: () => void }} Finder
 * @typedef {{ default: (from: { module_or_path: string }) => Promise<unknown>,
 *   Finder: new (request: Asked) => Finder }} Glue
 */

/** How many steps the first slice has, how many ms a slice should take, and how often is told how far it is. */
const [FIRST, SLICE, TELL_EVERY] = [2_000, 25, 110];

let enough = false;

/** A turn for messages; timers would wait longer. */
const turn = () =>
  new Promise((then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then(null);
    };
    port2.postMessage(null);
  });

/** @param {{ request: Asked, glue: string, module: string }} asked */
async function search({ request, glue, module }) {
  /** @type {Glue} */
  const found = await import(/* @vite-ignore */ glue);
  await found.default({ module_or_path: module });
  const finder = new found.Finder(request);
  let [steps, told] = [FIRST, 0];
  while (!enough) {
    const began = performance.now();
    const progress = finder.work(steps);
    const now = performance.now();
    if (progress.done) break;
    // No more than double: what comes next may be dearer.
    steps = Math.max(100, Math.round(Math.min(steps * 2, (steps * SLICE) / Math.max(1, now - began))));
    if (now - told > TELL_EVERY) {
      told = now;
      postMessage({ progress });
    }
    await turn();
  }
  const result = finder.result();
  finder.free();
  return result;
}

addEventListener("message", async ({ data }) => {
  if (data === "enough") {
    enough = true;
    return;
  }
  try {
    postMessage({ result: await search(data) });
  } catch (error) {
    const { message = String(error), says } = /** @type {{ message?: string, says?: unknown }} */ (error ?? {});
    postMessage({ failed: { message, says } });
  }
});
