//! The public interface in a real browser: `wasm-pack test --headless --chrome crates/wasm`.

#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Float64Array, Object, Reflect};
use synod::{Lesson, Simulation, catalog, judge};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        Reflect::set(&object, &(*key).into(), value).expect("an object takes a property");
    }
    object.into()
}

fn open(entries: &[(&str, JsValue)]) -> Simulation {
    let all: Vec<(&str, JsValue)> = [("protocol", "raft".into())].into_iter().chain(entries.iter().cloned()).collect();
    Simulation::new(object(&all)).expect("a right configuration")
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap_or_else(|_| panic!("{key}"))
}

fn number(value: &JsValue, key: &str) -> f64 {
    get(value, key).as_f64().unwrap_or_else(|| panic!("{key} is a number"))
}

fn text(value: &JsValue, key: &str) -> String {
    get(value, key).as_string().unwrap_or_else(|| panic!("{key} is text"))
}

fn list(value: &JsValue, key: &str) -> Vec<JsValue> {
    get(value, key).dyn_into::<Array>().unwrap_or_else(|_| panic!("{key} is a list")).to_vec()
}

fn given(result: Result<JsValue, JsValue>) -> JsValue {
    result.unwrap_or_else(|_| panic!("an object is given"))
}

/// A refusal: an Error named SynodError with a documented code.
fn refused<T>(result: Result<T, JsValue>, code: &str) {
    let Err(error) = result else { panic!("taken, and should be refused with {code}") };
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(
        (text(&error, "name"), text(&error, "code")),
        ("SynodError".into(), code.into()),
        "{}",
        text(&error, "message")
    );
    let says = get(&error, "says");
    assert_eq!(text(&says, "en"), text(&error, "message"));
    assert!(!text(&says, "zh").is_empty() && get(&error, "fields").is_object());
}

#[wasm_bindgen_test]
fn the_catalog_describes_every_protocol() {
    let protocols: Vec<JsValue> = given(catalog()).unchecked_into::<Array>().to_vec();
    let raft = protocols.iter().find(|one| text(one, "id") == "raft").expect("raft");
    for key in ["roles", "options", "operations", "messages", "timers", "rules", "mutants", "invariants"] {
        assert!(!list(raft, key).is_empty(), "{key}");
        for one in list(raft, key) {
            assert!(!text(&one, "id").is_empty());
        }
    }
    assert_eq!(number(&get(raft, "nodes"), "max"), 99.0);
    assert!(!text(&get(raft, "name"), "zh").is_empty());
}

#[wasm_bindgen_test]
fn a_run_elects_commits_and_answers() {
    let mut sim = open(&[("seed", "7f3a".into())]);
    assert_eq!((sim.now(), sim.seed()), (0.0, "7f3a".to_string()));
    let record = given(sim.step());
    assert_eq!(text(&record, "what"), "timer");
    assert!(sim.advance(600.0, None).expect("time") > 10.0);
    sim.inject("request set x 5".into()).expect("a request");
    sim.advance(200.0, None).expect("time");
    let frame = given(sim.frame(None));
    let nodes = list(&frame, "nodes");
    assert_eq!(nodes.len(), 5);
    assert_eq!(nodes.iter().filter(|node| text(node, "role") == "leader").count(), 1);
    let cells = list(&list(&nodes[0], "strips")[0], "cells");
    assert!(cells.iter().any(|cell| text(cell, "text") == "set x 5" && text(cell, "state") == "applied"));
    assert_eq!(text(&list(&frame, "clients")[0], "state"), "ok");
    assert!(get(&frame, "partition").is_null() && get(&nodes[0], "tally").is_null());
    assert_eq!(list(&frame, "invariants").len(), 9);
}

#[wasm_bindgen_test]
fn a_seed_that_was_not_given_is_drawn() {
    let (a, b) = (open(&[]), open(&[]));
    assert_ne!(a.seed(), b.seed());
    let again = open(&[("seed", a.seed().into())]);
    assert_eq!(again.fingerprint(), a.fingerprint());
}

