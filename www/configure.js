// The dialog that starts another run: size, seed, options and broken rules, all from the catalog.

import { h } from "./dom.js";
import { openDialog } from "./dialog.js";
import { open, replace, why } from "./state.js";
import { read, say } from "./words.js";

/**
 * @import { Lab } from "./state.js"
 * @import { Config, FullConfig, Network, Nodes, OptionSpec, OptionValue, Protocol } from "./pkg/synod.js"
 */

/** @param {Lab} lab @param {HTMLElement} [from] */
export function configure(lab, from) {
  const { protocol } = lab;
  const config = lab.sim.config;
  const size = sizeOf(protocol, config.nodes);
  const hint = { maxlength: 16, placeholder: say("seed-hint") };
  const seed = h("input", { type: "text", id: "cfg-seed", value: config.seed, ...hint });
  const options = protocol.options.map((spec) => ({ spec, ...control(spec, config.options[spec.id]) }));
  const broken = (/** @type {Protocol["mutants"][number]} */ { id, title, says }) =>
    h("option", { value: id, selected: config.mutants.includes(id), title: read(says) }, read(title));
  const mutant = h(
    "select",
    { id: "cfg-mutant" },
    h("option", { value: "" }, say("no-mutant")),
    ...protocol.mutants.map(broken),
  );
  const where = placesOf(protocol, config.network);
  const refused = h("div", { class: "refused", role: "alert" });
  const chosen = () => ({
    protocol: protocol.id,
    nodes: size.get(),
    ...(seed.value.trim() ? { seed: seed.value.trim() } : {}),
    network: where.get(lab.frame.network),
    options: Object.fromEntries(options.map((option) => [option.spec.id, option.get()])),
    mutants: mutant.value ? [mutant.value] : [],
  });
  const start = (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const sim = open(chosen());
      dialog.close();
      replace(lab, sim);
    } catch (error) {
      refused.textContent = why(lab.words, error);
    }
  };
  const rows = [
    ...size.rows.flatMap((row) => line(row.id, row.label, row.says, row.input)),
    ...line("cfg-seed", say("seed-label"), say("seed-hint"), seed),
    ...line("cfg-places", say("places-label"), where.says, where.element),
    ...options.flatMap(({ spec, element }) => line(`cfg-${spec.id}`, read(spec.label), read(spec.says), element)),
    ...line("cfg-mutant", say("mutant"), "", mutant),
  ];
  const apply = h("div", { class: "row" }, h("button", { class: "btn primary", type: "submit" }, say("apply")));
  const meets = h("output", { class: "meets" });
  const check = () => {
    meets.textContent = meeting(lab, chosen);
  };
  check();
  const form = h(
    "form",
    { onsubmit: start, oninput: check },
    meets,
    h("div", { class: "setup" }, ...rows),
    refused,
    apply,
  );
  const source = h("small", {}, say("source", { source: protocol.source }));
  const dialog = openDialog({ title: read(protocol.name), from }, form, source);
}

/**
 * Whether sets of nodes that must meet do, by what is chosen; nothing while that is no run.
 * @param {Lab} lab @param {() => Config} chosen
 */
function meeting(lab, chosen) {
  try {
    const sim = open(chosen());
    const { meets } = sim.frame().quorum ?? {};
    sim.free();
    return meets ? lab.words.read(meets) : "";
  } catch {
    return "";
  }
}

/** @param {string} id @param {string} label @param {string | HTMLElement} says @param {HTMLElement} input */
const line = (id, label, says, input) => [h("label", { for: id }, label, h("small", {}, says)), input];

/**
 * How many nodes: one number, or one for each role, or all roles on each.
 * @param {Protocol} protocol
 * @param {Nodes} now
 * @returns {{ rows: { id: string, label: string, says: string, input: HTMLInputElement }[], get: () => Nodes }}
 */
function sizeOf(protocol, now) {
  const { groups, min, max } = protocol.nodes;
  const count = (
    /** @type {string} */ id,
    /** @type {number} */ least,
    /** @type {number} */ most,
    /** @type {number | string} */ value,
  ) => h("input", { type: "number", id, min: least, max: most, value });
  const alike = count("cfg-nodes", min, max, typeof now === "number" ? now : "");
  const each = groups.map((group) => ({
    group,
    input: count(`cfg-${group.id}`, group.min, group.max, typeof now === "number" ? group.default : now[group.id]),
  }));
  const rows = each.map(({ group, input }) => ({
    id: `cfg-${group.id}`,
    label: read(group.name),
    says: `${group.min} – ${group.max}`,
    input,
  }));
  if (max > 0)
    rows.push({
      id: "cfg-nodes",
      label: say(groups.length ? "nodes-alike" : "nodes"),
      says: groups.length ? say("nodes-alike-hint") : `${min} – ${max}`,
      input: alike,
    });
  return {
    rows,
    get: () =>
      groups.length && alike.value === ""
        ? Object.fromEntries(each.map(({ group, input }) => [group.id, Number(input.value)]))
        : Number(alike.value),
  };
}

