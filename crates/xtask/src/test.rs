//! Installs what the tests need, and runs them all.

use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::modules::Searching;
use crate::package;
use crate::pictures::Which;
use crate::setup::{self, TARGET, run, run_with};
use crate::shrink;

/// Random runs of each protocol whose stages are looked at with `--all`; three are without it.
const ALL_RUNS: &str = "200";
/// Random runs of each protocol in which no promise may break, with `--all`.
const ALL_UNBROKEN: &str = "10000";

/// The page tests that take longest.
const LONGEST: [&str; 4] = ["lessons.test.mjs", "room.test.mjs", "home.test.mjs", "protocols.test.mjs"];

#[derive(Clone, Copy, Default)]
pub struct Options {
    /// Of very many more runs.
    pub all: bool,
    /// With what only who publishes needs: wasm-pack, a bundler, the registry's rules.
    pub publish: bool,
}

/// Everything that must hold, and then the minutes of each part.
pub fn test(options: Options) -> Result<()> {
    let mut parts = Parts::default();
    let result = all(options, &mut parts);
    parts.print();
    result
}

fn all(options: Options, parts: &mut Parts) -> Result<()> {
    parts.run("what the tests need", || {
        setup::three_engines()?;
        setup::wasm_target()?;
        anyhow::ensure!(setup::node_tools(), "npm could not install the page's tools");
        Ok(())
    })?;
    parts.run("formatting and lints", || {
        run("cargo", &["fmt", "--all", "--check"])?;
        run("npm", &["run", "--silent", "lint"])?;
        run("cargo", &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
    })?;
    parts.run("Rust tests", || rust_tests(options.all))?;
    parts.run("wasm tests in headless Chromium", || wasm_tests(options.publish))?;
    parts.run("the site is built", || crate::build::build(Searching::ByTheWhole, Which::Some))?;
    parts.run("the sizes of first loads", || {
        let dist = crate::build::dist();
        crate::sizes::check(&dist, &crate::data::Catalog::read(&dist)?)
    })?;
    parts.run("types of the page", || run("npm", &["run", "--silent", "types"]))?;
    parts.run("the bare module, and the same natively", || {
        // With the flags of the whole module, of which the most is then there.
        let flags = [("CARGO_ENCODED_RUSTFLAGS", shrink::nameless_paths().replace(' ', "\x1f"))];
        let words = ["build", "--quiet", "--release", "--package", "synod-border", "--target", TARGET];
        run_with("cargo", &words, &flags)?;
        run("cargo", &["build", "--quiet", "--package", "synod-border", "--examples"])
    })?;
    parts.run("packages for others", || package::check(options.publish))?;
    page_tests(options.all, parts)?;
    parts.run("three engines: Chromium, Firefox and WebKit", || {
        run("node", &["--test", "--test-reporter=spec", "--test-timeout=180000", "tests/engines/"])
    })
}

/// Those that run long are compiled for speed; others as they are compiled for what comes later, which is quickly done.
fn rust_tests(all: bool) -> Result<()> {
    let quick = ["synod-border", "synod-engine", "synod-lesson-files", "synod-protocols", "synod-site", "xtask"];
    let others = [&quick[..], &["synod", "synod-runner"]].concat();
    let others: Vec<&str> = others.iter().flat_map(|name| ["--exclude", name]).collect();
    let many = all.then(|| ("SYNOD_RUNS", ALL_UNBROKEN.to_string()));
    // Examples, which cargo would compile as well, have no tests; that they compile is seen by the lints.
    let kinds = ["test", "--quiet", "--workspace", "--lib", "--bins", "--tests"];
    run_with("cargo", &[&kinds, &others[..]].concat(), many.as_slice())?;
    let as_it_is = ["--config", "profile.test.opt-level=0", "--config", "profile.test.debug=\"line-tables-only\""];
    let quickly = |words: &[&str]| run("cargo", &[&["test", "--quiet"], words, &as_it_is[..]].concat());
    let quick: Vec<&str> = quick.iter().flat_map(|name| ["--package", name]).collect();
    quickly(&[&quick[..], &["--lib", "--bins", "--tests"]].concat())?;
    quickly(&["--package", "synod-engine", "--doc"])
}

/// As many files at a time as there are cores, each with a browser of its own: much of their time is waiting.
fn page_tests(all: bool, parts: &mut Parts) -> Result<()> {
    let runs = if all { vec![("SYNOD_ROOM_RUNS", ALL_RUNS.to_string())] } else { Vec::new() };
    let timeout = if all { "--test-timeout=3600000" } else { "--test-timeout=1200000" };
    let mut files: Vec<String> = std::fs::read_dir(setup::root().join("tests/browser"))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    files.sort();
    // Those that take longest begin first, so that none of them is alone in the end.
    files.sort_by_key(|name| LONGEST.iter().position(|long| long == name).unwrap_or(LONGEST.len()));
    let (waiting, done) = (Mutex::new(files.into_iter()), Mutex::new(Vec::new()));
    let work = || {
        while let Some(file) = waiting.lock().ok().and_then(|mut files| files.next()) {
            let path = format!("tests/browser/{file}");
            let began = Instant::now();
            // What a failed test left open would keep its file from ending.
            let words = ["--test", "--test-force-exit", timeout, "--test-concurrency=1", &path];
            let told = setup::told("node", &words, &runs);
            let minutes = began.elapsed().as_secs_f32() / 60.0;
            let passed = told.unwrap_or_else(|error| (false, format!("{error:#}")));
            if let Ok(mut done) = done.lock() {
                println!("\n== {path}\n{}", passed.1);
                done.push((path, minutes, passed.0));
            }
        }
    };
    parts.run("page tests", || {
        thread::scope(|scope| (0..setup::cores()).for_each(|_| drop(scope.spawn(work))));
        Ok(())
    })?;
    let done = done.into_inner().map_err(|_| anyhow::anyhow!("a page test was not run to its end"))?;
    for (path, minutes, _) in &done {
        println!("{minutes:7.1}  {path}");
    }
    let failed: Vec<&str> = done.iter().filter(|(.., passed)| !passed).map(|(path, ..)| path.as_str()).collect();
    anyhow::ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

/// Ordinary wasm-bindgen tests, run by wasm-bindgen's own runner, or by wasm-pack, which starts it.
fn wasm_tests(by_wasm_pack: bool) -> Result<()> {
    let chromedriver = setup::which("chromedriver").context("chromedriver is not on the search path")?;
    let tools = setup::stand_ins()?;
    let timeouts =
        [("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60".to_string()), ("WASM_BINDGEN_TEST_TIMEOUT", "300".to_string())];
    if by_wasm_pack {
        let env: Vec<_> = timeouts.into_iter().chain([("PATH", setup::path_with(&tools)?)]).collect();
        return run_with(&package::wasm_pack()?, &["test", "--headless", "--chrome", "crates/wasm"], &env);
    }
    let runner = |tools: &Path| tools.join("wasm-bindgen-test-runner").to_string_lossy().into_owned();
    let ours = [
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner(&tools)),
        ("CHROMEDRIVER", chromedriver.to_string_lossy().into_owned()),
    ];
    let env: Vec<_> = timeouts.into_iter().chain(ours).collect();
    // Their steps are few: most of the time goes into compiling.
    let quickly = ["--config", "profile.test.opt-level=0", "--config", "profile.test.debug=false"];
    let words = ["test", "--package", "synod", "--tests", "--target", TARGET];
    run_with("cargo", &[&words[..], &quickly].concat(), &env)
}

/// How long each part took.
#[derive(Default)]
struct Parts(Vec<(String, f32)>);

impl Parts {
    fn run(&mut self, name: &str, part: impl FnOnce() -> Result<()>) -> Result<()> {
        use std::io::Write;
        println!("\n== {name}");
        std::io::stdout().flush().context("standard output")?;
        let began = Instant::now();
        let result = part();
        self.0.push((name.into(), began.elapsed().as_secs_f32() / 60.0));
        result.with_context(|| name.to_string())
    }

    fn print(&self) {
        println!("\nminutes");
        for (name, minutes) in &self.0 {
            println!("{minutes:7.1}  {name}");
        }
        println!("{:7.1}  in all", self.0.iter().map(|(_, minutes)| minutes).sum::<f32>());
    }
}
