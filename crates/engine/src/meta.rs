//! The words in which a protocol describes itself: what the catalog presents, and what frames hold
//! beside single nodes.

use crate::names::{ClientId, NodeId};
pub use crate::roster::Named;
use crate::text::{Says, Text};
use crate::units::{Micros, Millionths};
use crate::value::Value;

/// The protocol as the catalog presents it.
pub struct Meta {
    pub id: &'static str,
    pub name: Text,
    pub summary: Text,
    pub family: &'static str,
    /// The paper, as it is cited.
    pub source: &'static str,
    /// Raised whenever a run under the same inputs would change, so that old recordings are
    /// refused and not replayed wrongly.
    pub rules_version: u32,
    /// The field's word for the epoch, and how one is named: `term {n}`.
    pub epoch: Text,
    pub epoch_named: Text,
    pub roles: &'static [Role],
    pub layout: &'static str,
    pub nodes: Nodes,
    /// Groups of machines with one role each, where a configuration may ask for them. They stand
    /// in the order of their numbers, and are the default.
    pub groups: &'static [GroupKind],
    /// Rows of the overview over a whole run.
    pub rows: &'static [Row],
    /// What [`Protocol::totals`] counts, in its order; none if it counts nothing.
    pub totals: &'static [TotalKind],
    /// What a node's mark (see [`Standing`]) says, where nodes can be arranged by it.
    pub mark: Option<Text>,
    /// Whether nodes may join and leave.
    pub membership: bool,
    /// Whether losing a disk is outside the fault model.
    pub trusts_disk: bool,
    /// What a side that has a quorum can do, and what one without cannot.
    pub can: Text,
    pub cannot: Text,
}

#[derive(Clone, Copy, Debug)]
pub struct Nodes {
    pub min: u32,
    pub default: u32,
    pub max: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct GroupKind {
    pub id: &'static str,
    pub name: Text,
    pub named: Named,
    pub bounds: Nodes,
}

/// A number in the course of the run.
#[derive(Clone, Debug)]
pub struct Series {
    pub id: &'static str,
    pub name: Text,
    /// Those of one chart are drawn over one another.
    pub chart: &'static str,
    /// Not simulated: what theory says.
    pub theory: bool,
    pub values: Vec<u64>,
}

/// A number over all nodes, which is followed at every size.
#[derive(Clone, Copy, Debug)]
pub struct TotalKind {
    pub id: &'static str,
    pub name: Text,
    /// Whether it is a part of the first total, and so is shown as a share too.
    pub share: bool,
    /// Whether it is shown where two clusters stand side by side.
    pub compared: bool,
    /// Whether it is the mark of those that were marked last.
    pub newest: bool,
}

/// A number among the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Count(u64),
    /// A mean, in millionths.
    Mean(Millionths),
    /// Not known yet.
    Unknown,
}

/// A timer as the engine keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerCode {
    /// The place in [`crate::timers::Timers::KINDS`].
    pub kind: u16,
    /// Tells apart several timers of one kind.
    pub key: u32,
}

impl TimerCode {
    pub const fn only(kind: u16) -> TimerCode {
        TimerCode { kind, key: 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    Follows,
    Asks,
    Commands,
}

#[derive(Clone, Copy, Debug)]
pub struct Role {
    pub id: &'static str,
    pub name: Text,
    pub authority: Authority,
    pub shape: &'static str,
    pub crest: bool,
}

/// A state that a machine may be in with an epoch.
#[derive(Clone, Copy, Debug)]
pub struct StateKind {
    pub id: &'static str,
    pub word: Text,
    /// Whether it is the good end of it or the bad one, if it is an end.
    pub settled: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub id: &'static str,
    pub name: Text,
}

/// An action of the protocol, under its paper's name.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub section: &'static str,
    pub title: Text,
    /// One sentence. `{node}`, `{peer}`, `{epoch}`, `{a}` and `{nodes}` are filled in.
    pub says: Text,
    pub mark: Option<Mark>,
}

/// How a rule is marked in the overview.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The place of its row in [`Meta::rows`].
    pub row: usize,
    pub glyph: Glyph,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Open,
    Solid,
    Cell,
}

