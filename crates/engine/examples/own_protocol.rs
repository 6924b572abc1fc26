//! A protocol from outside the registry, put on the stage: a network that loses, a partition, a crash,
//! a step back in time, and the same run again. `cargo run -p synod-engine --example own_protocol`
//! prints it; `cargo test -p synod-engine --examples` runs it a hundred times with random faults.
//!
//! The protocol is `toy`, a counter of which every node keeps the highest value it has heard of. Its
//! folder is what `cargo xtask new-protocol` begins from.

#[path = "../tests/toy/mod.rs"]
mod toy;

use synod_engine::error::Result;
use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

fn main() -> Result<()> {
    let mut sim = open(5, 7)?;
    for (ms, input) in [
        (10, "request A count 3"),
        (90, "partition A B | C D E"),
        (10, "request B count 4"),
        (200, "crash C"),
        (100, "heal"),
        (100, "restart C"),
    ] {
        pass(&mut sim, ms);
        tell(&mut sim, input)?;
        println!("{:6} ms  {input:24}{}", sim.now() / 1_000, counts(&sim));
    }
    pass(&mut sim, 300);
    println!("{:6} ms  {:24}{}", sim.now() / 1_000, "", counts(&sim));
    // Time goes both ways, and every moment is the same when it comes again.
    let (end, print) = (sim.now(), sim.fingerprint());
    sim.seek(150_000);
    println!("{:6} ms  {:24}{}", sim.now() / 1_000, "seen again", counts(&sim));
    sim.run_to(end);
    assert_eq!(sim.fingerprint(), print);
    // A recording is the configuration and the inputs: whoever has it has the run.
    let mut again = entry::<toy::Toy>().replay(&sim.recording())?;
    again.run_to(end);
    assert_eq!(again.fingerprint(), print);
    println!("violations: {}", sim.violations().len());
    Ok(())
}

/// A cluster on a network that loses a tenth and doubles a tenth.
fn open(nodes: i64, seed: u64) -> Result<Simulation> {
    let tenth = || Value::Number(100_000);
    let config = Value::map([
        ("nodes", Value::count(nodes)),
        ("network", Value::map([("loss", tenth()), ("duplicate", tenth())])),
    ]);
    entry::<toy::Toy>().open(&config, &mut || seed)
}

fn pass(sim: &mut Simulation, ms: u64) {
    let until = sim.now() + ms * 1_000;
    sim.run_to(until);
}

fn tell(sim: &mut Simulation, input: &str) -> Result<()> {
    let input = sim.parse(&Value::string(input))?;
    sim.inject(input).map(|_| ())
}

/// What each node shows, as the frame has it: `A 3  B 3  C down`.
fn counts(sim: &Simulation) -> String {
    let frame = sim.frame(0);
    let text = |node: &Value, key: &str| node.get(key).and_then(Value::as_text).unwrap_or_default().to_string();
    let count = |node: &Value| {
        let value = node.get("fields")?.as_list()?.first()?.get("value")?.as_whole()?;
        Some(if text(node, "status") == "up" { value.to_string() } else { text(node, "status") })
    };
    let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
    let told: Vec<_> =
        nodes.iter().map(|node| format!("{} {}", text(node, "name"), count(node).unwrap_or_default())).collect();
    told.join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use synod_engine::rng::{Chance, Stream};

    /// Everything in a run follows from its seed: which faults there are, and when.
    fn run(seed: u64) -> Result<Simulation> {
        let mut chance = Chance::new(seed, Stream::Outside(0));
        let mut sim = open(5, seed)?;
        for _ in 0..40 {
            pass(&mut sim, chance.between(0, 60));
            let node = chance.pick(&["A", "B", "C", "D", "E"]);
            let input = match chance.between(0, 5) {
                0 => format!("crash {node}"),
                1 => format!("restart {node}"),
                2 => "partition A B | C D E".into(),
                3 => "heal".into(),
                4 => format!("pause {node}"),
                _ => format!("request {node} count 2"),
            };
            // What does not apply now, such as restarting what is up, is refused and changes nothing.
            let _ = tell(&mut sim, &input);
        }
        Ok(sim)
    }

    #[test]
    fn a_hundred_runs_with_random_faults_break_no_invariant() -> Result<()> {
        for seed in 0..100 {
            let sim = run(seed)?;
            assert!(sim.violations().is_empty(), "seed {seed}: {:?}\n{}", sim.violations(), sim.recording());
        }
        Ok(())
    }

    #[test]
    fn the_same_seed_is_the_same_run_and_another_is_another() -> Result<()> {
        assert_eq!(run(1)?.fingerprint(), run(1)?.fingerprint());
        assert_ne!(run(1)?.fingerprint(), run(2)?.fingerprint());
        Ok(())
    }

    #[test]
    fn the_example_runs() -> Result<()> {
        main()
    }
}
