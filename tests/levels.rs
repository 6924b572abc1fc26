//! Levels of consistency as properties of the lab: what a configuration promises its clients holds in random runs, as long
//! as what it assumes does; and for each level that it does not promise there is a run without it.

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_judge::Level;
use synod_judge::read::judged;
use synod_protocols::ALL;
use synod_tests::script::entry;
use synod_tests::{RandomRun, Script};

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

/// Levels that a run promises now, or does not: their ids, by whether they are promised.
fn levels(run: &Simulation, promised: bool) -> Vec<String> {
    let levels = run.levels();
    let wanted =
        |one: &&Value| one.get("promised").and_then(Value::as_bool) == Some(promised) && list(one, "beyond").is_empty();
    let id = |one: &Value| one.get("level").and_then(Value::as_text).unwrap_or_default().to_string();
    levels.as_list().unwrap_or_default().iter().filter(wanted).map(id).collect()
}

/// Whether each of these levels holds of what clients were told.
fn holds(run: &Simulation, ids: &[String]) -> Vec<Option<bool>> {
    let said = judged(&run.history()).unwrap_or_else(|error| panic!("{error}"));
    ids.iter().map(|id| said.get(id).and_then(|one| one.get("holds")?.as_bool())).collect()
}

/// For each protocol and each way to read, and so on: a run in which what is not promised does not hold.
const WITHOUT: [(&str, &str, &str, &[Level]); 3] = [
    (
        "raft",
        "nodes=3 seed=7 network.latency=10..10 options.readMode=follower",
        "fire A election
        +60ms
        partition A B | C
        request by C1 A set x 1
        +60ms
        request by C1 A get x
        +60ms
        request by C1 C get x
        +60ms",
        LOCAL,
    ),
    ("zab", AS_THE_PAPER, OLD_AT_A, LOCAL),
    ("zab", AS_ZOOKEEPER, OLD_AT_A_FOR_C2, &[Level::Linearizable]),
];

const AS_THE_PAPER: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.sync=paper \
    options.election=oracle options.writes=redirect options.sessions=false";
const AS_ZOOKEEPER: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.sync=zookeeper \
    options.election=fast options.writes=forward";

/// What reads at any server do not have.
const LOCAL: &[Level] =
    &[Level::Linearizable, Level::Sequential, Level::Causal, Level::Pram, Level::ReadYourWrites, Level::MonotonicReads];

/// C leads; A is cut off and does not know it yet.
const OLD_AT_A: &str = "
    +265ms
    partition A | B C
    request by C1 C set x 1
    +45ms
    request by C1 C get x
    +25ms
    request by C1 A get x
    +60ms";

/// A client that has seen nothing yet may be told what is old.
const OLD_AT_A_FOR_C2: &str = "
    +265ms
    partition A | B C
    request by C1 C set x 1
    +70ms
    request by C2 A get x
    +60ms";

#[test]
fn what_is_not_promised_is_missing_in_some_run() {
    for (protocol, config, script, without) in WITHOUT {
        let mut run = Script::new(protocol, config);
        let not = levels(&run.simulation, false);
        let named: Vec<&str> = without.iter().map(|level| level.id()).collect();
        assert_eq!(not, named, "{protocol}: each has its run");
        run.play(script);
        let held = holds(&run.simulation, &not);
        let all = held.iter().all(|holds| *holds == Some(false));
        assert!(all, "{protocol}: {not:?} {held:?} of {}", run.simulation.history().shown());
        let promised = levels(&run.simulation, true);
        assert!(holds(&run.simulation, &promised).iter().all(|holds| *holds == Some(true)), "{protocol}");
    }
}

/// Every configuration that promises less has its run above; of the others all is promised.
#[test]
fn every_choice_that_takes_a_level_away_has_its_run() {
    for entry in ALL {
        for option in list(&entry.catalog(&[]), "options") {
            let id = |one: &Value| one.get("id").and_then(Value::as_text).unwrap_or_default().to_string();
            let mut choices: Vec<String> = list(option, "choices").iter().map(id).collect();
            if option.get("kind").and_then(Value::as_text) == Some("flag") {
                choices.extend(["false", "true"].map(String::from));
            }
            for choice in choices {
                let words = format!("options.{}={choice}", id(option));
                let config = synod_engine::script::config(entry.id, words.clone().leak());
                let Ok(run) = entry.open(&config, &mut || 7) else { continue };
                let known =
                    WITHOUT.iter().any(|(protocol, config, ..)| *protocol == entry.id && config.contains(&words));
                assert!(levels(&run, false).is_empty() || known, "{} {words}", entry.id);
            }
        }
    }
}

/// Runs that judge in little time; what is longer or harder is left out, and counted.
const RUNS: u64 = 60;

#[test]
fn what_is_promised_holds_in_random_runs() {
    let mut promising = Vec::new();
    for entry in ALL {
        let (mut known, mut operations) = (0, 0);
        for number in 0..RUNS {
            let mut run = RandomRun::new(entry, number, &[]);
            let asks = |run: &RandomRun| !run.simulation.levels().as_list().unwrap_or_default().is_empty();
            if !asks(&run) {
                continue;
            }
            (0..40).for_each(|_| drop(run.go_on()));
            let promised = levels(&run.simulation, true);
            let history = run.simulation.history();
            let size = history.as_list().unwrap_or_default().len();
            if promised.is_empty() || size > synod_judge::MOST {
                continue;
            }
            for (level, holds) in promised.iter().zip(holds(&run.simulation, &promised)) {
                assert_ne!(holds, Some(false), "{}, run {number}: {level}\n{history:?}", entry.id);
                known += u64::from(holds == Some(true));
            }
            operations += size;
        }
        println!("{}: {known} levels held, over {operations} operations", entry.id);
        if known > 0 {
            promising.push((entry.id, known >= RUNS / 6 && operations > 200));
        }
    }
    assert!(promising.iter().all(|(_, enough)| *enough), "too little was judged: {promising:?}");
    for id in ["raft", "multi-paxos", "nwr"] {
        assert!(promising.iter().any(|(one, _)| *one == id), "{id} promises nothing");
    }
}

/// The judge is not idle there: a rule that is broken on purpose takes the level away.
#[test]
fn a_broken_rule_takes_the_level_away() {
    for number in 0..400 {
        let mut run = RandomRun::new(entry("raft"), number, &["read-without-asking"]);
        (0..40).for_each(|_| drop(run.go_on()));
        let promised = levels(&run.simulation, true);
        if promised.iter().zip(holds(&run.simulation, &promised)).any(|(_, holds)| holds == Some(false)) {
            return;
        }
    }
    panic!("no run without it");
}
