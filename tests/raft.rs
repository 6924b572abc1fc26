//! Raft against its paper, by inputs alone. Elections happen when a test says so: time-outs and
//! heartbeats are a minute, and flights take 1 ms.

use synod_tests::Script;

fn quiet(nodes: u32, more: &str) -> Script {
    let still = "network.latency=1..1 options.electionTimeout=60000..60000 options.heartbeat=60000";
    Script::new("raft", &format!("nodes={nodes} seed=1 {still} {more}"))
}

impl Elects for Script {
    fn elect(&mut self, node: &str) -> &mut Script {
        self.play(&format!("fire {node} election"));
        assert_eq!(self.until_rule("become-leader", 20).as_deref(), Some(node), "{node} is elected");
        self
    }
    fn holds(&self) {
        assert_eq!(self.violations(), Vec::<String>::new());
    }
}
trait Elects {
    fn elect(&mut self, node: &str) -> &mut Script;
    fn holds(&self);
}

#[test]
fn figure_7_all_six_logs_are_repaired() {
    let mut s = quiet(7, "options.noop=false");
    // A is the leader for term 8; B to G are the followers (a) to (f).
    s.elect("A").play("+5ms\nrequest A set x 1\n+9ms\nrequest A set x 2\n+9ms\nrequest A set x 3\n+9ms");
    s.elect("G")
        .play("partition G\nrequest G set f 1\nrequest G set f 2\nrequest G set f 3\n+9ms\ncrash G\nrestart G\nheal");
    s.elect("G").play("partition G");
    s.play("request G set f 4\nrequest G set f 5\nrequest G set f 6\nrequest G set f 7\nrequest G set f 8\n+9ms");
    s.elect("F").play("+5ms\nrequest F set x 4\n+9ms\npartition G | C | A B D E F\nrequest F set x 5\n+9ms");
    s.play("partition G | C | F | A B D E\nrequest F set e 6\nrequest F set e 7\n+9ms");
    s.elect("A").play("+5ms\nrequest A set x 6\n+9ms\nrequest A set x 7\n+9ms");
    s.elect("D").play("+5ms\nrequest D set x 8\n+9ms\nrequest D set x 9\n+9ms");
    s.play("partition G | C | F | B | A D E\nrequest D set x 10\n+9ms\npartition D | A B C E | F | G\nrequest D set c 11\n+9ms");
    s.elect("E").play("partition E | A B C | D | F | G\nrequest E set d 11\nrequest E set d 12\n+9ms");
    let logs = [
        "1 1 1 4 4 5 5 6 6 6",
        "1 1 1 4 4 5 5 6 6",
        "1 1 1 4",
        "1 1 1 4 4 5 5 6 6 6 6",
        "1 1 1 4 4 5 5 6 6 6 7 7",
        "1 1 1 4 4 4 4",
        "1 1 1 2 2 2 3 3 3 3 3",
    ];
    for (name, log) in s.names().iter().zip(logs) {
        assert_eq!(s.epochs(name), log, "{name} before");
    }
    s.play("heal").elect("A");
    assert_eq!(s.epoch("A"), 8);
    s.play("+50ms\nrequest A set x 11\n+50ms");
    for name in s.names() {
        assert_eq!(s.epochs(&name), "1 1 1 4 4 5 5 6 6 6 8", "{name} after");
    }
    s.holds();
}

/// Figure 8 up to (c): an entry of term 2 is on three of five servers, and not committed.
fn figure_8() -> Script {
    let mut s = quiet(5, "options.noop=false");
    s.elect("A").play("+5ms\nrequest A set x 1\n+9ms\ncrash A\nrestart A");
    s.elect("A").play("+5ms\npartition A B | C D E\nrequest A set x 2\n+9ms");
    s.play("crash A")
        .elect("E")
        .play("partition E\nrequest E set x 3\n+9ms\ncrash E\nrestart A\npartition A B C | D E\nfire A election\n+5ms");
    s.elect("A").play("+9ms");
    assert_eq!(
        [s.epochs("A"), s.epochs("B"), s.epochs("C"), s.epochs("D"), s.epochs("E")],
        ["1 2", "1 2", "1 2", "1", "1 3"]
    );
    assert_eq!((s.epoch("A"), s.number("A", "commitIndex")), (4, 0), "a majority holds it, and it is not committed");
    s
}

