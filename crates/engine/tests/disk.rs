//! Disks that keep only what was forced, by a protocol of one file: a ledger that answers when what it
//! wrote is safe.

#[path = "driven/mod.rs"]
mod driven;
#[path = "ledger/mod.rs"]
mod ledger;

use synod_engine::error::Error;
use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

use driven::play;
use ledger::Ledger;

fn open(disk: Value) -> Result<Simulation, Error> {
    let network = Value::map([("latency", Value::list([Value::count(1), Value::count(1)]))]);
    let config = Value::map([("protocol", Value::word("ledger")), ("nodes", Value::count(2)), ("network", network)]);
    let Value::Map(mut entries) = config else { unreachable!() };
    entries.push(("disk".into(), disk));
    entry::<Ledger>().open(&Value::Map(entries), &mut || 7)
}

fn with_disk(ms: i64) -> Simulation {
    open(Value::count(ms)).unwrap_or_else(|error| panic!("{error}"))
}

fn node(sim: &Simulation) -> Value {
    nodes(sim).swap_remove(0)
}

fn nodes(sim: &Simulation) -> Vec<Value> {
    sim.frame(0).get("nodes").and_then(Value::as_list).unwrap_or_default().to_vec()
}

/// What A holds, what of it is safe, and what it lost.
fn disk(sim: &Simulation) -> String {
    let node = node(sim);
    let fields = node.get("fields").and_then(Value::as_list).unwrap_or_default();
    let value = |field: &Value| field.get("value").and_then(Value::as_whole).map_or("-".into(), |n| n.to_string());
    fields.iter().map(value).collect::<Vec<String>>().join(" ")
}

/// The writes of A on their way: from and until.
fn writes(sim: &Simulation) -> Vec<(i64, i64)> {
    writes_of(&node(sim))
}

fn writes_of(node: &Value) -> Vec<(i64, i64)> {
    let ms = |write: &Value, key: &str| write.get(key).and_then(Value::as_number).map_or(-1, |time| time / 1_000_000);
    let all = node.get("writes").and_then(Value::as_list).unwrap_or_default().to_vec();
    assert!(all.iter().all(|write| write.get("timer").and_then(Value::as_text) == Some("written")));
    all.iter().map(|write| (ms(write, "from"), ms(write, "until"))).collect()
}

/// Records of this kind at A: their sentences and their causes.
fn told(sim: &Simulation, what: &str) -> Vec<(String, i64)> {
    let mut told = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| {
        let text = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_string();
        let at_a = record.get("node").and_then(Value::as_whole) == Some(0);
        if at_a && text(record.get("what")) == what {
            let says = text(record.get("says").and_then(|says| says.get("en")));
            told.push((says, record.get("cause").and_then(Value::as_whole).unwrap_or(-1)));
        }
    });
    told
}

/// The clients' answers: `10 -`.
fn answers(sim: &Simulation) -> String {
    let frame = sim.frame(0);
    let clients = frame.get("clients").and_then(Value::as_list).unwrap_or_default();
    let answer = |client: &Value| client.get("answer").and_then(Value::as_text).unwrap_or("-").to_string();
    clients.iter().map(answer).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_forced_is_safe_after_the_disk_s_time_and_then_the_node_goes_on() {
    let mut sim = with_disk(10);
    play(&mut sim, "request A add 5; +1");
    assert_eq!((disk(&sim).as_str(), writes(&sim), answers(&sim).as_str()), ("5 0 -", vec![(1, 11)], "-"));
    play(&mut sim, "+9");
    assert_eq!(disk(&sim), "5 0 -");
    play(&mut sim, "+3");
    assert_eq!((disk(&sim).as_str(), writes(&sim), answers(&sim).as_str()), ("5 5 -", vec![], "5"));
    let mut causes = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| {
        let text = |key: &str| record.get(key).and_then(Value::as_text).map(str::to_string);
        causes.push((text("what").unwrap_or_default(), record.get("cause").and_then(Value::as_whole)));
    });
    let timer = causes.iter().find(|(what, _)| what == "timer").expect("it goes on by a timer");
    let cause = timer.1.expect("with a cause") as usize;
    assert_eq!(causes[cause].0, "deliver", "what forced it");
}

