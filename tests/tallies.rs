//! Tallies that were won: within one event the next stands in the place of what was won, so the
//! frame keeps it to be seen.

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::{RandomRun, Script, script};

fn nodes(sim: &Simulation) -> Vec<Value> {
    sim.frame(0).get("nodes").and_then(Value::as_list).unwrap_or_default().to_vec()
}

fn all(sim: &Simulation, key: &str) -> Vec<Value> {
    nodes(sim).iter().map(|node| node.get(key).cloned().unwrap_or(Value::Null)).collect()
}

fn held(tally: &Value) -> (i64, i64) {
    let have = tally.get("have").and_then(Value::as_list).unwrap_or_default().len() as i64;
    (have, tally.get("need").and_then(Value::as_whole).unwrap_or(-1))
}

fn starts(catalog: &Value) -> Vec<String> {
    let starts = catalog.get("starts").and_then(Value::as_list).unwrap_or_default();
    starts.iter().filter_map(|start| start.get("id")?.as_text().map(str::to_string)).collect()
}

/// In its ready runs, every protocol whose nodes have tallies wins some, and each that is won has
/// all that it needs; but in those in which a rule is broken on purpose.
#[test]
fn every_protocol_with_tallies_shows_those_that_it_won() {
    for entry in ALL {
        let (mut tallies, mut won) = (0, 0);
        for start in starts(&entry.catalog(&[])) {
            let mut run = Script::start(entry.id, &start).simulation;
            let end = run.now() + 2_000_000;
            run.seek(0);
            while run.now() < end && run.nodes() <= 99 && run.step().is_some() {
                tallies += all(&run, "tally").iter().filter(|tally| **tally != Value::Null).count();
                let unbroken = run.setup().get("mutants").and_then(Value::as_list).is_none_or(<[Value]>::is_empty);
                for tally in all(&run, "won").iter().filter(|won| **won != Value::Null) {
                    let (have, need) = held(tally);
                    assert!(have >= need && need > 0 || !unbroken, "{} {start}: {have} of {need}", entry.id);
                    won += 1;
                }
            }
        }
        assert_eq!(tallies > 0, won > 0, "{}: {tallies} tallies, {won} won", entry.id);
    }
}

/// Every tally in a value, whatever it is of: who has answered, how many are needed, and of how many.
fn tallies(value: &Value, see: &mut dyn FnMut(&Value)) {
    match value {
        Value::List(list) => list.iter().for_each(|one| tallies(one, see)),
        Value::Map(entries) => {
            if value.get("have").is_some() && value.get("of").is_some() {
                see(value);
            }
            entries.iter().for_each(|(_, one)| tallies(one, see));
        }
        _ => {}
    }
}

fn count(tally: &Value, key: &str) -> i64 {
    let of = tally.get(key);
    of.and_then(Value::as_list).map_or_else(|| of.and_then(Value::as_whole).unwrap_or(0), |list| list.len() as i64)
}

/// Nobody can have more answers than there are nodes that may give one, or need more, or count a node twice; not even
/// where a rule is broken.
#[test]
fn no_tally_has_more_than_there_are() {
    let mut seen = 0;
    for entry in ALL {
        let catalog = entry.catalog(&[]);
        let mutants = catalog.get("mutants").and_then(Value::as_list).unwrap_or_default();
        let mutants: Vec<&str> = mutants.iter().filter_map(|mutant| mutant.get("id")?.as_text()).collect();
        for seed in 0..120 {
            let broken = mutants.get(seed as usize % (2 * mutants.len()).max(1)).copied();
            let mut run = RandomRun::new(entry, seed, broken.as_slice());
            for _ in 0..40 {
                run.go_on();
                tallies(&run.simulation.frame(0), &mut |tally| {
                    let (have, refused, of) = (count(tally, "have"), count(tally, "refused"), count(tally, "of"));
                    let what = format!("{} run {seed}, {broken:?}: {tally:?}", entry.id);
                    assert!(have + refused <= of && count(tally, "need") <= of, "{what}");
                    let mut names = tally.get("have").and_then(Value::as_list).unwrap_or_default().to_vec();
                    names.dedup();
                    assert!(names.is_empty() || names.len() as i64 == have, "{what}");
                    seen += 1;
                });
            }
        }
    }
    assert!(seen > 10_000, "{seen} tallies were seen");
}

/// Raft's election: two of five stand on the ring, and with the third the candidate leads.
#[test]
fn the_votes_of_an_election_are_seen_when_it_is_won() {
    let mut run = Script::new("raft", "nodes=5 seed=7f3a").simulation;
    let stop = Value::map([("rule", Value::word("become-leader"))]);
    let record = run.run_until(5_000_000, &stop).expect("a rule").expect("a leader");
    let leader = record.get("node").and_then(Value::as_whole).expect("a node") as usize;
    let won = all(&run, "won").swap_remove(leader);
    assert_eq!(held(&won), (3, 3));
    assert_eq!(won.get("time"), record.get("time"));
    assert_eq!(won.get("epoch"), record.get("epoch"));
    assert_eq!(held(&all(&run, "tally").swap_remove(leader)).0, 1, "the ring has gone on to its first entry");
}

/// What was won is a function of the run at that time, however one came there.
#[test]
fn what_was_won_does_not_depend_on_the_way_there() {
    for entry in ALL {
        for seed in 0..12 {
            let mut run = RandomRun::new(entry, seed, &[]);
            let mut moments = Vec::new();
            for _ in 0..60 {
                run.go_on();
                moments.push((run.simulation.now(), all(&run.simulation, "won")));
            }
            let exact: std::collections::BTreeMap<_, _> = moments.into_iter().collect();
            let mut replay = entry.replay(&run.simulation.recording()).unwrap_or_else(|error| panic!("{error}"));
            for (time, won) in exact.iter().rev() {
                run.simulation.seek(*time);
                assert_eq!(all(&run.simulation, "won"), *won, "{} run {seed} sought to {time}", entry.id);
                assert_eq!(all(&run.simulation.clone(), "won"), *won);
            }
            for (time, won) in &exact {
                replay.run_to(*time);
                assert_eq!(all(&replay, "won"), *won, "{} run {seed} replayed to {time}", entry.id);
            }
        }
    }
}

#[test]
fn a_rule_that_is_broken_wins_with_less_and_says_so() {
    let config = synod_engine::script::config("raft", "nodes=4 seed=5 mutants=half-is-enough");
    let mut run = script::entry("raft").open(&config, &mut || 1).unwrap_or_else(|error| panic!("{error}"));
    let stop = Value::map([("rule", Value::word("become-leader"))]);
    run.run_until(5_000_000, &stop).expect("a rule").expect("a leader");
    assert!(all(&run, "won").iter().any(|won| held(won) == (2, 3)));
}
