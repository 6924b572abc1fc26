//! How often each broken rule is caught by random runs: of so many runs, in how many the invariant that it
//! names breaks, and in which first. `cargo run --profile test -p synod-tests --example falls -- 300 [PROTOCOL...]`

use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::RandomRun;

const INPUTS: u64 = 60;

fn main() {
    let mut args = std::env::args().skip(1);
    let runs: u64 = args.next().and_then(|runs| runs.parse().ok()).unwrap_or(300);
    let wanted: Vec<String> = args.collect();
    for entry in ALL.iter().filter(|entry| wanted.is_empty() || wanted.iter().any(|id| id == entry.id)) {
        let catalog = entry.catalog(&[]);
        for mutant in catalog.get("mutants").and_then(Value::as_list).unwrap_or_default() {
            let text = |key: &str| mutant.get(key).and_then(Value::as_text).unwrap_or_default();
            let falls = |seed: &u64| {
                let mut run = RandomRun::new(entry, *seed, &[text("id")]);
                (0..INPUTS).any(|_| {
                    run.go_on();
                    run.broken().iter().any(|id| id == text("breaks"))
                })
            };
            let fallen: Vec<u64> = (0..runs).filter(falls).collect();
            println!("{:16} {:28} {:4} of {runs}, first {:?}", entry.id, text("id"), fallen.len(), fallen.first());
        }
    }
}
