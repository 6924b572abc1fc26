//! Runs that are ready to be looked at.

use synod_engine::protocol::Start;

pub const ALL: &[Start] = &[];