#[wasm_bindgen_test]
fn whatever_is_wrong_is_refused_with_a_code_and_changes_nothing() {
    refused(Simulation::new(JsValue::UNDEFINED), "bad-config");
    refused(Simulation::new("raft".into()), "bad-config");
    refused(Simulation::new(object(&[("protocol", "viewstamped".into())])), "unknown-protocol");
    refused(Simulation::new(object(&[("protocol", "raft".into()), ("nodes", f64::NAN.into())])), "bad-config");
    refused(Simulation::new(object(&[("protocol", "raft".into()), ("nodes", 1e300.into())])), "bad-config");
    refused(Simulation::new(object(&[("protocol", "raft".into()), ("more", 1.into())])), "bad-config");
    refused(
        Simulation::new(object(&[("protocol", "raft".into()), ("seed", js_sys::BigInt::from(5).into())])),
        "bad-config",
    );
    refused(Simulation::replay("nonsense"), "bad-recording");
    refused(Simulation::replay(""), "bad-recording");
    let mut sim = open(&[("seed", "1".into())]);
    sim.advance(300.0, None).expect("time");
    let before = sim.fingerprint();
    refused(sim.advance(-1.0, None), "bad-input");
    refused(sim.advance(f64::INFINITY, None), "bad-input");
    refused(sim.seek(f64::NAN), "bad-input");
    refused(sim.inject("crash Z".into()), "unknown-node");
    refused(sim.inject("restart A".into()), "not-now");
    refused(sim.inject("explode".into()), "bad-input");
    refused(sim.inject(5.into()), "bad-input");
    refused(sim.inject(js_sys::Symbol::for_("x").into()), "bad-input");
    refused(sim.inputs("Z".into()), "unknown-node");
    refused(sim.switch_to(7.0), "bad-input");
    refused(sim.trace(Some(0.5), None), "bad-input");
    let circle = Object::new();
    Reflect::set(&circle, &"kind".into(), &circle).expect("an object takes itself");
    refused(sim.inject(circle.into()), "bad-input");
    assert_eq!(sim.fingerprint(), before);
}

#[wasm_bindgen_test]
fn an_object_with_a_trap_is_refused_and_the_simulation_lives() {
    let mut sim = open(&[]);
    let trap = js_sys::Function::new_no_args("return new Proxy({}, { ownKeys() { throw new Error('no') } })");
    let trapped = trap.call0(&JsValue::NULL).expect("a proxy");
    refused(sim.inject(trapped), "bad-input");
    assert!(sim.advance(10.0, None).is_ok());
}

#[wasm_bindgen_test]
fn text_and_object_do_the_same() {
    let (mut a, mut b) = (open(&[("seed", "5".into())]), open(&[("seed", "5".into())]));
    a.inject("partition A B | C D E".into()).expect("a partition");
    let groups = Array::of2(&Array::of2(&"A".into(), &1.into()), &Array::of3(&2.into(), &3.into(), &"E".into()));
    b.inject(object(&[("kind", "partition".into()), ("groups", groups.into())])).expect("a partition");
    assert_eq!(a.fingerprint(), b.fingerprint());
    assert_eq!(a.recording(), b.recording());
}

#[wasm_bindgen_test]
fn time_goes_both_ways_and_branches_are_kept() {
    let mut sim = open(&[("seed", "9".into())]);
    sim.advance(500.0, None).expect("time");
    let then = sim.fingerprint();
    sim.advance(500.0, None).expect("time");
    sim.seek(500.0).expect("a time");
    assert_eq!(sim.fingerprint(), then);
    sim.inject("crash A".into()).expect("a crash");
    assert_eq!(given(sim.branches()).unchecked_into::<Array>().length(), 2);
    let mut replay = Simulation::replay(&sim.recording()).expect("a recording");
    assert_eq!(replay.now(), 0.0);
    replay.seek(500.0).expect("a time");
    assert_eq!(replay.fingerprint(), sim.fingerprint());
    let fork = sim.fork();
    sim.switch_to(0.0).expect("the old branch");
    assert_ne!(fork.fingerprint(), sim.fingerprint());
}

#[wasm_bindgen_test]
fn inputs_are_taken_back_and_done_again() {
    let mut sim = open(&[("seed", "9".into())]);
    assert!(given(sim.undo()).is_undefined() && given(sim.redo()).is_undefined() && !sim.can_undo() && !sim.can_redo());
    sim.advance(500.0, None).expect("time");
    let without = sim.fingerprint();
    sim.inject("crash A".into()).expect("a crash");
    let with = sim.fingerprint();
    assert_eq!(text(&given(sim.undo()), "text"), "crash A");
    assert_eq!((sim.fingerprint(), sim.now(), sim.can_redo()), (without, 500.0, true));
    assert_eq!((text(&given(sim.redo()), "text"), sim.fingerprint()), ("crash A".to_string(), with));
}

#[wasm_bindgen_test]
fn records_have_causes_and_sentences() {
    let mut sim = open(&[("seed", "9".into())]);
    sim.advance(600.0, None).expect("time");
    let records = sim.trace(None, None).expect("a trace").unchecked_into::<Array>().to_vec();
    for (at, record) in records.iter().enumerate() {
        assert_eq!(number(record, "seq"), at as f64);
        assert!(!text(&get(record, "says"), "en").is_empty() && !text(&get(record, "says"), "zh").is_empty());
        if let Some(cause) = get(record, "cause").as_f64() {
            assert!(cause < at as f64);
        }
    }
    let elected = records.iter().find(|record| get(record, "rule").as_string().as_deref() == Some("become-leader"));
    let mut record = elected.expect("an election").clone();
    while let Some(cause) = get(&record, "cause").as_f64() {
        record = records[cause as usize].clone();
    }
    assert_eq!(text(&record, "what"), "timer", "every election began with a time-out");
}

