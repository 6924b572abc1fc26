//! Clients that are machines of a protocol's own: state over commands, a clock, several nodes, timers; and the
//! history of what they did.

#[path = "courier/mod.rs"]
mod courier;
#[path = "driven/mod.rs"]
mod driven;
#[path = "toy/mod.rs"]
mod toy;

use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

use courier::Courier;
use driven::{done, play};

fn config(id: &'static str) -> Value {
    let network = Value::map([("latency", Value::list([Value::count(10), Value::count(10)]))]);
    Value::map([("protocol", Value::word(id)), ("network", network)])
}

fn open() -> Simulation {
    entry::<Courier>().open(&config("courier"), &mut || 7).unwrap_or_else(|error| panic!("{error}"))
}

fn client(sim: &Simulation, name: &str) -> Value {
    let frame = sim.frame(0);
    let clients = frame.get("clients").and_then(Value::as_list).unwrap_or_default();
    let named = |client: &&Value| client.get("name").and_then(Value::as_text) == Some(name);
    clients.iter().find(named).cloned().unwrap_or_else(|| panic!("no client {name}"))
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_text).unwrap_or_default().to_string()
}

/// Its state and what it was told.
fn told(sim: &Simulation, name: &str) -> String {
    let client = client(sim, name);
    format!("{} {}", text(&client, "state"), text(&client, "answer")).trim().to_string()
}

fn evidence(sim: &Simulation) -> String {
    let frame = sim.frame(0);
    let promise = &frame.get("promises").and_then(Value::as_list).unwrap_or_default()[0];
    promise.get("says").map(|says| text(says, "en")).unwrap_or_default()
}

/// The history in a line each: client, node, key, kind, value, result, call and answer in ms.
fn history(sim: &Simulation) -> Vec<String> {
    let history = sim.history();
    let keys = ["client", "node", "key", "kind", "value", "result", "call", "answer"];
    let line = |one: &Value| {
        let part = |key: &str| match one.get(key) {
            Some(Value::Text(text)) => text.to_string(),
            Some(Value::Null) => "-".into(),
            other => other.map(Value::shown).unwrap_or_else(|| "?".into()),
        };
        keys.map(part).join(" ")
    };
    history.as_list().unwrap_or_default().iter().map(line).collect()
}

#[test]
fn a_client_keeps_its_machine_over_its_commands() {
    let mut sim = open();
    play(&mut sim, "request by C1 put 3; request by C2 put 4; +30; request by C1 put 5; +30");
    assert_eq!(told(&sim, "C1"), "ok trip 2 at 50000");
    assert_eq!(told(&sim, "C2"), "ok trip 1 at 20000");
    assert_eq!(evidence(&sim), "3 trips: ok ok ok");
    let lines = ["C1 - x put 3 ok 0 20", "C2 - x put 4 ok 0 20", "C1 - x put 5 ok 30 50"];
    assert_eq!(history(&sim), lines);
}

#[test]
fn what_a_node_tells_a_client_s_machine_is_a_send() {
    let mut sim = open();
    play(&mut sim, "crash A after 0 sends; request by C1 A put 3; +30");
    let nodes = sim.frame(0).get("nodes").and_then(Value::as_list).unwrap_or_default().to_vec();
    assert_eq!((text(&nodes[0], "status"), told(&sim, "C1")), ("crashed".into(), "waiting".into()));
}

#[test]
fn a_request_without_a_name_goes_to_one_that_is_idle_and_up() {
    let mut sim = open();
    play(&mut sim, "request put 1; request put 2; +30; pause C1; request put 3; +30");
    assert_eq!(told(&sim, "C2"), "ok trip 2 at 50000");
    assert_eq!(done(&mut sim, "request by C1 put 4"), Err("C1 is paused; resume C1 would be right".into()));
}

#[test]
fn a_request_that_names_a_node_says_so_to_the_machine() {
    let mut sim = open();
    play(&mut sim, "request by C1 B put 3; +30");
    assert_eq!(told(&sim, "C1"), "waiting");
    play(&mut sim, "+1000");
    assert_eq!(told(&sim, "C1"), "failed", "one took it, and two were needed");
    assert_eq!(history(&sim), ["C1 1 x put 3 unknown 0 540"], "four of the slowest flights and half a second");
    assert_eq!(evidence(&sim), "1 trips: failed");
}

