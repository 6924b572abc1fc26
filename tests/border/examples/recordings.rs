//! Prints random runs with faults as recordings with their native fingerprints, for the test that plays them again in
//! other engines. A line is: protocol, time in microseconds, faults, fingerprint, recording.

use synod_protocols::ALL;
use synod_tests::RandomRun;

/// How many runs there are, and inputs are tried in each.
const RUNS: u64 = 20;
const TRIES: u32 = 80;

fn main() {
    for run in 0..RUNS {
        let entry = &ALL[run as usize % ALL.len()];
        let (mut random, mut faults) = (RandomRun::new(entry, run, &[]), 0);
        for _ in 0..TRIES {
            faults += u32::from(random.go_on().is_some_and(|input| !input.starts_with("request")));
        }
        let simulation = &random.simulation;
        println!(
            "{} {} {faults} {:016x} {}",
            entry.id,
            simulation.now(),
            simulation.fingerprint(),
            simulation.recording()
        );
    }
}
