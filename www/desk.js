// What stands around the stage in the lab; it draws when something changed.

import { copy, follow } from "./address.js";
import { buildCommand } from "./command.js";
import { h, setText } from "./dom.js";
import { drawDiagram } from "./draw/diagram.js";
import { readTokens } from "./draw/tokens.js";
import { tearSeed } from "./hit.js";
import { icon, setIcon } from "./icons.js";
import { handleKeys } from "./keys.js";
import { begin } from "./link.js";
import { buildSide, newest } from "./panels/side.js";
import { buildRail } from "./rail.js";
import { fit, listed, toaster } from "./shell.js";
import { RATES, advance, changed, listen, look, replace, setPlaying, step, stepBack } from "./state.js";
import { handleTime } from "./time.js";
import { brand, buildDress, sayWords } from "./top.js";
import { count, language, ms, read, say, wordsIn } from "./words.js";

/**
 * @import { Lab } from "./state.js"
 * @import { View } from "./view.js"
 */

/** Panels and the narrator follow a playing run this often, in ms of wall time. */
const PANELS_EVERY = 160;
const NARRATE_EVERY = 1600;
/** The clock and the sentence beside it change this often. */
const TICK_EVERY = 80;
const LOOK_EVERY = 30;
/** The time diagram follows a playing run this often. */
const TIME_EVERY = 100;
/** A tab that slept does not make up for it. */
const LONGEST_FRAME = 100;

/** Builds it all around the stage that stands already. @param {Lab} lab @param {View} view */
export function furnish(lab, view) {
  const mirror = /** @type {NonNullable<typeof view.mirror>} */ (view.mirror);
  const time = h("canvas", { id: "time-canvas", "aria-hidden": "true" });
  const arranged = buildArrange(lab);
  const command = buildCommand(lab);
  let rail = buildRail(lab);
  let side = buildSide(lab);
  const transport = buildTransport(lab);
  const header = buildHeader(
    lab,
    () => redress(),
    async (at) => {
      const { W, H } = fit(time);
      const diagram = {
        ...view.picture,
        canvases: () => [time],
        paint: (/** @type {CanvasRenderingContext2D} */ x) => paintTime({ x, W, H }),
        size: () => ({ W, H }),
      };
      await (await import("./export.js")).openExport(at, view.picture, diagram, () => setPlaying(lab, true));
    },
  );
  const slider = h("input", {
    type: "range",
    class: "seen-not",
    id: "time-slider",
    min: 0,
    step: "any",
    oninput: () => {
      lab.playing = false;
      lab.sim.seek(Number(slider.value));
      changed(lab);
    },
  });
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const mid = h(
    "section",
    { class: "mid" },
    view.element,
    transport.element,
    h("div", { class: "sheet", id: "time" }, time, slider),
    command.element,
  );
  const page = h("main", {}, h("h1", { class: "seen-not", "data-word": "lab" }), rail.element, mid, side.element);
  view.element.append(arranged.element);
  document.getElementById("app")?.replaceChildren(header.element, page, spoken);
  lab.told = toaster(spoken);

  let tokens = readTokens();
  let [asked, last, panelsAt, narratedAt, timeAt, tickedAt, lookedAt] = [0, 0, 0, 0, 0, 0, 0];
  let protocol = lab.protocol.id;
  let [restyled, acted] = [true, true];
  const address = follow(lab);
  const request = () => {
    asked ||= requestAnimationFrame(frame);
  };

  const frame = (/** @type {number} */ wall) => {
    asked = 0;
    if (lab.playing) {
      advance(lab, last ? Math.min(wall - last, LONGEST_FRAME) * lab.rate : 0);
      last = wall;
    } else last = 0;
    if (lab.protocol.id !== protocol) {
      protocol = lab.protocol.id;
      const [newRail, newSide] = [buildRail(lab), buildSide(lab)];
      rail.element.replaceWith(newRail.element);
      side.element.replaceWith(newSide.element);
      [rail, side, restyled] = [newRail, newSide, true];
    }
    // Fast runs have news in every frame; half of the frames will do to read them.
    const reads = !lab.playing || restyled || acted || lab.rate < 0.2 || wall - lookedAt > LOOK_EVERY;
    const moved = reads && look(lab);
    if (reads) lookedAt = wall;
    draw(wall);
    // What the visitor did shows at once, also when the run itself has no news.
    if (restyled || acted || !lab.playing || (moved && wall - panelsAt > PANELS_EVERY)) {
      panelsAt = wall;
      panels();
      if (restyled || !lab.playing || wall - narratedAt > NARRATE_EVERY) {
        narratedAt = wall;
        const words = newest(lab)
          .map((part) => (typeof part === "string" ? part : part.textContent))
          .join("");
        if (moved) setText(spoken, words);
      }
    }
    if (restyled || !lab.playing || wall - tickedAt > TICK_EVERY) {
      tickedAt = wall;
      transport.tick();
    }
    [restyled, acted] = [false, false];
    address();
    if (lab.playing) request();
  };
  const draw = (/** @type {number} */ wall) => {
    const shape = lab.frame.nodes.length > 24 || !lab.frame.nodes.length ? "field" : "lanes";
    if (mid.dataset.layout !== shape) mid.dataset.layout = shape;
    view.draw(restyled);
    const dots = lab.frame.nodes.length === 0;
    arranged.element.hidden = !dots;
    if (lab.playing && !restyled && wall - timeAt < TIME_EVERY) return;
    timeAt = wall;
    paintTime(fit(time));
  };
  const paintTime = (/** @type {{ x: CanvasRenderingContext2D, W: number, H: number }} */ { x, W, H }) => {
    const hot = lab.hover && "message" in lab.hover ? lab.hover.message : null;
    const chosen = lab.focus && "message" in lab.focus ? lab.focus.message : null;
    const epoch = lab.frame.nodes.length ? Math.max(0, ...lab.frame.nodes.map((one) => one.epoch.value)) : 1;
    drawDiagram(x, tokens, {
      W,
      H,
      frame: lab.frame,
      protocol: lab.protocol,
      now: lab.sim.now,
      end: lab.sim.end,
      span: lab.span,
      chronicle: lab.chronicle,
      inputs: inputs(lab),
      violations: lab.violations,
      hover: hot,
      chosen,
      seed: tearSeed(lab),
      epoch,
      words: lab.words,
    });
  };
  const panels = () => {
    arranged.update();
    rail.update();
    side.update();
    mirror.update();
    command.update();
    transport.update();
    header.update();
    slider.max = String(lab.sim.end);
    slider.value = String(lab.sim.now);
    slider.setAttribute("aria-label", say("time"));
    slider.setAttribute("aria-valuetext", say("ms", { n: ms(Math.round(lab.sim.now)) }));
    rail.element.setAttribute("aria-label", say("break"));
    side.element.setAttribute("aria-label", say("safety"));
    view.canvas.style.touchAction = lab.tool === "cut" ? "none" : "pan-y";
    time.style.touchAction = "pan-y";
    sayWords();
  };
  const redress = () => {
    tokens = readTokens();
    lab.words = wordsIn(language());
    restyled = true;
    request();
  };
  listen(lab, () => {
    acted = true;
    request();
  });
  handleTime(lab, time);
  handleKeys(lab, { mirror, command });
  new ResizeObserver(request).observe(mid);
  matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", (event) => {
    lab.reduced = event.matches;
    request();
  });
  document.fonts?.ready.then(request);
  request();
}

