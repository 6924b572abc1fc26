// What happened, why, and the futures that were left.

import { seek } from "../acts.js";
import { h, inked, setText } from "../dom.js";
import { moment } from "../moment.js";
import { changed } from "../state.js";
import { language, read, say } from "../words.js";
import { shared } from "./facts.js";
import { section } from "./section.js";

/**
 * @import { Lab } from "../state.js"
 * @import { Trace } from "../pkg/synod.js"
 */

const EVENTS_SHOWN = 60;

/** @param {Lab} lab */
export function named(lab) {
  return read(lab.protocol.epoch.named);
}

/** @param {Lab} lab */
export function events(lab) {
  const body = h("div");
  const { element, note } = section("events", body);
  /**
   * Rows stay while they say the same: whoever stands on one by keys goes on standing on it.
   * @type {WeakMap<Trace, HTMLElement>}
   */
  let rows = new WeakMap();
  let [before, spoken] = ["", ""];
  const rowOf = (/** @type {Trace} */ record) => {
    const one = rows.get(record) ?? row(lab, record);
    rows.set(record, one);
    one.classList.toggle("on", record === lab.events.at(-1));
    one.setAttribute("aria-expanded", String(record.seq === lab.chosen));
    return one;
  };
  return {
    element,
    word: "events",
    update: () => {
      setText(note, say("newest"));
      const shown = lab.events.slice(-EVENTS_SHOWN).reverse();
      const speech = `${named(lab)} ${language()}`;
      if (speech !== spoken) [rows, spoken] = [new WeakMap(), speech];
      const key = `${shown[0]?.seq} ${shown.length} ${lab.chosen} ${speech}`;
      if (key === before) return;
      before = key;
      const because = (/** @type {Trace} */ record) => (record.seq === lab.chosen ? [why(lab, record)] : []);
      keep(
        body,
        shown.flatMap((record) => [rowOf(record), ...because(record)]),
      );
    },
  };
}

/**
 * Has a parent hold these in this order. Those that are there already are not touched, and keep the focus.
 * @param {Element} parent @param {Element[]} children
 */
function keep(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of children)
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
}

/** @param {Lab} lab @param {Trace} record */
function row(lab, record) {
  const choose = () => {
    lab.chosen = lab.chosen === record.seq ? null : record.seq;
    if (record.node !== null) lab.focus = { node: record.node };
    changed(lab);
  };
  const classes = `${kindOf(lab)}${record.what === "violation" ? " alarm" : ""}`;
  return h(
    "button",
    {
      class: classes,
      type: "button",
      "data-seq": record.seq,
      onclick: choose,
    },
    h("time", {}, moment(lab.protocol, lab.words, record.time)),
    h("span", {}, ...inked(read(record.says), named(lab), true)),
  );
}

/** A clock is wider than a number. @param {Lab} lab */
const kindOf = (lab) => (lab.protocol.seconds ? "ev clock" : "ev");

/** Every cause of a record, back to the input or timer that it began with. @param {Lab} lab @param {Trace} record */
function why(lab, record) {
  const chain = [];
  let cause = record.cause;
  while (cause !== null && chain.length < 24) {
    const [found] = lab.sim.trace(cause, cause + 1);
    if (!found) break;
    chain.push(found);
    cause = found.cause;
  }
  const go = (/** @type {Trace} */ one) =>
    h(
      "button",
      { class: kindOf(lab), type: "button", onclick: () => seek(lab, one.time) },
      h("time", {}, moment(lab.protocol, lab.words, one.time)),
      h("span", {}, ...inked(read(one.says), named(lab), true)),
    );
  return h(
    "div",
    { class: "why", role: "group", "aria-label": say("why") },
    h("small", {}, say("because")),
    ...chain.map(go),
  );
}

/**
 * The futures of a run, and the tree of them in the overview: fetched with the second one.
 * @param {Lab} lab
 */
export function futures(lab) {
  const body = h("div");
  const element = h("section", { "data-panel": "branches", hidden: true }, body);
  /** @type {import("../futures/all.js").Tree | null} */
  let tree = null;
  /** @type {Promise<void> | null} */
  let coming = null;
  const fetchIt = async () => {
    try {
      const { growTree } = await import("../futures/all.js");
      tree = await growTree(lab);
      changed(lab);
    } catch {
      // It is asked for again with the next change.
      coming = null;
    }
  };
  return {
    element,
    word: "branches",
    update: () => {
      element.hidden = lab.sim.branches().length < 2;
      if (element.hidden) lab.tree?.rest();
      const before = lab.tree;
      lab.tree = element.hidden ? null : tree;
      // The overview has another shape now, and others that were told before have other words.
      if (lab.tree !== before) queueMicrotask(() => changed(lab));
      if (tree && lab.tree) tree.update(body);
      else if (!element.hidden) coming ??= fetchIt();
    },
  };
}

/** What the narrator says of the newest event. @param {Lab} lab */
export function newest(lab) {
  const record = lab.events.at(-1);
  if (record) return inked(read(record.says), named(lab));
  // Where too much happens to be told one by one, the first of the shares speaks for all.
  const share = lab.sim.seq ? lab.protocol.totals.find((one) => one.share) : undefined;
  if (share) return [[read(share.name), ...shared(lab, share)].join(" ")];
  return [say(lab.protocol.starts.length ? "ready-starts" : lab.playing ? "running" : "ready")];
}
