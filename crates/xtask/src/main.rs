//! `cargo xtask serve | build | test [--all] | bench | new-protocol NAME`; `page` is `build` with the modules
//! that are there.

mod bench;
mod build;
mod element;
mod lessons;
mod modules;
mod new_protocol;
mod path;
mod serve;
mod setup;
mod sizes;
mod test;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "cargo xtask serve | build | test [--all] | bench | new-protocol NAME";

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let called = args.first().map(PathBuf::from).and_then(|path| path.file_name().map(OsString::from));
    let verb = args.get(1).and_then(|verb| verb.to_str()).unwrap_or_default();
    // Links under these names stand in for the tools, always of the version in Cargo.lock.
    let result = match called.and_then(|name| name.into_string().ok()).as_deref() {
        Some("wasm-bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args),
        Some("wasm-bindgen-test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args),
        _ => match verb {
            "serve" => serve::serve(args.get(2).and_then(|port| port.to_str()?.parse().ok())),
            "build" => build::build().map(|_| ()),
            "page" => build::page(setup::node_tools()),
            "test" => test::test(args.iter().any(|arg| arg == "--all")),
            "bench" => bench::bench(),
            "new-protocol" => new_protocol::new_protocol(args.get(2).and_then(|name| name.to_str())),
            "test-runner" => {
                let rest = std::iter::once("wasm-bindgen-test-runner".into()).chain(args.into_iter().skip(2));
                wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(rest)
            }
            _ => Err(anyhow::anyhow!("usage: {USAGE}")),
        },
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
