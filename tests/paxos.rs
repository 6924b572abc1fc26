//! Paxos against its paper and against the cases that textbooks draw.

use synod_engine::value::Value;
use synod_tests::script::Script;

/// The rules that fired, as `A1 promise`, in order.
fn fired(s: &Script) -> Vec<String> {
    let mut fired = Vec::new();
    let names = s.names();
    s.simulation.each_record(0, u64::MAX, &mut |record| {
        let rule = record.get("rule").and_then(Value::as_text).map(str::to_string);
        if let (Some(rule), Some(node)) = (rule, record.get("node").and_then(Value::as_whole)) {
            fired.push(format!("{} {rule}", names[node as usize]));
        }
    });
    fired
}

fn text(s: &Script, node: &str, field: &str) -> String {
    let value = s.field(node, field);
    value.map_or("-".into(), |value| match value.as_whole() {
        Some(number) => number.to_string(),
        None => value.as_text().unwrap_or_default().to_string(),
    })
}

fn all(s: &Script, nodes: &[&str], field: &str) -> String {
    nodes.iter().map(|node| text(s, node, field)).collect::<Vec<_>>().join(", ")
}

fn position(fired: &[String], what: &str) -> usize {
    fired.iter().position(|known| known == what).unwrap_or_else(|| panic!("{what} is not in {fired:?}"))
}

#[test]
fn without_a_failure_two_phases_choose_and_every_learner_knows() {
    let mut s = Script::start("paxos", "no-failure");
    s.play("+120ms");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "promised"), "1, 1, 1");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "accepted"), "1 olive, 1 olive, 1 olive");
    assert_eq!(all(&s, &["L1", "L2"], "chosen"), "olive, olive");
    assert_eq!(s.client("C1"), "ok olive");
    let fired = fired(&s);
    assert_eq!(fired.iter().filter(|rule| rule.ends_with("prepare")).count(), 1);
    assert!(position(&fired, "P1 prepare") < position(&fired, "A1 promise"));
    assert!(position(&fired, "P1 propose-own") < position(&fired, "A1 accept"));
}

#[test]
fn one_of_three_acceptors_may_fail_and_two_may_not() {
    let mut s = Script::start("paxos", "acceptor-fails");
    s.play("+150ms");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "accepted"), "1 olive, 1 olive, -");
    assert_eq!(s.client("C1"), "ok olive");
    let mut s = Script::new("paxos", "nodes.proposers=1 nodes.acceptors=3 nodes.learners=1 seed=2");
    s.play("crash A2\ncrash A3\nrequest P1 propose olive\n+3000ms");
    assert_eq!((text(&s, "L1", "chosen"), s.client("C1")), ("-".into(), "unknown".into()));
    s.play("restart A3\n+3000ms");
    assert_eq!(text(&s, "L1", "chosen"), "olive", "it was only waiting for a majority");
}

#[test]
fn a_value_survives_its_proposer() {
    let mut s = Script::start("paxos", "proposer-fails");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "accepted"), "1 olive, -, -", "P1 reached one acceptor");
    s.play("+400ms");
    assert_eq!(all(&s, &["A1", "A2"], "accepted"), "2 olive, 2 olive");
    assert!(fired(&s).contains(&"P2 carry-value".to_string()));
    assert_eq!(s.client("C2"), "ok olive", "whoever asked for fig is told olive");
}

#[test]
fn a_value_that_no_promise_mentions_need_not_survive() {
    let mut s = Script::start("paxos", "proposer-fails");
    s.play("crash A1\n+400ms");
    assert_eq!(
        all(&s, &["A2", "A3"], "accepted"),
        "4 fig, 4 fig",
        "with ballot 2 it had one promise, which is no majority"
    );
    s.play("restart A1\n+1500ms");
    assert_eq!(s.violations(), Vec::<String>::new());
}

#[test]
fn a_duel_goes_on_without_a_pause_and_ends_with_a_random_one() {
    let mut s = Script::start("paxos", "duel");
    s.play("+10000ms");
    let given_up = fired(&s).iter().filter(|rule| rule.ends_with("give-up")).count();
    assert!(given_up > 100, "{given_up} ballots were overtaken");
    assert_eq!(all(&s, &["L1", "L2"], "chosen"), "-, -");
    let mut s = Script::start("paxos", "duel-ended");
    s.play("+3000ms");
    assert_ne!(text(&s, "L1", "chosen"), "-");
    assert_eq!(s.client("C1"), s.client("C2"), "both clients are told the same");
}

