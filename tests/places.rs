//! Raft in places: what a commit takes is the round trip to the nearest place that makes a majority, and what a
//! frame says of it is measured in the run. Time-outs and heartbeats are a minute, so that nothing else happens.

use synod_engine::value::Value;
use synod_tests::Script;

const STILL: &str = "options.electionTimeout=60000..60000 options.heartbeat=60000";

fn in_places(preset: &str, nodes: u32) -> Script {
    Script::new("raft", &format!("nodes={nodes} seed=1 network.places={preset} {STILL}"))
}

/// The node stands for election and leads, and its no-op is everywhere.
fn elect(s: &mut Script, node: &str) {
    s.play(&format!("fire {node} election\n+1000ms"));
    assert_eq!(s.node(node).get("role").and_then(Value::as_text), Some("leader"), "{node}");
}

/// `C D A by A in 72: C 0, D 1, A 72`: for whom the last commit waited, and when each answered.
fn waits(s: &Script) -> String {
    let frame = s.frame();
    let Some(last) = frame.get("lastCommit").filter(|last| **last != Value::Null) else {
        return "-".into();
    };
    let names = s.names();
    let name = |node: &Value| node.as_whole().map_or("-".to_string(), |node| names[node as usize].clone());
    let ms = |of: &Value, key: &str| of.get(key).map_or_else(String::new, Value::shown);
    let list = |key: &str| last.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
    let waited: Vec<String> = list("waited").iter().map(name).collect();
    let ack = |ack: &Value| format!("{} {}", ack.get("node").map(name).unwrap_or_default(), ms(ack, "ms"));
    let acks: Vec<String> = list("acks").iter().map(ack).collect();
    let by = last.get("decidedBy").map(name).unwrap_or_default();
    format!("{} by {by} in {}: {}", waited.join(" "), ms(last, "ms"), acks.join(", "))
}

