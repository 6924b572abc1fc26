//! The deployable site in `dist/`: the module with its bindings, and the page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::setup::{self, root, run};

/// Pages of the site, each with the script of its own name.
const SCRIPTS: [&str; 2] = ["lab", "compare"];

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

/// Compiles the module, and where `each` is wanted one for each protocol alone, which is what its
/// lab loads. All have the same bindings.
fn modules(each: bool) -> Result<bool> {
    setup::wasm_target()?;
    let shrink = setup::node_tools();
    if !shrink {
        println!("skipped: wasm-opt and minifying, for want of Node and npm");
    }
    let package = root().join("dist/pkg");
    fs::create_dir_all(&package)?;
    let alone: Vec<&str> = if each { ids().collect() } else { Vec::new() };
    for id in ids() {
        let file = package.join(format!("{id}.wasm"));
        if !alone.contains(&id) && file.exists() {
            fs::remove_file(file)?;
        }
    }
    for id in &alone {
        let folder = root().join("target/alone");
        module(Some(id), &folder, shrink)?;
        fs::copy(folder.join("synod_bg.wasm"), package.join(format!("{id}.wasm")))?;
    }
    module(None, &package, shrink)?;
    if let Some(id) = alone.first() {
        let glue = |folder: &Path| fs::read(folder.join("synod.js"));
        let same = glue(&root().join("target/alone"))? == glue(&package)?;
        anyhow::ensure!(same, "the module of {id} alone has other bindings than the whole one");
    }
    Ok(shrink)
}

fn ids() -> impl Iterator<Item = &'static str> {
    synod_protocols::ALL.iter().map(|entry| entry.id)
}

/// Compiles one module, makes its bindings, and shrinks it.
fn module(only: Option<&str>, package: &Path, shrink: bool) -> Result<()> {
    let words = ["build", "--quiet", "--profile", "wasm", "--package", "synod", "--target", "wasm32-unknown-unknown"];
    let mut cargo = Command::new("cargo");
    cargo.args(words).env_remove("SYNOD_ONLY").envs(only.map(|id| ("SYNOD_ONLY", id)));
    anyhow::ensure!(cargo.status()?.success(), "cargo could not compile the module");
    let compiled = root().join("target/wasm32-unknown-unknown/wasm/synod.wasm");
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
    for name in SCRIPTS {
        introduce(&dist, name)?;
    }
    if shrink {
        for old in fs::read_dir(&dist)?.flatten().map(|entry| entry.path()) {
            if old.extension().is_some_and(|end| end == "js") {
                fs::remove_file(old)?;
            }
        }
        let scripts: Vec<String> =
            SCRIPTS.iter().map(|name| www.join(format!("{name}.js")).to_string_lossy().into_owned()).collect();
        let out = format!("--outdir={}", dist.to_string_lossy());
        let mut args: Vec<&str> = scripts.iter().map(String::as_str).collect();
        args.extend(["--bundle", "--splitting", "--format=esm", "--target=es2022", "--external:./pkg/synod.js", &out]);
        esbuild(&args)?;
        for entry in fs::read_dir(&www)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "css") {
                let name = path.file_name().context("a file has a name")?;
                esbuild(&[&path.to_string_lossy(), &format!("--outfile={}", dist.join(name).to_string_lossy())])?;
            }
        }
        let glue = dist.join("pkg/synod.js").to_string_lossy().into_owned();
        esbuild(&[&glue, &format!("--outfile={glue}"), "--allow-overwrite", "--format=esm"])?;
    }
    let first = first_load(&dist)?;
    println!("first load             {first} bytes gzipped");
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
        let alone = format!("pkg/{}.wasm", entry.id);
        let module = if dist.join(&alone).exists() { alone } else { "pkg/synod_bg.wasm".into() };
        let (id, en, zh) = (entry.id, name("en"), name("zh"));
        list.push(format!(r#"{{"id":"{id}","name":{{"en":"{en}","zh":"{zh}"}},"module":"{module}"}}"#));
    }
    let content = format!("[{}]", list.join(",")).replace('"', "&quot;");
    let html = fs::read_to_string(&path)?;
    let tag = r#"<meta name="protocols" content="">"#;
    anyhow::ensure!(html.contains(tag), "{page}.html has no place for the protocols");
    fs::write(&path, html.replace(tag, &format!(r#"<meta name="protocols" content="{content}">"#)))?;
    Ok(())
}

fn esbuild(more: &[&str]) -> Result<()> {
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
        } else if !bundled || path.extension().is_none_or(|end| end != "js" && end != "css") {
            fs::copy(&path, &target)?;
        }
    }
    // A folder that held only scripts is empty now.
    if fs::read_dir(to)?.next().is_none() {
        fs::remove_dir(to)?;
    }
    Ok(())
}

/// Bytes of every file that the lab fetches before its first frame, gzipped: the page, its style,
/// its script with what that imports at once, the bindings and the module of the first protocol.
pub fn first_load(dist: &Path) -> Result<usize> {
    let alone = format!("pkg/{}.wasm", ids().next().unwrap_or_default());
    let module = if dist.join(&alone).exists() { alone } else { "pkg/synod_bg.wasm".into() };
    let mut names: Vec<String> = ["lab.html", "lab.css", "icon.svg", "pkg/synod.js", &module].map(String::from).into();
    let mut scripts = vec!["lab.js".to_string()];
    while let Some(script) = scripts.pop() {
        let text = fs::read_to_string(dist.join(&script)).with_context(|| format!("dist/{script}"))?;
        for import in text.split("from\"./").skip(1).chain(text.split("import\"./").skip(1)) {
            let name = import.split('"').next().unwrap_or_default().to_string();
            if !name.starts_with("pkg/") && !names.contains(&name) && !scripts.contains(&name) {
                scripts.push(name);
            }
        }
        names.push(script);
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
