//! The modules of WebAssembly: one that is whole, and small ones that the pages load.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use lzma_rust2::{LzmaOptions, LzmaWriter};

use crate::build::{ids, size};
use crate::setup::{self, TARGET, root};

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

/// Compiles the module, and where `each` is wanted the small ones that the pages load. All have the
/// same bindings, which know more than the smaller modules have. True where Node is present, so that
/// modules are shrunk.
pub fn build(each: bool) -> Result<bool> {
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
        for lessons in [false, true] {
            for id in ids() {
                packed(Some(id), lessons, &package)?;
            }
        }
        packed(None, true, &package)?;
    }
    let (words, compiled) = ordinary("wasm");
    cargo(&words, None)?;
    finish(&compiled, &package, shrink)?;
    println!("module of all, whole            {}", size(&package.join("synod_bg.wasm"))?);
    Ok(shrink)
}

/// The name of a small module's file, without its ending.
pub fn name(only: Option<&str>, lessons: bool) -> String {
    format!("{}{}", only.unwrap_or("all"), if lessons { "-lessons" } else { "" })
}

/// Compiles a small module, of one protocol or of all, and packs it.
fn packed(only: Option<&str>, lessons: bool, package: &Path) -> Result<()> {
    let (mut words, compiled) = if own_std() { with_own_std() } else { ordinary("packed") };
    words.push("--no-default-features".into());
    if lessons {
        words.push("--features=lessons".into());
    }
    cargo(&words, only)?;
    let folder = root().join("target/alone");
    finish(&compiled, &folder, true)?;
    let module = folder.join("synod_bg.wasm");
    let name = name(only, lessons);
    let packed = package.join(format!("{name}.lzma"));
    fs::write(&packed, pack(&fs::read(&module)?)?)?;
    println!("module {name:25}{}, packed {}", size(&module)?, fs::metadata(&packed)?.len());
    Ok(())
}

/// Packs with LZMA, as `www/unpack.js` unpacks it. Code of WebAssembly is in bytes, so that their place in
/// a word tells nothing (`pb`).
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    (options.pb, options.nice_len, options.depth_limit) = (0, 128, 1000);
    // More than any module here, and no more memory than that to unpack.
    options.dict_size = 1 << 22;
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

/// How cargo compiles a module by a profile, and where it puts it.
fn ordinary(profile: &str) -> (Vec<OsString>, PathBuf) {
    let words = ["build", "--quiet", "--profile", profile, "--package", "synod", "--target", TARGET];
    (words.map(Into::into).into(), root().join(format!("target/{TARGET}/{profile}/synod.wasm")))
}

/// As [`ordinary`], with a standard library that is compiled along: panics are a bare trap in it, and
/// say nothing, which makes a module a tenth smaller. `-Z` is not stable: whoever has no sources of the
/// library, or another compiler, gets the ordinary one.
fn with_own_std() -> (Vec<OsString>, PathBuf) {
    let (mut words, _) = ordinary("packed");
    let target = root().join("target/own-std");
    let std = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"];
    words.extend(std.map(Into::into));
    words.push(target.clone().into());
    for library in ["core", "alloc", "compiler_builtins", "dlmalloc"] {
        words.extend(["--config".into(), format!("profile.packed.package.{library}.opt-level=3").into()]);
    }
    (words, target.join(TARGET).join("packed/synod.wasm"))
}

/// Whether the standard library can be compiled along: tried once, with the first module to be made.
fn own_std() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| {
        let mut trial = Command::new("cargo");
        trial.args(with_own_std().0).arg("--no-default-features").stderr(Stdio::null());
        trial.envs(ids().next().map(|id| ("SYNOD_ONLY", id)));
        unstable(&mut trial);
        let can = setup::std_sources() && trial.status().is_ok_and(|status| status.success());
        if !can {
            println!("skipped: a standard library of the modules' own; they are a tenth larger without");
        }
        can
    })
}

/// What the stable compiler wants to hear before it compiles its standard library anew.
fn unstable(cargo: &mut Command) {
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort");
}

fn cargo(words: &[OsString], only: Option<&str>) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(words).env_remove("SYNOD_ONLY").envs(only.map(|id| ("SYNOD_ONLY", id)));
    if words.iter().any(|word| word.to_string_lossy().starts_with("-Z")) {
        unstable(&mut cargo);
    }
    anyhow::ensure!(cargo.status()?.success(), "cargo could not compile the module");
    Ok(())
}

/// Makes the bindings of a compiled module, and shrinks it.
fn finish(compiled: &Path, package: &Path, shrink: bool) -> Result<()> {
    let words = ["wasm-bindgen", "--target", "web", "--out-name", "synod", "--remove-producers-section", "--out-dir"];
    let args = words.iter().map(|word| (*word).into()).chain([package.into(), compiled.into()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args.collect::<Vec<OsString>>())?;
    if !shrink {
        return Ok(());
    }
    let module = package.join("synod_bg.wasm");
    let optimised = module.with_extension("opt");
    let status = Command::new("node")
        .arg(root().join("node_modules/binaryen/bin/wasm-opt"))
        .args(WASM_OPT)
        .args([module.as_os_str(), "-o".as_ref(), optimised.as_os_str()])
        .status()?;
    anyhow::ensure!(status.success(), "wasm-opt failed");
    fs::rename(&optimised, &module).context("the shrunk module could not take its place")
}
