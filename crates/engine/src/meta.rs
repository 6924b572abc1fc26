//! The words in which a protocol describes itself: what the catalog presents, and what frames hold
//! beside single nodes.

pub use crate::roster::Named;
use crate::text::Text;
use crate::units::Millionths;

mod runs;
mod shown;

pub use runs::*;
pub use shown::*;

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
