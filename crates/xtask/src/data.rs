//! What the program `synod-site` wrote for the pages, as the build needs it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use crate::setup::run;

/// `catalog.json`.
#[derive(Default)]
pub struct Catalog(Vec<Value>);

/// Writes the data into a folder, with the registry as it is now.
pub fn write(dist: &Path) -> Result<Catalog> {
    run("cargo", &["run", "--quiet", "--package", "synod-site", "--", &dist.to_string_lossy()])?;
    Catalog::read(dist)
}

impl Catalog {
    pub fn read(dist: &Path) -> Result<Catalog> {
        let mut all: Value = serde_json::from_slice(&fs::read(dist.join("catalog.json"))?)?;
        match all["protocols"].take() {
            Value::Array(protocols) => Ok(Catalog(protocols)),
            _ => anyhow::bail!("catalog.json lists no protocols"),
        }
    }

    pub fn protocols(&self) -> &[Value] {
        &self.0
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|one| one["id"].as_str())
    }

    /// Titles of the lessons that run a protocol, or of all.
    pub fn titles(&self, only: Option<&str>) -> String {
        let of = |one: &&Value| only.is_none_or(|id| one["id"] == id);
        self.0.iter().filter(of).map(|one| one["lessons"].to_string()).collect()
    }
}

/// The file of the first lesson of a course, below a folder of the site; nothing if there is no such course.
pub fn first_lesson(dist: &Path, course: &str) -> Result<Option<String>> {
    let courses = courses(dist)?;
    let of = |one: &&Value| one["id"] == course;
    let first = courses.iter().find(of).map(|course| &course["lessons"][0]["id"]);
    Ok(first.and_then(Value::as_str).map(|id| format!("lessons/{id}.json")))
}

/// The files of all lessons that run a protocol, of whichever course.
pub fn lessons(dist: &Path, protocol: &str) -> Result<Vec<PathBuf>> {
    Ok(names(dist, Some(protocol))?.iter().map(|id| place(dist, id)).collect())
}

/// The lessons that run a protocol, or all.
pub fn names(dist: &Path, protocol: Option<&str>) -> Result<Vec<String>> {
    let courses = courses(dist)?;
    let lessons = courses.iter().filter_map(|course| course["lessons"].as_array()).flatten();
    let of = lessons.filter(|one| protocol.is_none_or(|id| one["protocol"] == id));
    Ok(of.filter_map(|one| one["id"].as_str().map(str::to_string)).collect())
}

/// Where a lesson is.
pub fn place(dist: &Path, id: &str) -> PathBuf {
    dist.join(format!("lessons/{id}.json"))
}

/// Every course with its lessons, by their titles.
pub fn courses(dist: &Path) -> Result<Vec<Value>> {
    Ok(serde_json::from_slice(&fs::read(dist.join("lessons/titles.json"))?)?)
}
