//! Writes what the pages read before any module is there, into the folder that is named: the catalog of
//! all protocols, the path of learning with its emblems, the lessons, the challenges, the quizzes, the terms, and what is
//! said of ready runs; and the pages themselves, one for each lesson and challenge among them. A program of its own, so
//! that `serve` never shows what an older registry said.

mod addresses;
mod challenges;
mod heads;
mod html;
mod json;
mod lessons;
mod pages;
mod path;
mod quiz;
mod terms;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use synod_engine::simulation::Comparison;

use crate::json::plain;

fn main() -> Result<()> {
    let dist = std::env::args_os().nth(1).map(PathBuf::from).context("usage: synod-site FOLDER")?;
    fs::create_dir_all(&dist)?;
    data(&dist)?;
    pages::write(&dist, &heads::Site::told()?)
}

/// All that pages read, which the pages are made of too.
fn data(dist: &Path) -> Result<()> {
    catalog(dist)?;
    lessons::write(dist)?;
    challenges::write(dist)?;
    quiz::write(dist)?;
    watch::write(dist)?;
    terms::write(dist)?;
    path::write(dist)
}

/// What `catalog()` and `comparisons()` of the module of all say.
fn catalog(dist: &Path) -> Result<()> {
    let protocols = synod_protocols::ALL.iter().map(|entry| plain(&entry.catalog(synod_protocols::LESSONS)));
    let pairs = synod_protocols::COMPARISONS.iter().map(Comparison::value);
    let all = json!({
        "protocols": protocols.collect::<Vec<_>>(),
        "comparisons": pairs.map(|pair| plain(&pair)).collect::<Vec<_>>(),
    });
    fs::write(dist.join("catalog.json"), serde_json::to_string(&all)?)?;
    Ok(())
}

/// The folder of the protocols' crate.
fn protocols() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocols")
}