#[test]
fn a_crash_takes_what_was_not_safe_and_a_wipe_takes_all() {
    let mut sim = with_disk(10);
    play(&mut sim, "request A add 5; +20; request A add 2; +4; crash A");
    assert_eq!((disk(&sim).as_str(), writes(&sim)), ("5 5 7", vec![]), "and one can see what is lost");
    play(&mut sim, "+600; restart A; +20");
    assert_eq!((disk(&sim).as_str(), answers(&sim).as_str()), ("5 5 7", "-"), "the client never heard");
    play(&mut sim, "request A add 1; +20");
    assert_eq!(disk(&sim), "6 6 -");
    play(&mut sim, "crash A; wipe A; restart A");
    assert_eq!(disk(&sim), "0 0 -");
}

#[test]
fn a_crash_half_way_is_behind_the_forced_write_and_before_any_message() {
    let mut sim = with_disk(10);
    play(&mut sim, "crash A after 0 sends; request A add 5; +20");
    assert_eq!((disk(&sim).as_str(), answers(&sim).as_str()), ("5 5 -", "-"), "forced, and not said");
    assert_eq!(node(&sim).get("status").and_then(Value::as_text), Some("crashed"));
}

#[test]
fn forces_are_safe_in_the_order_in_which_they_were_asked() {
    let mut sim = open(Value::list([Value::count(1), Value::count(60)])).unwrap_or_else(|error| panic!("{error}"));
    for _ in 0..20 {
        play(&mut sim, "request A add 1; +3");
    }
    let pending: Vec<i64> = writes(&sim).into_iter().map(|(_, until)| until).collect();
    assert!(pending.len() > 3 && pending.is_sorted(), "{pending:?}");
    play(&mut sim, "+100");
    assert_eq!(disk(&sim), "20 20 -");
}

#[test]
fn each_disk_takes_its_own_time_each_time_and_never_none() {
    let mut sim = open(Value::list([Value::count(1), Value::count(60)])).unwrap_or_else(|error| panic!("{error}"));
    let mut taken = [Vec::new(), Vec::new()];
    for _ in 0..8 {
        play(&mut sim, "request A add 1; request B add 1; +2");
        for (node, taken) in nodes(&sim).iter().zip(&mut taken) {
            taken.extend(writes_of(node).last().map(|(from, until)| until - from));
        }
        play(&mut sim, "+80");
    }
    assert!(taken.iter().all(|taken| taken.len() > 5 && taken.iter().any(|one| *one != taken[0])), "{taken:?}");
    assert_ne!(taken[0], taken[1]);
    // A disk that takes no time still takes a moment: else an instant could hold endless writes.
    let mut sim = with_disk(0);
    play(&mut sim, "request A add 5; +3");
    let time = |what: &str| {
        let mut time = None;
        sim.each_record(0, u64::MAX, &mut |record| {
            if record.get("what").and_then(Value::as_text) == Some(what) && time.is_none() {
                time = record.get("time").and_then(Value::as_number);
            }
        });
        time.expect(what)
    };
    assert_eq!(time("timer") - time("deliver"), 1_000, "a microsecond");
}

#[test]
fn a_paused_node_s_disk_finishes_and_the_node_goes_on_when_it_resumes() {
    let mut sim = with_disk(10);
    play(&mut sim, "request A add 5; +2; request A add 1; +2; pause A; +30");
    assert_eq!((disk(&sim).as_str(), writes(&sim), answers(&sim).as_str()), ("6 6 -", vec![], "- -"));
    assert_eq!(told(&sim, "timer").iter().filter(|(says, _)| says.contains("A itself is paused")).count(), 2);
    let paused = sim.now();
    play(&mut sim, "resume A; +2");
    assert_eq!(answers(&sim), "5 6", "in their order");
    let last = sim.fingerprint();
    sim.seek(paused);
    sim.seek(paused + 2_000);
    assert_eq!(sim.fingerprint(), last);
    // To resume makes no write safe that is not.
    let mut sim = with_disk(10);
    play(&mut sim, "request A add 5; +2; pause A; +2; resume A; +2");
    assert_eq!((disk(&sim).as_str(), writes(&sim)), ("5 0 -", vec![(1, 11)]));
    // One that is safe at the very instant of the resumption does not go first.
    let mut sim = with_disk(10);
    play(&mut sim, "request A add 5; +4; request A add 1; +6; pause A; +5; resume A; +2");
    assert_eq!(answers(&sim), "5 6");
    play(&mut sim, "request A add 1; +5; pause A; +30; crash A; restart A; +30");
    assert_eq!((disk(&sim).as_str(), answers(&sim).as_str()), ("7 7 -", "- 6"), "safe, and not said");
}

