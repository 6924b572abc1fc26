// The lab: starts the module and puts the stage up. All that stands around it is fetched when the
// first picture is there.

import { h } from "./dom.js";
import { asked, openAsked, rateOf } from "./link.js";
import { load } from "./load.js";
import { failed, moduleAsked, settle, styled } from "./shell.js";
import { create, look, protocols, setPlaying } from "./state.js";
import { makeView } from "./view.js";
import { language, speak } from "./words.js";

main();

async function main() {
  await settle(false);
  try {
    await load(moduleAsked());
  } catch (error) {
    return failed(error);
  }
  /** @type {string[]} */
  const early = [];
  const lab = create(openAsked(protocols()[0].id, (why) => early.push(why)));
  lab.futures = true;
  lab.rate = rateOf(asked().speed);
  const view = makeView(lab, { mirror: true });
  view.element.id = "stage";
  [view.canvas.id, view.live.id] = ["stage-canvas", "stage-live"];
  setUp(view.element, lab.protocol.starts.length > 0);
  look(lab);
  view.draw(true);
  await painted();
  const around = await Promise.all([import("./desk.js"), speak(language(), true), styled("desk.css")]).catch(failed);
  if (!around) return;
  around[0].furnish(lab, view);
  early.forEach((why) => lab.told(why, true));
  if (asked().play === "1" && !lab.reduced) setPlaying(lab, true);
  Object.assign(window, { synodLab: lab });
}

/**
 * The stage in its place, and room for all else.
 * @param {HTMLElement} stage
 * @param {boolean} starts whether there are ready runs to choose from
 */
function setUp(stage, starts) {
  const mid = h(
    "section",
    { class: "mid" },
    stage,
    h("div", { class: "transport" }),
    h("div", { class: "sheet", id: "time" }),
    h("div", { class: "line" }),
  );
  document
    .getElementById("app")
    ?.replaceChildren(
      h("header", { class: starts ? "starts" : null }),
      h("main", {}, h("div", { class: "rail" }), mid, h("aside", { class: "side" })),
    );
}

const painted = () => new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
