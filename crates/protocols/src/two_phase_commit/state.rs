//! What each side keeps and says, under the names of Bernstein, Hadzilacos and Goodman (1987), section 7.4.
//!
//! ```text
//! coordinator -- VOTE-REQ(writes, participants) --> participant
//! coordinator <- YES | NO | READ ------------------ participant    READ: it wrote nothing, and leaves (R*)
//! coordinator -- COMMIT | ABORT ------------------> participant
//! coordinator <- ACK ------------------------------ participant    its decision is on its disk
//! participant -- DECISION-REQ --> coordinator, or any participant  and COMMIT, ABORT or silence in return
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rpds::RedBlackTreeMap;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::text::text;
use synod_engine::timers;
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::transactions::log;
pub use crate::transactions::log::{Change, Command, Decided, Record, Txn, Word, Write, only_reads};
use crate::transactions::site::Site;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How long a vote, a lock or a decision is waited for.
    pub timeout: Micros,
    pub termination: Termination,
    pub logging: Logging,
    /// Whoever only reads votes READ, and has no part in the second phase.
    pub read_only: bool,
    pub heuristic: Heuristic,
}

impl Config {
    /// What no information means: it need not be forced, nor acknowledged.
    pub fn presumed(&self) -> Option<Decided> {
        match self.logging {
            Logging::PresumedNothing => None,
            Logging::PresumedAbort => Some(Decided::Abort),
            Logging::PresumedCommit => Some(Decided::Commit),
        }
    }
}

/// What is forced and acknowledged, and what the absence of a record means (Mohan, Lindsay, Obermarck 1986).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Logging {
    PresumedNothing,
    PresumedAbort,
    PresumedCommit,
}

/// Whom an uncertain participant asks (7.4, "cooperative termination protocol").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Termination {
    None,
    Coordinator,
    Cooperative,
}

/// What an uncertain participant decides alone, which no protocol allows (X/Open XA).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Heuristic {
    None,
    Abort,
    Commit,
}

/// A record of the distributed transaction log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// The coordinator began: whom it asks, and for whom.
    Start(NodeSet, Command),
    /// The same, forced before anybody is asked: where no information means commit.
    Collecting(NodeSet, Command),
    /// The participant said yes: what it wrote, and whom it may ask.
    Yes {
        changes: Rc<[Change]>,
        participants: NodeSet,
    },
    Commit,
    Abort,
    /// The decision beside it was its own; and it is known by now that the others decided otherwise.
    Heuristic,
    Mixed,
    /// Everyone who was to be told has acknowledged.
    End,
}

impl Word for What {
    fn word(&self) -> &'static str {
        match self {
            What::Start(..) => "start",
            What::Collecting(..) => "collecting",
            What::Yes { .. } => "yes",
            What::Commit => "commit",
            What::Abort => "abort",
            What::Heuristic => "heuristic",
            What::Mixed => "mixed",
            What::End => "end",
        }
    }
    fn begins(&self) -> Option<(NodeSet, Command)> {
        match self {
            What::Start(participants, command) | What::Collecting(participants, command) => {
                Some((*participants, *command))
            }
            _ => None,
        }
    }
    fn yes(&self) -> Option<&Rc<[Change]>> {
        match self {
            What::Yes { changes, .. } => Some(changes),
            _ => None,
        }
    }
    fn decision(&self) -> Option<Decided> {
        match self {
            What::Commit => Some(Decided::Commit),
            What::Abort => Some(Decided::Abort),
            _ => None,
        }
    }
}

impl From<Decided> for What {
    fn from(decided: Decided) -> What {
        match decided {
            Decided::Commit => What::Commit,
            Decided::Abort => What::Abort,
        }
    }
}

pub type Durable = log::Durable<What>;

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    /// The newest transaction that it heard of.
    pub newest: Txn,
    /// The newest number that it gave, the newest of which something is safe on its disk, and below the first that
    /// it gives since it was started.
    pub given: Txn,
    pub kept: Txn,
    pub below: Txn,
    /// The newest of each client's commands.
    pub commands: BTreeMap<ClientId, Asked>,
    /// What is decided here. It is safe on the disk, or what is presumed; a coordinator forgets what is presumed.
    pub decided: RedBlackTreeMap<Txn, Decided>,
    /// What it has aborted alone, without a forced record: nobody else may know it for certain.
    pub own: BTreeSet<Txn>,
    pub tries: BTreeMap<Txn, Trying>,
    pub works: BTreeMap<Txn, Work>,
    pub site: Site,
}

/// A client's command: the number of its transaction, and what the client was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    pub serial: u32,
    pub txn: Txn,
    pub told: Option<Decided>,
}

/// A transaction that the coordinator has not forgotten yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trying {
    pub client: Option<Command>,
    pub participants: NodeSet,
    pub yes: NodeSet,
    pub no: NodeSet,
    pub read: NodeSet,
    /// How many messages said yes: whoever counts these counts a copy twice.
    pub said_yes: u32,
    pub acks: NodeSet,
    pub phase: Phase,
    /// What each participant is asked for, while nobody has been.
    pub shares: Vec<(NodeId, Rc<[Write]>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Whom it asks is on its way to the disk.
    Collecting,
    /// It waits for votes.
    Voting,
    /// Its decision is on its way to the disk.
    Deciding(Decided),
    /// Its decision is safe, and it tells it until all have acknowledged.
    Telling(Decided),
}

