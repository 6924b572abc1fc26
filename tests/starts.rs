//! Ready runs show what they say.

use synod_engine::simulation::{Entry, Simulation};
use synod_engine::units::MS;
use synod_engine::value::Value;
use synod_lessons::{Condition, Scene};
use synod_protocols::ALL;

fn play(entry: &Entry, id: &str, config: &'static str, script: &'static str, after: u64) -> Simulation {
    let opened = entry.open(&synod_engine::script::config(entry.id, config), &mut || 0);
    let mut run = opened.unwrap_or_else(|error| panic!("{id} of {}: {error}", entry.id));
    for (time, line) in synod_engine::script::lines(script) {
        run.run_to(time);
        let done = run.parse(&Value::word(line)).and_then(|input| run.inject(input));
        done.unwrap_or_else(|error| panic!("{id} of {}: {line}: {error}", entry.id));
    }
    assert!(run.now() <= after * MS, "{id} of {}: its inputs come after it is judged", entry.id);
    run.run_to(after * MS);
    run
}

#[test]
fn every_ready_run_shows_what_it_says() {
    let mut wrong = Vec::new();
    for entry in ALL {
        for start in entry.starts() {
            assert!(!start.expect.is_empty(), "{} of {} expects nothing", start.id, entry.id);
            let run = play(entry, start.id, start.config, start.script, start.after);
            for text in start.expect {
                let condition = Condition::parse(text).unwrap_or_else(|error| panic!("{}: {error}", start.id));
                match condition.contrary(&Scene { run: &run, from: 0, since: 0 }) {
                    Ok(None) => {}
                    Ok(Some(why)) => wrong.push(format!("{} of {}: {why}", start.id, entry.id)),
                    Err(error) => wrong.push(format!("{} of {}: {error}", start.id, entry.id)),
                }
            }
            let violated: Vec<String> = run
                .violations()
                .iter()
                .filter_map(|one| Some(format!("broken {} = 1", one.get("invariant")?.as_text()?)))
                .collect();
            // Where a rule is broken on purpose, it is for the damage; elsewhere damage is told.
            let told = match start.config.contains("mutants=") {
                true => !violated.is_empty(),
                false => violated.iter().all(|one| start.expect.contains(&one.as_str())),
            };
            assert!(told, "{} of {}: {violated:?}", start.id, entry.id);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