#[test]
fn its_clock_is_its_own() {
    let mut sim = open();
    play(
        &mut sim,
        "offset C1 +5000ms; skew C2 +100%; request by C1 put 1; request by C2 put 2; request by C3 put 3; +30",
    );
    assert_eq!(told(&sim, "C1"), "ok trip 1 at 5020000");
    assert_eq!(told(&sim, "C2"), "ok trip 1 at 40000");
    assert_eq!(told(&sim, "C3"), "ok trip 1 at 20000");
    let rate = client(&sim, "C2").get("clock").and_then(|clock| clock.get("rate")).cloned();
    assert_eq!(rate, Some(Value::count(1)));
    // Its patience is by its own clock too: twice as fast, so half as long.
    play(&mut sim, "crash A; crash B; request by C2 put 4; +280");
    assert_eq!(told(&sim, "C2"), "failed");
}

#[test]
fn a_paused_client_hears_when_it_goes_on_and_its_timers_stand_still() {
    let mut sim = open();
    play(&mut sim, "request by C1 put 1; +5; pause C1; +1000");
    assert_eq!(told(&sim, "C1"), "waiting");
    assert_eq!(text(&client(&sim, "C1"), "status"), "paused");
    play(&mut sim, "resume C1");
    assert_eq!(told(&sim, "C1"), "ok trip 1 at 1005000");
    assert_eq!(done(&mut sim, "resume C1"), Err("C1 is not paused; pause C1 would be right".into()));
    play(&mut sim, "crash B; crash C; request by C1 put 1; +100; pause C1; +1000; resume C1; +400");
    assert_eq!(told(&sim, "C1"), "waiting");
    play(&mut sim, "+50");
    assert_eq!(told(&sim, "C1"), "failed");
    play(&mut sim, "request by C1 put 1; fire C1 patience");
    assert_eq!(told(&sim, "C1"), "failed");
}

#[test]
fn a_client_can_be_cut_off_by_name() {
    let mut sim = open();
    play(&mut sim, "partition C1 A | B C; request by C1 put 1; request by C2 put 2; +600");
    assert_eq!((told(&sim, "C1"), told(&sim, "C2")), ("failed".into(), "ok trip 1 at 20000".into()));
}

#[test]
fn what_a_client_does_is_told_as_sentences() {
    let mut sim = open();
    play(&mut sim, "request by C1 put 3; +9; pause C1; +30; resume C1; +1");
    let mut told = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| {
        told.push(record.get("says").map(|says| text(says, "en")).unwrap_or_default())
    });
    for says in [
        "A receives a number from C1.",
        "A takes 3 from a client.",
        "C1 is paused, so a receipt from A must wait.",
        "C1 receives a receipt from A.",
        "C1 hears that A took it, 1 so far.",
        "C1 hears that B took it, 2 so far.",
    ] {
        assert!(told.contains(&says.to_string()), "{says} among {told:#?}");
    }
    play(&mut sim, "request by C1 put 3; fire C1 patience");
    sim.each_record(0, u64::MAX, &mut |record| {
        told.push(record.get("says").map(|says| text(says, "en")).unwrap_or_default())
    });
    assert!(told.contains(&"C1 has waited long enough.".to_string()));
    assert!(told.contains(&"The patience timer of C1 goes off at once.".to_string()));
}

#[test]
fn sets_and_what_they_share_are_in_the_frame() {
    let mut sim = open();
    play(&mut sim, "crash C; request by C1 put 1; +30; restart C; crash A; request by C2 put 2; +30");
    let frame = sim.frame(0);
    let members = |set: &Value| set.get("members").cloned();
    let sets = frame.get("sets").and_then(Value::as_list).unwrap_or_default();
    let list = |nodes: &[i64]| Some(Value::list(nodes.iter().map(|node| Value::count(*node))));
    assert_eq!(sets.iter().map(members).collect::<Vec<_>>(), [list(&[0, 1]), list(&[1, 2])]);
    assert_eq!(text(&sets[1], "client"), "C2");
    let overlaps = frame.get("overlaps").and_then(Value::as_list).unwrap_or_default();
    let both = Value::list([Value::word("c0"), Value::word("c1")]);
    assert_eq!(overlaps, [Value::map([("sets", both), ("members", list(&[1]).expect("a list"))])]);
}

/// Inputs of every kind that reaches a client's machine.
const STORY: &str = "request by C1 put 1; +7; offset C2 -50ms; request by C2 B put 2; +8; pause C1; skew C1 -50%; +30; \
    request put 3; +100; resume C1; crash B; +60; request by C1 put 4; +20; restart B; duplication 50%; request put 5; \
    +700; fire C3 patience; request by C2 put 6; +400";

