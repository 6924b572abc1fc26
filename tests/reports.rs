//! What other projects were told by those who ran them, each as it would be here. A test names the
//! report that it is after.

use std::collections::BTreeSet;

use synod_engine::value::Value;
use synod_tests::script::{Script, entry};
use synod_tests::{RandomRun, script};

/// How often a rule fired, at one node or at all.
fn count(s: &Script, rule: &str, node: Option<&str>) -> usize {
    let names = s.names();
    let at = node.and_then(|node| names.iter().position(|name| name == node));
    let mut count = 0;
    s.simulation.each_record(0, u64::MAX, &mut |record| {
        let here = at.is_none_or(|at| record.get("node").and_then(Value::as_whole) == Some(at as i64));
        count += usize::from(here && record.get("rule").and_then(Value::as_text) == Some(rule));
    });
    count
}

fn text(s: &Script, node: &str, field: &str) -> String {
    s.field(node, field).and_then(|value| value.as_text().map(str::to_string)).unwrap_or_default()
}

/// The first violation: which property, when in ms, and how.
fn violation(s: &Script) -> Option<(String, f64, String)> {
    let violations = s.simulation.violations();
    let it = violations.first()?;
    let word = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_string();
    let time = it.get("time").and_then(Value::as_number).unwrap_or(-1) as f64 / 1e6;
    Some((word(it.get("invariant")), time, word(it.get("says").and_then(|says| says.get("en")))))
}

/// Why a property holds so far, in English.
fn evidence(s: &Script, id: &str) -> String {
    let frame = s.frame();
    let invariants = frame.get("invariants").and_then(Value::as_list).unwrap_or_default();
    let it = invariants.iter().find(|it| it.get("id").and_then(Value::as_text) == Some(id));
    let words = it.and_then(|it| it.get("evidence").or(it.get("says"))).and_then(|says| says.get("en")?.as_text());
    words.unwrap_or_default().to_string()
}

/// A Raft cluster in which elections and heartbeats happen when a test says so.
fn quiet(nodes: u32, more: &str) -> Script {
    let still = "network.latency=1..1 options.electionTimeout=60000..60000 options.heartbeat=60000";
    Script::new("raft", &format!("nodes={nodes} seed=1 {still} {more}"))
}

// braft 292: a follower whose disk was wiped is refused for ever.

#[test]
fn braft_292_a_wiped_follower_is_refilled_by_the_same_leader() {
    let mut s = Script::new("raft", "nodes=3 seed=1 network.latency=1..1 options.electionTimeout=60000..60000");
    s.play("fire A election\n+20ms\nrequest A set x 1\n+9ms\nrequest A set x 2\n+9ms\nrequest A set x 3\n+60ms");
    s.play("crash C\nwipe C\nrestart C\n+200ms");
    assert_eq!(s.log("C", Some("applied")), "no-op, set x 1, set x 2, set x 3");
    s.play("+60000ms\nrequest A set x 4\n+60ms");
    assert_eq!((s.log("C", None), s.epoch("A")), (s.log("A", None), 1));
    let refusals = count(&s, "reject-entries", Some("C"));
    assert!(refusals <= 2, "{refusals} refusals");
    assert_eq!(s.violations(), Vec::<String>::new());
}

#[test]
fn braft_292_what_was_acknowledged_before_the_loss_is_not_counted() {
    let mut s = quiet(3, "");
    s.play("fire A election\n+9ms\ncrash B\nrequest A set x 1\n+2ms\nhold append-entries-reply C -> A\n+1ms");
    s.play("crash C\nwipe C\nrestart C\nfire A heartbeat\n+1.5ms\n+0.5ms\ndrop append-entries A -> C");
    assert!(text(&s, "A", "progress").contains("C:0/1"), "{}", text(&s, "A", "progress"));
    s.play("deliver append-entries-reply C -> A\n+9ms");
    assert_eq!((s.log("C", None), s.number("A", "commitIndex")), (String::new(), 1), "A alone holds entry 2");
    s.play("fire A heartbeat\n+9ms");
    assert_eq!((s.log("C", None), s.number("A", "commitIndex")), ("no-op, set x 1".into(), 2));
    assert_eq!(s.violations(), Vec::<String>::new());
}

