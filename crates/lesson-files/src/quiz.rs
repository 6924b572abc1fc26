//! The quiz of a course, as a file: `crates/protocols/src/<folder>/quiz.toml`. A question is about a step of a
//! lesson. There it is asked as the question of the step before, so that whoever reads and judges the questions of
//! lessons reads and judges these, and there is no second way.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::{File, name, sorted};

pub struct Quiz {
    /// As lessons name it: the folder.
    pub course: String,
    pub questions: Vec<Question>,
}

pub struct Question {
    /// Its own in the course; what is remembered of it is kept by this.
    pub id: String,
    /// The lesson that it is about.
    pub of: String,
    /// The step that shows the answer happening.
    pub step: String,
    /// Later lessons that look back at it first: one, or a list.
    pub before: Vec<String>,
    /// As a step of a lesson has it: `says`, and `answers` with their conditions under `if`.
    pub ask: Table,
}

impl Question {
    /// The lesson that it is about, in which the step before its own asks it and no other step asks anything.
    ///
    /// # Errors
    /// Where that lesson has no such step, or no step before it.
    pub fn asked_in(&self, lesson: &File) -> Result<Table, String> {
        let mut data = lesson.data.clone();
        let steps = data.get_mut("steps").and_then(Value::as_array_mut).ok_or("the lesson has no steps")?;
        let is_own = |step: &Value| step.get("id").and_then(Value::as_str) == Some(&self.step);
        let at = steps.iter().position(is_own).ok_or_else(|| format!("{} has no step {:?}", self.of, self.step))?;
        let before = at.checked_sub(1).ok_or_else(|| {
            format!(
                "{:?} is the first step of {}, and nothing stands before it that could be asked",
                self.step, self.of
            )
        })?;
        for step in steps.iter_mut().filter_map(Value::as_table_mut) {
            step.remove("ask");
        }
        if let Some(step) = steps[before].as_table_mut() {
            step.insert("ask".into(), self.ask.clone().into());
        }
        Ok(data)
    }
}

/// The quiz of every course that has one, in order of the folders.
///
/// # Errors
/// Where a file cannot be read, or says what no quiz says.
pub fn all(protocols: &Path) -> Result<Vec<Quiz>, String> {
    let mut quizzes = Vec::new();
    for folder in sorted(&protocols.join("src"))? {
        let path = folder.join("quiz.toml");
        if path.is_file() {
            let text = fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
            let questions = parse(&text).map_err(|why| format!("{}: {why}", path.display()))?;
            quizzes.push(Quiz { course: name(&folder), questions });
        }
    }
    Ok(quizzes)
}

/// The questions of a quiz out of its text. Strict: what is not known is refused.
///
/// # Errors
/// Where the text says what no quiz says.
pub fn parse(text: &str) -> Result<Vec<Question>, String> {
    let mut table: Table = toml::from_str(text).map_err(|why| why.to_string())?;
    let list = taken(&mut table, "question");
    known(&table, &[])?;
    let mut seen = BTreeSet::new();
    let mut questions = Vec::new();
    for (at, value) in list.into_iter().enumerate() {
        let question = question(value).map_err(|why| format!("question {}: {why}", at + 1))?;
        if !seen.insert(question.id.clone()) {
            return Err(format!("two questions are called {:?}", question.id));
        }
        questions.push(question);
    }
    Ok(questions)
}

fn question(value: Value) -> Result<Question, String> {
    let Value::Table(mut table) = value else { return Err("a question is a table".into()) };
    let id = word(&mut table, "id")?;
    read(id.clone(), table).map_err(|why| format!("{id}: {why}"))
}

fn read(id: String, mut table: Table) -> Result<Question, String> {
    let (of, step) = (word(&mut table, "of")?, word(&mut table, "step")?);
    let before = match table.remove("before") {
        None => Vec::new(),
        Some(Value::String(lesson)) => vec![lesson],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_string).collect(),
        Some(_) => return Err("\"before\" is a lesson, or a list of them".into()),
    };
    let says = table.remove("says").ok_or("it has no \"says\"")?;
    let answers = taken(&mut table, "answer").into_iter().map(answer).collect::<Result<Vec<Value>, String>>()?;
    known(&table, &["id", "of", "step", "before", "says", "answer"])?;
    if !(3..=4).contains(&answers.len()) {
        return Err(format!("it has {} answers; three or four are wanted", answers.len()));
    }
    let ask = Table::from_iter([("says".to_string(), says), ("answers".to_string(), answers.into())]);
    Ok(Question { id, of, step, before, ask })
}

