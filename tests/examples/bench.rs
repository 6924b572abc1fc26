//! Measures the engine natively; prints one JSON object a line. `rate` measures the events of a second alone, and
//! `inject` what a request costs, `sizes` an event of ever more nodes, for whoever compares two builds in turns.

use std::sync::OnceLock;
use std::time::Instant;

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_tests::{PUBLISHED_STALENESS, Script, odds};

/// Virtual time between two requests, and how much virtual time is measured.
const REQUEST_EVERY_MS: u64 = 20;
const MEASURED_MS: u64 = 200_000;

fn main() {
    let only = std::env::args().nth(1);
    match only.as_deref() {
        Some("rate") => return rate("trace and invariants on", true, true),
        Some("inject") => return injected(),
        Some("gossip") => return crowd(),
        Some("seeks") => return seeks(),
        Some("sizes") => return sizes_of_clusters(),
        Some("staleness") => return staleness(),
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
    crowd();
    staleness();
}

/// How often a read right after a write sees it, beside what the PBS paper and its fits say: of three replicas.
fn staleness() {
    for (profile, published) in PUBLISHED_STALENESS {
        for ((r, w), published) in [(1, 1), (1, 2), (2, 1), (2, 2)].into_iter().zip(published) {
            let sizes = format!("nodes.replicas=3 nodes.fallbacks=0 options.r={r} options.w={w}");
            let run = Script::new("nwr", &format!("{sizes} seed=1 network.latency={profile}")).simulation;
            let began = seconds();
            let (_, trials, points) = odds(&run, "staleness", 20).swap_remove(0);
            let (seen, took) = (points[0].1 as f64 / trials as f64, seconds() - began);
            let name = format!("PBS {profile}, R {r}, W {w}, reads that see a write at once");
            line(&format!("{name}, {trials} trials"), (seen * 1_000.0).round() / 10.0, "%");
            line(&format!("{name}, as published"), published as f64 / 10.0, "%");
            line(&format!("{name}, {trials} trials took"), (took * 1_000.0).round(), "ms");
        }
    }
}

/// A million nodes that spread a rumour by push, round by round.
fn crowd() {
    let mut simulation = Script::new("gossip", "nodes=1000000 seed=7f3a options.exchange=push").simulation;
    let input = simulation.parse(&Value::string("request A set x 1")).expect("an input");
    simulation.inject(input).expect("a request is always valid");
    let (mut heaviest, mut events, began) = (0.0f64, 0, seconds());
    for _ in 0..30 {
        let round = seconds();
        events += simulation.run_to(simulation.now() + 100_000);
        heaviest = heaviest.max(seconds() - round);
    }
    line("1000000 nodes by push, native: the heaviest round", heaviest, "s");
    line("1000000 nodes by push, native", (events as f64 / (seconds() - began)).round(), "events/s");
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
        let began = seconds();
        let events = load(&mut simulation, 20_000);
        line(&format!("an event of {nodes}-node raft, native"), (seconds() - began) * 1e6 / events as f64, "us");
    }
}

/// Seconds of this thread on a processor, where the system tells them, to some milliseconds: others may be at work on
/// the machine. Else
/// seconds since the start.
fn seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |time| time / 1e9)
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
    let began = seconds();
    let events = load(&mut simulation, MEASURED_MS);
    events as f64 / (seconds() - began)
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
        let began = seconds();
        let events = load(&mut simulation, 20_000);
        let name = format!("5-node raft, native, after {thousands}000 more entries");
        line(&name, (events as f64 / (seconds() - began)).round(), "events/s");
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn line(name: &str, value: f64, unit: &str) {
    println!("{{\"name\":\"{name}\",\"value\":{value},\"unit\":\"{unit}\"}}");
}