/// B's write ends at the instant at which A's second one does and before it, so that A can resume between the two:
/// its first write, which waited, goes first.
#[test]
fn a_write_that_ends_as_its_node_resumes_waits_for_those_before_it() {
    let mut sim = with_disk(10);
    play(&mut sim, "request A add 5; +4; request B add 9; request A add 1; +6; pause A; +2");
    assert_eq!(writes(&sim), [(5, 15)]);
    let mut stood = sim.next_seq();
    while sim.now() < 15_000 {
        stood = sim.next_seq();
        sim.step().expect("B's write ends");
    }
    assert!(sim.next_seq() > stood && answers(&sim) == "- - -");
    play(&mut sim, "resume A");
    let went_on = told(&sim, "timer");
    let causes: Vec<i64> =
        went_on.iter().filter(|(says, _)| says.contains("is safe")).map(|(_, cause)| *cause).collect();
    assert!(causes.len() == 2 && causes[0] < causes[1], "each by what forced it: {went_on:?}");
    play(&mut sim, "+2");
    assert_eq!(answers(&sim), "5 9 6");
}

#[test]
fn disks_are_configured_strictly_and_recorded() {
    let own = Value::map([("A", Value::list([Value::count(2), Value::count(9)])), ("B", Value::Number(500_000))]);
    for disk in [Value::count(0), Value::count(60_000), Value::list([Value::count(0), Value::count(5)]), own] {
        let mut sim = open(disk.clone()).unwrap_or_else(|error| panic!("{disk:?}: {error}"));
        play(&mut sim, "request A add 5; +7; crash A; +100; restart A; request add 1; +30");
        let mut again = entry::<Ledger>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
        again.seek(sim.now());
        assert_eq!((again.fingerprint(), again.setup()), (sim.fingerprint(), sim.setup()));
        let same = entry::<Ledger>().open(&sim.setup(), &mut || 0).map(|same| same.setup());
        assert_eq!(same, Ok(sim.setup()));
    }
    let refuse = |disk: Value| open(disk).err().expect("no disk").message;
    assert!(refuse(Value::count(-1)).contains("from 0 to 60000"));
    assert!(refuse(Value::count(60_001)).contains("60000"));
    assert!(refuse(Value::list([Value::count(5), Value::count(1)])).contains("min <= max"));
    assert!(refuse(Value::word("slow")).starts_with("disk: "));
    assert!(refuse(Value::map([("C", Value::count(1))])).contains("no node \"C\""));
}

/// It asks for links in order: the network keeps them unless the reader wants otherwise, and then says what
/// promises rest on that is not so.
#[test]
fn a_protocol_that_asks_for_order_gets_it_unless_the_reader_takes_it_away() {
    let open = |reorder: Option<bool>| {
        let network = Value::map([("reorder", reorder.map_or(Value::Null, Value::Bool))]);
        let config = Value::map([("protocol", Value::word("ledger")), ("network", network)]);
        entry::<Ledger>().open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}"))
    };
    let of = |sim: &Simulation| {
        let frame = sim.frame(0);
        let reorder = frame.get("network").and_then(|network| network.get("reorder")?.as_bool());
        let promises = frame.get("promises").and_then(Value::as_list).unwrap_or_default();
        (reorder, promises[0].get("beyond").cloned())
    };
    let (kept, taken) = (Value::list([]), Value::list([Value::word("links-in-order")]));
    assert_eq!(of(&open(None)), (Some(false), Some(kept.clone())));
    assert_eq!(of(&open(Some(false))), (Some(false), Some(kept)));
    assert_eq!(of(&open(Some(true))), (Some(true), Some(taken)));
}
