// The side: what is looked for, how far the search is, what it found, and what can be done with that.

import { h, inked, setText } from "../dom.js";
import { icon } from "../icons.js";
import { named } from "../panels/events.js";
import { language } from "../words.js";
import { asTest } from "./astest.js";
import { drawGauge } from "./gauge.js";
import { foundBy, isStale, look, lookLonger, play, shorten, stop } from "./model.js";
import { tell } from "./say.js";
import { below, bigWords, boundsOf, goalWords, howRows, spoken, underGauge } from "./tale.js";

/**
 * @import { Find } from "./model.js"
 * @import { Part } from "./rules.js"
 */

/** A listener hears how far it is this often, in ms. */
const SPOKEN_EVERY = 5_000;
/** When the test is written, in ms. */
const LATER = 120;

/** @param {Find} find @returns {Part} */
export function buildPanel(find) {
  const parts = [buildHead(find), buildProperties(find), buildHow(find), buildActs(find)];
  const heard = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const element = h("aside", { class: "find-side" }, ...parts.map((part) => part.element), heard);
  const hear = speaker(find, heard);
  const update = () => {
    element.setAttribute("aria-label", tell(find.lab.words, "title"));
    for (const part of parts) part.update();
    hear();
  };
  return { element, update };
}

/** @param {Find} find @param {HTMLElement} heard */
function speaker(find, heard) {
  let [at, before] = [0, ""];
  return () => {
    const wall = performance.now();
    const words = spoken(find);
    const state = `${Boolean(find.running)} ${find.result?.found} ${find.failed}`;
    if (state === before && wall - at < SPOKEN_EVERY) return;
    [at, before] = [wall, state];
    setText(heard, words);
  };
}

/** @param {Find} find @returns {Part} */
function buildHead(find) {
  const [title, note] = [h("h2"), h("span")];
  const [label, goal] = [h("b"), h("span")];
  const change = h("button", { type: "button", class: "link" });
  change.addEventListener("click", () => {
    find.choosing = !find.choosing || !foundBy(find);
    find.shown = find.choosing || !foundBy(find) ? "goals" : "steps";
    find.update();
  });
  const [large, beside] = [h("b"), h("span")];
  const big = h("p", { class: "big" }, large, beside);
  const gauge = h("div");
  const [under, stale] = [h("p", { class: "under" }), h("p", { class: "under stale" })];
  const wrong = h("p", { class: "refused", role: "alert" });
  const line = h("div", { class: "goal" }, label, goal, change);
  const element = h("section", {}, h("div", { class: "hd" }, title, note), line, big, gauge, under, stale, wrong);
  let drawn = "";
  const update = () => {
    const { words } = find.lab;
    setText(title, tell(words, find.wanted.kind === "when" ? "title-when" : "title"));
    const timed = find.running || find.result;
    setText(note, timed ? tell(words, "seconds", { n: find.seconds.toFixed(1) }) : "");
    setText(label, tell(words, "goal"));
    setText(goal, goalWords(find));
    setText(change, tell(words, "change"));
    const [number, serif] = bigWords(find);
    big.hidden = !number;
    setText(large, number);
    setText(beside, serif);
    const bounds = boundsOf(find);
    gauge.hidden = !bounds;
    const key = JSON.stringify([bounds, words.lang]);
    if (bounds && key !== drawn) gauge.replaceChildren(drawGauge(words, bounds));
    drawn = key;
    setText(under, underGauge(find));
    stale.hidden = Boolean(find.running) || !isStale(find);
    setText(stale, tell(words, below() ? "stale-below" : "stale"));
    setText(wrong, find.failed);
  };
  return { element, update };
}

/** The property that broke, and that all others hold. @param {Find} find @returns {Part} */
function buildProperties(find) {
  const element = h("section", { hidden: true });
  let before = "";
  const update = () => {
    const { words, protocol } = find.lab;
    const found = foundBy(find);
    const last = found?.steps.at(-1);
    element.hidden = !found || !last;
    const key = `${found?.recording} ${words.lang}`;
    if (!found || !last || key === before) return;
    before = key;
    const { promises } = last.frame;
    const broken = promises.filter((one) => !one.holds || one.broken !== null || one.id === found.invariant);
    const title = (/** @type {string} */ id) => protocol.invariants.find((one) => one.id === id)?.title;
    const one = (/** @type {typeof promises[number]} */ kept) => {
      const says = inked(words.read(kept.says), named(find.lab), true);
      const name = words.read(title(kept.id) ?? kept.title);
      return line("broken", kept.promised ? "broken" : "watched", name, says);
    };
    const rest = promises.length - broken.length;
    const held = tell(words, found.steps.length === 1 ? "hold-in-one" : "hold-in", {
      n: rest,
      steps: found.steps.length,
    });
    const others = tell(words, broken.length ? "others-hold" : "all-hold", { n: rest });
    const reached = find.wanted.kind === "when" ? [line("tick", "", tell(words, "reached"), [find.wanted.text])] : [];
    element.replaceChildren(...reached, ...broken.map(one), ...(rest ? [line("tick", "", others, [held])] : []));
  };
  return { element, update };
}

/** @param {string} picture @param {string} kind @param {string} title @param {(string | HTMLElement)[]} says */
const line = (picture, kind, title, says) =>
  h(
    "div",
    { class: `inv ${kind}` },
    h("span", {}, icon(picture)),
    h("div", {}, h("b", {}, title), h("small", {}, ...says)),
  );

