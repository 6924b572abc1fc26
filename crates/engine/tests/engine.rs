//! The engine by a protocol that is not in the registry: the one that `cargo xtask new-protocol`
//! begins from.

#[path = "driven/mod.rs"]
mod driven;
#[path = "toy/mod.rs"]
mod toy;

use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

use driven::play;
use toy::Toy;

fn open(nodes: i64, latency: (i64, i64)) -> Simulation {
    let range = Value::list([Value::count(latency.0), Value::count(latency.1)]);
    let config = Value::map([
        ("protocol", Value::word("toy")),
        ("nodes", Value::count(nodes)),
        ("network", Value::map([("latency", range)])),
    ]);
    entry::<Toy>().open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(sim: &mut Simulation, line: &str) -> String {
    let before = sim.fingerprint();
    let input = sim.parse(&Value::string(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
    let error = sim.inject(input).expect_err(line);
    assert_eq!(sim.fingerprint(), before, "{line} changed something");
    error.message
}

/// The counts of all nodes: `1 1 0`.
fn counts(sim: &Simulation) -> String {
    let frame = sim.frame(0);
    let count = |node: &Value| {
        let fields = node.get("fields").and_then(Value::as_list).unwrap_or_default();
        fields[0].get("value").and_then(Value::as_whole).unwrap_or(-1).to_string()
    };
    let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
    nodes.iter().map(count).collect::<Vec<_>>().join(" ")
}

fn messages(sim: &Simulation, fate: &str) -> Vec<i64> {
    let frame = sim.frame(0);
    let all = frame.get("messages").and_then(Value::as_list).unwrap_or_default();
    let with = |m: &&Value| m.get("fate").and_then(Value::as_text) == Some(fate);
    all.iter().filter(with).filter_map(|m| m.get("id")?.as_whole()).collect()
}

#[test]
fn a_crash_keeps_the_disk_and_a_wipe_does_not() {
    let mut sim = open(1, (1, 1));
    play(&mut sim, "request A count 5; +5; crash A; +100; restart A");
    assert_eq!(counts(&sim), "5");
    play(&mut sim, "crash A; wipe A; restart A");
    assert_eq!(counts(&sim), "0");
    assert!(refused(&mut sim, "wipe A").contains("crash A"));
}

#[test]
fn nodes_join_and_leave() {
    let mut sim = open(2, (1, 1));
    assert!(refused(&mut sim, "join D").contains("next node to join is C"));
    play(&mut sim, "join C; request A count 3; +200");
    assert_eq!(counts(&sim), "3 3 3");
    play(&mut sim, "leave B; request A count 1; +200");
    assert_eq!(counts(&sim), "4 4", "B has left the frame");
    assert!(refused(&mut sim, "restart B").contains("has left"));
    let copy = entry::<Toy>().replay(&sim.recording()).map(|mut copy| {
        copy.seek(sim.now());
        copy.fingerprint()
    });
    assert_eq!(copy, Ok(sim.fingerprint()));
}

#[test]
fn a_paused_node_s_messages_and_timers_wait() {
    let mut sim = open(2, (1, 1));
    play(&mut sim, "+10; pause B; request A count 3; +500");
    assert_eq!(counts(&sim), "3 0");
    assert!(!messages(&sim, "held").is_empty(), "they wait at its door");
    play(&mut sim, "resume B");
    assert_eq!(counts(&sim), "3 3", "done at the instant that it resumes");
    assert!(refused(&mut sim, "resume B").contains("is up"));
}

#[test]
fn messages_are_held_dropped_delayed_doubled_and_delivered_one_by_one() {
    let mut sim = open(2, (10, 10));
    play(&mut sim, "request A count 2; +11; fire A tell");
    let id = *messages(&sim, "flying").last().expect("A tells B");
    play(&mut sim, &format!("hold #{id}; +40"));
    assert_eq!((counts(&sim).as_str(), messages(&sim, "held")), ("2 0", vec![id]));
    play(&mut sim, &format!("deliver #{id}"));
    assert_eq!(counts(&sim), "2 2");
    play(
        &mut sim,
        "request A count 2; +11; fire A tell; duplicate tell A -> B; drop tell A -> B; delay tell A -> B 20ms; +12",
    );
    assert_eq!(counts(&sim), "4 2", "dropped, and its copy delayed");
    play(&mut sim, "+30");
    assert_eq!(counts(&sim), "4 4");
    assert!(refused(&mut sim, "drop #99999").contains("in flight"));
}

#[test]
fn a_message_is_lost_if_its_link_is_cut_at_any_moment_of_its_flight() {
    let mut sim = open(2, (10, 10));
    play(&mut sim, "request A count 1; +11; fire A tell; +5; cut A -> B; mend A -> B; +6");
    assert_eq!(counts(&sim), "1 0", "mended in time, and lost all the same");
    play(&mut sim, "cut A -> B; fire A tell; fire B tell; +1; mend A -> B; +9");
    assert_eq!(counts(&sim), "1 0", "sent over a cut link");
    let mut lost = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| {
        let says = record.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
        if says.starts_with("B is cut off") {
            lost.extend(record.get("time").and_then(Value::as_number).map(|time| time / 1_000_000));
        }
    });
    assert_eq!(lost, [16, 27], "where it is cut, or half-way to where it never comes");
    play(&mut sim, "fire A tell; +11");
    assert_eq!(counts(&sim), "1 1");
}

#[test]
fn a_message_to_a_crashed_node_is_lost_on_arrival_and_its_own_keep_flying() {
    let mut sim = open(2, (10, 10));
    play(&mut sim, "request A count 1; +11; fire A tell; crash A; +11");
    assert_eq!(counts(&sim), "1 1", "A crashed, and its message flew on");
    play(&mut sim, "fire B tell; +11");
    assert!(!messages(&sim, "lost").is_empty());
}

#[test]
fn a_partition_has_any_sides_and_clients_only_where_they_are_named() {
    let mut sim = open(5, (1, 1));
    play(&mut sim, "partition A B | C D; request A count 2; request E count 1; +200");
    assert_eq!(counts(&sim), "2 2 0 0 1", "E is a side of its own");
    play(&mut sim, "partition A C1 | B C D E; request by C1 B count 9; +200");
    assert!(!counts(&sim).contains('9'), "C1 cannot reach B");
    play(&mut sim, "heal; +200");
    assert_eq!(counts(&sim), "2 2 2 2 2");
    assert!(refused(&mut sim, "partition A B C D E").contains("two sides"));
    assert!(refused(&mut sim, "partition A A | B").contains("only once"));
}

#[test]
fn clocks_drift_and_timers_with_them() {
    let mut sim = open(2, (1, 1));
    let told = |sim: &Simulation| {
        let mut times = [0; 2];
        sim.each_record(0, u64::MAX, &mut |record| {
            if record.get("rule").and_then(Value::as_text) == Some("tell") {
                times[record.get("node").and_then(Value::as_whole).unwrap_or(0) as usize] += 1;
            }
        });
        times
    };
    play(&mut sim, "skew A +100%; skew B -50%; +1000");
    assert_eq!(told(&sim), [40, 10], "every 50 ms by its own clock");
}

#[test]
fn a_link_keeps_its_order_where_it_must() {
    let range = Value::list([Value::count(1), Value::count(100)]);
    let network = Value::map([("latency", range), ("reorder", Value::Bool(false))]);
    let config = Value::map([("protocol", Value::word("toy")), ("nodes", Value::count(2)), ("network", network)]);
    let mut sim = entry::<Toy>().open(&config, &mut || 3).unwrap_or_else(|error| panic!("{error}"));
    for _ in 0..40 {
        play(&mut sim, "request A count 1; +7; fire A tell");
    }
    play(&mut sim, "+300");
    let mut last = [0; 2];
    sim.each_record(0, u64::MAX, &mut |record| {
        let (what, node) = (record.get("what").and_then(Value::as_text), record.get("node").and_then(Value::as_whole));
        if let (Some("deliver"), Some(node @ 1), Some(id)) =
            (what, node, record.get("message").and_then(Value::as_whole))
        {
            assert!(id > last[node as usize], "overtaken");
            last[node as usize] = id;
        }
    });
    assert!(last[1] > 0);
}

#[test]
fn one_more_message_on_a_link_moves_no_other_link_s_delays() {
    let arrivals = |more: &str| {
        let mut sim = open(3, (10, 30));
        play(&mut sim, more);
        play(&mut sim, "+400");
        let mut at_c = Vec::new();
        sim.each_record(0, u64::MAX, &mut |record| {
            let to_c = record.get("node").and_then(Value::as_whole) == Some(2);
            let text = record.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
            if to_c && record.get("what").and_then(Value::as_text) == Some("deliver") && text.contains("from B") {
                at_c.push(record.get("time").cloned());
            }
        });
        at_c
    };
    assert_eq!(arrivals("+1"), arrivals("fire A tell; +1"));
}

#[test]
fn an_instant_with_no_latency_is_finite() {
    let mut sim = open(5, (0, 0));
    play(&mut sim, "request count 1; +500");
    assert_eq!(counts(&sim), "1 1 1 1 1");
}

fn node(sim: &Simulation, name: &str) -> Value {
    let frame = sim.frame(0);
    let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
    let named = |node: &&Value| node.get("name").and_then(Value::as_text) == Some(name);
    nodes.iter().find(named).cloned().unwrap_or(Value::Null)
}

/// A node's won tally: `2 of 3 for 1 at 11`, or nothing.
fn won(sim: &Simulation, name: &str) -> String {
    let node = node(sim, name);
    let Some(won) = node.get("won").filter(|won| **won != Value::Null) else {
        return String::new();
    };
    let number = |key: &str| won.get(key).and_then(Value::as_whole).unwrap_or(-1);
    let have = won.get("have").and_then(Value::as_list).unwrap_or_default().len();
    assert_eq!((number("need"), won.get("refused")), (2, Some(&Value::list([]))));
    format!("{have} of {} for {} at {}", number("of"), number("epoch"), number("time"))
}

#[test]
fn the_tally_that_a_node_last_won_is_known_at_every_time_and_is_no_state() {
    let mut sim = open(3, (10, 10));
    play(&mut sim, "+1; request A count 1; +10; fire A tell; +15");
    assert_eq!((won(&sim, "A"), won(&sim, "B")), (String::new(), "2 of 3 for 1 at 21".into()));
    play(&mut sim, "+74");
    assert_eq!(won(&sim, "A"), "2 of 3 for 1 at 60", "B told it, 50 ms after the start");
    let (now, whole) = (sim.now(), won(&sim, "A"));
    play(&mut sim, "crash A; +1; restart A; +1");
    assert_eq!(won(&sim, "A"), "", "a crash takes it away");
    sim.seek(59_999);
    assert_eq!(won(&sim, "A"), "");
    sim.seek(now);
    assert_eq!(won(&sim, "A"), "", "the crash was done at this instant");
    sim.seek(now - 1);
    assert_eq!(won(&sim.clone(), "A"), whole);
    play(&mut sim, "request A count 1; +1");
    assert_eq!(won(&sim, "A"), whole, "in a branch too");
    let mut again = entry::<Toy>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
    again.seek(sim.now());
    assert_eq!((won(&again, "A"), again.fingerprint()), (whole, sim.fingerprint()));
}

/// Where a message is: when it was last moved and how far it had come, and when it arrives.
fn place(sim: &Simulation, id: i64) -> (String, i64) {
    let frame = sim.frame(0);
    let all = frame.get("messages").and_then(Value::as_list).unwrap_or_default();
    let message = all.iter().find(|message| message.get("id").and_then(Value::as_whole) == Some(id));
    let message = message.unwrap_or_else(|| panic!("no message {id}"));
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_number).unwrap_or(-1);
    let moved = message.get("moved").filter(|moved| **moved != Value::Null).map_or(String::new(), |moved| {
        format!("{} of its way at {}", number(moved, "u"), number(moved, "at") / 1_000_000)
    });
    (moved, number(message, "arrives") / 1_000_000)
}

#[test]
fn a_message_that_is_moved_goes_on_from_where_it_is() {
    let mut sim = open(2, (10, 10));
    let now = |sim: &Simulation| sim.now() as i64 / 1_000;
    play(&mut sim, "request A count 1; +11; fire A tell; +4");
    let id = *messages(&sim, "flying").last().expect("A tells B");
    assert_eq!(place(&sim, id), (String::new(), 21));
    play(&mut sim, &format!("delay #{id} 14ms"));
    assert_eq!(place(&sim, id), ("400000 of its way at 15".into(), 35));
    play(&mut sim, "+10");
    play(&mut sim, &format!("delay #{id} 5ms; duplicate #{id}"));
    assert_eq!(place(&sim, id), ("700000 of its way at 25".into(), 40), "from its place, not from its start");
    let copy = *messages(&sim, "flying").iter().max().expect("a copy");
    assert_eq!(place(&sim, copy).0, "700000 of its way at 25", "and so does a copy");
    play(&mut sim, &format!("+5; hold #{id}; +100"));
    assert_eq!(place(&sim, id), ("800000 of its way at 30".into(), 40), "it stands where it was stopped");
    assert_eq!(now(&sim), 130);
    play(&mut sim, &format!("drop #{id}"));
    assert_eq!(place(&sim, id).0, "800000 of its way at 130", "and is lost there");
    let before = sim.fingerprint();
    sim.seek(27_000);
    assert_eq!(place(&sim, id), ("700000 of its way at 25".into(), 40));
    sim.seek(130_000);
    assert_eq!(sim.fingerprint(), before);
}

#[test]
fn a_message_that_waits_for_a_paused_node_stands_at_its_door() {
    let mut sim = open(2, (10, 10));
    play(&mut sim, "pause B; request A count 1; +11; fire A tell; +20");
    let id = *messages(&sim, "held").last().expect("it waits");
    assert_eq!(place(&sim, id).0, "1000000 of its way at 21");
}