#[test]
fn etcd_1207_an_old_refusal_lowers_nothing() {
    let mut s = quiet(3, "");
    s.play("fire A election\n+9ms\npartition C\nrequest A set x 1\n+9ms\nrequest A set x 2\n+9ms\nheal");
    s.play("fire B election\n+2ms\n+1ms\nhold append-entries-reply C -> B\n+3ms");
    assert_eq!(s.role("B"), "leader");
    s.play("fire B heartbeat\n+9ms");
    assert_eq!(s.log("C", None), s.log("B", None));
    let progress = text(&s, "B", "progress");
    assert!(progress.contains("C:4/5"), "{progress}");
    let backs = count(&s, "back-off", None);
    s.play("deliver append-entries-reply C -> B\n+1ms");
    assert_eq!((text(&s, "B", "progress"), count(&s, "back-off", None)), (progress, backs));
}

/// Found on the way: a refusal of a leader's earlier term gave back a round of that term, and the
/// leader took it for an answer of this one.
#[test]
fn a_refusal_of_an_earlier_term_confirms_no_round() {
    let mut s = quiet(3, "");
    s.play("fire A election\n+9ms\nrequest A set x 1\n+9ms");
    for _ in 0..6 {
        s.play("fire A heartbeat\n+9ms");
    }
    s.play("fire A heartbeat\nhold append-entries A -> B\n+9ms\ncrash A\nrestart A\nfire A election\n+9ms");
    assert_eq!((s.role("A"), s.epoch("A")), ("leader".into(), 2));
    s.play("deliver append-entries A -> B\n+9ms\npartition A | B C\nfire B election\n+9ms\nrequest B set x 2\n+9ms");
    s.play("request A get x\n+9ms");
    assert_eq!(s.client("C1"), "waiting", "nobody has told A that it still leads");
    assert_eq!(s.violations(), Vec::<String>::new());
}

// scylladb 5801, memberlist 311: after a wipe a version is used again.

#[test]
fn scylladb_5801_a_wiped_site_uses_no_version_again() {
    for style in ["anti-entropy options.exchange=push-pull", "anti-entropy options.exchange=push", "rumor options.k=5"]
    {
        let mut s = Script::new("gossip", &format!("nodes=4 seed=3 network.latency=10..10 options.style={style}"));
        s.play("request A set x 1\n+1510ms\ncrash A\nwipe A\nrestart A\nrequest A set x 2\n+4000ms");
        let values: BTreeSet<String> = s.names().iter().map(|site| text(&s, site, "values")).collect();
        assert_eq!(values, BTreeSet::from(["x=2".to_string()]), "{style}");
        assert_eq!(s.violations(), Vec::<String>::new());
    }
}

#[test]
fn memberlist_311_a_version_used_again_is_told() {
    let mut s = Script::new("gossip", "nodes=4 seed=3 network.latency=10..10 mutants=count-anew");
    s.play("request A set x 1\n+1510ms\ncrash A\nwipe A\nrestart A\nrequest A set x 2\n+20ms");
    assert_eq!(s.violations(), ["versions-never-repeat"]);
}

/// Runs of anti-entropy after which sites differ though every fault has ended long ago, and how
/// many runs there were.
fn differing() -> (Vec<u64>, u32) {
    let (mut differing, mut tried) = (Vec::new(), 0);
    for seed in 0..400 {
        let mut run = RandomRun::new(entry("gossip"), seed, &[]);
        let setup = run.simulation.setup();
        let is = |option: &str, id: &str| setup.get("options").and_then(|all| all.get(option)?.as_text()) == Some(id);
        // Where sites have few neighbours, those who leave can part the others for good.
        if !is("style", "anti-entropy") || !is("topology", "complete") {
            continue;
        }
        (0..60).for_each(|_| drop(run.go_on()));
        run.make_whole();
        let until = run.simulation.now() + 20_000_000;
        run.simulation.run_to(until);
        let s = Script { simulation: run.simulation };
        let up = |node: &&Value| node.get("status").and_then(Value::as_text) == Some("up");
        let frame = s.frame();
        let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
        let names = nodes.iter().filter(up).filter_map(|node| node.get("name")?.as_text());
        let values: BTreeSet<String> = names.map(|site| text(&s, site, "values")).collect();
        differing.extend((values.len() > 1).then_some(seed));
        tried += 1;
    }
    (differing, tried)
}

