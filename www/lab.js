// The lab: starts the module and puts the stage up. All that stands around it is fetched when the
// first picture is there.

import { h } from "./dom.js";
import { seek, setPlaying } from "./acts.js";
import { addressWords, openAsked, rateOf } from "./link.js";
import { load } from "./load.js";
import { complete } from "./rest.js";
import { failed, moduleAsked, painted, settle, styled } from "./shell.js";
import { create, look, protocols } from "./state.js";
import { makeView } from "./view.js";
import { language, speak } from "./words.js";

main();

async function main() {
  await settle([]);
  try {
    await load(moduleAsked());
  } catch (error) {
    return failed(error);
  }
  /** @type {string[]} */
  const early = [];
  const { sim, t } = openAsked(protocols()[0].id, (why) => early.push(why));
  const lab = create(sim);
  seek(lab, t);
  lab.futures = true;
  lab.rate = rateOf(addressWords().get("speed"), lab.rate);
  const view = makeView(lab);
  view.element.id = "stage";
  [view.canvas.id, view.live.id] = ["stage-canvas", "stage-live"];
  setUp(view.element);
  look(lab);
  view.draw(true);
  await painted();
  const around = await Promise.all([
    import("./desk.js"),
    speak(language(), ["site", "lab"]),
    styled("desk.css"),
    complete(),
  ]).catch(failed);
  if (!around) return;
  around[0].furnish(lab, view);
  early.forEach((why) => lab.told(why, true));
  if (addressWords().get("play") === "1" && !lab.reduced) setPlaying(lab, true);
  Object.assign(window, { synodLab: lab });
}

/** The stage in its place, and room for all else. @param {HTMLElement} stage */
function setUp(stage) {
  const room = (/** @type {string} */ name) => h("div", { class: name });
  const mid = h(
    "section",
    { class: "mid" },
    stage,
    room("transport"),
    h("div", { class: "sheet", id: "time" }),
    room("line"),
  );
  document.getElementById("app")?.replaceChildren(h("header"), h("main", {}, mid, room("rail"), room("side")));
}
