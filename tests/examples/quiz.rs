//! Plays what the questions of a quiz are about, for who writes one: `cargo run -p synod-tests --example quiz -- raft`,
//! or `raft/even-split` for one question. At each answer: whether it holds where its step has been played, and what is
//! so instead; then what is wrong with the quiz, and which later lessons look back at nothing.

use synod_lesson_files::{File, Question};
use synod_tests::quizzes::{Asked, all, looking_back, unsound, wrong};

fn main() -> Result<(), String> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let course = wanted.split('/').next().unwrap_or_default();
    let (files, quizzes) = all()?;
    let mut faults = 0;
    for quiz in quizzes.iter().filter(|quiz| course.is_empty() || quiz.course == course) {
        let id = |question: &Question| format!("{}/{}", quiz.course, question.id);
        for question in quiz.questions.iter().filter(|question| id(question).starts_with(&wanted)) {
            println!("== {}: {} at the end of {}", id(question), question.of, question.step);
            faults += told(tell(question, &files));
        }
        println!("== the quiz of {}, of {} questions", quiz.course, quiz.questions.len());
        faults += told(wrong(quiz, &files)?);
    }
    for (_, (looking, not)) in
        looking_back(&files, &quizzes).iter().filter(|(id, _)| course.is_empty() || *id == course)
    {
        println!("== {looking} later lessons look back first, {} do not: {}", not.len(), not.join(", "));
    }
    if faults > 0 { Err(format!("{faults} faults")) } else { Ok(()) }
}

fn told(faults: Vec<String>) -> usize {
    faults.iter().for_each(|why| println!("!! {why}"));
    faults.len()
}

/// What is wrong with the question.
fn tell(question: &Question, files: &[File]) -> Vec<String> {
    let mut asked = match Asked::open(question, files) {
        Ok(asked) => asked,
        Err(why) => return vec![why],
    };
    println!("   {}\n   {}", asked.ask().says.en, asked.ask().says.zh);
    for at in 0..asked.ask().answers.len() {
        let contrary = asked.contrary(at);
        let says = &asked.ask().answers[at].says;
        println!("   {} {} / {}", if contrary.is_none() { "✓" } else { "✕" }, says.en, says.zh);
        println!("        {}", contrary.unwrap_or_default());
    }
    unsound(&mut asked)
}
