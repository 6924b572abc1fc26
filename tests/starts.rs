//! Ready runs show what they say.

use synod_engine::names::NodeId;
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

/// What is done in a pair is understood by the side that it names, or by one at least.
#[test]
fn every_input_of_a_pair_is_for_somebody() {
    for pair in synod_protocols::COMPARISONS {
        let mut runs = pair.sides.map(|(protocol, config)| {
            let entry = ALL.iter().find(|entry| entry.id == protocol).unwrap_or_else(|| panic!("{protocol}"));
            let opened = entry.open(&synod_engine::script::config(protocol, config), &mut || 0);
            opened.unwrap_or_else(|error| panic!("{}: {error}", pair.id))
        });
        for (time, line, side) in pair.lines() {
            let mut understood = false;
            for (at, run) in runs.iter_mut().enumerate().filter(|(at, _)| side.is_none_or(|side| side == *at)) {
                run.run_to(time);
                let done = run.parse(&Value::word(line)).and_then(|input| run.inject(input));
                assert!(done.is_ok() || side.is_none(), "{}, side {at}: {line}", pair.id);
                understood |= done.is_ok();
            }
            assert!(understood, "{}: {line}", pair.id);
        }
    }
}

/// Of these the point is that some see the same on both sides, and that it is not the same.
#[test]
fn those_who_are_left_cannot_tell_the_two_runs_apart() {
    let pair = synod_protocols::COMPARISONS.iter().find(|pair| pair.id == "nobody-knows").expect("the pair");
    let played = |at: usize, until: u64| {
        let (protocol, config) = pair.sides[at];
        let entry = ALL.iter().find(|entry| entry.id == protocol).expect("the protocol");
        let mut run = entry.open(&synod_engine::script::config(protocol, config), &mut || 0).expect("a run");
        for (time, line, _) in pair.lines().filter(|(_, _, side)| side.is_none_or(|side| side == at)) {
            if time <= until * MS {
                run.run_to(time);
                run.parse(&Value::word(line)).and_then(|input| run.inject(input)).expect(line);
            }
        }
        run.run_to(until * MS);
        run
    };
    let holds = |run: &Simulation, text: &str| {
        Condition::parse(text).and_then(|one| one.holds(&Scene { run, from: 0, since: 0 })).expect(text)
    };
    let [left, right] = [0, 1].map(|at| played(at, 560));
    for one in ["P2", "P3", "P4"] {
        let place = left.node_names().iter().position(|name| name == one).expect(one);
        let node = |run: &Simulation| run.node(NodeId(place as u32), usize::MAX).expect(one);
        assert_eq!(node(&left), node(&right), "{one}");
        assert!(holds(&left, &format!("{one}.state = uncertain")));
    }
    let [left, right] = [0, 1].map(|at| played(at, 1_200));
    assert!(holds(&left, "P2.state = aborted") && holds(&right, "P2.state = committed"));
}
