//! What others take: crates, the package of wasm-pack, and the package for npm.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::setup::{self, root, run, run_with};

const WASM_PACK: &str = "0.15.1";

/// The program wasm-pack, installed where it is missing.
pub fn wasm_pack() -> Result<String> {
    let tools = root().join("target/tools");
    let program = tools.join("bin/wasm-pack").to_string_lossy().into_owned();
    if !setup::has(&program) {
        let folder = tools.to_string_lossy();
        // It only starts other programs: made quickly, it is as good.
        let words = ["install", "--quiet", "--debug", "wasm-pack", "--version", WASM_PACK, "--locked", "--root"];
        run("cargo", &[&words[..], &[&*folder]].concat())?;
    }
    Ok(program)
}

/// Takes away what an earlier dry run unpacked of this workspace: cargo keeps it by name and version, and would
/// check packages of today against those of then.
fn forget_unpacked() -> Result<()> {
    let home = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cargo = home("CARGO_HOME").or_else(|| Some(home("HOME")?.join(".cargo")));
    // Registries that are folders have no host in their names.
    for registry in cargo.iter().flat_map(|cargo| folders(&cargo.join("registry/src"), "-")) {
        for unpacked in folders(&registry, "synod") {
            std::fs::remove_dir_all(&unpacked).with_context(|| format!("{}", unpacked.display()))?;
        }
    }
    Ok(())
}

/// The folders in a folder whose names begin so; none where it is not there.
fn folders(within: &Path, begins: &str) -> Vec<PathBuf> {
    let begins_so = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begins));
    let entries = std::fs::read_dir(within).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(begins_so).collect()
}

/// Checks the packages; with `publish`, also those that take long to make.
pub fn check(publish: bool) -> Result<()> {
    run("node", &["node_modules/publint/src/cli.js", "dist/npm", "--strict"])?;
    if publish {
        forget_unpacked()?;
        // Cargo would take what it compiled of an earlier dry run for that of this one.
        let compiled = root().join("target/published");
        if compiled.exists() {
            std::fs::remove_dir_all(&compiled)?;
        }
        let words = ["publish", "--workspace", "--dry-run", "--quiet", "--allow-dirty", "--target-dir"];
        run("cargo", &[&words[..], &[&compiled.to_string_lossy()]].concat())?;
        let env = [("PATH", setup::path_with(&setup::stand_ins()?)?)];
        let out = root().join("target/wasm-pack").to_string_lossy().into_owned();
        // Of what its tests were compiled from: a package is of the same form however fast it is.
        let words = ["build", "--dev", "crates/wasm", "--out-dir", &out, "--mode", "no-install"];
        run_with(&wasm_pack()?, &words, &env)?;
        run("node", &["tests/packages/bundle.mjs", &out])?;
    }
    Ok(())
}
