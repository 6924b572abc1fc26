//! The quizzes as the pages fetch them: a file of JSON for each course, and a list of all with no more than what is
//! asked where, for home and for lessons that look back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value as Json, json};
use synod_lesson_files::{File, Question, Quiz};

use crate::path;
use crate::protocols;

pub fn write(dist: &Path) -> Result<()> {
    let folder = dist.join("quizzes");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let files = synod_lesson_files::all(&protocols()).map_err(|why| anyhow!(why))?;
    let quizzes = quizzes()?;
    for quiz in &quizzes {
        let data = data(quiz, &files).with_context(|| quiz.course.clone())?;
        fs::write(folder.join(format!("{}.json", quiz.course)), serde_json::to_string(&data)?)?;
    }
    fs::write(folder.join("index.json"), serde_json::to_string(&list(&quizzes, &files)?)?)?;
    Ok(())
}

pub fn quizzes() -> Result<Vec<Quiz>> {
    synod_lesson_files::quizzes(&protocols()).map_err(|why| anyhow!(why))
}

/// What is remembered of a question is kept by its course and its id.
fn id(quiz: &Quiz, question: &Question) -> String {
    format!("{}/{}", quiz.course, question.id)
}

fn data(quiz: &Quiz, files: &[File]) -> Result<Json> {
    let question = |question: &Question| {
        let lesson = files.iter().find(|file| file.id == question.of);
        let lesson = lesson.with_context(|| format!("{} is about no lesson", question.id))?;
        // Refused here too, where it cannot be asked.
        question.asked_in(lesson).map_err(|why| anyhow!("{}: {why}", question.id))?;
        let steps = lesson.data["steps"].as_array().context("a lesson has steps")?;
        let step = steps.iter().find(|step| step.get("id").and_then(|id| id.as_str()) == Some(&question.step));
        Ok(json!({
            "id": id(quiz, question),
            "lesson": question.of,
            "protocol": lesson.protocol,
            "title": lesson.data.get("title"),
            "step": question.step,
            "name": step.and_then(|step| step.get("name")),
            "ask": question.ask,
        }))
    };
    let questions = quiz.questions.iter().map(question).collect::<Result<Vec<Json>>>()?;
    Ok(json!({ "course": quiz.course, "name": path::name(&quiz.course)?, "questions": questions }))
}

fn list(quizzes: &[Quiz], files: &[File]) -> Result<Json> {
    let mut before: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for (quiz, question) in quizzes.iter().flat_map(|quiz| quiz.questions.iter().map(move |one| (quiz, one))) {
        for lesson in &question.before {
            before.entry(lesson).or_default().push(id(quiz, question));
        }
    }
    let course = |quiz: &Quiz| -> Result<(String, Json)> {
        let ids: Vec<&String> = quiz.questions.iter().map(|question| &question.id).collect();
        // The lesson that leads to it.
        let last = files.iter().rfind(|file| file.course == quiz.course).map(|file| &file.id);
        Ok((quiz.course.clone(), json!({ "name": path::name(&quiz.course)?, "last": last, "questions": ids })))
    };
    let courses: BTreeMap<String, Json> = quizzes.iter().map(course).collect::<Result<_>>()?;
    Ok(json!({ "courses": courses, "before": before }))
}
