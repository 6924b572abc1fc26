//! Looks for short runs that break a property, on all cores, and prints a line for each:
//! `cargo xtask find PROTOCOL [--mutant ID | --mutant none] [--config WORDS] [--seeds N] [--work STEPS] [--film]`. Without a
//! mutant it looks at each of the protocol's, one after another; `none` is the unbroken protocol, `--film` tells the steps.
//!
//! `cargo xtask fuzz [--minutes N]` goes on with the unbroken protocols from ever new seeds, and writes what it finds as a
//! test into `target/fuzz`.

use std::time::{Duration, Instant};

use rayon::prelude::*;
use synod_engine::script;
use synod_engine::simulation::Entry;
use synod_engine::value::Value;
use synod_explore::{Explorer, Request};

/// Work for one seed of a protocol that is whole.
const FUZZ_WORK: i64 = 3_000_000;

struct Asked {
    entry: &'static Entry,
    mutant: String,
    words: &'static str,
    seed: i64,
    work: Option<i64>,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    let number = |name: &str| -> Option<i64> {
        option(name).map(|n| n.parse().unwrap_or_else(|_| panic!("{name} is a number, not {n}")))
    };
    if args.first().is_some_and(|first| first == "fuzz") {
        return fuzz(number("--minutes").unwrap_or(10));
    }
    let entry = args.first().and_then(|id| synod_protocols::ALL.iter().find(|entry| entry.id == id));
    let entry = entry.unwrap_or_else(|| {
        let ids: Vec<&str> = synod_protocols::ALL.iter().map(|entry| entry.id).collect();
        panic!("a protocol: {}", ids.join(", "))
    });
    let words: &'static str = option("--config").unwrap_or_default().leak();
    let mutants = match option("--mutant").as_deref() {
        Some("none") => vec![String::new()],
        Some(one) => vec![one.to_string()],
        None => mutants(entry),
    };
    let asked = |mutant: &String, seed| Asked { entry, mutant: mutant.clone(), words, seed, work: number("--work") };
    let seeds = number("--seeds").unwrap_or(1);
    let jobs: Vec<Asked> = mutants.iter().flat_map(|mutant| (1..=seeds).map(move |seed| asked(mutant, seed))).collect();
    let film = args.iter().any(|arg| arg == "--film");
    jobs.par_iter().for_each(|asked| {
        let began = Instant::now();
        let result = find(asked);
        println!("{}", line(asked, &result, began.elapsed()) + &if film { told(&result) } else { String::new() });
    });
}

fn mutants(entry: &Entry) -> Vec<String> {
    let catalog = entry.catalog(&[]);
    let list = catalog.get("mutants").and_then(Value::as_list).unwrap_or_default();
    list.iter().map(|mutant| text(mutant, "id").to_string()).collect()
}

fn find(asked: &Asked) -> Value {
    let Value::Map(mut config) = script::config(asked.entry.id, asked.words) else { panic!("a configuration") };
    if !asked.mutant.is_empty() {
        config.push(("mutants".into(), Value::list([Value::string(&asked.mutant)])));
    }
    let request = Value::map([
        ("config", Value::Map(config)),
        ("goal", Value::map([("violation", Value::Bool(true))])),
        ("limits", Value::map([("work", Value::or_null(asked.work, Value::count))])),
        ("seed", Value::count(asked.seed)),
    ]);
    let request = Request::read(asked.entry, &request).unwrap_or_else(|error| panic!("{}", error.message));
    let mut search = Explorer::new(request).unwrap_or_else(|error| panic!("{}", error.message));
    while !search.work(100_000).done {}
    search.result()
}

fn line(asked: &Asked, result: &Value, took: Duration) -> String {
    let number = |key: &str| result.get(key).and_then(Value::as_whole).unwrap_or(0);
    let who = format!("{} {} seed {}", asked.entry.id, asked.mutant, asked.seed);
    let (ms, explored) = (took.as_millis(), number("explored"));
    let steps = result.get("steps").and_then(Value::as_list).map_or(0, <[Value]>::len);
    if steps == 0 {
        return format!("{who}: nothing in {explored} events, {ms} ms; every run below {} steps", number("lower"));
    }
    let (letters, inputs) = (text(result, "recording").len(), number("inputs"));
    let (broken, bound) = (text(result, "invariant"), text(result, "shortest"));
    format!(
        "{who}: {broken} in {steps} steps ({bound}, {} tried), {inputs} inputs, {letters} letters, {explored} events, {ms} ms",
        number("lower") - 1
    )
}

/// The steps, and the run as a recording.
fn told(result: &Value) -> String {
    let mut lines = String::new();
    for step in result.get("steps").and_then(Value::as_list).unwrap_or_default() {
        let says = |key: &str| step.get(key).map(|says| text(says, "en").to_string()).unwrap_or_default();
        let mattered = step.get("ruleMattered").and_then(Value::as_bool) == Some(true);
        let at = step.get("at").and_then(Value::as_whole).unwrap_or(0) as f64 / 1_000.0;
        let (event, rule) = (says("event"), says("text"));
        let rule = if rule == event { String::new() } else { format!(" {rule}") };
        lines += &format!("\n  {at:7} ms  {event}{rule}{}", if mattered { " <- the rule" } else { "" });
    }
    format!("{lines}\n  {}", text(result, "recording"))
}

fn fuzz(minutes: i64) {
    let (began, mut seed) = (Instant::now(), 1_000_000);
    while began.elapsed() < Duration::from_secs(60 * minutes.unsigned_abs()) {
        seed += 1;
        let found = synod_protocols::ALL.par_iter().filter_map(|entry| {
            let asked = Asked { entry, mutant: String::new(), words: "", seed, work: Some(FUZZ_WORK) };
            let result = find(&asked);
            (result.get("found") == Some(&Value::Bool(true))).then(|| write(&asked, &result))
        });
        found.collect::<Vec<_>>().iter().for_each(|path| println!("found: {path}"));
        println!("{} s: seed {seed} of every protocol", began.elapsed().as_secs());
    }
}

/// A test that says what is wrong.
fn write(asked: &Asked, result: &Value) -> String {
    let (entry, seed) = (asked.entry.id, asked.seed);
    let name = format!("{}_{seed}", entry.replace('-', "_"));
    let last = result.get("steps").and_then(Value::as_list).and_then(|steps| steps.last());
    let until = last.and_then(|step| step.get("at")?.as_whole()).unwrap_or(0) + 1_000;
    let test = format!(
        "#[test]\nfn found_{name}() {{\n    let mut run = synod_tests::script::entry(\"{entry}\").replay(\"{}\").expect(\"a \
         recording\");\n    run.run_to({until});\n    assert_eq!(run.broken(), 0, \"{}\");\n}}\n",
        text(result, "recording"),
        text(result, "invariant")
    );
    std::fs::create_dir_all("target/fuzz").expect("a folder");
    let path = format!("target/fuzz/{name}.rs");
    std::fs::write(&path, test).expect("a file");
    path
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}
