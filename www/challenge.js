// A challenge on the lab's stage, with its own rail, side and header.

import "./icons-page.js";
import "./challenge/icons.js";
import { Challenge, Simulation } from "./pkg/synod.js";
import { seek } from "./acts.js";
import { buildHead } from "./challenge/head.js";
import { deckOf, guarded, makePlay } from "./challenge/play.js";
import { buildRail } from "./challenge/rail.js";
import { tell } from "./challenge/say.js";
import { buildSide } from "./challenge/side.js";
import { furnish } from "./desk.js";
import { h } from "./dom.js";
import { addressWords, ownLink, rateOf } from "./link.js";
import { load } from "./load.js";
import { complete } from "./rest.js";
import { challengeFor } from "./said.js";
import { moment } from "./share.js";
import { failed, fetched, listed, settle } from "./shell.js";
import { create, look, why } from "./state.js";
import { makeView } from "./view.js";
import { language, read, say, wordsIn } from "./words.js";

/**
 * @import { Lab } from "./state.js"
 * @typedef {{ id: string, protocol: string, title: { en: string, zh: string } }} Listing
 */

main();

async function main() {
  await settle(["site", "lab"]);
  try {
    const groups = /** @type {{ challenges: Listing[] }[]} */ (await fetched("challenges/index.json"));
    const every = groups.flatMap((group) => group.challenges);
    const wanted = addressWords().get("challenge");
    const entry = every.find((one) => one.id === wanted) ?? every[0];
    const module = listed().find((one) => one.id === entry.protocol)?.telling;
    const [data] = await Promise.all([fetched(`challenges/${entry.id}.json`), load(module)]);
    await complete();
    const lab = build(data, every, entry);
    if (wanted && wanted !== entry.id) lab.told(tell(lab.words, "no-challenge", { id: wanted }), true);
  } catch (error) {
    failed(error);
  }
}

/** @param {any} data @param {Listing[]} every @param {Listing} entry */
function build(data, every, entry) {
  const challenge = new Challenge(challengeFor(data));
  const plan = challenge.plan();
  const { sim, wrong, opened } = begun(challenge);
  const lab = create(sim);
  const play = makePlay(challenge, plan, lab, Simulation, data.saw);
  guarded(challenge, sim, () => {
    play.shown = false;
  });
  play.shown = opened;
  const usual = lab.rate;
  lab.rate = rateOf(addressWords().get("speed"), usual);
  const t = Number(addressWords().get("t"));
  seek(lab, opened && t > 0 ? t : plan.from);
  const view = makeView(lab);
  view.element.id = "stage";
  [view.canvas.id, view.live.id] = ["stage-canvas", "stage-live"];
  look(lab);
  play.update();
  const deck = deckOf(play, lab);
  const next = () => every[every.indexOf(entry) + 1] ?? null;
  const fragment = () => {
    const run = play.own.length ? `&${moment(lab)}` : "";
    const speed = lab.rate === usual ? "" : `&speed=1/${Math.round(1 / lab.rate)}`;
    return `#challenge=${entry.id}${run}${speed}&lang=${language()}`;
  };
  /** @type {() => string} */
  let link = () => location.href;
  furnish(lab, view, {
    deck,
    title: h("h1", { class: "seen-not" }, read(plan.title)),
    rail: buildRail(lab, deck, play),
    side: buildSide(lab, play, () => link(), next),
    fragment,
    header: (redress, linked) => {
      link = () => {
        linked();
        return ownLink("challenge", entry.id, { fragment: fragment() });
      };
      return buildHead(lab, play, redress);
    },
  });
  if (wrong) lab.told(say("bad-link", { why: wrong }), true);
  Object.assign(window, { synodLab: lab, synodPlay: play });
  return lab;
}

/** The run that the address carries, where it is one of this challenge; else a new one. @param {Challenge} challenge */
function begun(challenge) {
  const run = addressWords().get("run");
  if (!run) return { sim: challenge.begin(), wrong: null, opened: false };
  try {
    const sim = Simulation.replay(run);
    challenge.judge(sim, false);
    return { sim, wrong: null, opened: true };
  } catch (error) {
    return { sim: challenge.begin(), wrong: why(wordsIn(language()), error), opened: false };
  }
}