#[test]
fn a_seek_equals_a_replay_with_machines_of_clients() {
    let mut sim = open();
    let (mut moments, mut at) = (Vec::new(), Vec::new());
    for line in STORY.split(';') {
        if done_or_passed(&mut sim, line.trim()) {
            at.push(line);
        }
        moments.push((sim.now(), sim.fingerprint(), sim.history(), sim.inputs().len()));
    }
    assert!(at.len() > 10, "{at:?}");
    let whole = moments.clone();
    let exact = |moments: &[(u64, u64, Value, usize)]| {
        let last = |time: u64| moments.iter().rposition(|moment| moment.0 == time);
        let kept = moments.iter().enumerate().filter(|(n, moment)| last(moment.0) == Some(*n));
        kept.map(|(_, moment)| moment.clone()).collect::<Vec<_>>()
    };
    let mut again = entry::<Courier>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
    for (time, fingerprint, history, _) in exact(&whole) {
        again.run_to(time);
        assert_eq!((again.fingerprint(), again.history()), (fingerprint, history), "replayed to {time}");
    }
    for (time, fingerprint, history, _) in exact(&whole).into_iter().rev() {
        sim.seek(time);
        assert_eq!((sim.fingerprint(), sim.history()), (fingerprint, history), "sought to {time}");
    }
    sim.seek(whole.last().map_or(0, |moment| moment.0));
    // A branch has what was before it, and an undo takes back a client's command.
    let before = (sim.now(), sim.fingerprint(), sim.history());
    play(&mut sim, "request by C1 put 9");
    assert_ne!(sim.fingerprint(), before.1);
    sim.undo();
    assert_eq!((sim.now(), sim.fingerprint(), sim.history()), before);
}

/// Lets time pass or does an input; a refused one changes nothing.
fn done_or_passed(sim: &mut Simulation, line: &str) -> bool {
    if line.starts_with('+') {
        play(sim, line);
        return false;
    }
    done(sim, line).is_ok()
}

#[test]
fn what_a_machine_holds_is_part_of_the_state() {
    let (mut one, mut other) = (open(), open());
    play(&mut one, "offset C3 +1ms; heal");
    play(&mut other, "heal; heal");
    assert_ne!(one.fingerprint(), other.fingerprint());
    let state = |lines: &str| {
        let mut sim = open();
        play(&mut sim, lines);
        sim.fingerprint()
    };
    assert_ne!(state("request by C1 put 1; +5"), state("request by C1 put 1; +5; pause C1"));
}

#[test]
fn where_a_protocol_brings_no_clients_they_are_the_engines() {
    let open = || entry::<toy::Toy>().open(&config("toy"), &mut || 7).unwrap_or_else(|error| panic!("{error}"));
    let mut sim = open();
    for line in ["pause C1", "resume C1", "skew C1 +20%", "offset C1 +5ms"] {
        let error = sim.parse(&Value::string(line)).expect_err(line);
        assert_eq!(error.message, "\"C1\" is no node's name; names are A, B, C and so on", "{line}");
    }
    play(&mut sim, "request A count 1; +100");
    let client = client(&sim, "C1");
    for key in ["status", "clock", "timer", "timers", "tally", "says"] {
        assert_eq!(client.get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!(sim.history(), Value::List(Vec::new()), "what neither reads nor writes is in no history");
}

#[test]
fn an_object_names_a_client_as_a_text_does() {
    let mut sim = open();
    let input = Value::map([("kind", Value::word("offset")), ("node", Value::word("C2")), ("ms", Value::count(-5))]);
    let input = sim.parse(&input).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(input.to_string(), "offset C2 -5ms");
    sim.inject(input).unwrap_or_else(|error| panic!("{error}"));
    assert!(sim.parse(&Value::word("offset C100 +5ms")).and_then(|input| sim.inject(input)).is_err());
    let said = sim.inputs()[0].get("says").map(|says| text(says, "zh")).unwrap_or_default();
    assert_eq!(said, "C2 的时钟被拨慢 5 ms。");
}

#[test]
fn what_may_be_done_to_a_client_is_offered_by_its_name() {
    let mut sim = open();
    play(&mut sim, "request by C1 put 1; +5");
    let offers = sim.offers(None);
    let of = |offer: &Value| {
        format!("{} / {}", text(offer, "text"), offer.get("label").map(|label| text(label, "en")).unwrap_or_default())
    };
    let offered: Vec<String> = offers.iter().map(of).filter(|line| line.contains("C1")).collect();
    let expected =
        ["pause C1 / C1: Pause", "skew C1 +20% / C1: Skew its clock", "offset C1 +50ms / C1: Set its clock ahead"];
    assert_eq!(offered[..3], expected);
    assert_eq!(offered[3..], ["fire C1 patience / C1: Time out now: patience"]);
}
