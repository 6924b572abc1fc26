//! Every lesson is a test: it is played to its end, and what it says must be so.

use std::collections::BTreeSet;
use std::path::Path;

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_lessons::{Lesson, Line, Player, Text};
use synod_tests::shown::unseen;

/// A caption has at most so many words, or so many signs in Chinese.
const LONGEST_EN: usize = 45;
const LONGEST_ZH: usize = 110;

fn lessons() -> Vec<Lesson> {
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols");
    synod_tests::lessons::all(&protocols).unwrap_or_else(|why| panic!("{why}"))
}

fn open(lesson: Lesson) -> (Player, Simulation) {
    synod_tests::lessons::open(lesson).unwrap_or_else(|why| panic!("{why}"))
}

fn reach(player: &mut Player, run: &mut Simulation, n: usize) {
    if let Err(why) = player.reach(run, n).map(|_| ()) {
        panic!("{}: {why}", place(player, n));
    }
}

/// Plays every lesson, and shows a step of it, with the run at the end of that step.
fn each_step(mut see: impl FnMut(&mut Player, &mut Simulation, usize)) {
    for lesson in lessons() {
        let (mut player, mut run) = open(lesson);
        for n in 0..player.lesson.steps.len() {
            reach(&mut player, &mut run, n);
            see(&mut player, &mut run, n);
        }
    }
}

fn place(player: &Player, n: usize) -> String {
    format!("{} step {n} ({})", player.lesson.id, player.lesson.steps[n].id)
}

#[test]
fn every_expectation_holds_and_nothing_breaks_but_what_is_meant_to() {
    each_step(|player, run, n| {
        let checked = player.check(run, n);
        checked.unwrap_or_else(|why| panic!("{}: {why}", place(player, n)));
    });
    for lesson in lessons() {
        let expects = lesson.steps.iter().filter(|step| !step.expect.is_empty()).count();
        assert!(expects * 2 >= lesson.steps.len(), "{} states too little of what must hold", lesson.id);
        let (mut player, mut run) = open(lesson);
        let last = player.turn() - 1;
        reach(&mut player, &mut run, last);
        let broken: Vec<Value> = run.violations();
        for id in &player.lesson.breaks {
            let is = |violation: &Value| violation.get("invariant").and_then(Value::as_text) == Some(id);
            assert!(broken.iter().any(is), "{} does not break {id}", player.lesson.id);
        }
    }
}