impl Trying {
    pub fn of(participants: NodeSet, phase: Phase) -> Trying {
        let none = NodeSet::default();
        let (client, shares) = (None, Vec::new());
        Trying { client, participants, yes: none, no: none, read: none, said_yes: 0, acks: none, phase, shares }
    }
    /// Those who are to hear an abort or a commit: whoever voted no has aborted already, and a reader has left.
    pub fn told(&self) -> impl Iterator<Item = NodeId> {
        let (no, read) = (self.no, self.read);
        self.participants.iter().filter(move |node| !no.has(*node) && !read.has(*node))
    }
    pub fn silent(&self) -> impl Iterator<Item = NodeId> {
        let acks = self.acks;
        self.told().filter(move |node| !acks.has(*node))
    }
}

/// A transaction that a participant has not finished.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Work {
    pub writes: Rc<[Write]>,
    pub participants: NodeSet,
    pub stage: Stage,
    /// Who is told when its abort is safe, besides the coordinator: they asked before it had voted.
    pub asked: NodeSet,
}

impl Work {
    /// Of a transaction that it was not asked to vote on.
    pub fn unasked(stage: Stage) -> Work {
        let (participants, asked) = (NodeSet::default(), NodeSet::default());
        Work { writes: Rc::from(Vec::new()), participants, stage, asked }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It waits for a lock.
    Waiting,
    /// Its yes is on its way to the disk.
    Voting,
    /// Its yes is safe and sent: it may not decide alone.
    Uncertain,
    /// What was decided is on its way to the disk.
    Deciding(Decided, Reply),
}

/// What is sent when a decision is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    Ack,
    No,
    Nothing,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Message {
    VoteReq { txn: Txn, writes: Rc<[Write]>, participants: NodeSet },
    Yes(Txn),
    No(Txn),
    Read(Txn),
    Commit(Txn),
    Abort(Txn),
    Ack(Txn),
    DecisionReq(Txn),
}

impl Message {
    pub fn of(decided: Decided, txn: Txn) -> Message {
        match decided {
            Decided::Commit => Message::Commit(txn),
            Decided::Abort => Message::Abort(txn),
        }
    }
    pub fn txn(&self) -> Txn {
        match self {
            Message::VoteReq { txn, .. }
            | Message::Yes(txn)
            | Message::No(txn)
            | Message::Read(txn)
            | Message::Commit(txn)
            | Message::Abort(txn)
            | Message::Ack(txn)
            | Message::DecisionReq(txn) => *txn,
        }
    }
}

timers! {
    pub enum Timer {
        /// The coordinator waits for votes.
        Votes(txn: Txn) => ring(
            "votes", text("wait for votes", "等待表决"), text("{node} has waited for votes.", "{node} 等待表决已到时限。")
        ),
        /// Whom it asks is on its disk.
        Collected(txn: Txn) => timer(
            "collected",
            text("participants on disk", "参与者名单落盘"),
            text("The disk of {node} has whom it asks.", "{node} 的参与者名单已落盘。"),
        ),
        /// It tells its decision again.
        Acks(txn: Txn) => timer(
            "acks",
            text("wait for acknowledgements", "等待确认"),
            text("{node} has waited for acknowledgements.", "{node} 等待确认已到时限。"),
        ),
        /// A participant waits for a lock.
        Lock(txn: Txn) => ring(
            "lock", text("wait for a lock", "等待锁"), text("{node} has waited for a lock.", "{node} 等锁已到时限。")
        ),
        /// It waits for the decision.
        Decision(txn: Txn) => ring(
            "decision",
            text("wait for the decision", "等待决定"),
            text("{node} has waited for the decision.", "{node} 等待决定已到时限。"),
        ),
        /// It has waited too long for its operator's patience.
        Heuristic(txn: Txn) => timer(
            "heuristic",
            text("operator's limit", "人工时限"),
            text("The operator of {node} waits no longer.", "{node} 的运维人员等不下去了。"),
        ),
        /// Its yes is on its disk.
        Voted(txn: Txn) => timer(
            "voted", text("yes on disk", "同意落盘"), text("The disk of {node} has its yes.", "{node} 的同意已落盘。")
        ),
        /// The decision is on its disk.
        Decided(txn: Txn) => timer(
            "decided",
            text("decision on disk", "决定落盘"),
            text("The disk of {node} has the decision.", "{node} 的决定已落盘。"),
        ),
    }
}

impl Timer {
    /// The transaction of which a record is on the disk then.
    pub fn written(self) -> Option<Txn> {
        match self {
            Timer::Collected(txn) | Timer::Voted(txn) | Timer::Decided(txn) => Some(txn),
            _ => None,
        }
    }
}
