// What stands around the stage in the lab; it draws when something changed.

import "./icons-page.js";
import { buildBroken } from "./broken.js";
import { buildCommand } from "./command.js";
import { runDeck } from "./deck.js";
import { h, setText } from "./dom.js";
import { drawDiagram } from "./draw/diagram.js";
import { readTokens } from "./draw/tokens.js";
import { giveHands } from "./hands.js";
import { handleKeys } from "./keys.js";
import { buildLabHeader, dialogs } from "./labhead.js";
import { handleOpening } from "./opening.js";
import { running } from "./moment.js";
import { fetchTearing } from "./more.js";
import { newest } from "./panels/events.js";
import { buildSide } from "./panels/side.js";
import { tellsInLine } from "./lines.js";
import { makePlayer } from "./player.js";
import { buildRail } from "./rail.js";
import { buildReady } from "./ready.js";
import { followAddress, fragment } from "./share.js";
import { fit, skipLink, toaster, whenIdle } from "./shell.js";
import { changed } from "./state.js";
import { handleTime } from "./time.js";
import { sayWords } from "./top.js";
import { buildGoing, playButton, rateChoice, timeSlider, worded } from "./transport.js";
import { language, learn, read, say, wordsIn } from "./words.js";

/**
 * @import { Deck } from "./deck.js"
 * @import { Lab } from "./state.js"
 * @import { View } from "./view.js"
 */

/** The narrator follows a playing run this often, in ms of wall time; the time diagram this often. */
const NARRATE_EVERY = 1600;
const TIME_EVERY = 100;
/** More nodes than these have no lanes. */
const LANES = 24;
const speak = () => wordsIn(language());

/**
 * What stands around a stage in place of what stands around the lab's.
 * @typedef {{ element: HTMLElement, update: () => void }} Part
 * @typedef {{ deck: Deck, title: HTMLElement, rail: Part, side: Part & { label: () => string }, fragment: () => string,
 *   header: (redress: () => void, link: () => string) => Part & { help: () => unknown } }} Own
 * @typedef {ReturnType<typeof buildParts>} Parts
 * @typedef {ReturnType<typeof buildReady> | null} Ready
 */

/**
 * All that stands around the stage.
 * @param {Lab} lab
 * @param {View} view
 * @param {Deck} deck
 * @param {{ redress: () => void, link: () => string }} ways
 * @param {Own} [own]
 */
function buildParts(lab, view, deck, { redress, link }, own) {
  const time = buildTime(lab, view);
  const ready = own ? null : buildReady(lab);
  const take = async (/** @type {HTMLElement} */ at) =>
    (await import("./export.js")).openExport(at, view.picture, time.picture, deck);
  return {
    mirror: giveHands(lab, view),
    time,
    command: buildCommand(lab),
    arranged: buildArrange(lab),
    broken: buildBroken(lab, "line-of-its-own"),
    going: buildGoing(speak, deck),
    transport: buildTransport(lab, deck, ready),
    ready,
    slider: timeSlider(speak, deck, { id: "time-slider", class: "seen-not" }),
    header: own ? own.header(redress, link) : buildLabHeader(lab, redress, take, link),
    around: { rail: own?.rail ?? buildRail(lab, deck), side: own?.side ?? buildSide(lab), of: lab.protocol.id },
    label: own?.side.label ?? (() => say("safety")),
  };
}

/** Builds it all around the stage that stands already. @param {Lab} lab @param {View} view @param {Own} [own] */
export function furnish(lab, view, own) {
  const deck = own?.deck ?? runDeck(lab);
  const redress = () => {
    lab.words = speak();
    player.redress();
  };
  const parts = buildParts(lab, view, deck, { redress, link: () => address.link() }, own);
  const { time, command, transport, around, header } = parts;
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  time.element.append(parts.slider.element);
  view.element.append(parts.arranged.element, parts.going.element);
  const mid = h("section", { class: "mid" }, parts.broken.element, view.element, transport.element, time.element);
  mid.append(command.element);
  const title = own?.title ?? h("h1", { class: "seen-not", "data-word": "lab" });
  // The stage comes first for whoever goes by keyboard; the rail stands left of it all the same.
  const page = h("main", { id: "main" }, title, mid, around.rail.element, around.side.element);
  const foot = h("div", { class: "foot" });
  document.getElementById("app")?.replaceChildren(skipLink("#stage"), header.element, page, spoken, foot);
  lab.overlay = page;
  const lines = [view.element, transport.element, time.element, command.element];
  lab.told = tellsInLine(foot, "(max-width: 1199px)", lines, toaster(foot, spoken));
  const address = followAddress(
    () => own?.fragment() ?? fragment(lab),
    () => location.reload(),
  );
  const show = showOf(lab, view, deck, parts, { mid, spoken });
  const player = makePlayer(deck, { ...show, address: address.later });
  handleTime(lab, time.canvas);
  const { focus } = parts.mirror;
  handleKeys(document, { deck, lab, focus, command: command.focus, help: header.help, timed: true });
  if (!own) handleOpening(lab, page);
  new ResizeObserver(player.request).observe(mid);
  matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", (event) => {
    lab.reduced = event.matches;
    changed(lab);
  });
  document.fonts?.ready.then(player.redress);
  // What a press may ask for is there before the network goes away.
  whenIdle([dialogs, fetchTearing, () => import("./export.js"), () => learn("en"), () => learn("zh")]);
  player.request();
}

