//! ZAB beside other protocols on the same inputs, and what a lossy line may not do to it.

use synod_protocols::COMPARISONS;
use synod_tests::Script;

/// One side of a pair, to its end and half a second more.
fn side(pair: &str, at: usize) -> Script {
    let pair = COMPARISONS.iter().find(|one| one.id == pair).unwrap_or_else(|| panic!("no pair {pair}"));
    let (protocol, config) = pair.sides[at];
    let mut s = Script::new(protocol, config);
    for (time, line, _) in pair.lines().filter(|(_, _, side)| side.is_none_or(|side| side == at)) {
        s.simulation.run_to(time);
        s.inject(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    s.play("+500ms");
    s
}

/// One other has the proposal of the leader that crashes. Raft elects who stands first, ZAB the best vote.
#[test]
fn the_same_crash_drops_it_in_raft_and_commits_it_in_zab() {
    let [raft, zab] = [0, 1].map(|at| side("raft-and-zab", at));
    for name in ["A", "B", "C", "D", "E"] {
        assert!(!raft.log(name, None).contains("add x 3"), "{name}: {}", raft.log(name, None));
        assert_eq!(zab.log(name, Some("applied")), "set x 1, add x 2, add x 3, add x 4", "{name}");
    }
    assert_eq!((raft.violations(), zab.violations()), (Vec::new(), Vec::new()));
}

#[test]
fn raft_and_zab_answer_the_same_inputs_alike() {
    let inputs =
        "+800ms\nrequest set x 5\n+200ms\nrequest add x 2\n+200ms\nrequest cas x 7 9\n+200ms\nrequest get x\n+200ms";
    let answers = ["raft", "zab"].map(|protocol| {
        let mut s = Script::new(protocol, "nodes=5 seed=7f3a");
        let each = inputs.lines().map(|line| s.play(line).client("C1"));
        each.collect::<Vec<_>>()
    });
    assert_eq!(answers[0].last().map(String::as_str), Some("ok 9"));
    assert_eq!(answers[0], answers[1]);
}

/// With one down two-phase commit aborts, and ZAB commits; without who leads it waits, and ZAB elects.
#[test]
fn all_of_them_or_a_majority() {
    let zab = side("two-phase-commit-and-zab", 1);
    assert_eq!(zab.log("B", Some("applied")), "set x 5, set x 6, set x 7");
    assert_eq!(zab.leaders(), ["D"]);
    let commit = side("two-phase-commit-and-zab", 0);
    let mut aborted = false;
    commit.simulation.each_record(0, u64::MAX, &mut |record| {
        let says = record.get("says").and_then(|says| says.get("en")?.as_text().map(str::to_string));
        aborted |= says.is_some_and(|says| says.starts_with("T writes abort"));
    });
    assert!(aborted);
}

/// C has a tail that nobody else has, and lacks what the others did since. If TRUNC is lost and the DIFF behind it is not,
/// the last zxid alone does not show it.
#[test]
fn a_diff_without_its_trunc_is_not_taken() {
    let mut s = Script::new("zab", "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60");
    s.play("+265ms\nrequest C set x 1\ncrash C after 0 sends\n+500ms\nrequest B set x 2\n+100ms\nrestart C");
    assert_eq!(s.until_rule("send-trunc", 1_000).as_deref(), Some("B"));
    s.play("drop trunc B -> C\n+600ms");
    assert_eq!(s.log("C", None), "set x 2");
    // A line that loses something is beyond what this rests on, and nothing else is.
    assert_eq!(s.violations(), ["nothing-unexpected"]);
}

/// A, B and C vote, and C leads; D and E observe.
const OBSERVED: &str = "nodes=5 seed=5d0e network.latency=10..10 options.finalizeWait=60 options.observers=2";

#[test]
fn observers_hear_what_is_committed_and_are_not_counted() {
    let mut s = Script::new("zab", OBSERVED);
    s.play("+265ms\nrequest D set x 1\n+60ms");
    assert_eq!(["C", "D", "E"].map(|name| s.role(name)), ["leader", "observer", "observer"]);
    assert_eq!((s.log("D", Some("applied")), s.client("C1")), ("set x 1".into(), "ok ok".into()));
    // Two of the three that vote are enough, though three of five are down.
    s.play("crash A\ncrash D\ncrash E\nrequest by C2 C set x 2\n+60ms");
    assert_eq!((s.log("B", Some("applied")), s.client("C2")), ("set x 1, set x 2".into(), "ok ok".into()));
    // One of the three is not, with both observers up.
    s.play("restart D\nrestart E\n+200ms\ncrash B\nrequest by C3 C set x 3\n+60ms");
    assert_eq!(s.log("C", Some("applied")), "set x 1, set x 2");
    s.play("+600ms");
    // Whoever has no vote looks in its own shape.
    assert_eq!((s.role("C"), s.role("D")), ("looking".into(), "asking".into()));
    assert_eq!(s.violations(), Vec::<String>::new());
}

/// What is only proposed is not handed to an observer that comes back, and it hears of it when it is committed.
#[test]
fn an_observer_is_handed_what_is_committed_alone() {
    for sync in ["zookeeper", "paper"] {
        let mut s = Script::new("zab", &format!("{OBSERVED} options.sync={sync}"));
        s.play("+265ms\nrequest C set x 1\n+60ms\ncrash D\n+20ms\nrestart D");
        assert_eq!(s.until_rule("observe", 500).as_deref(), Some("D"));
        s.play("request C set x 2\n+12ms\nhold propose C -> A\nhold propose C -> B");
        s.play("+60ms");
        assert_eq!((s.log("C", None), s.log("D", None)), ("set x 1, set x 2".into(), "set x 1".into()), "{sync}");
        s.play("deliver propose C -> A\n+60ms");
        assert_eq!(s.log("D", Some("applied")), "set x 1, set x 2", "{sync}");
        assert_eq!(s.violations(), Vec::<String>::new());
    }
}

/// A follower passes a write on and answers when it has delivered it, so that its client reads there what it wrote.
#[test]
fn a_write_that_was_passed_on_can_be_read_where_it_was_asked() {
    let mut s = Script::new("zab", "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60");
    s.play("+265ms\nrequest by C1 A set x 1");
    assert_eq!(s.until_rule("commit", 100).as_deref(), Some("C"));
    assert_eq!(s.client("C1"), "waiting");
    assert_eq!(s.until_rule("deliver", 100).as_deref(), Some("A"));
    s.play("+30ms\nrequest by C1 A get x\n+20ms");
    assert_eq!(s.client("C1"), "ok 1");
    let mut s =
        Script::new("zab", "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.writes=redirect");
    s.play("+265ms\nrequest by C1 A set x 1\n+20ms");
    assert!(s.client("C1").starts_with("failed"), "{}", s.client("C1"));
}

/// Whoever passed it on may crash: asked again elsewhere it is done once.
#[test]
fn a_write_that_was_passed_on_twice_is_done_once() {
    let mut s = Script::new("zab", "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60");
    s.play("+265ms\nrequest add x 5");
    let asked = s.until_rule("forward", 100).unwrap_or_else(|| panic!("nobody passed it on"));
    let other = if asked == "A" { "B" } else { "A" };
    s.play(&format!("+12ms\ncrash {asked}\n+3000ms"));
    assert_eq!(s.client("C1"), "ok 5");
    assert_eq!(s.log(other, Some("applied")), "add x 5");
    assert_eq!(s.violations(), Vec::<String>::new());
}

#[test]
fn what_does_not_go_together_is_refused_in_words() {
    let open = |words: &'static str| {
        let opened = synod_tests::script::entry("zab").open(&synod_engine::script::config("zab", words), &mut || 1);
        opened.err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(open("nodes=3 options.observers=3").contains("at least one server has a vote"));
    assert!(open("nodes=3 options.election=oracle").contains("wants sync \"paper\""));
    assert_eq!(open("nodes=3 options.election=oracle options.sync=paper"), "");
}
