//! What others take: crates, the package of wasm-pack, and the package for npm.

use anyhow::Result;

use crate::setup::{self, root, run, run_with};

const WASM_PACK: &str = "0.15.1";

/// The program wasm-pack, installed where it is missing.
pub fn wasm_pack() -> Result<String> {
    let tools = root().join("target/tools");
    let program = tools.join("bin/wasm-pack").to_string_lossy().into_owned();
    if !setup::has(&program) {
        let folder = tools.to_string_lossy();
        run("cargo", &["install", "--quiet", "wasm-pack", "--version", WASM_PACK, "--locked", "--root", &folder])?;
    }
    Ok(program)
}

/// Checks the packages; with `publish`, also those that take long to make.
pub fn check(publish: bool) -> Result<()> {
    run("node", &["node_modules/publint/src/cli.js", "dist/npm", "--strict"])?;
    if publish {
        run("cargo", &["publish", "--workspace", "--dry-run", "--quiet", "--allow-dirty"])?;
        let env = [("PATH", setup::path_with(&setup::stand_ins()?)?)];
        let out = root().join("target/wasm-pack").to_string_lossy().into_owned();
        run_with(&wasm_pack()?, &["build", "crates/wasm", "--out-dir", &out, "--mode", "no-install"], &env)?;
        run("node", &["tests/packages/bundle.mjs", &out])?;
    }
    Ok(())
}