/**
 * What is drawn, and when.
 * @param {Lab} lab @param {View} view @param {Deck} deck @param {Parts} parts
 * @param {{ mid: HTMLElement, spoken: HTMLElement }} places
 */
function showOf(lab, view, deck, parts, { mid, spoken }) {
  const { time, arranged, broken, around, mirror, command, transport, header, slider, going, label, ready } = parts;
  const [narrate, told] = [narrator(lab, spoken, ready), seldom(lab)];
  let shaped = -1;
  const shape = (/** @type {number} */ nodes) => {
    if (nodes === shaped) return;
    shaped = nodes;
    mid.dataset.layout = nodes > LANES || !nodes ? "field" : "lanes";
    arranged.element.hidden = nodes > 0;
  };
  return {
    draw: (/** @type {boolean} */ afresh, /** @type {number} */ wall) => {
      if (afresh) time.redress();
      shape(lab.frame.nodes.length);
      view.draw(afresh);
      time.draw(afresh, wall);
    },
    panels: (/** @type {boolean} */ acted, /** @type {boolean} */ moved) => {
      if (lab.protocol.id !== around.of) refurnish(lab, deck, around);
      if (acted) ready?.update();
      const all = [arranged, broken, around.rail, around.side, mirror, command, transport, header, going];
      for (const part of all) part.update();
      if (told(acted)) slider.update();
      around.rail.element.setAttribute("aria-label", say("break"));
      around.side.element.setAttribute("aria-label", label());
      view.canvas.style.touchAction = lab.tool === "cut" ? "none" : "pan-y";
      if (acted) sayWords();
      if (moved || acted) narrate(acted);
    },
    clock: transport.tick,
  };
}

/**
 * Another protocol has other tools and other properties.
 * @param {Lab} lab
 * @param {Deck} deck
 * @param {{ rail: ReturnType<typeof buildRail>, side: ReturnType<typeof buildSide>, of: string }} around
 */
function refurnish(lab, deck, around) {
  const [rail, side] = [buildRail(lab, deck), buildSide(lab)];
  around.rail.element.replaceWith(rail.element);
  around.side.element.replaceWith(side.element);
  Object.assign(around, { rail, side, of: lab.protocol.id });
}

/** What is only heard follows a playing run no more often than it can be. @param {Lab} lab */
function seldom(lab) {
  let at = 0;
  return (/** @type {boolean} */ acted) => {
    const wall = performance.now();
    if (lab.playing && !acted && wall - at < NARRATE_EVERY) return false;
    at = wall;
    return true;
  };
}

/**
 * What is told of a run: of a ready one at its beginning and its end, and else of the newest event.
 * @param {Lab} lab @param {Ready} ready
 */
function tale(lab, ready) {
  const said = ready?.says();
  return said ? [said] : newest(lab);
}

/**
 * Says it to those who do not see it.
 * @param {Lab} lab
 * @param {HTMLElement} spoken
 * @param {Ready} ready
 */
function narrator(lab, spoken, ready) {
  const told = seldom(lab);
  return (/** @type {boolean} */ acted) => {
    if (!told(acted)) return;
    const words = tale(lab, ready).map((part) => (typeof part === "string" ? part : part.textContent));
    setText(spoken, words.join(""));
  };
}

