//! The search for short runs: it finds every broken rule, breaks nothing that is whole, and what it finds is an ordinary
//! recording that anybody can play again.

use rayon::prelude::*;
use synod_engine::script;
use synod_engine::simulation::Entry;
use synod_engine::value::Value;
use synod_explore::{Explorer, Request};
use synod_protocols::ALL;
use synod_tests::script::entry;

/// Work in which every broken rule is found from this test's seed, but for those that are named.
const WORK: i64 = 2_500_000;
/// Rules whose runs take longer to be found than a test has time for: about clocks, or about what only some
/// configurations do. `cargo xtask find` finds them.
const LONG: [(&str, &str); 4] =
    [("lease", "old-ballot"), ("nwr", "compare-keys"), ("nwr", "write-back-later"), ("raft", "vote-during-lease")];

/// The protocols whose every broken rule is looked for in each run of the tests.
const FIRST: [&str; 3] = ["raft", "locked-acceptor", "gossip"];

fn object(words: &'static str, protocol: &str, mutant: Option<&str>) -> Value {
    let Value::Map(mut config) = script::config(protocol, words) else { panic!("a configuration") };
    config.extend(mutant.map(|id| ("mutants".into(), Value::list([Value::string(id)]))));
    Value::Map(config)
}

fn request(config: Value, goal: Value, limits: Value) -> Value {
    Value::map([("config", config), ("goal", goal), ("limits", limits)])
}

fn work(most: i64) -> Value {
    Value::map([("work", Value::count(most))])
}

fn any() -> Value {
    Value::map([("violation", Value::Bool(true))])
}

fn when(condition: &'static str) -> Value {
    Value::map([("when", Value::list([Value::word(condition)]))])
}

