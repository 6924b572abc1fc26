//! Links in order: whatever the network or a hand does to a message, none overtakes it on its link.

#[path = "driven/mod.rs"]
mod driven;
#[path = "toy/mod.rs"]
mod toy;

use synod_engine::rng::{Chance, Stream};
use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

use driven::{done, play};
use toy::Toy;

fn open(latency: (i64, i64), more: &[(&'static str, Value)]) -> Simulation {
    among(2, latency, more)
}

/// So many nodes, whose links keep their order unless something else is said.
fn among(nodes: i64, latency: (i64, i64), more: &[(&'static str, Value)]) -> Simulation {
    let range = Value::list([Value::count(latency.0), Value::count(latency.1)]);
    let mut network = vec![("latency".into(), range)];
    network.extend(more.iter().map(|(key, value)| ((*key).into(), value.clone())));
    if !more.iter().any(|(key, _)| *key == "reorder") {
        network.push(("reorder".into(), Value::Bool(false)));
    }
    let network = Value::Map(network);
    let config = Value::map([("protocol", Value::word("toy")), ("nodes", Value::count(nodes)), ("network", network)]);
    entry::<Toy>().open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}"))
}

/// Three messages from A to B, of which the last two ways were not taken yet.
fn three(sim: &mut Simulation) -> [i64; 3] {
    play(sim, "request A count 1; +11; fire A tell; +1; fire A tell; +1; fire A tell");
    let sent = between(sim, "flying");
    sent[sent.len() - 3..].try_into().expect("three")
}

/// Numbers of the messages from A to B.
fn between(sim: &Simulation, fate: &str) -> Vec<i64> {
    let frame = sim.frame(0);
    let all = frame.get("messages").and_then(Value::as_list).unwrap_or_default();
    let whole = |message: &Value, key: &str| message.get(key).and_then(Value::as_whole);
    let on_link = |m: &&Value| whole(m, "from") == Some(0) && whole(m, "to") == Some(1);
    let with = |m: &&Value| m.get("fate").and_then(Value::as_text) == Some(fate);
    all.iter().filter(on_link).filter(with).filter_map(|m| whole(m, "id")).collect()
}

/// What B received from A, in its order.
fn received(sim: &Simulation) -> Vec<i64> {
    told(sim, "B receives").into_iter().map(|(message, _)| message).collect()
}

/// Records about messages from A that begin so: the message, and the cause.
fn told(sim: &Simulation, begins: &str) -> Vec<(i64, i64)> {
    let mut told = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| {
        let says = record.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
        let whole = |key: &str| record.get(key).and_then(Value::as_whole).unwrap_or(-1);
        if says.starts_with(begins) && says.contains("from A") {
            told.push((whole("message"), whole("cause")));
        }
    });
    told
}

#[test]
fn one_that_is_held_or_delayed_holds_those_behind_it() {
    for verb in ["hold #N", "delay #N 40ms"] {
        let mut sim = open((10, 10), &[]);
        let [first, second, third] = three(&mut sim);
        play(&mut sim, &verb.replace("N", &first.to_string()));
        play(&mut sim, "+20");
        let waiting = between(&sim, "held");
        assert!(waiting.ends_with(&[second, third]) && received(&sim).is_empty(), "{verb}: {waiting:?}");
        let refused = done(&mut sim, &format!("deliver #{second}")).expect_err("it is behind");
        assert!(refused.contains(&format!("deliver #{first}")), "{refused}");
        let here = (sim.now(), sim.fingerprint());
        play(&mut sim, &format!("deliver #{first}"));
        assert_eq!(received(&sim), [first, second, third], "at the same instant");
        sim.seek(here.0 - 1_000);
        sim.seek(here.0);
        let mut again = entry::<Toy>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
        again.seek(sim.end());
        sim.seek(sim.end());
        assert_eq!(again.fingerprint(), sim.fingerprint());
    }
}

#[test]
fn one_that_is_lost_is_a_gap() {
    // By a hand; by the network, while the others wait for it; and when it could not cross.
    for (lost, told_as) in [("hold #N; +20; drop #N", "B never"), ("cut A -> B; mend A -> B", "B is cut off")] {
        let mut sim = open((10, 10), &[]);
        let [first, second, third] = three(&mut sim);
        let before = sim.next_seq() as i64;
        if lost.contains("cut") {
            // Only what is on its way now is lost; what is sent behind it finds nobody before it.
            play(&mut sim, &format!("{lost}; fire A tell; +30"));
            let gone: Vec<i64> = told(&sim, told_as).into_iter().map(|(message, _)| message).collect();
            assert!(gone.ends_with(&[first, second, third]) && received(&sim).len() == 1, "{gone:?}");
            continue;
        }
        play(&mut sim, &lost.replace('N', &first.to_string()));
        assert_eq!(received(&sim), [second, third], "at once");
        let (message, cause) = *told(&sim, told_as).last().expect("the loss");
        assert!(message == first && cause >= before, "whoever dropped it is the cause");
    }
}

#[test]
fn a_gap_ends_no_other_wait() {
    let mut sim = open((10, 10), &[]);
    let [first, second, third] = three(&mut sim);
    play(&mut sim, &format!("hold #{first}; delay #{second} 40ms; +20; drop #{first}"));
    assert_eq!((received(&sim), between(&sim, "held")), (vec![], vec![third]), "the second is still on its way");
    assert_eq!(told(&sim, "At B").len(), 1, "and nobody comes a second time in vain");
    play(&mut sim, "+40");
    assert!(received(&sim).starts_with(&[second, third]), "{:?}", received(&sim));
}

#[test]
fn links_do_not_wait_for_one_another() {
    let mut sim = among(3, (10, 10), &[]);
    play(&mut sim, "+60; fire A tell");
    let held = *between(&sim, "flying").last().expect("A tells B");
    let before = received(&sim).len();
    play(&mut sim, &format!("hold #{held}; fire C tell; +11"));
    let heard = |who: &str| told(&sim, who).len();
    assert_eq!((received(&sim).len(), heard("C receives")), (before, before + 1), "A tells C, and C tells B");
    assert_eq!(between(&sim, "held"), [held]);
}

#[test]
fn where_order_is_not_kept_one_may_overtake() {
    let mut sim = open((10, 10), &[("reorder", Value::Bool(true))]);
    let [first, second, third] = three(&mut sim);
    play(&mut sim, &format!("hold #{first}; +20; deliver #{first}"));
    assert_eq!(received(&sim), [second, third, first]);
}

#[test]
fn a_copy_keeps_its_place_behind_its_original() {
    let mut sim = open((10, 10), &[]);
    let [first, second, third] = three(&mut sim);
    play(&mut sim, &format!("duplicate #{first}"));
    let copy = *between(&sim, "flying").last().expect("a copy");
    play(&mut sim, &format!("duplicate #{copy}; +30"));
    assert_eq!(received(&sim), [first, copy, copy + 1, second, third]);
}

#[test]
fn messages_that_waited_for_a_paused_node_come_before_those_that_come_later() {
    // The third is at B's door when B resumes, and must wait for the second all the same.
    let mut sim = open((10, 10), &[]);
    let [first, second, third] = three(&mut sim);
    play(&mut sim, &format!("pause B; hold #{second}; +12; resume B"));
    assert_eq!((received(&sim), between(&sim, "held")), (vec![first], vec![second, third]));
    play(&mut sim, &format!("deliver #{second}"));
    assert_eq!(received(&sim), [first, second, third]);
    // What waits behind another comes to the door of a paused node with it.
    let mut sim = open((10, 10), &[]);
    let [first, second, third] = three(&mut sim);
    play(&mut sim, &format!("pause B; hold #{first}; +20; deliver #{first}"));
    let at_the_door: Vec<i64> = told(&sim, "B is paused").into_iter().map(|(message, _)| message).collect();
    assert_eq!(at_the_door, [first, second, third]);
    // One more arrives at the very instant at which B resumes.
    play(&mut sim, "fire A tell; +10; resume B");
    let received = received(&sim);
    assert!(received.starts_with(&[first, second, third]) && received.is_sorted(), "{received:?}");
    // Where links keep no order, a door does.
    let mut sim = open((10, 10), &[("reorder", Value::Bool(true))]);
    let [first, second, third] = three(&mut sim);
    play(&mut sim, "pause B; +20; resume B");
    assert_eq!(self::received(&sim), [first, second, third]);
}

#[test]
fn no_hand_and_no_network_makes_one_overtake_another() {
    for seed in 0..60 {
        let part = |n: i64| Value::Number(n);
        let mut sim = open((1, 60), &[("loss", part(100_000)), ("duplicate", part(200_000))]);
        let mut chance = Chance::new(seed, Stream::Outside(9));
        for _ in 0..60 {
            let flying: Vec<i64> = ["flying", "held"].iter().flat_map(|fate| between(&sim, fate)).collect();
            let line = match (chance.between(0, 8), flying.is_empty()) {
                (0 | 1, _) | (_, true) => "fire A tell".to_string(),
                (2, _) => "pause B".into(),
                (3, _) => "resume B".into(),
                (4, _) => format!("delay #{} {}ms", chance.pick(&flying), chance.between(1, 90)),
                (n, _) => {
                    format!("{} #{}", ["hold", "deliver", "duplicate", "drop"][n as usize - 5], chance.pick(&flying))
                }
            };
            done(&mut sim, &line).ok();
            let until = sim.now() + chance.between(0, 15_000);
            sim.run_to(until);
        }
        // A copy stands behind its original: what it is a copy of is its place.
        let mut places = std::collections::BTreeMap::new();
        for one in &sim.window(0).past {
            let own = if one.copy_of == u64::MAX { one.id } else { *places.get(&one.copy_of).unwrap_or(&one.copy_of) };
            places.insert(one.id, own);
        }
        let order: Vec<u64> = received(&sim).iter().map(|id| places[&(*id as u64)]).collect();
        assert!(order.is_sorted(), "{seed}: {order:?}");
    }
}
