// The header of the lab: which protocol and which run, where else one can go, and what is beside the stage.

import { h, setText } from "./dom.js";
import { brokenRules, buildBroken } from "./broken.js";
import { buildHeader } from "./header.js";
import { icon } from "./icons.js";
import { begin } from "./link.js";
import { watchIn } from "./ready.js";
import { attempt, copyText } from "./share.js";
import { listed } from "./shell.js";
import { replace, sizeOf } from "./state.js";
import { brand, buildDress } from "./top.js";
import { iconButton } from "./transport.js";
import { count, language, read, say } from "./words.js";

/** @import { Lab } from "./state.js" */

/** Dialogs are fetched before they are asked for, when there is nothing else to do. */
export const dialogs = () => import("./configure.js");

/**
 * Which protocol. Each has a module of its own, so another one is another page: it is left only when that can be had.
 * @param {Lab} lab
 */
function buildProtocols(lab) {
  const all = listed();
  const open = async () => {
    const chosen = all.find((one) => one.id === select.value);
    select.value = lab.protocol.id;
    if (!chosen || chosen.id === lab.protocol.id) return;
    const answer = await fetch(chosen.module);
    if (!answer.ok) throw new Error(`${chosen.module}: ${answer.status}`);
    history.pushState(null, "", `#protocol=${chosen.id}&lang=${language()}`);
    location.reload();
  };
  const options = all.map((one) => h("option", { value: one.id }));
  const select = h("select", { id: "protocol", onchange: () => attempt(open, lab.told) }, ...options);
  return {
    element: select,
    update: () => {
      select.value = lab.protocol.id;
      select.setAttribute("aria-label", say("protocol"));
      all.forEach((one, at) => setText(options[at], read(one.name)));
    },
  };
}

/** Runs that are ready to be looked at. @param {Lab} lab */
function buildStarts(lab) {
  const open = () => {
    const chosen = lab.protocol.starts.find((one) => one.id === select.value);
    select.value = "";
    if (!chosen) return;
    replace(lab, begin(chosen));
    lab.told(read(chosen.says));
  };
  const select = h("select", { id: "start", onchange: open });
  let before = "";
  return {
    element: select,
    update: () => {
      select.setAttribute("aria-label", say("starts"));
      const first = lab.protocol.starts[0]?.id;
      const key = `${lab.protocol.id} ${language()} ${first && watchIn(lab, first)?.en}`;
      if (key === before) return;
      before = key;
      const option = (/** @type {typeof lab.protocol.starts[number]} */ one) =>
        h("option", { value: one.id, title: read(watchIn(lab, one.id) ?? one.says) }, read(one.title));
      select.replaceChildren(h("option", { value: "" }, say("starts")), ...lab.protocol.starts.map(option));
      select.hidden = lab.protocol.starts.length === 0;
    },
  };
}

/**
 * @param {Lab} lab
 * @param {() => void} redress what is to be said and drawn anew
 * @param {(at: HTMLElement) => unknown} take what can be taken along
 * @param {() => string} link to what is shown
 */
export function buildLabHeader(lab, redress, take, link) {
  const ask = async (/** @type {"configure" | "help"} */ what, /** @type {HTMLElement} */ from) =>
    attempt(async () => (await dialogs())[what](lab, from), lab.told);
  const [protocol, start] = [buildProtocols(lab), buildStarts(lab)];
  const crumb = h("button", { class: "crumb btn quiet", type: "button", id: "configure" });
  crumb.addEventListener("click", () => ask("configure", crumb));
  const learn = h("a", { class: "btn quiet", id: "learn", "data-word": "lessons" });
  const beside = h("a", { class: "btn quiet", id: "beside", href: "compare.html", "data-word": "compare" });
  const dare = h("a", { class: "btn quiet", id: "dare", href: "challenges.html", "data-word": "challenges" });
  const broken = buildBroken(lab, "in-header");
  const seed = h("span", { class: "seed" });
  const label = h("span", { class: "label", "data-word": "copy-link" });
  const share = h("button", { class: "btn quiet", type: "button", id: "copy-link" }, icon("link"), label);
  share.addEventListener("click", () => copyText(link(), lab.told));
  const out = iconButton("save", "export", () => attempt(() => take(out), lab.told));
  const gear = iconButton("gear", "gear", () => ask("configure", gear));
  const help = iconButton("help", "help", () => ask("help", help));
  const dressed = buildDress(redress);
  const header = buildHeader([
    brand(),
    protocol.element,
    [start.element, 9],
    [crumb, 5],
    [learn, 3],
    [beside, 2],
    [dare, 1.5],
    broken.element,
    h("span", { class: "sp" }),
    [seed, 1],
    share,
    [out, 7],
    [dressed.tongue, 8],
    [gear, 4],
    [help, 6],
    [dressed.theme, 10],
  ]);
  const named = /** @type {const} */ ([
    [share, "copy-link"],
    [gear, "configure"],
    [out, "export"],
    [help, "help"],
  ]);
  const update = () => {
    header.element.classList.toggle("is-broken", brokenRules(lab).length > 0);
    for (const part of [dressed, protocol, start, broken]) part.update();
    const [lesson] = lab.protocol.lessons;
    learn.href = `lesson.html#lesson=${lesson?.id ?? ""}&lang=${language()}`;
    learn.hidden = !lesson;
    setText(crumb, say("servers", { n: count(sizeOf(lab)) }));
    setText(seed, say("seed", { seed: lab.sim.seed }));
    for (const [element, word] of named) {
      element.setAttribute("aria-label", say(word));
      element.title = say(word);
    }
    header.update();
  };
  return { element: header.element, update, help: () => ask("help", help) };
}