/// `set x 5: 8 6` for each of the newest commands: messages, and how many cross places.
fn costs(s: &Script) -> String {
    let frame = s.frame();
    let all = frame.get("costs").and_then(Value::as_list).unwrap_or_default();
    let number = |cost: &Value, key: &str| cost.get(key).and_then(Value::as_whole).unwrap_or(-1);
    let one = |cost: &Value| {
        let command = cost.get("command").and_then(Value::as_text).unwrap_or_default();
        format!("{command}: {} {}", number(cost, "messages"), number(cost, "crossing"))
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_commit_waits_for_the_nearer_coast_and_the_far_one_comes_too_late() {
    let mut s = in_places("three-regions", 5);
    elect(&mut s, "C");
    s.play("request C set x 5\n+36ms");
    assert_eq!(costs(&s), "set x 5: 4 3", "D is near, A and B and E are not");
    s.play("+73ms");
    assert_eq!(waits(&s), "C D A by A in 72: C 0, D 1, A 72, B 72", "E is still on its way");
    s.play("+20ms");
    assert_eq!(waits(&s), "C D A by A in 72: C 0, D 1, A 72, B 72, E 80");
    assert_eq!(costs(&s), "set x 5: 8 6");
    let (now, print) = (s.simulation.now(), s.fingerprint());
    let (waited, cost) = (waits(&s), costs(&s));
    s.simulation.seek(now - 15_000);
    assert_eq!(waits(&s), "C D A by A in 72: C 0, D 1, A 72, B 72");
    s.simulation.seek(now);
    assert_eq!((waits(&s), costs(&s), s.fingerprint()), (waited, cost, print));
    let fork = Script { simulation: s.simulation.clone() };
    assert_eq!((waits(&fork), costs(&fork)), (waits(&s), costs(&s)), "a copy knows it too");
}

/// Whoever answers for the one holds no other yet.
#[test]
fn each_of_two_commands_has_its_own_answers() {
    let mut s = in_places("three-regions", 5);
    elect(&mut s, "C");
    s.play("request C set x 5\n+10ms\nrequest C set x 6\n+100ms");
    assert_eq!(waits(&s), "C D A by A in 72: C 0, D 1, A 72, B 72", "C1 asked first, from farther away");
    assert_eq!(costs(&s), "set x 5: 8 6, set x 6: 8 6");
}

/// Slower, and not down.
#[test]
fn where_a_place_is_lost_the_next_one_decides() {
    let mut s = in_places("three-regions", 5);
    elect(&mut s, "C");
    s.play("crash A\nrequest C set x 5\n+300ms");
    assert!(waits(&s).starts_with("C D B by B in 72"), "{}", waits(&s));
    s.play("crash us-west\nrequest C set x 6\n+300ms");
    assert_eq!(waits(&s), "C D E by E in 80: C 0, D 1, E 80");
    s.play("move E us-east\nrequest C set x 7\n+300ms");
    assert_eq!(waits(&s), "C D E by E in 1: C 0, D 1, E 1", "the far one stands here now");
    s.play("move C europe\nrequest C set x 8\n+300ms");
    assert!(waits(&s).starts_with("C D E by E in 80"), "{}", waits(&s));
    assert_eq!(costs(&s), "set x 5: 7 5, set x 6: 6 4, set x 7: 6 2, set x 8: 6 6");
}

/// The leader waits for as many others as make a majority with it: of these the slowest decides.
#[test]
fn a_commit_takes_the_round_trip_to_the_last_that_is_needed() {
    for (preset, nodes) in [("three-regions", 5), ("five-regions", 5), ("five-regions", 7), ("three-zones", 3)] {
        for leader in 0..nodes as usize {
            let mut s = in_places(preset, nodes);
            let name = s.names()[leader].clone();
            elect(&mut s, &name);
            s.play(&format!("request {name} set x 5\n+1000ms"));
            let mut trips: Vec<i64> = (0..nodes as usize).map(|node| trip(&s, leader, node)).collect();
            trips.sort_unstable();
            let frame = s.frame();
            let took = frame.get("lastCommit").and_then(|last| last.get("ms")?.as_number());
            assert_eq!(took.map(|ms| ms / 1_000), Some(trips[nodes as usize / 2]), "{name} leads {nodes} in {preset}");
            assert_eq!(s.violations(), Vec::<String>::new());
        }
    }
}

/// The round trip between two nodes in microseconds, by the configuration.
fn trip(s: &Script, a: usize, b: usize) -> i64 {
    let setup = s.simulation.setup();
    let network = setup.get("network").expect("a network");
    let inside = network.get("latency").and_then(Value::as_list).map_or(0, |range| range[0].as_number().unwrap_or(0));
    let names = s.names();
    let places = network.get("places").and_then(Value::as_list).expect("places");
    let stands = |node: usize| {
        let here = |place: &&Value| {
            let nodes = place.get("nodes").and_then(Value::as_list).unwrap_or_default();
            nodes.iter().any(|name| name.as_text() == Some(&names[node]))
        };
        places.iter().find(here).and_then(|place| place.get("id")?.as_text()).expect("it stands somewhere")
    };
    let (one, other) = (stands(a), stands(b));
    let rtt = network.get("rtt").expect("round trips");
    let both = [format!("{one} {other}"), format!("{other} {one}")];
    match both.iter().find_map(|pair| rtt.get(pair)?.as_number()) {
        Some(trip) => trip / 1_000,
        None if a == b => 0,
        None => 2 * inside / 1_000,
    }
}

#[test]
fn a_run_without_places_says_nothing_of_them() {
    let mut s = Script::new("raft", &format!("nodes=3 seed=1 {STILL}"));
    elect(&mut s, "A");
    s.play("request A set x 5\n+300ms");
    let frame = s.frame();
    assert_eq!((frame.get("places"), frame.get("lastCommit")), (Some(&Value::Null), Some(&Value::Null)));
    assert_eq!((waits(&s), costs(&s)), ("-".into(), String::new()));
}
