//! What is deliberately absent, and what would make a stranger stop reading.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use synod_engine::value::Value;
use synod_tests::Script;

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

/// Values of a key wherever it stands in a value.
fn each(value: &Value, key: &str, found: &mut dyn FnMut(&Value)) {
    match value {
        Value::List(list) => list.iter().for_each(|one| each(one, key, found)),
        Value::Map(entries) => {
            for (name, value) in entries {
                if name == key {
                    found(value);
                }
                each(value, key, found);
            }
        }
        _ => {}
    }
}

/// Ids of fields, strips and totals of all protocols, as their ready runs and the first one that comes show them.
fn ids_of_parts() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut take = |one: &Value| {
        for part in one.as_list().unwrap_or_default() {
            ids.extend(part.get("id").and_then(Value::as_text).map(str::to_string));
        }
    };
    for entry in synod_protocols::ALL {
        let catalog = entry.catalog(&[]);
        each(&catalog, "totals", &mut take);
        let starts = catalog.get("starts").and_then(Value::as_list).unwrap_or_default();
        let ready = starts.iter().filter_map(|start| Some(Script::start(entry.id, start.get("id")?.as_text()?)));
        for script in ready.chain([Script::new(entry.id, "seed=7f3a")]) {
            let mut run = script.simulation;
            run.seek(0);
            for turn in 0..2_000 {
                if turn % 5 == 0 {
                    let frame = run.frame(4);
                    each(&frame, "fields", &mut take);
                    each(&frame, "strips", &mut take);
                }
                if run.nodes() > 99 || run.step().is_none() {
                    break;
                }
            }
        }
    }
    ids
}

/// How code asks whether something is this part and no other. Words alone are no sign: many ids are plain English.
const ASKS: &[&str] = &["id === \"{}\"", "id !== \"{}\"", "id == \"{}\"", "id != \"{}\"", "swarm.{}", "swarm?.{}"];

/// Whether a role is told by its number.
fn numbers_a_role(line: &str) -> bool {
    ["role === ", "role !== ", "role == ", "role != "]
        .iter()
        .any(|asked| line.split(asked).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// The parts of one protocol are no business of the engine or the page: what they draw and how follows from what
/// a protocol says of its parts, not from what it calls them.
#[test]
fn nobody_knows_the_parts_of_a_protocol_by_their_ids() {
    let ids = ids_of_parts();
    for expected in ["count", "log", "register", "round", "entries"] {
        assert!(ids.contains(expected), "{expected} is found among {ids:?}");
    }
    let mut paths = files("crates/engine/src", &["rs"]);
    paths.extend(files("crates/wasm/src", &["rs"]));
    paths.extend(files("www", &["js"]).into_iter().filter(|path| !path.starts_with(root().join("www/words"))));
    let mut told = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap_or_default();
        // What a protocol wishes to be arranged like is asked for in one place on a stage, and on an emblem.
        let places = path.ends_with("www/layout.js") || path.ends_with("www/home-emblem.js");
        for (line, row) in text.lines().zip(1..) {
            let asked = ids.iter().find(|id| ASKS.iter().any(|ask| line.contains(&ask.replace("{}", id))));
            if let Some(id) = asked {
                told.push(format!("{}:{row} asks for {id}", path.display()));
            }
            if numbers_a_role(line) || line.contains("layout ===") && !places {
                told.push(format!("{}:{row} asks for a role or a layout", path.display()));
            }
        }
    }
    assert!(told.is_empty(), "{told:#?}");
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
