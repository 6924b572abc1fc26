//! What is promised, and what takes a promise away: no sentence of the page about either is empty.

use std::collections::BTreeSet;

use rayon::prelude::*;
use synod_engine::promise::Assumption;
use synod_engine::protocol::Breaks;
use synod_engine::script;
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::RandomRun;

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}

fn play(entry: &Entry, stored: &Breaks) -> Simulation {
    let config = script::config(entry.id, stored.config);
    let mut run = entry.open(&config, &mut || 0).unwrap_or_else(|error| panic!("{}: {error}", stored.config));
    for (time, line) in script::lines(stored.script) {
        run.run_to(time);
        let done = run.parse(&Value::word(line)).and_then(|input| run.inject(input));
        done.unwrap_or_else(|error| panic!("{} of {}: {line}: {error}", stored.invariant, entry.id));
    }
    run.run_to(run.now() + 500_000);
    run
}

/// Every sentence of the page that says what a promise rests on, or that something is not promised: over
/// each choice of each option.
fn sentences(entry: &Entry) -> BTreeSet<(String, Option<String>)> {
    let mut sentences = BTreeSet::new();
    let catalog = entry.catalog(&[]);
    let mut configs = vec![Value::map([("protocol", Value::word(entry.id))])];
    for option in list(&catalog, "options") {
        let each = |value: Value| {
            let options = Value::Map(vec![(text(option, "id").to_string().into(), value)]);
            Value::map([("protocol", Value::word(entry.id)), ("options", options)])
        };
        configs.extend(
            list(option, "choices").iter().map(|choice| each(choice.get("id").cloned().unwrap_or(Value::Null))),
        );
        let bound = |key: &str| option.get(key).and_then(Value::as_whole).unwrap_or(0);
        if text(option, "type") == "count" {
            let (least, most) = (bound("min"), bound("max"));
            configs.extend((least..=most.min(least + 9)).map(|count| each(Value::count(count))));
        }
        if text(option, "type") == "flag" {
            configs.extend([true, false].map(|flag| each(Value::Bool(flag))));
        }
    }
    for config in configs {
        // Some choices need another one beside them.
        let Ok(run) = entry.open(&config, &mut || 0) else {
            continue;
        };
        for promise in list(&run.frame(0), "promises") {
            let id = text(promise, "id").to_string();
            if promise.get("promised").and_then(Value::as_bool) == Some(false) {
                sentences.insert((id.clone(), None));
            }
            let assumes = list(promise, "assumes").iter().filter_map(Value::as_text);
            sentences.extend(assumes.map(|assumption| (id.clone(), Some(assumption.to_string()))));
        }
    }
    sentences
}

#[test]
fn each_stored_run_breaks_what_it_says_for_the_reason_that_it_says() {
    for entry in ALL {
        for stored in entry.breaks() {
            let run = play(entry, stored);
            let frame = run.frame(0);
            let named = list(&frame, "promises").iter().find(|promise| text(promise, "id") == stored.invariant);
            let promise = named.unwrap_or_else(|| panic!("{} has no {}", entry.id, stored.invariant));
            let what = format!("{}: {} without {:?}", entry.id, stored.invariant, stored.without);
            assert_ne!(promise.get("broken"), Some(&Value::Null), "{what} does not break");
            let beyond: Vec<&str> = list(promise, "beyond").iter().filter_map(Value::as_text).collect();
            assert_eq!(beyond, stored.without.map(Assumption::id).into_iter().collect::<Vec<_>>(), "{what}");
            assert_eq!(promise.get("promised"), Some(&Value::Bool(stored.without.is_some())), "{what}");
            let violated = run.violations().iter().any(|violation| text(violation, "invariant") == stored.invariant);
            assert_eq!(violated, stored.without.is_some(), "{what}: what is not promised is no violation");
        }
    }
}

