//! Tests that every protocol of the registry gets for nothing.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use synod_engine::input::VERBS;
use synod_engine::simulation::Entry;
use synod_engine::value::Value;
use synod_tests::story::{self, Line};
use synod_tests::{HALF_WAY, RandomRun, protocols};

const INPUTS: u64 = 60;

/// Random runs of each unbroken protocol.
fn runs() -> u64 {
    synod_tests::runs(1_200)
}

/// Runs that are made more than once, of each protocol.
const AGAIN: u64 = 24;

fn ids(catalog: &Value, key: &str) -> Vec<String> {
    let list = catalog.get(key).and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(|item| item.get("id")?.as_text().map(str::to_string)).collect()
}

/// Runs until an invariant breaks, and gives those that did.
fn broken_by(run: &mut RandomRun) -> Vec<String> {
    for _ in 0..INPUTS {
        run.go_on();
        let broken = run.broken();
        if !broken.is_empty() {
            return broken;
        }
    }
    Vec::new()
}

/// Whether a verb can be valid and within the fault model in some run of a protocol.
fn is_within(entry: &Entry, verb: &str) -> bool {
    let catalog = entry.catalog(&[]);
    let mut run = RandomRun::new(entry, 0, &[]);
    let node = run.simulation.node_names().remove(0);
    match verb {
        "join" | "leave" => catalog.get("membership").and_then(Value::as_bool) == Some(true),
        "wipe" => run.inject(&format!("crash {node}")).and_then(|()| run.inject(&format!("wipe {node}"))).is_ok(),
        _ => true,
    }
}

/// How often inputs of each verb were accepted, and lines of each story told, in some runs of a protocol.
#[derive(Default)]
struct Rates {
    accepted: BTreeMap<&'static str, u64>,
    told: BTreeMap<(&'static str, usize), u64>,
}

impl Rates {
    fn of(run: &RandomRun) -> Self {
        Self { accepted: run.accepted.clone(), told: run.told.clone() }
    }

