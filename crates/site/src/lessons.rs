//! The lessons as the page fetches them: a file of JSON for each, a list of all, one with no more than titles, and one
//! with what to watch for in each.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::path;
use crate::protocols;
use crate::watch::{both, say};

pub fn write(dist: &Path) -> Result<()> {
    let folder = dist.join("lessons");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let files = synod_lesson_files::all(&protocols()).map_err(|why| anyhow!(why))?;
    let mut courses: Vec<(String, Vec<Value>)> = Vec::new();
    let mut watch = serde_json::Map::new();
    for file in files {
        let mut data = serde_json::to_value(&file.data)?;
        say(&mut data, &file.said);
        watch.insert(file.id.clone(), both(&file.said.watch));
        let path = folder.join(format!("{}.json", file.id));
        fs::create_dir_all(path.parent().context("a lesson has a folder")?)?;
        fs::write(&path, serde_json::to_string(&data)?)?;
        let place = courses.iter().position(|(id, _)| *id == file.course).unwrap_or_else(|| {
            courses.push((file.course.clone(), Vec::new()));
            courses.len() - 1
        });
        courses[place].1.push(listing(&data));
    }
    // What comes before any protocol comes first; then the registry's order.
    courses.sort_by_key(|(id, _)| synod_protocols::ALL.iter().position(|entry| entry.id == *id));
    let entry = |(id, lessons): (String, Vec<Value>)| {
        let title = path::name(&id)?;
        Ok(json!({ "id": id, "title": title, "lessons": lessons }))
    };
    let mut list = courses.into_iter().map(entry).collect::<Result<Vec<Value>>>()?;
    fs::write(folder.join("index.json"), serde_json::to_string(&list)?)?;
    fs::write(folder.join("watch.json"), serde_json::to_string(&watch)?)?;
    let lessons = list.iter_mut().flat_map(|course| course["lessons"].as_array_mut()).flatten();
    for lesson in lessons.flat_map(Value::as_object_mut) {
        lesson.remove("summary");
    }
    fs::write(folder.join("titles.json"), serde_json::to_string(&list)?)?;
    Ok(())
}

fn listing(lesson: &Value) -> Value {
    json!({ "id": lesson["id"], "protocol": lesson["protocol"], "title": lesson["title"], "summary": lesson["summary"] })
}
