// <synod-stage>: a living stage in any page. Its styles are its own; it loads nothing before it
// comes near the view, and rests when it is out of it.

import { makeFigure } from "./figure.js";
import { setPlaying, seek, step, stir } from "./acts.js";
import { openWords, rateOf } from "./link.js";
import { lessonFor } from "./said.js";
import { recorded } from "./shell.js";
import { unsound, why } from "./state.js";
import { learn, preferred, wordsIn } from "./words.js";

/**
 * @import { Challenge, Lesson, Protocol, Simulation } from "./pkg/synod.js"
 * @typedef {{ home: URL, moduleBytes: (name: string, asked: string | null) => Promise<Uint8Array>,
 *   begun?: (exports: WebAssembly.Exports, name: string, asked: string | null) => void, lessonData: (id:
 *   string) => Promise<{ protocol: string }>, bindings: (name: string) => Promise<typeof import("./pkg/synod.js")>,
 *   challengeData: (id: string) => Promise<{ protocol: string }>,
 *   film?: (of: typeof Simulation) => Promise<Wish["dare"]>, challengePlay: () => Promise<typeof
 *   import("./challenge/figure.js")>, whole?: boolean, historyView: () => Promise<typeof
 *   import("./history/element.js")>,
 *   judged?: Uint8Array<ArrayBuffer> }} Assets the judge itself, where it is not beside
 * @typedef {{ Simulation: typeof Simulation, Lesson: typeof Lesson, Challenge: typeof Challenge, all: Protocol[] }}
 *   Module
 */

/** @import { Words } from "./words.js" */
/** @import { Wish } from "./figure.js" */

/** Server-side rendering has no elements. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});
const OWN = [
  "protocol",
  "lesson",
  "challenge",
  "step",
  "seed",
  "speed",
  "theme",
  "lang",
  "controls",
  "run",
  "t",
  "nodes",
  "start",
  "loading",
  "wasm",
  "autoplay",
  "mutant",
  "history",
  "film",
];

/** What of its attributes says which run it shows. */
export const OPENS = ["protocol", "run", "t", "nodes", "seed", "start", "mutant"];

/** @param {string} words */
function note(words) {
  const element = document.createElement("p");
  [element.className, element.textContent] = ["loading", words];
  return element;
}

/** Modules of this page, each opened once. @param {Assets} assets */
function makeModules(assets) {
  /**
   * By name: one for each protocol, with lessons or without, or one for all.
   * @type {Map<string, Promise<Module>>}
   */
  const modules = new Map();

  /** @param {string} name @param {string | null} asked @returns {Promise<Module>} */
  const open = async (name, asked) => {
    const wanted = [assets.bindings(encodeURIComponent(name)), assets.moduleBytes(name, asked)];
    const [glue, bytes] = /** @type {[typeof import("./pkg/synod.js"), Uint8Array<ArrayBuffer>]} */ (
      await Promise.all(wanted)
    );
    const exports = await glue.default({ module_or_path: bytes });
    assets.begun?.(/** @type {WebAssembly.Exports} */ (/** @type {unknown} */ (exports)), name, asked);
    return { ...glue, all: glue.catalog() };
  };

  /**
   * The smallest module that has what the stages of this page ask for.
   * @param {string | null} protocol
   * @param {string | null} asked
   */
  return (protocol, asked) => {
    const stages = [...document.querySelectorAll("synod-stage")];
    const told = (/** @type {Element} */ one) => one.getAttribute("lesson") ?? one.getAttribute("challenge");
    const others = stages.some(
      (one) => one.getAttribute("protocol") !== protocol && !told(one)?.startsWith(`${protocol}/`),
    );
    const telling = `${protocol}-lessons`;
    const wanted = modules.has(telling) || stages.some(told) ? telling : `${protocol}`;
    const name = asked ?? (!protocol || assets.whole || modules.has("all-lessons") || others ? "all-lessons" : wanted);
    const known = modules.get(name) ?? open(name, asked);
    modules.set(name, known);
    return known;
  };
}

