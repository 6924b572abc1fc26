//! Looks for short runs in which a property breaks or a condition comes true. Two ways to search, one kind of result: in a
//! world without time, breadth first and by random walks; and by random runs with time, where a rule is about time. What is
//! found is shrunk, made into an ordinary recording, and played again: what does not come true there is thrown away.
//!
//! The search has no threads and no clocks: [`Explorer::work`] does so much and returns, and whoever calls it slices time.

mod breadth;
mod explorer;
mod film;
mod goal;
mod plan;
pub mod random_run;
mod request;
mod shrink;
mod stage;
pub mod story;
mod timed;
mod told;
mod walks;

pub use explorer::{Explorer, Progress};
pub use request::{Limits, Request};
pub use stage::Staged;
