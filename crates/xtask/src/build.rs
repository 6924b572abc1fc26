//! The deployable site in `dist/`: the module with its bindings, and the page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::data::{self, Catalog};
use crate::element;
use crate::judge;
use crate::modules;
use crate::pictures::{self, Which};
use crate::setup::{self, root, run};
use crate::sizes;

/// Pages of the site, each with the script of its own name.
const PAGES: [(&str, &str); 12] = [
    ("index", "home"),
    ("lesson", "lesson"),
    ("lab", "lab"),
    ("compare", "compare"),
    ("own", "own"),
    ("embed", "embed"),
    ("history", "history"),
    ("challenges", "challenges"),
    ("challenge", "challenge"),
    ("quiz", "quiz"),
    ("terms", "terms"),
    ("notes", "notes"),
];

/// Where lessons and challenges have pages of their own.
const OWN: [&str; 3] = ["lessons", "challenges", "zh"];

/// What the finder runs in.
const WORKER: &str = "find/worker";

/// Where the deployable site is made.
pub fn dist() -> PathBuf {
    root().join("dist")
}

pub fn build(searching: modules::Searching, which: Which) -> Result<()> {
    let dist = dist();
    let catalog = data::write(&dist)?;
    let shrink = modules::build(&dist, &catalog, searching)?;
    bundled_or_plain(&dist, &catalog, shrink, which)
}

/// The page anew, with the modules that are there.
pub fn page() -> Result<()> {
    let dist = dist();
    let catalog = data::write(&dist)?;
    bundled_or_plain(&dist, &catalog, setup::node_tools(), Which::Some)
}

fn bundled_or_plain(dist: &Path, catalog: &Catalog, bundled: bool, which: Which) -> Result<()> {
    judge::build(&dist.join("pkg"), bundled)?;
    if !bundled {
        return plain(dist, catalog);
    }
    bundle(dist, catalog)?;
    pictures::put(dist, which)?;
    // It says what is to be drawn, and to nobody else.
    fs::remove_file(dist.join("pictures.json")).context("what is to be drawn was written down")
}

/// Where a page finds the module of a protocol.
pub fn place_of(dist: &Path, id: &str, lessons: bool) -> String {
    let alone = format!("pkg/{}.packed", modules::name(Some(id), lessons));
    if dist.join(&alone).exists() { alone } else { "pkg/synod_bg.wasm".into() }
}

/// Puts the page into a folder as it is written.
pub fn plain(dist: &Path, catalog: &Catalog) -> Result<()> {
    copy(&root().join("www"), dist, false)?;
    introduce(dist, catalog)
}

/// Puts the page into a folder, minified and in few files.
fn bundle(dist: &Path, catalog: &Catalog) -> Result<()> {
    let www = root().join("www");
    for old in fs::read_dir(dist)?.flatten().map(|entry| entry.path()) {
        if old.extension().is_some_and(|end| end == "js") {
            fs::remove_file(old)?;
        }
    }
    copy(&www, dist, true)?;
    introduce(dist, catalog)?;
    // A worker is a script of its own, beside the pages'.
    let entries = json!({ "pages": PAGES.map(|(_, script)| script), "workers": [WORKER] });
    scripts(dist, entries, &["pkg/"], ["chunk-[hash].js", "[name]-[hash].js"], &told())?;
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
    let parts =
        ["tokens.css", "base.css", "dialog.css", "dials.css", "side.css", "figure.css", "top.css", "home-path.css"];
    for part in parts {
        fs::remove_file(dist.join(part))?;
    }
    let glue = dist.join("pkg/synod.js").to_string_lossy().into_owned();
    esbuild(&[&glue, &format!("--outfile={glue}"), "--allow-overwrite", "--format=esm"])?;
    if dist.join("pkg/all-lessons.packed").exists() {
        element::build(dist, catalog)?;
    }
    for (name, bytes) in sizes::all(dist, catalog)? {
        println!("first load of {name:34}{bytes} bytes gzipped");
    }
    Ok(())
}