/**
 * A lesson out of its data; one that is not sound is the fault of its site.
 * @template T @param {() => T} read @param {Words} words
 */
function readLesson(read, words) {
  try {
    return read();
  } catch (error) {
    throw new Error(unsound(words, error));
  }
}

/** @param {Assets} assets @param {string} css */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the element is a class that is made of what it is given
export function define(assets, css) {
  const moduleOf = makeModules(assets);

  class SynodStage extends Base {
    static observedAttributes = OWN;
    /** @type {ReturnType<typeof makeFigure> | null} */
    #figure = null;
    /** @type {HTMLElement | null} */
    #root = null;
    /**
     * In place of a stage, where it has the attribute.
     * @type {ReturnType<typeof import("./history/view.js").makeHistory> | null}
     */
    #history = null;
    /** @type {IntersectionObserver | null} */
    #near = null;
    #turn = 0;
    #dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    #redress = () => this.#dress();

    connectedCallback() {
      if (!this.#root) {
        const shadow = this.attachShadow({ mode: "open" });
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        shadow.adoptedStyleSheets = [sheet];
        this.#root = document.createElement("div");
        this.#root.className = "synod";
        this.#root.setAttribute("role", "group");
        shadow.append(this.#root);
      }
      this.#dark?.addEventListener("change", this.#redress);
      this.#dress();
      if (this.getAttribute("loading") === "eager") this.#open();
      this.#near = new IntersectionObserver(
        (entries) => {
          const inView = entries.some((entry) => entry.isIntersecting);
          if (this.#figure) this.#figure.watch(inView);
          else if (inView && !this.#history) this.#open();
        },
        { rootMargin: "200px" },
      );
      this.#near.observe(this);
    }

    disconnectedCallback() {
      this.#turn += 1;
      this.#near?.disconnect();
      this.#dark?.removeEventListener("change", this.#redress);
      this.#rest();
    }

    #rest() {
      this.#figure?.stop();
      this.#history?.stop();
      [this.#figure, this.#history] = [null, null];
    }

    /** @param {string} name @param {string | null} before @param {string | null} after */
    attributeChangedCallback(name, before, after) {
      if (before === after || !this.#root) return;
      if (name === "theme") this.#dress();
      else if (this.#figure || this.#history) this.#open();
    }

    get simulation() {
      return this.#figure?.lab.sim ?? null;
    }
    play() {
      setPlaying(this.#ready().lab, true);
    }
    pause() {
      setPlaying(this.#ready().lab, false);
    }
    /** Handles one event; in a lesson use the keys or its buttons for steps of the story. */
    step() {
      const { lab } = this.#ready();
      const before = lab.sim.seq;
      step(lab, 1);
      const [record] = lab.sim.trace(before, before + 1);
      if (record) this.#fire("synod-step", record);
      return record;
    }
    /** @param {number} ms */
    seek(ms) {
      seek(this.#ready().lab, ms);
    }
    /** @param {string | import("./pkg/synod.js").Input} input */
    inject(input) {
      const { lab } = this.#ready();
      lab.leave();
      const record = lab.sim.inject(input);
      stir(lab);
      return record;
    }

    #ready() {
      if (!this.#figure) throw new Error("the stage is not ready; wait for synod-ready");
      return this.#figure;
    }
    /** @param {string} name @param {unknown} detail */
    #fire(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    }

    #dress() {
      const asked = this.getAttribute("theme");
      const dark = asked === "dark" || (asked !== "light" && this.#dark?.matches);
      if (this.#root) this.#root.dataset.theme = dark ? "dark" : "light";
      this.#figure?.redress();
    }

    async #open() {
      const turn = ++this.#turn;
      const root = /** @type {HTMLElement} */ (this.#root);
      this.#rest();
      const lang = preferred(this.getAttribute("lang") ?? this.closest("[lang]")?.getAttribute("lang") ?? null);
      root.lang = lang === "zh" ? "zh-CN" : "en";
      await learn(lang);
      if (turn !== this.#turn) return;
      const words = wordsIn(lang);
      root.setAttribute("aria-label", words.say("synod-title"));
      root.replaceChildren(note(words.say("loading")));
      try {
        if (this.hasAttribute("history")) {
          const history = await this.#told(root, words);
          if (turn !== this.#turn) return history.stop();
          this.#history = history;
          this.#fire("synod-ready", { protocol: this.getAttribute("protocol") });
          return;
        }
        const wish = await this.#wish(words);
        if (turn !== this.#turn) return;
        this.#figure = makeFigure(root, wish);
        this.#fire("synod-ready", { protocol: this.#figure.lab.protocol.id });
      } catch (error) {
        if (turn !== this.#turn) return;
        const told = why(words, error);
        root.replaceChildren(note(words.say("stage-failed", { why: told })));
        this.#fire("synod-error", { message: told });
      }
    }

    /**
     * A history in place of a stage: the one that is given, or that of the run up to its time.
     * @param {HTMLElement} root @param {Words} words
     */
    async #told(root, words) {
      const view = await assets.historyView();
      const own = { words, base: assets.home, judged: assets.judged };
      return view.showAsked(root, this, { ...own, moduleOf, fire: (name, detail) => this.#fire(name, detail) });
    }

    /** What its attributes ask for. @param {Words} words @returns {Promise<Wish>} */
    async #wish(words) {
      const get = (/** @type {string} */ name) => this.getAttribute(name);
      const [id, run, speed, t] = [get("lesson"), get("run"), get("speed"), get("t")];
      if (get("challenge")) return this.#dared(words);
      const data = id ? await assets.lessonData(id) : null;
      const protocol = data?.protocol ?? (run ? recorded(run) : null) ?? get("protocol");
      const [module, telling] = await Promise.all([moduleOf(protocol, get("wasm")), data && import("./telling.js")]);
      const all = module.all;
      const given = OPENS.flatMap((name) => (this.hasAttribute(name) ? [[name, get(name) ?? ""]] : []));
      const opened = telling
        ? { sim: run ? module.Simulation.replay(run) : undefined, t: t === null ? null : Number(t) || 0 }
        : openWords(new URLSearchParams(given), all[0].id, { make: module.Simulation, all, words });
      const lesson = (/** @type {string} */ step) => `lesson.html#lesson=${id}&step=${step}&lang=${words.lang}`;
      const lab = (/** @type {Simulation} */ sim) => `lab.html#run=${sim.recording()}&t=${sim.now}&lang=${words.lang}`;
      return {
        ...(telling
          ? { told: { ...telling, lesson: readLesson(() => new module.Lesson(lessonFor(data)), words) } }
          : {}),
        run: opened.sim,
        dare: this.hasAttribute("film") && run && !telling ? await assets.film?.(module.Simulation) : undefined,
        t: opened.t,
        all,
        lang: words.lang,
        controls: get("controls") ?? "full",
        rate: speed ? rateOf(speed) : null,
        step: get("step"),
        play: this.hasAttribute("autoplay"),
        href: (sim, step) => new URL(step ? lesson(step) : lab(sim), assets.home).href,
        fire: (name, detail) => this.#fire(name, detail),
      };
    }

    /** What it asks for where it shows a challenge. @param {Words} words @returns {Promise<Wish>} */
    async #dared(words) {
      const id = this.getAttribute("challenge") ?? "";
      const data = await assets.challengeData(id);
      const module = await moduleOf(data.protocol, this.getAttribute("wasm"));
      const play = await assets.challengePlay();
      const speed = this.getAttribute("speed");
      return play.wishOf(data, module, {
        ...{ words, all: module.all, controls: this.getAttribute("controls") ?? "full", base: assets.home },
        ...{ rate: speed ? rateOf(speed) : null, run: this.getAttribute("run"), t: this.getAttribute("t") },
        fire: (name, detail) => this.#fire(name, detail),
      });
    }
  }
  if (globalThis.customElements && !customElements.get("synod-stage")) customElements.define("synod-stage", SynodStage);
  return SynodStage;
}
