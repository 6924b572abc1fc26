// Side by side: two runs under one clock. What is done is done on both, where both understand it,
// and what each costs is counted in messages.

import init, { Simulation, comparisons } from "./pkg/synod.js";
import { fragment } from "./address.js";
import { h, setText } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { failed, settle, toaster } from "./shell.js";
import { RATES, advance, create, listen, look, replace } from "./state.js";
import { brand, buildDress, sayWords } from "./top.js";
import { makeView } from "./view.js";
import { count, ms, read, say } from "./words.js";

/**
 * @import { Comparison, Config } from "./pkg/synod.js"
 * @import { Lab } from "./state.js"
 * @typedef {{ lab: Lab, elements: HTMLElement[], draw: (afresh: boolean) => void, update: () => void }} Side
 */

const LONGEST_FRAME = 100;
const PANELS_EVERY = 160;

main();

async function main() {
  await settle();
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

/** What the address asks for: a ready pair, or two recordings. @returns {{ sims: Simulation[], id: string }} */
function openPair() {
  const words = new URLSearchParams(location.hash.slice(1));
  const [a, b] = [words.get("a"), words.get("b")];
  if (a && b) {
    const sims = [Simulation.replay(a), Simulation.replay(b)];
    const t = Number(words.get("t") ?? 0);
    for (const sim of sims) sim.seek(Number.isFinite(t) && t >= 0 ? t : 0);
    return { sims, id: "" };
  }
  const ready = comparisons();
  const chosen = ready.find((one) => one.id === words.get("pair")) ?? ready[0];
  return { sims: chosen.sides.map((config) => open(config, chosen.inputs)), id: chosen.id };
}

function build() {
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const told = toaster(spoken);
  /** @type {{ sims: Simulation[], id: string }} */
  let first;
  try {
    first = openPair();
  } catch (error) {
    told(say("bad-link", { why: error instanceof Error ? error.message : String(error) }));
    history.replaceState(null, "", "#");
    first = openPair();
  }
  let pair = first.id;
  let [asleep, last, panelsAt, rate, playing, afresh] = [0, 0, 0, 1 / 10, false, true];
  const request = () => {
    asleep ||= requestAnimationFrame(frame);
  };
  const sides = first.sims.map((sim) => buildSide(sim, told, request));
  const labs = sides.map((side) => side.lab);
  const now = () => Math.max(...labs.map((lab) => lab.sim.now));
  const end = () => Math.max(...labs.map((lab) => lab.sim.end));

  const frame = (/** @type {number} */ wall) => {
    asleep = 0;
    if (playing) {
      const passed = last ? Math.min(wall - last, LONGEST_FRAME) * rate : 0;
      last = wall;
      for (const lab of labs) {
        lab.rate = rate;
        lab.playing = true;
        advance(lab, passed);
        if (!lab.playing) playing = false;
      }
    } else last = 0;
    for (const lab of labs) {
      lab.playing = playing;
      look(lab);
    }
    sides.forEach((side) => side.draw(afresh));
    if (afresh || !playing || wall - panelsAt > PANELS_EVERY) {
      panelsAt = wall;
      update();
    }
    afresh = false;
    if (playing) request();
  };

  const set = (/** @type {boolean} */ on) => {
    playing = on;
    request();
  };
  const seek = (/** @type {number} */ to) => {
    playing = false;
    for (const lab of labs) lab.sim.seek(Math.max(0, Math.min(to, 1e9)));
    request();
  };
  const choose = (/** @type {Comparison} */ one) => {
    pair = one.id;
    playing = false;
    one.sides.forEach((config, at) => replace(labs[at], open(config, one.inputs)));
    history.replaceState(null, "", `#pair=${one.id}`);
    afresh = true;
    request();
  };

  const ready = comparisons();
  const choices = ready.map((one) =>
    h("button", { class: "btn quiet", type: "button", "data-pair": one.id, onclick: () => choose(one) }),
  );
  const says = h("p", { class: "compare-says" });
  const play = h(
    "button",
    { class: "play", type: "button", id: "play", "data-icon": "play", onclick: () => set(!playing) },
    icon("play"),
  );
  const back = h(
    "button",
    { class: "ib", type: "button", id: "restart", "data-icon": "back", onclick: () => seek(0) },
    icon("back"),
  );
  const on = h(
    "button",
    { class: "ib", type: "button", id: "step", onclick: () => seek(nextTime(labs)) },
    icon("step"),
  );
  const clock = h("span", { class: "now" });
  const slider = h("input", {
    type: "range",
    id: "time-slider",
    min: 0,
    step: "any",
    oninput: () => seek(Number(slider.value)),
  });
  const rates = RATES.map(([value, word]) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          rate = Number(value);
          request();
        },
      },
      String(word),
    ),
  );
  const input = h("input", { type: "text", id: "both", autocomplete: "off", spellcheck: false });
  const both = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (doOnBoth(labs, input.value.trim(), told)) input.value = "";
    request();
  };
  const doit = h("button", { class: "btn", type: "submit" });
  const share = h(
    "button",
    {
      class: "btn quiet",
      type: "button",
      id: "copy-link",
      onclick: async () => {
        const text = `#a=${labs[0].sim.recording()}&b=${labs[1].sim.recording()}&t=${now()}`;
        history.replaceState(null, "", text);
        try {
          await navigator.clipboard.writeText(location.href);
          told(say("copied"));
        } catch {
          told(`${say("copy-by-hand")} ${location.href}`);
        }
      },
    },
    icon("link"),
    h("span", { class: "label", "data-word": "copy-link" }),
  );
  const dressed = buildDress(() => {
    afresh = true;
    request();
  });
  const update = () => {
    sides.forEach((side) => side.update());
    setText(clock, say("ms", { n: Math.floor(now()) }));
    slider.max = String(end());
    slider.value = String(now());
    slider.setAttribute("aria-label", say("slider-time"));
    slider.setAttribute("aria-valuetext", say("ms", { n: ms(Math.round(now())) }));
    setIcon(play, playing ? "pause" : "play");
    share.setAttribute("aria-label", say("copy-link"));
    play.setAttribute("aria-label", say(playing ? "pause" : "play"));
    back.setAttribute("aria-label", say("start-again"));
    on.setAttribute("aria-label", say("step"));
    rates.forEach((button, at) => {
      button.setAttribute("aria-pressed", String(RATES[at][0] === rate));
      if (RATES[at][1] === "real-time") setText(button, say("real-time"));
    });
    ready.forEach((one, at) => {
      setText(choices[at], read(one.title));
      choices[at].setAttribute("aria-pressed", String(one.id === pair));
    });
    const chosen = ready.find((one) => one.id === pair);
    setText(says, chosen ? read(chosen.says) : "");
    setText(doit, say("do"));
    dressed.update();
    sayWords();
    input.setAttribute("aria-label", say("do"));
    input.placeholder = say("command-hint", {
      node: labs[0].frame.nodes[0]?.name ?? "A",
      operation: labs[0].protocol.operations[0]?.example ?? "",
    });
  };
  const header = h(
    "header",
    {},
    brand(),
    h("h1", { class: "crumb", "data-word": "compare-title" }),
    h("span", { class: "sp" }),
    share,
    dressed.tongue,
    dressed.theme,
  );
  const stages = h(
    "section",
    { class: "pair-of" },
    ...sides.map((side) => side.elements[0]),
    ...sides.map((side) => side.elements[1]),
    ...sides.map((side) => side.elements[2]),
  );
  const foot = h(
    "footer",
    { class: "compare-foot" },
    h("div", { class: "choices" }, ...choices),
    says,
    h(
      "div",
      { class: "transport" },
      back,
      play,
      on,
      clock,
      slider,
      h("div", { class: "seg", role: "group" }, ...rates),
    ),
    h("form", { class: "command", onsubmit: both }, input, doit),
  );
  document
    .getElementById("app")
    ?.replaceChildren(
      h("div", { class: "compare-page" }, header, h("main", { class: "compare-main" }, stages, foot)),
      spoken,
    );
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (target instanceof HTMLElement && target.closest("input,select,button,[role=menu]")) return;
    if (event.key === " ") set(!playing);
    else if (event.key === "ArrowRight") seek(nextTime(labs));
    else if (event.key === "ArrowLeft") seek(Math.max(...labs.map((lab) => lab.sim.previous)));
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(end());
    else return;
    event.preventDefault();
  });
  new ResizeObserver(request).observe(stages);
  Object.assign(window, { synodPair: labs });
  request();
}