/// A rule that can be broken on purpose: a guard taken away in place.
#[derive(Debug)]
pub struct Mutant {
    pub id: &'static str,
    /// The rule that is taken away, as one says it where it holds.
    pub rule: Text,
    /// What is done instead.
    pub title: Text,
    pub says: Text,
    /// The invariant that must fall.
    pub breaks: &'static str,
    pub source: &'static str,
}

impl Mutant {
    /// A rule that is taken away, in the order of the fields.
    pub const fn new(
        id: &'static str,
        rule: Text,
        title: Text,
        says: Text,
        breaks: &'static str,
        source: &'static str,
    ) -> Mutant {
        Mutant { id, rule, title, says, breaks, source }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct MessageKind {
    pub id: &'static str,
    pub name: Text,
    /// One sentence; `{from}`, `{to}` and `{epoch}` are filled in.
    pub says: Text,
    pub reply: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct TimerKind {
    pub id: &'static str,
    pub name: Text,
    /// Whether this is the one drawn as the ring.
    pub ring: bool,
    pub says: Text,
}

#[derive(Clone, Copy, Debug)]
pub struct OperationKind {
    pub id: &'static str,
    pub example: &'static str,
    pub says: Text,
}

/// A run that is ready to be looked at: a configuration and inputs with their times.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub id: &'static str,
    pub title: Text,
    pub says: Text,
    /// As [`crate::script::config`] reads it.
    pub config: &'static str,
    /// As [`crate::script::lines`] reads it.
    pub script: &'static str,
    /// When it has shown what it is to show, in ms.
    pub after: u64,
    /// What it must show then, in the conditions of lessons.
    pub expect: &'static [&'static str],
}

/// A run in which a property does not hold, since what it rests on was broken or is not promised.
#[derive(Clone, Copy, Debug)]
pub struct Breaks {
    /// The invariant.
    pub invariant: &'static str,
    /// The assumption that the run breaks; nothing where the configuration does not promise it.
    pub without: Option<crate::promise::Assumption>,
    /// As [`crate::script::config`] reads it.
    pub config: &'static str,
    /// As [`crate::script::lines`] reads it.
    pub script: &'static str,
}

/// Attempts of a run, the oldest first.
#[derive(Clone, Debug)]
pub struct Table {
    pub title: Text,
    pub says: Says,
    /// Over its epoch, its cells, its tallies and how it stands, in this order; an empty one has none.
    pub heads: &'static [Text],
    pub rows: Vec<Attempt>,
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub epoch: u32,
    pub cells: Vec<Says>,
    pub tallies: Vec<Tally>,
    /// How it stands, by an id, and in words.
    pub state: &'static str,
    pub says: Says,
}

/// A set of nodes that somebody waits for: a lasso about them.
#[derive(Clone, Debug)]
pub struct SetOf {
    pub id: String,
    pub label: Says,
    pub members: Vec<NodeId>,
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
    pub kind: RecordedKind,
    pub key: String,
    /// What is put or added; `[from, to]` of a `cas`; otherwise nothing.
    pub value: Value,
    /// What was answered: `ok`, what was read, the sum, whether it swapped. Looked at only if it was answered.
    pub result: Value,
    /// The version that was read or written, where there are any.
    pub version: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedKind {
    Put,
    Get,
    Add,
    Cas,
    Delete,
}

impl RecordedKind {
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
    pub fn put(key: impl ToString, value: Value) -> Recorded {
        let (key, result) = (key.to_string(), Value::word("ok"));
        Recorded { kind: RecordedKind::Put, key, value, result, version: None }
    }
    /// With what was read, if it was answered.
    pub fn get(key: impl ToString, result: Value) -> Recorded {
        Recorded { kind: RecordedKind::Get, key: key.to_string(), value: Value::Null, result, version: None }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub have: Vec<NodeId>,
    pub refused: Vec<NodeId>,
    pub need: u32,
    pub of: u32,
}

/// A lesson as the catalog lists it. Its steps are data that the page fetches.
#[derive(Clone, Copy, Debug)]
pub struct LessonTitle {
    pub id: &'static str,
    pub protocol: &'static str,
    pub title: Text,
}
