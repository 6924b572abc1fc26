//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::protocol::Breaks;

pub const ALL: &[Breaks] = &[];
