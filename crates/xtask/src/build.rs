//! The deployable site in `dist/`: the module with its bindings, and the page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::element;
use crate::lessons;
use crate::modules;
use crate::path;
use crate::setup::{root, run};
use crate::sizes;

/// Pages of the site, each with the script of its own name.
const PAGES: [(&str, &str); 6] = [
    ("index", "home"),
    ("lesson", "lesson"),
    ("lab", "lab"),
    ("compare", "compare"),
    ("own", "own"),
    ("embed", "embed"),
];

pub fn build() -> Result<PathBuf> {
    let shrink = modules::build(true)?;
    page(shrink)?;
    Ok(root().join("dist"))
}

/// As [`build`], but in a hurry: the lab of each protocol loads the module of all.
pub fn build_quickly() -> Result<()> {
    page(modules::build(false)?)
}

/// Where a page finds the module of a protocol.
pub fn place_of(dist: &Path, id: &str, lessons: bool) -> String {
    let alone = format!("pkg/{}.lzma", modules::name(Some(id), lessons));
    if dist.join(&alone).exists() { alone } else { "pkg/synod_bg.wasm".into() }
}

pub fn ids() -> impl Iterator<Item = &'static str> {
    synod_protocols::ALL.iter().map(|entry| entry.id)
}

/// Puts the page into `dist/`, minified where Node is present.
pub fn page(shrink: bool) -> Result<()> {
    let (www, dist) = (root().join("www"), root().join("dist"));
    copy(&www, &dist, shrink)?;
    for (page, _) in PAGES {
        introduce(&dist, page)?;
    }
    lessons::write(&dist)?;
    path::write(&dist)?;
    if shrink {
        for old in fs::read_dir(&dist)?.flatten().map(|entry| entry.path()) {
            if old.extension().is_some_and(|end| end == "js") {
                fs::remove_file(old)?;
            }
        }
        let script = |(_, name): &(&str, &str)| www.join(format!("{name}.js")).to_string_lossy().into_owned();
        let scripts: Vec<String> = PAGES.iter().map(script).collect();
        let out = format!("--outdir={}", dist.to_string_lossy());
        let mut args: Vec<&str> = scripts.iter().map(String::as_str).collect();
        args.extend(["--bundle", "--splitting", "--format=esm", "--target=es2022", "--external:./pkg/synod.js", &out]);
        args.push("--metafile=target/page-outputs.json");
        esbuild(&args)?;
        for entry in fs::read_dir(&www)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "css") {
                let name = path.file_name().context("a file has a name")?;
                esbuild(&[
                    &path.to_string_lossy(),
                    "--bundle",
                    &format!("--outfile={}", dist.join(name).to_string_lossy()),
                ])?;
            }
        }
        // The sheets that others take in are in them now.
        let parts = ["tokens.css", "base.css", "dialog.css", "side.css", "figure.css", "top.css", "home-path.css"];
        for part in parts {
            fs::remove_file(dist.join(part))?;
        }
        let glue = dist.join("pkg/synod.js").to_string_lossy().into_owned();
        esbuild(&[&glue, &format!("--outfile={glue}"), "--allow-overwrite", "--format=esm"])?;
        if dist.join("pkg/all-lessons.lzma").exists() {
            element::build(&dist)?;
        }
    }
    if shrink {
        for (name, bytes) in sizes::all(&dist)? {
            println!("first load of {name:18}{bytes} bytes gzipped");
        }
    }
    Ok(())
}

/// Tells a page which protocols there are, by what names, and where the module of each is.
fn introduce(dist: &Path, page: &str) -> Result<()> {
    let path = dist.join(format!("{page}.html"));
    let mut list = Vec::new();
    for entry in synod_protocols::ALL {
        let catalog = entry.catalog(&[]);
        let name = |language: &str| {
            let name = catalog.get("name").and_then(|name| name.get(language)?.as_text());
            name.unwrap_or(entry.id).replace(['"', '&', '<'], "")
        };
        let [module, telling] = [false, true].map(|lessons| place_of(dist, entry.id, lessons));
        let (id, en, zh) = (entry.id, name("en"), name("zh"));
        list.push(format!(
            r#"{{"id":"{id}","name":{{"en":"{en}","zh":"{zh}"}},"module":"{module}","telling":"{telling}"}}"#
        ));
    }
    let content = format!("[{}]", list.join(",")).replace('"', "&quot;");
    let html = fs::read_to_string(&path)?;
    let tag = r#"<meta name="protocols" content="">"#;
    anyhow::ensure!(html.contains(tag), "{page}.html has no place for the protocols");
    let papers: Vec<String> = synod_protocols::ALL.iter().map(paper).collect();
    let html = html.replace(r#"<ul class="papers"></ul>"#, &format!(r#"<ul class="papers">{}</ul>"#, papers.join("")));
    fs::write(&path, html.replace(tag, &format!(r#"<meta name="protocols" content="{content}">"#)))?;
    Ok(())
}

/// For readers without scripts: a protocol's name, and its paper.
fn paper(entry: &synod_engine::simulation::Entry) -> String {
    let catalog = entry.catalog(&[]);
    let name = catalog.get("name").and_then(|name| name.get("en")?.as_text()).unwrap_or(entry.id);
    let source = catalog.get("source").and_then(|source| source.as_text()).unwrap_or_default();
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<li><b>{}</b>: {}</li>", plain(name), plain(source))
}

pub fn esbuild(more: &[&str]) -> Result<()> {
    let mut args = vec!["--minify", "--log-level=warning"];
    if !more.iter().any(|arg| arg.starts_with("--charset")) {
        args.push("--charset=utf8");
    }
    args.extend(more);
    run("node_modules/.bin/esbuild", &args)
}

/// Copies the page. Scripts that are bundled are left out.
fn copy(from: &Path, to: &Path, bundled: bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a file has a name")?);
        if path.is_dir() {
            if bundled {
                let _ = fs::remove_dir_all(&target);
            }
            copy(&path, &target, bundled)?;
        } else if !bundled || path.extension().is_none_or(|end| !["js", "css", "ts"].iter().any(|one| end == *one)) {
            fs::copy(&path, &target)?;
        }
    }
    // A folder that held only scripts is empty now.
    if fs::read_dir(to)?.next().is_none() {
        fs::remove_dir(to)?;
    }
    Ok(())
}

pub fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

pub fn size(path: &Path) -> Result<String> {
    let bytes = fs::read(path)?;
    Ok(format!("{} bytes, {} gzipped", bytes.len(), gzip(&bytes)?))
}
