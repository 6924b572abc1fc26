//! The form of a lesson: what it asks, what it says of a wrong answer, how much happens at once, and that the reader's
//! hand has something to do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use synod_engine::simulation::Simulation;
use synod_lessons::{Lesson, Line, Player, Step, Text, Verdict};

/// Why an option is wrong is said in so many words at most, or in so many signs in Chinese.
const LONGEST_WHY: (usize, usize) = (36, 80);
/// So many acts at most before the reader is told what came of them.
const MOST_ACTS: usize = 3;
/// So many steps at most in which nothing is asked of the reader's hand.
const LONGEST_STRETCH: usize = 10;

fn lessons() -> Vec<Lesson> {
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols");
    synod_tests::lessons::all(&protocols).unwrap_or_else(|why| panic!("{why}"))
}

fn course(lesson: &Lesson) -> String {
    lesson.id.split('/').next().unwrap_or_default().to_string()
}

/// Shows every step that `is` one to look at, with the run at its end, and gives what is wrong with any.
fn wrong(is: impl Fn(&Step) -> bool, see: impl Fn(&mut Player, &mut Simulation, usize) -> Vec<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for lesson in lessons().into_iter().filter(|lesson| lesson.steps.iter().any(&is)) {
        let (mut player, mut run) = synod_tests::lessons::open(lesson).unwrap_or_else(|why| panic!("{why}"));
        for n in (0..player.lesson.steps.len()).filter(|n| is(&player.lesson.steps[*n])).collect::<Vec<_>>() {
            let place = format!("{} {}", player.lesson.id, player.lesson.steps[n].id);
            match player.reach(&mut run, n).map(|_| ()) {
                Ok(()) => wrong.extend(see(&mut player, &mut run, n).into_iter().map(|why| format!("{place}: {why}"))),
                Err(why) => wrong.push(format!("{place}: {why}")),
            }
        }
    }
    wrong
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_wrong_option_says_why_it_is_wrong_and_the_right_one_needs_not() {
    none(&wrong(
        |step| step.ask.is_some(),
        |player, run, n| {
            let right = player.right(run, n).unwrap_or_else(|why| panic!("{}: {why}", player.lesson.id));
            let answers = player.lesson.steps[n].ask.iter().flat_map(|ask| &ask.answers);
            let told = |(at, answer): (usize, &synod_lessons::Answer)| match &answer.why {
                None if !right.contains(&at) => Some(format!("option {at}, {:?}, does not say why", answer.says.en)),
                Some(_) if right.contains(&at) => Some(format!("option {at}, {:?}, is right", answer.says.en)),
                Some(why) if is_long(why) => Some(format!("option {at} says too much: {:?}", why.en)),
                _ => None,
            };
            answers.enumerate().filter_map(told).collect()
        },
    ));
}

fn is_long(why: &Text) -> bool {
    why.en.split_whitespace().count() > LONGEST_WHY.0 || why.zh.chars().count() > LONGEST_WHY.1
}

#[test]
fn what_shows_a_wrong_option_makes_it_true_and_only_it() {
    let shown = |step: &Step| step.ask.iter().flat_map(|ask| &ask.answers).any(|answer| !answer.shows.is_empty());
    none(&wrong(shown, |player, run, n| {
        let right = player.right(run, n).unwrap_or_else(|why| panic!("{}: {why}", player.lesson.id));
        let answers = player.lesson.steps[n].ask.as_ref().map_or(0, |ask| ask.answers.len());
        let shows =
            |at: &usize| player.lesson.steps[n].ask.as_ref().is_some_and(|ask| !ask.answers[*at].shows.is_empty());
        let mut wrong = Vec::new();
        for at in (0..answers).filter(shows).collect::<Vec<_>>() {
            if right.contains(&at) {
                wrong.push(format!("option {at} is right, and the story shows it"));
            }
            match player.future(run, n, Some(at)) {
                Ok(future) if future.end() <= future.now() => wrong.push(format!("option {at} shows nothing")),
                Ok(_) => {}
                Err(why) => wrong.push(format!("option {at}: {why}")),
            }
        }
        wrong
    }));
    let courses: BTreeSet<String> = lessons().iter().map(course).collect();
    let showing = lessons().iter().filter(|lesson| lesson.steps.iter().any(shown)).map(course).collect();
    assert_eq!(courses.difference(&showing).collect::<Vec<_>>(), Vec::<&String>::new(), "courses that show none");
}

/// The acts of a step, beat by beat: inputs of one kind in a row are one, as a loss of power is.
fn beats(step: &Step) -> Vec<usize> {
    let mut beats = vec![0];
    let mut before = String::new();
    for line in &step.play {
        let verb = match line {
            Line::Input(text) => text.split(' ').next().unwrap_or_default().to_string(),
            Line::Then => {
                beats.push(0);
                String::new()
            }
            Line::Until(_) | Line::Wait(_) => String::new(),
        };
        let last = beats.len() - 1;
        beats[last] += usize::from(!verb.is_empty() && verb != before);
        before = verb;
    }
    beats
}

#[test]
fn no_beat_has_more_acts_than_a_reader_can_follow() {
    let dense = |lesson: &Lesson| -> Vec<String> {
        let many = lesson.steps.iter().filter(|step| beats(step).iter().any(|acts| *acts > MOST_ACTS));
        many.map(|step| format!("{} {}: {:?} acts", lesson.id, step.id, beats(step))).collect()
    };
    none(&lessons().iter().flat_map(dense).collect::<Vec<_>>());
}

#[test]
fn every_lesson_has_something_for_the_readers_hand_and_no_stretch_without_is_long() {
    let (mut wrong, mut since) = (Vec::new(), BTreeMap::<String, usize>::new());
    for lesson in lessons() {
        if lesson.steps.iter().all(|step| step.task.is_none()) {
            wrong.push(format!("{} has no task", lesson.id));
        }
        let stretch = since.entry(course(&lesson)).or_default();
        for step in &lesson.steps {
            *stretch = if step.task.is_some() { 0 } else { *stretch + 1 };
            if *stretch == LONGEST_STRETCH + 1 {
                wrong.push(format!("{} {}: {stretch} steps without a task", lesson.id, step.id));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_task_has_a_hint_and_is_reached_by_its_solution_and_not_without() {
    none(&wrong(
        |step| step.task.is_some(),
        |player, run, n| {
            let stood = run.now();
            let mut wrong = Vec::new();
            if player.lesson.steps[n].task.as_ref().is_some_and(|task| task.hint.is_none()) {
                wrong.push("no hint".to_string());
            }
            match player.future(run, n, None) {
                Ok(mut future) => {
                    let end = future.end();
                    future.seek(end);
                    match player.judge(&future, n) {
                        Ok(Verdict::Done) if end > stood && run.now() == stood => {}
                        other => wrong.push(format!("its solution ends {other:?}")),
                    }
                }
                Err(why) => wrong.push(why.to_string()),
            }
            match player.attempt(run, n) {
                Ok(Verdict::TooLate) => {}
                other => wrong.push(format!("without its solution it ends {other:?}")),
            }
            wrong
        },
    ));
}

#[test]
fn an_open_question_is_not_answered_by_the_words_around_it() {
    none(&wrong(
        |step| step.ask.is_some(),
        |player, _, n| {
            let (step, next) = (&player.lesson.steps[n], &player.lesson.steps[n + 1]);
            let mut wrong = Vec::new();
            if step.task.is_some() {
                wrong.push("has a task while its question is open".to_string());
            }
            // A name of one word may stand anywhere: "accept".
            let says = |text: &Text| {
                next.name.en.contains(' ')
                    && (text.en.to_lowercase().contains(&next.name.en.to_lowercase())
                        || text.zh.contains(&next.name.zh))
            };
            let mark = player.known(n);
            let around =
                mark.iter().flat_map(|mark| [Some(&mark.say), mark.then.as_ref(), mark.more.as_ref()]).flatten();
            let mut around = around.chain([&player.lesson.title]).chain(step.ask.iter().map(|ask| &ask.says));
            if let Some(text) = around.find(|text| says(text)) {
                wrong.push(format!("{:?} says {:?}, the name of the next step", text.en, next.name.en));
            }
            wrong
        },
    ));
}
