// A run as a script: the form of tests in Rust, and of lessons' steps.

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
  const range = (
