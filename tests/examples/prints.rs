//! Prints of random runs, for whoever makes the engine faster: a line for each protocol, of everything that can be
//! read out of 300 runs, half of them with a rule broken. Two builds print the same, or one of them is wrong.

use std::hash::{DefaultHasher, Hash, Hasher};

use synod_engine::simulation::Entry;
use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::RandomRun;

const RUNS: u64 = 300;
const INPUTS: usize = 40;

fn main() {
    let only = std::env::args().nth(1);
    for entry in ALL.iter().filter(|entry| only.as_deref().is_none_or(|id| entry.id == id)) {
        let mut print = DefaultHasher::new();
        let records: u64 = (0..RUNS).map(|seed| read(entry, seed, &mut print)).sum();
        println!("{} {:016x} of {records} records", entry.id, print.finish());
    }
}

fn read(entry: &Entry, seed: u64, print: &mut DefaultHasher) -> u64 {
    let catalog = entry.catalog(&[]);
    let mutants = catalog.get("mutants").and_then(Value::as_list).unwrap_or_default();
    let mutant = mutants.get(seed as usize / 2 % mutants.len().max(1)).and_then(|one| one.get("id")?.as_text());
    let broken: Vec<&str> = mutant.filter(|_| seed % 2 == 1).into_iter().collect();
    let mut run = RandomRun::new(entry, seed, &broken);
    (0..INPUTS).for_each(|_| drop(run.go_on()));
    let mut simulation = run.simulation;
    let mut records = 0;
    let end = simulation.now();
    // At the end, at a time before, and there again by way of what is kept.
    for time in [end, end / 3, end / 2, end] {
        simulation.seek(time);
        (simulation.fingerprint(), simulation.next_seq(), simulation.recording()).hash(print);
        for value in [simulation.frame(60), simulation.history(), Value::List(simulation.violations().to_vec())] {
            format!("{value:?}").hash(print);
        }
    }
    simulation.each_record(0, u64::MAX, &mut |record| {
        records += 1;
        format!("{record:?}").hash(print);
    });
    records
}
