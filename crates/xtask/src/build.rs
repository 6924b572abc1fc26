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
    let shrink = module()?;
    page(shrink)?;
    Ok(root().join("dist"))
}

/// Compiles the module, makes its bindings, and shrinks it where Node is present.
pub fn module() -> Result<bool> {
    setup::wasm_target()?;
    run(
        "cargo",
        &["build", "--quiet", "--profile", "wasm", "--package", "synod", "--target", "wasm32-unknown-unknown"],
    )?;
    let dist = root().join("dist");
    let package = dist.join("pkg");
    fs::create_dir_all(&package)?;
    let compiled = root().join("target/wasm32-unknown-unknown/wasm/synod.wasm");
    let words = ["wasm-bindgen", "--target", "web", "--out-name", "synod", "--remove-producers-section", "--out-dir"];
    let args = words.iter().map(|word| (*word).into()).chain([package.clone().into(), compiled.into()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args.collect::<Vec<std::ffi::OsString>>())?;
    let module = package.join("synod_bg.wasm");
    println!("module          {}", size(&module)?);
    let shrink = setup::node_tools();
    if shrink {
        let optimised = module.with_extension("opt");
        let status = Command::new("node")
            .arg(root().join("node_modules/binaryen/bin/wasm-opt"))
            .args(WASM_OPT)
            .args([module.as_os_str(), "-o".as_ref(), optimised.as_os_str()])
            .status()?;
        if status.success() {
            fs::rename(&optimised, &module)?;
            println!("after wasm-opt  {}", size(&module)?);
        }
    } else {
        println!("skipped: wasm-opt and minifying, for want of Node and npm");
    }
    Ok(shrink)
}

/// Puts the page into `dist/`, minified where Node is present.
pub fn page(shrink: bool) -> Result<()> {
    let (www, dist) = (root().join("www"), root().join("dist"));
    copy(&www, &dist, shrink)?;
    if shrink {
        for name in SCRIPTS {
            let (from, to) = (www.join(format!("{name}.js")), dist.join(format!("{name}.js")));
            esbuild(&from, &to, &["--bundle", "--format=esm", "--target=es2022", "--external:./pkg/synod.js"])?;
        }
        for entry in fs::read_dir(&www)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "css") {
                let name = path.file_name().context("a file has a name")?;
                esbuild(&path, &dist.join(name), &[])?;
            }
        }
        let glue = dist.join("pkg/synod.js");
        esbuild(&glue.clone(), &glue, &["--allow-overwrite", "--format=esm"])?;
    }
    let first = first_load(&dist)?;
    println!("first load      {first} bytes gzipped");
    Ok(())
}

fn esbuild(from: &Path, to: &Path, more: &[&str]) -> Result<()> {
    let from = from.to_string_lossy();
    let out = format!("--outfile={}", to.to_string_lossy());
    let mut args = vec![&*from, "--minify", "--log-level=warning", "--charset=utf8", &*out];
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

/// Bytes of every file that the lab fetches before its first frame, gzipped.
pub fn first_load(dist: &Path) -> Result<usize> {
    let mut sum = 0;
    for name in ["lab.html", "lab.js", "lab.css", "icon.svg", "pkg/synod.js", "pkg/synod_bg.wasm"] {
        sum += gzip(&fs::read(dist.join(name)).with_context(|| format!("dist/{name}"))?)?;
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
