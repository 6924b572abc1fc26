//! Quorums of N, W and R: what is promised, what is not, and histories for the judge.

use synod_engine::value::Value;
use synod_judge::Level;
use synod_judge::read::judged;
use synod_tests::script::entry;
use synod_tests::{RandomRun, Script};

fn holds(s: &Script, level: Level) -> Option<bool> {
    let history = s.simulation.history();
    let said = judged(&history).unwrap_or_else(|error| panic!("{error}"));
    said.get(level.id()).and_then(|one| one.get("holds")).and_then(Value::as_bool)
}

/// What a property's promise is, and when it broke.
fn promise(s: &Script, id: &str) -> (bool, bool, String) {
    let frame = s.frame();
    let promises = frame.get("promises").and_then(Value::as_list).unwrap_or_default();
    let it = promises.iter().find(|one| one.get("id").and_then(Value::as_text) == Some(id)).expect("a property");
    let flag = |key: &str| it.get(key).and_then(Value::as_bool).unwrap_or_default();
    let says = it.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
    (flag("promised"), flag("holds"), says.to_string())
}

#[test]
fn the_inversion_is_seen_by_the_property_and_by_the_judge() {
    let mut s = Script::start("nwr", "inversion");
    s.play("+70ms");
    assert_eq!((s.client("C2"), s.client("C3")), ("ok 7".into(), "ok 3".into()));
    let (promised, holds_so_far, says) = promise(&s, "no-inversion");
    assert_eq!((promised, holds_so_far), (false, false));
    assert_eq!(says, "C3 was told version 1, and a read before it version 2");
    assert_eq!(
        promise(&s, "reads-see-writes"),
        (true, true, "newest stored: version 2; newest answered: version 1".into())
    );
    assert_eq!(s.violations(), Vec::<String>::new());
    assert_eq!(holds(&s, Level::Linearizable), Some(false));
    assert_eq!(holds(&s, Level::Sequential), Some(true), "C3 may be placed before the write");
    for level in [Level::MonotonicReads, Level::ReadYourWrites] {
        assert_eq!(holds(&s, level), Some(true));
    }
}

#[test]
fn a_history_says_what_became_of_each_operation() {
    let mut s = Script::start("nwr", "failed-write");
    s.play("+70ms");
    let history = s.simulation.history();
    let list = history.as_list().expect("a list");
    let line = |one: &Value| {
        let part = |key: &str| one.get(key).map(Value::shown).unwrap_or_default();
        ["client", "kind", "value", "result", "call", "answer"].map(part).join(" ").replace('"', "")
    };
    let lines: Vec<String> = list.iter().map(line).collect();
    assert_eq!(
        lines,
        ["C1 put 1 ok 0 20", "C1 put 2 unknown 100 640", "C2 get nothing 2 700 720", "C3 get nothing 1 760 780"]
    );
    assert_eq!(holds(&s, Level::Linearizable), Some(false));
    assert_eq!(list[2].get("version"), Some(&Value::word("100000/C1/2")));
}

#[test]
fn a_read_that_had_no_answer_stays_open() {
    let mut s = Script::new("nwr", "nodes.replicas=3 seed=1 network.latency=10..10");
    s.play("crash A\ncrash B\nrequest by C1 get x\n+600ms");
    assert_eq!(s.client("C1"), "failed");
    let history = s.simulation.history();
    let one = &history.as_list().expect("a list")[0];
    assert_eq!((one.get("answer"), one.get("result")), (Some(&Value::Null), Some(&Value::Null)));
}

