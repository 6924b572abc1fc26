// A part of the side whose code is fetched when a frame first has something for it.

import { changed } from "../state.js";

/**
 * Fills it anew whenever what it is made from is otherwise; says whether it has been filled.
 * @template Panel
 * @param {import("../state.js").Lab} lab @param {() => Promise<Panel>} fetched @param {(panel: Panel) => void} fill
 */
export function later(lab, fetched, fill) {
  /** @type {Panel | null} */
  let panel = null;
  let before = "";
  return (/** @type {unknown} */ from) => {
    const key = JSON.stringify([from, lab.words.lang]);
    if (!panel)
      fetched().then(
        (found) => {
          panel = found;
          changed(lab);
        },
        () => {},
      );
    else if (key !== before) {
      before = key;
      fill(panel);
    }
    return panel !== null;
  };
}
