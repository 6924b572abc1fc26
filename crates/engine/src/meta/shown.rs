//! What a protocol has shown of a run besides its nodes: attempts, sets, commits, and what clients were told.

use crate::names::{ClientId, NodeId};
use crate::text::{Says, Text};
use crate::units::Micros;
use crate::value::Value;

/// Attempts of a run, the oldest first.
#[derive(Clone, Debug)]
pub struct Table {
    /// What stands over the table.
    pub title: Text,
    /// What the table says as a whole; empty where that is nothing.
    pub says: Says,
    /// Over its epoch, its cells, its tallies and how it stands, in this order; an empty one has none.
    pub heads: &'static [Text],
    /// The attempts, the oldest first.
    pub rows: Vec<Attempt>,
}

/// An attempt: a row of a [`Table`].
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The epoch that was tried.
    pub epoch: u32,
    /// What was tried, under the heads of the cells.
    pub cells: Vec<Says>,
    /// Whom it has heard of, and how many it needs.
    pub tallies: Vec<Tally>,
    /// How it stands, by an id, and in words.
    pub state: &'static str,
    /// How it stands, in words.
    pub says: Says,
}

/// A set of nodes that somebody waits for: a lasso about them.
#[derive(Clone, Debug)]
pub struct SetOf {
    /// Names it among the sets of a frame, so that it stays the same set from one to the next.
    pub id: String,
    /// What is written beside it.
    pub label: Says,
    /// Those that are in it by now.
    pub members: Vec<NodeId>,
    /// Of what it decides, where that has an epoch.
    pub epoch: Option<u32>,
    /// Whose it is, if it is a client's.
    pub client: Option<ClientId>,
    /// `write`, `read`, `quorum` or `certificate`.
    pub kind: &'static str,
    /// Older sets of which it matters whether this one meets them.
    pub meets: Vec<String>,
}

/// The last decision of whoever decides: for whom it waited, and who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCommit {
    /// The set that it needed and had, whoever decides included.
    pub waited: Vec<NodeId>,
    /// Whose answer was the last that it needed; nobody's where it needs none but itself.
    pub decided_by: Option<NodeId>,
    /// From the request's arrival at whoever decides to the decision.
    pub took: Micros,
    /// When each answered, counted from the same moment; also those who came after the decision.
    pub acks: Vec<(NodeId, Micros)>,
}

/// How an operation of a client reads in a history.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What it did.
    pub kind: RecordedKind,
    /// Of what.
    pub key: String,
    /// What is put or added; `[from, to]` of a `cas`; otherwise nothing.
    pub value: Value,
    /// What was answered: `ok`, what was read, the sum, whether it swapped. Looked at only if it was answered.
    pub result: Value,
    /// The version that was read or written, where there are any.
    pub version: Option<String>,
}

/// What an operation does to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedKind {
    /// Writes a value.
    Put,
    /// Reads the value.
    Get,
    /// Adds to a number, and gives the sum.
    Add,
    /// Writes a value if another one stands there.
    Cas,
    /// Takes the value away.
    Delete,
}

impl RecordedKind {
    /// Its name across the rim, and in histories.
    pub fn id(self) -> &'static str {
        match self {
            RecordedKind::Put => "put",
            RecordedKind::Get => "get",
            RecordedKind::Add => "add",
            RecordedKind::Cas => "cas",
            RecordedKind::Delete => "delete",
        }
    }
}

impl Recorded {
    /// A write, which is answered `ok`.
    pub fn put(key: impl ToString, value: Value) -> Recorded {
        let (key, result) = (key.to_string(), Value::word("ok"));
        Recorded { kind: RecordedKind::Put, key, value, result, version: None }
    }
    /// With what was read, if it was answered.
    pub fn get(key: impl ToString, result: Value) -> Recorded {
        Recorded { kind: RecordedKind::Get, key: key.to_string(), value: Value::Null, result, version: None }
    }
}

/// How many somebody has heard of, of those whom it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those who count for it.
    pub have: Vec<NodeId>,
    /// Those who said no.
    pub refused: Vec<NodeId>,
    /// How many are needed.
    pub need: u32,
    /// How many there are.
    pub of: u32,
}
