// <synod-stage>: a living stage in any page. Its styles are its own; it loads nothing before it
// comes near the view, and rests when it is out of it.

import { makeFigure } from "./figure.js";
import { begin, rateOf } from "./link.js";
import { recorded } from "./shell.js";
import { learn, preferred, say, use } from "./words.js";

/**
 * @import { Lesson, Protocol, Simulation } from "./pkg/synod.js"
 * @typedef {{ home: URL, moduleBytes: (name: string, asked: string | null) => Promise<Uint8Array>, lessonData: (id:
 *   string) => Promise<{ protocol: string }>, bindings: (name: string) => Promise<typeof import("./pkg/synod.js")>,
 *   whole?: boolean }} Assets
 * @typedef {{ Simulation: typeof Simulation, Lesson: typeof Lesson, all: Protocol[] }} Module
 */

/** Server-side rendering has no elements. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});
const OWN = [
  "protocol",
  "lesson",
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
];

/** @param {Assets} assets @param {string} css */
export function define(assets, css) {
  /**
   * Modules of this page by name: one for each protocol, with lessons or without, or one for all.
   * @type {Map<string, Promise<Module>>}
   */
  const modules = new Map();

  /**
   * The smallest module that has what the stages of this page ask for.
   * @param {string | null} protocol
   * @param {string | null} asked
   */
  const moduleOf = (protocol, asked) => {
    const stages = [...document.querySelectorAll("synod-stage")];
    const others = stages.some(
      (one) => one.getAttribute("protocol") !== protocol && !one.getAttribute("lesson")?.startsWith(`${protocol}/`),
    );
    const telling = `${protocol}-lessons`;
    const wanted = modules.has(telling) || stages.some((one) => one.hasAttribute("lesson")) ? telling : `${protocol}`;
    const name = asked ?? (!protocol || assets.whole || modules.has("all-lessons") || others ? "all-lessons" : wanted);
    const known = modules.get(name) ?? open(name, asked);
    modules.set(name, known);
    return known;
  };

  /** @param {string} name @param {string | null} asked @returns {Promise<Module>} */
  const open = async (name, asked) => {
    const [glue, bytes] = await Promise.all([
      assets.bindings(encodeURIComponent(name)),
      assets.moduleBytes(name, asked),
    ]);
    await glue.default({ module_or_path: /** @type {Uint8Array<ArrayBuffer>} */ (bytes) });
    return { Simulation: glue.Simulation, Lesson: glue.Lesson, all: glue.catalog() };
  };

  class SynodStage extends Base {
    static observedAttributes = OWN;
    /** @type {ReturnType<typeof makeFigure> | null} */
    #figure = null;
    /** @type {HTMLElement | null} */
    #root = null;
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
          else if (inView) this.#open();
        },
        { rootMargin: "200px" },
      );
      this.#near.observe(this);
    }

    disconnectedCallback() {
      this.#turn += 1;
      this.#near?.disconnect();
      this.#dark?.removeEventListener("change", this.#redress);
      this.#figure?.stop();
      this.#figure = null;
    }

    /** @param {string} name @param {string | null} before @param {string | null} after */
    attributeChangedCallback(name, before, after) {
      if (before === after || !this.#root) return;
      if (name === "theme") this.#dress();
      else if (this.#figure) this.#open();
    }

    get simulation() {
      return this.#figure?.lab.sim ?? null;
    }
    play() {
      this.#set(true);
    }
    pause() {
      this.#set(false);
    }
    /** Handles one event; in a lesson use the keys or its buttons for steps of the story. */
    step() {
      const figure = this.#ready();
      figure.lab.playing = false;
      const record = figure.lab.sim.step();
      this.#changed();
      if (record) this.#fire("synod-step", record);
      return record;
    }
    /** @param {number} ms */
    seek(ms) {
      const figure = this.#ready();
      figure.lab.playing = false;
      figure.lab.sim.seek(ms);
      this.#changed();
    }
    /** @param {string | import("./pkg/synod.js").Input} input */
    inject(input) {
      const { lab } = this.#ready();
      lab.leave();
      const record = lab.sim.inject(input);
      this.#changed();
      return record;
    }

    #ready() {
      if (!this.#figure) throw new Error("the stage is not ready; wait for synod-ready");
      return this.#figure;
    }
    /** @param {boolean} playing */
    #set(playing) {
      this.#ready().lab.playing = playing;
      this.#changed();
    }
    #changed() {
      for (const listener of this.#figure?.lab.listeners ?? []) listener();
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
      this.#figure?.stop();
      this.#figure = null;
      const lang = preferred(this.getAttribute("lang") ?? this.closest("[lang]")?.getAttribute("lang") ?? null);
      root.lang = lang === "zh" ? "zh-CN" : "en";
      await learn(lang);
      use(lang);
      root.setAttribute("aria-label", say("synod-title"));
      root.replaceChildren(
        Object.assign(document.createElement("p"), { className: "loading", textContent: say("loading") }),
      );
      try {
        const id = this.getAttribute("lesson");
        const data = id ? await assets.lessonData(id) : null;
        const run = this.getAttribute("run");
        const protocol = data?.protocol ?? (run ? recorded(run) : null) ?? this.getAttribute("protocol");
        const [module, telling] = await Promise.all([
          moduleOf(protocol, this.getAttribute("wasm")),
          data && import("./telling.js"),
        ]);
        if (turn !== this.#turn) return;
        const controls = this.getAttribute("controls") ?? "full";
        const play = this.hasAttribute("autoplay");
        const speed = this.getAttribute("speed");
        this.#figure = makeFigure(root, {
          ...(telling
            ? { told: { ...telling, lesson: new module.Lesson(data) } }
            : { run: this.#run(module, protocol ?? module.all[0].id) }),
          all: module.all,
          lang,
          controls,
          rate: speed ? rateOf(speed) : null,
          step: this.getAttribute("step"),
          play,
          href: (sim, step) =>
            step
              ? new URL(`lesson.html#lesson=${id}&step=${step}&lang=${lang}`, assets.home).href
              : new URL(`lab.html#run=${sim.recording()}&t=${sim.now}&lang=${lang}`, assets.home).href,
          fire: (name, detail) => this.#fire(name, detail),
        });
        this.#fire("synod-ready", { protocol });
      } catch (error) {
        if (turn !== this.#turn) return;
        use(lang);
        const why = error instanceof Error ? error.message : String(error);
        root.replaceChildren(
          Object.assign(document.createElement("p"), {
            className: "loading",
            textContent: say("stage-failed", { why }),
          }),
        );
        this.#fire("synod-error", { message: why });
      }
    }

    /** @param {Module} module @param {string} protocol */
    #run(module, protocol) {
      const get = (/** @type {string} */ name) => this.getAttribute(name);
      const recording = get("run");
      if (recording) {
        const sim = module.Simulation.replay(recording);
        sim.seek(Number(get("t")) || 0);
        return sim;
      }
      const start = module.all.find((one) => one.id === protocol)?.starts.find((one) => one.id === get("start"));
      if (start) return begin(start, module.Simulation);
      const [nodes, seed, mutant] = [get("nodes"), get("seed"), get("mutant")];
      const sim = new module.Simulation({
        protocol,
        ...(nodes ? { nodes: Number(nodes) } : {}),
        ...(seed ? { seed } : {}),
        ...(mutant ? { mutants: [mutant] } : {}),
      });
      sim.seek(Number(get("t")) || 0);
      return sim;
    }
  }
  if (globalThis.customElements && !customElements.get("synod-stage")) customElements.define("synod-stage", SynodStage);
  return SynodStage;
}
