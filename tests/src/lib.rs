//! What whole-system tests share: random runs over any protocol of the registry, and short ways
//! to drive a simulation by text.

pub mod challenges;
pub mod lessons;
mod odds;
pub mod quizzes;
pub mod script;
pub mod shown;

pub use odds::{Counted, PUBLISHED_STALENESS, odds};
pub use script::Script;
pub use synod_explore::random_run::{HALF_WAY, RandomRun};
pub use synod_explore::story;

use synod_engine::simulation::Entry;
use synod_protocols::ALL;

/// How many random runs there are of a kind; `SYNOD_RUNS` asks for another number, as `cargo xtask test --all` does.
pub fn runs(usual: u64) -> u64 {
    std::env::var("SYNOD_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(usual)
}

/// Every protocol, or the one that `SYNOD_ONLY` names, as the tests of what `cargo xtask new-protocol` makes do.
pub fn protocols() -> impl Iterator<Item = &'static Entry> {
    let only = std::env::var("SYNOD_ONLY").ok();
    ALL.iter().filter(move |entry| only.as_ref().is_none_or(|only| entry.id == only))
}

/// The terms of `docs/terms.toml`.
pub fn terms() -> synod_lesson_files::terms::Terms {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/terms.toml");
    synod_lesson_files::terms::read(&path).unwrap_or_else(|why| panic!("{why}"))
}
