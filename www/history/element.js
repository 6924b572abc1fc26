// The history view in the element: with its styles, and the judge from beside the element.

import { theJudge } from "./judge.js";
import { tell } from "./say.js";
import { ofRun, parsed, prefix } from "./text.js";
import { makeHistory } from "./view.js";
import lanes from "./lanes.css";
import levels from "./levels.css";
import whole from "./view.css";

/** @import { Op } from "./text.js" */
/** @import { Words } from "../words.js" */

/**
 * @param {HTMLElement} root @param {{ words: Words, text: string, run: import("../pkg/synod.js").Operation[] | null, base:
 *   URL, judged?: Uint8Array<ArrayBuffer>, whole: boolean, fire: (name: string, detail: unknown) => void }} wish a history as text, or that of a run
 */
export async function showHistory(root, { words, text, run, base, judged, whole, fire }) {
  const ops = run ? prefix(ofRun(run)) : parsed(text, words);
  let judge;
  try {
    judge = await theJudge(judged ?? new URL("pkg/judge.wasm", base));
  } catch (error) {
    throw new Error(tell(words, "no-judge", { why: error instanceof Error ? error.message : String(error) }));
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(lanes + levels + whole);
  const place = root.getRootNode();
  if (place instanceof ShadowRoot) place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
  const inside = document.createElement("div");
  inside.className = "hv-in";
  root.replaceChildren(inside);
  /** @param {{ ops: Op[], verdicts: unknown }} view */
  const changed = ({ ops, verdicts }) => fire("synod-history", { history: ops, levels: verdicts });
  return makeHistory(inside, { judge, words, ops, whole, changed });
}
