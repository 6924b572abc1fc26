// The picture does not wait for what a hand may do to it: that is fetched after the first one.

import { complete } from "./rest.js";
import { changed, why } from "./state.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Mirror } from "./mirror.js"
 * @import { View } from "./view.js"
 */

/**
 * @param {Lab} lab @param {View} view
 * @param {(mirror: Mirror, keys: typeof import("./keys.js").handleKeys) => void} then
 */
export function lateHands(lab, view, then) {
  /** @type {Promise<void> | undefined} */
  let coming;
  /** @type {{ mirror: Mirror | null, come: () => Promise<void> }} */
  const late = { mirror: null, come: () => (coming ??= fetchHands()) };
  async function fetchHands() {
    try {
      const { giveHands, handleKeys } = await import("./hands.js");
      const mirror = giveHands(lab, view);
      then(mirror, handleKeys);
      // What it tells needs the rest of the module, and nothing is to stand still for that.
      const tell = () => {
        late.mirror = mirror;
        changed(lab);
      };
      complete().then(tell, tell);
    } catch (error) {
      lab.told(lab.words.say("not-done", { why: why(lab.words, error) }), true);
    }
  }
  return late;
}