#[wasm_bindgen_test]
fn a_broken_rule_is_told() {
    let mutants = Array::of1(&"vote-twice".into());
    let mut sim = open(&[("seed", "3".into()), ("nodes", 4.into()), ("mutants", mutants.into())]);
    sim.inject("fire A election".into()).expect("a time-out");
    sim.inject("fire B election".into()).expect("a time-out");
    sim.advance(100.0, None).expect("time");
    let violations = given(sim.violations()).unchecked_into::<Array>().to_vec();
    assert_eq!(text(&violations[0], "invariant"), "election-safety");
    assert_eq!(list(&violations[0], "nodes").len(), 2);
}

#[wasm_bindgen_test]
fn a_history_goes_to_the_judge_as_it_comes() {
    let mut sim = open(&[("nodes", 3.into()), ("seed", "7".into())]);
    sim.advance(500.0, None).expect("time");
    for input in ["request by C1 set x 5", "request by C2 get x"] {
        sim.inject(input.into()).expect("a request");
        sim.advance(200.0, None).expect("time");
    }
    let history = given(sim.history());
    let calls = history.clone().unchecked_into::<Array>().to_vec();
    assert_eq!((calls.len(), text(&calls[0], "kind"), text(&calls[1], "client")), (2, "put".into(), "C2".into()));
    let said = given(judge(history));
    assert_eq!(get(&get(&said, "linearizable"), "holds"), JsValue::TRUE);
}

#[wasm_bindgen_test]
fn bulk_data_are_views() {
    let mut sim = open(&[("seed", "9".into())]);
    sim.advance(400.0, None).expect("time");
    let diagram = sim.diagram(100.0).expect("a time");
    let flights: Float64Array = get(&diagram, "flights").unchecked_into();
    assert!(flights.length() > 0 && flights.length() % 11 == 0);
    let swarm = sim.swarm(None).expect("views");
    assert_eq!((number(&swarm, "count"), get(&swarm, "x").unchecked_into::<js_sys::Float32Array>().length()), (5.0, 5));
    let image = sim.swarm_image(64, 48, &[0, 0, 0, 255, 200, 10, 10, 255], 0, None).expect("an image");
    assert_eq!((image.width(), image.height(), image.data().len()), (64, 48, 64 * 48 * 4));
    refused(sim.swarm_image(0, 48, &[], 0, None), "bad-input");
}

#[wasm_bindgen_test]
fn times_are_rounded_to_whole_microseconds() {
    let mut sim = open(&[("seed", "9".into())]);
    sim.advance(0.0004, None).expect("time");
    assert_eq!(sim.now(), 0.0);
    sim.advance(123.4567, None).expect("time");
    assert_eq!(sim.now(), 123.457);
}

fn of(protocol: &str, nodes: JsValue) -> Result<Simulation, JsValue> {
    Simulation::new(object(&[("protocol", protocol.into()), ("nodes", nodes), ("seed", "7".into())]))
}

#[wasm_bindgen_test]
fn machines_of_one_role_each_have_names_of_their_own() {
    let roles = object(&[("proposers", 2.into()), ("acceptors", 3.into()), ("learners", 1.into())]);
    let mut sim = of("paxos", roles).expect("a right configuration");
    sim.inject("request P1 propose olive".into()).expect("a request");
    sim.advance(200.0, None).expect("time");
    let names: Vec<String> = list(&given(sim.frame(None)), "nodes").iter().map(|node| text(node, "name")).collect();
    assert_eq!(names, ["P1", "P2", "A1", "A2", "A3", "L1"]);
    refused(sim.inject("crash A".into()), "unknown-node");
    refused(of("paxos", object(&[("proposers", 0.into())])), "bad-config");
    refused(of("paxos", object(&[("judges", 1.into())])), "bad-config");
    refused(of("raft", object(&[("proposers", 1.into())])), "bad-config");
    let again = Simulation::replay(&sim.recording()).expect("a recording");
    assert_eq!(again.seed(), "7");
}

#[wasm_bindgen_test]
fn totals_are_there_at_every_size() {
    for nodes in [20u32, 2_000] {
        let mut sim = of("gossip", nodes.into()).expect("a right configuration");
        sim.inject("request A set x 1".into()).expect("a request");
        sim.advance(1_050.0, None).expect("time");
        let swarm = get(&given(sim.frame(None)), "swarm");
        let states = ["susceptible", "infective", "removed"].map(|key| number(&swarm, key));
        assert_eq!((number(&swarm, "count"), states.iter().sum()), (f64::from(nodes), f64::from(nodes)));
        assert_eq!(number(&swarm, "round"), 10.0);
        let views = sim.swarm(Some(true)).expect("views");
        assert_eq!(get(&views, "mark").unchecked_into::<js_sys::Uint16Array>().length(), nodes);
        assert_eq!(text(&sim.node(3.0).expect("a node"), "name"), "D");
        refused(sim.node(f64::from(nodes)), "unknown-node");
    }
}

