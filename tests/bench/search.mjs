// How long a search takes, in the whole module under Node: for every broken rule until the search has ended, and how fast
// it walks and makes states. Prints one JSON object a line.

import { readFileSync } from "node:fs";
import init, { catalog, Finder } from "../../dist/pkg/synod.js";

/** Seeds that nobody tuned with. */
const SEEDS = [90_001, 90_002, 90_003];
/** The first protocols have three seeds, the others one: the whole takes minutes. */
const FIRST = ["raft", "paxos", "locked-acceptor", "multi-paxos", "gossip"];

const line = (name, value, unit) => console.log(JSON.stringify({ name, value, unit }));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function search(config, limits, seed) {
  const finder = new Finder({ config, goal: { violation: true }, limits, seed });
  const began = performance.now();
  while (!finder.work(20_000).done);
  const ms = performance.now() - began;
  const result = finder.result();
  finder.free();
  return { ms, result };
}

await init({ module_or_path: readFileSync(new URL("../../dist/pkg/synod_bg.wasm", import.meta.url)) });

for (const { id, mutants } of catalog()) {
  for (const mutant of mutants) {
    const seeds = FIRST.includes(id) ? SEEDS : SEEDS.slice(0, 1);
    const config = { protocol: id, mutants: [mutant.id] };
    const found = seeds.map((seed) => search(config, { work: 12_000_000 }, seed));
    line(`find ${id} ${mutant.id}`, Math.round(median(found.map((one) => one.ms))), "ms");
    const steps = found.map(({ result }) => (result.found ? result.steps.length : 0));
    line(`find ${id} ${mutant.id}, the shortest`, Math.min(...steps), "steps");
  }
}

/** Of an unbroken protocol, by what the search says it did. */
function rate(name, by, limits) {
  const { ms, result } = search({ protocol: "raft", nodes: 3 }, limits, 1);
  const way = result.how.find((one) => one.by === by);
  line(name, Math.round((way.events * 1_000) / ms), by === "breadth" ? "states/s" : "steps/s");
}

rate("breadth first, 3-node raft, wasm", "breadth", { work: 90_000 });
