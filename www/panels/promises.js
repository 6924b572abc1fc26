// The properties as this run promises them: first what is promised, then what is not and is watched all the same; with
// what each assumes, and what of that was broken before it broke.

import { seek } from "../acts.js";
import { h, inked } from "../dom.js";
import { openFinder } from "../find/door.js";
import { icon } from "../icons.js";
import { moreOf } from "../more.js";
import { tell } from "./tell.js";
import { named as nodeNamed } from "./events.js";

/**
 * @import { Kept } from "../more.js"
 * @import { Lab } from "../state.js"
 */

/**
 * Fills the panel. Which ones are opened is kept by the panel.
 * @param {Lab} lab @param {HTMLElement} body @param {Set<string>} opened @param {() => void} again
 */
export function fill(lab, body, opened, again) {
  const { promises } = moreOf(lab.frame);
  const one = (/** @type {Kept} */ kept) => line(lab, kept, opened, again);
  const [first, rest] = [true, false].map((promised) => (promises ?? []).filter((kept) => kept.promised === promised));
  const heading = h(
    "div",
    { class: "hd" },
    h("h3", {}, tell(lab.words, "not-promised")),
    h("span", {}, tell(lab.words, "watched")),
  );
  body.replaceChildren(...first.map(one), ...(rest.length ? [heading, ...rest.map(one)] : []));
}

/** @param {Lab} lab @param {Kept} kept */
function wordsOf({ words }, { promised, holds, broken }) {
  const n = words.ms(Math.round((broken ?? 0) * 10) / 10);
  if (!holds || broken !== null) return tell(words, promised ? "broken-at" : "not-promised-broken", { n });
  return promised ? "" : tell(words, "holds-so-far");
}

/** @param {Lab} lab @param {Kept} kept @param {Set<string>} opened @param {() => void} again */
function line(lab, kept, opened, again) {
  const { words } = lab;
  const open = !kept.holds || opened.has(kept.id);
  const toggle = () => {
    if (!opened.delete(kept.id)) opened.add(kept.id);
    again();
  };
  const title = h(
    "button",
    { type: "button", "aria-expanded": String(open), "data-property": kept.id, onclick: toggle },
    words.read(kept.title),
  );
  const named = (/** @type {string} */ id) => {
    const known = lab.protocol.assumptions.find((one) => one.id === id);
    return known ? words.read(known.name) : id;
  };
  const list = (/** @type {string} */ key, /** @type {string[] | undefined} */ ids) =>
    ids?.length ? [h("small", {}, tell(words, key, { list: ids.map(named).join(tell(words, "comma")) }))] : [];
  const because = kept.because ? [h("small", {}, words.read(kept.because))] : [];
  const { broken } = kept;
  const said = wordsOf(lab, kept);
  const when =
    broken === null
      ? said && [h("small", { class: "when" }, said)]
      : [h("button", { type: "button", class: "when", onclick: () => seek(lab, broken) }, said)];
  const evidence = open ? [h("small", {}, ...inked(words.read(kept.says), nodeNamed(lab), true))] : [];
  const beyond = kept.holds ? [] : list("beyond", kept.beyond);
  const find = () => openFinder(lab, { kind: "property", id: kept.id });
  const finds = open ? [h("button", { type: "button", class: "finds", onclick: find }, words.say("find-this"))] : [];
  const more = open ? [...list("assumes", kept.assumes), ...because] : [];
  const kind = kept.holds ? "" : kept.promised ? " broken" : " watched";
  const inside = h("div", {}, title, ...evidence, ...beyond, ...(when || []), ...more, ...finds);
  return h(
    "div",
    { class: `inv${kind}`, "data-promised": String(kept.promised) },
    h("span", {}, icon(kept.holds ? "tick" : "broken")),
    inside,
  );
}
