//! A node that goes down in the middle of a handler: after so many sends, with what it wrote.

#[path = "driven/mod.rs"]
mod driven;
#[path = "toy/mod.rs"]
mod toy;

use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

use driven::play;
use toy::Toy;

fn open(nodes: i64) -> Simulation {
    let network = Value::map([("latency", Value::list([Value::count(10), Value::count(10)]))]);
    let config = Value::map([("protocol", Value::word("toy")), ("nodes", Value::count(nodes)), ("network", network)]);
    entry::<Toy>().open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}"))
}

fn nodes(sim: &Simulation) -> Vec<Value> {
    sim.frame(0).get("nodes").and_then(Value::as_list).unwrap_or_default().to_vec()
}

/// Each node's count and status.
fn standing(sim: &Simulation) -> String {
    let node = |node: &Value| {
        let fields = node.get("fields").and_then(Value::as_list).unwrap_or_default();
        let count = fields[0].get("value").and_then(Value::as_whole).unwrap_or(-1);
        format!("{count} {}", node.get("status").and_then(Value::as_text).unwrap_or_default())
    };
    nodes(sim).iter().map(node).collect::<Vec<_>>().join(", ")
}

fn armed(sim: &Simulation) -> Option<i64> {
    nodes(sim)[0].get("crashAfter").and_then(Value::as_whole)
}

/// Every record: what it is, its cause and its sentence.
fn told(sim: &Simulation) -> Vec<(String, Option<i64>, i64, String)> {
    let mut told = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| {
        let text = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_string();
        let whole = |key: &str| record.get(key).and_then(Value::as_whole);
        let says = text(record.get("says").and_then(|says| says.get("en")));
        told.push((text(record.get("what")), whole("cause"), whole("seq").unwrap_or(-1), says));
    });
    told
}

#[test]
fn a_handler_is_cut_behind_its_last_send_and_the_node_is_down_in_the_same_event() {
    for (sends, reached) in [("0 sends", "5 crashed, 0 up, 0 up, 0 up"), ("1 send", "5 crashed, 5 up, 0 up, 0 up")]
        .into_iter()
        .chain([("2 sends", "5 crashed, 5 up, 5 up, 0 up")])
    {
        let mut sim = open(4);
        play(&mut sim, &format!("request A count 5; +20; crash A after {sends}"));
        assert_eq!(armed(&sim), sends[..1].parse().ok());
        assert_eq!(standing(&sim), "5 up, 0 up, 0 up, 0 up", "nothing yet");
        let events = sim.next_seq();
        play(&mut sim, "fire A tell; +11");
        assert_eq!(standing(&sim), reached, "{sends}");
        assert_eq!(armed(&sim), None);
        let told = told(&sim);
        let fell: Vec<_> = told.iter().filter(|record| record.3 == format!("A crashes after {sends}.")).collect();
        let announced = told.iter().find(|record| record.3.starts_with("A will crash")).expect("the input");
        assert_eq!((fell.len(), &*fell[0].0, fell[0].1), (1, "input", Some(announced.2)));
        assert!(fell[0].2 > events as i64 - 1 && !told.iter().any(|record| record.3.contains("tells everyone")));
        play(&mut sim, "restart A; +100");
        assert_eq!(standing(&sim), "5 up, 5 up, 5 up, 5 up", "once only");
    }
}

#[test]
fn a_handler_that_sends_no_more_than_that_is_left_alone() {
    let mut sim = open(3);
    play(&mut sim, "crash A after 2 sends; +200");
    assert_eq!((standing(&sim).as_str(), armed(&sim)), ("0 up, 0 up, 0 up", Some(2)));
    play(&mut sim, "crash A after 1 send; +60");
    assert_eq!(standing(&sim), "0 crashed, 0 up, 0 up", "the second took the place of the first");
}

#[test]
fn an_answer_to_a_client_is_a_send_and_what_was_written_stays() {
    let mut sim = open(1);
    play(&mut sim, "crash A after 0 sends; request A count 3; +600");
    assert_eq!(standing(&sim), "3 crashed", "its disk has it");
    let state = sim.frame(0).get("clients").and_then(Value::as_list).unwrap_or_default()[0].clone();
    assert_eq!(state.get("state").and_then(Value::as_text), Some("unknown"), "and nobody was told");
}

#[test]
fn a_pause_keeps_it_and_a_crash_takes_it_away() {
    let mut sim = open(2);
    play(&mut sim, "crash A after 0 sends; pause A; +100; resume A");
    assert_eq!(armed(&sim), Some(0));
    play(&mut sim, "crash A; restart A; +100");
    assert_eq!((standing(&sim).as_str(), armed(&sim)), ("0 up, 0 up", None));
    play(&mut sim, "crash A");
    let late = sim.parse(&Value::string("crash A after 1 send")).expect("an input");
    assert!(sim.inject(late).expect_err("it is down").message.contains("restart A"));
}

#[test]
fn it_is_part_of_the_state_of_recordings_and_of_offers() {
    let mut sim = open(3);
    let before = sim.fingerprint();
    let offers = sim.offers(None);
    let offered = offers.iter().filter_map(|offer| offer.get("text")?.as_text()).filter(|text| text.contains("after"));
    assert!(offered.eq(["crash A after 1 send", "crash B after 1 send", "crash C after 1 send"]));
    let mut other = sim.clone();
    play(&mut other, "crash A after 2 sends");
    play(&mut sim, "crash A after 1 send");
    assert_ne!(sim.fingerprint(), before);
    assert_ne!(sim.fingerprint(), other.fingerprint(), "after how many sends is a part of it");
    let at = sim.now();
    play(&mut sim, "+100; restart A; +50");
    let (end, last) = (sim.now(), sim.fingerprint());
    let mut again = entry::<Toy>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
    again.seek(end);
    assert_eq!(again.fingerprint(), last);
    again.seek(at);
    again.seek(end);
    assert_eq!(again.fingerprint(), last);
}
