//! The challenges out of their files, ready to be played.

use std::path::Path;

use synod_engine::error::Result;
use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_lessons::{Challenge, Referee};

pub fn all() -> Vec<Challenge> {
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols");
    let files = synod_lesson_files::challenges(&protocols).unwrap_or_else(|why| panic!("{why}"));
    let read = |file: synod_lesson_files::File| {
        let data = crate::lessons::data(&toml::Value::Table(file.data));
        synod_lessons::read_challenge(&data).unwrap_or_else(|why| panic!("{}: {why}", file.id))
    };
    files.into_iter().map(read).collect()
}

/// A run of the registry's protocol that a configuration names.
pub fn open(config: &Value) -> Result<Simulation> {
    let id = config.get("protocol").and_then(Value::as_text).unwrap_or_default();
    let entry = synod_protocols::ALL.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("no {id}"));
    entry.open(config, &mut || 0)
}

pub fn begin(referee: &mut Referee) -> Simulation {
    let id = referee.challenge.id.clone();
    referee.begin(&mut open).unwrap_or_else(|why| panic!("{id}: {why}"))
}
