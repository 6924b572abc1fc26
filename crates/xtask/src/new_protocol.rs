//! A new protocol: a folder that runs and is checked from the first day, and its registry line.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::setup::root;

/// The smallest protocol that does something. The engine's own tests run it, under the name of Toy.
const FILES: [(&str, &str); 6] = [
    ("mod.rs", include_str!("../../engine/tests/toy/mod.rs")),
    ("state.rs", include_str!("../../engine/tests/toy/state.rs")),
    ("rules.rs", include_str!("../../engine/tests/toy/rules.rs")),
    ("safety.rs", include_str!("../../engine/tests/toy/safety.rs")),
    ("mutants.rs", include_str!("../../engine/tests/toy/mutants.rs")),
    ("view.rs", include_str!("../../engine/tests/toy/view.rs")),
];

pub fn new_protocol(name: Option<&str>) -> Result<()> {
    let fits = |name: &&str| {
        let small = |b: u8| b.is_ascii_lowercase() || b == b'_';
        name.bytes().all(small) && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
    };
    let Some(name) = name.filter(fits) else { bail!("name it in small letters and underscores, as in: two_phase") };
    let protocols = root().join("crates/protocols/src");
    let folder = protocols.join(name);
    if folder.exists() {
        bail!("{name} is there already");
    }
    fs::create_dir(&folder)?;
    for (file, template) in FILES {
        let id = format!("\"{}\"", name.replace('_', "-"));
        let text = template.replace("Toy", &in_title_case(name)).replace("\"toy\"", &id);
        fs::write(folder.join(file), text)?;
    }
    register(name)?;
    println!("crates/protocols/src/{name}: a protocol that runs; cargo xtask test checks it with the others");
    Ok(())
}

fn register(name: &str) -> Result<()> {
    let path = root().join("crates/protocols/src/lib.rs");
    let registry = fs::read_to_string(&path)?;
    let end = registry.find("];\n").context("the registry has an end")?;
    let comma = if registry[..end].trim_end().ends_with(',') { "" } else { ", " };
    let entry = format!("{comma}entry::<{name}::{}>()", in_title_case(name));
    let module = registry.find("pub mod ").context("the registry has modules")?;
    let mut text = registry;
    text.insert_str(end, &entry);
    text.insert_str(module, &format!("pub mod {name};\n"));
    fs::write(&path, text)?;
    crate::setup::run("cargo", &["fmt", "--package", "synod-protocols"])
}

/// `two_phase` as `TwoPhase`.
fn in_title_case(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').filter(|part| !part.is_empty()).map(word).collect()
}