/// Bundles scripts, `pages` and `workers` without their endings, and says in `told` what was written. What begins as
/// one of `outside` is left where it is. The names are those of shared files, and of those that are fetched late.
pub fn scripts(dist: &Path, entries: Value, outside: &[&str], names: [&str; 2], told: &Path) -> Result<()> {
    let script = root().join("crates/xtask/scripts/bundle.mjs").to_string_lossy().into_owned();
    let www = root().join("www");
    let mut given = entries;
    (given["outside"], given["chunks"], given["late"]) = (json!(outside), json!(names[0]), json!(names[1]));
    for (name, path) in [("root", www.as_path()), ("out", dist), ("told", told)] {
        given[name] = json!(path.to_string_lossy());
    }
    run("node", &[&script, &given.to_string()])
}

/// Tells the pages which protocols there are, by what names, and where the module of each is.
fn introduce(dist: &Path, catalog: &Catalog) -> Result<()> {
    let list = catalog.protocols().iter().map(|one| {
        let id = one["id"].as_str().unwrap_or_default();
        let [module, telling] = [false, true].map(|lessons| place_of(dist, id, lessons));
        json!({ "id": id, "name": one["name"], "module": module, "telling": telling })
    });
    let content = attribute(&Value::Array(list.collect()));
    let titles = data::courses(dist)?.into_iter().map(|course| {
        let id = course["id"].as_str().unwrap_or_default();
        (id.to_string(), course["title"].clone())
    });
    let courses = attribute(&Value::Object(titles.collect()));
    let papers: String = catalog.protocols().iter().map(paper).collect();
    for path in pages(dist)? {
        let html = fs::read_to_string(&path)?;
        let place = r#"<meta name="protocols" content=""#;
        let (before, rest) = html.split_once(place).with_context(|| format!("{} has no protocols", path.display()))?;
        let (_, after) = rest.split_once('"').context("a tag ends")?;
        let html = format!("{before}{place}{content}\"{after}");
        let html = html.replace(r#"<ul class="papers"></ul>"#, &format!(r#"<ul class="papers">{papers}</ul>"#));
        let tag = r#"<meta name="courses" content="">"#;
        fs::write(&path, html.replace(tag, &format!(r#"<meta name="courses" content="{courses}">"#)))?;
    }
    Ok(())
}

/// Data as an attribute's value.
fn attribute(data: &Value) -> String {
    data.to_string().replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// Every page of the site that runs a script: those in its own folder, and those of lessons and challenges.
fn pages(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut pages: Vec<PathBuf> = PAGES.iter().map(|(page, _)| dist.join(format!("{page}.html"))).collect();
    let mut folders: Vec<PathBuf> = OWN.iter().map(|name| dist.join(name)).collect();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder)?.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "html") {
                pages.push(path);
            }
        }
    }
    Ok(pages)
}

/// For readers without scripts: a protocol's name, and its paper.
fn paper(protocol: &Value) -> String {
    let plain = |text: &Value| text.as_str().unwrap_or_default().replace('&', "&amp;").replace('<', "&lt;");
    format!("<li><b>{}</b>: {}</li>", plain(&protocol["name"]["en"]), plain(&protocol["source"]))
}

pub fn esbuild(more: &[&str]) -> Result<()> {
    let mut args = vec!["--minify", "--log-level=warning"];
    if !more.iter().any(|arg| arg.starts_with("--charset")) {
        args.push("--charset=utf8");
    }
    args.extend(more);
    run("node_modules/.bin/esbuild", &args)
}

/// Copies the page. Scripts that are bundled are left out, and pages themselves, which `crates/site` writes.
fn copy(from: &Path, to: &Path, bundled: bool) -> Result<()> {
    fs::create_dir_all(to)?;
    let left_out: &[&str] = if bundled { &["html", "js", "css", "ts"] } else { &["html"] };
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a file has a name")?);
        if path.is_dir() {
            if bundled {
                let _ = fs::remove_dir_all(&target);
            }
            copy(&path, &target, bundled)?;
        } else if path.extension().is_none_or(|end| !left_out.iter().any(|one| end == *one)) {
            fs::copy(&path, &target)?;
        }
    }
    // A folder that held only scripts is empty now.
    if fs::read_dir(to)?.next().is_none() {
        fs::remove_dir(to)?;
    }
    Ok(())
}

/// Where the bundler says what it put into which file, and what that imports.
pub fn told() -> PathBuf {
    root().join("target/page.json")
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
