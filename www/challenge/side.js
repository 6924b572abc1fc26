// Beside the stage: what is asked, what it may take, how far it is, and what was done.

import { seek } from "../acts.js";
import { caption, plain } from "../caption.js";
import { h, inked, setText } from "../dom.js";
import { readTokens } from "../draw/tokens.js";
import { icon } from "../icons.js";
import { moment as column, momentSaid } from "../moment.js";
import { copyText } from "../share.js";
import { tell } from "./say.js";
import { stars } from "./stars.js";

/**
 * @import { Lab } from "../state.js"
 * @import { Play } from "./play.js"
 * @typedef {{ id: string, title: { en: string, zh: string } }} Listing
 */

/** The picture of each fault; what has none wears a plain one. @type {Record<string, string>} */
const PICTURE = { partition: "cut", pause: "halt", wipe: "crash", hold: "halt", offset: "skew" };

/** @param {Lab} lab @param {Play} play @param {() => string} link @param {() => Listing | null} next */
export function buildSide(lab, play, link, next) {
  const parts = [
    buildAsked(lab, play),
    buildObjectives(lab, play, next),
    buildBest(lab, play),
    buildMoves(lab, play, link),
  ];
  const element = h("aside", { class: "side chal" }, ...parts.map((part) => part.element));
  return {
    element,
    label: () => tell(lab.words, "side"),
    update: () => {
      play.update();
      for (const part of parts) part.update();
    },
  };
}

/**
 * A part that is made anew when what it is made of is another.
 * @param {HTMLElement} element @param {() => unknown[]} of @param {() => (string | Element)[]} make
 */
function renewed(element, of, make) {
  let before = "";
  return {
    element,
    update: () => {
      const key = JSON.stringify(of());
      if (key === before) return;
      before = key;
      element.replaceChildren(...make());
    },
  };
}

/** @param {Lab} lab @param {Play} play */
export function buildAsked(lab, play) {
  const { plan } = play;
  const say = (/** @type {string} */ key, /** @type {Record<string, string | number>} */ fill = {}) =>
    tell(lab.words, key, fill);
  const element = h("section", { "data-panel": "asked" });
  const make = () => {
    const { state } = play;
    const used = play.own.filter((one) => plan.faulty.includes(one.kind));
    const pips = Array.from({ length: Math.max(plan.faults, used.length) }, (_, at) => {
      const kind = used[at]?.kind;
      return h("i", { class: kind ? "pip on" : "pip" }, ...(kind ? [icon(PICTURE[kind] ?? kind)] : []));
    });
    const faults = plan.faults ? say("of-faults", { n: state.faults, of: plan.faults }) : say("no-faults");
    const [three, two] = plan.stars;
    const worth = two > three ? say("stars-by", { two, three }) : say("stars-one", { three });
    const over = play.astray
      ? say("astray")
      : state.over && say(`over-${state.over}`, { n: state.over === "faults" ? plan.faults : plan.moves });
    return [
      h("p", { class: "sentence" }, ...named(lab, plan.sentence)),
      h("p", { class: "watch" }, ...named(lab, plan.watch)),
      h("div", { class: "row" }, h("span", {}, say("faults")), ...pips, h("b", {}, faults)),
      h(
        "div",
        { class: "row" },
        h("span", {}, say("moves")),
        h("b", { class: "large" }, String(state.moves)),
        stars(lab.words, still(play)),
        h("small", {}, worth),
      ),
      h("small", { class: "until" }, say("until", { t: momentSaid(lab.protocol, lab.words, plan.from + plan.within) })),
      ...(over ? [h("p", { class: "over", role: "alert" }, over)] : []),
    ];
  };
  return renewed(
    element,
    () => [
      lab.words.lang,
      play.state.moves,
      play.state.faults,
      play.state.over,
      play.astray,
      play.kept.hint,
      play.state.stars,
    ],
    make,
  );
}

/** The stars that are still to be had, or those that are there. @param {Play} play */
function still({ plan, state, kept }) {
  if (state.stars) return state.stars;
  if (state.over) return 0;
  const [three, two] = plan.stars;
  const most = state.moves <= three ? 3 : state.moves <= two ? 2 : 1;
  return kept.hint ? Math.max(1, most - 1) : most;
}

/** Words with names of nodes in them. @param {Lab} lab @param {{ en: string, zh: string }} words */
const named = (lab, words) => caption(lab.words.read(words), lab.frame, readTokens());

