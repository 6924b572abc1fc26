//! Multi-Paxos: a log of decisions under a stable leader.

use synod_engine::value::Value;
use synod_tests::script::Script;

fn count(s: &Script, rule: &str) -> usize {
    let mut count = 0;
    s.simulation.each_record(0, u64::MAX, &mut |record| {
        count += usize::from(record.get("rule").and_then(Value::as_text) == Some(rule));
    });
    count
}

/// Messages that are not steady traffic, and answered requests.
fn traffic(s: &Script) -> (i64, i64) {
    let frame = s.frame();
    let number = |key: &str| frame.get("traffic").and_then(|traffic| traffic.get(key)?.as_whole()).unwrap_or(0);
    (number("sent") - number("quiet"), number("answered"))
}

#[test]
fn phase_one_runs_once_for_many_commands() {
    let mut s = Script::start("multi-paxos", "many-commands");
    s.play("+200ms");
    assert_eq!((count(&s, "become-leader"), count(&s, "choose")), (1, 3));
    let leader = s.leaders().pop().expect("a leader");
    assert_eq!(s.log(&leader, Some("applied")), "set x 1, add x 2, add x 3");
    assert_eq!((s.client("C1"), s.client("C2")), ("ok 6".into(), "ok 3".into()));
}

#[test]
fn a_command_costs_less_than_in_single_decree_paxos() {
    let commands = 20;
    let mut multi = Script::new("multi-paxos", "nodes=3 seed=7 network.latency=10..10");
    multi.play("fire A election\n+100ms");
    for _ in 0..commands {
        multi.play("request A add x 1\n+60ms");
    }
    let (sent, answered) = traffic(&multi);
    assert_eq!(answered, commands);
    // Two prepares and two promises once; then two accepts and two acceptances a command.
    assert_eq!(sent, 4 + 4 * commands);
    let mut single = Script::new("paxos", "nodes=3 seed=7 network.latency=10..10");
    single.play("request A propose olive\n+100ms");
    let (sent, answered) = traffic(&single);
    assert_eq!(answered, 1);
    assert!(sent > 4 + 4, "{sent} messages for one value: both phases, and everybody learns from everybody");
}

#[test]
fn slots_are_chosen_out_of_order_and_applied_in_order() {
    let mut s = Script::new("multi-paxos", "nodes=3 seed=7 network.latency=10..10 options.heartbeat=500");
    s.play("fire A election\n+60ms\nrequest A set x 1\n+10ms\nhold accept A -> B\nhold accept A -> C\nrequest A set y 2\n+32ms");
    assert_eq!(s.log("A", Some("committed")), "set y 2", "slot 2 is chosen");
    assert_eq!((s.log("A", Some("applied")), s.log("A", Some("pending"))), (String::new(), "set x 1".into()));
    assert_eq!(s.client("C2"), "waiting", "it is not applied before slot 1 is");
    s.play("deliver accept A -> B\n+40ms");
    assert_eq!(s.log("A", Some("applied")), "set x 1, set y 2");
}

#[test]
fn the_next_leader_fills_a_hole_with_a_no_op() {
    let mut s = Script::start("multi-paxos", "hole");
    s.play("+600ms");
    let leader = s.leaders().pop().expect("a leader");
    assert_eq!(count(&s, "fill-hole"), 1);
    assert_eq!(s.log(&leader, Some("applied")), "no-op, set y 2");
    s.play("restart A\n+400ms");
    assert_eq!(s.log("A", Some("applied")), "no-op, set y 2", "A gives up the value that nobody else had");
    assert!(s.violations().is_empty());
}

#[test]
fn a_new_leader_with_an_old_log_catches_up_and_proposes_again() {
    let mut s = Script::new("multi-paxos", "nodes=5 seed=3 network.latency=10..10");
    s.play("fire A election\n+60ms\ncrash E\nrequest A set x 1\n+60ms\nrequest A set x 2\n+100ms\ncrash A\nrestart E\nfire E election\n+100ms");
    assert_eq!(s.role("E"), "leader", "any server may lead, whatever its log lacks");
    assert_eq!(s.log("E", Some("applied")), "set x 1, set x 2");
    assert!(count(&s, "propose-again") >= 2);
    s.play("request E get x\n+100ms");
    assert_eq!(s.client("C1"), "ok 2");
}

#[test]
fn a_restarted_server_is_sent_what_was_chosen() {
    let mut s = Script::new("multi-paxos", "nodes=3 seed=3");
    s.play("fire A election\n+100ms");
    for _ in 0..300 {
        s.play("request A add x 1\n+60ms");
    }
    s.play("crash A\n+10ms\nfire B election\n+60ms\ncrash C\n+10ms\nrestart C\n+600ms");
    assert_eq!((s.role("B"), s.number("C", "applied")), ("leader".into(), 300));
    // Its votes are of the old ballot, so that no notice of the new leader can vouch for them.
    assert!(count(&s, "catch-up") > 300 / 64);
}

#[test]
fn raft_and_multi_paxos_answer_the_same_inputs_alike() {
    let inputs =
        "+800ms\nrequest set x 5\n+200ms\nrequest add x 2\n+200ms\nrequest cas x 7 9\n+200ms\nrequest get x\n+200ms";
    let answers = ["raft", "multi-paxos"].map(|protocol| {
        let mut s = Script::new(protocol, "nodes=5 seed=7f3a");
        let mut answers = Vec::new();
        for line in inputs.lines() {
            s.play(line);
            answers.push(s.client("C1"));
        }
        answers
    });
    assert_eq!(answers[0].last().map(String::as_str), Some("ok 9"));
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn two_leaders_of_different_ballots_and_only_one_can_choose() {
    let mut s = Script::new("multi-paxos", "nodes=5 seed=3 network.latency=10..10");
    s.play("fire A election\n+60ms\npartition A B | C D E\nfire C election\n+60ms");
    assert_eq!(s.leaders(), ["A", "C"]);
    s.play("request A set x 1\nrequest C set x 2\n+400ms");
    assert_eq!((s.log("A", Some("applied")), s.log("C", Some("applied"))), (String::new(), "set x 2".into()));
    s.play("heal\n+600ms\nrequest get x\n+300ms");
    assert!(s.violations().is_empty());
    assert_eq!(s.log("A", Some("applied")).split(", ").next(), Some("set x 2"));
}
