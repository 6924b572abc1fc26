//! Installs what the tests need, and runs them all.

use anyhow::{Context, Result};

use crate::setup::{self, run, run_with};

/// Random runs of each protocol whose stages are looked at with `--all`; ten are without it.
const ALL_RUNS: &str = "200";

/// Everything that must hold; with `all`, of very many more runs.
pub fn test(all: bool) -> Result<()> {
    setup::three_engines()?;
    setup::wasm_target()?;
    step("formatting and lints")?;
    run("cargo", &["fmt", "--all", "--check"])?;
    run("cargo", &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    step("Rust tests")?;
    run("cargo", &["test", "--quiet", "--workspace", "--exclude", "synod", "--exclude", "xtask"])?;
    step("wasm tests in headless Chromium")?;
    wasm_tests()?;
    if !setup::node_tools() {
        anyhow::bail!("npm could not install the page's tools");
    }
    step("format, lints and types of the page")?;
    run("npm", &["run", "--silent", "lint"])?;
    crate::build::build()?;
    run("npm", &["run", "--silent", "types"])?;
    step("native equals wasm, and page tests in a real browser")?;
    run(
        "cargo",
        &["build", "--quiet", "--release", "--package", "synod-border", "--target", "wasm32-unknown-unknown"],
    )?;
    run("cargo", &["build", "--quiet", "--package", "synod-border", "--examples"])?;
    let runs = if all { vec![("SYNOD_ROOM_RUNS", ALL_RUNS.to_string())] } else { Vec::new() };
    let timeout = if all { "--test-timeout=3600000" } else { "--test-timeout=600000" };
    run_with("node", &["--test", timeout, "--test-concurrency=1", "tests/browser/"], &runs)?;
    step("three engines: Chromium, Firefox and WebKit")?;
    run("node", &["--test", "--test-reporter=spec", "--test-timeout=180000", "tests/engines/"])
}

fn step(name: &str) -> Result<()> {
    use std::io::Write;
    println!("\n== {name}");
    std::io::stdout().flush().context("standard output")
}

/// Ordinary wasm-bindgen tests, run by wasm-bindgen's own runner out of this program.
fn wasm_tests() -> Result<()> {
    let chromedriver = setup::which("chromedriver").context("chromedriver is not on the search path")?;
    let runner = setup::stand_ins()?.join("wasm-bindgen-test-runner");
    let env = [
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner.to_string_lossy().into_owned()),
        ("CHROMEDRIVER", chromedriver.to_string_lossy().into_owned()),
        ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60".into()),
        ("WASM_BINDGEN_TEST_TIMEOUT", "300".into()),
    ];
    run_with("cargo", &["test", "--package", "synod", "--tests", "--target", "wasm32-unknown-unknown"], &env)
}
