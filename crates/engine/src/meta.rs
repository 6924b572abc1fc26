//! The words in which a protocol describes itself: what the catalog presents, and what frames hold
//! beside single nodes.

use crate::names::{ClientId, NodeId};
pub use crate::roster::Named;
use crate::text::{Says, Text};
use crate::units::{Micros, Millionths};
use crate::value::Value;

/// The protocol as the catalog presents it.
pub struct Meta {
    /// Its name in configurations, recordings and addresses: small letters and hyphens. It never changes.
    pub id: &'static str,
    /// The name that readers know.
    pub name: Text,
    /// In one line, what it is about.
    pub summary: Text,
    /// What it belongs to, as `consensus` or `transactions`.
    pub family: &'static str,
    /// The paper, as it is cited.
    pub source: &'static str,
    /// Raised whenever a run under the same inputs would change, so that old recordings are
    /// refused and not replayed wrongly.
    pub rules_version: u32,
    /// The field's word for the epoch, and how one is named: `term {n}`.
    pub epoch: Text,
    /// How one epoch is named; `{n}` is its number.
    pub epoch_named: Text,
    /// What a node may be, at the places that [`Standing::role`](crate::protocol::Standing::role) tells.
    pub roles: &'static [Role],
    /// How nodes like to be arranged: `ring`, `star`, `row`, `columns`, or `field` for very many.
    pub layout: &'static str,
    /// How many nodes that are all alike it may have; at most 0 where only groups are possible.
    pub nodes: Nodes,
    /// Groups of machines with one role each, where a configuration may ask for them. They stand
    /// in the order of their numbers, and are the default.
    pub groups: &'static [GroupKind],
    /// Rows of the overview over a whole run.
    pub rows: &'static [Row],
    /// What [`crate::protocol::Protocol::totals`] counts, in its order; none if it counts nothing.
    pub totals: &'static [TotalKind],
    /// What a node's mark (see [`crate::protocol::Standing`]) says, where nodes can be arranged by it.
    pub mark: Option<Text>,
    /// Whether nodes may join and leave.
    pub membership: bool,
    /// Whether losing a disk is outside the fault model.
    pub trusts_disk: bool,
    /// What a side that has a quorum can do, and what one without cannot.
    pub can: Text,
    /// What a side cannot do that has no quorum.
    pub cannot: Text,
}

/// How many nodes there may be.
#[derive(Clone, Copy, Debug)]
pub struct Nodes {
    /// The fewest that a configuration may ask for.
    pub min: u32,
    /// How many there are unless a configuration says otherwise.
    pub default: u32,
    /// The most that there may be, also by joining.
    pub max: u32,
}

/// A group of machines that have one role.
#[derive(Clone, Copy, Debug)]
pub struct GroupKind {
    /// Its name in configurations, as in `nodes.acceptors=3`.
    pub id: &'static str,
    /// What readers call its machines.
    pub name: Text,
    /// How single machines are named.
    pub named: Named,
    /// How many machines it may have.
    pub bounds: Nodes,
}

/// A number in the course of the run.
#[derive(Clone, Debug)]
pub struct Series {
    /// Names it among the series of the protocol.
    pub id: &'static str,
    /// What the line is called.
    pub name: Text,
    /// Those of one chart are drawn over one another.
    pub chart: &'static str,
    /// Not simulated: what theory says.
    pub theory: bool,
    /// The values, one for each step.
    pub values: Vec<u64>,
}

/// A number over all nodes, which is followed at every size.
#[derive(Clone, Copy, Debug)]
pub struct TotalKind {
    /// Its name in frames.
    pub id: &'static str,
    /// What the number is called.
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
    /// A whole number.
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
    /// Of a kind of which only one is ever set.
    pub const fn only(kind: u16) -> TimerCode {
        TimerCode { kind, key: 0 }
    }
}

/// What a role may do to others. The ink of a node shows it, whatever the role is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// It does what others say: drawn as an outline.
    Follows,
    /// It asks to command: hatched.
    Asks,
    /// It commands: solid.
    Commands,
}

/// What a node may be.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// Its name in conditions that stop a run; several roles may share one.
    pub id: &'static str,
    /// What readers call it, as in "is the leader".
    pub name: Text,
    /// What it may do to others.
    pub authority: Authority,
    /// The silhouette: `circle`, `hexagon`, `square` or `double`.
    pub shape: &'static str,
    /// Whether a crown stands on it where it commands or asks to.
    pub crest: bool,
}

/// A state that a machine may be in with an epoch.
#[derive(Clone, Copy, Debug)]
pub struct StateKind {
    /// Its name across the rim.
    pub id: &'static str,
    /// The field's word for it.
    pub word: Text,
    /// Whether it is the good end of it or the bad one, if it is an end.
    pub settled: Option<bool>,
}

/// A row of the overview over a whole run, in which marks of rules stand.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name across the rim.
    pub id: &'static str,
    /// What stands at its head.
    pub name: Text,
}

