// The side of it: every future in a list with what happened there, and the inputs of the present one.

import { h, inked } from "../dom.js";
import { moment, momentSaid } from "../moment.js";
import { svg } from "../panels/svg.js";
import { inputName } from "./names.js";
import { numbered, tell } from "./say.js";
import { lineOf, notable } from "./scout.js";
import { parting, shared } from "./tree.js";

/**
 * @import { Placed } from "../pkg/synod.js"
 * @import { Lab } from "../state.js"
 * @import { Ghost } from "./scout.js"
 * @import { Future } from "./tree.js"
 * @typedef {{ present: Future, others: Future[], ghosts: Map<number, Ghost>, names: Map<number, string>,
 *   rows: Map<number, number>, target: number | null, lit: number | null, undone: Placed[] }} Told
 * @typedef {{ choose: (id: number) => void, light: (id: number | null) => void, go: (id: number) => void,
 *   beside: (id: number) => string }} Acts
 */

/** Inputs that are listed on either side of now. */
const LISTED = 12;
/** Names that are listed before the rest is counted. */
const NAMED = 2;

/** What is said of a future. @param {Lab} lab @param {Told} told @param {Future} one */
export function saidOf(lab, { present, ghosts }, one) {
  const { words, protocol, sim } = lab;
  const said = (/** @type {number} */ time) => momentSaid(protocol, words, time);
  if (one === present) {
    const events = lab.events.filter((record) => record.time <= sim.now);
    const [violation = null] = lab.violations;
    return tell(words, "now-says", { now: said(sim.now), what: lineOf(words, notable(events, protocol), violation) });
  }
  const ghost = ghosts.get(one.id);
  const from = parting(one, present);
  const what = ghost ? lineOf(words, ghost.told, ghost.violation) : tell(words, "nothing");
  // One unit for both.
  const first = protocol.seconds ? said(from) : moment(protocol, words, from);
  return tell(words, "from-to", { from: first, to: said(one.end), what });
}

const [WIDE, HIGH] = [46, 34];
const LEVELS = [9, 17, 26];

/**
 * The tree as a sign, in which one of its lines is solid.
 * @param {number} row @param {number} rows @param {number} at part of the way
 */
