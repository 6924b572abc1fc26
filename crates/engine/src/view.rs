//! What a node shows, and what spans of time a run is told by: words of no protocol, which the stage draws for any.

use crate::names::NodeId;
use crate::protocol::{Protocol, Tally};
use crate::roster::Roster;
use crate::text::{Says, Text};
use crate::units::Micros;

/// What a view may know besides the node.
pub struct Look<'a, P: Protocol> {
    /// The configuration of the run.
    pub config: &'a P::Config,
    /// Who takes part, and in which groups.
    pub roster: &'a Roster,
    /// Whether the machine is down: then its memory is blank, and its disk is what is left.
    pub down: bool,
    /// What happened so far: for the eye, as no handler can know it.
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
    /// Whom it has heard of, and how many it waits for.
    pub tally: Option<Tally>,
    /// What it holds that can be said in one line each.
    pub fields: Vec<Field>,
    /// What it holds in a row of cells: logs, histories.
    pub strips: Vec<Strip>,
    /// What it is in, where that is more than its role.
    pub state: Option<State>,
    /// What is laid over it.
    pub badges: Vec<Badge>,
    /// Values that it holds under keys.
    pub registers: Vec<Register>,
    /// The newest records of its disk, where it forces them.
    pub disk: Vec<Written>,
    /// How far it is in what it does step by step.
    pub phase: Option<Phase>,
    /// One fact about the node.
    pub says: Says,
}

/// Something that a node holds or a message carries, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in frames.
    pub id: &'static str,
    /// What stands before the value.
    pub label: Text,
    /// The value; nothing where it holds none yet.
    pub value: Option<FieldValue>,
    /// `plain`, or `many` of how many things a message carries: it is drawn with so many stripes.
    pub tone: &'static str,
    /// Whether it survives a crash.
    pub durable: bool,
}

/// The value of a [`Field`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// A whole number.
    Number(i64),
    /// A name or a word, the same in every language.
    Name(String),
    /// The same, with how it reads to people.
    Said(String, Says),
}

impl From<(String, Says)> for FieldValue {
    fn from((value, says): (String, Says)) -> FieldValue {
        FieldValue::Said(value, says)
    }
}

/// A row of cells that a node holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// Its name in frames, the same at every node that has such a strip.
    pub id: &'static str,
    /// How those of several nodes belong together.
    pub kind: StripKind,
    /// The newest cells, the oldest of them first.
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
    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            StripKind::Agree => "agree",
            StripKind::Own => "own",
            StripKind::Single => "single",
        }
    }
}

/// A cell of a [`Strip`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its place in the whole strip, by the protocol's own count.
    pub index: u64,
    /// The epoch in which it was made, which gives it its hue.
    pub epoch: u32,
    /// Its number within its epoch, where there is one.
    pub minor: Option<u32>,
    /// What is written in it: short.
    pub text: String,
    /// How far it is.
    pub state: CellState,
}

/// How far what stands in a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    /// It is there, and may yet go.
    Pending,
    /// It is decided and stays.
    Committed,
    /// It is decided, and was done here.
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
    /// Its name across the rim.
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
    /// Its name across the rim.
    pub id: &'static str,
    /// The field's word for it.
    pub word: Text,
    /// In true time.
    pub since: Micros,
    /// Whether it decided for or against; nothing while it has not.
    pub settled: Option<bool>,
}

/// Something that is laid over a node: locked, blocked, leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// Its name across the rim, by which it is drawn.
    pub id: &'static str,
    /// What it means here and now.
    pub says: Says,
}

/// A value that a node holds under a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The key.
    pub key: String,
    /// The value; nothing where there is none.
    pub value: Option<String>,
    /// Of what wrote it.
    pub epoch: Option<u32>,
    /// What will stand there if it is decided so.
    pub pending: Option<String>,
    /// Who holds the lock.
    pub lock: Option<Holder>,
    /// Who waits for the lock, the first in front.
    pub queue: Vec<Holder>,
}

/// Who holds a lock or waits for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An epoch: a transaction, by its number.
    Epoch(u32),
    /// Somebody who has a name.
    Name(String),
}

/// A record on a node's disk, on its way there, or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it is a record of.
    pub epoch: u32,
    /// The field's own word for it.
    pub word: &'static str,
    /// Whether it is safe.
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
    /// Its name across the rim.
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
    /// The steps, in their order.
    pub names: &'static [Text],
    /// One for each name.
    pub states: Vec<PhaseState>,
    /// Of what it does.
    pub epoch: u32,
}

/// How a step of a [`Phase`] stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    /// It is over.
    Done,
    /// The node is in it.
    Now,
    /// It is still to come.
    Next,
    /// It waited in vain.
    Failed,
}

impl PhaseState {
    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            PhaseState::Done => "done",
            PhaseState::Now => "now",
            PhaseState::Next => "next",
            PhaseState::Failed => "failed",
        }
    }
}

/// What was granted for a time, and who is let in by what was granted: drawn for any protocol that has terms.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// What was granted, the oldest first.
    pub grants: Vec<Grant>,
    /// The row of the overview in which they are drawn, a place in [`crate::protocol::Meta::rows`].
    pub row: u32,
    /// Where numbers are checked.
    pub gates: Vec<Gate>,
}

/// Something that was granted for a time. All times are true ones, also those that are yet to come: as clocks
/// run now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its number, which gives it its hue.
    pub token: u32,
    /// Who granted it, and honours it.
    pub issuer: NodeId,
    /// To whom.
    pub holder: NodeId,
    /// Since when.
    pub from: Micros,
    /// When its term ends for whoever granted it.
    pub until: Micros,
    /// How long it is honoured beyond that.
    pub slack: Micros,
    /// When its holder stops to believe that it holds it.
    pub believed_until: Micros,
}

/// Where numbers are checked: one that is lower than the highest so far may be refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// At whom.
    pub node: NodeId,
    /// The highest that was let in.
    pub highest: u32,
    /// The last that came, the oldest first.
    pub admissions: Vec<Admission>,
}

/// One that came to a [`Gate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Admission {
    /// Its number.
    pub token: u32,
    /// When it came, in true time.
    pub at: Micros,
    /// Whether it was let in.
    pub admitted: bool,
}

/// What of a run lasts, and the moments that hold for all: what the time diagram draws on its lanes.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// In which a node may not decide alone.
    pub windows: Vec<Stretch>,
    /// In which something waits at a node.
    pub waits: Vec<Stretch>,
    /// The steps of what is done step by step.
    pub phases: Vec<Stretch>,
    /// Moments to be marked.
    pub moments: Vec<Moment>,
}

/// Something that lasts at a node; it goes on while it has no end.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// At whom.
    pub node: NodeId,
    /// Since when, in true time.
    pub from: Micros,
    /// When it ended; nothing while it lasts.
    pub until: Option<Micros>,
    /// What is written on it.
    pub word: Says,
    /// Of what it is, where that has an epoch.
    pub epoch: Option<u32>,
}

/// A moment, of one node or of all.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When, in true time.
    pub time: Micros,
    /// Whose it is; nothing where it is of all.
    pub node: Option<NodeId>,
    /// What is written beside it.
    pub word: Says,
    /// What it is by a word of the protocol: marks of one kind look alike.
    pub kind: &'static str,
}