#[test]
fn scylladb_5801_sites_do_not_differ_for_ever() {
    let (runs, tried) = differing();
    assert!(runs.is_empty() && tried > 40, "{runs:?} of {tried}");
}

// phxpaxos 34: a repeated prepare is refused with the proposer's own ballot.

#[test]
fn phxpaxos_34_a_repeated_prepare_is_promised_again() {
    let words = "nodes.proposers=1 nodes.acceptors=3 nodes.learners=1 seed=2 network.latency=10..10";
    let mut s = Script::new("paxos", words);
    s.play("request P1 propose olive\n+12ms");
    for acceptor in ["A1", "A2", "A3"] {
        s.play(&format!("duplicate prepare P1 -> {acceptor}"));
    }
    s.play("+100ms");
    assert_eq!((count(&s, "refuse", None), count(&s, "give-up", None), count(&s, "prepare", None)), (0, 0, 1));
    assert_eq!((count(&s, "promise", None), s.client("C1")), (6, "ok olive".into()));
}

#[test]
fn phxpaxos_34_so_it_is_in_multi_paxos() {
    let mut s = Script::new("multi-paxos", "nodes=3 seed=7 network.latency=10..10");
    s.play("fire A election\nduplicate prepare A -> B\nduplicate prepare A -> C\n+100ms");
    assert_eq!((s.role("A"), count(&s, "refuse", None), count(&s, "promise", None)), ("leader".into(), 0, 4));
    assert_eq!(text(&s, "B", "leader"), "A", "the copy came before the leader did");
}

// openraft 2080: a leader that reaches one bridge only.

/// A leads and reaches B alone; B reaches C and D, which reach each other. E is down.
fn bridge(options: &str) -> Script {
    let mut s = Script::new("raft", &format!("nodes=5 seed=3 {options}"));
    s.play("fire A election\n+300ms");
    assert_eq!(s.leaders(), ["A"]);
    s.play("crash E\ncut A <-> C\ncut A <-> D\n+5000ms\nrequest set x 1\n+3000ms");
    assert_eq!(s.violations(), Vec::<String>::new());
    s
}

#[test]
fn openraft_2080_a_leader_on_a_bridge_keeps_a_majority_from_electing() {
    for options in ["options.preVote=true", "options.readMode=lease"] {
        let s = bridge(options);
        assert_eq!(s.leaders(), ["A"], "{options}");
        assert_ne!(s.client("C1"), "ok ok", "{options}: nobody can commit");
        let s = bridge(&format!("{options} options.checkQuorum=true"));
        assert_eq!(count(&s, "check-quorum", Some("A")), 1, "{options}");
        let leaders = s.leaders();
        assert!(leaders.len() == 1 && leaders[0] != "A", "{options}: {leaders:?}");
        assert_eq!(s.client("C1"), "ok ok", "{options}");
    }
}

#[test]
fn openraft_2080_check_quorum_leaves_a_leader_alone_that_is_heard() {
    for nodes in [1, 2, 3, 5] {
        let mut s = Script::new("raft", &format!("nodes={nodes} seed=4 options.checkQuorum=true"));
        s.play("fire A election\n+9000ms\nrequest A set x 1\n+200ms");
        assert_eq!((s.leaders(), s.epoch("A"), count(&s, "check-quorum", None)), (vec!["A".into()], 1, 0));
        assert_eq!(s.client("C1"), "ok ok");
    }
}

// Reads by lease are judged (etcd 10996 and others: leases under clocks that are off).