/// An answer as a lesson's question has it.
fn answer(value: Value) -> Result<Value, String> {
    let Value::Table(mut table) = value else { return Err("an answer is a table".into()) };
    let mut answer = Table::new();
    for (from, to) in [("says", "says"), ("holds", "if"), ("why", "why")] {
        if let Some(value) = table.remove(from) {
            answer.insert(to.into(), value);
        }
    }
    known(&table, &["says", "holds", "why"])?;
    for (key, called) in [("says", "says"), ("if", "holds")] {
        if !answer.contains_key(key) {
            return Err(format!("an answer has no {called:?}"));
        }
    }
    Ok(answer.into())
}

fn taken(table: &mut Table, key: &str) -> Vec<Value> {
    match table.remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn word(table: &mut Table, key: &str) -> Result<String, String> {
    match table.remove(key) {
        Some(Value::String(word)) if !word.is_empty() => Ok(word),
        _ => Err(format!("{key:?} is a word")),
    }
}

/// What is left when all that is known was taken.
fn known(left: &Table, keys: &[&str]) -> Result<(), String> {
    match left.keys().next() {
        None => Ok(()),
        Some(key) if keys.is_empty() => Err(format!("a quiz has no {key:?}; it has [[question]]")),
        Some(key) => Err(format!("there is no {key:?} here; there is {}", keys.join(", "))),
    }
}

/// The courses and their lessons in the order of the path: courses that it does not list come last.
///
/// # Errors
/// Where the path cannot be read.
pub fn in_path_order(protocols: &Path, files: &[File]) -> Result<Vec<String>, String> {
    let path = protocols.join("src/path.toml");
    let text = fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let table: Table = toml::from_str(&text).map_err(|why| format!("{}: {why}", path.display()))?;
    let families = table.get("family").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let listed = families.iter().filter_map(|family| family.get("courses")?.as_array()).flatten();
    let courses: Vec<&str> = listed.filter_map(Value::as_str).collect();
    let place = |file: &&File| courses.iter().position(|course| *course == file.course).unwrap_or(courses.len());
    let mut ordered: Vec<&File> = files.iter().collect();
    ordered.sort_by_key(place);
    Ok(ordered.into_iter().map(|file| file.id.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
        [[question]]
        id = "one"
        of = "raft/elect"
        step = "won"
        says = { en = "Who wins?", zh = "谁当选？" }
        answer = [
            { says = { en = "A", zh = "A" }, holds = ["A.role = leader"] },
            { says = { en = "B", zh = "B" }, holds = ["B.role = leader"], why = { en = "No.", zh = "不。" } },
            { says = { en = "C", zh = "C" }, holds = ["C.role = leader"], why = { en = "No.", zh = "不。" } },
        ]
    "#;

    fn refused(from: &str, to: &str) -> String {
        assert!(SOUND.contains(from), "{from}");
        parse(&SOUND.replace(from, to)).err().unwrap_or_default()
    }

    #[test]
    fn a_quiz_says_what_is_known_and_nothing_else() {
        assert_eq!(parse(SOUND).unwrap().len(), 1);
        assert!(refused("says = { en = \"Who", "asks = { en = \"Who").contains("it has no \"says\""));
        assert!(refused("of = ", "lesson = ").contains("\"of\" is a word"));
        assert!(refused("step = ", "hint = \"x\"\nstep = ").contains("there is no \"hint\""));
        assert!(refused("holds = [\"A", "if = [\"A").contains("there is no \"if\""));
        assert!(refused(", holds = [\"A.role = leader\"]", "").contains("no \"holds\""));
        assert!(refused("[[question]]", "[[asked]]").contains("a quiz has no \"asked\""));
        let two = SOUND.lines().filter(|line| !line.contains("\"C\"")).collect::<Vec<_>>().join("\n");
        assert!(parse(&two).err().unwrap_or_default().contains("it has 2 answers"));
        assert!(parse(&SOUND.repeat(2)).err().unwrap_or_default().contains("two questions are called \"one\""));
    }

    #[test]
    fn the_step_before_asks_it_and_no_other_asks_anything() {
        let text = "[[steps]]\nid = \"wait\"\n[[steps]]\nid = \"won\"\nask = 1";
        let data = toml::from_str(text).unwrap();
        let said = crate::Said::default();
        let (id, raft) = ("raft/elect".to_string(), "raft".to_string());
        let file =
            |data| File { id: id.clone(), course: raft.clone(), protocol: raft.clone(), data, said: said.clone() };
        let asked = |step: &str| {
            let question = parse(&SOUND.replace("\"won\"", step)).unwrap().remove(0);
            question.asked_in(&file(Table::clone(&data)))
        };
        let steps = asked("\"won\"").unwrap()["steps"].as_array().unwrap().clone();
        assert_eq!(steps[0]["ask"]["answers"][1]["if"][0].as_str(), Some("B.role = leader"));
        assert!(steps[1].get("ask").is_none());
        assert!(asked("\"wait\"").unwrap_err().contains("the first step"));
        assert!(asked("\"lost\"").unwrap_err().contains("no step \"lost\""));
    }
}
