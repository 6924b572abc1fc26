// Side by side: two runs under one clock. What is done is done on both, where both understand it,
// and what each costs is counted in messages.

import "./icons-page.js";
import init, { Simulation, comparisons } from "./pkg/synod.js";
import { seek, stir } from "./acts.js";
import { buildBroken } from "./broken.js";
import { pairDeck } from "./deck.js";
import { h, setText } from "./dom.js";
import { buildHeader } from "./header.js";
import { icon } from "./icons.js";
import { giveHands } from "./hands.js";
import { handleKeys } from "./keys.js";
import { addressWords, rateOf } from "./link.js";
import { running } from "./moment.js";
import { fetchTearing } from "./more.js";
import { makePlayer } from "./player.js";
import { copyText, followAddress, fragment } from "./share.js";
import { failed, settle, skipLink, toaster, whenIdle } from "./shell.js";
import { create, replace, sizeOf, why } from "./state.js";
import { brand, buildDress, sayWords } from "./top.js";
import { buildGoing, playButton, rateChoice, timeSlider, worded } from "./transport.js";
import { makeView } from "./view.js";
import { count, language, learn, read, say, wordsIn } from "./words.js";

/**
 * @import { Comparison, Config } from "./pkg/synod.js"
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ sims: Simulation[], id: string, t: number }} Pair
 * @typedef {{ pair: string, labs: Lab[], deck: Deck, told: (words: string, alarm?: boolean) => void }} Page
 */

/** The rate that the page opens with. */
const RATE = 1 / 10;
const speak = () => wordsIn(language());

main();

async function main() {
  await settle(["site", "lab"]);
  try {
    await init();
  } catch (error) {
    return failed(error);
  }
  build();
}

/**
 * A run at its beginning with its inputs ahead; what it does not understand is left out.
 * @param {Config} config
 * @param {{ time: number, text: string }[]} inputs
 */
function open(config, inputs) {
  const sim = new Simulation(config);
  for (const input of inputs) {
    sim.advance(Math.max(0, input.time - sim.now));
    try {
      sim.inject(input.text);
    } catch {
      // It is for the other side.
    }
  }
  sim.seek(0);
  return sim;
}

/** @param {Comparison} one @returns {Pair} */
function openReady(one) {
  const of = (/** @type {number} */ at) => one.inputs.filter(({ side }) => side === undefined || side === at);
  return { sims: one.sides.map((config, at) => open(config, of(at))), id: one.id, t: 0 };
}

/**
 * What the address asks for: a ready pair, or two recordings; what is asked for in vain is told.
 * @param {(words: string) => void} tell
 * @returns {Pair}
 */
function openPair(tell) {
  const words = addressWords();
  const ready = comparisons();
  const [a, b, id, t] = [words.get("a"), words.get("b"), words.get("pair"), Number(words.get("t"))];
  try {
    if (a && b) return { sims: [Simulation.replay(a), Simulation.replay(b)], id: "", t: Math.max(t, 0) || 0 };
    const chosen = ready.find((one) => one.id === id);
    if (id && !chosen) throw new Error(say("no-pair", { id, ids: ready.map((one) => one.id).join(", ") }));
    return openReady(chosen ?? ready[0]);
  } catch (error) {
    tell(say("bad-link", { why: why(speak(), error) }));
    return openReady(ready[0]);
  }
}