#[test]
fn figure_8_d_an_entry_on_a_majority_is_overwritten() {
    let mut s = figure_8();
    s.play("crash A\nrestart E\nheal\nfire E election\n+5ms\nfire E election\n+50ms");
    assert_eq!((s.role("E"), s.epoch("E")), ("leader".into(), 5));
    s.play("request E set x 4\n+20ms");
    assert_eq!([s.epochs("B"), s.epochs("C"), s.epochs("D")], ["1 3 5", "1 3 5", "1 3 5"]);
    s.holds();
}

#[test]
fn figure_8_e_an_entry_of_its_own_term_commits_what_stands_before() {
    let mut s = figure_8();
    s.play("request A set x 4\n+9ms");
    assert_eq!(s.number("A", "commitIndex"), 3);
    s.play("crash A\nrestart E\nheal\nfire E election\n+5ms\nfire E election\n+50ms");
    assert_eq!(s.role("E"), "candidate", "B and C hold a newer entry and refuse");
    s.holds();
}

#[test]
fn the_election_restriction() {
    let mut s = quiet(3, "");
    s.elect("A").play("+9ms\npartition A B | C\nrequest A set x 1\n+9ms\nheal\ncrash A\nfire C election\n+9ms");
    assert_eq!(s.role("C"), "candidate", "C lacks a committed entry, so B refuses it");
    s.elect("B");
    s.play("+9ms");
    assert_eq!(s.log("C", None), "no-op, set x 1, no-op");
    s.holds();
}

#[test]
fn a_split_vote_is_resolved_by_the_next_election() {
    let mut s = quiet(4, "");
    s.play(
        "fire A election\nfire B election\nlatency 1ms..1ms\ndrop request-vote A -> C\ndrop request-vote B -> D\n+9ms",
    );
    assert!(s.leaders().is_empty(), "two votes each");
    assert_eq!((s.epoch("A"), s.epoch("B")), (1, 1));
    s.elect("A").play("+9ms");
    assert_eq!((s.leaders(), s.epoch("D")), (vec!["A".to_string()], 2));
    s.holds();
}

#[test]
fn random_time_outs_end_split_votes_by_themselves() {
    for seed in 1..30 {
        let mut s = Script::new("raft", &format!("nodes=4 seed={seed}"));
        s.play("fire A election\nfire B election\n+3000ms");
        assert_eq!(s.leaders().len(), 1, "seed {seed}");
        s.holds();
    }
}

#[test]
fn a_leader_of_a_minority_cannot_commit() {
    let mut s = quiet(5, "");
    s.elect("A").play("+9ms\npartition A B | C D E\nrequest A set x 1\n+900ms");
    assert_eq!((s.log("A", Some("pending")), s.number("A", "commitIndex")), ("set x 1".into(), 1));
    assert_eq!(s.client("C1"), "unknown");
    s.holds();
}

#[test]
fn two_leaders_of_different_terms_at_once() {
    let mut s = quiet(5, "");
    s.elect("A").play("+9ms\npartition A B | C D E").elect("C");
    assert_eq!(s.leaders(), ["A", "C"]);
    assert!(s.epoch("A") < s.epoch("C"), "one a term, not one at a time");
    s.holds();
}

/// The case that one of the seeds could not pass: requests on both sides of 2 to 3, then healing.
#[test]
fn entries_of_the_old_leader_are_replaced_after_healing() {
    let mut s = Script::new("raft", "nodes=5 seed=7f3a");
    s.play("+700ms");
    let old = s.leaders().remove(0);
    let with = s.names().into_iter().find(|name| *name != old).expect("another node");
    s.play(&format!("request set x 1\n+200ms\npartition {old} {with}\n+900ms"));
    let new = s.leaders().into_iter().find(|name| *name != old).expect("the three elect a leader");
    for n in 1..=4 {
        s.play(&format!("request {old} set x {}\nrequest {new} set y {n}\n+100ms", 100 + n));
    }
    assert!(s.log(&old, Some("pending")).contains("set x 104") && !s.log(&old, Some("applied")).contains("set x 10"));
    assert!(s.log(&new, Some("applied")).contains("set y 4"));
    s.play("heal\n+900ms");
    let settled = s.log(&new, Some("applied"));
    for name in s.names() {
        assert_eq!(s.log(&name, Some("applied")), settled, "{name}");
        assert!(!s.log(&name, None).contains("set x 10"));
    }
    s.holds();
}

