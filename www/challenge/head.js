// The header of a challenge: which it is, the way to all of them, and what is broken on purpose.

import { buildBroken } from "../broken.js";
import { h, setText } from "../dom.js";
import { buildHeader } from "../header.js";
import { icon } from "../icons.js";
import { dialogs } from "../labhead.js";
import { ownLink } from "../link.js";
import { attempt, copyText, moment } from "../share.js";
import { brand, buildDress } from "../top.js";
import { iconButton } from "../transport.js";
import { language } from "../words.js";
import { tell } from "./say.js";

/** @import { Lab } from "../state.js" @import { Play } from "./play.js" */

/** @param {Lab} lab @param {Play} play @param {() => void} redress */
export function buildHead(lab, play, redress) {
  const help = () => attempt(async () => (await dialogs()).help(lab, ask), lab.told);
  const ask = iconButton("help", "help", help);
  const crumb = h("span", { class: "crumb" });
  const all = h("a", { class: "btn quiet", id: "all" });
  const whole = h("a", { class: "btn quiet", id: "to-lab" });
  const broken = buildBroken(lab, "in-header");
  const label = h("span", { class: "label" });
  const share = h("button", { class: "btn quiet", type: "button", id: "copy-link" }, icon("link"), label);
  // The challenge as it begins; a run of it is copied beside its moves.
  const link = () => ownLink("challenge", play.plan.id);
  share.addEventListener("click", () => copyText(link(), lab.told));
  const dressed = buildDress(redress);
  const header = buildHeader([
    brand(),
    crumb,
    [all, 4],
    [whole, 2],
    broken.element,
    h("span", { class: "sp" }),
    [share, 5],
    [dressed.tongue, 3],
    [ask, 1],
    [dressed.theme, 6],
  ]);
  const update = () => {
    const { words } = lab;
    for (const part of [dressed, broken]) part.update();
    document.title = tell(words, "challenge-title", { title: words.read(play.plan.title) });
    setText(crumb, tell(words, "challenge", { title: words.read(play.plan.title) }));
    setText(all, tell(words, "all"));
    all.href = `challenges.html#lang=${language()}`;
    setText(whole, tell(words, "lab"));
    whole.title = tell(words, "to-lab");
    if (!lab.playing) whole.href = `lab.html#${moment(lab)}&lang=${language()}`;
    setText(label, tell(words, "copy-link"));
    ask.setAttribute("aria-label", words.say("help"));
    ask.title = words.say("help");
    header.update();
  };
  return { element: header.element, update, help };
}
