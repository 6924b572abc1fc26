// Measures the module in Node; prints one JSON object a line.
import { readFile } from "node:fs/promises";
import init, { Simulation } from "../../dist/pkg/synod.js";

const line = (name, value, unit) => console.log(JSON.stringify({ name, value, unit }));
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const wasm = await init({ module_or_path: await readFile(new URL("../../dist/pkg/synod_bg.wasm", import.meta.url)) });

function load(sim, ms) {
  let events = 0;
  for (let at = 0; at < ms; at += 20) {
    sim.inject("request add x 1");
    events += sim.advance(20);
  }
  return events;
}

for (const [name, trace, invariants] of [
  ["trace and invariants on", true, true],
  ["trace and invariants off", false, false],
]) {
  const rates = Array.from({ length: 5 }, () => {
    const sim = new Simulation({ protocol: "raft", nodes: 5, seed: "7f3a" });
    sim.setWatch(trace, invariants);
    sim.advance(1000);
    const began = performance.now();
    const events = load(sim, 100_000);
    const rate = (events / (performance.now() - began)) * 1000;
    sim.free();
    return rate;
  });
  line(`5-node raft, wasm, ${name}`, Math.round(median(rates)), "events/s");
}

const sim = new Simulation({ protocol: "raft", nodes: 5, seed: "7f3a" });
load(sim, 2000);
const frames = Array.from({ length: 200 }, () => {
  const began = performance.now();
  sim.frame(60);
  return performance.now() - began;
});
line("a frame of 5 nodes with 100 entries, wasm", median(frames), "ms");
load(sim, 200_000);
const injected = Array.from({ length: 2000 }, () => {
  const began = performance.now();
  sim.inject("request add x 1");
  const took = performance.now() - began;
  sim.advance(20);
  return took * 1000;
});
line("a request, wasm, median", median(injected), "us");
sim.free();

// The cost of an event does not grow with the cluster.
for (const nodes of [5, 25, 99]) {
  const sim = new Simulation({ protocol: "raft", nodes, seed: "7f3a" });
  sim.advance(1000);
  const began = performance.now();
  const events = load(sim, 20_000);
  line(`an event of ${nodes}-node raft, wasm`, ((performance.now() - began) * 1000) / events, "us");
  sim.free();
}

// Seeks in no order, each from where the last one led; and what a long run holds.
for (const millions of [1, 3]) {
  const sim = new Simulation({ protocol: "raft", nodes: 5, seed: "7f3a" });
  for (let events = 0; events < millions * 1_000_000; ) events += load(sim, 10_000);
  const { end } = sim;
  const seeks = Array.from({ length: 200 }, (_, i) => {
    const began = performance.now();
    sim.seek((end / 1000) * (((i + 1) * 7919) % 1000));
    return performance.now() - began;
  }).sort((a, b) => a - b);
  line(`seek in ${millions},000,000 events, wasm, median`, seeks[100], "ms");
  line(`seek in ${millions},000,000 events, wasm, 99th percentile`, seeks[198], "ms");
  line(`memory of the module after ${millions},000,000 events`, wasm.memory.buffer.byteLength, "bytes");
  const began = performance.now();
  sim.recording();
  const first = performance.now() - began;
  sim.inject("request add x 1");
  const again = performance.now();
  const { length } = sim.recording();
  line(`a recording of ${length} letters, the first`, first, "ms");
  line(`a recording of ${length} letters, after one more input`, performance.now() - again, "ms");
  sim.free();
}

// A million nodes, as they spread a rumour by push.
for (const exchange of ["push", "pull"]) {
  const nodes = 1_000_000;
  const crowd = new Simulation({ protocol: "gossip", nodes, seed: "7f3a", options: { exchange } });
  crowd.inject("request A set x 1");
  let events = 0;
  const began = performance.now();
  let rounds = 0;
  while (crowd.frame(0).swarm.susceptible > nodes * 0.05 && rounds++ < 60) events += crowd.advance(100);
  const wall = performance.now() - began;
  const { infective, removed, round } = crowd.frame(0).swarm;
  line(`${nodes} nodes by ${exchange}: know after ${round} rounds`, infective + removed, "nodes");
  line(`${nodes} nodes by ${exchange}: a round, mean`, wall / rounds, "ms");
  line(`${nodes} nodes by ${exchange}: events`, Math.round((events / wall) * 1000), "events/s");
  line(`${nodes} nodes by ${exchange}: memory of the module`, wasm.memory.buffer.byteLength, "bytes");
  line(`${nodes} nodes by ${exchange}: memory a node`, wasm.memory.buffer.byteLength / nodes, "bytes");
  crowd.free();
}
