//! Which states nodes have been in at the same time, over a whole run: the concurrency sets of Skeen (1981). It is seen
//! by playing the run again, event by event.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Setup;
use crate::input::{Input, Who};
use crate::names::NodeId;
use crate::rng::{Chance, Stream};
use crate::simulation::Simulation;
use crate::text::Text;
use crate::trace::Status;
use crate::units::Micros;
use crate::value::Value;
use crate::world::World;

/// After so many events the rest is left out.
const MOST: u32 = 20_000;

/// What was seen so far.
#[derive(Default)]
struct Seen {
    /// In the order in which they were first seen.
    states: Vec<(&'static str, Text, Option<bool>)>,
    pairs: BTreeSet<(&'static str, &'static str)>,
    /// The epoch in which a node was down: until it has settled that, it knows less than those who were not.
    was_down: BTreeMap<NodeId, u32>,
    events: u32,
}

impl Seen {
    /// Looks at all nodes that are up, and in one epoch.
    fn look(&mut self, world: &World) {
        let mut now: BTreeMap<u32, Vec<&'static str>> = BTreeMap::new();
        for (slot, node) in world.slots.iter().zip((0..).map(NodeId)) {
            let epoch = slot.standing.epoch;
            if slot.status == Status::Crashed || slot.status == Status::Gone {
                self.was_down.insert(node, epoch);
                continue;
            }
            let Some(state) = world.machines.view(node, false, 0, world.now).state else { continue };
            if self.was_down.get(&node) == Some(&epoch) && state.settled.is_none() {
                continue;
            }
            self.was_down.remove(&node);
            if !self.states.iter().any(|(id, ..)| *id == state.id) {
                self.states.push((state.id, state.word, state.settled));
            }
            now.entry(epoch).or_default().push(state.id);
        }
        for (_, states) in now.iter().filter(|(epoch, _)| **epoch > 0) {
            for (at, one) in states.iter().enumerate() {
                for other in &states[at + 1..] {
                    self.pairs.insert((*one.min(other), *one.max(other)));
                }
            }
        }
    }

    fn value(&self) -> Value {
        let state = |(id, word, settled): &(&'static str, Text, Option<bool>)| {
            let settled = Value::or_null(*settled, Value::Bool);
            Value::map([("id", Value::word(id)), ("word", Value::text(*word)), ("settled", settled)])
        };
        let pair = |(one, other): &(&'static str, &'static str)| Value::list([Value::word(one), Value::word(other)]);
        Value::map([
            ("states", Value::list(self.states.iter().map(state))),
            ("pairs", Value::list(self.pairs.iter().map(pair))),
        ])
    }
}

impl Simulation {
    /// Which states nodes that are up were in together, in one epoch, up to now: `states`, and `pairs` of their ids.
    /// Whoever was down in an epoch counts again when it has settled it.
    pub fn together(&self) -> Value {
        let _names = self.names();
        let (mut copy, mut seen) = (self.clone(), Seen::default());
        copy.seek(0);
        play(&mut copy, self.now(), &mut seen);
        seen.value()
    }

    /// The same in a run of another seed, in which the same is done as far as it can be; and in every other one some
    /// node crashes once, and comes back or does not.
    pub fn together_of(&self, seed: u64) -> Value {
        let _names = self.names();
        let end = self.now();
        let mut other = Simulation::of(Setup { seed, ..self.0.setup().clone() }, Vec::new());
        let mut inputs: Vec<(Micros, Input)> =
            self.0.inputs().iter().map(|placed| (placed.time, placed.input.clone())).collect();
        let mut chance = Chance::new(seed, Stream::Outside(2));
        if seed % 2 == 1 {
            let node = Who::Node(NodeId(chance.between(0, u64::from(self.nodes()) - 1) as u32));
            let from = chance.between(0, end);
            inputs.push((from, Input::Crash(node.clone())));
            if chance.one_in(2) {
                inputs.push((from + chance.between(0, end), Input::Restart(node)));
            }
        }
        let mut seen = Seen::default();
        for (time, input) in crate::order::by_key(inputs, |(time, _)| *time) {
            if time > end {
                break;
            }
            play(&mut other, time, &mut seen);
            // What has no place in this run is left out.
            let _ = other.inject(input);
        }
        play(&mut other, end, &mut seen);
        seen.value()
    }
}

/// Goes on to a time, and looks after every event.
fn play(run: &mut Simulation, until: Micros, seen: &mut Seen) {
    seen.look(run.0.world());
    while seen.events < MOST && run.0.step_up_to(until) {
        seen.events += 1;
        seen.look(run.0.world());
    }
    run.run_to(until);
}
