//! What lessons, ready runs and challenges tell to watch for, and what was seen at their end: each of them says both,
//! and what is said before gives nothing away. Its form, in both languages, is what it is read by.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use synod_lesson_files::{File, Said};
use synod_lessons::{Answer, Ask, Lesson, Text};

/// A word is told by so many letters; shorter ones join others.
const A_WORD: usize = 4;
/// These join others too, and tell nothing.
const JOINS: [&str; 12] =
    ["does", "each", "every", "from", "have", "that", "them", "they", "this", "what", "when", "with"];
/// So many words that only an answer has give it away.
const TELLING: usize = 2;

fn protocols() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols")
}

fn lessons() -> Vec<(Lesson, Said)> {
    let files = synod_lesson_files::all(&protocols()).unwrap_or_else(|why| panic!("{why}"));
    let read = synod_tests::lessons::all(&protocols()).unwrap_or_else(|why| panic!("{why}"));
    read.into_iter().zip(files.into_iter().map(|file| file.said)).collect()
}

fn challenges() -> Vec<File> {
    synod_lesson_files::challenges(&protocols()).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn every_lesson_and_every_challenge_says_it() {
    // What has neither sentence is not read at all.
    assert!(lessons().len() >= 150 && challenges().len() >= 37);
    let mut seen = BTreeSet::new();
    for (lesson, said) in lessons() {
        assert!(seen.insert(said.saw.en.clone()), "{}: {:?} is said of another lesson", lesson.id, said.saw.en);
    }
}

#[test]
fn every_ready_run_says_it_and_nothing_else_does() {
    let said = synod_lesson_files::starts(&protocols()).unwrap_or_else(|why| panic!("{why}"));
    let said: BTreeSet<String> = said.iter().map(|one| format!("{} {}", one.protocol, one.id)).collect();
    let runs =
        synod_protocols::ALL.iter().flat_map(|entry| entry.starts().iter().map(move |start| (entry.id, start.id)));
    let runs: BTreeSet<String> = runs.map(|(protocol, id)| format!("{protocol} {id}")).collect();
    assert_eq!(said.symmetric_difference(&runs).collect::<Vec<_>>(), Vec::<&String>::new());
}

fn words(texts: &[&str]) -> BTreeSet<String> {
    let text = texts.join(" ").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= A_WORD && !JOINS.contains(word));
    words.map(str::to_string).collect()
}

/// Words of a secret that nothing else says, and that are said all the same.
fn telling(said: &str, secret: &[&str], told: &[&str]) -> Vec<String> {
    let (secret, told) = (words(secret), words(told));
    words(&[said]).into_iter().filter(|word| secret.contains(word) && !told.contains(word)).collect()
}

fn says_it(said: &Said, text: &Text) -> bool {
    let en = text.en.trim_end_matches('.').to_lowercase();
    let zh = text.zh.trim_end_matches('。');
    (en.contains(' ') && said.watch.en.to_lowercase().contains(&en))
        || (zh.chars().count() >= A_WORD && said.watch.zh.contains(zh))
}

fn given_away(lesson: &Lesson, said: &Said, ask: &Ask, next: &Text) -> Option<String> {
    // The right answers are those that need no reason why they are wrong.
    let (right, wrong): (Vec<&Answer>, Vec<&Answer>) = ask.answers.iter().partition(|answer| answer.why.is_none());
    if let Some(text) = right.iter().map(|answer| &answer.says).chain([next]).find(|text| says_it(said, text)) {
        return Some(format!("{:?} says {:?}", said.watch.en, text.en));
    }
    let secret: Vec<&str> = right.iter().map(|answer| answer.says.en.as_str()).collect();
    let told: Vec<&str> =
        wrong.iter().map(|answer| answer.says.en.as_str()).chain([&*ask.says.en, &*lesson.title.en]).collect();
    let telling = telling(&said.watch.en, &secret, &told);
    (telling.len() >= TELLING).then(|| format!("{:?} has {telling:?} of the answer", said.watch.en))
}

#[test]
fn what_to_watch_for_in_a_lesson_answers_none_of_its_questions() {
    let mut wrong = Vec::new();
    for (lesson, said) in &lessons() {
        for (step, next) in lesson.steps.iter().zip(lesson.steps.iter().skip(1)) {
            let Some(ask) = &step.ask else { continue };
            let why = given_away(lesson, said, ask, &next.name);
            wrong.extend(why.map(|why| format!("{} {}: {why}", lesson.id, step.id)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_to_watch_for_in_a_challenge_is_no_hint() {
    let mut wrong = Vec::new();
    for (one, file) in synod_tests::challenges::all().iter().zip(challenges()) {
        let goals = one.objectives.iter().map(|goal| goal.says.en.as_str());
        let told: Vec<&str> = goals.chain([&*one.title.en, &*one.line.en, &*one.sentence.en]).collect();
        let telling = telling(&file.said.watch.en, &[&*one.hint.en], &told);
        if telling.len() >= TELLING {
            wrong.push(format!("{}: {:?} has {telling:?} of the hint", one.id, file.said.watch.en));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
