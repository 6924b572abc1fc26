//! What each side keeps and says. The phases bear the names of the sources, and those that many pages call them by:
//!
//! ```text
//! coordinator -- VOTE-REQ, "CanCommit" ------> participant      coordinator <- YES | NO --- participant
//! coordinator -- PRE-COMMIT, "PreCommit" ----> participant      coordinator <- ACK -------- participant
//! coordinator -- COMMIT, "DoCommit" | ABORT -> participant      coordinator <- DONE ------- participant
//! participant -- STATE-REQ ------------------> participant      and STATE, or what is decided, in return
//! participant -- ELECTED(number) ------------> participant      Keidar and Dolev 1998: and STATE again
//! participant -- DECISION-REQ ---------------> anybody          and COMMIT or ABORT in return, some time
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use rpds::RedBlackTreeMap;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::text::text;
use synod_engine::timers;
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::transactions::log;
pub use crate::transactions::log::{Change, Command, Decided, Record, Txn, Word, Write};
use crate::transactions::site::Site;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How long a coordinator waits for answers; a participant waits twice as long for a coordinator.
    pub timeout: Micros,
    pub recovery: Recovery,
    /// Whether a PreCommit is on the disk before it counts.
    pub forced: bool,
}

/// What a participant does that has waited for its coordinator in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recovery {
    /// It aborts while it waits for PreCommit, and commits while it waits for DoCommit.
    Timeouts,
    /// Termination protocol (Skeen 1981; Bernstein, Hadzilacos and Goodman 1987, section 7.5).
    Termination,
    /// Quorums (Skeen 1982).
    Quorum,
    /// Quorums, and numbers that tell attempts apart (Keidar and Dolev 1998).
    E3pc,
}

impl Config {
    /// Whether decisions of those who took over need a quorum.
    pub fn quorums(&self) -> bool {
        matches!(self.recovery, Recovery::Quorum | Recovery::E3pc)
    }
    /// How long a participant waits for the next word of a coordinator.
    pub fn wait(&self) -> Micros {
        2 * self.timeout
    }
}

/// A record of the distributed transaction log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// The coordinator began: whom it asks, and for whom.
    Start(NodeSet, Command),
    /// The participant said yes: what it wrote, and who takes part.
    Yes {
        changes: Rc<[Change]>,
        participants: NodeSet,
    },
    /// It is prepared to commit: in the attempt of this number.
    PreCommit(u32),
    PreAbort(u32),
    /// It follows the attempt of this number, and none that is older.
    Elected(u32),
    Commit,
    Abort,
    /// Everyone who was to be told has acknowledged.
    End,
}

