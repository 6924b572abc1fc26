// A run as a script: the form of tests in Rust, and of the steps of lessons.

/** @import { FullConfig, Simulation } from "./pkg/synod.js" */

/**
 * Who stands where and how far apart, as a test's configuration has it: `network.places=west:A,B,C1;east:C`.
 * @param {NonNullable<FullConfig["network"]["places"]>} places @param {Record<string, number>} rtt
 */
function inPlaces(places, rtt) {
  const stand = places.map(({ id, nodes = [], clients = [] }) => `${id}:${[...nodes, ...clients].join(",")}`);
  const trips = Object.entries(rtt).map(([pair, ms]) => `${pair.replace(" ", "/")}:${ms}`);
  return [`network.places=${stand.join(";")}`, ...(trips.length ? [`network.rtt=${trips.join(";")}`] : [])];
}

/**
 * The run as a lesson's step or a test's script: its configuration and its inputs with their times.
 * @param {Simulation} sim
 */
export function asTest(sim) {
  const { protocol, nodes, seed, network, options, mutants } = sim.config;
  const { places, rtt, ...conditions } = network;
  const range = (/** @type {unknown} */ value) => (Array.isArray(value) ? value.join("..") : String(value));
  const words = [
    typeof nodes === "number"
      ? `nodes=${nodes}`
      : Object.entries(nodes)
          .map(([group, n]) => `nodes.${group}=${n}`)
          .join(" "),
    `seed=${seed}`,
    ...Object.entries(conditions).map(([key, value]) => `network.${key}=${range(value)}`),
    ...(places ? inPlaces(places, rtt ?? {}) : []),
    ...Object.entries(options).map(([key, value]) => `options.${key}=${range(value)}`),
    ...(mutants.length ? [`mutants=${mutants.join(",")}`] : []),
  ];
  let time = 0;
  const script = sim
    .done()
    .filter((input) => input.time <= sim.now)
    .flatMap((input) => {
      const wait = Math.round((input.time - time) * 1000) / 1000;
      time = input.time;
      return wait > 0 ? [`+${wait}ms`, input.text] : [input.text];
    });
  const rest = Math.round((sim.now - time) * 1000) / 1000;
  if (rest > 0) script.push(`+${rest}ms`);
  const lines = script.map((line) => `        ${line}`).join("\n");
  return `#[test]\nfn a_run() {\n    let mut s = Script::new(${JSON.stringify(protocol)}, ${JSON.stringify(words.join(" "))});\n    s.play(\n        "\n${lines}\n        ",\n    );\n    assert_eq!(s.fingerprint(), ${JSON.stringify(sim.fingerprint())});\n}\n`;
}
