//! What clients ask: the store's operations, and `sync`.

use std::fmt;
use std::str::FromStr;

use synod_engine::prelude::*;
use synod_engine::protocol::OperationKind;

use crate::store;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Store(store::Operation),
    /// Until the server has delivered what the leader had proposed.
    Sync,
}

pub use crate::replica::Command;

pub const OPERATIONS: &[OperationKind] = &[
    store::OPERATIONS[0],
    store::OPERATIONS[1],
    store::OPERATIONS[2],
    store::OPERATIONS[3],
    OperationKind {
        id: "sync",
        example: "sync",
        says: text("wait until the server has what the leader had", "等待服务器赶上领导者当时的进度"),
    },
];

pub fn draw(chance: &mut Chance) -> String {
    if chance.one_in(6) { "sync".into() } else { store::draw_operation(chance) }
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(given: &str) -> Result<Operation, Why> {
        if given.trim() == "sync" { Ok(Operation::Sync) } else { given.parse().map(Operation::Store) }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Store(operation) => operation.fmt(f),
            Operation::Sync => f.write_str("sync"),
        }
    }
}
