//! `cargo xtask serve | build | test [--all] [--publish] | bench | find PROTOCOL | fuzz | new-protocol NAME [--groups
//! NAME,NAME]`; `page` is `build` with the modules that are there.

mod bench;
mod build;
mod data;
mod element;

mod judge;
mod key;
mod modules;
mod new_protocol;
mod package;
mod part;
mod pictures;
mod serve;
mod setup;
mod shrink;
mod sizes;
mod test;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask serve [PORT] | build | page | test [--all] [--publish] | bench | \
     find PROTOCOL [--mutant ID] [--config WORDS] [--seeds N] [--work STEPS] [--film] | fuzz [--minutes N] | \
     new-protocol NAME [--groups NAME,NAME]";

/// Looks for runs that break a property, natively and on all cores.
fn search(words: &[String]) -> anyhow::Result<()> {
    let cargo = ["run", "--quiet", "--release", "--package", "synod-tests", "--example", "find", "--"];
    setup::run("cargo", &[&cargo[..], &words.iter().map(String::as_str).collect::<Vec<_>>()].concat())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let more = args.get(1).map(String::as_str);
    let result = match args.first().map(String::as_str).unwrap_or_default() {
        "serve" => serve::serve(more),
        "build" => build::build(modules::Searching::Every, pictures::Which::All),
        "page" => build::page(),
        "test" => {
            let asked = |flag: &str| args.iter().any(|arg| arg == flag);
            test::test(test::Options { all: asked("--all"), publish: asked("--publish") })
        }
        "bench" => bench::bench(),
        "find" => search(args.get(1..).unwrap_or_default()),
        "fuzz" => search(&args),
        "new-protocol" => new_protocol::new_protocol(args.get(1..).unwrap_or_default()),
        _ => Err(anyhow::anyhow!("usage: {USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
