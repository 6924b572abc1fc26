//! Runs that are ready to be looked at.

use synod_engine::prelude::*;

pub const ALL: &[Start] = &[];
