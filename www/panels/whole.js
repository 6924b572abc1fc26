// The module that has everything, for panels that try many runs.

import { load } from "../load.js";

/** @type {Promise<typeof import("../pkg/synod.js")> | null} */
let whole = null;

/** The whole module under bindings of its own: what makes runs by chance is in no smaller one. */
export function wholeModule() {
  const open = async () => {
    const glue = /** @type {typeof import("../pkg/synod.js")} */ (
      await import(/* @vite-ignore */ new URL("pkg/synod.js?whole", document.baseURI).href)
    );
    await load(undefined, glue.default);
    return glue;
  };
  whole ??= open();
  whole.catch(() => (whole = null));
  return whole;
}