#[test]
fn no_sentence_about_a_promise_is_empty() {
    for entry in ALL {
        let stored = entry.breaks().iter();
        let told: BTreeSet<(String, Option<String>)> =
            stored.map(|run| (run.invariant.to_string(), run.without.map(|one| one.id().to_string()))).collect();
        let sentences = sentences(entry);
        assert_eq!(told, sentences, "{}: on the left what stored runs show, on the right what the page says", entry.id);
    }
}

/// The other way round: what rests on nothing holds, whatever is done to clocks, disks and the network.
#[test]
fn a_promise_breaks_only_beyond_what_it_assumes() {
    for entry in ALL {
        let config = Value::map([("protocol", Value::word(entry.id))]);
        let broken_in = |seed| {
            let mut run = RandomRun::beyond(entry, &config, seed);
            (0..60).for_each(|_| drop(run.go_on()));
            let violations = run.simulation.violations();
            for violation in &violations {
                let (id, beyond) = (text(violation, "invariant"), list(violation, "beyond"));
                assert!(!beyond.is_empty(), "{}: run {seed} breaks {id}, and nothing that it assumes", entry.id);
            }
            violations.len()
        };
        let beyond_all: usize = (0..synod_tests::runs(300)).into_par_iter().map(broken_in).sum();
        println!("{}: promises broken beyond what they assume: {beyond_all}", entry.id);
    }
}

/// Time passes a deadline in one go, event by event, a little at a time, or in a replay: the property breaks at the
/// same moment, and its record is in the same place of the trace.
#[test]
fn a_deadline_is_passed_however_time_goes() {
    let raft = ALL.iter().find(|entry| entry.id == "raft").expect("raft");
    let stored = raft.breaks().iter().find(|stored| stored.invariant == "leases-end-in-time").expect("a run");
    let config = script::config(raft.id, stored.config);
    let begin = || {
        let mut run = raft.open(&config, &mut || 0).unwrap_or_else(|error| panic!("{error}"));
        for (time, line) in script::lines(stored.script).filter(|(time, _)| *time <= 60_000) {
            run.run_to(time);
            let input = run.parse(&Value::word(line)).unwrap_or_else(|error| panic!("{error}"));
            run.inject(input).unwrap_or_else(|error| panic!("{error}"));
        }
        run
    };
    let trace = |run: &Simulation| {
        let mut records = Vec::new();
        run.each_record(0, u64::MAX, &mut |record| records.push(record));
        records
    };
    const END: u64 = 300_000;
    let mut once = begin();
    once.run_to(END);
    let violation = once.violations().first().cloned().expect("a violation");
    let whole = trace(&once);
    assert!(whole.iter().any(|record| text(record, "what") == "violation"));
    let mut little = begin();
    for time in (60_000..=END).step_by(700) {
        little.run_to(time);
    }
    little.run_to(END);
    let mut stepped = begin();
    while stepped.violations().is_empty() {
        stepped.step();
    }
    stepped.run_to(END);
    let mut replayed = raft.replay(&once.recording()).unwrap_or_else(|error| panic!("{error}"));
    replayed.run_to(END);
    let mut sought = once.clone();
    sought.seek(100_000);
    sought.seek(END);
    for other in [&little, &stepped, &replayed, &sought] {
        assert_eq!((trace(other), other.violations().first()), (whole.clone(), Some(&violation)));
        assert_eq!(other.fingerprint(), once.fingerprint());
    }
    // A branch that begins between the deadline and the next event has what came before it, and no more.
    let at = violation.get("time").and_then(Value::as_number).unwrap_or(0) as u64 / 1_000 + 10;
    let mut branch = once.clone();
    branch.seek(at);
    let before = trace(&branch);
    let input = branch.parse(&Value::word("crash C")).unwrap_or_else(|error| panic!("{error}"));
    branch.inject(input).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trace(&branch)[..before.len()], before[..]);
    let stopped = begin()
        .run_until(END, &Value::map([("violation", Value::Bool(true))]))
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(stopped.as_ref().and_then(|record| record.get("time")), violation.get("time"));
}
