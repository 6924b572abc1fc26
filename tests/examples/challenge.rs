//! Plays the stored solutions of challenges and says how they are judged:
//! `cargo run -p synod-tests --example challenge -- [ID...]`; with `--look` first, what the frames show too.

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_lessons::Referee;
use synod_tests::challenges::{all, open};

fn main() {
    let (flags, wanted): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    for challenge in all() {
        if !wanted.is_empty() && !wanted.iter().any(|one| challenge.id.contains(one)) {
            continue;
        }
        tell(Referee::new(challenge), !flags.is_empty());
    }
}

fn tell(mut referee: Referee, look: bool) {
    println!("== {}", referee.challenge.id);
    let begun = referee.begin(&mut open);
    if let (Ok(run), true) = (&begun, look) {
        show("begins", run);
    }
    let run = match begun.and_then(|_| referee.solve(&mut open)) {
        Ok(run) => run,
        Err(why) => return println!("   {why}"),
    };
    let began = referee.begins().unwrap_or_default();
    match referee.judge(&run, usize::MAX, false) {
        Err(why) => println!("   {why}"),
        Ok(state) => {
            let ms = |time: u64| time as f64 / 1_000.0;
            println!("   begins {} ends {} now {:?}", ms(began), ms(run.now()), state.now.map(|now| now.en));
            for (met, one) in state.met.iter().zip(&referee.challenge.objectives) {
                let done = met.done.as_ref().map(|done| &done.en);
                println!("   {} ms {} m {} f: {} {:?}", ms(met.time), met.moves, met.faults, one.says.en, done);
            }
            let (asked, stars) = (referee.challenge.objectives.len(), state.stars);
            println!(
                "   {} of {asked}, {} moves, {} faults, {stars} stars, over {:?}",
                state.met.len(),
                state.moves,
                state.faults,
                state.over
            );
        }
    }
    if look {
        show("ends", &run);
    }
    for input in run.inputs() {
        println!(
            "   {:?} {:?}",
            input.get("time").and_then(Value::as_number).map(|t| t as f64 / 1e6),
            input.get("text").and_then(Value::as_text)
        );
    }
}

fn show(what: &str, run: &Simulation) {
    println!("   -- {what} at {}", run.now());
    let frame = run.frame(usize::MAX);
    let text = |value: &Value, key: &str| value.get(key).map(Value::shown).unwrap_or_default();
    for node in frame.get("nodes").and_then(Value::as_list).unwrap_or_default() {
        let list = |key: &str| node.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
        let fields =
            list("fields").iter().map(|one| format!("{}={}", text(one, "id"), text(one, "value"))).collect::<Vec<_>>();
        let state = node.get("state").and_then(|state| state.get("id")).map(Value::shown);
        let epoch = node.get("epoch").and_then(|epoch| epoch.get("value")).map(Value::shown);
        println!(
            "   {} {} {} {epoch:?} {state:?} {}",
            text(node, "name"),
            text(node, "status"),
            text(node, "role"),
            fields.join(" ")
        );
    }
    for client in frame.get("clients").and_then(Value::as_list).unwrap_or_default() {
        println!(
            "   {} {} {} {}",
            text(client, "name"),
            text(client, "operation"),
            text(client, "state"),
            text(client, "answer")
        );
    }
    for promise in frame.get("promises").and_then(Value::as_list).unwrap_or_default() {
        let promised = promise.get("promised").and_then(Value::as_bool) == Some(true);
        let broken = promise.get("broken").filter(|broken| **broken != Value::Null).map(Value::shown);
        println!("   {} promised {promised} broken {broken:?}", text(promise, "id"));
    }
}
