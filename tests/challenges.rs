//! Every challenge is a test: its stored solution does it, and doing nothing does not.

use std::collections::BTreeMap;

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_lessons::{Limit, Referee};
use synod_tests::challenges::{all, begin, open};

fn judge(referee: &mut Referee, run: &Simulation) -> synod_lessons::State {
    let id = referee.challenge.id.clone();
    referee.judge(run, usize::MAX, false).unwrap_or_else(|why| panic!("{id}: {why}"))
}

fn referee(id: &str) -> Referee {
    Referee::new(all().into_iter().find(|one| one.id == id).unwrap_or_else(|| panic!("no {id}")))
}

fn act(run: &mut Simulation, text: &str) {
    let input = run.parse(&Value::string(text)).unwrap_or_else(|why| panic!("{text}: {why}"));
    run.inject(input).unwrap_or_else(|why| panic!("{text}: {why}"));
}

#[test]
fn each_is_solved_by_its_solution_and_not_by_doing_nothing() {
    let wrong: Vec<String> = all().into_iter().flat_map(|challenge| wrong(Referee::new(challenge))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn wrong(mut referee: Referee) -> Vec<String> {
    let id = referee.challenge.id.clone();
    let mut run = begin(&mut referee);
    let before = judge(&mut referee, &run).met.len();
    run.run_to(run.now() + referee.challenge.within);
    let idle = judge(&mut referee, &run).met.len();
    let solved = referee.solve(&mut open).unwrap_or_else(|why| panic!("{id}: {why}"));
    let state = judge(&mut referee, &solved);
    let all = referee.challenge.objectives.len();
    let asked = referee.challenge.objectives.iter().filter(|one| !one.extra).count();
    let best = referee.best(&mut open).ok();
    let stars = referee.challenge.stars[0];
    let claims = [
        (before == 0, "is done in part before it begins"),
        (idle < asked, "is done by doing nothing"),
        (state.met.len() == all, "is not solved"),
        (state.over.is_none() && state.stars == 3, "has a solution that is not worth three stars"),
        (best.is_some_and(|best| best.moves <= stars), "has a best that is not worth three stars"),
    ];
    claims.into_iter().filter(|(holds, _)| !holds).map(|(_, claim)| format!("{id} {claim}")).collect()
}

#[test]
fn there_are_three_for_every_protocol_and_each_speaks_both_languages() {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let ids: Vec<String> = all().into_iter().map(|one| one.id).collect();
    for one in all() {
        *count.entry(one.protocol.clone()).or_default() += 1;
        // What is best is worked out, and never written down by hand.
        assert!(one.best.is_none(), "{} says what is best", one.id);
        assert!(one.after.iter().all(|after| ids.contains(after)), "{} comes after nothing", one.id);
        let own = [&one.title, &one.line, &one.sentence, &one.hint, &one.watch];
        let told = one.objectives.iter().flat_map(|one| [Some(&one.says), one.now.as_ref(), one.done.as_ref()]);
        for text in own.into_iter().chain(one.objectives.iter().map(|one| &one.says)) {
            assert!(text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}: {}", one.id, text.zh);
        }
        for text in own.into_iter().chain(told.flatten()) {
            assert!(!text.zh.contains(", ") && !text.en.contains('!'), "{}: {} {}", one.id, text.en, text.zh);
        }
    }
    for entry in synod_protocols::ALL {
        assert!(count.get(entry.id).is_some_and(|n| *n >= 3), "{} has {:?}", entry.id, count.get(entry.id));
    }
    assert!(ids.len() >= 30, "there are {}", ids.len());
}

#[test]
fn a_run_is_judged_the_same_however_it_is_played() {
    for id in ["raft/lose-a-write", "two-phase-commit/block-everyone", "lease/late-write"] {
        let mut at_once = referee(id);
        let run = at_once.solve(&mut open).unwrap_or_else(|why| panic!("{id}: {why}"));
        let whole = judge(&mut at_once, &run);
        // The same run as a recording, looked at a few events at a time, and again after going back.
        let mut slowly = referee(id);
        let _ = begin(&mut slowly);
        let entry = synod_protocols::ALL.iter().find(|one| one.id == run.protocol());
        let mut copy = entry.and_then(|one| one.replay(&run.recording()).ok()).unwrap_or_else(|| panic!("{id}"));
        for _ in 0..2 {
            for share in 1..=7 {
                copy.seek(run.now() * share / 7);
                while slowly.judge(&copy, 3, false).is_ok_and(|state| state.behind) {}
            }
            let state = judge(&mut slowly, &copy);
            let times =
                |state: &synod_lessons::State| state.met.iter().map(|met| (met.time, met.moves)).collect::<Vec<_>>();
            assert_eq!((times(&state), state.stars), (times(&whole), whole.stars), "{id}");
            copy.seek(0);
        }
    }
}

#[test]
fn limits_refuse_what_is_beyond_them_and_undo_gives_it_back() {
    let mut referee = referee("raft/lose-a-write");
    let mut run = begin(&mut referee);
    let allows = |referee: &Referee, run: &Simulation, text: &str| referee.allows(run, &Value::string(text));
    for input in ["crash A", "restart A", "crash B"] {
        assert!(allows(&referee, &run, input).is_ok());
        act(&mut run, input);
    }
    let refused = allows(&referee, &run, "crash C").expect_err("three faults are the limit").to_string();
    assert!(refused.contains("3 of 3 faults"), "{refused}");
    assert!(allows(&referee, &run, "request set x 1").is_ok(), "what is no fault may still be done");
    let foreign = allows(&referee, &run, "wipe B").expect_err("no tool of it").to_string();
    assert!(foreign.contains("wipe"), "{foreign}");
    run.undo();
    assert!(allows(&referee, &run, "crash C").is_ok());
    for input in ["crash C", "restart B", "restart C"] {
        if let Ok(input) = run.parse(&Value::string(input)) {
            let _ = run.inject(input);
        }
    }
    assert_eq!(judge(&mut referee, &run).over, Some(Limit::Faults));
    act(&mut run, "loss 10%");
    assert_eq!(judge(&mut referee, &run).over, Some(Limit::Tools));
}

#[test]
fn a_hint_costs_a_star_and_another_run_is_refused() {
    let mut referee = referee("raft/two-leaders");
    let run = referee.solve(&mut open).unwrap_or_else(|why| panic!("{why}"));
    let hinted = referee.judge(&run, usize::MAX, true).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(hinted.stars, 2);
    let other = referee_of_another_seed();
    assert!(referee.check(&other).is_err());
}

fn referee_of_another_seed() -> Simulation {
    let config = synod_engine::script::config("raft", "nodes=3 seed=8 mutants=vote-twice");
    open(&config).unwrap_or_else(|why| panic!("{why}"))
}