/// The seeds' first example: A proposes 3 with number 1, B proposes 5 with number 2.
#[test]
fn three_and_five() {
    let mut s = Script::start("paxos", "three-and-five");
    s.play("+200ms");
    let fired = fired(&s);
    // A and B promise both numbers; C, which heard of 2 first, refuses 1.
    let promised = |node: &str| fired.iter().filter(|rule| **rule == format!("{node} promise")).count();
    assert_eq!((promised("A"), promised("B"), promised("C")), (2, 2, 1));
    assert!(position(&fired, "C promise") < position(&fired, "C refuse"));
    // Both had a majority of promises, so both ask to accept; the three refuse number 1, and say so.
    let refusals = fired.iter().filter(|rule| rule.ends_with("refuse")).count();
    assert!(refusals >= 4, "{refusals}: C refused to promise, and all three refused to accept");
    assert!(position(&fired, "A propose-own") < position(&fired, "A give-up"), "A goes back to preparing");
    assert!(fired.contains(&"B propose-own".to_string()), "B was told of no proposal, and is free");
    assert_eq!(all(&s, &["A", "B", "C"], "accepted"), "2 5, 2 5, 2 5");
    assert_eq!(all(&s, &["A", "B", "C"], "chosen"), "5, 5, 5");
    assert_eq!((s.client("C1"), s.client("C2")), ("ok 5".into(), "ok 5".into()));
}

/// The seeds' second example. Their proposer B, with number 3, is P3 here, and A, with 4, is P1.
#[test]
fn three_six_becomes_four_six() {
    let mut s = Script::start("paxos", "six-carried");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "accepted"), "3 6, -, -", "A1 alone accepted 3,6");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "promised"), "4, 4, 4");
    s.play("+30ms");
    let so_far = fired(&s);
    // A2 and A3 heard of 4 before 3,6 reached them; A1's promise says what it has accepted.
    assert!(position(&so_far, "A2 promise") < position(&so_far, "A2 refuse"));
    assert!(so_far.contains(&"P3 give-up".to_string()), "P3 goes back to preparing");
    assert!(so_far.contains(&"P1 carry-value".to_string()), "P1 must propose 6, though it wanted 7");
    assert_eq!(all(&s, &["A1", "A2", "A3"], "accepted"), "4 6, 4 6, 4 6");
    s.play("+600ms");
    assert_eq!(text(&s, "L1", "chosen"), "6");
    assert_eq!((s.client("C1"), s.client("C2")), ("ok 6".into(), "ok 6".into()));
}

#[test]
fn a_learner_that_missed_it_asks() {
    let mut s = Script::new("paxos", "nodes.proposers=1 nodes.acceptors=3 nodes.learners=2 seed=5");
    s.play("crash L2\nrequest P1 propose olive\n+200ms\nrestart L2");
    assert_eq!(text(&s, "L2", "chosen"), "-");
    s.play("+1100ms");
    assert_eq!(text(&s, "L2", "chosen"), "olive");
}

#[test]
fn a_distinguished_learner_saves_messages() {
    let sent = |options: &str| {
        let words = format!("nodes.proposers=1 nodes.acceptors=5 nodes.learners=4 seed=5 {options}");
        let mut s = Script::new("paxos", &words);
        s.play("request P1 propose olive\n+200ms");
        assert_eq!(all(&s, &["L1", "L2", "L3", "L4"], "chosen"), "olive, olive, olive, olive");
        s.frame().get("traffic").and_then(|traffic| traffic.get("sent")?.as_whole()).unwrap_or(0)
    };
    // 5 prepares, 5 promises, 5 accepts and 5 acceptances to the proposer; then 5 to each of four
    // learners, or 5 to one learner and 3 from it.
    assert_eq!(sent(""), 20 + 20);
    assert_eq!(sent("options.distinguishedLearner=true"), 20 + 5 + 3);
}

#[test]
fn ballots_are_unique_to_a_proposer() {
    let mut s = Script::new(
        "paxos",
        "nodes.proposers=3 nodes.acceptors=3 nodes.learners=1 seed=9 options.backoff=none options.proposeAfter=20 network.latency=15..15",
    );
    s.play("request P1 propose a\n+40ms\nrequest P2 propose b\n+35ms\nrequest P3 propose c\n+900ms");
    let frame = s.frame();
    let rows = frame.get("table").and_then(|table| table.get("rows")?.as_list()).unwrap_or_default();
    assert!(rows.len() > 6);
    for row in rows {
        let ballot = row.get("epoch").and_then(Value::as_whole).unwrap_or(-1);
        let cells = row.get("cells").and_then(Value::as_list).unwrap_or_default();
        let proposer = cells.first().and_then(Value::as_text).and_then(|name| name[1..].parse::<i64>().ok());
        assert_eq!(ballot % 3, proposer.unwrap_or(-1) % 3);
    }
}

#[test]
fn one_locked_acceptor_decides() {
    let mut s = Script::start("locked-acceptor", "decides");
    s.play("+500ms");
    assert_eq!((text(&s, "A1", "value"), text(&s, "A1", "lock")), ("olive".into(), "-".into()));
    assert_eq!((s.client("C1"), s.client("C2")), ("ok olive".into(), "ok olive".into()));
}

#[test]
fn one_locked_acceptor_blocks_for_ever_when_the_holder_dies() {
    let mut s = Script::start("locked-acceptor", "blocks");
    s.play("+1000000ms");
    assert_eq!((text(&s, "A1", "value"), text(&s, "A1", "lock")), ("-".into(), "P1".into()));
    assert_eq!(s.client("C2"), "unknown");
    assert!(fired(&s).iter().filter(|rule| *rule == "A1 refuse-lock").count() > 1_000);
}
