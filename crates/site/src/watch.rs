//! What to watch for and what was to be seen, for pages alone: beside what a module reads of a lesson or a challenge,
//! and of ready runs in a file for each protocol, `starts/raft.json`, which the lab fetches when its picture stands.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value as Json, json};
use synod_engine::protocol;
use synod_engine::simulation::Entry;
use synod_engine::value::Value;
use synod_lesson_files::{Both, Said, Start};

use crate::protocols;

pub fn both(text: &Both) -> Json {
    json!({ "en": text.en, "zh": text.zh })
}

/// Adds what is said to data.
pub fn say(data: &mut Json, said: &Said) {
    data["watch"] = both(&said.watch);
    data["saw"] = both(&said.saw);
}

/// A lesson's data as its file was, without what was added: as it is played.
pub fn played(data: &Json) -> Json {
    let mut data = data.clone();
    for key in ["watch", "saw"] {
        data.as_object_mut().map(|lesson| lesson.remove(key));
    }
    data
}

pub fn write(dist: &Path) -> Result<()> {
    let folder = dist.join("starts");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut said = synod_lesson_files::starts(&protocols()).map_err(|why| anyhow!(why))?;
    for entry in synod_protocols::ALL.iter().filter(|entry| !entry.starts().is_empty()) {
        let mut one = |start: &protocol::Start| -> Result<Json> {
            let named = |one: &Start| one.protocol == entry.id && one.id == start.id;
            let at = said.iter().position(named);
            let at = at.with_context(|| format!("no starts.toml says what to watch for in {}", start.id))?;
            told(entry, start, &said.swap_remove(at).said)
        };
        let list = entry.starts().iter().map(&mut one).collect::<Result<Vec<Json>>>().context(entry.id)?;
        fs::write(folder.join(format!("{}.json", entry.id)), serde_json::to_string(&list)?)?;
    }
    match said.first() {
        Some(one) => bail!("starts.toml of {} tells of {}, which is no ready run", one.protocol, one.id),
        None => Ok(()),
    }
}

/// A ready run as the lab knows it again, by its recording, and until when what is said of its end is to be seen.
fn told(entry: &Entry, start: &protocol::Start, said: &Said) -> Result<Json> {
    let wrong = |why| anyhow!("{}: {why}", start.id);
    let config = synod_engine::script::config(entry.id, start.config);
    let mut run = entry.open(&config, &mut || 0).map_err(wrong)?;
    for (time, line) in synod_engine::script::lines(start.script) {
        run.run_to(time);
        let done = run.parse(&Value::word(line)).and_then(|input| run.inject(input));
        done.map_err(wrong)?;
    }
    let mut told = json!({ "id": start.id, "run": run.recording(), "until": start.after });
    say(&mut told, said);
    Ok(told)
}