#[test]
fn what_words_name_is_to_be_seen_where_the_step_stops() {
    let mut wrong = Vec::new();
    each_step(|player, run, n| {
        if player.lesson.steps[n].shows.is_empty() {
            wrong.push(format!("{}: shows nothing", place(player, n)));
        }
        let mark = player.known(n).cloned().unwrap_or_else(|| panic!("{} was reached", place(player, n)));
        // In two beats, the first is told of what is there when the second begins.
        let last: Vec<&Text> = mark.then.iter().chain(&mark.more).collect();
        let (first, last) =
            if mark.then.is_some() { (vec![&mark.say], last) } else { (vec![], [vec![&mark.say], last].concat()) };
        let frame = run.frame(usize::MAX);
        let mut claims: Vec<String> = last.iter().flat_map(|words| unseen(words, &frame)).collect();
        if !first.is_empty() {
            run.seek(mark.told);
            claims.extend(first.iter().flat_map(|words| unseen(words, &run.frame(usize::MAX))));
        }
        wrong.extend(claims.into_iter().map(|claim| format!("{}: {claim}", place(player, n))));
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_question_has_one_right_answer_and_the_run_gives_it() {
    each_step(|player, run, n| {
        if player.lesson.steps[n].ask.is_some() {
            let right = player.right(run, n);
            let right = right.unwrap_or_else(|why| panic!("{}: {why}", place(player, n)));
            assert_eq!(right.len(), 1, "{}: answers {right:?} hold", place(player, n));
        }
    });
}

#[test]
fn going_back_restores_the_exact_state() {
    for lesson in lessons()
        .into_iter()
        .filter(|lesson| lesson.config.get("nodes").and_then(Value::as_whole).is_none_or(|n| n <= 200))
    {
        let (mut player, mut run) = open(lesson);
        let mut ends = Vec::new();
        for n in 0..player.lesson.steps.len() {
            reach(&mut player, &mut run, n);
            ends.push(run.fingerprint());
        }
        for n in (0..ends.len()).rev().chain(0..ends.len()) {
            reach(&mut player, &mut run, n);
            assert_eq!(run.fingerprint(), ends[n], "{}", place(&player, n));
        }
        assert_eq!(run.branches().len(), 1, "{}: the story is one branch", player.lesson.id);
    }
}

#[test]
fn words_are_short_and_name_what_there_is() {
    let shortest = |text: &Text, place: &str| {
        let words = text.en.split_whitespace().filter(|word| !word.starts_with('{') || word.contains(':')).count();
        assert!(words <= LONGEST_EN, "{place} has {words} words");
        assert!(text.zh.chars().count() <= LONGEST_ZH, "{place} has {} signs", text.zh.chars().count());
        assert!(text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{place} is not in Chinese");
        for taboo in ["simply", "magic", "!"] {
            assert!(!text.en.contains(taboo), "{place} says {taboo}");
        }
    };
    each_step(|player, run, n| {
        let place = place(player, n);
        let step = &player.lesson.steps[n];
        let clients = run.frame(0);
        let client = |name: &str| {
            let clients = clients.get("clients").and_then(Value::as_list).unwrap_or_default();
            clients.iter().any(|client| client.get("name").and_then(Value::as_text) == Some(name))
        };
        let names = run.node_names();
        for text in std::iter::once(&step.say).chain(&step.more) {
            assert!(!text.zh.contains(", "), "{place} mixes punctuation");
        }
        // As they are read, with the numbers of the run.
        let mark = player.known(n).cloned().unwrap_or_else(|| panic!("{place} was reached"));
        let task = step.task.iter().flat_map(|task| std::iter::once(&task.says).chain(&task.hint));
        let more = mark.then.iter().chain(&mark.more).chain(&step.try_it).chain(task);
        for text in std::iter::once(&mark.say).chain(more).chain(step.ask.iter().map(|ask| &ask.says)) {
            shortest(text, &place);
            for name in text.names() {
                assert!(names.iter().any(|other| other == name) || client(name), "{place}: there is no {name}");
            }
        }
        assert!(step.lasts.unwrap_or_default() <= 4_000, "{place}: nobody waits longer than four seconds");
        for name in &step.focus {
            assert!(names.contains(name), "{place}: there is no {name}");
        }
    });
}

#[test]
fn ids_are_their_own() {
    let mut lessons_seen = BTreeSet::new();
    for lesson in lessons() {
        let mut seen = BTreeSet::new();
        for step in &lesson.steps {
            assert!(seen.insert(step.id.clone()), "{} has two steps called {}", lesson.id, step.id);
        }
        assert!(lessons_seen.insert(lesson.id));
    }
    let listed: BTreeSet<String> = synod_protocols::LESSONS.iter().map(|lesson| lesson.id.to_string()).collect();
    assert_eq!(listed, lessons_seen, "the catalog lists every lesson");
}

#[test]
fn conditions_ask_for_rules_and_invariants_that_there_are() {
    for lesson in lessons() {
        let entry = synod_protocols::ALL.iter().find(|entry| entry.id == lesson.protocol);
        let catalog = entry.unwrap_or_else(|| panic!("{}", lesson.protocol)).catalog(&[]);
        let listed = |key: &str, id: &str| {
            let list = catalog.get(key).and_then(Value::as_list).unwrap_or_default();
            list.iter().any(|one| one.get("id").and_then(Value::as_text) == Some(id))
        };
        let waits = |lines: &[Line]| -> Vec<String> {
            let until = |line: &Line| match line {
                Line::Until(conditions) => conditions.iter().map(|one| one.text.clone()).collect(),
                Line::Input(_) | Line::Wait(_) | Line::Then => Vec::new(),
            };
            lines.iter().flat_map(until).collect()
        };
        for step in &lesson.steps {
            let asked = || step.ask.iter().flat_map(|ask| &ask.answers);
            let answers = asked().flat_map(|answer| &answer.holds);
            let goal = step.task.iter().flat_map(|task| &task.goal);
            let mut texts: Vec<String> =
                step.expect.iter().chain(&step.shows).chain(answers).chain(goal).map(|one| one.text.clone()).collect();
            texts.extend(waits(&step.play));
            texts.extend(step.task.iter().flat_map(|task| waits(&task.solution)));
            texts.extend(asked().flat_map(|answer| waits(&answer.shows)));
            for text in texts {
                let words: Vec<&str> = text.split_whitespace().collect();
                match words[..] {
                    ["fired", rule, ..] => assert!(listed("rules", rule), "{}: {text}", lesson.id),
                    ["broken", id, ..] if id.chars().all(|c| c.is_ascii_lowercase() || c == '-') => {
                        assert!(listed("invariants", id), "{}: {text}", lesson.id);
                    }
                    ["flying" | "lost", kind, ..] if !kind.starts_with('>') => {
                        let client = ["request", "answer"].contains(&kind);
                        assert!(client || listed("messages", kind), "{}: {text}", lesson.id);
                    }
                    ["count", word, ..] => {
                        let status = ["up", "crashed", "paused"].contains(&word);
                        assert!(status || listed("roles", word), "{}: {text}", lesson.id);
                    }
                    _ => {}
                }
            }
        }
        for id in &lesson.breaks {
            assert!(listed("invariants", id), "{}: {id}", lesson.id);
        }
    }
}
