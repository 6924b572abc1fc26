//! The quizzes out of their files, and what becomes of each answer where its lesson is really played.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_lesson_files::{File, Question, Quiz};
use synod_lessons::{Answer, Ask, Player, Text};

/// A quiz has so many questions.
pub const QUESTIONS: std::ops::RangeInclusive<usize> = 8..=12;
/// Why an option is wrong is said in so many words at most, or in so many signs in Chinese; a question in so many.
const LONGEST_WHY: (usize, usize) = (36, 80);
const LONGEST_QUESTION: (usize, usize) = (45, 110);
/// The first lessons of a course have nothing to look back at.
const FIRST: usize = 2;

/// Where the protocols' folders are.
pub fn protocols() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols")
}

/// Every lesson as a file, and every quiz.
///
/// # Errors
/// Where one of them cannot be read.
pub fn all() -> Result<(Vec<File>, Vec<Quiz>), String> {
    let protocols = protocols();
    Ok((synod_lesson_files::all(&protocols)?, synod_lesson_files::quizzes(&protocols)?))
}

/// What is asked, as a lesson's step has it.
pub fn value(question: &Question) -> Value {
    crate::lessons::data(&toml::Value::Table(question.ask.clone()))
}

/// A question where it is asked: in its lesson, at the step before its own.
pub struct Asked {
    player: Player,
    run: Simulation,
    /// The step that asks.
    pub at: usize,
}

impl Asked {
    /// # Errors
    /// Where the lesson or the step is not there, or the question is none.
    pub fn open(question: &Question, files: &[File]) -> Result<Asked, String> {
        let file = files.iter().find(|file| file.id == question.of);
        let file = file.ok_or_else(|| format!("there is no lesson {:?}", question.of))?;
        let data = crate::lessons::data(&toml::Value::Table(question.asked_in(file)?));
        let lesson = synod_lessons::read(&data).map_err(|why| why.to_string())?;
        let at = lesson.steps.iter().position(|step| step.ask.is_some()).ok_or("no step asks it")?;
        let (player, run) = crate::lessons::open(lesson)?;
        Ok(Asked { player, run, at })
    }

    /// # Panics
    /// Never: whatever was opened asks something.
    pub fn ask(&self) -> &Ask {
        self.player.lesson.steps[self.at].ask.as_ref().unwrap_or_else(|| panic!("{} asks", self.player.lesson.id))
    }

    /// The places of the answers that hold where its step has been played, as the page has it judged.
    ///
    /// # Errors
    /// Where the lesson cannot be played, or a condition asks for what is not there.
    pub fn right(&mut self) -> Result<Vec<usize>, String> {
        self.player.right(&mut self.run, self.at).map_err(|why| why.to_string())
    }

    /// Why an answer does not hold there; nothing where it does.
    pub fn contrary(&mut self, answer: usize) -> Option<String> {
        let holds = self.ask().answers[answer].holds.clone();
        let step = &mut self.player.lesson.steps[self.at + 1];
        step.expect = holds;
        step.shows.clear();
        self.player.check(&mut self.run, self.at + 1).err().map(|why| why.to_string())
    }
}

/// What is wrong with a quiz as a whole.
///
/// # Errors
/// Where the path of learning cannot be read.
pub fn wrong(quiz: &Quiz, files: &[File]) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    if !QUESTIONS.contains(&quiz.questions.len()) {
        wrong.push(format!(
            "{} questions; a quiz has {} to {}",
            quiz.questions.len(),
            QUESTIONS.start(),
            QUESTIONS.end()
        ));
    }
    let own = files.iter().filter(|file| file.course == quiz.course).count();
    let asked: BTreeSet<&String> = quiz.questions.iter().map(|question| &question.of).collect();
    // Where half of the lessons are more than a quiz has questions, each question is of another lesson.
    let least = own.div_ceil(2).min(quiz.questions.len());
    if asked.len() < least {
        wrong.push(format!("asks about {} of {own} lessons; {least} is the least", asked.len()));
    }
    let order = synod_lesson_files::in_path_order(&protocols(), files)?;
    let place = |id: &String| order.iter().position(|one| one == id);
    for question in &quiz.questions {
        let mut say = |why: String| wrong.push(format!("{}: {why}", question.id));
        if !question.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            say("an id is of small letters, digits and hyphens".into());
        }
        if question.of.split('/').next() != Some(&quiz.course) {
            say(format!("{} is no lesson of this course", question.of));
        }
        for before in &question.before {
            match (place(&question.of), place(before)) {
                (_, None) => say(format!("looked back at before {before:?}, which is no lesson")),
                (of, at) if of >= at => say(format!("looked back at before {before}, which comes no later")),
                _ => {}
            }
        }
    }
    Ok(wrong)
}

