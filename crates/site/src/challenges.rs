//! The challenges as the page fetches them: a file of JSON for each, and a list of all with what a card shows. What is
//! the best that is known is worked out here, from the stored solution.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value as Json, json};
use synod_engine::error::Error;
use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_lessons::Referee;

use crate::json::value;
use crate::path;
use crate::protocols;
use crate::watch::say;

pub fn write(dist: &Path) -> Result<()> {
    let folder = dist.join("challenges");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut groups: Vec<(String, Vec<Json>)> = Vec::new();
    for file in synod_lesson_files::challenges(&protocols()).map_err(|why| anyhow!(why))? {
        let mut data = serde_json::to_value(&file.data)?;
        let card = card(&mut data).with_context(|| file.id.clone())?;
        say(&mut data, &file.said);
        let path = folder.join(format!("{}.json", file.id));
        fs::create_dir_all(path.parent().context("a challenge has a folder")?)?;
        fs::write(&path, serde_json::to_string(&data)?)?;
        let place = groups.iter().position(|(id, _)| *id == file.protocol).unwrap_or_else(|| {
            groups.push((file.protocol.clone(), Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(card);
    }
    groups.sort_by_key(|(id, _)| synod_protocols::ALL.iter().position(|entry| entry.id == *id));
    let group = |(id, all): (String, Vec<Json>)| Ok(json!({ "id": id, "name": path::name(&id)?, "challenges": all }));
    let list = groups.into_iter().map(group).collect::<Result<Vec<Json>>>()?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.json"), serde_json::to_string(&list)?)?;
    Ok(())
}

/// What a card shows, with the picture of where the solution ends; the best is noted in the data too.
fn card(data: &mut Json) -> Result<Json> {
    let read = synod_lessons::read_challenge(&value(data)?).map_err(|why| anyhow!("{why}"))?;
    let entry = path::entry(&read.protocol).with_context(|| format!("no protocol is called {}", read.protocol))?;
    let mut open = |config: &Value| -> Result<Simulation, Error> { entry.open(config, &mut || 3) };
    let mut referee = Referee::new(read);
    let best = referee.best(&mut open).map_err(|why| anyhow!("{why}"))?;
    let solved = referee.solve(&mut open).map_err(|why| anyhow!("{why}"))?;
    data["best"] = json!({ "moves": best.moves, "faults": best.faults });
    let mut picture = path::seen(&solved, entry, data["picture"].as_str().unwrap_or_default());
    // What has only just left, or is about to arrive, would cover who it comes from or goes to.
    let between = |one: &Json| (0.25..=0.75).contains(&one["way"].as_f64().unwrap_or_default());
    if let Some(messages) = picture["messages"].as_array_mut() {
        messages.retain(between);
    }
    let mut card = json!({ "best": data["best"], "picture": picture });
    for key in ["id", "protocol", "title", "line", "after", "stars", "faults"] {
        card[key] = data[key].clone();
    }
    Ok(card)
}
