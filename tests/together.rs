//! Concurrency sets: which states nodes that are up were in together (Skeen 1981). A state that has a commit and an
//! abort in its set blocks: two-phase commit has one, and three-phase commit has none as long as silence means a crash.

use std::collections::BTreeSet;

use synod_engine::value::Value;
use synod_tests::{RandomRun, Script, script};

type Pairs = BTreeSet<(String, String)>;

fn pairs(seen: &Value) -> Pairs {
    let list = |value: &Value| value.as_list().unwrap_or_default().to_vec();
    let word = |value: &Value| value.as_text().unwrap_or_default().to_string();
    let both = |pair: &Value| (word(&list(pair)[0]), word(&list(pair)[1]));
    seen.get("pairs").map(list).unwrap_or_default().iter().map(both).collect()
}

fn has(pairs: &Pairs, one: &str, other: &str) -> bool {
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    pairs.contains(&(one.to_string(), other.to_string()))
}

/// States that are no decision, and were there while one had committed and while one had aborted.
fn blocking(pairs: &Pairs) -> Vec<&'static str> {
    let open = ["waiting", "working", "uncertain", "prepared", "pre-aborted"];
    open.into_iter().filter(|one| has(pairs, one, "committed") && has(pairs, one, "aborted")).collect()
}

#[test]
fn two_phase_commit_lights_the_two_cells_that_the_theorem_forbids() {
    let mut run = Script::new("two-phase-commit", "seed=3c41");
    run.play("request T tx x=5\n+400ms");
    let mut seen = pairs(&run.simulation.together());
    assert!(has(&seen, "uncertain", "committed") && has(&seen, "uncertain", "uncertain"));
    assert!(!has(&seen, "uncertain", "aborted"), "nobody aborted in this run");
    for seed in 0..200 {
        seen.extend(pairs(&run.simulation.together_of(seed)));
    }
    assert_eq!(blocking(&seen), ["uncertain"]);
}

/// Two runs of one seed are one run, and looking changes nothing.
#[test]
fn what_was_seen_together_is_a_function_of_the_run() {
    let mut run = Script::new("three-phase-commit", "seed=3c41");
    run.play("request T tx x=5\n+100ms\ncrash T\n+400ms");
    let before = run.fingerprint();
    assert_eq!(run.simulation.together(), run.simulation.together());
    assert_eq!(run.simulation.together_of(7), run.simulation.together_of(7));
    assert_eq!(run.fingerprint(), before);
}

const CRASHES_ALONE: &[&str] = &[
    "partition",
    "cut",
    "drop",
    "hold",
    "delay",
    "pause",
    "loss",
    "latency",
    "skew",
    "offset",
    "fire",
    "wipe",
    "move",
];

#[test]
fn three_phase_commit_never_does_while_silence_means_a_crash() {
    let entry = script::entry("three-phase-commit");
    let mut seen = Pairs::new();
    for seed in 0..300u64 {
        let words =
            format!("seed={seed:x} network.latency=4..12 disk=2 options.timeout=60 options.recovery=termination");
        let config = synod_engine::script::config(entry.id, words.leak());
        let mut run = RandomRun::beyond(entry, &config, seed).avoiding(CRASHES_ALONE);
        (0..30).for_each(|_| drop(run.go_on()));
        let last_back = run.simulation.frame(0).get("promises").and_then(Value::as_list).is_some_and(|all| {
            all.iter().all(|one| one.get("beyond").and_then(Value::as_list).is_none_or(<[Value]>::is_empty))
        });
        if last_back {
            seen.extend(pairs(&run.simulation.together()));
        }
    }
    assert!(has(&seen, "prepared", "committed") && has(&seen, "uncertain", "aborted"), "{seen:?}");
    assert!(!has(&seen, "uncertain", "committed"), "{seen:?}");
    assert_eq!(blocking(&seen), Vec::<&str>::new(), "{seen:?}");
}

#[test]
fn a_cut_lights_them_again() {
    let run = Script::start("three-phase-commit", "split-by-a-cut");
    let mut simulation = run.simulation.clone();
    simulation.run_to(400_000);
    let seen = pairs(&simulation.together());
    assert!(has(&seen, "committed", "aborted") && has(&seen, "prepared", "aborted"), "{seen:?}");
}