function signOf(row, rows, at) {
  const place = svg("svg", { class: "fut-sign", viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true" });
  const last = Math.min(2, rows);
  const own = Math.min(row, last);
  for (let n = last; n >= 0; n--) if (n !== own) place.append(limb(n, n === 1 && last > 1 ? 26 : 16, false));
  place.append(limb(own, own ? 10 + at * 20 : 0, true));
  return place;
}

/** @param {number} level @param {number} from @param {boolean} solid */
function limb(level, from, solid) {
  const [top, y] = [LEVELS[0], LEVELS[level]];
  const bend = `C${from + 7} ${top} ${from + 2} ${y} ${from + 9} ${y}H44`;
  const d = level === 0 ? `M2 ${top}H42` : `M${solid ? 2 : from} ${top}H${from}${bend}`;
  return svg("path", { d, class: solid ? "solid" : "dashed" });
}

/** @param {Lab} lab @param {Told} told @param {Acts} acts @param {Future} one */
function rowOf(lab, told, acts, one) {
  const { present, names, rows, target, lit, others } = told;
  const here = one === present;
  const from = here ? 0 : parting(one, present);
  const named = lab.words.read(lab.protocol.epoch.named);
  const alarm = here ? lab.violations.length > 0 : told.ghosts.get(one.id)?.violation;
  const classes = `${here ? "on" : one.id === lit ? "lit" : ""}${alarm ? " alarm" : ""}`;
  const props = here ? { "aria-current": "true" } : { "aria-pressed": String(one.id === target) };
  return h(
    "button",
    {
      ...{ type: "button", "data-branch": one.id, class: classes, ...props },
      onclick: () => acts.choose(one.id),
      ondblclick: () => acts.go(one.id),
      onmouseenter: () => acts.light(here ? null : one.id),
      onmouseleave: () => acts.light(null),
    },
    signOf(here ? 0 : (rows.get(one.id) ?? 2), others.length, from / Math.max(1, present.end, one.end)),
    h("span", {}, h("b", {}, names.get(one.id)), h("small", {}, ...inked(saidOf(lab, told, one), named, true))),
  );
}

/** @param {Lab} lab @param {string} word @param {string} note */
const head = (lab, word, note) => h("div", { class: "hd" }, h("h2", {}, tell(lab.words, word)), h("span", {}, note));

/** @param {Lab} lab @param {Told} told @param {Acts} acts */
function list(lab, told, acts) {
  const { target, others, present, names } = told;
  const { words } = lab;
  const all = [present, ...others];
  const go = h("button", { class: "btn", type: "button", "data-act": "switch" }, tell(words, "switch"));
  const beside = h("a", { class: "btn", "data-act": "beside" }, tell(words, "beside"));
  if (target === null) {
    go.disabled = true;
    beside.setAttribute("aria-disabled", "true");
  } else {
    go.addEventListener("click", () => acts.go(target));
    beside.href = acts.beside(target);
    // The link is to the moment that is seen when it is pressed.
    for (const kind of ["pointerdown", "focus", "click"])
      beside.addEventListener(kind, () => (beside.href = acts.beside(target)));
    const quoted = tell(words, "quoted", { name: names.get(target) ?? "" });
    for (const [one, word] of /** @type {const} */ ([
      [go, "switch"],
      [beside, "beside"],
    ]))
      one.setAttribute("aria-label", `${tell(words, word)}: ${quoted}`);
  }
  return [
    head(lab, "title", tell(words, "note", { n: numbered(words, all.length) })),
    h("div", { class: "futures-list" }, ...all.map((one) => rowOf(lab, told, acts, one))),
    h("div", { class: "row" }, go, beside),
  ];
}

/** Names in a sentence, the first few. @param {Lab} lab @param {string[]} names */
function listed({ words }, names) {
  const some = names.slice(0, NAMED).map((name) => tell(words, "quoted", { name }));
  const text = some.join(tell(words, "comma"));
  return names.length > NAMED ? tell(words, "and-more", { names: text, n: names.length - NAMED }) : text;
}

/**
 * A line of the list of inputs.
 * @param {Lab} lab @param {number} time @param {string | null} what @param {string | null} note @param {string}
 *   [classes]
 */
function inputRow({ protocol, words }, time, what, note, classes = "") {
  const struck = classes === "undone";
  return h(
    "li",
    { class: classes },
    h("time", {}, moment(protocol, words, time)),
    what === null ? null : h(struck ? "s" : "span", {}, what),
    note === null ? null : h("em", {}, note),
  );
}

/**
 * What was done in the present one: where others part from it, where it stands, and what was taken back.
 * @param {Lab} lab @param {Told} told
 */
function inputs(lab, told) {
  const { present, others, names, undone } = told;
  const { words, sim } = lab;
  /** Those that leave at the place of an input. @type {Map<number, string[]>} */
  const leave = new Map();
  for (const one of others) {
    const n = shared(one, present);
    // What was taken back stands below, struck.
    if (n === present.inputs.length && undone.length && one.inputs[n]?.text === undone[0].text) continue;
    leave.set(n, [...(leave.get(n) ?? []), names.get(one.id) ?? ""]);
  }
  const firstUpper = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);
  const said = (/** @type {Placed} */ one) => firstUpper(inputName(words, one));
  const row = (/** @type {Placed} */ one, /** @type {number} */ at) => {
    const here = leave.get(at);
    const note = here ? tell(words, "parts-here", { names: listed(lab, here) }) : null;
    return inputRow(lab, one.time, said(one), note, one.time > sim.now ? "ahead" : "");
  };
  const rows = present.inputs.map(row);
  const done = present.inputs.filter((one) => one.time <= sim.now).length;
  const skipped = Math.max(0, done - LISTED);
  const open = leave.get(present.inputs.length);
  const late = open && tell(words, "leaves-here", { names: listed(lab, open) });
  const at = open && Math.min(...others.map((one) => one.inputs[present.inputs.length]?.time ?? Infinity));
  return [
    head(lab, "inputs", tell(words, "of-this")),
    h(
      "ol",
      { class: "futures-inputs" },
      skipped ? h("li", {}, h("em", {}, tell(words, "earlier", { n: skipped }))) : null,
      ...rows.slice(skipped, done),
      done ? null : h("li", {}, h("em", {}, tell(words, "no-inputs"))),
      late && at !== undefined && at <= sim.now && Number.isFinite(at) ? inputRow(lab, at, null, late) : null,
      h("li", { class: "is-now" }, h("b", {}, tell(words, "now"))),
      ...rows.slice(done, done + LISTED),
      ...undone.map((one, n) => inputRow(lab, one.time, said(one), tell(words, n ? "undone-too" : "undone"), "undone")),
    ),
  ];
}

/** @param {Lab} lab @param {HTMLElement} body @param {Told} told @param {Acts} acts */
export function fill(lab, body, told, acts) {
  const held = document.activeElement instanceof HTMLElement && body.contains(document.activeElement);
  const { branch, act } = held ? /** @type {HTMLElement} */ (document.activeElement).dataset : {};
  const top = body.querySelector(".futures-list")?.scrollTop ?? 0;
  body.replaceChildren(
    h("div", { class: "futures-part" }, ...list(lab, told, acts)),
    h("div", { class: "futures-part" }, ...inputs(lab, told)),
  );
  const scrolled = body.querySelector(".futures-list");
  if (scrolled) scrolled.scrollTop = top;
  // Whoever stood on a part of it stands on the same part of the new one.
  const again = branch ? `[data-branch="${branch}"]` : act ? `[data-act="${act}"]` : null;
  if (again) /** @type {HTMLElement | null} */ (body.querySelector(again))?.focus();
}
