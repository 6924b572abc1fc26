// The hands on a stage: what a pointer does to it, and the buttons that mirror it for keyboards and screen readers.
// The lab and stages in other people's pages draw their first picture before they have them.

import { buildMirror } from "./mirror.js";
import { handleStage } from "./stage.js";

/**
 * @import { Lab } from "./state.js"
 * @import { View } from "./view.js"
 */

export { handleKeys } from "./keys.js";

/** A stage that can be acted on; gives its mirror. @param {Lab} lab @param {View} view */
export function giveHands(lab, { canvas, element, layout }) {
  const mirror = buildMirror(lab, canvas, layout, handleStage(lab, canvas, layout));
  element.append(mirror.element);
  return mirror;
}
