//! What a node shows, and what spans of time a run is told by: words of no protocol, which the stage draws for any.

use crate::names::NodeId;
use crate::protocol::{Protocol, Tally};
use crate::roster::Roster;
use crate::text::{Says, Text};
use crate::units::Micros;

/// What a view may know besides the node.
pub struct Look<'a, P: Protocol> {
    pub config: &'a P::Config,
    pub roster: &'a Roster,
    pub down: bool,
    pub history: &'a P::History,
    /// True time.
    pub now: Micros,
    /// How many of the newest cells of a strip are wanted.
    pub cells: usize,
    /// Where disks keep only what was forced: what this one keeps for certain.
    pub safe: Option<&'a P::Durable>,
    /// What was held when the last crash took some of it, until the next time that something is safe.
    pub lost: Option<&'a P::Durable>,
}

/// A node as the stage shows it.
#[derive(Clone, Debug, Default)]
pub struct NodeView {
    pub tally: Option<Tally>,
    pub fields: Vec<Field>,
    pub strips: Vec<Strip>,
    pub state: Option<State>,
    pub badges: Vec<Badge>,
    pub registers: Vec<Register>,
    pub disk: Vec<Written>,
    pub phase: Option<Phase>,
    /// One fact about the node.
    pub says: Says,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub id: &'static str,
    pub label: Text,
    pub value: Option<FieldValue>,
    pub tone: &'static str,
    pub durable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    Number(i64),
    Name(String),
    /// The same, with how it reads to people.
    Said(String, Says),
}

impl From<(String, Says)> for FieldValue {
    fn from((value, says): (String, Says)) -> FieldValue {
        FieldValue::Said(value, says)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    pub id: &'static str,
    pub kind: StripKind,
    pub cells: Vec<Cell>,
}

/// How the strips of several nodes belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StripKind {
    /// Copies that should agree.
    #[default]
    Agree,
    /// Each its own.
    Own,
    /// Each its own, of one cell that is written again.
    Single,
}

impl StripKind {
    pub fn id(self) -> &'static str {
        match self {
            StripKind::Agree => "agree",
            StripKind::Own => "own",
            StripKind::Single => "single",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub index: u64,
    pub epoch: u32,
    /// Its number within its epoch, where there is one.
    pub minor: Option<u32>,
    pub text: String,
    pub state: CellState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    Pending,
    Committed,
    Applied,
    /// It was done, and taken back.
    Undone,
    /// It was taken away: the history goes another way.
    Cut,
    /// Not there yet, and known to come.
    Expected,
    /// What stands for all before it.
    Snapshot,
    /// Who takes part from here on.
    Configuration,
}

impl CellState {
    pub fn id(self) -> &'static str {
        match self {
            CellState::Pending => "pending",
            CellState::Committed => "committed",
            CellState::Applied => "applied",
            CellState::Undone => "undone",
            CellState::Cut => "cut",
            CellState::Expected => "expected",
            CellState::Snapshot => "snapshot",
            CellState::Configuration => "configuration",
        }
    }
}

/// What a node is in, where that is more than its role: uncertain, prepared, synchronising.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub id: &'static str,
    pub word: Text,
    /// In true time.
    pub since: Micros,
    /// Whether it decided for or against; nothing while it has not.
    pub settled: Option<bool>,
}

/// Something that is laid over a node: locked, blocked, leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    pub id: &'static str,
    pub says: Says,
}

/// A value that a node holds under a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    pub key: String,
    pub value: Option<String>,
    /// Of what wrote it.
    pub epoch: Option<u32>,
    /// What will stand there if it is decided so.
    pub pending: Option<String>,
    pub lock: Option<Holder>,
    /// Who waits for the lock, the first in front.
    pub queue: Vec<Holder>,
}

/// Who holds a lock or waits for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    Epoch(u32),
    Name(String),
}

/// A record on a node's disk, on its way there, or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub epoch: u32,
    /// The field's own word for it.
    pub word: &'static str,
    pub forced: Forced,
    /// When it was written, in true time.
    pub at: Micros,
    /// Whether it settles something.
    pub settled: bool,
}

/// Whether a record is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forced {
    /// On the disk.
    Yes,
    /// In memory, or on its way to the disk.
    No,
    /// A crash took it.
    Lost,
}

impl Forced {
    pub fn id(self) -> &'static str {
        match self {
            Forced::Yes => "yes",
            Forced::No => "no",
            Forced::Lost => "lost",
        }
    }
}

/// How far a node is in what it does step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    pub names: &'static [Text],
    /// One for each name.
    pub states: Vec<PhaseState>,
    pub epoch: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    Done,
    Now,
    Next,
    /// It waited in vain.
    Failed,
}

impl PhaseState {
    pub fn id(self) -> &'static str {
        match self {
            PhaseState::Done => "done",
            PhaseState::Now => "now",
            PhaseState::Next => "next",
            PhaseState::Failed => "failed",
        }
    }
}

/// What of a run lasts, and the moments that hold for all: what the time diagram draws on its lanes.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// In which a node may not decide alone.
    pub windows: Vec<Stretch>,
    /// In which something waits at a node.
    pub waits: Vec<Stretch>,
    pub phases: Vec<Stretch>,
    pub moments: Vec<Moment>,
}

/// Something that lasts at a node; it goes on while it has no end.
#[derive(Clone, Debug)]
pub struct Stretch {
    pub node: NodeId,
    pub from: Micros,
    pub until: Option<Micros>,
    pub word: Says,
    pub epoch: Option<u32>,
}

/// A moment, of one node or of all.
#[derive(Clone, Debug)]
pub struct Moment {
    pub time: Micros,
    pub node: Option<NodeId>,
    pub word: Says,
    pub kind: &'static str,
}