/** @type {{ seq: number, now: number, inputs: import("./pkg/synod.js").Placed[] }} */
let known = { seq: -1, now: -1, inputs: [] };

/** Every input of the branch; asked for only when something happened. @param {Lab} lab */
function inputs(lab) {
  if (known.seq !== lab.sim.seq || lab.sim.now < known.now)
    known = { seq: lab.sim.seq, now: lab.sim.now, inputs: lab.sim.done() };
  known.now = lab.sim.now;
  return known.inputs;
}

/** @param {Lab} lab */
function buildTransport(lab) {
  const tool = (/** @type {string} */ name, /** @type {string} */ id, /** @type {() => void} */ act, classes = "ib") =>
    h("button", { class: classes, type: "button", id, "data-icon": name, onclick: act }, icon(name));
  const back = tool("back", "step-back", () => stepBack(lab, 1));
  const play = tool("play", "play", () => setPlaying(lab, !lab.playing), "play");
  const on = tool("step", "step", () => step(lab, 1));
  const now = h("span", { class: "now" });
  const tell = h("div", { class: "tell" });
  const rates = RATES.map(([rate, word]) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          lab.rate = Number(rate);
          changed(lab);
        },
      },
      String(word),
    ),
  );
  const seg = h("div", { class: "seg", role: "group" }, ...rates);
  const element = h("div", { class: "transport" }, back, play, on, now, tell, seg);
  let told = "";
  const tick = () => {
    setText(now, say("ms", { n: Math.floor(lab.sim.now) }));
    const key = `${lab.events.at(-1)?.seq ?? `${lab.sim.seq}th`} ${lab.playing} ${language()} ${lab.sim.seed}`;
    if (key === told) return;
    told = key;
    const parts = newest(lab);
    tell.replaceChildren(...parts);
    tell.title = tell.textContent ?? "";
  };
  const update = () => {
    setIcon(play, lab.playing ? "pause" : "play");
    play.setAttribute("aria-label", say(lab.playing ? "pause" : "play"));
    back.setAttribute("aria-label", say("step-back"));
    on.setAttribute("aria-label", say("step"));
    seg.setAttribute("aria-label", say("speed"));
    rates.forEach((button, at) => {
      button.setAttribute("aria-pressed", String(RATES[at][0] === lab.rate));
      if (RATES[at][1] === "real-time") setText(button, say("real-time"));
    });
  };
  return { element, tick, update };
}