/** @param {Find} find @returns {Part} */
function buildHow(find) {
  const title = h("h2");
  const rows = h("dl");
  const element = h("section", { class: "how", hidden: true }, h("div", { class: "hd" }, title), rows);
  let before = "";
  const update = () => {
    const { words } = find.lab;
    const { title: key, rows: told } = howRows(find);
    element.hidden = !told.length;
    setText(title, tell(words, key));
    const now = JSON.stringify(told);
    if (now === before) return;
    before = now;
    rows.replaceChildren(...told.flatMap(([what, steps]) => [h("dt", {}, what), h("dd", {}, steps)]));
  };
  return { element, update };
}

/** @param {string} name @param {() => void} act @param {string} [kind] */
function button(name, act, kind = "btn") {
  const word = h("span");
  return { element: h("button", { class: kind, type: "button", onclick: act }, icon(name), word), word };
}

/** @param {string} text @param {Find} find @param {string} done */
async function copy(text, { lab }, done) {
  try {
    await navigator.clipboard.writeText(text);
    lab.told(tell(lab.words, done));
  } catch {
    lab.told(tell(lab.words, "not-copied"), true);
  }
}

/** The link to the run that was found, at its beginning. @param {Find} find */
const linkOf = (find) => {
  const rate = `1/${Math.round(1 / find.lab.rate)}`;
  return new URL(`lab.html#run=${foundBy(find)?.recording}&t=0&speed=${rate}&lang=${language()}`, document.baseURI)
    .href;
};

/** @param {Find} find @returns {Part} */
function buildActs(find) {
  let test = "";
  const acts = {
    find: button("find", () => look(find), "btn primary"),
    stop: button("halt-search", () => stop(find), "btn primary"),
    play: button("play", () => play(find), "btn primary"),
    link: button("link", () => copy(linkOf(find), find, "link-copied")),
    test: button("code", () => copy(test || asTest(find), find, "test-copied")),
    shrink: button("shrink", () => shorten(find)),
    again: button("find", () => look(find)),
    longer: button("find", () => lookLonger(find)),
  };
  for (const [id, one] of Object.entries(acts)) one.element.dataset.find = id;
  const main = h("div", { class: "acts" }, acts.link.element, acts.test.element);
  main.append(acts.find.element, acts.stop.element, acts.play.element);
  const more = h("div", { class: "acts more" }, acts.shrink.element, acts.again.element, acts.longer.element);
  const stay = h("p", { class: "under" });
  const source = h("pre", { class: "src", tabindex: "0" });
  const element = h("section", { class: "do" }, main, more, stay, source);
  /** @type {ReturnType<typeof foundBy>} */
  let of = null;
  const write = () => {
    if (of !== foundBy(find)) return;
    test = asTest(find);
    setText(source, test);
  };
  const update = () => {
    const { words } = find.lab;
    const found = foundBy(find);
    const running = find.running !== null;
    if (found !== of) {
      [of, test] = [found, ""];
      // It plays the run once more, which the picture does not wait for.
      setTimeout(write, LATER);
    }
    const [first, none] = [!running && !find.result, !running && find.result !== null && !found];
    setActs(find, acts, { found: found !== null && !running, running, first, none });
    main.hidden = none;
    more.hidden = running || (!found && !none);
    setText(stay, running ? tell(words, "stay-usable") : first ? idleWords(find) : "");
    source.hidden = !found || running;
    source.setAttribute("aria-label", tell(words, "as-test"));
  };
  return { element, update };
}

/** @param {Find} find */
function idleWords({ lab, wanted }) {
  if (wanted.kind === "when") return tell(lab.words, "idle-when");
  return `${tell(lab.words, "idle")}${lab.sim.config.mutants.length ? "" : ` ${tell(lab.words, "idle-whole")}`}`;
}

/**
 * @param {Find} find @param {Record<string, { element: HTMLButtonElement, word: HTMLElement }>} acts
 * @param {{ found: boolean, running: boolean, first: boolean, none: boolean }} state
 */
function setActs(find, acts, { found, running, first, none }) {
  const { words } = find.lab;
  const run = foundBy(find);
  const best = find.running?.shorter ? null : find.progress?.best;
  const proved = run?.shortest === "proved" || run?.steps.length === 1;
  const { state, explored } = find.shorter;
  const shrinks = proved ? "shrink-proved" : state === "failed" ? "shrink-failed" : "shrink";
  /** @type {[string, boolean, string][]} */
  const all = [
    ["find", first, tell(words, "find")],
    ["stop", running, best ? tell(words, "stop-keep", { n: best }) : tell(words, "stop")],
    ["play", found, tell(words, "play")],
    ["link", found, tell(words, "copy-link")],
    ["test", found, tell(words, "copy-test")],
    ["shrink", found, tell(words, shrinks, { n: words.count(explored) })],
    ["again", (found || none) && isStale(find), tell(words, "again")],
    ["longer", none && find.result?.found === false && !find.result.exhausted && !isStale(find), tell(words, "longer")],
  ];
  const left = all.find(([id, shown]) => !shown && acts[id].element === document.activeElement);
  for (const [id, shown, said] of all) {
    acts[id].element.hidden = !shown;
    setText(acts[id].word, said);
    acts[id].element.setAttribute("aria-label", said);
  }
  acts.shrink.element.disabled = proved;
  // Whoever pressed what is gone now stands at what came in its place.
  if (left) acts[all.find(([, shown]) => shown)?.[0] ?? "find"].element.focus({ preventScroll: true });
}
