//! Looks for short runs that break a property, on all cores: `cargo run --release -p synod-tests --example find -- PROTOCOL
//! [--mutant ID] [--seeds N] [--work STEPS]`. Without a mutant it looks at each of the protocol's; `--mutant none` at the
//! unbroken protocol.

use std::time::Instant;

use rayon::prelude::*;
use synod_engine::simulation::Entry;
use synod_engine::value::Value;
use synod_explore::{Explorer, Request};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    let entry = synod_tests::script::entry(args.first().expect("a protocol"));
    let seeds: u64 = option("--seeds").map_or(3, |n| n.parse().expect("a number of seeds"));
    let work = option("--work").map_or(Value::Null, |n| Value::count(n.parse::<i64>().expect("a number of steps")));
    let wanted = option("--mutant");
    let catalog = entry.catalog(&[]);
    let ids = |key: &str| -> Vec<String> {
        let list = catalog.get(key).and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(|it| it.get("id")?.as_text().map(str::to_string)).collect()
    };
    let mutants = match wanted.as_deref() {
        Some("none") => vec![String::new()],
        Some(one) => vec![one.to_string()],
        None => ids("mutants"),
    };
    let jobs: Vec<(String, u64)> = mutants.iter().flat_map(|mutant| (1..=seeds).map(|n| (mutant.clone(), n))).collect();
    jobs.par_iter().for_each(|(mutant, seed)| println!("{}", find(entry, mutant, *seed, &work)));
}

fn find(entry: &'static Entry, mutant: &str, seed: u64, work: &Value) -> String {
    let mutants = if mutant.is_empty() { Value::list([]) } else { Value::list([Value::string(mutant)]) };
    let words = std::env::args().skip_while(|arg| arg != "--config").nth(1).unwrap_or_default();
    let Value::Map(mut given) = synod_engine::script::config(entry.id, words.leak()) else { panic!("a configuration") };
    given.push(("mutants".into(), mutants));
    let config = Value::Map(given);
    let goal = Value::map([("violation", Value::Bool(true))]);
    let limits = Value::map([("work", work.clone())]);
    let seed_value = Value::count(seed as i64 * 7_919);
    let request = Value::map([("config", config), ("goal", goal), ("limits", limits), ("seed", seed_value)]);
    let mut search = Explorer::new(Request::read(entry, &request).expect("a request")).expect("a search");
    let began = Instant::now();
    let mut found_at = None;
    loop {
        let progress = search.work(20_000);
        if progress.best.is_some() && found_at.is_none() {
            found_at = Some(began.elapsed().as_millis());
        }
        if progress.done {
            break;
        }
    }
    let ms = began.elapsed().as_millis();
    let result = search.result();
    if std::env::var("FILM").is_ok() {
        for step in result.get("steps").and_then(Value::as_list).unwrap_or_default() {
            let text = |key: &str| step.get(key).map(Value::shown).unwrap_or_default();
            let en = |key: &str| step.get(key).and_then(|it| it.get("en")).map(Value::shown).unwrap_or_default();
            println!(
                "  {} {} {}->{} {} | {} | {} | {} {}",
                text("at"),
                text("move"),
                text("from"),
                text("to"),
                text("kind"),
                en("event"),
                en("text"),
                text("ruleMattered"),
                text("broken")
            );
        }
    }
    let number = |key: &str| result.get(key).and_then(Value::as_whole).unwrap_or(0);
    let steps = result.get("steps").and_then(Value::as_list).map_or(0, <[Value]>::len);
    let text = |key: &str| result.get(key).and_then(Value::as_text).unwrap_or("-").to_string();
    let letters = text("recording").len();
    let how: Vec<String> = result
        .get("how")
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .map(|way| {
            let number = |key: &str| way.get(key).and_then(Value::as_whole).unwrap_or(0);
            format!(
                "{} {}/{}/{}",
                way.get("by").and_then(Value::as_text).unwrap_or_default(),
                number("runs"),
                number("events"),
                number("steps")
            )
        })
        .collect();
    format!(
        "{mutant:28} {seed:3} {:7} {ms:6} ms (found {:6}) steps {steps:3} {:6} lower {:3} inputs {:3} letters {letters:4} explored {:9} [{}] {}",
        if steps > 0 { "found" } else { "NOTHING" },
        found_at.map_or(0, |ms| ms),
        text("shortest"),
        number("lower"),
        number("inputs"),
        number("explored"),
        how.join(", "),
        text("invariant"),
    )
}
