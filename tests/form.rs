//! The form of a lesson: what it asks, what it says of a wrong answer, how much happens at once, and that the reader's
//! hand has something to do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
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
    none(&wrong(|step| step.ask.is_some(), |player, run, n| {
        let right = player.right(run, n).unwrap_or_else(|why| panic!("{}: {why}", player.lesson.id));
        let answers = player.lesson.steps[n].ask.iter().flat_map(|ask| &ask.answers);
        let told = |(at, answer): (usize, &synod_lessons::Answer)| match &answer.why {
            None if !right.contains(&at) => Some(format!("option {at}, {:?}, does not say why", answer.says.en)),
            Some(_) if right.contains(&at) => Some(format!("option {at}, {:?}, is right", answer.says.en)),
            Some(why) if is_long(why) => Some(format!("option {at} says too much: {:?}", why.en)),
            _ => None,
        };
        answers.enumerate().filter_map(told).collect()
    }));
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
        let shows = |at: &usize| player.lesson.steps[n].ask.as_ref().is_some_and(|ask| !ask.answers[*at].shows.is_empty());
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
