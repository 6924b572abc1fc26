// What an address asks for: a run, its moment and its speed.

import { Simulation, catalog } from "./pkg/synod.js";
import { listed } from "./shell.js";
import { why } from "./state.js";
import { language, say, wordsIn } from "./words.js";

/**
 * @import { Config, Protocol, Start } from "./pkg/synod.js"
 * @typedef {{ sim: Simulation, t: number }} Opened a run at its beginning, and the time that is asked for
 * @typedef {{ make: typeof Simulation, all: Protocol[], words: import("./words.js").Words }} Source the module that
 *   runs
 *   are made with
 */

/** What says how a run is shown, and not which. */
const SHOWN = ["lang", "theme", "speed", "play", "controls", "autoplay", "lesson", "step", "height", "width"];
/** What names a run; every other word may be an option of the protocol. */
const NAMED = ["run", "t", "protocol", "start", "nodes", "seed", "mutant"];

/** What a page of its own stands for, as the words of an address: a lesson or a challenge, and its language. */
const stoodFor = () => document.querySelector('meta[name="address"]')?.getAttribute("content") ?? "";

/** The words of this page's address. */
export function addressWords() {
  const asked = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
  const own = new URLSearchParams(stoodFor());
  // Behind the page's own address another lesson may be asked for.
  if ([...own].some(([key, value], first) => first === 0 && (asked.get(key) ?? value) !== value)) return asked;
  for (const [key, value] of own) if (!asked.has(key)) asked.set(key, value);
  return asked;
}

/** A fragment without what a page stands for anyway. @param {string} fragment @param {string} [known] */
export function unsaid(fragment, known = stoodFor()) {
  const [words, said] = [fragment.slice(1).split("&"), known.split("&")];
  if (!words.includes(said[0])) return fragment;
  const left = words.filter((word) => !said.includes(word));
  return left.length ? `#${left.join("&")}` : "";
}

/**
 * The link to a lesson or a challenge by the address of its own that it has (crates/site/src/addresses.rs), which a
 * chat can look at, and behind it what more a fragment says.
 * @param {"lesson" | "challenge"} kind @param {string} id
 * @param {{ fragment?: string, first?: string }} [more] `first` is the step that it begins with
 */
export function ownLink(kind, id, { fragment = "", first } = {}) {
  const path = `${language() === "zh" ? "zh/" : ""}${kind}s/${id}.html`;
  const known = `${kind}=${id}&step=${first ?? ""}&lang=${language()}`;
  return new URL(path, document.baseURI).href + unsaid(fragment, known);
}

/** @param {string | null} speed @param {number} [usual] where none is asked for */
export function rateOf(speed, usual = 1 / 40) {
  const [, n] = speed?.match(/^1\/(\d{1,6})$/) ?? [];
  return n && Number(n) > 0 ? 1 / Number(n) : usual;
}

/** @returns {Source} */
const here = () => ({ make: Simulation, all: catalog(), words: wordsIn(language()) });

/**
 * The run that words ask for. Throws where there is none, in the reader's language.
 * @param {URLSearchParams} words
 * @param {string} first the protocol when none is named
 * @param {Source} [from]
 * @returns {Opened}
 */
export function openWords(words, first, from = here()) {
  const t = Number(words.get("t") ?? 0);
  const time = Number.isFinite(t) && t > 0 ? t : 0;
  const run = words.get("run");
  if (run) return { sim: from.make.replay(run), t: time };
  const wanted = words.get("protocol");
  const protocol = from.all.find((one) => one.id === (wanted ?? first));
  if (!protocol) {
    const ids =
      listed()
        .map((one) => one.id)
        .join(", ") || from.all.map((one) => one.id).join(", ");
    throw new Error(from.words.say("no-protocol", { id: wanted ?? first, ids }));
  }
  const start = readyRun(words, protocol, from);
  if (start) return { sim: begin(start, from.make), t: time };
  return { sim: new from.make(configOf(words, protocol)), t: time };
}

/**
 * The ready run that is asked for; where nothing at all is, the first, so that there is something to be seen.
 * @param {URLSearchParams} words
 * @param {Protocol} protocol
 * @param {Source} from
 */
function readyRun(words, { starts }, { words: { say } }) {
  const id = words.get("start");
  if (!id) {
    const plain = [...words.keys()].every((key) => key === "protocol" || SHOWN.includes(key));
    // Whoever asks for nothing sees the protocol as it is; what far places make of it is there to be chosen.
    return plain ? starts.find((one) => !one.config.network?.places) : undefined;
  }
  const start = starts.find((one) => one.id === id);
  if (!start) throw new Error(say("no-start", { id, ids: starts.map((one) => one.id).join(", ") || "–" }));
  return start;
}

/** @param {URLSearchParams} words @param {Protocol} protocol @returns {Config} */
function configOf(words, protocol) {
  const rest = [...words].filter(([key]) => !SHOWN.includes(key) && !NAMED.includes(key));
  const groups = new Set(protocol.nodes.groups.map((group) => group.id));
  const counts = rest.filter(([key]) => groups.has(key)).map(([key, value]) => [key, Number(value)]);
  const options = rest.filter(([key]) => !groups.has(key)).map(([key, value]) => [key, optionValue(value)]);
  const [nodes, seed, mutant] = [words.get("nodes"), words.get("seed"), words.get("mutant")];
  return {
    protocol: protocol.id,
    ...(nodes ? { nodes: Number(nodes) } : counts.length ? { nodes: Object.fromEntries(counts) } : {}),
    ...(seed ? { seed } : {}),
    ...(mutant ? { mutants: mutant.split(",") } : {}),
    options: Object.fromEntries(options),
  };
}

/**
 * The run that the address asks for; a broken link is told, and a new run begins.
 * @param {string} first the protocol when none is named
 * @param {(why: string) => void} tell
 */
export function openAsked(first, tell) {
  try {
    return openWords(addressWords(), first);
  } catch (error) {
    tell(say("bad-link", { why: why(wordsIn(language()), error) }));
    return { sim: new Simulation({ protocol: first }), t: 0 };
  }
}

/**
 * A ready run, standing at its beginning with its inputs ahead.
 * @param {Start} start
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