    fn and(mut self, other: Self) -> Self {
        other.accepted.into_iter().for_each(|(verb, count)| *self.accepted.entry(verb).or_default() += count);
        other.told.into_iter().for_each(|(line, count)| *self.told.entry(line).or_default() += count);
        self
    }
}

#[test]
fn the_unbroken_protocol_never_breaks_an_invariant() {
    for entry in protocols() {
        let one = |seed| {
            let mut run = RandomRun::new(entry, seed, &[]);
            let broken = broken_by(&mut run);
            assert!(broken.is_empty(), "{} breaks {broken:?} in run {seed}", entry.id);
            Rates::of(&run)
        };
        let Rates { accepted, told } = (0..runs()).into_par_iter().map(one).reduce(Rates::default, Rates::and);
        let rates: Vec<String> =
            accepted.iter().map(|(verb, count)| format!("{verb} {}", *count as f64 / runs() as f64)).collect();
        println!("{}: accepted a run: {}", entry.id, rates.join(", "));
        let missing: Vec<&&str> = VERBS
            .iter()
            .chain([&HALF_WAY])
            .filter(|verb| !accepted.contains_key(**verb) && is_within(entry, verb))
            .collect();
        assert!(missing.is_empty(), "{}: never accepted: {missing:?}", entry.id);
        every_line_is_told(entry, &told);
    }
}

/// A story of which a line is never valid is not the story that it seems to be.
fn every_line_is_told(entry: &Entry, told: &BTreeMap<(&str, usize), u64>) {
    let mut rates = Vec::new();
    for story in entry.stories() {
        let inputs = story::lines(story).enumerate().filter(|(_, line)| matches!(line, Line::Input(_)));
        let count = |(number, line)| (told.get(&(*story, number)).copied().unwrap_or(0), line);
        let lines: Vec<(u64, Line)> = inputs.map(count).collect();
        let never: Vec<&Line> = lines.iter().filter(|(count, _)| *count == 0).map(|(_, line)| line).collect();
        assert!(never.is_empty(), "{}: never told of {story}: {never:?}", entry.id);
        rates.push((lines.last().map_or(0, |(count, _)| *count) as f64 / runs() as f64).to_string());
    }
    println!("{}: stories told a run: {}", entry.id, rates.join(", "));
}

#[test]
fn every_mutant_falls_to_the_invariant_it_names() {
    for entry in protocols() {
        let catalog = entry.catalog(&[]);
        let mutants = catalog.get("mutants").and_then(Value::as_list).unwrap_or_default();
        let caught_in = |mutant: &Value| {
            let text = |key: &str| mutant.get(key).and_then(Value::as_text).unwrap_or_default();
            let (id, breaks) = (text("id"), text("breaks"));
            assert!(ids(&catalog, "invariants").iter().any(|known| known == breaks), "{id} breaks no invariant");
            let mut also: BTreeMap<String, u32> = BTreeMap::new();
            let caught = (0..1_000).find(|seed| {
                let mut run = RandomRun::new(entry, *seed, &[id]);
                for _ in 0..INPUTS {
                    run.go_on();
                }
                let broken = run.broken();
                broken.iter().for_each(|id| *also.entry(id.clone()).or_default() += 1);
                broken.iter().any(|id| id == breaks)
            });
            println!("{id}: {breaks} in run {caught:?}; on the way {also:?}");
            (id.to_string(), caught)
        };
        let table: Vec<_> = mutants.par_iter().map(caught_in).collect();
        let missed: Vec<_> = table.iter().filter(|(_, caught)| caught.is_none()).collect();
        assert!(missed.is_empty(), "{}: not caught within 1,000 runs: {missed:?}", entry.id);
    }
}

/// What the catalog tells of and no run ever shows: rules that fire, roles that somebody takes, kinds of messages
/// that are sent.
#[test]
fn every_rule_role_and_message_is_seen() {
    for entry in protocols() {
        let catalog = entry.catalog(&[]);
        let mut rules: BTreeSet<String> = ids(&catalog, "rules").into_iter().collect();
        // By their numbers: what a node may do tells several roles of one id apart.
        let mut roles: BTreeMap<usize, String> = ids(&catalog, "roles").into_iter().enumerate().collect();
        let mut messages: BTreeMap<usize, String> = ids(&catalog, "messages").into_iter().enumerate().collect();
        for seed in 0..400 {
            let mut run = RandomRun::new(entry, seed, &[]);
            (0..INPUTS).for_each(|_| drop(run.go_on()));
            run.simulation.each_record(0, u64::MAX, &mut |record| {
                if let Some(rule) = record.get("rule").and_then(Value::as_text) {
                    rules.remove(rule);
                }
            });
            let window = run.simulation.window(0);
            window.changes.iter().for_each(|change| drop(roles.remove(&usize::from(change.standing.role))));
            window.past.iter().for_each(|message| drop(messages.remove(&usize::from(message.kind))));
            if rules.is_empty() && roles.is_empty() && messages.is_empty() {
                break;
            }
        }
        assert!(rules.is_empty(), "{}: rules that never fire: {rules:?}", entry.id);
        assert!(roles.is_empty(), "{}: roles that nobody ever takes: {roles:?}", entry.id);
        assert!(messages.is_empty(), "{}: messages that are never sent: {messages:?}", entry.id);
    }
}

fn trace(run: &RandomRun) -> Vec<Value> {
    let mut records = Vec::new();
    run.simulation.each_record(0, u64::MAX, &mut |record| records.push(record));
    records
}

#[test]
fn twice_is_the_same() {
    for entry in protocols() {
        for seed in 0..AGAIN {
            let (mut once, mut again) = (RandomRun::new(entry, seed, &[]), RandomRun::new(entry, seed, &[]));
            for _ in 0..INPUTS {
                assert_eq!(once.go_on(), again.go_on());
                assert_eq!(once.simulation.fingerprint(), again.simulation.fingerprint());
            }
            assert_eq!(trace(&once), trace(&again));
        }
    }
}

#[test]
fn a_seek_equals_a_replay_and_a_recording_makes_the_run_again() {
    for entry in protocols() {
        for seed in 0..AGAIN {
            let mut run = RandomRun::new(entry, seed, &[]);
            let mut moments = Vec::new();
            for _ in 0..INPUTS {
                run.go_on();
                let simulation = &run.simulation;
                moments.push((simulation.now(), simulation.fingerprint(), simulation.inputs().len()));
            }
            // Several inputs may share an instant, of which the next step may make the last: only
            // the fingerprint after all of them is exact.
            let inputs = run.simulation.inputs();
            let at = |input: &Value| input.get("time").and_then(Value::as_number).unwrap_or(0) as u64 / 1_000;
            let all = |time: u64| inputs.iter().filter(|input| at(input) <= time).count();
            let exact: BTreeMap<u64, u64> = moments
                .iter()
                .filter(|(time, _, made)| all(*time) == *made)
                .map(|(time, fingerprint, _)| (*time, *fingerprint))
                .collect();
            assert!(exact.len() * 2 > moments.len(), "{} run {seed}: {} of {}", entry.id, exact.len(), moments.len());
            let whole = trace(&run);
            let text = run.simulation.recording();
            let mut replay = entry.replay(&text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(replay.now(), 0);
            for (time, fingerprint) in &exact {
                replay.run_to(*time);
                assert_eq!(replay.fingerprint(), *fingerprint, "{} run {seed} replayed to {time}", entry.id);
            }
            let mut again = Vec::new();
            replay.each_record(0, u64::MAX, &mut |record| again.push(record));
            assert_eq!(again, whole, "the replay leaves the same trace");
            for (time, fingerprint) in exact.iter().rev().step_by(3).chain(exact.iter().step_by(4)) {
                run.simulation.seek(*time);
                assert_eq!(run.simulation.fingerprint(), *fingerprint, "{} run {seed} sought to {time}", entry.id);
            }
            assert_eq!(run.simulation.recording(), text, "looking around changes nothing");
            assert_eq!(run.simulation.branches().len(), 1);
        }
    }
}
