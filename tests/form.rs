//! The form of a lesson: what it asks, what it says of a wrong answer, how much happens at once, and that the reader's
//! hand has something to do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use synod_engine::simulation::Simulation;
use synod_lessons::{Answer, Lesson, Line, Player, Step, Text, Verdict};

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

type Wrong = Vec<String>;
type Look = fn(&mut Player, &mut Simulation, usize) -> Wrong;

/// What each of these has found: all lessons are played once for them all.
const LOOKS: [Look; 4] = [whys, shown, around, tasks];
static FOUND: LazyLock<[Wrong; 4]> = LazyLock::new(|| {
    let mut found: [Wrong; 4] = Default::default();
    for lesson in lessons() {
        let (mut player, mut run) = synod_tests::lessons::open(lesson).unwrap_or_else(|why| panic!("{why}"));
        let last = player.lesson.steps.iter().rposition(|step| step.ask.is_some() || step.task.is_some());
        for n in 0..last.map_or(0, |last| last + 1) {
            let place = format!("{} {}", player.lesson.id, player.lesson.steps[n].id);
            player.reach(&mut run, n).map(|_| ()).unwrap_or_else(|why| panic!("{place}: {why}"));
            for (look, found) in LOOKS.iter().zip(&mut found) {
                found.extend(look(&mut player, &mut run, n).into_iter().map(|why| format!("{place}: {why}")));
            }
        }
    }
    found
});

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_wrong_option_says_why_it_is_wrong_and_the_right_one_needs_not() {
    none(&FOUND[0]);
}

fn answers(player: &Player, n: usize) -> &[Answer] {
    player.lesson.steps[n].ask.as_ref().map(|ask| &ask.answers[..]).unwrap_or_default()
}

fn right(player: &mut Player, run: &mut Simulation, n: usize) -> Vec<usize> {
    let right = player.right(run, n);
    let right = right.unwrap_or_else(|why| panic!("{}: {why}", player.lesson.id));
    assert!(player.reach(run, n).is_ok(), "{} is reached once more", player.lesson.id);
    right
}

fn whys(player: &mut Player, run: &mut Simulation, n: usize) -> Wrong {
    if answers(player, n).is_empty() {
        return Wrong::new();
    }
    let right = right(player, run, n);
    let told = |(at, answer): (usize, &Answer)| match &answer.why {
        None if !right.contains(&at) => Some(format!("option {at}, {:?}, does not say why", answer.says.en)),
        Some(_) if right.contains(&at) => Some(format!("option {at}, {:?}, is right", answer.says.en)),
        Some(why) if is_long(why) => Some(format!("option {at} says too much: {:?}", why.en)),
        _ => None,
    };
    answers(player, n).iter().enumerate().filter_map(told).collect()
}

fn is_long(why: &Text) -> bool {
    why.en.split_whitespace().count() > LONGEST_WHY.0 || why.zh.chars().count() > LONGEST_WHY.1
}

#[test]
fn what_shows_a_wrong_option_makes_it_true() {
    none(&FOUND[1]);
    let shows = |step: &Step| step.ask.iter().flat_map(|ask| &ask.answers).any(|answer| !answer.shows.is_empty());
    let courses: BTreeSet<String> = lessons().iter().map(course).collect();
    let showing = lessons().iter().filter(|lesson| lesson.steps.iter().any(shows)).map(course).collect();
    assert_eq!(courses.difference(&showing).collect::<Vec<_>>(), Vec::<&String>::new(), "courses that show none");
}

fn shown(player: &mut Player, run: &mut Simulation, n: usize) -> Wrong {
    let shown: Vec<usize> =
        (0..answers(player, n).len()).filter(|at| !answers(player, n)[*at].shows.is_empty()).collect();
    let mut wrong = Wrong::new();
    for at in shown {
        if right(player, run, n).contains(&at) {
            wrong.push(format!("option {at} is right, and the story shows it"));
        }
        // It fails where the option is not true in the end.
        match player.future(run, n, Some(at)) {
            Ok(future) if future.end() <= future.now() => wrong.push(format!("option {at} shows nothing")),
            Ok(_) => {}
            Err(why) => wrong.push(format!("option {at}: {why}")),
        }
    }
    wrong
}

#[test]
fn an_open_question_is_not_answered_by_the_words_around_it() {
    none(&FOUND[2]);
}

fn around(player: &mut Player, _: &mut Simulation, n: usize) -> Wrong {
    let step = &player.lesson.steps[n];
    let (Some(ask), Some(next)) = (&step.ask, player.lesson.steps.get(n + 1)) else { return Wrong::new() };
    let mut wrong = Wrong::new();
    if step.task.is_some() {
        wrong.push("has a task while its question is open".to_string());
    }
    // A name of one word may stand anywhere: "accept".
    let says = |text: &Text| {
        next.name.en.contains(' ')
            && (text.en.to_lowercase().contains(&next.name.en.to_lowercase()) || text.zh.contains(&next.name.zh))
    };
    let mark = player.known(n);
    let around = mark.iter().flat_map(|mark| [Some(&mark.say), mark.then.as_ref(), mark.more.as_ref()]).flatten();
    if let Some(text) = around.chain([&player.lesson.title, &ask.says]).find(|text| says(text)) {
        wrong.push(format!("{:?} says {:?}, the name of the next step", text.en, next.name.en));
    }
    wrong
}

#[test]
fn every_task_has_a_hint_and_is_reached_by_its_solution_and_not_without() {
    none(&FOUND[3]);
}

fn tasks(player: &mut Player, run: &mut Simulation, n: usize) -> Wrong {
    let Some(task) = &player.lesson.steps[n].task else { return Wrong::new() };
    let mut wrong = Wrong::new();
    if task.hint.is_none() {
        wrong.push("no hint".to_string());
    }
    let stood = run.now();
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
}

#[test]
fn every_lesson_has_something_for_the_readers_hand_and_no_stretch_without_is_long() {
    let (mut wrong, mut since) = (Wrong::new(), BTreeMap::<String, usize>::new());
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

/// The acts of a step, beat by beat: inputs of one kind in a row are one, as a loss of power is.
fn beats(step: &Step) -> Vec<usize> {
    let (mut beats, mut acts, mut before) = (Vec::new(), 0, "");
    for line in &step.play {
        let verb = match line {
            Line::Input(text) => text.split(' ').next().unwrap_or_default(),
            Line::Until(_) | Line::Wait(_) | Line::Then => "",
        };
        if matches!(line, Line::Then) {
            beats.push(std::mem::take(&mut acts));
        }
        acts += usize::from(!verb.is_empty() && verb != before);
        before = verb;
    }
    beats.push(acts);
    beats
}

#[test]
fn no_beat_has_more_acts_than_a_reader_can_follow() {
    let dense = |lesson: &Lesson| -> Wrong {
        let many = lesson.steps.iter().filter(|step| beats(step).iter().any(|acts| *acts > MOST_ACTS));
        many.map(|step| format!("{} {}: {:?} acts", lesson.id, step.id, beats(step))).collect()
    };
    none(&lessons().iter().flat_map(dense).collect::<Vec<_>>());
}