#[test]
fn a_restart_of_everyone_loses_nothing_committed() {
    let mut s = quiet(5, "");
    s.elect("A").play("+9ms\nrequest A set x 7\n+9ms");
    for name in s.names() {
        s.play(&format!("crash {name}"));
    }
    for name in s.names() {
        s.play(&format!("restart {name}"));
        assert_eq!(s.number(&name, "commitIndex"), 0, "the commit index is volatile");
        assert_eq!(s.log(&name, None), "no-op, set x 7");
    }
    s.elect("C").play("+9ms\nrequest C get x\n+9ms");
    assert_eq!(s.client("C1"), "ok 7");
    s.holds();
}

// The seven moments at which a leader can die, from the seeds.

#[test]
fn moment_1_before_the_command_reaches_the_leader() {
    let mut s = quiet(3, "");
    s.elect("A").play("+9ms\nrequest A set x 5\ncrash A\n+9ms").elect("B").play("+900ms");
    assert_eq!((s.log("B", None), s.client("C1")), ("no-op, no-op".into(), "unknown".into()));
    s.holds();
}

#[test]
fn moment_2_on_the_leader_only() {
    let mut s = quiet(3, "");
    s.elect("A")
        .play("+9ms\nrequest A set x 5\n+1ms\npartition A\ncrash A\nheal")
        .elect("B")
        .play("restart A\nrequest B set y 1\n+50ms");
    assert_eq!(s.log("A", None), "no-op, no-op, set y 1", "what was never copied is gone");
    s.holds();
}

/// Copied to some followers, of whom the leader never hears.
fn copied_but_never_heard(to: &[&str]) -> Script {
    let mut s = quiet(5, "");
    s.elect("A").play("+9ms");
    for other in ["B", "C", "D", "E"] {
        s.play(&format!("cut {other} -> A"));
        if !to.contains(&other) {
            s.play(&format!("cut A -> {other}"));
        }
    }
    s.play("request add x 5\n+9ms");
    assert_eq!((s.number("A", "commitIndex"), s.client("C1")), (1, "waiting".into()));
    s.play("crash A\nheal");
    s
}

#[test]
fn moment_3_on_every_follower_and_nobody_told() {
    let mut s = copied_but_never_heard(&["B", "C", "D", "E"]);
    s.elect("C").play("+4000ms");
    assert_eq!(s.client("C1"), "ok 5", "the client has retried until it was answered");
    s.play("request C get x\n+50ms");
    assert_eq!(s.client("C1"), "ok 5", "kept, and done once though it was retried");
    s.holds();
}

#[test]
fn moment_4_on_a_majority() {
    let mut s = copied_but_never_heard(&["B", "C"]);
    s.play("fire D election\n+9ms");
    assert_eq!(s.role("D"), "candidate", "B and C refuse whoever lacks it");
    s.elect("B").play("+4000ms\nrequest B get x\n+50ms");
    assert_eq!(s.client("C1"), "ok 5");
    s.holds();
}

#[test]
fn moment_5_on_a_minority_it_may_live() {
    let mut s = copied_but_never_heard(&["B"]);
    s.elect("B").play("+9ms");
    assert_eq!(s.log("D", None), "no-op, add x 5, no-op");
    s.holds();
}

#[test]
fn moment_5_on_a_minority_it_may_die() {
    let mut s = copied_but_never_heard(&["B"]);
    s.elect("D").play("+50ms");
    for name in ["B", "C", "D", "E"] {
        assert_eq!(s.log(name, None), "no-op, no-op", "{name}");
    }
    s.holds();
}

#[test]
fn moment_6_committed_and_answered_but_no_follower_knows() {
    let mut s = quiet(3, "");
    s.elect("A").play("+9ms\nrequest A set x 5\n+9ms");
    assert_eq!((s.client("C1"), s.number("A", "commitIndex"), s.number("B", "commitIndex")), ("ok ok".into(), 2, 1));
    s.play("crash A").elect("B").play("+9ms");
    assert_eq!(s.log("B", Some("applied")), "no-op, set x 5, no-op");
    s.holds();
}

