//! Tests that every protocol of the registry gets for nothing.

use std::collections::{BTreeMap, BTreeSet};

use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::RandomRun;

const INPUTS: u64 = 90;

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

#[test]
fn the_unbroken_protocol_never_breaks_an_invariant() {
    for entry in ALL {
        for seed in 0..10_000 {
            let broken = broken_by(&mut RandomRun::new(entry, seed, &[]));
            assert!(broken.is_empty(), "{} breaks {broken:?} in run {seed}", entry.id);
        }
    }
}

#[test]
fn every_mutant_falls_to_the_invariant_it_names() {
    for entry in ALL {
        let catalog = entry.catalog(&[]);
        let mut table = Vec::new();
        for mutant in catalog.get("mutants").and_then(Value::as_list).unwrap_or_default() {
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
            table.push((id.to_string(), caught));
        }
        let missed: Vec<_> = table.iter().filter(|(_, caught)| caught.is_none()).collect();
        assert!(missed.is_empty(), "{}: not caught within 1,000 runs: {missed:?}", entry.id);
    }
}

#[test]
fn every_rule_is_seen() {
    for entry in ALL {
        let mut unseen: BTreeSet<String> = ids(&entry.catalog(&[]), "rules").into_iter().collect();
        for seed in 0..400 {
            let mut run = RandomRun::new(entry, seed, &[]);
            (0..INPUTS).for_each(|_| drop(run.go_on()));
            run.simulation.each_record(0, u64::MAX, &mut |record| {
                if let Some(rule) = record.get("rule").and_then(Value::as_text) {
                    unseen.remove(rule);
                }
            });
            if unseen.is_empty() {
                break;
            }
        }
        assert!(unseen.is_empty(), "{}: never seen: {unseen:?}", entry.id);
    }
}

fn trace(run: &RandomRun) -> Vec<Value> {
    let mut records = Vec::new();
    run.simulation.each_record(0, u64::MAX, &mut |record| records.push(record));
    records
}

#[test]
fn twice_is_the_same() {
    for entry in ALL {
        for seed in 0..60 {
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
    for entry in ALL {
        for seed in 0..60 {
            let mut run = RandomRun::new(entry, seed, &[]);
            let mut moments = Vec::new();
            for _ in 0..INPUTS {
                run.go_on();
                moments.push((run.simulation.now(), run.simulation.fingerprint()));
            }
            // Several inputs may share an instant: only the last fingerprint of each is exact.
            let exact: BTreeMap<u64, u64> = moments.iter().copied().collect();
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
