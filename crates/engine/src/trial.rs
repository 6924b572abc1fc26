//! Runs in which chance asks and crashes machines that stay down, as in Skeen's model: nothing is lost, late or cut, unless
//! cuts are asked for.

use crate::names::NodeId;
use crate::rng::{Chance, Stream};
use crate::simulation::Simulation;
use crate::units::{MS, Micros};
use crate::value::Value;

/// How long a run lasts, and how long chance acts in it.
const LASTS: Micros = 1_500 * MS;
const ACTS: u64 = 240;

pub fn play(run: &mut Simulation, cuts: bool) {
    let mut chance = Chance::new(run.seed(), Stream::Outside(0));
    let names = run.node_names();
    let mut inputs: Vec<(u64, String)> = Vec::new();
    for _ in 0..chance.between(1, 3) {
        let operation = run.draw_operation(&mut chance);
        inputs.push((chance.between(0, ACTS / 2), format!("request {} {operation}", names[0])));
    }
    for _ in 0..chance.between(0, 2) {
        let node = chance.pick(&names).clone();
        let crash = match chance.between(0, 2) {
            0 => format!("crash {node}"),
            _ => format!("crash {node} after {} sends", chance.between(0, names.len() as u64)),
        };
        inputs.push((chance.between(0, ACTS), crash));
    }
    if cuts {
        let (left, right): (Vec<NodeId>, Vec<NodeId>) =
            (0..names.len() as u32).map(NodeId).partition(|_| chance.one_in(2));
        let side = |side: &[NodeId]| side.iter().map(|node| names[node.at()].as_str()).collect::<Vec<_>>().join(" ");
        if !left.is_empty() && !right.is_empty() {
            inputs.push((chance.between(0, ACTS), format!("partition {} | {}", side(&left), side(&right))));
        }
    }
    inputs.sort();
    for (at, line) in inputs {
        run.run_to(at * MS);
        // What cannot be done then is left out, as in any random run.
        let _ = run.parse(&Value::string(line)).and_then(|input| run.inject(input));
    }
    run.run_to(LASTS);
}
