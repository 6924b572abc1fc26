//! The deployable site in `dist/`: the module with its bindings, and the page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::element;
use crate::lessons;
use crate::setup::{self, root, run};

/// Pages of the site, each with the script of its own name.
const PAGES: [(&str, &str); 6] = [
    ("index", "home"),
    ("lesson", "lesson"),
    ("lab", "lab"),
    ("compare", "compare"),
    ("own", "own"),
    ("embed", "embed"),
];

/// What makes the gzipped module smallest: inlining and sorting by use would make it larger, and
/// instances of one generic function compress best side by side.
const WASM_OPT: [&str; 6] = [
    "-Oz",
    "--skip-pass=inlining-optimizing",
    "--skip-pass=local-cse",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-target-features",
];

pub fn build() -> Result<PathBuf> {
    let shrink = modules(true)?;
    page(shrink)?;
    Ok(root().join("dist"))
}

/// As [`build`], but in a hurry: the lab of each protocol loads the module of all.
pub fn build_quickly() -> Result<()> {
    page(modules(false)?)
}

/// How a module is compiled.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Everything, for whoever writes against the public interface.
    Whole,
    /// One protocol, fast and without lessons, for the lab.
    Lab,
    /// One protocol or all, small, for lessons and embedded stages.
    Small,
}

/// Compiles the module, and where `each` is wanted those of each protocol alone, which the pages
/// load. All have the same bindings, which know more than the smaller modules have.
fn modules(each: bool) -> Result<bool> {
    setup::wasm_target()?;
    let shrink = setup::node_tools();
    if !shrink {
        println!("skipped: wasm-opt, packing, minifying and the element, for want of Node and npm");
    }
    let package = root().join("dist/pkg");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    if each && shrink {
        for id in ids() {
            packed(Kind::Lab, Some(id), &package.join(format!("{id}.lzma")))?;
            packed(Kind::Small, Some(id), &package.join(format!("{id}-small.lzma")))?;
        }
        packed(Kind::Small, None, &package.join("all-small.lzma"))?;
    }
    module(Kind::Whole, None, &package, shrink)?;
    Ok(shrink)
}

fn packed(kind: Kind, only: Option<&str>, to: &Path) -> Result<()> {
    let folder = root().join("target/alone");
    module(kind, only, &folder, true)?;
    pack(&folder.join("synod_bg.wasm"), to)
}

/// Packs a module as `www/unpack.js` unpacks it.
fn pack(module: &Path, packed: &Path) -> Result<()> {
    let script = root().join("crates/xtask/scripts/pack.mjs");
    let status = Command::new("node").args([script.as_path(), module, packed]).status()?;
    anyhow::ensure!(status.success(), "the module could not be packed");
    println!("       {:16}{}", "packed", size(packed)?);
    Ok(())
}

/// Where a page finds the module of a protocol.
fn place_of(dist: &Path, id: &str) -> String {
    let alone = format!("pkg/{id}.lzma");
    if dist.join(&alone).exists() { alone } else { "pkg/synod_bg.wasm".into() }
}

pub fn ids() -> impl Iterator<Item = &'static str> {
    synod_protocols::ALL.iter().map(|entry| entry.id)
}