impl Word for What {
    fn word(&self) -> &'static str {
        match self {
            What::Start(..) => "start",
            What::Yes { .. } => "yes",
            What::PreCommit(_) => "pre-commit",
            What::PreAbort(_) => "pre-abort",
            What::Elected(_) => "elected",
            What::Commit => "commit",
            What::Abort => "abort",
            What::End => "end",
        }
    }
    fn begins(&self) -> Option<(NodeSet, Command)> {
        match self {
            What::Start(participants, command) => Some((*participants, *command)),
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

impl Durable {
    /// Where this disk stands between a yes and a decision.
    pub fn stage(&self, txn: Txn) -> Option<Stage> {
        self.records(txn).find_map(|what| match what {
            What::Yes { .. } => Some(Stage::Uncertain),
            What::PreCommit(_) => Some(Stage::Prepared),
            What::PreAbort(_) => Some(Stage::PreAborted),
            _ => None,
        })
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    /// The newest transaction that it heard of.
    pub newest: Txn,
    /// The newest number that it gave, and below the first that it gives since it was started.
    pub given: Txn,
    pub below: Txn,
    /// The newest of each client's commands, and the number that it has.
    pub commands: BTreeMap<ClientId, (u32, Txn)>,
    /// What is decided here, and safe on the disk.
    pub decided: RedBlackTreeMap<Txn, Decided>,
    pub tries: BTreeMap<Txn, Trying>,
    pub works: BTreeMap<Txn, Work>,
    pub site: Site,
}

/// A transaction that the coordinator has not forgotten yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trying {
    pub client: Option<Command>,
    pub participants: NodeSet,
    pub yes: NodeSet,
    pub no: NodeSet,
    /// How many messages said yes: whoever counts these counts a copy twice.
    pub said_yes: u32,
    pub acks: NodeSet,
    pub done: NodeSet,
    pub phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It waits for votes.
    Voting,
    /// All said yes, and that is on its way to the disk.
    Preparing,
    /// It waits for the acknowledgements of PreCommit.
    Prepared,
    /// It was down, or has no quorum: it has no say any more, and waits to be told.
    Asking,
    /// A decision is on its way to the disk; it tells it then if it made it.
    Deciding(Decided, bool),
    /// Its decision is safe, and it tells it until all have acknowledged.
    Telling(Decided),
}

impl Trying {
    pub fn of(participants: NodeSet, phase: Phase) -> Trying {
        let none = NodeSet::default();
        Trying { client: None, participants, yes: none, no: none, said_yes: 0, acks: none, done: none, phase }
    }
    /// Those who are to hear a decision: whoever voted no has aborted already.
    pub fn told(&self) -> impl Iterator<Item = NodeId> {
        let no = self.no;
        self.participants.iter().filter(move |node| !no.has(*node))
    }
    pub fn silent(&self) -> impl Iterator<Item = NodeId> {
        let done = self.done;
        self.told().filter(move |node| !done.has(*node))
    }
}

/// A transaction that a participant has not finished.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Work {
    pub writes: Rc<[Write]>,
    pub participants: NodeSet,
    pub stage: Stage,
    /// Who is told when it has decided.
    pub asked: NodeSet,
    /// Whose attempt it follows, by its number; and the newest attempt in which it moved.
    pub leader: (u32, NodeId),
    pub elected: u32,
    pub attempt: u32,
    /// It was down since it voted: what others did meanwhile it does not know.
    pub back: bool,
    /// What is on its way to the disk, and what came meanwhile.
    pub writing: Option<Then>,
    pub inbox: VecDeque<(NodeId, Message)>,
    /// It took over.
    pub round: Option<Round>,
}

impl Work {
    pub fn new(writes: Rc<[Write]>, participants: NodeSet, coordinator: NodeId) -> Work {
        Work {
            writes,
            participants,
            stage: Stage::Waiting,
            asked: NodeSet::default(),
            leader: (FIRST, coordinator),
            elected: FIRST,
            attempt: 0,
            back: false,
            writing: None,
            inbox: VecDeque::new(),
            round: None,
        }
    }
    pub fn known(&self) -> Known {
        Known { stage: self.stage, elected: self.elected, attempt: self.attempt, back: self.back }
    }
}

/// The number of the coordinator's own attempt (Last_Elected begins at 1, and Last_Attempt at 0).
pub const FIRST: u32 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It waits for a lock, or has not voted.
    Waiting,
    /// Its yes is safe: it may not decide alone.
    Uncertain,
    /// Its PreCommit is safe.
    Prepared,
    PreAborted,
}

/// What is done when it is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Then {
    Vote,
    /// It has moved, and acknowledges it.
    Move {
        to: NodeId,
        number: u32,
        stage: Stage,
    },
    /// It follows an attempt, and says how it stands.
    Follow {
        to: NodeId,
        number: u32,
    },
    Decide(Decided, Reply),
}

/// What is sent when a decision is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    Done,
    No,
    Nothing,
}

/// How somebody stands, as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Known {
    pub stage: Stage,
    pub elected: u32,
    pub attempt: u32,
    pub back: bool,
}