#[test]
fn w_and_r_are_at_most_n_and_usually_a_majority() {
    let open =
        |words: &str| entry("nwr").open(&synod_engine::script::config("nwr", words.to_string().leak()), &mut || 1);
    let error = open("nodes.replicas=3 options.w=4").map(|_| ()).expect_err("refused");
    assert_eq!(error.message, "W and R are at most N, the number of replicas: 3, not 4");
    let usual = |words: &str| {
        let run = open(words).unwrap_or_else(|error| panic!("{error}"));
        let setup = run.setup();
        let count = |id: &str| setup.get("options").and_then(|options| options.get(id)?.as_whole()).unwrap_or(0);
        // A recording keeps what was said, also where it is what is usual of another number.
        let again = entry("nwr").replay(&run.recording()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.setup(), setup);
        (count("w"), count("r"))
    };
    assert_eq!([1, 2, 3, 5].map(|n| usual(&format!("nodes.replicas={n}"))), [(1, 1), (2, 2), (2, 2), (3, 3)]);
    assert_eq!(usual("nodes.replicas=5 options.w=2"), (2, 3));
}

/// The sets of clients, each with its members, and whether it meets the write before it.
#[test]
fn sets_say_whom_each_client_heard_of_and_whether_they_meet() {
    let mut s = Script::start("nwr", "inversion");
    s.play("+70ms");
    let frame = s.frame();
    let list = |key: &str| frame.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
    let says = |set: &Value| {
        let label = set.get("label").and_then(|label| label.get("en")?.as_text()).unwrap_or_default().to_string();
        let members: Vec<String> =
            set.get("members").and_then(Value::as_list).unwrap_or_default().iter().map(Value::shown).collect();
        format!("{label}: {}", members.join(" "))
    };
    let sets: Vec<String> = list("sets").iter().map(says).collect();
    assert_eq!(sets, ["write set of C1: 0", "read set of C2: 0 1", "read set of C3: 1 2"]);
    let shared: Vec<usize> = list("overlaps")
        .iter()
        .map(|one| one.get("members").and_then(Value::as_list).unwrap_or_default().len())
        .collect();
    assert_eq!(shared, [1, 0]);
    let meets = frame.get("quorum").and_then(|quorum| quorum.get("meets")?.get("en")?.as_text()).map(str::to_string);
    assert_eq!(meets.as_deref(), Some("every read set meets every write set in at least 1 node"));
}

/// For every N up to 4: a stale read is found at once where R + W <= N, and none elsewhere.
#[test]
fn a_stale_read_is_found_if_and_only_if_sets_may_miss_each_other() {
    for n in 1..=4 {
        for (w, r) in (1..=n).flat_map(|w| (1..=n).map(move |r| (w, r))) {
            let config = format!("nodes.replicas={n} options.w={w} options.r={r} seed=5");
            let config = synod_engine::script::config("nwr", config.leak());
            let (mut stale, mut promised) = (false, false);
            for seed in 0..60 {
                let mut s = Script {
                    simulation: entry("nwr").open(&config, &mut || seed).unwrap_or_else(|error| panic!("{error}")),
                };
                let at = |place: u64| char::from(b'A' + ((seed + place) % n) as u8);
                for round in 1..=3 {
                    let (put, get) = (at(0), at(round));
                    s.play(&format!("request by C1 {put} put x {round}\n+70ms\nrequest by C2 {get} get x\n+70ms"));
                }
                let (is, holds, _) = promise(&s, "reads-see-writes");
                (promised, stale) = (is, stale || !holds);
            }
            assert_eq!((promised, stale), (r + w > n, r + w <= n), "N {n}, W {w}, R {r}");
        }
    }
}

/// What the judge finds in a history, the properties have found in the run: where clocks agree, a register whose reads
/// see every answered write and never go back is atomic.
#[test]
fn the_judge_refuses_no_history_whose_properties_hold() {
    let (mut refused, mut agreed) = (0, 0);
    for seed in 0..1_500 {
        let mut run = RandomRun::new(entry("nwr"), seed, &[]);
        (0..30).for_each(|_| drop(run.go_on()));
        let s = Script { simulation: run.simulation };
        match holds(&s, Level::Linearizable) {
            Some(false) => {
                let broken = ["reads-see-writes", "no-inversion"].iter().any(|id| !promise(&s, id).1);
                assert!(broken, "run {seed}: {:?}", s.simulation.history());
                refused += 1;
            }
            Some(true) => agreed += 1,
            None => {}
        }
    }
    assert!(refused > 10 && agreed > 200, "{refused} refused, {agreed} agreed");
}
