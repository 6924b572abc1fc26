//! What a server keeps, what it says, and what it waits for, under the names of Junqueira, Reed and Serafini (2011).
//!
//! ```text
//! anybody -- NOTIFICATION(vote) ------> everyone     fast leader election: who has the most
//! follower -- CEPOCH(f.p) ------------> leader       phase 1, discovery
//! follower <- NEWEPOCH(e) ------------- leader
//! follower -- ACK-E(f.a, history) ----> leader
//! follower <- NEWLEADER(e, history) --- leader       phase 2, synchronisation; or TRUNC, DIFF, SNAP before it
//! follower -- ACK-LD -----------------> leader
//! follower <- COMMIT-LD --------------- leader
//! follower <- PROPOSE(e, <v, z>) ------ leader       phase 3, broadcast
//! follower -- ACK(z) -----------------> leader
//! follower <- COMMIT(z) --------------- leader
//! observer <- INFORM(<v, z>) ---------- leader       the last two in one, for those without a vote
//! follower -- REQUEST(v) -------------> leader       a client's write
//! ```

use std::collections::BTreeMap;
use std::fmt;

use synod_engine::prelude::*;
use synod_engine::shared::SharedList;

use crate::node_set::NodeSet;
use crate::replica::Replica;
use crate::store::Outcome;

pub use super::operation::Command;
pub use super::options::{Config, Election, Sync, Writes};

pub type Epoch = u32;

/// Which transaction: the epoch of the primary that broadcast it, and its number there. ZooKeeper packs both into 64
/// bits, and compares those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zxid {
    pub epoch: Epoch,
    pub counter: u32,
}

impl Zxid {
    /// What comes next in an epoch: the counter falls to 1 where a new one begins.
    pub fn next_in(self, epoch: Epoch) -> Zxid {
        let counter = if self.epoch == epoch { self.counter + 1 } else { 1 };
        Zxid { epoch, counter }
    }
    /// As ZooKeeper has it, in one number of 64 bits.
    pub fn packed(self) -> u64 {
        u64::from(self.epoch) << 32 | u64::from(self.counter)
    }
    pub fn of(packed: u64) -> Zxid {
        Zxid { epoch: (packed >> 32) as u32, counter: packed as u32 }
    }
}

impl fmt::Display for Zxid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.counter)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Txn {
    pub zxid: Zxid,
    pub command: Command,
}

pub type History = SharedList<Txn>;

/// What a client is told, and of which state: the last transaction of it, and how many it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    pub outcome: Outcome,
    pub zxid: Zxid,
    pub index: u32,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome.fmt(f)
    }
}

/// What a server has on disk.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    /// f.p, acceptedEpoch: it takes part in no older one.
    pub accepted: Epoch,
    /// f.a, currentEpoch: whose history it has.
    pub current: Epoch,
    pub history: History,
}

impl Durable {
    pub fn last(&self) -> Zxid {
        self.at(self.history.len())
    }
    /// The last of so many transactions.
    pub fn at(&self, many: usize) -> Zxid {
        many.checked_sub(1).and_then(|at| self.history.get(at)).map_or(Zxid::default(), |txn| txn.zxid)
    }
    /// What is answered of the state that so many transactions make.
    pub fn answer(&self, outcome: Outcome, index: u32) -> Answer {
        Answer { outcome, zxid: self.at(index as usize), index }
    }
    /// What a client's command is answered once it is done here.
    pub fn answered(&self, replica: &Replica, client: ClientId, serial: u32) -> Option<Answer> {
        replica.answer(client, serial).map(|done| self.answer(done.outcome, done.index))
    }
    /// How many transactions up to this one.
    pub fn up_to(&self, zxid: Zxid) -> usize {
        self.history.partition_point(|txn| txn.zxid <= zxid)
    }
    pub fn has(&self, zxid: Zxid) -> bool {
        self.at(self.up_to(zxid)) == zxid
    }
}

/// Whom one would have lead. Larger wins: the epoch first, then the last transaction, then the name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vote {
    pub epoch: Epoch,
    pub zxid: Zxid,
    pub leader: u32,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    /// The round of elections (logicalclock).
    pub round: u32,
    pub vote: Vote,
    /// Whether it has no vote.
    pub observes: bool,
    pub role: Role,
    /// So many transactions of the history are delivered.
    pub delivered: usize,
    pub replica: Replica,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Role {
    Looking(Looking),
    Following(Following),
    Leading(Leading),
}

