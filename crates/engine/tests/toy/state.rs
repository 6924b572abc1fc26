//! What a node keeps, what it says, and what it waits for.
//!
//! ```text
//! node -- count --> everyone
//! ```

use std::fmt;
use std::str::FromStr;

use synod_engine::prelude::*;
use synod_engine::text::text as said;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    pub every: Micros,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    pub count: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    /// Who is known to have counted as far, in order; this node is one of them.
    pub agree: Vec<NodeId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    pub count: u32,
}

timers! {
    pub enum Timer {
        Tell => ring(
            "tell",
            text("time to tell", "广播时间"),
            text("It is time for {node} to tell the others.", "{node} 该广播了。"),
        ),
    }
}

/// `count 1` to `count 9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    pub by: u32,
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Count(pub u32);

impl FromStr for Operation {
    type Err = Why;
    fn from_str(text: &str) -> Result<Operation, Why> {
        let digit = text.strip_prefix("count ").and_then(|digit| digit.parse().ok());
        let by = digit.filter(|by| (1..=9).contains(by));
        by.map(|by| Operation { by }).ok_or_else(|| said("a count is from 1 to 9", "计数为 1 到 9").into())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "count {}", self.by)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