/// The result of a search: at its end, or as soon as it has found anything.
fn search(entry: &'static Entry, request: &Value, to_its_end: bool) -> Value {
    let mut search = Explorer::new(Request::read(entry, request).expect("a request")).expect("a search");
    loop {
        let progress = search.work(20_000);
        if progress.done || (!to_its_end && progress.best.is_some()) {
            return search.result();
        }
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}

fn number(value: &Value, key: &str) -> i64 {
    value.get(key).and_then(Value::as_whole).unwrap_or(-1)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn mutants(entry: &Entry) -> Vec<String> {
    list(&entry.catalog(&[]), "mutants").iter().map(|mutant| text(mutant, "id").to_string()).collect()
}

/// Plays a find as anybody would, from its recording alone.
fn breaks_again(entry: &Entry, found: &Value) -> Vec<String> {
    let mut run = entry.replay(text(found, "recording")).expect("a recording");
    let last = list(found, "steps").last().map_or(0, |step| number(step, "at"));
    run.run_to(last as u64 + 1_000);
    run.violations().iter().map(|violation| text(violation, "invariant").to_string()).collect()
}

#[test]
fn every_broken_rule_is_found_and_breaks_the_same_when_it_is_played_again() {
    let every = ALL.iter().flat_map(|entry| mutants(entry).into_iter().map(move |mutant| (entry, mutant)));
    // All of them with `--all`; else the first protocols', which are the dearest to search.
    let all = std::env::var_os("SYNOD_RUNS").is_some();
    let here = |entry: &Entry, id: &str| (all || FIRST.contains(&entry.id)) && !LONG.contains(&(entry.id, id));
    let jobs: Vec<(&Entry, String)> = every.filter(|(entry, id)| here(entry, id)).collect();
    assert!(jobs.len() >= 20, "{}", jobs.len());
    let wrong: Vec<String> = jobs.par_iter().filter_map(|(entry, mutant)| wrong_with(entry, mutant)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn wrong_with(entry: &'static Entry, mutant: &str) -> Option<String> {
    let found = search(entry, &request(object("", entry.id, Some(mutant)), any(), work(WORK)), false);
    let name = format!("{} without {mutant}", entry.id);
    if found.get("found") != Some(&Value::Bool(true)) {
        return Some(format!("{name}: nothing in {} events", number(&found, "explored")));
    }
    let broken = breaks_again(entry, &found);
    if !broken.iter().any(|id| id == text(&found, "invariant")) {
        return Some(format!("{name}: {} breaks {broken:?} when played", text(&found, "invariant")));
    }
    let steps = list(&found, "steps");
    if steps.last().is_none_or(|step| list(step, "broken").is_empty()) {
        return Some(format!("{name}: the last of {} steps breaks nothing", steps.len()));
    }
    None
}

#[test]
fn what_is_whole_is_not_broken_by_the_same_effort() {
    ALL.par_iter().for_each(|entry| {
        let result = search(entry, &request(object("", entry.id, None), any(), work(200_000)), true);
        assert_eq!(result.get("found"), Some(&Value::Bool(false)), "{}: {}", entry.id, text(&result, "recording"));
        assert!(number(&result, "explored") >= 200_000, "{}: {}", entry.id, number(&result, "explored"));
    });
}

/// What is known to be the shortest, from a search of every shorter run.
#[test]
fn the_shortest_runs_are_as_short_as_is_known() {
    let known: [(&str, &'static str, Option<&str>, Value, usize); 6] = [
        ("raft", "", None, when("count leader >= 2"), 6),
        ("raft", "nodes=3", Some("vote-twice"), any(), 6),
        ("raft", "nodes=3", Some("count-stale-votes"), any(), 7),
        ("raft", "nodes=3 options.noop=false", Some("forget-log"), any(), 8),
        ("paxos", "", Some("forget-promise"), any(), 4),
        ("multi-paxos", "", Some("skip-phase-one"), any(), 3),
    ];
    known.into_par_iter().for_each(|(protocol, words, mutant, goal, steps)| {
        let entry = entry(protocol);
        let found = search(entry, &request(object(words, protocol, mutant), goal, Value::Null), true);
        let name = mutant.unwrap_or("two leaders at once");
        assert_eq!(list(&found, "steps").len(), steps, "{protocol} {name}");
        assert!(number(&found, "lower") <= steps as i64, "{protocol} {name}: {}", number(&found, "lower"));
    });
}

#[test]
fn two_proposers_duel_for_five_rounds() {
    let entry = entry("paxos");
    let goal = when("fired prepare >= 5");
    let found = search(entry, &request(object("", "paxos", None), goal, Value::Null), false);
    assert_eq!(found.get("found"), Some(&Value::Bool(true)));
    assert!(text(&found, "recording").len() <= 600);
}

/// Where every run is tried there is no run that is missed: how many states there are is a fact of the rules. The models
/// of the papers' authors have other steps than our machines: theirs learn of a majority in one, ours by each message.
#[test]
fn every_run_within_its_limits_is_tried() {
    let known: [(&str, &'static str, [i64; 4]); 3] = [
        // A leader's heartbeats have no end, so that steps are bounded too.
        ("raft", "nodes=3 options.noop=false", [1, 0, 0, 8]),
        ("two-phase-commit", "nodes.participants=2", [9, 1, 0, 60]),
        ("paxos", "nodes.proposers=1 nodes.acceptors=3 nodes.learners=1", [1, 1, 0, 60]),
    ];
    let counts: Vec<i64> = known
        .into_par_iter()
        .map(|(protocol, words, [epochs, requests, faults, steps])| {
            let limits = Value::map([
                ("epochs", Value::count(epochs)),
                ("requests", Value::count(requests)),
                ("faults", Value::count(faults)),
                ("steps", Value::count(steps)),
                ("work", Value::count(1_000_000)),
            ]);
            let allow = Value::map([("timeout", Value::Bool(protocol == "raft")), ("copy", Value::Bool(false))]);
            let request = Value::map([
                ("config", object(words, protocol, None)),
                ("goal", any()),
                ("limits", limits),
                ("allow", allow),
            ]);
            let result = search(entry(protocol), &request, true);
            assert_eq!(result.get("exhausted"), Some(&Value::Bool(true)), "{protocol}");
            list(&result, "how").iter().find(|way| text(way, "by") == "breadth").map_or(0, |way| number(way, "runs"))
        })
        .collect();
    assert_eq!(counts, [3_877, 55, 2_743]);
}

/// The same twice, and the same as in WebAssembly: a page test asks for this one too.
#[test]
fn the_same_request_has_the_same_result() {
    let ask = |slice: u64| {
        let request = request(object("nodes=3", "raft", Some("forget-vote")), any(), Value::Null);
        let mut search = Explorer::new(Request::read(entry("raft"), &request).expect("a request")).expect("a search");
        while !search.work(slice).done {}
        search.result()
    };
    let found = ask(20_000);
    assert_eq!(found, ask(20_000));
    assert_eq!(found, ask(1_777), "however the work is sliced");
    let same = include_str!("found.json");
    let recording = text(&found, "recording");
    assert!(same.contains(&format!("\"recording\": \"{recording}\"")), "{recording}");
}

#[test]
fn a_find_tells_where_the_rule_would_have_said_no() {
    let found =
        search(entry("raft"), &request(object("nodes=3", "raft", Some("vote-twice")), any(), Value::Null), true);
    let steps = list(&found, "steps");
    let mattered: Vec<usize> =
        (0..steps.len()).filter(|at| steps[*at].get("ruleMattered") == Some(&Value::Bool(true))).collect();
    assert_eq!(mattered.len(), 1, "{mattered:?}");
    let step = &steps[mattered[0]];
    assert_eq!((text(step, "move"), text(step, "kind")), ("deliver", "request-vote"));
    assert!(steps.iter().all(|step| text(step.get("text").expect("words"), "en").ends_with('.')));
}

/// A disk that is emptied at every start makes no difference before there is something on it.
#[test]
fn a_rule_does_not_matter_before_it_makes_a_difference() {
    let config = object("nodes=3 options.noop=false", "raft", Some("forget-log"));
    let found = search(entry("raft"), &request(config, any(), Value::Null), true);
    let steps = list(&found, "steps");
    let mattered = steps.iter().find(|step| step.get("ruleMattered") == Some(&Value::Bool(true)));
    assert_eq!(mattered.map(|step| text(step, "move")), Some("restart"));
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    let read = |request: Value| match Request::read(entry("raft"), &request) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.message,
    };
    let config = || object("", "raft", None);
    let limits = |key: &'static str, value: Value| request(config(), any(), Value::map([(key, value)]));
    let cases = [
        (request(config(), Value::Null, Value::Null), "a goal is { violation: true }"),
        (request(config(), Value::map([("violation", Value::word("safety"))]), Value::Null), "election-safety"),
        (request(config(), when("leader"), Value::Null), "compares nothing"),
        (limits("depth", Value::count(3)), "limits has no \"depth\""),
        (limits("steps", Value::word("many")), "steps is a whole number"),
        (request(object("nodes=0", "raft", None), any(), Value::Null), "1"),
    ];
    for (request, says) in cases {
        let said = read(request);
        assert!(said.contains(says), "{said} does not say {says}");
    }
}
