//! The lessons out of their files, ready to be played.

use std::borrow::Cow;
use std::path::Path;

use synod_engine::simulation::{Entry, Simulation};
use synod_engine::units::ONE;
use synod_engine::value::Value;
use synod_lessons::{Lesson, Player};

pub fn all(protocols: &Path) -> Result<Vec<Lesson>, String> {
    let read = |file: synod_lesson_files::File| {
        synod_lessons::read(&data(&toml::Value::Table(file.data))).map_err(|why| format!("{}: {why}", file.id))
    };
    synod_lesson_files::all(protocols)?.into_iter().map(read).collect()
}

/// A lesson out of a text, as if it were a file of the course `raft`.
pub fn parse(text: &str) -> Result<Lesson, String> {
    let mut table: toml::Table = toml::from_str(text).map_err(|why| why.to_string())?;
    if let Some(steps) = table.remove("step") {
        table.insert("steps".into(), steps);
    }
    table.insert("id".into(), "raft/test".into());
    table.entry("protocol").or_insert_with(|| "raft".into());
    synod_lessons::read(&data(&toml::Value::Table(table))).map_err(|why| why.to_string())
}

/// A lesson's player and the run of its story, at its beginning.
pub fn open(lesson: Lesson) -> Result<(Player, Simulation), String> {
    let entry = entry(&lesson)?;
    let mut player = Player::new(lesson);
    let run = player.begin(&mut |config| entry.open(config, &mut || 0));
    let run = run.map_err(|why| format!("{}: {why}", player.lesson.id))?;
    Ok((player, run))
}

fn entry(lesson: &Lesson) -> Result<&'static Entry, String> {
    let entry = synod_protocols::ALL.iter().find(|entry| entry.id == lesson.protocol);
    let entry = entry.ok_or_else(|| format!("{} runs {}, which is not there", lesson.id, lesson.protocol))?;
    if lesson.config.get("seed").is_none() {
        return Err(format!("{} has no seed", lesson.id));
    }
    Ok(entry)
}

pub(crate) fn data(toml: &toml::Value) -> Value {
    match toml {
        toml::Value::String(text) => Value::string(text),
        toml::Value::Integer(n) => Value::count(*n),
        toml::Value::Float(n) => Value::Number((n * ONE as f64).round() as i64),
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::Array(items) => Value::list(items.iter().map(data)),
        toml::Value::Table(table) => Value::Map(table.iter().map(|(k, v)| (Cow::Owned(k.clone()), data(v))).collect()),
        toml::Value::Datetime(date) => Value::string(date),
    }
}
