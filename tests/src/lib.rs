//! What whole-system tests share: random runs over any protocol of the registry, and short ways
//! to drive a simulation by text.

pub mod lessons;
pub mod random_run;
pub mod script;
pub mod shown;
pub mod story;
mod sweep;

pub use random_run::{HALF_WAY, RandomRun};
pub use script::Script;
pub use sweep::{PUBLISHED_STALENESS, Swept, sweep};