/**
 * Where nodes stand: nowhere in particular, as a preset has it, or as they do now. A preset has its own latency inside
 * a place, which goes when it goes.
 * @param {Protocol} protocol
 * @param {FullConfig["network"]} now
 * @returns {{ element: HTMLElement, says: HTMLElement, get: (network: Network) => NonNullable<Config["network"]> }}
 */
function placesOf(protocol, { places, rtt }) {
  const ids = (/** @type {{ id: string }[]} */ list) => list.map((one) => one.id).join(" ");
  const preset = protocol.places.find(
    (one) => places && ids(one.places) === ids(places) && JSON.stringify(one.rtt) === JSON.stringify(rtt),
  );
  const own = places && !preset;
  const option = (/** @type {string} */ value, /** @type {string} */ name, /** @type {boolean} */ selected) =>
    h("option", { value, selected }, name);
  const says = h("span");
  const show = () => {
    const chosen = protocol.places.find((one) => one.id === element.value);
    says.replaceChildren(
      chosen ? `${read(chosen.says)} ${say("source", { source: chosen.source })}` : say("places-hint"),
    );
  };
  const element = h(
    "select",
    { id: "cfg-places", onchange: show },
    option("", say("places-none"), !places),
    ...(own ? [option("own", say("places-own"), true)] : []),
    ...protocol.places.map((one) => option(one.id, read(one.name), one === preset)),
  );
  show();
  const get = (/** @type {Network} */ network) => {
    if (element.value === "own") return { ...network, places, rtt };
    if (element.value === (preset?.id ?? "")) return preset ? { ...network, places: preset.id } : network;
    const { loss, duplicate, reorder, latency } = network;
    const rest = { loss, duplicate, reorder };
    return element.value ? { ...rest, places: element.value } : preset ? rest : { ...rest, latency };
  };
  return { element, says, get };
}

/** @param {OptionSpec} spec @param {OptionValue} value @returns {{ element: HTMLElement, get: () => OptionValue }} */
function control(spec, value) {
  const id = `cfg-${spec.id}`;
  if (spec.type === "flag") {
    const box = h("input", { type: "checkbox", id, checked: value === true });
    return { element: box, get: () => box.checked };
  }
  if (spec.type === "choice") {
    const select = h(
      "select",
      { id },
      ...(spec.choices ?? []).map((choice) =>
        h("option", { value: choice.id, selected: choice.id === value }, read(choice.says)),
      ),
    );
    return { element: select, get: () => select.value };
  }
  const number = (/** @type {OptionValue} */ value, /** @type {string} */ label, /** @type {string} */ own) =>
    h("input", {
      type: "number",
      id: own,
      min: spec.min,
      max: spec.max,
      step: spec.type === "count" ? 1 : "any",
      value: Number(value),
      "aria-label": label,
    });
  if (spec.type === "range" && Array.isArray(value)) {
    const [low, high] = [
      number(value[0], `${read(spec.label)}, ${say("from")}`, id),
      number(value[1], `${read(spec.label)}, ${say("to")}`, `${id}-to`),
    ];
    return { element: h("span", { class: "pair" }, low, high), get: () => [Number(low.value), Number(high.value)] };
  }
  const input = number(value, read(spec.label), id);
  return { element: input, get: () => Number(input.value) };
}

const KEYS = [
  ["Space", "keys-space"],
  ["← →", "keys-arrows"],
  [", .", "keys-events"],
  ["Home End", "keys-home"],
  ["Z", "keys-undo"],
  ["+ −", "keys-zoom"],
  ["1 – 9", "keys-digits"],
  ["Enter", "keys-enter"],
  ["C R X D L U P K S", "keys-tools"],
  ["/", "keys-slash"],
  ["Esc", "keys-escape"],
  ["?", "keys-help"],
];

/** Keys, and what this is. @param {Lab} lab @param {HTMLElement} [from] */
export function help(lab, from) {
  const keys = KEYS.flatMap(([key, word]) => [h("dt", {}, key), h("dd", {}, say(word))]);
  const source = h("small", {}, say("source", { source: lab.protocol.source }));
  openDialog({ title: say("help"), from }, h("dl", { class: "keys" }, ...keys), h("p", {}, say("about")), source);
}
