//! What is deliberately absent, and what would make a stranger stop reading.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

fn files(folder: &str, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}")).flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if ends.iter().any(|end| path.extension().is_some_and(|e| e == *end)) {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 3, "{folder} has files");
    found
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').map(str::to_lowercase)
}

fn absent(paths: &[PathBuf], banned: &[&str]) {
    for path in paths {
        let text = fs::read_to_string(path).unwrap_or_default();
        for (line, row) in text.lines().zip(1..) {
            let found = words(line).find(|word| banned.contains(&word.as_str()));
            assert_eq!(found, None, "{}:{row}", path.display());
        }
    }
}

#[test]
fn neither_the_engine_nor_the_page_names_a_protocol() {
    let mut names: Vec<&str> = synod_protocols::ALL.iter().map(|entry| entry.id).collect();
    names.extend(["paxos", "gossip", "zab", "raft", "synod_protocols"]);
    absent(&files("crates/engine/src", &["rs"]), &names);
    let page: Vec<PathBuf> = files("www", &["js", "css", "html"])
        .into_iter()
        .filter(|path| !path.starts_with(root().join("www/words")) && !path.starts_with(root().join("www/overlays")))
        .collect();
    absent(&page, &names);
}

#[test]
fn nothing_unordered_floating_or_from_outside_is_in_the_simulated_world() {
    let banned = ["hashmap", "hashset", "f32", "f64", "systemtime", "thread_rng"];
    let mut paths = files("crates/engine/src", &["rs"]);
    paths.extend(files("crates/protocols/src", &["rs"]));
    paths.extend(files("crates/judge/src", &["rs"]));
    absent(&paths, &banned);
    // "instant" is also a word of the engine's: only the type's clock is banned.
    for path in &paths {
        assert!(!fs::read_to_string(path).unwrap_or_default().contains("Instant::now"), "{}", path.display());
    }
}

#[test]
fn the_page_makes_no_chance_and_no_html_of_its_own() {
    for path in files("www", &["js"]) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        for banned in ["Math.random", "innerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!text.contains(banned), "{}: {banned}", path.display());
        }
    }
}

#[test]
fn files_can_be_read_to_the_end() {
    for folder in ["crates", "www", "tests"] {
        for path in files(folder, &["rs", "js", "mjs", "css"]) {
            let lines = fs::read_to_string(&path).unwrap_or_default().lines().count();
            assert!(lines <= 600, "{} has {lines} lines", path.display());
        }
    }
}
