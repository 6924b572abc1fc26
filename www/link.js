// What the address asks for: a run, its moment and its speed.

import { Simulation, catalog } from "./pkg/synod.js";
import { listed } from "./shell.js";
import { say } from "./words.js";

/** What the address asks for. */
export function asked() {
  const words = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
  return {
    run: words.get("run"),
    t: Number(words.get("t") ?? 0),
    protocol: words.get("protocol"),
    start: words.get("start"),
    nodes: words.get("nodes"),
    seed: words.get("seed"),
    lang: words.get("lang"),
    theme: words.get("theme"),
    speed: words.get("speed"),
    mutant: words.get("mutant"),
    play: words.get("play"),
    /** Everything that is not ours may be an option of the protocol. */
    rest: [...words].filter(
      ([key]) =>
        ![
          "run",
          "t",
          "protocol",
          "start",
          "nodes",
          "seed",
          "lang",
          "theme",
          "speed",
          "mutant",
          "play",
          "controls",
          "autoplay",
        ].includes(key),
    ),
  };
}

/** @param {string | null} speed */
export function rateOf(speed) {
  const [, n] = speed?.match(/^1\/(\d{1,6})$/) ?? [];
  return n && Number(n) > 0 ? 1 / Number(n) : 1 / 40;
}

/**
 * The run that the address asks for; a broken link is told, and a new run begins.
 * @param {string} first the protocol when none is named
 * @param {(why: string) => void} tell
 */
export function openAsked(first, tell) {
  const wish = asked();
  try {
    const known = listed().map((one) => one.id);
    if (wish.protocol && !known.includes(wish.protocol))
      throw new Error(say("no-protocol", { id: wish.protocol, ids: known.join(", ") }));
    if (wish.run) {
      const sim = Simulation.replay(wish.run);
      sim.seek(Number.isFinite(wish.t) ? wish.t : 0);
      return sim;
    }
    const protocol = catalog().find((one) => one.id === (wish.protocol ?? first));
    if (wish.start) {
      const start = protocol?.starts.find((one) => one.id === wish.start);
      if (!start)
        throw new Error(
          say("no-start", { id: wish.start, ids: protocol?.starts.map((one) => one.id).join(", ") || "–" }),
        );
      return begin(start);
    }
    const groups = new Set(protocol?.nodes.groups.map((group) => group.id));
    const counts = wish.rest.filter(([key]) => groups.has(key)).map(([key, value]) => [key, Number(value)]);
    const sim = new Simulation({
      protocol: wish.protocol ?? first,
      ...(wish.nodes ? { nodes: Number(wish.nodes) } : counts.length ? { nodes: Object.fromEntries(counts) } : {}),
      ...(wish.seed ? { seed: wish.seed } : {}),
      ...(wish.mutant ? { mutants: [wish.mutant] } : {}),
      options: Object.fromEntries(
        wish.rest.filter(([key]) => !groups.has(key)).map(([key, value]) => [key, optionValue(value)]),
      ),
    });
    if (wish.t > 0) sim.seek(wish.t);
    return sim;
  } catch (error) {
    tell(say("bad-link", { why: error instanceof Error ? error.message : String(error) }));
    return new Simulation({ protocol: first });
  }
}

/**
 * A ready run, standing at its beginning with its inputs ahead.
 * @param {import("./pkg/synod.js").Start} start
 * @param {typeof Simulation} [make] of another module than the page's
 */
export function begin(start, make = Simulation) {
  const sim = new make(start.config);
  for (const input of start.inputs) {
    sim.advance(Math.max(0, input.time - sim.now));
    sim.inject(input.text);
  }
  sim.seek(0);
  return sim;
}

/** `true`, `50`, `150..300` or a word. @param {string} text @returns {import("./pkg/synod.js").OptionValue} */
function optionValue(text) {
  if (text === "true" || text === "false") return text === "true";
  const range = text.match(/^([\d.]+)\.\.([\d.]+)$/);
  if (range) return [Number(range[1]), Number(range[2])];
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
