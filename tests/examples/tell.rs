//! Tells a lesson as text, for who writes one: `cargo run -p synod-tests --example tell raft/elect`.
//! At each stop: the words, what is in flight and how far, what nodes hold and count, and what the
//! marks of the words claim that is not to be seen.

use std::path::Path;

use synod_engine::value::Value;
use synod_tests::{lessons, shown};

fn main() -> Result<(), String> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols");
    for lesson in lessons::all(&protocols)?.into_iter().filter(|lesson| lesson.id.starts_with(&wanted)) {
        println!("== {}", lesson.id);
        let (mut player, mut run) = lessons::open(lesson)?;
        for n in 0..player.lesson.steps.len() {
            let from = run.next_seq();
            let mark = player.reach(&mut run, n).map_err(|why| format!("step {n}: {why}"))?.clone();
            println!("-- {n} {} {} to {} us: {}", player.lesson.steps[n].id, mark.from, mark.until, mark.say.en);
            println!("   {}", mark.say.zh);
            if let Some(then) = &mark.then {
                println!("   from {} us on: {}\n   {}", mark.told, then.en, then.zh);
            }
            run.each_record(from, u64::MAX, &mut |record| {
                let says = record.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
                let what = record.get("what").and_then(Value::as_text).unwrap_or_default();
                if what != "deliver" && run.nodes() <= 12 {
                    println!("      {} {says}", record.get("time").map(Value::shown).unwrap_or_default());
                }
            });
            for node in run.frame(usize::MAX).get("nodes").and_then(Value::as_list).unwrap_or_default().iter().take(9) {
                println!("   {}", brief(node));
            }
            let (frame, full) = (run.frame(0), run.frame(usize::MAX));
            println!("   in flight: {}", shown::in_flight(&frame).join("; "));
            for client in frame.get("clients").and_then(Value::as_list).unwrap_or_default() {
                let of = |key: &str| client.get(key).map(Value::shown).unwrap_or_default().replace('"', "");
                println!("   {} {} {} {}", of("name"), of("operation"), of("state"), of("answer"));
            }
            if let Some(totals) = frame.get("swarm").filter(|totals| **totals != Value::Null) {
                println!("   {totals:?}");
            }
            match player.right(&mut run, n) {
                Ok(right) if player.lesson.steps[n].ask.is_some() => println!("   right answers: {right:?}"),
                _ => {}
            }
            if player.lesson.steps[n].task.is_some() {
                println!("   task: {:?} without its solution", player.attempt(&mut run, n));
            }
            for words in mark.then.as_ref().or(Some(&mark.say)).into_iter().chain(&mark.more) {
                for claim in shown::unseen(words, &full) {
                    println!("!! not to be seen: {claim}");
                }
            }
            if let Err(why) = player.check(&mut run, n) {
                println!("!! {why}");
            }
        }
    }
    Ok(())
}

fn brief(node: &Value) -> String {
    let text = |value: &Value, key: &str| value.get(key).map(Value::shown).unwrap_or_default().replace('"', "");
    let ids = |tally: &Value, key: &str| tally.get(key).and_then(Value::as_list).unwrap_or_default().len();
    let tally = |key: &str| match node.get(key).filter(|tally| **tally != Value::Null) {
        Some(of) => {
            format!(" {key} {}-{}/{} of {}", ids(of, "have"), ids(of, "refused"), text(of, "need"), text(of, "of"))
        }
        None => String::new(),
    };
    let timer = node.get("timer").map(|timer| text(timer, "name")).unwrap_or_default();
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
    let epoch = node.get("epoch").map(|epoch| text(epoch, "value")).unwrap_or_default();
    let fields: Vec<String> =
        list(node, "fields").iter().map(|f| format!("{}={}", text(f, "id"), text(f, "value"))).collect();
    let cell =
        |cell: &Value| format!("{}{}", text(cell, "epoch"), if text(cell, "state") == "pending" { "?" } else { "" });
    let cells: Vec<String> =
        list(node, "strips").iter().flat_map(|strip| list(strip, "cells")).map(|c| cell(&c)).collect();
    format!(
        "{} {} {} {epoch} [{}] {}{}{} ring {timer}",
        text(node, "name"),
        text(node, "status"),
        text(node, "role"),
        cells.join(" "),
        fields.join(" "),
        tally("tally"),
        tally("won"),
    )
}
