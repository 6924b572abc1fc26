//! Runs in which a promise does not hold, since what it rests on was broken.

use synod_engine::prelude::*;

pub const ALL: &[Breaks] = &[];
