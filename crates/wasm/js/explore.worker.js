// The search of `explore` in a worker.

import { slices } from "./slices.js";
import init, { Finder } from "./synod.js";

addEventListener("message", async ({ data }) => {
  try {
    await init();
    const result = await slices(new Finder(data), { onProgress: (progress) => postMessage({ progress }) });
    postMessage({ result });
  } catch (error) {
    postMessage({ failed: { message: String(error?.message ?? error), says: error?.says, code: error?.code } });
  }
});
