//! Looks for runs in which a promise breaks because something that it rests on was broken, or in which what a
//! configuration does not promise does not hold, and prints each as a protocol stores it (`BREAKS`):
//! `cargo run --release -p synod-tests --example breaks -- PROTOCOL [CONFIG...]`, each with a seed; or
//! `-- PROTOCOL --only INVARIANT ASSUMPTION CONFIG` looks for one, and `-- PROTOCOL --play CONFIG SCRIPT` says what
//! breaks in a script.

use synod_engine::script;
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::value::Value;
use synod_tests::RandomRun;

/// An input and when it was made, in microseconds.
type Made = (i64, String);

/// Finds that are shrunk, of which the shortest is kept.
const SHRUNK: usize = 12;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (id, configs) = args.split_first().expect("a protocol");
    let entry = synod_protocols::ALL.iter().find(|entry| entry.id == id).expect("a protocol of the registry");
    if let [play, words, script] = configs
        && play == "--play"
    {
        return told(entry, words, script);
    }
    let usual = ["seed=7 network.latency=10..10".to_string()];
    if let [only, invariant, without, words] = configs
        && only == "--only"
    {
        return search(entry, words, invariant, without);
    }
    for words in if configs.is_empty() { &usual[..] } else { configs } {
        let config = script::config(entry.id, words.clone().leak());
        for (invariant, without) in wanted(entry, &config) {
            search(entry, words, &invariant, &without);
        }
    }
}

/// Prints the shortest of some runs that break an invariant.
fn search(entry: &Entry, words: &str, invariant: &str, without: &str) {
    let config = script::config(entry.id, words.to_string().leak());
    let found = (0..20_000).filter_map(|seed| look(entry, &config, seed, invariant, without)).take(SHRUNK);
    let short = found.map(|inputs| shrink(entry, &config, inputs, invariant, without)).min_by_key(Vec::len);
    match short {
        None => println!("// {invariant} without {without}: not found, {words}"),
        Some(inputs) => println!("{invariant} without {without}, {words}: {:?}", lines(&inputs)),
    }
}

/// Plays a script, and says what broke in it, when, and beyond what.
fn told(entry: &Entry, words: &str, script: &str) {
    let config = script::config(entry.id, words.to_string().leak());
    let made = script::lines(script.to_string().leak()).map(|(time, line)| (time as i64, line.to_string()));
    let run = play(entry, &config, &made.collect::<Vec<_>>()).expect("every input is valid");
    for promise in list(&run.frame(0), "promises") {
        println!("{} {:?} {:?}", text(promise, "id"), promise.get("broken"), list(promise, "beyond"));
    }
}

/// What there is to look for: each promise without each of its assumptions, and what is not promised.
fn wanted(entry: &Entry, config: &Value) -> Vec<(String, String)> {
    let run = entry.open(config, &mut || 0).expect("a configuration");
    let mut wanted = Vec::new();
    for promise in list(&run.frame(0), "promises") {
        let id = text(promise, "id").to_string();
        if promise.get("promised").and_then(Value::as_bool) == Some(false) {
            wanted.push((id.clone(), String::new()));
        }
        let assumes = list(promise, "assumes").iter().filter_map(Value::as_text);
        wanted.extend(assumes.map(|assumption| (id.clone(), assumption.to_string())));
    }
    wanted
}

fn look(entry: &Entry, config: &Value, seed: u64, invariant: &str, without: &str) -> Option<Vec<Made>> {
    let mut run = RandomRun::beyond(entry, config, seed);
    for _ in 0..60 {
        run.go_on();
        if breaks(&run.simulation, invariant, without) {
            return Some(made(&run.simulation));
        }
    }
    None
}

fn breaks(run: &Simulation, invariant: &str, without: &str) -> bool {
    list(&run.frame(0), "promises").iter().any(|promise| {
        let broken = promise.get("broken").is_some_and(|broken| *broken != Value::Null);
        let beyond: Vec<&str> = list(promise, "beyond").iter().filter_map(Value::as_text).collect();
        let here = if without.is_empty() { beyond.is_empty() } else { beyond == [without] };
        text(promise, "id") == invariant && broken && here
    })
}

fn made(run: &Simulation) -> Vec<Made> {
    let input = |input: &Value| {
        let time = input.get("time").and_then(Value::as_number).unwrap_or(0) / 1_000;
        (time, text(input, "text").to_string())
    };
    run.inputs().iter().map(input).collect()
}

/// Takes inputs away as long as the rest still breaks it, and then rounds the times.
fn shrink(entry: &Entry, config: &Value, mut inputs: Vec<Made>, invariant: &str, without: &str) -> Vec<Made> {
    let still = |inputs: &[Made]| play(entry, config, inputs).is_some_and(|run| breaks(&run, invariant, without));
    let mut size = inputs.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < inputs.len() {
            let mut fewer = inputs.clone();
            fewer.drain(at..(at + size).min(inputs.len()));
            if still(&fewer) { inputs = fewer } else { at += size }
        }
        size /= 2;
    }
    for unit in [10_000, 5_000, 1_000] {
        let round: Vec<Made> = inputs.iter().map(|(time, text)| (time / unit * unit, text.clone())).collect();
        if still(&round) {
            return round;
        }
    }
    inputs
}

/// Plays inputs at their times, and half a second more; nothing where one of them is not valid.
fn play(entry: &Entry, config: &Value, inputs: &[Made]) -> Option<Simulation> {
    let mut run = entry.open(config, &mut || 0).ok()?;
    for (time, text) in inputs {
        run.run_to(*time as u64);
        let input = run.parse(&Value::string(text)).ok()?;
        run.inject(input).ok()?;
    }
    run.run_to(run.now() + 500_000);
    Some(run)
}

fn lines(inputs: &[Made]) -> String {
    let (mut now, mut lines) = (0, Vec::new());
    for (time, text) in inputs {
        if *time > now {
            lines.push(format!("+{}ms", (*time - now) as f64 / 1_000.0));
        }
        lines.push(text.clone());
        now = *time;
    }
    lines.join("\n")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}