impl Default for Role {
    fn default() -> Role {
        Role::Looking(Looking::default())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Discovery,
    Synchronisation,
    Broadcast,
}

/// Phase 0, fast leader election.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Looking {
    /// The votes of this round.
    pub votes: BTreeMap<NodeId, Vote>,
    /// The votes of those who have a leader: in which round, and whether it is the leader that says so.
    pub settled: BTreeMap<NodeId, (u32, Vote, bool)>,
    /// How long its next notification waits for answers.
    pub patience: Micros,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Following {
    pub leader: NodeId,
    pub phase: Phase,
    /// Whether it has answered NEWEPOCH.
    pub promised: bool,
    /// Clients that wait until what the leader had proposed is delivered here.
    pub syncing: Vec<(ClientId, u32)>,
    /// Clients whose writes were passed on to the leader, until these are delivered here.
    pub forwarded: Vec<(ClientId, u32)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Leading {
    pub phase: Phase,
    pub epoch: Epoch,
    pub learners: BTreeMap<NodeId, Learner>,
    /// The acknowledgements of what is not committed yet, the oldest first.
    pub open: Vec<(Zxid, NodeSet)>,
    pub waiters: Vec<Waiter>,
    /// Who was heard of since it last looked.
    pub heard: NodeSet,
}

/// What the leader knows of one that follows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Learner {
    pub stage: Stage,
    pub accepted: Epoch,
    pub current: Epoch,
    pub last: Zxid,
    pub history: Option<History>,
    /// Whether its ACK-E counts: it had not accepted this epoch before.
    pub counts: bool,
    /// The newest commit when it was sent NEWLEADER.
    pub committed: Zxid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// It sent CEPOCH.
    Connected,
    /// It sent ACK-E.
    Promised,
    /// It was sent NEWLEADER.
    Synchronising,
    /// It sent ACK-LD.
    Active,
}

/// A client that waits for its transaction, or, with `sync`, for all before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Waiter {
    pub zxid: Zxid,
    pub client: ClientId,
    pub serial: u32,
    pub kind: Waits,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Waits {
    Write,
    Sync,
    /// A follower asked on its client's behalf.
    SyncAt(NodeId),
    /// A follower passed it on, and answers its client itself.
    Forwarded,
}

#[derive(Clone, Hash)]
pub enum Message {
    Notification { round: u32, vote: Vote, stands: Stands },
    CEpoch { accepted: Epoch },
    NewEpoch { epoch: Epoch },
    AckE { epoch: Epoch, current: Epoch, last: Zxid, history: Option<History>, counts: bool },
    Trunc { epoch: Epoch, to: Zxid },
    Diff { epoch: Epoch, after: Zxid, txns: Vec<Txn> },
    Snap { epoch: Epoch, history: History },
    NewLeader { epoch: Epoch, last: Zxid, history: Option<History> },
    AckLd { epoch: Epoch },
    CommitLd { epoch: Epoch, committed: Zxid },
    Propose { epoch: Epoch, txn: Txn },
    Ack { epoch: Epoch, zxid: Zxid },
    Commit { epoch: Epoch, zxid: Zxid },
    Inform { epoch: Epoch, txn: Txn },
    Ping { epoch: Epoch, last: Zxid, committed: Zxid },
    Pong { epoch: Epoch, last: Zxid },
    Request { command: Command },
    Sync { client: ClientId, serial: u32 },
    Synced { client: ClientId, serial: u32 },
}

/// How a sender of a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stands {
    Looking,
    Following,
    Leading,
}

impl Role {
    pub fn leading(&self) -> Option<&Leading> {
        match self {
            Role::Leading(leading) => Some(leading),
            _ => None,
        }
    }
    pub fn leading_mut(&mut self) -> Option<&mut Leading> {
        match self {
            Role::Leading(leading) => Some(leading),
            _ => None,
        }
    }
    pub fn following(&self) -> Option<&Following> {
        match self {
            Role::Following(following) => Some(following),
            _ => None,
        }
    }
    pub fn following_mut(&mut self) -> Option<&mut Following> {
        match self {
            Role::Following(following) => Some(following),
            _ => None,
        }
    }
    /// How far it is; nothing while it is looking for a leader.
    pub fn phase(&self) -> Option<Phase> {
        match self {
            Role::Looking(_) => None,
            Role::Following(following) => Some(following.phase),
            Role::Leading(leading) => Some(leading.phase),
        }
    }
}

impl Default for Leading {
    fn default() -> Leading {
        let (learners, open, waiters) = (BTreeMap::new(), Vec::new(), Vec::new());
        Leading { phase: Phase::Discovery, epoch: 0, learners, open, waiters, heard: NodeSet::default() }
    }
}

impl Leading {
    /// Those who are this far at least.
    pub fn at_least(&self, stage: Stage) -> impl Iterator<Item = NodeId> {
        self.learners.iter().filter(move |(_, learner)| learner.stage >= stage).map(|(node, _)| *node)
    }
}

timers! {
    pub enum Timer {
        /// A server that looks for a leader says again whom it would have.
        Notify => ring(
            "election",
            text("ask again", "再次询问"),
            text("{node} has heard of no leader, and says its vote again.", "{node} 还没有领导者，再次发出投票。"),
        ),
        /// A quorum agrees, and nobody better was heard of for a while.
        Finalize => timer(
            "finalize",
            text("wait for better votes", "等待更优的投票"),
            text("{node} has waited for better votes.", "{node} 没有等到更优的投票。"),
        ),
        /// A follower waits for its leader, and a leader for a quorum.
        Wait => timer(
            "wait",
            text("wait for the others", "等待对方"),
            text("{node} has waited for whom it needs.", "{node} 等待对方已到时限。"),
        ),
        Ping => timer("ping", text("ping", "心跳"), text("It is time for a ping of {node}.", "{node} 该发送心跳了。")),
    }
}
