//! What is fetched before the first picture of each kind of page, as the bundler tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::build::{gzip, place_of, told};
use crate::data::{self, Catalog};
use crate::element;

/// What the page of a lesson says is fetched before its stage stands.
const WORDS: &str = "words/site-en.js";

/// Of a file that was written: the scripts that it is made of, and the files that it imports at once.
type Written = (Vec<String>, Vec<String>);

/// A kind of page: its name, its script, what that fetches by itself before the first picture, and other files.
struct Kind {
    name: &'static str,
    outputs: PathBuf,
    script: &'static str,
    awaited: &'static [&'static str],
    files: Vec<String>,
}

/// The most bytes that a kind of page may be of any protocol, so that none grows unseen. A single file is to be
/// 240,000 at most, which six protocols are over.
const MOST: [(&str, usize); 5] =
    [("lab", 175_000), ("lesson", 200_000), ("embed", 175_000), ("lesson embed", 190_000), ("single file", 268_000)];

/// Bytes, gzipped, of all that is fetched before the first picture of each protocol, and of its single file.
pub fn all(dist: &Path, catalog: &Catalog) -> Result<Vec<(String, usize)>> {
    let mut sizes = Vec::new();
    for id in catalog.ids() {
        sizes.extend(of(dist, id)?.into_iter().map(|(kind, bytes)| (format!("{kind} of {id}"), bytes)));
    }
    Ok(sizes)
}

/// An error if a page is larger than any may be.
pub fn check(dist: &Path, catalog: &Catalog) -> Result<()> {
    for (name, bytes) in all(dist, catalog)? {
        let most = MOST.iter().find(|(kind, _)| name.starts_with(&format!("{kind} of "))).map_or(0, |(_, most)| *most);
        anyhow::ensure!(bytes <= most, "first load of {name}: {bytes} bytes, and {most} is the most it may be");
    }
    Ok(())
}

fn of(dist: &Path, id: &str) -> Result<Vec<(&'static str, usize)>> {
    let (module, telling) = (place_of(dist, id, false), place_of(dist, id, true));
    let lesson = data::first_lesson(dist, id)?;
    let bindings: &[&str] = &["pkg/synod.js", "pkg/unpack.wasm"];
    let page = |name: &str, more: &[&str]| {
        let own = [format!("{name}.html"), format!("{name}.css"), "icon.svg".into()];
        own.into_iter().chain(bindings.iter().chain(more).map(ToString::to_string)).collect()
    };
    let element = |more: &[&str]| bindings.iter().chain(more).map(ToString::to_string).collect();
    let (pages, elements) = (told(), element::told_of_module());
    let kind = |name, outputs, script, awaited, files| Kind { name, outputs, script, awaited, files };
    let mut kinds = vec![kind("lab", pages.clone(), "lab.js", &[][..], page("lab", &[&module]))];
    if let Some(lesson) = &lesson {
        let files = page("lesson", &[&telling, lesson]);
        kinds.push(kind("lesson", pages, "lesson.js", &[WORDS], files));
    }
    let whole = dist.join("element.js").exists();
    if whole {
        kinds.push(kind("embed", elements.clone(), "element.js", &[], element(&[&module])));
    }
    if let (true, Some(lesson)) = (whole, &lesson) {
        let told = &["telling.js"];
        kinds.push(kind("lesson embed", elements, "element.js", told, element(&[&telling, lesson])));
    }
    let mut sizes = kinds.iter().map(|one| Ok((one.name, size(dist, one)?))).collect::<Result<Vec<_>>>()?;
    if whole {
        sizes.push(("single file", element::single_size(dist, id)?));
    }
    Ok(sizes)
}

fn size(dist: &Path, kind: &Kind) -> Result<usize> {
    let told = fs::read(&kind.outputs).with_context(|| kind.outputs.display().to_string())?;
    let told: BTreeMap<String, Written> = serde_json::from_slice(&told)?;
    let with = |script: &str| told.iter().find(|(_, (of, _))| of.iter().any(|of| of == script)).map(|(name, _)| name);
    let mut waiting = Vec::new();
    for script in [kind.script].iter().chain(kind.awaited) {
        waiting.push(with(script).with_context(|| format!("{script} was not bundled"))?);
    }
    let mut scripts = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        // What stays outside is not told of.
        if let Some((_, imports)) = told.get(name).filter(|_| scripts.insert(name)) {
            waiting.extend(imports);
        }
    }
    scripts.into_iter().chain(&kind.files).map(|name| size_of(&dist.join(name))).sum()
}

fn size_of(path: &Path) -> Result<usize> {
    gzip(&fs::read(path).with_context(|| path.display().to_string())?)
}