#[wasm_bindgen_test]
fn pairs_to_compare_open() {
    for pair in given(synod::comparisons()).unchecked_into::<Array>().iter() {
        assert_eq!(list(&pair, "sides").iter().filter(|side| Simulation::new((*side).clone()).is_ok()).count(), 2);
    }
}

fn says(text: &str) -> JsValue {
    object(&[("en", text.into()), ("zh", format!("{text}：好").into())])
}

#[wasm_bindgen_test]
fn a_lesson_is_read_played_and_taken_back() {
    let step = |id: &str, line: &str| {
        let play = Array::of1(&line.into());
        object(&[("id", id.into()), ("name", says(id)), ("say", says("{A} leads")), ("play", play.into())])
    };
    let lesson = |steps: Array| {
        object(&[
            ("id", "raft/test".into()),
            ("protocol", "raft".into()),
            ("title", says("Test")),
            ("summary", says("Test")),
            ("config", object(&[("nodes", 3.into()), ("seed", "7".into())])),
            ("steps", steps.into()),
        ])
    };
    let two = Array::of2(&step("elect", "until count leader = 1"), &step("crash", "crash A"));
    let mut read = Lesson::new(lesson(two)).expect("a lesson");
    assert_eq!(list(&given(read.plan()), "steps").len(), 2);
    let mut run = read.begin().expect("a run");
    let first = read.reach(&mut run, 0).expect("a step");
    let print = run.fingerprint();
    assert_eq!(number(&first, "until"), run.now());
    read.reach(&mut run, 1).expect("a step");
    assert_ne!(run.fingerprint(), print);
    read.reach(&mut run, 0).expect("back");
    assert_eq!(run.fingerprint(), print);
    assert_eq!(given(read.copy(&run).done()).unchecked_into::<Array>().length(), 0);
    refused(read.reach(&mut run, 2).map(|_| ()), "bad-input");
    refused(read.judge(&run, 0).map(|_| ()), "bad-input");
    refused(Lesson::new(lesson(Array::new())).map(|_| ()), "bad-input");
    refused(Lesson::new("no lesson".into()).map(|_| ()), "bad-input");
    refused(read.broken(&mut run, 0).map(|_| ()), "bad-input");
    let linked = step("crash", "crash A");
    let link = object(&[("broken", "any-log-wins".into()), ("before", "crash".into()), ("says", says("Break"))]);
    Reflect::set(&linked, &"link".into(), &link).expect("an object");
    let mut read =
        Lesson::new(lesson(Array::of2(&step("elect", "until count leader = 1"), &linked))).expect("a lesson");
    let mut run = read.begin().expect("a run");
    let stand = number(&read.reach(&mut run, 0).expect("a step"), "until");
    let broken = read.broken(&mut run, 1).expect("a broken run");
    assert_eq!((number(&broken, "t"), run.now()), (stand, stand));
    let wrong = Array::of1(&step("wrong", "until A leads"));
    refused(Lesson::new(lesson(wrong)).map(|_| ()), "bad-input");
}

#[wasm_bindgen_test]
fn a_history_is_judged_or_refused() {
    let operation = |client: &str, kind: &str, value: JsValue, result: JsValue, call: f64| {
        let told = [("client", client.into()), ("key", "x".into()), ("kind", kind.into()), ("value", value)];
        let times = [("result", result), ("call", call.into()), ("answer", (call + 1.5).into())];
        object(&told.into_iter().chain(times).collect::<Vec<_>>())
    };
    let put = operation("C1", "put", 1.into(), "ok".into(), 0.0);
    let stale = operation("C2", "get", JsValue::NULL, JsValue::NULL, 2.0);
    let judged = given(judge(Array::of2(&put, &stale).into()));
    let linearizable = get(&judged, "linearizable");
    assert_eq!(get(&linearizable, "holds").as_bool(), Some(false));
    assert_eq!(list(&linearizable, "witnesses").len(), 2);
    let sequential = get(&judged, "sequential");
    assert_eq!(get(&sequential, "holds").as_bool(), Some(true));
    assert_eq!(list(&sequential, "order").into_iter().map(|i| i.as_f64()).collect::<Vec<_>>(), [Some(1.0), Some(0.0)]);
    for wrong in [JsValue::NULL, "x".into(), Array::of1(&JsValue::NULL).into(), Array::of2(&put, &put).into()] {
        refused(judge(wrong), "bad-input");
    }
}
