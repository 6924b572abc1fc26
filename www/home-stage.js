// The living stage of home: the run of the chosen protocol, playing by itself and to be acted on. A
// protocol's module is fetched when its run is first shown.

import * as own from "./pkg/synod.js";
import { setPlaying } from "./acts.js";
import { runDeck } from "./deck.js";
import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { load } from "./load.js";
import { makePlayer } from "./player.js";
import { giveHands } from "./hands.js";
import { handleKeys } from "./keys.js";
import { moment } from "./share.js";
import { listed, toaster } from "./shell.js";
import { create, replace, why } from "./state.js";
import { take } from "./tools.js";
import { makeView } from "./view.js";
import { language, say, wordsIn } from "./words.js";

/**
 * @import { Config } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @import { Player } from "./player.js"
 * @import { View } from "./view.js"
 * @typedef {{ config: Config, inputs: { time: number, text: string }[], at: number, request: string, every: number
 *   }} Run
 * @typedef {typeof import("./pkg/synod.js")} Module
 */

const RATE = 1 / 30;
const FADE = 240;

/** The modules of this page by where they are. @type {Map<string, Promise<Module>>} */
const modules = new Map();

/** One instance of the bindings has one module: the first is the page's own. @param {string} protocol */
function moduleOf(protocol) {
  const from = listed().find((one) => one.id === protocol)?.module ?? "";
  const open = async () => {
    const glue = modules.size
      ? /** @type {Module} */ (
          await import(/* @vite-ignore */ new URL(`pkg/synod.js?${protocol}`, document.baseURI).href)
        )
      : own;
    await load(from || undefined, glue.default);
    return glue;
  };
  const known = modules.get(from) ?? open();
  modules.set(from, known);
  // What did not come is asked for again the next time.
  known.catch(() => modules.delete(from));
  return known;
}

/** @param {Module} module @param {Run} run */
function opened(module, run) {
  const sim = new module.Simulation(run.config);
  for (const input of run.inputs) {
    sim.advance(Math.max(0, input.time - sim.now));
    sim.inject(input.text);
  }
  sim.advance(Math.max(0, run.at - sim.now));
  return sim;
}

/** Clients ask for something now and then; where nobody can be asked, nothing is. @param {Lab} lab @param {Run} run */
function request(lab, run) {
  const n = lab.sim.done().filter((input) => input.kind === "request").length + 1;
  try {
    lab.sim.inject(`request ${run.request.replace("{n}", String(n))}`);
  } catch {
    // What it asks for cannot be asked for at this moment.
  }
}

/** @param {View} view @param {boolean} reduced the picture before fades over the picture now */
function fade(view, reduced) {
  const { canvas, live } = view;
  if (reduced || !canvas.width) return;
  const before = h("canvas", { class: "before", "aria-hidden": "true" });
  [before.width, before.height] = [canvas.width, canvas.height];
  const x = before.getContext("2d");
  x?.drawImage(canvas, 0, 0);
  x?.drawImage(live, 0, 0);
  view.element.append(before);
  const gone = before.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE, easing: "ease-in-out" });
  gone.onfinish = () => before.remove();
  for (const one of [canvas, live]) one.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE });
}

/**
 * A finger that goes across cuts; one that goes up or down scrolls the page.
 * @param {HTMLElement} stage
 * @param {Lab} lab
 */
function handleTouch(stage, lab) {
  let lent = false;
  stage.addEventListener(
    "pointerdown",
    (event) => {
      if (event.pointerType !== "touch" || lab.tool) return;
      lab.tool = "cut";
      lent = true;
    },
    true,
  );
  for (const end of ["pointerup", "pointercancel"])
    stage.addEventListener(end, () => {
      if (lent) lab.tool = null;
      lent = false;
    });
}