/// Compiles one module, makes its bindings, and shrinks it.
fn module(kind: Kind, only: Option<&str>, package: &Path, shrink: bool) -> Result<()> {
    let profile = if kind == Kind::Small { "small" } else { "wasm" };
    let words = ["build", "--quiet", "--profile", profile, "--package", "synod", "--target", "wasm32-unknown-unknown"];
    let mut cargo = Command::new("cargo");
    cargo.args(words).env_remove("SYNOD_ONLY").envs(only.map(|id| ("SYNOD_ONLY", id)));
    if kind == Kind::Lab {
        cargo.arg("--no-default-features");
    }
    anyhow::ensure!(cargo.status()?.success(), "cargo could not compile the module");
    let compiled = root().join(format!("target/wasm32-unknown-unknown/{profile}/synod.wasm"));
    let words = ["wasm-bindgen", "--target", "web", "--out-name", "synod", "--remove-producers-section", "--out-dir"];
    let args = words.iter().map(|word| (*word).into()).chain([package.into(), compiled.into()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args.collect::<Vec<std::ffi::OsString>>())?;
    let module = package.join("synod_bg.wasm");
    if shrink {
        let optimised = module.with_extension("opt");
        let status = Command::new("node")
            .arg(root().join("node_modules/binaryen/bin/wasm-opt"))
            .args(WASM_OPT)
            .args([module.as_os_str(), "-o".as_ref(), optimised.as_os_str()])
            .status()?;
        anyhow::ensure!(status.success(), "wasm-opt failed");
        fs::rename(&optimised, &module)?;
    }
    println!("module {:16}{}", only.unwrap_or("of all"), size(&module)?);
    Ok(())
}

/// Puts the page into `dist/`, minified where Node is present.
pub fn page(shrink: bool) -> Result<()> {
    let (www, dist) = (root().join("www"), root().join("dist"));
    copy(&www, &dist, shrink)?;
    for (page, _) in PAGES {
        introduce(&dist, page)?;
    }
    lessons::write(&dist)?;
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
        args.extend(element::UNPACK);
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
        for part in ["tokens.css", "base.css", "figure.css"] {
            fs::remove_file(dist.join(part))?;
        }
        let glue = dist.join("pkg/synod.js").to_string_lossy().into_owned();
        esbuild(&[&glue, &format!("--outfile={glue}"), "--allow-overwrite", "--format=esm"])?;
        if dist.join("pkg/all-small.lzma").exists() {
            element::build(&dist)?;
        }
    }
    if shrink {
        for page in ["lab", "lesson"] {
            println!("first load of {page:9}{} bytes gzipped", first_load(&dist, page)?);
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
        let module = place_of(dist, entry.id);
        let (id, en, zh) = (entry.id, name("en"), name("zh"));
        let small = module.replace(".lzma", "-small.lzma");
        list.push(format!(
            r#"{{"id":"{id}","name":{{"en":"{en}","zh":"{zh}"}},"module":"{module}","small":"{small}"}}"#
        ));
    }
    let content = format!("[{}]", list.join(",")).replace('"', "&quot;");
    let html = fs::read_to_string(&path)?;
    let tag = r#"<meta name="protocols" content="">"#;
    anyhow::ensure!(html.contains(tag), "{page}.html has no place for the protocols");
    let papers: Vec<String> = synod_protocols::ALL.iter().map(paper).collect();
    let html = html.replace(r#"<ul class="papers"></ul>"#, &format!(r#"<ul class="papers">{}</ul>"#, papers.join("")));
    let html = html.replace(tag, &format!(r#"<meta name="protocols" content="{content}">"#));
    let whole = if dist.join("pkg/all-small.lzma").exists() { "pkg/all-small.lzma" } else { "pkg/synod_bg.wasm" };
    fs::write(
        &path,
        html.replace(r#"<meta name="whole" content="">"#, &format!(r#"<meta name="whole" content="{whole}">"#)),
    )?;
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
    let mut args = vec!["--minify", "--log-level=warning", "--charset=utf8"];
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

/// Bytes of every file that a page fetches before its first frame, gzipped: itself, its style, its
/// script with what that imports at once, the bindings and the packed module of the first protocol.
pub fn first_load(dist: &Path, page: &str) -> Result<usize> {
    let module = place_of(dist, ids().next().unwrap_or_default());
    let module = if page == "lab" { module } else { module.replace(".lzma", "-small.lzma") };
    let own = [format!("{page}.html"), format!("{page}.css"), "icon.svg".into(), "pkg/synod.js".into(), module];
    let mut names: Vec<String> = own.into();
    let mut scripts = vec![format!("{page}.js")];
    while let Some(script) = scripts.pop() {
        let text = fs::read_to_string(dist.join(&script)).with_context(|| format!("dist/{script}"))?;
        let at_once = text.split("from\"./").skip(1).chain(text.split("import\"./").skip(1));
        for import in at_once.chain(text.split("import(\"./").skip(1).filter(|rest| rest.starts_with("unpack"))) {
            let name = import.split('"').next().unwrap_or_default().to_string();
            if !name.starts_with("pkg/") && !names.contains(&name) && !scripts.contains(&name) {
                scripts.push(name);
            }
        }
        names.push(script);
    }
    if page == "lesson" {
        names.extend([lessons::first(ids().next().unwrap_or_default())?, "lessons/index.json".into()]);
    }
    let mut sum = 0;
    for name in names {
        sum += gzip(&fs::read(dist.join(&name)).with_context(|| format!("dist/{name}"))?)?;
    }
    Ok(sum)
}

pub fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn size(path: &Path) -> Result<String> {
    let bytes = fs::read(path)?;
    Ok(format!("{} bytes, {} gzipped", bytes.len(), gzip(&bytes)?))
}