/** How dots are arranged, where nodes are dots. @param {Lab} lab */
function buildArrange(lab) {
  const choice = (/** @type {boolean} */ byMark) =>
    h("button", {
      type: "button",
      onclick: () => {
        lab.byMark = byMark;
        changed(lab);
      },
    });
  const buttons = [choice(false), choice(true)];
  const element = h(
    "div",
    { class: "seg arrange", role: "group", hidden: true },
    h("span", { "data-word": "arrange" }),
    ...buttons,
  );
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

/** Which protocol, and ready runs of it. @param {Lab} lab */
function buildChoice(lab) {
  const all = listed();
  // Each protocol has a module of its own, so another one is another page.
  const protocol = h(
    "select",
    {
      id: "protocol",
      onchange: () => {
        history.pushState(null, "", `#protocol=${protocol.value}&lang=${language()}`);
        location.reload();
      },
    },
    ...all.map((one) => h("option", { value: one.id })),
  );
  const start = h("select", {
    id: "start",
    onchange: () => {
      const chosen = lab.protocol.starts.find((one) => one.id === start.value);
      start.value = "";
      if (!chosen) return;
      replace(lab, begin(chosen));
      lab.told(read(chosen.says));
    },
  });
  let before = "";
  return {
    elements: [protocol, start],
    update: () => {
      protocol.value = lab.protocol.id;
      const key = lab.protocol.id + language();
      if (key === before) return;
      before = key;
      all.forEach((one, at) => setText(protocol.options[at], read(one.name)));
      start.replaceChildren(
        h("option", { value: "" }, say("starts")),
        ...lab.protocol.starts.map((one) => h("option", { value: one.id, title: read(one.says) }, read(one.title))),
      );
      start.hidden = lab.protocol.starts.length === 0;
      protocol.setAttribute("aria-label", say("protocol"));
      start.setAttribute("aria-label", say("starts"));
    },
  };
}

/** Dialogs are fetched when they are asked for. */
const dialogs = () => import("./configure.js");

/** @param {Lab} lab @param {() => void} redress @param {(at: HTMLElement) => Promise<void>} take */
function buildHeader(lab, redress, take) {
  const choice = buildChoice(lab);
  const crumb = h("button", {
    class: "crumb btn quiet",
    type: "button",
    id: "configure",
    onclick: async () => (await dialogs()).configure(lab),
  });
  const learn = h("a", { class: "btn quiet beside", id: "learn", "data-word": "lessons" });
  const seed = h("span", { class: "seed" });
  const label = h("span", { class: "label", "data-word": "copy-link" });
  const share = h(
    "button",
    { class: "btn quiet", type: "button", id: "copy-link", onclick: () => copy(lab) },
    icon("link"),
    label,
  );
  const out = h(
    "button",
    {
      class: "ib",
      type: "button",
      id: "export",
      "aria-haspopup": "dialog",
      onclick: () => take(out).catch((why) => lab.told(String(why), true)),
    },
    icon("save"),
  );
  const gear = h(
    "button",
    { class: "ib", type: "button", id: "gear", onclick: async () => (await dialogs()).configure(lab) },
    icon("gear"),
  );
  const ask = h(
    "button",
    { class: "ib", type: "button", id: "help", onclick: async () => (await dialogs()).help(lab) },
    icon("help"),
  );
  const dressed = buildDress(redress);
  const element = h(
    "header",
    {},
    brand(),
    ...choice.elements,
    crumb,
    learn,
    h("a", { class: "btn quiet beside", href: "compare.html", "data-word": "compare" }),
    h("span", { class: "sp" }),
    seed,
    share,
    out,
    dressed.tongue,
    gear,
    ask,
    dressed.theme,
  );
  const update = () => {
    element.classList.toggle("starts", lab.protocol.starts.length > 0);
    dressed.update();
    choice.update();
    learn.href = `lesson.html#lesson=${lab.protocol.lessons[0]?.id ?? ""}&lang=${language()}`;
    learn.hidden = !lab.protocol.lessons.length;
    setText(crumb, say("servers", { n: count(lab.frame.nodes.length || (lab.frame.swarm?.count ?? 0)) }));
    setText(seed, say("seed", { seed: lab.sim.seed }));
    share.setAttribute("aria-label", say("copy-link"));
    gear.setAttribute("aria-label", say("configure"));
    out.setAttribute("aria-label", say("export"));
    ask.setAttribute("aria-label", say("help"));
  };
  return { element, update };
}