/// An attempt of a participant that took over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Round {
    pub number: u32,
    pub step: Step,
    pub known: BTreeMap<NodeId, Known>,
    pub acks: NodeSet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// It asks how everyone stands.
    Asking,
    /// It has everyone follow the number.
    Electing,
    /// It has everyone move, and waits for acknowledgements.
    Moving(Decided),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    CanCommit { txn: Txn, writes: Rc<[Write]>, participants: NodeSet },
    Yes(Txn),
    No(Txn),
    PreCommit { txn: Txn, number: u32 },
    PreAbort { txn: Txn, number: u32 },
    Ack { txn: Txn, number: u32 },
    DoCommit(Txn),
    Abort(Txn),
    Done(Txn),
    Ask(Txn),
    StateReq { txn: Txn, number: u32, back: bool },
    Elected { txn: Txn, number: u32 },
    State { txn: Txn, number: u32, known: Known },
}

impl Message {
    pub fn of(decided: Decided, txn: Txn) -> Message {
        match decided {
            Decided::Commit => Message::DoCommit(txn),
            Decided::Abort => Message::Abort(txn),
        }
    }
    pub fn txn(&self) -> Txn {
        match self {
            Message::CanCommit { txn, .. }
            | Message::PreCommit { txn, .. }
            | Message::PreAbort { txn, .. }
            | Message::Ack { txn, .. }
            | Message::StateReq { txn, .. }
            | Message::Elected { txn, .. }
            | Message::State { txn, .. }
            | Message::Yes(txn)
            | Message::No(txn)
            | Message::DoCommit(txn)
            | Message::Abort(txn)
            | Message::Done(txn)
            | Message::Ask(txn) => *txn,
        }
    }
}

timers! {
    pub enum Timer {
        /// The coordinator waits for votes.
        Votes(txn: Txn) => ring(
            "votes", text("wait for votes", "等待表决"), text("{node} has waited for votes.", "{node} 等待表决已到时限。")
        ),
        /// It waits for acknowledgements of PreCommit, as does whoever took over.
        Acks(txn: Txn) => ring(
            "acks",
            text("wait for acknowledgements", "等待确认"),
            text("{node} has waited for acknowledgements.", "{node} 等待确认已到时限。"),
        ),
        /// It tells its decision, or asks, again.
        Again(txn: Txn) => timer(
            "again", text("say it again", "再次发送"), text("{node} says it again.", "{node} 再次发送。")
        ),
        /// A participant waits for a lock.
        Lock(txn: Txn) => ring(
            "lock", text("wait for a lock", "等待锁"), text("{node} has waited for a lock.", "{node} 等锁已到时限。")
        ),
        /// It waits for PreCommit.
        PreCommit(txn: Txn) => ring(
            "pre-commit",
            text("wait for PreCommit", "等待 PreCommit"),
            text("{node} has waited for PreCommit.", "{node} 等待 PreCommit 已到时限。"),
        ),
        /// It is prepared either way and waits for the decision.
        DoCommit(txn: Txn) => ring(
            "do-commit",
            text("wait for DoCommit", "等待 DoCommit"),
            text("{node} has waited for DoCommit.", "{node} 等待 DoCommit 已到时限。"),
        ),
        /// It took over, and waits to hear how the others stand.
        States(txn: Txn) => ring(
            "states",
            text("wait for states", "等待各方状态"),
            text("{node} has waited to hear how the others stand.", "{node} 等待各方状态已到时限。"),
        ),
        /// What a participant wrote is on its disk.
        Safe(txn: Txn) => timer(
            "safe", text("record on disk", "记录落盘"), text("The disk of {node} has its record.", "{node} 的记录已落盘。")
        ),
        /// The coordinator's PreCommit is on its disk.
        Ready(txn: Txn) => timer(
            "ready",
            text("PreCommit on disk", "PreCommit 落盘"),
            text("The disk of {node} has its PreCommit.", "{node} 的 PreCommit 已落盘。"),
        ),
        /// The coordinator's decision is on its disk.
        Decided(txn: Txn) => timer(
            "decided",
            text("decision on disk", "决定落盘"),
            text("The disk of {node} has the decision.", "{node} 的决定已落盘。"),
        ),
    }
}