/// An action of the protocol, under its paper's name.
#[derive(Debug)]
pub struct Rule {
    /// Its name in records, conditions and evidence.
    pub id: &'static str,
    /// Where the paper states it.
    pub section: &'static str,
    /// What the action is called, in a few words.
    pub title: Text,
    /// One sentence. `{node}`, `{peer}`, `{epoch}`, `{a}` and `{nodes}` are filled in.
    pub says: Text,
    /// How the overview marks it; most rules have no mark there.
    pub mark: Option<Mark>,
}

/// A rule that has no mark in the overview: its id, its section in the paper, its title, and its sentence.
pub const fn rule(id: &'static str, section: &'static str, title: Text, says: Text) -> Rule {
    Rule { id, section, title, says, mark: None }
}

/// The same rule with a mark, in a row of [`Meta::rows`].
pub const fn marked(rule: Rule, row: usize, glyph: Glyph) -> Rule {
    Rule { mark: Some(Mark { row, glyph }), ..rule }
}

/// How a rule is marked in the overview.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The place of its row in [`Meta::rows`].
    pub row: usize,
    /// The shape of the mark.
    pub glyph: Glyph,
}

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A ring: something was begun.
    Open,
    /// A disc: something was won.
    Solid,
    /// A cell: something was settled.
    Cell,
}

/// A rule that can be broken on purpose: a guard taken away in place.
#[derive(Debug)]
pub struct Mutant {
    /// Its name in a configuration's list of mutants.
    pub id: &'static str,
    /// The rule that is taken away, as one says it where it holds.
    pub rule: Text,
    /// What is done instead.
    pub title: Text,
    /// In a sentence or two, why the rule is there and what goes wrong without it.
    pub says: Text,
    /// The invariant that must fall.
    pub breaks: &'static str,
    /// Where the paper says that the rule is needed.
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

/// A kind of message.
#[derive(Clone, Copy, Debug)]
pub struct MessageKind {
    /// Its name in inputs, as in `drop vote A -> B`.
    pub id: &'static str,
    /// What readers call such a message, with its article.
    pub name: Text,
    /// One sentence; `{from}`, `{to}` and `{epoch}` are filled in.
    pub says: Text,
    /// Whether it answers another: replies are round, all others pointed.
    pub reply: bool,
}

/// A kind of timer.
#[derive(Clone, Copy, Debug)]
pub struct TimerKind {
    /// Its name in inputs, as in `fire A tell`.
    pub id: &'static str,
    /// What the timer is called.
    pub name: Text,
    /// Whether this is the one drawn as the ring.
    pub ring: bool,
    /// The sentence that is told when it goes off; `{node}` and `{epoch}` are filled in.
    pub says: Text,
}

/// A kind of operation that clients may ask for.
#[derive(Clone, Copy, Debug)]
pub struct OperationKind {
    /// The word with which it begins as it is typed.
    pub id: &'static str,
    /// A whole operation as it is typed: menus offer it, and random runs vary it.
    pub example: &'static str,
    /// What it does.
    pub says: Text,
}

/// What an option costs and brings, tried at several of its values: a chart that is measured by running the protocol.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// Names it among those of the protocol.
    pub id: &'static str,
    /// What is asked, as a title.
    pub title: Text,
    /// In a sentence or two, what there is to see.
    pub says: Text,
    /// The option, and its values as configurations have them.
    pub option: &'static str,
    /// See [`Sweep::option`].
    pub values: &'static [u32],
    /// From where to where the value usually is, and who says so.
    pub usual: Option<(u32, u32, Text)>,
    /// What is measured. Those with one [`Measured::axis`] share it.
    pub lines: &'static [Measured],
}

/// A line of a [`Sweep`]: what is done in a run, and what is counted in it.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Names it among those of the sweep.
    pub id: &'static str,
    /// What the line is called.
    pub name: Text,
    /// What its axis is called.
    pub axis: Text,
    /// As [`crate::script::config`] reads it; the option is added.
    pub config: &'static str,
    /// As [`crate::script::lines`] reads it; done first.
    pub script: &'static str,
    /// Then this is asked for so many times, at random times so many ms apart on average.
    pub acts: Option<(&'static str, u32, u32)>,
    /// What is counted.
    pub measure: Measure,
    /// What theory says of a value, in millionths.
    pub theory: Option<fn(u32) -> i64>,
}

/// What a line of a [`Sweep`] counts.
#[derive(Clone, Copy, Debug)]
pub enum Measure {
    /// How often a second these rules fire: while it acts, or in so many times the value in ms.
    Rate(&'static [&'static str], u32),
    /// How many seconds until this rule fires after the script.
    Until(&'static str),
}

/// A run that is ready to be looked at: a configuration and inputs with their times.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Its name in addresses; no two of one protocol have the same.
    pub id: &'static str,
    /// What the run shows, as a title.
    pub title: Text,
    /// In a sentence or two, what there is to see.
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

/// A lesson as the catalog lists it. Its steps are data that the page fetches.
#[derive(Clone, Copy, Debug)]
pub struct LessonTitle {
    /// Its name in addresses.
    pub id: &'static str,
    /// The id of the protocol that it runs.
    pub protocol: &'static str,
    /// Its title.
    pub title: Text,
}
