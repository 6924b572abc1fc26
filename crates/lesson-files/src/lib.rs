//! The lessons as files: `crates/protocols/src/<folder>/lessons/<order>-<name>.toml`. A folder is
//! a course. Its lessons run its own protocol, unless one names another. Challenges lie beside them, in
//! `challenges/`, the course's quiz in `quiz.toml`, and what to watch for in ready runs in `starts.toml`.

mod quiz;
mod watch;

pub mod terms;

use std::fs;
use std::path::{Path, PathBuf};

pub use quiz::{Question, Quiz, all as quizzes, in_path_order, parse as parse_quiz};
pub use watch::{Both, LONGEST, Said, Start, starts};

pub struct File {
    /// `raft/split-vote`.
    pub id: String,
    /// The course: the folder, as ids are written.
    pub course: String,
    pub protocol: String,
    /// What a module reads.
    pub data: toml::Table,
    /// What a page says besides.
    pub said: Said,
}

/// Every lesson below the protocols' crate, in order of its courses and of its names.
pub fn all(protocols: &Path) -> Result<Vec<File>, String> {
    of_kind(protocols, "lessons", &["watch", "saw"])
}

/// Every challenge, in the same order. What to watch for is in its plan too.
pub fn challenges(protocols: &Path) -> Result<Vec<File>, String> {
    of_kind(protocols, "challenges", &["saw"])
}

/// What is only said is taken out of the data.
fn of_kind(protocols: &Path, kind: &str, said: &[&str]) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    for folder in sorted(&protocols.join("src"))? {
        let lessons = folder.join(kind);
        if lessons.is_dir() {
            let mut paths = sorted(&lessons)?;
            paths.sort_by_key(|path| order(path));
            for path in paths {
                let mut file = read(&folder, &path).map_err(|why| format!("{}: {why}", path.display()))?;
                file.data.retain(|key, _| !said.contains(&key));
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// The number that a file's name begins with.
fn order(path: &Path) -> u32 {
    let name = name(path);
    let digits = name.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(u32::MAX)
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-")
}

fn read(folder: &Path, path: &Path) -> Result<File, String> {
    let (course, stem) = (name(folder), name(path));
    let short = stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').to_string();
    let text = fs::read_to_string(path).map_err(|why| why.to_string())?;
    let mut data: toml::Table = toml::from_str(&text).map_err(|why| why.to_string())?;
    let id = format!("{course}/{short}");
    let said = Said::read(&data)?;
    let own = data.get("protocol").and_then(toml::Value::as_str).unwrap_or(&course).to_string();
    // Tables of a list read best as [[step]]; as data they are the list of steps.
    for (one, all) in [("step", "steps"), ("objective", "objectives")] {
        if let Some(list) = data.remove(one) {
            data.insert(all.into(), list);
        }
    }
    data.insert("id".into(), id.clone().into());
    data.insert("protocol".into(), own.clone().into());
    Ok(File { id, course, protocol: own, data, said })
}