/** The time diagram, and as a picture. @param {Lab} lab @param {View} view */
function buildTime(lab, view) {
  const canvas = h("canvas", { id: "time-canvas", "aria-hidden": "true" });
  canvas.style.touchAction = "pan-y";
  const element = h("div", { class: "sheet", id: "time" }, canvas);
  let tokens = readTokens();
  let at = 0;
  /** Every input of the branch; asked for only when something happened. */
  let known = { seq: -1, now: -1, branch: -1, inputs: lab.sim.done() };
  const inputs = () => {
    const { seq, now } = lab.sim;
    const { branch } = lab.seen;
    if (known.seq !== seq || known.branch !== branch || now < known.now)
      known = { seq, now, branch, inputs: lab.sim.done() };
    known.now = now;
    return known.inputs;
  };
  const paint = (/** @type {{ x: CanvasRenderingContext2D, W: number, H: number }} */ { x, W, H }) => {
    const { frame, protocol, span, chronicle, violations, hover, focus, sim } = lab;
    const message = (/** @type {typeof hover} */ target) => (target && "message" in target ? target.message : null);
    const epoch = frame.nodes.length ? Math.max(0, ...frame.nodes.map((one) => one.epoch.value)) : 1;
    const run = { frame, protocol, now: sim.now, end: sim.end, span, chronicle, inputs: inputs(), violations, epoch };
    const { words, tree } = lab;
    tree?.look(run.inputs);
    const hand = { hover: message(hover), chosen: message(focus), seed: lab.tear };
    drawDiagram(x, tokens, { W, H, words, tree, ...run, ...hand, goals: lab.goals, again: () => changed(lab) });
  };
  const size = () => {
    const { W, H } = fit(canvas);
    return { W, H };
  };
  return {
    element,
    canvas,
    redress: () => {
      tokens = readTokens();
    },
    draw: (/** @type {boolean} */ afresh, /** @type {number} */ wall) => {
      if (lab.playing && !afresh && wall - at < TIME_EVERY) return;
      at = wall;
      const paper = fit(canvas);
      // Where something else stands in its place there is nothing to draw on.
      if (paper.W) paint(paper);
    },
    picture: {
      ...view.picture,
      canvases: () => [canvas],
      paint: (/** @type {CanvasRenderingContext2D} */ x) => paint({ x, ...size() }),
      size,
    },
  };
}

/** @param {Lab} lab @param {Deck} deck @param {Ready} ready */
function buildTransport(lab, deck, ready) {
  const buttons = [
    worded(speak, "back", "step-back", "step-back", () => deck.by(-1)),
    playButton(speak, deck, "play", "play"),
    worded(speak, "step", "step", "step", () => deck.by(1)),
  ];
  const now = h("span", { class: "now" });
  const tell = h("div", { class: "tell" });
  const rates = rateChoice(
    speak,
    () => lab.rate,
    (rate) => {
      lab.rate = rate;
      changed(lab);
    },
  );
  const element = h("div", { class: "transport" }, ...buttons.map((one) => one.element), now, tell, rates.element);
  let [clock, told] = ["", ""];
  const tick = () => {
    const time = running(lab.protocol, { say }, lab.sim.now);
    if (time !== clock) now.textContent = clock = time;
    const key = `${lab.events.at(-1)?.seq ?? `${lab.sim.seq}th`} ${lab.playing} ${language()} ${lab.tear} ${ready?.says()}`;
    if (key === told) return;
    told = key;
    tell.replaceChildren(...tale(lab, ready));
    tell.classList.toggle("said", Boolean(ready?.says()));
    tell.title = tell.textContent ?? "";
  };
  return { element, tick, update: () => [...buttons, rates].forEach((part) => part.update()) };
}

/** How dots are arranged, where nodes are dots. @param {Lab} lab */
function buildArrange(lab) {
  const choice = (/** @type {boolean} */ byMark) => {
    const choose = () => {
      lab.byMark = byMark;
      changed(lab);
    };
    return h("button", { type: "button", onclick: choose });
  };
  const buttons = [choice(false), choice(true)];
  const title = h("span", { "data-word": "arrange" });
  const element = h("div", { class: "seg arrange", role: "group", hidden: true }, title, ...buttons);
  return {
    element,
    update: () => {
      element.setAttribute("aria-label", say("arrange"));
      setText(buttons[0], say("by-name"));
      if (lab.protocol.mark) setText(buttons[1], read(lab.protocol.mark));
      buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(lab.byMark === (at === 1))));
    },
  };
}