/** @param {Lab} lab @param {Play} play @param {() => Listing | null} next */
export function buildObjectives(lab, play, next) {
  const say = (/** @type {string} */ key, /** @type {Record<string, string | number>} */ fill = {}) =>
    tell(lab.words, key, fill);
  const element = h("section", { "data-panel": "objectives" });
  const spoken = h("div", { class: "seen-not", role: "status" });
  let heard = 0;
  const one = (/** @type {number} */ at) => {
    const { plan, state } = play;
    const objective = plan.objectives[at];
    const met = state.met[at];
    const kind = met ? "met" : at === state.met.length ? "open" : "locked";
    const mark = { met: "tick", open: "now", locked: "lock" }[kind];
    /** @type {(string | HTMLElement)[]} */
    let facts = [];
    if (met) {
      const when = h("button", { type: "button", class: "when", onclick: () => seek(lab, met.time) });
      when.append(momentSaid(lab.protocol, lab.words, met.time));
      facts = [when, ...(met.says ? [" · ", ...named(lab, met.says)] : [])];
    } else if (kind === "open" && state.now) facts = named(lab, state.now);
    else if (kind === "locked") facts = [say(objective.extra ? "extra" : "locked")];
    // A tally stands where the mark would.
    const tally = facts.find((part) => part instanceof HTMLCanvasElement);
    if (tally) facts = facts.filter((part) => part !== tally);
    const title = h("b", {}, ...named(lab, objective.says));
    const state_ = h("span", { class: "seen-not" }, say(`state-${kind}`));
    return h("li", { class: kind }, tally ?? icon(mark), h("div", {}, title, " ", state_, h("small", {}, ...facts)));
  };
  const finished = () => {
    const { state } = play;
    if (!state.stars) return [];
    const after = next();
    const way = after && h("a", { class: "btn", href: `challenge.html#challenge=${after.id}&lang=${lab.words.lang}` });
    way?.append(say("next", { title: lab.words.read(after?.title ?? { en: "", zh: "" }) }));
    const words = h("p", {}, h("b", {}, say("done", { n: state.stars })), " ", lab.words.read(play.saw));
    return [h("div", { class: "finished" }, words, ...(way ? [way] : []))];
  };
  const part = renewed(
    element,
    () => [lab.words.lang, play.state.met, play.state.now, play.state.stars],
    () => [
      h("div", { class: "hd" }, h("h2", {}, say("objectives")), h("span", {}, say("judged"))),
      h("ol", { class: "objectives" }, ...play.plan.objectives.map((_, at) => one(at))),
      ...finished(),
      spoken,
    ],
  );
  return {
    element,
    update: () => {
      part.update();
      const { met } = play.state;
      if (met.length > heard)
        setText(spoken, `${plain(lab.words.read(play.plan.objectives[met.length - 1].says))}: ${say("state-met")}`);
      heard = met.length;
    },
  };
}

/** @param {Lab} lab @param {Play} play */
function buildBest(lab, play) {
  const element = h("section", { "data-panel": "best" });
  const make = () => {
    const { moves, faults } = play.plan.best;
    const head = h("div", { class: "hd" }, h("h2", {}, tell(lab.words, "best")));
    if (!play.kept.stars) return [head, h("p", { class: "later" }, tell(lab.words, "best-later"))];
    const watch = h("button", { class: "btn quiet", type: "button", id: "watch", onclick: play.watch });
    watch.append(icon("play"), tell(lab.words, "play-it"));
    const text = tell(lab.words, "best-known", { n: moves }).replace(/^[^:：]*[:：]\s*/, "");
    const line = h("div", { class: "row" }, h("b", { class: "large" }, text));
    line.append(h("small", {}, tell(lab.words, "best-note", { n: faults })), watch);
    const told = play.shown
      ? [h("p", {}, tell(lab.words, "playing", { watch: "" }), ...named(lab, play.plan.watch))]
      : [];
    return [head, line, ...told];
  };
  return renewed(element, () => [lab.words.lang, play.kept, play.shown], make);
}

/** @param {Lab} lab @param {Play} play @param {() => string} link */
function buildMoves(lab, play, link) {
  const element = h("section", { "data-panel": "moves" });
  const make = () => {
    const { own, kept, plan } = play;
    const rows = [...own]
      .reverse()
      .map((one, at) =>
        h(
          "button",
          { class: at ? "ev" : "ev on", type: "button", onclick: () => seek(lab, one.time) },
          h("time", {}, column(lab.protocol, lab.words, one.time)),
          h("span", {}, ...inked(lab.words.read(one.says), lab.words.read(lab.protocol.epoch.named), true)),
        ),
      );
    const hint = h("button", { class: "btn", type: "button", id: "hint", onclick: play.hint }, tell(lab.words, "hint"));
    const copy = h("button", {
      class: "btn",
      type: "button",
      id: "copy-run",
      onclick: () => copyText(link(), lab.told),
    });
    copy.append(icon("link"), tell(lab.words, "copy-run"));
    const hinted = h("p", { class: "hinted" }, h("b", {}, tell(lab.words, "hinted")), " ", ...named(lab, plan.hint));
    return [
      h("div", { class: "hd" }, h("h2", {}, tell(lab.words, "your-moves"))),
      ...(rows.length ? rows : [h("p", { class: "later" }, tell(lab.words, "none"))]),
      ...(kept.hint ? [hinted] : []),
      h("div", { class: "buttons" }, ...(kept.hint ? [] : [hint]), copy),
    ];
  };
  return renewed(element, () => [lab.words.lang, play.own.map((one) => [one.time, one.text]), play.kept.hint], make);
}