/** When the next event of either run is due. @param {Lab[]} labs */
function nextTime(labs) {
  const now = Math.max(...labs.map((lab) => lab.sim.now));
  const due = labs.map((lab) => {
    const copy = lab.sim.fork();
    let record = copy.step();
    while (record && copy.now <= now) record = copy.step();
    const time = copy.now;
    copy.free();
    return record ? time : Infinity;
  });
  return Math.min(...due, now + 1000);
}

/**
 * True if at least one of them understood it.
 * @param {Lab[]} labs
 * @param {string} text
 * @param {(why: string) => void} told
 */
function doOnBoth(labs, text, told) {
  if (!text) return false;
  const refused = labs.flatMap((lab) => {
    try {
      lab.sim.inject(text);
      return [];
    } catch (error) {
      return [
        say("not-known", {
          name: read(lab.protocol.name),
          why: error instanceof Error ? error.message : String(error),
        }),
      ];
    }
  });
  if (refused.length) told(refused.join("\n"));
  return refused.length < labs.length;
}

/**
 * One run: its name, its stage, and what it cost.
 * @param {Simulation} sim
 * @param {(why: string) => void} told
 * @param {() => void} request
 * @returns {Side}
 */
function buildSide(sim, told, request) {
  const lab = create(sim);
  lab.told = told;
  listen(lab, request);
  const view = makeView(lab);
  const name = h("b");
  const size = h("small");
  const open = h("a", { class: "btn quiet", "data-word": "open-in-lab" });
  const title = h("h2", {}, name, " ", size, " ", open);
  const cost = h("div", { class: "side-cost" });
  const update = () => {
    const { traffic, swarm } = lab.frame;
    const news = traffic.sent - traffic.quiet;
    setText(name, read(lab.protocol.name));
    const chosen = Object.entries(lab.sim.config.options).filter(
      ([id, value]) =>
        JSON.stringify(value) !== JSON.stringify(lab.protocol.options.find((one) => one.id === id)?.default),
    );
    setText(
      size,
      [
        say("servers", { n: count(lab.frame.nodes.length || (swarm?.count ?? 0)) }),
        ...chosen.map(([id, value]) => `${id} ${value}`),
      ].join(", "),
    );
    open.href = `lab.html${fragment(lab)}`;
    const each = swarm
      ? lab.protocol.totals.filter((one) => one.compared).map((one) => [count(swarm[one.id]), read(one.name)])
      : [
          [traffic.answered ? count(Math.round((news / traffic.answered) * 10) / 10) : "–", say("cost-command")],
          [count(traffic.answered), say("cost-answered")],
        ];
    const rows = [...each, [count(news), say("cost-sent")], [count(traffic.quiet), say("cost-quiet")]];
    cost.replaceChildren(
      ...rows.map(([n, word], at) => h("span", {}, h("b", { class: at === 0 ? "most" : "" }, n), ` ${word}`)),
    );
  };
  return { lab, elements: [title, view.element, cost], draw: view.draw, update };
}