#[test]
fn a_lease_keeps_its_word_while_clocks_keep_their_bound() {
    let mut old = 0;
    for (bound, seeds) in [(20, 0..40), (0, 0..40)] {
        for seed in seeds {
            let more = format!("options.readMode=lease options.clockBound={bound} network.latency=1..2");
            let mut s = Script::new("raft", &format!("nodes=3 seed={seed:x} {more}"));
            s.play("fire A election\n+100ms\nrequest A set x 1\n+50ms\nskew A -20%\nskew B +20%\nskew C +20%\n+700ms");
            if s.leaders() != ["A"] {
                continue;
            }
            s.play("partition A | B C");
            for n in 0..80 {
                s.play(&format!("+3ms\nrequest B set x {n}\nrequest C set x {n}\nrequest A get x"));
            }
            let violations = s.simulation.violations();
            if bound > 0 {
                let evidence = evidence(&s, "reads-never-go-back");
                assert!(evidence.contains("none of them old") && evidence.contains("20 %"), "{evidence}");
                assert_eq!(violations, Vec::new(), "seed {seed}");
                continue;
            }
            // Beyond the bound both promises may break, and each violation says that it is beyond it.
            for violation in &violations {
                assert_eq!(
                    violation.get("beyond"),
                    Some(&Value::list([Value::word("clocks-within")])),
                    "{violation:?}"
                );
            }
            let broken = s.violations();
            assert!(broken.contains(&"leases-end-in-time".to_string()), "seed {seed}: {broken:?}");
            old += usize::from(broken.contains(&"reads-never-go-back".to_string()));
        }
    }
    assert!(old > 0, "without the bound such clocks make old reads");
}

#[test]
fn an_old_read_by_lease_breaks_what_is_promised() {
    let words = "nodes=3 seed=5 network.latency=1..1 options.readMode=lease mutants=lease-never-ends";
    let mut s = Script::new("raft", words);
    s.play("fire A election\n+100ms\nrequest A set x 1\n+50ms\npartition A | B C\n+600ms");
    s.play("request B set x 2\nrequest C set x 2\n+50ms\nrequest A get x\n+9ms");
    assert_eq!(s.violations(), ["reads-never-go-back"]);
}

#[test]
fn a_clock_beyond_its_bound_is_beyond_the_fault_model_of_leases() {
    let beyond = |words: &str, input: &str| {
        let s = Script::new("raft", words);
        let input = s.simulation.parse(&Value::string(input)).expect(input);
        s.simulation.is_beyond(&input)
    };
    let lease = "nodes=3 seed=5 options.readMode=lease options.clockBound=5";
    assert!(beyond(lease, "skew A -6%") && beyond(lease, "offset A +1ms") && !beyond(lease, "skew A +5%"));
    assert!(!beyond(lease, "offset A +0ms") && !beyond("nodes=3 seed=5", "skew A -75%"));
}

/// A time-out that comes too early is no reason to break what a lease counts on.
#[test]
fn whoever_has_just_heard_from_a_leader_does_not_stand_during_its_lease() {
    let mut s = Script::new("raft", "nodes=3 seed=5 network.latency=1..1 options.readMode=lease");
    s.play("fire A election\n+120ms\ncut A <-> C\ncut A -> B\nfire B election\n+20ms");
    assert_eq!((s.role("B"), count(&s, "wait-for-lease", Some("B"))), ("follower".into(), 1));
}

#[test]
fn nobody_has_just_heard_from_a_leader_at_the_beginning() {
    let mut s = Script::new("raft", "nodes=3 seed=5 network.latency=1..1 options.readMode=lease");
    s.play("fire A election\n+9ms");
    assert_eq!((s.role("A"), count(&s, "ignore-vote-request", None)), ("leader".into(), 0));
    // B may have heard from A just before it crashed, and has forgotten it.
    s.play("+100ms\ncut A <-> C\n+155ms\ncut A -> B\ncrash B\nrestart B\nfire C election\n+2ms");
    assert_eq!((count(&s, "ignore-after-restart", Some("B")), s.role("C")), (1, "candidate".into()));
}

#[test]
fn equal_sites_look_equal() {
    let mut s = Script::new("gossip", "nodes=5 seed=5 options.style=anti-entropy options.exchange=push-pull");
    s.play("request E set c 3\nrequest A set b 2\nrequest C set a 1\n+2000ms");
    for site in s.names() {
        assert_eq!(text(&s, &site, "values"), "a=1 b=2 c=3", "{site}");
    }
}

// What a wipe breaks is broken at the wipe.