function build() {
  /** @type {string[]} */
  const early = [];
  const first = openPair((words) => early.push(words));
  const labs = first.sims.map((sim) => create(sim));
  const deck = pairDeck(labs);
  /** @type {Page} */
  const page = { pair: first.id, labs, deck, told: () => {} };
  const speed = addressWords().get("speed");
  for (const lab of labs) lab.rate = speed ? rateOf(speed) : RATE;

  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const sides = labs.map(buildSide);
  const redress = () => {
    for (const lab of labs) lab.words = speak();
    player.redress();
  };
  const header = buildTop(page, redress, () => address.link());
  const foot = buildFoot(page);
  const going = buildGoing(speak, deck);
  const stages = h("section", { class: "pair-of", id: "stages" });
  for (const part of /** @type {const} */ (["title", "stage", "cost"]))
    stages.append(...sides.map((side) => side[part]));
  stages.append(going.element);
  const main = h("main", { class: "compare-main", id: "main" }, stages, foot.element);
  const told = h("div", { class: "foot" });
  const whole = h("div", { class: "compare-page" }, header.element, main, told);
  document.getElementById("app")?.replaceChildren(skipLink("#stages"), whole, spoken);
  for (const lab of labs) lab.overlay = main;
  tellInLine(page, told, [...sides.flatMap((side) => [side.stage, side.cost]), foot.transport], spoken);
  /** @type {{ update: () => void }[]} */
  const parts = [...sides, header, foot, going];
  // Two recordings may be two futures of one run.
  if (!first.id)
    import("./futures/all.js").then(
      ({ callPair }) => {
        const titles = sides.map((side) => side.title);
        parts.push(callPair(labs, titles));
        player.redress();
      },
      () => {},
    );

  const address = followAddress(
    () => fragmentOf(page),
    () => location.reload(),
  );
  const player = makePlayer(deck, {
    draw: (afresh) => sides.forEach((side) => side.view.draw(afresh)),
    panels: () => {
      for (const part of parts) part.update();
      sayWords();
    },
    clock: foot.tick,
    address: address.later,
  });
  handleKeys(document, { deck, lab: null, command: foot.focus });
  new ResizeObserver(player.redress).observe(stages);
  document.fonts?.ready.then(player.redress);
  whenIdle([fetchTearing, () => learn("en"), () => learn("zh")]);
  for (const lab of labs) seek(lab, first.t);
  early.forEach((words) => page.told(words, true));
  Object.assign(window, { synodPair: labs });
  player.request();
}

/**
 * What is told for a while, and on a page that scrolls its line behind what is seen.
 * @param {Page} page @param {HTMLElement} foot @param {HTMLElement[]} lines @param {HTMLElement} spoken
 */
function tellInLine(page, foot, lines, spoken) {
  const tell = toaster(foot, spoken);
  const tells = (/** @type {Page["told"]} */ told) => {
    for (const one of [page, ...page.labs]) one.told = told;
  };
  tells(tell);
  import("./lines.js").then(
    ({ tellsInLine }) => tells(tellsInLine(foot, "(max-width: 759px)", lines, tell)),
    () => {},
  );
}

/** The ready pair while nothing was done to it; then both runs. @param {Page} page */
function fragmentOf({ pair, labs, deck }) {
  const [a, b] = labs.map((lab) => lab.sim.recording());
  const t = Math.round(deck.now() * 1000) / 1000;
  const shown = `speed=1/${Math.round(1 / labs[0].rate)}&lang=${language()}`;
  return pair && t === 0 ? `#pair=${pair}&${shown}` : `#a=${a}&b=${b}&t=${t}&${shown}`;
}

/** @param {Page} page @param {() => void} redress @param {() => string} link */
function buildTop(page, redress, link) {
  const label = h("span", { class: "label", "data-word": "copy-link" });
  const copy = () => copyText(link(), page.told);
  const share = h(
    "button",
    { class: "btn quiet", type: "button", id: "copy-link", onclick: copy },
    icon("link"),
    label,
  );
  const dressed = buildDress(redress);
  const title = h("h1", { class: "crumb", "data-word": "compare-title" });
  const space = h("span", { class: "sp" });
  const header = buildHeader([brand(), title, space, [share, 3], [dressed.tongue, 2], [dressed.theme, 1]]);
  return {
    element: header.element,
    update: () => {
      dressed.update();
      share.setAttribute("aria-label", say("copy-link"));
      header.update();
    },
  };
}

