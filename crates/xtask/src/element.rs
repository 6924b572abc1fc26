//! The element `<synod-stage>` for other people's pages: as a module with the WebAssembly beside it,
//! as one classic script with everything inside, and as a package for npm.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::build::{esbuild, gzip, scripts};
use crate::data::{self, Catalog};
use crate::setup::root;
use crate::{judge, modules};

pub fn build(dist: &Path, catalog: &Catalog) -> Result<()> {
    module(dist)?;
    for only in catalog.ids().map(Some).chain([None]) {
        single(dist, only)?;
    }
    package(dist)?;
    for only in catalog.ids().map(Some).chain([None]) {
        let name = single_name(only);
        println!("{name:32}{} bytes gzipped", gzip(&fs::read(dist.join(&name))?)?);
    }
    Ok(())
}

/// Bytes of the file that is the element with everything inside, of one protocol, gzipped.
pub fn single_size(dist: &Path, only: &str) -> Result<usize> {
    gzip(&fs::read(dist.join(single_name(Some(only))))?)
}

fn module(dist: &Path) -> Result<()> {
    // Words of pages are no part of it.
    let outside = ["pkg/", "words/site-", "words/lab-", "words/home-"];
    scripts(dist, json!({ "pages": ["element"], "workers": [] }), &outside, ["element-[hash].js"; 2], &told_of_module())
}

/// Where the bundler says what it put into which file of the module.
pub fn told_of_module() -> PathBuf {
    root().join("target/element.json")
}

/// The file that is the element with everything inside, of one protocol or of all.
fn single_name(only: Option<&str>) -> String {
    only.map_or("synod-stage.js".into(), |id| format!("synod-stage-{id}.js"))
}

/// A single file. Its entry is as `www/element.js`, with assets that are in it.
fn single(dist: &Path, only: Option<&str>) -> Result<()> {
    let folder = root().join("target/single");
    fs::create_dir_all(&folder)?;
    // The bindings are bundled too: the scripts find them where the site has them.
    let www = folder.join("www");
    copy_folder(&root().join("www"), &www)?;
    fs::create_dir_all(www.join("pkg"))?;
    fs::copy(dist.join("pkg/synod.js"), www.join("pkg/synod.js"))?;
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let mut entry = String::new();
    let imports = [
        ("{ define }", www.join("stage-element.js")),
        ("{ scoped }", www.join("scoped.js")),
        ("{ unpack }", www.join("unpack.js")),
        ("* as glue", www.join("pkg/synod.js")),
        ("figure", www.join("figure.css")),
        ("tokens", www.join("tokens.css")),
        ("unpacker", dist.join("pkg").join(modules::UNPACKER)),
        ("packed", modules::in_one_piece(dist, only)),
        ("told", folder.join("lessons.packed")),
    ];
    for (name, file) in imports {
        writeln!(entry, "import {name} from {};", json!(path(&file)))?;
    }
    // The history view and its judge are in the whole file alone.
    let (view, judge) = (path(&www.join("history/element.js")), path(&dist.join("pkg").join(crate::judge::NAME)));
    match only {
        None => writeln!(entry, "import * as view from {}; import judged from {};", json!(view), json!(judge))?,
        Some(_) => entry.push_str("const view = null, judged = undefined;\n"),
    }
    entry.push_str(include_str!("../scripts/single.js"));
    fs::write(folder.join("entry.js"), entry)?;
    fs::write(folder.join("lessons.packed"), synod_packing::pack(&serde_json::to_vec(&told(dist, only)?)?)?)?;
    let (input, out) = (path(&folder.join("entry.js")), format!("--outfile={}", path(&dist.join(single_name(only)))));
    let mut args = vec![input.as_str(), "--bundle", "--format=iife", "--target=es2022", "--loader:.css=text", &out];
    // A classic script is read in the charset of the page around it, whatever that is.
    args.push("--charset=ascii");
    args.extend([
        "--loader:.packed=binary",
        "--loader:.wasm=binary",
        "--define:import.meta.url=document.baseURI",
        "--external:./words/site-*",
        "--external:./words/lab-*",
        "--external:./words/home-*",
        "--external:./explore.js",
    ]);
    esbuild(&args)
}

/// What of a lesson and of a step only a page tells, and what only tests ask.
const NOT_TOLD: [&str; 3] = ["notes", "watch", "saw"];
const NOT_TOLD_OF_A_STEP: [&str; 5] = ["ask", "task", "try", "expect", "shows"];

/// The lessons of a protocol's course that run it, or all of all courses, by id.
fn told(dist: &Path, only: Option<&str>) -> Result<Map<String, Value>> {
    let own = |id: &String| only.is_none_or(|only| id.starts_with(&format!("{only}/")));
    let read = |id: String| {
        let mut lesson: Value = serde_json::from_slice(&fs::read(data::place(dist, &id))?)?;
        for step in lesson["steps"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            step.retain(|key, _| !NOT_TOLD_OF_A_STEP.contains(&key.as_str()));
        }
        if let Some(lesson) = lesson.as_object_mut() {
            lesson.retain(|key, _| !NOT_TOLD.contains(&key.as_str()));
        }
        Ok((id, lesson))
    };
    data::names(dist, only)?.into_iter().filter(own).map(read).collect()
}

/// A folder that `npm pack` takes as it is.
fn package(dist: &Path) -> Result<()> {
    let folder = dist.join("npm");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("pkg"))?;
    let search = modules::BESIDE.map(|name| format!("pkg/{name}"));
    let whole = ["element.js", "pkg/synod.js", "pkg/synod.d.ts", "pkg/synod_bg.wasm"];
    for name in whole.into_iter().chain(search.iter().map(String::as_str)) {
        fs::copy(dist.join(name), folder.join(name))?;
    }
    for entry in fs::read_dir(dist)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("element-") || name.starts_with("synod-stage") {
            fs::copy(entry.path(), folder.join(name))?;
        }
    }
    for entry in fs::read_dir(dist.join("pkg"))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // The element does not search.
        if name.ends_with(".packed") && !name.starts_with("find-")
            || name.ends_with(".rest.wasm")
            || [modules::UNPACKER, judge::NAME].contains(&&name[..])
        {
            fs::copy(entry.path(), folder.join("pkg").join(name))?;
        }
    }
    for data in ["lessons", "challenges"] {
        // The pages beside the data are the site's.
        let is_data = |path: &Path| path.extension().is_some_and(|end| end == "json");
        copy_some(&dist.join(data), &folder.join(data), &is_data)?;
    }
    let source = root().join("crates/xtask/package");
    copy_folder(&source, &folder)?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(root().join(name), folder.join(name))?;
    }
    // Text, and not data: the order of its conditions has a meaning.
    let manifest = fs::read_to_string(folder.join("package.json"))?;
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    fs::write(folder.join("package.json"), manifest.replace("\"version\": \"0.0.0\"", &version))?;
    Ok(())
}

pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    copy_some(from, to, &|_| true)
}

fn copy_some(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a file has a name")?);
        if path.is_dir() {
            copy_some(&path, &target, wanted)?;
        } else if wanted(&path) {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
