//! A new protocol: a folder that runs and is checked from the first day, and its registry line. All nodes are alike,
//! or there are groups of machines with one role each.

mod groups;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::setup::{root, run};
use groups::Group;

/// The smallest protocol that does something. The engine's own tests run it, under the name of Toy.
const FILES: [(&str, &str); 6] = [
    ("mod.rs", include_str!("../../engine/tests/toy/mod.rs")),
    ("state.rs", include_str!("../../engine/tests/toy/state.rs")),
    ("rules.rs", include_str!("../../engine/tests/toy/rules.rs")),
    ("safety.rs", include_str!("../../engine/tests/toy/safety.rs")),
    ("mutants.rs", include_str!("../../engine/tests/toy/mutants.rs")),
    ("view.rs", include_str!("../../engine/tests/toy/view.rs")),
];

const USAGE: &str = "cargo xtask new-protocol NAME [--groups NAME[=LETTER],NAME[=LETTER]]";

pub fn new_protocol(args: &[String]) -> Result<()> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let (name, groups) = match words.as_slice() {
        [name] => (name, Vec::new()),
        [name, "--groups", groups] => (name, groups::read(groups)?),
        _ => bail!("usage: {USAGE}"),
    };
    let name = folder(name)?;
    make(&root(), &name, &groups)?;
    run("cargo", &["fmt", "--package", "synod-protocols"])?;
    for group in &groups {
        println!("{}", group.told());
    }
    println!("crates/protocols/src/{name}: a protocol that runs; cargo xtask test checks it with the others");
    Ok(())
}

/// The folder of a protocol of this name, with underscores.
fn folder(name: &str) -> Result<String> {
    let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    let parts = || name.split(['_', '-']);
    let begins = |part: &str| part.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if !name.bytes().all(small) || !parts().all(begins) {
        bail!("name it in small letters, digits and hyphens, as in: two-phase-commit");
    }
    let name = name.replace('-', "_");
    const KEYWORDS: &str = "as async await break const continue crate do dyn else enum extern false final fn for gen if \
        impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true \
        try type typeof unsafe unsized use virtual where while yield abstract become box core std alloc";
    if KEYWORDS.split(' ').any(|word| word == name) {
        bail!("{name} is a word of Rust");
    }
    let type_name = in_title_case(&name);
    let is_word = |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == type_name);
    if type_name != "Toy" && (FILES.iter().any(|(_, text)| is_word(text)) || is_word(groups::WORDS)) {
        bail!("{type_name} is another thing in a protocol's folder");
    }
    Ok(name)
}

/// Writes the folder and the registry line.
fn make(root: &Path, name: &str, groups: &[Group]) -> Result<()> {
    let protocols = root.join("crates/protocols/src");
    let folder = protocols.join(name);
    if folder.exists() || protocols.join(format!("{name}.rs")).exists() {
        bail!("{name} is there already");
    }
    let id = name.replace('_', "-");
    let mut files = Vec::new();
    for (file, template) in FILES {
        let template = if file == "mod.rs" { groups::put_into(template, groups)? } else { template.to_string() };
        let shown = in_title_case(&name[..1]) + &name[1..].replace('_', " ");
        let template = template.replace("text(\"Toy\", \"Toy\")", &format!("text({shown:?}, {shown:?})"));
        files.push((file, template.replace("Toy", &in_title_case(name)).replace("\"toy\"", &format!("{id:?}"))));
    }
    fs::create_dir(&folder)?;
    for (file, text) in files {
        fs::write(folder.join(file), text)?;
    }
    register(&protocols, name)
}

fn register(protocols: &Path, name: &str) -> Result<()> {
    let path = protocols.join("lib.rs");
    let registry = fs::read_to_string(&path)?;
    let end = registry.find("];\n").context("the registry has an end")?;
    let comma = if registry[..end].trim_end().ends_with(',') { "" } else { ", " };
    let entry = format!("{comma}entry::<{name}::{}>()", in_title_case(name));
    let module = registry.find("pub mod ").context("the registry has modules")?;
    let mut text = registry;
    text.insert_str(end, &entry);
    text.insert_str(module, &format!("pub mod {name};\n"));
    Ok(fs::write(&path, text)?)
}

/// `two_phase` as `TwoPhase`.
fn in_title_case(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split(['_', '-']).filter(|part| !part.is_empty()).map(word).collect()
}