/// What is wrong with a question, once it was played.
pub fn unsound(asked: &mut Asked) -> Vec<String> {
    let right = match asked.right() {
        Ok(right) => right,
        Err(why) => return vec![why],
    };
    let mut wrong = Vec::new();
    let ask = asked.ask();
    if right.len() != 1 {
        wrong.push(format!("answers {right:?} hold, and one must"));
    }
    let texts = ask.answers.iter().flat_map(|answer| std::iter::once(&answer.says).chain(&answer.why));
    for text in std::iter::once(&ask.says).chain(texts) {
        wrong.extend(badly(text));
    }
    if is_longer(&ask.says, LONGEST_QUESTION) {
        wrong.push(format!("asks in too many words: {:?}", ask.says.en));
    }
    for (at, answer) in ask.answers.iter().enumerate() {
        let told = why(answer, right.contains(&at));
        wrong.extend(told.map(|why| format!("answer {at}, {:?}, {why}", answer.says.en)));
        if right.contains(&at) && gives_away(&ask.says, &answer.says) {
            wrong.push(format!("the question has its answer in it: {:?}", answer.says.en));
        }
        if ask.answers[..at].iter().any(|other| other.says == answer.says) {
            wrong.push(format!("two answers say {:?}", answer.says.en));
        }
    }
    wrong
}

fn why(answer: &Answer, right: bool) -> Option<String> {
    match &answer.why {
        None if !right => Some("does not say why it is wrong".into()),
        Some(_) if right => Some("says why it is wrong, and is right".into()),
        Some(why) if is_longer(why, LONGEST_WHY) => Some(format!("says too much: {:?}", why.en)),
        _ => None,
    }
}

fn is_longer(text: &Text, (words, signs): (usize, usize)) -> bool {
    text.en.split_whitespace().count() > words || text.zh.chars().count() > signs
}

fn badly(text: &Text) -> Option<String> {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // A number, a name or a command is the same in both.
    let same = text.en == text.zh && !text.en.contains(' ');
    if !same && !text.zh.chars().any(chinese) {
        return Some(format!("{:?} is not in Chinese", text.zh));
    }
    if text.zh.contains(", ") || text.en.chars().any(chinese) {
        return Some(format!("{:?} mixes the languages", text.zh));
    }
    // What a mark looks like is told by a stage, and a card that looks back has none.
    text.en.contains('{').then(|| format!("{:?} has a mark, and is read without a stage too", text.en))
}

/// Whether a question has its right answer in its own words.
fn gives_away(question: &Text, answer: &Text) -> bool {
    let bare = |text: &str| -> String { text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let within = |of: &str, what: &str| {
        let what = bare(what);
        what.chars().count() > 3 && bare(of).contains(&what)
    };
    within(&question.en, &answer.en) || within(&question.zh, &answer.zh)
}

/// Of each course: how many of its later lessons look back at something first, and which do not.
pub fn looking_back(files: &[File], quizzes: &[Quiz]) -> BTreeMap<String, (usize, Vec<String>)> {
    let looks: BTreeSet<&String> =
        quizzes.iter().flat_map(|quiz| &quiz.questions).flat_map(|question| &question.before).collect();
    let mut courses: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut seen: BTreeMap<&String, usize> = BTreeMap::new();
    for file in files {
        let at = seen.entry(&file.course).or_default();
        *at += 1;
        let (looking, not) = courses.entry(file.course.clone()).or_default();
        match (*at > FIRST, looks.contains(&file.id)) {
            (false, _) => {}
            (true, true) => *looking += 1,
            (true, false) => not.push(file.id.clone()),
        }
    }
    courses
}
