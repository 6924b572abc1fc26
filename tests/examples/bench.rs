//! Measures the engine natively; prints one JSON object a line. `rate` measures the events of a second alone, and
//! `inject` what a request costs, `sizes` an event of ever more nodes, for whoever compares two builds in turns.

use std::time::Instant;

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_tests::Script;

/// Virtual time between two requests, and how much virtual time is measured.
const REQUEST_EVERY_MS: u64 = 20;
const MEASURED_MS: u64 = 200_000;

fn main() {
    let only = std::env::args().nth(1);
    match only.as_deref() {
        Some("rate") => return rate("trace and invariants on", true, true),
        Some("inject") => return injected(),
        Some("seeks") => return seeks(),
        Some("sizes") => return sizes_of_clusters(),
        _ => {}
    }
    for (name, trace, invariants) in [
        ("trace and invariants on", true, true),
        ("trace off", false, true),
        ("invariants off", true, false),
        ("trace and invariants off", false, false),
    ] {
        rate(name, trace, invariants);
    }
    injected();
    sizes_of_clusters();
    seeks();
    grown_logs();
}

fn rate(name: &str, trace: bool, invariants: bool) {
    let rates: Vec<f64> = (0..5).map(|_| events_a_second(trace, invariants)).collect();
    line(&format!("5-node raft, native, {name}"), median(rates).round(), "events/s");
}

/// What a request costs from its text on, without the events that follow.
fn injected() {
    let mut simulation = loaded(true, true);
    let times = (0..5_000).map(|_| {
        let began = Instant::now();
        let input = simulation.parse(&Value::string("request add x 1")).expect("an input");
        simulation.inject(input).expect("a request is always valid");
        let took = began.elapsed().as_secs_f64() * 1e6;
        let until = simulation.now() + REQUEST_EVERY_MS * 1_000;
        simulation.run_to(until);
        took
    });
    line("a request, native, median", median(times.collect()), "us");
}

/// The cost of an event does not grow with the cluster.
fn sizes_of_clusters() {
    for nodes in [5, 25, 99] {
        let mut simulation = Script::new("raft", &format!("nodes={nodes} seed=7f3a")).simulation;
        simulation.run_to(1_000_000);
        let began = Instant::now();
        let events = load(&mut simulation, 20_000);
        line(
            &format!("an event of {nodes}-node raft, native"),
            began.elapsed().as_secs_f64() * 1e6 / events as f64,
            "us",
        );
    }
}

fn loaded(trace: bool, invariants: bool) -> Simulation {
    let mut simulation = Script::new("raft", "nodes=5 seed=7f3a").simulation;
    simulation.set_watch(trace, invariants);
    simulation.run_to(1_000_000);
    simulation
}

/// Steady load: a request every 20 ms of virtual time.
fn load(simulation: &mut Simulation, ms: u64) -> u64 {
    let mut events = 0;
    let input = simulation.parse(&Value::string("request add x 1")).expect("an input");
    for _ in 0..ms / REQUEST_EVERY_MS {
        simulation.inject(input.clone()).expect("a request is always valid");
        let until = simulation.now() + REQUEST_EVERY_MS * 1_000;
        events += simulation.run_to(until);
    }
    events
}

fn events_a_second(trace: bool, invariants: bool) -> f64 {
    let mut simulation = loaded(trace, invariants);
    let began = Instant::now();
    let events = load(&mut simulation, MEASURED_MS);
    events as f64 / began.elapsed().as_secs_f64()
}

/// Seeks to 200 times of a long run that follow no order, each from where the last one led.
fn seeks() {
    for millions in [1, 3] {
        let mut simulation = loaded(true, true);
        while simulation.next_seq() < millions * 1_600_000 {
            load(&mut simulation, 100_000);
        }
        let (end, seqs) = (simulation.end(), simulation.next_seq());
        let mut times: Vec<f64> = (1..=200u64)
            .map(|n| {
                let time = end / 1_000 * (n * 7_919 % 1_000);
                let began = Instant::now();
                simulation.seek(time);
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        line(&format!("seek in a run of {seqs} records, native, median"), times[100], "ms");
        line(&format!("seek in a run of {seqs} records, native, 99th percentile"), times[198], "ms");
        line("bytes held by that run", simulation.bytes() as f64, "bytes");
    }
}

/// The cost of an event does not grow with the log.
fn grown_logs() {
    let mut simulation = loaded(true, true);
    load(&mut simulation, 20_000);
    for thousands in [1, 10, 50] {
        load(&mut simulation, thousands * 1_000 * REQUEST_EVERY_MS);
        let began = Instant::now();
        let events = load(&mut simulation, 20_000);
        let name = format!("5-node raft, native, after {thousands}000 more entries");
        line(&name, (events as f64 / began.elapsed().as_secs_f64()).round(), "events/s");
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn line(name: &str, value: f64, unit: &str) {
    println!("{{\"name\":\"{name}\",\"value\":{value},\"unit\":\"{unit}\"}}");
}