/** The stage, what is said below it, and its buttons. */
function buildFrame() {
  const spoken = h("div", { class: "seen-not", role: "status" });
  const pause = h("button", { class: "btn quiet", type: "button", id: "pause" });
  const cut = h("button", { class: "btn", type: "button", id: "cut", "aria-pressed": "false" }, icon("cut"));
  cut.append(h("span", { "data-word": "home-cut" }));
  const open = h("a", { class: "btn quiet open", href: "lab.html", "data-word": "open-in-lab" });
  const hint = h(
    "span",
    { class: "hint" },
    h("span", { class: "by-mouse", "data-word": "home-live" }),
    h("span", { class: "by-touch", "data-word": "home-live-touch" }),
  );
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const holder = h("div", { class: "living-sheet" }, wrong);
  const foot = h("div", { class: "living-foot" }, hint, cut, open, pause);
  const element = h("div", { class: "living" }, holder, foot, spoken);
  return { element, holder, spoken, pause, cut, open, wrong };
}

/** @typedef {{ lab: Lab, view: View, player: Player }} Living */

/**
 * The stage as it lives below the hand.
 * @param {ReturnType<typeof buildFrame>} frame @param {Lab} lab @param {() => void} ask clients ask now and then
 * @returns {Living}
 */
function makeLiving(frame, lab, ask) {
  const { element, pause, cut } = frame;
  lab.told = toaster(document.body, frame.spoken);
  lab.overlay = element;
  lab.rate = RATE;
  lab.playing = !lab.reduced;
  const view = makeView(lab);
  const mirror = giveHands(lab, view);
  frame.holder.append(view.element);
  handleTouch(view.element, lab);
  const deck = runDeck(lab);
  const player = makePlayer(deck, {
    draw: (afresh) => {
      if (lab.playing) ask();
      view.draw(afresh);
    },
    panels: () => {
      mirror.update();
      setText(pause, lab.words.say(lab.playing ? "pause" : "play"));
    },
  });
  handleKeys(document, { deck, lab, focus: mirror.focus });
  new IntersectionObserver((entries) => player.watch(entries.some((entry) => entry.isIntersecting))).observe(element);
  pause.addEventListener("click", () => setPlaying(lab, !lab.playing));
  cut.addEventListener("click", () => {
    take(lab, "cut");
    const taken = lab.tool === "cut";
    cut.setAttribute("aria-pressed", String(taken));
    element.classList.toggle("cutting", taken);
  });
  Object.assign(window, { synodHome: lab });
  return { lab, view, player };
}

/**
 * Another run on the stage that is there: the picture before fades into it.
 * @param {Living} on @param {Module} module @param {own.Simulation} sim
 */
function change({ lab, view }, module, sim) {
  const { playing, tool } = lab;
  fade(view, lab.reduced);
  lab.all = module.catalog();
  replace(lab, sim);
  // What the buttons below it say still holds.
  [lab.playing, lab.tool] = [playing, tool];
}

export function buildStage() {
  const frame = buildFrame();
  const { element, pause, open, wrong } = frame;
  /** @type {Living | null} */
  let on = null;
  /** @type {Run | null} */
  let run = null;
  let [turn, due] = [0, 0];
  const ask = () => {
    if (!on || !run || on.lab.sim.now < due) return;
    due = on.lab.sim.now + run.every;
    request(on.lab, run);
  };
  /** Shows a run, and fetches its module if it is not there yet. @param {string} protocol @param {Run} next */
  const show = async (protocol, next) => {
    const mine = ++turn;
    if (run === next || (run && JSON.stringify(run) === JSON.stringify(next))) return;
    try {
      const module = await moduleOf(protocol);
      if (mine !== turn) return;
      const sim = opened(module, next);
      wrong.hidden = true;
      if (on) change(on, module, sim);
      else on = makeLiving(frame, create(sim, module.catalog()), ask);
      [run, due] = [next, sim.now + next.every];
      on.player.redress();
    } catch (error) {
      if (mine !== turn) return;
      wrong.hidden = false;
      setText(wrong, say("wasm-failed", { why: why(wordsIn(language()), error) }));
    }
  };
  open.addEventListener("click", () => {
    if (on) open.href = `lab.html#${moment(on.lab)}&lang=${language()}`;
  });
  const redress = () => {
    setText(pause, say(on && !on.lab.playing ? "play" : "pause"));
    if (on) on.lab.words = wordsIn(language());
    on?.player.redress();
  };
  return { element, show, redress };
}