/** Which pair, the way through time, and what is done on both. @param {Page} page */
function buildFoot(page) {
  const { labs, deck } = page;
  const ready = comparisons();
  const choose = (/** @type {Comparison} */ one) => {
    page.pair = one.id;
    openReady(one).sims.forEach((sim, at) => replace(labs[at], sim));
  };
  const choices = ready.map((one) =>
    h("button", { class: "btn quiet", type: "button", "data-pair": one.id, onclick: () => choose(one) }),
  );
  const says = h("p", { class: "compare-says" });
  const play = playButton(speak, deck, "play", "play");
  const parts = [
    worded(speak, "back", "restart", "start-again", () => deck.seek(0)),
    play,
    worded(speak, "step", "step", "step", () => deck.by(1)),
    worded(speak, "undo", "undo", "undo", deck.undo),
    worded(speak, "redo", "redo", "redo", deck.redo),
  ];
  const clock = h("span", { class: "now" });
  const slider = timeSlider(speak, deck, { id: "time-slider" });
  const rates = rateChoice(
    speak,
    () => labs[0].rate,
    (rate) => {
      for (const lab of labs) lab.rate = rate;
      labs.forEach((lab) => lab.listeners.forEach((listener) => listener()));
    },
  );
  const input = h("input", { type: "text", id: "both", autocomplete: "off", spellcheck: false });
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (doOnBoth(page, input.value.trim())) input.value = "";
  };
  const doit = h("button", { class: "btn", type: "submit", "data-word": "do" });
  const line = parts.map((part) => part.element);
  const transport = h("div", { class: "transport" }, ...line, clock, slider.element, rates.element);
  const command = h("form", { class: "command", onsubmit: send }, input, doit);
  const element = h(
    "section",
    { class: "compare-foot" },
    h("div", { class: "choices" }, ...choices),
    says,
    transport,
    command,
  );
  return {
    element,
    transport,
    focus: () => input.focus(),
    tick: () => setText(clock, running(deck.labs[0].protocol, { say }, deck.now())),
    update: () => {
      for (const part of [...parts, slider, rates]) part.update();
      ready.forEach((one, at) => {
        setText(choices[at], read(one.title));
        choices[at].setAttribute("aria-pressed", String(one.id === page.pair));
      });
      const chosen = ready.find((one) => one.id === page.pair);
      setText(says, chosen ? read(chosen.says) : "");
      element.setAttribute("aria-label", say("do"));
      input.setAttribute("aria-label", say("do"));
      input.placeholder = say("command-hint", { node: labs[0].frame.nodes[0]?.name ?? "A" });
    },
  };
}

/** True if at least one of them understood it. @param {Page} page @param {string} text */
function doOnBoth({ labs, told }, text) {
  if (!text) return false;
  const refused = labs.flatMap((lab) => {
    try {
      lab.sim.inject(text);
      stir(lab);
      return [];
    } catch (error) {
      return [say("not-known", { name: read(lab.protocol.name), why: why(lab.words, error) })];
    }
  });
  if (refused.length) told(refused.join("\n"), true);
  return refused.length < labs.length;
}

/** One run: its name, its stage, and what it cost. @param {Lab} lab */
function buildSide(lab) {
  const view = makeView(lab);
  const mirror = giveHands(lab, view);
  const [name, size, cost] = [h("b"), h("small"), h("div", { class: "side-cost" })];
  const open = h("a", { class: "btn quiet", "data-word": "open-in-lab" });
  const broken = buildBroken(lab);
  const title = h("h2", {}, name, " ", size, " ", open, broken.element);
  const update = () => {
    mirror.update();
    broken.update();
    setText(name, read(lab.protocol.name));
    setText(size, [say("servers", { n: count(sizeOf(lab)) }), ...optionsOf(lab)].join(say("comma")));
    open.href = `lab.html${fragment(lab)}`;
    cost.replaceChildren(
      ...costs(lab).map(([n, word], at) => h("span", {}, h("b", { class: at === 0 ? "most" : "" }, n), ` ${word}`)),
    );
  };
  return { view, title, stage: view.element, cost, update };
}

/** What was chosen otherwise than it is by itself, in words. @param {Lab} lab */
function optionsOf({ sim, protocol }) {
  const chosen = sim.config.options;
  return protocol.options
    .filter((one) => JSON.stringify(chosen[one.id]) !== JSON.stringify(one.default))
    .map((one) => {
      const value = chosen[one.id];
      const choice = one.choices?.find((choice) => choice.id === value);
      return value === true ? read(one.label) : `${read(one.label)}: ${choice ? read(choice.says) : value}`;
    });
}

/** What a run has cost so far, the number that matters first. @param {Lab} lab @returns {[string, string][]} */
function costs({ frame: { traffic, swarm }, protocol }) {
  const news = traffic.sent - traffic.quiet;
  const each = traffic.answered ? count(Math.round((news / traffic.answered) * 10) / 10) : "–";
  const totals = swarm
    ? protocol.totals.filter((one) => one.compared).map((one) => [count(swarm[one.id]), read(one.name)])
    : [
        [each, say("cost-command")],
        [count(traffic.answered), say("cost-answered")],
      ];
  return /** @type {[string, string][]} */ ([
    ...totals,
    [count(news), say("cost-sent")],
    [count(traffic.quiet), say("cost-quiet")],
  ]);
}