#[test]
fn moment_7_committed_and_the_answer_lost() {
    let mut s = quiet(3, "");
    s.elect("A").play("+9ms\nrequest by C1 add x 5\n+2ms");
    // The client finds the leader by redirection; its answer is dropped on the way back.
    while s.number("A", "commitIndex") < 2 {
        s.play("+0.5ms");
    }
    s.play("drop answer A -> C1\ncrash A").elect("B").play("+4000ms");
    assert_eq!(s.client("C1"), "ok 5", "the retry is answered");
    s.play("request B get x\n+50ms");
    assert_eq!(s.client("C1"), "ok 5", "and not done again");
    s.holds();
}

#[test]
fn without_a_no_op_an_entry_of_an_earlier_term_waits_for_one_of_the_new() {
    let mut s = quiet(3, "options.noop=false");
    s.elect("A").play("+9ms\ncut B -> A\ncut C -> A\nrequest A set x 5\n+9ms\ncrash A\nheal").elect("B").play("+900ms");
    assert_eq!((s.number("B", "commitIndex"), s.log("C", None)), (0, "set x 5".into()), "on both, and not committed");
    s.play("request B set y 1\n+9ms");
    assert_eq!(s.number("B", "commitIndex"), 2);
    s.holds();
}

// Reads.

fn deposed_without_knowing(mode: &str) -> Script {
    let mut s = quiet(3, &format!("options.readMode={mode}"));
    s.elect("A")
        .play("+9ms\nrequest A set x 1\n+9ms\npartition A | B C")
        .elect("B")
        .play("+9ms\nrequest B set x 2\n+9ms");
    s
}

#[test]
fn a_deposed_leader_does_not_answer_a_read_by_read_index() {
    let mut s = deposed_without_knowing("read-index");
    s.play("request A get x\n+900ms\nrequest B get x\n+9ms");
    assert_eq!((s.client("C1"), s.role("A")), ("ok 2".into(), "leader".into()));
    s.holds();
}

#[test]
fn any_follower_may_answer_with_an_old_value() {
    let mut s = deposed_without_knowing("follower");
    s.play("request A get x\n+9ms");
    assert_eq!(s.client("C1"), "ok 1", "2 was answered before: the read is stale");
    s.holds();
}

#[test]
fn a_lease_answers_at_once_and_ends_by_the_clock() {
    let mut s = Script::new("raft", "nodes=3 seed=5 network.latency=1..1 options.readMode=lease");
    s.play("+900ms");
    let leader = s.leaders().remove(0);
    s.play(&format!("request {leader} set x 1\n+20ms"));
    s.play(&format!("request {leader} get x\n+2ms"));
    assert_eq!(s.client("C1"), "ok 1", "a flight there and a flight back, and no round between");
    s.play(&format!("partition {leader}\n+170ms\nrequest {leader} get x\n+20ms"));
    assert_eq!(s.client("C1"), "waiting", "its lease is over, and nobody renews it");
    s.holds();
}

#[test]
fn with_pre_vote_a_node_that_was_cut_off_disturbs_nobody() {
    for (pre_vote, terms) in [("true", 0), ("false", 1)] {
        let mut s = Script::new("raft", &format!("nodes=5 seed=3 options.preVote={pre_vote}"));
        s.play("+900ms");
        let (leader, before) = (s.leaders().remove(0), s.epoch("A"));
        let other = s.names().into_iter().find(|name| *name != leader).expect("another");
        s.play(&format!("partition {other}\n+2000ms\nheal\n+600ms"));
        assert_eq!(i64::from(s.epoch("A") > before), terms, "pre-vote {pre_vote}");
        s.holds();
    }
}

#[test]
fn one_server_leads_and_commits_alone() {
    let mut s = Script::new("raft", "nodes=1 seed=2");
    s.play(
        "+400ms\nrequest set x 5\n+100ms\nrequest get x\n+100ms\nrequest cas x 5 6\n+100ms\nrequest add x 2\n+100ms",
    );
    assert_eq!(
        (s.client("C1"), s.log("A", Some("applied"))),
        ("ok 8".into(), "no-op, set x 5, cas x 5 6, add x 2".into())
    );
    s.holds();
}

#[test]
fn ninety_nine_servers_elect_a_leader() {
    let mut s = Script::new("raft", "nodes=99 seed=2 options.electionTimeout=1000..3000");
    s.play("+8000ms\nrequest set x 5\n+1200ms");
    assert_eq!(s.leaders().len(), 1);
    assert_eq!(s.client("C1"), "ok ok");
    s.holds();
}