#[test]
fn an_answer_that_a_wipe_loses_is_lost_at_the_wipe() {
    let mut s = Script::new("raft", "nodes=1 seed=2");
    s.play("+400ms\nrequest set x 5\n+100ms\ncrash A\n+50ms\nwipe A");
    let says = "entry 2 was answered ok, and nobody holds it any more";
    assert_eq!(violation(&s), Some(("answers-survive".into(), 550.0, says.into())));
    let mut s = quiet(5, "");
    s.play("fire A election\n+9ms\nrequest A set x 5\n+9ms\ncrash A\nwipe A\ncrash B\nwipe B\n+9ms");
    assert_eq!(violation(&s), None, "three of five hold it");
    s.play("crash C\nwipe C");
    let says = "entry 2 was answered ok, and only D and E still hold it";
    assert_eq!(violation(&s), Some(("answers-survive".into(), 27.0, says.into())));
    let mut s = quiet(3, "");
    s.play("fire A election\n+9ms\nrequest A set x 5\n+9ms\ncrash A\nwipe A\ncrash B\nwipe B");
    let says = violation(&s).expect("it is lost").2;
    assert_eq!(says, "entry 2 was answered ok, and only C still holds it");
}

#[test]
fn a_promise_that_a_wipe_loses_is_lost_at_the_wipe() {
    let mut s = Script::new("paxos", "nodes.proposers=1 nodes.acceptors=3 nodes.learners=1 seed=2");
    s.play("request P1 propose olive\n+200ms\ncrash L1\nwipe L1\ncrash P1\nwipe P1\ncrash A2");
    assert_eq!(violation(&s), None);
    s.play("wipe A2");
    assert_eq!(violation(&s), Some(("promises-kept".into(), 200.0, "A2 has lost its promise of ballot 1".into())));
    let mut s = Script::new("multi-paxos", "nodes=3 seed=7");
    s.play("fire B election\n+200ms\ncrash C\nwipe C");
    assert_eq!(violation(&s), Some(("promises-kept".into(), 200.0, "C has lost its promise of ballot 2".into())));
    let mut s = Script::start("locked-acceptor", "decides");
    s.play("+480ms\ncrash A1\nwipe A1");
    assert_eq!(
        violation(&s),
        Some(("decided-once".into(), 500.0, "olive was decided, and the acceptor has lost it".into()))
    );
}

#[test]
fn a_lock_that_a_wipe_forgot_is_not_given_again_while_it_is_used() {
    let mut s = Script::new("locked-acceptor", "nodes.proposers=2 seed=1a network.latency=15..15");
    s.play("request P1 propose olive\n+46ms\nhold accept P1 -> A1\ncrash A1\nwipe A1\nrestart A1");
    s.play("request P2 propose fig\n+40ms");
    assert_eq!(s.violations(), ["one-holder"]);
}

// What a run is told to have come to, it has come to.

fn attempts(s: &Script) -> Vec<String> {
    let frame = s.frame();
    let rows = frame.get("table").and_then(|table| table.get("rows")?.as_list()).unwrap_or_default();
    let says = |row: &Value| {
        let says = row.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default().to_string();
        format!("{} {says}", row.get("epoch").map(Value::shown).unwrap_or_default())
    };
    rows.iter().map(says).collect()
}

#[test]
fn a_ballot_is_overtaken_when_no_majority_can_accept_it() {
    let words = "nodes.proposers=2 nodes.acceptors=3 nodes.learners=1 seed=2 network.latency=10..10 \
                 options.proposeAfter=60";
    let mut s = Script::new("paxos", words);
    s.play("request P1 propose olive\n+35ms\nrequest P2 propose fig\n+11ms");
    assert_eq!(attempts(&s), ["1 preparing", "2 preparing"], "no acceptor has heard of ballot 2");
    s.play("hold prepare P2 -> A2\nhold prepare P2 -> A3\n+10ms");
    assert_eq!(attempts(&s), ["1 preparing", "2 preparing"], "two of three may still accept ballot 1");
    s.play("deliver prepare P2 -> A2\n+1ms");
    assert_eq!(attempts(&s), ["1 overtaken", "2 preparing"]);
    s.play("crash P2");
    assert_eq!(attempts(&s), ["1 overtaken", "2 given up"], "nobody pursues it any more");
}

#[test]
fn every_script_of_a_start_still_plays() {
    for id in ["raft", "paxos", "locked-acceptor", "multi-paxos", "gossip"] {
        let catalog = script::entry(id).catalog(&[]);
        for start in catalog.get("starts").and_then(Value::as_list).unwrap_or_default() {
            let start = start.get("id").and_then(Value::as_text).unwrap_or_default();
            assert_eq!(Script::start(id, start).violations(), Vec::<String>::new(), "{id} {start}");
        }
    }
}
