//! What a server keeps, what it says, and what it waits for.
//!
//! ```text
//! candidate -- RequestVote -------> everyone     leader -- AppendEntries -------> everyone
//! candidate <- RequestVoteReply --- voter        leader <- AppendEntriesReply --- follower
//!
//! client -- request --> leader -- AppendEntries --> majority -- replies --> leader -- answer --> client
//! client -- request --> follower -- redirect --> client -- request --> leader
//! ```

use std::fmt;

use synod_engine::names::{ClientId, NodeId};
use synod_engine::shared::SharedList;
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::store::Operation;

pub use crate::replica::{Answer, Command, Index, Replica};

pub type Term = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// Section 5.2: drawn anew from this range each time the timer is set.
    pub election_timeout: (Micros, Micros),
    pub heartbeat: Micros,
    pub pre_vote: bool,
    pub check_quorum: bool,
    pub noop: bool,
    pub entries_per_message: u32,
    pub read_mode: ReadMode,
    /// By how much a clock may run faster or slower than true time where leases are trusted, in
    /// parts of a hundred.
    pub clock_bound: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadMode {
    ReadIndex,
    Lease,
    Follower,
}

/// Figure 2, "Persistent state on all servers".
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    pub term: Term,
    pub voted_for: Option<NodeId>,
    pub log: Log,
}

/// Figure 2, "Volatile state on all servers", the state machine, and the role with its own state.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    pub role: Role,
    pub commit_index: Index,
    pub last_applied: Index,
    pub leader: Option<NodeId>,
    /// When it last heard from a current leader, on its own clock.
    pub heard_leader: Option<i64>,
    /// When it restarted, where it may have heard from a leader just before that a lease counts on.
    pub restarted: Option<i64>,
    /// Section 8.
    pub replica: Replica,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Follower,
    /// Asks whether an election could be won, before it raises its term (dissertation 9.6).
    PreCandidate(Ballot),
    Candidate(Ballot),
    Leader(Leadership),
}

/// Who answered a candidate, and how.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Ballot {
    pub granted: NodeSet,
    pub refused: NodeSet,
}

/// Figure 2, "Volatile state on leaders", and what clients wait for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Leadership {
    pub peers: Vec<Progress>,
    /// The number of the last round of AppendEntries to everyone (dissertation 6.4).
    pub round: u32,
    /// When each round that is not yet confirmed began, on the leader's clock.
    pub rounds: Vec<(u32, i64)>,
    pub lease: Option<Lease>,
    pub reads: Vec<PendingRead>,
    pub waiters: Vec<Waiter>,
}

/// For so long no other leader can be (dissertation 6.4.1), on the leader's own clock.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    /// When the round began that a majority answered.
    pub began: i64,
    pub until: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Progress {
    pub next_index: Index,
    pub match_index: Index,
    /// The highest index that was sent, so that an answer does not make it be sent again.
    pub sent: Index,
    /// The last round that this server answered.
    pub round: u32,
    /// The round in which the match was learned: see [`super::replication`].
    pub learned: u32,
    /// Answers up to this round are of before it lost its disk.
    pub lost: u32,
}

/// A read that waits until its leader is known to lead still (dissertation 6.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PendingRead {
    pub client: ClientId,
    pub serial: u32,
    pub operation: Operation,
    pub read_index: Index,
    pub round: u32,
}

/// A client whose command stands in the log at this index.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Waiter {
    pub index: Index,
    pub client: ClientId,
    pub serial: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub term: Term,
    /// Nothing is the no-op at the start of a term (section 8).
    pub command: Option<Command>,
}

#[derive(Clone, Hash)]
pub enum Message {
    RequestVote { term: Term, last_index: Index, last_term: Term },
    RequestVoteReply { term: Term, granted: bool },
    PreVote { term: Term, last_index: Index, last_term: Term },
    PreVoteReply { term: Term, granted: bool },
    AppendEntries { term: Term, prev_index: Index, prev_term: Term, entries: Vec<Entry>, commit: Index, round: u32 },
    AppendEntriesReply { term: Term, round: u32, result: Appended },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Appended {
    /// The log agrees with the leader's up to here; `new` says that entries came with it.
    UpTo { index: Index, new: bool },
    /// The consistency check failed: the term of the conflicting entry, if there is one, and the
    /// first index of that term, or the index after the log's last (end of section 5.3).
    Conflict { index: Index, term: Option<Term> },
    /// The leader's term is over.
    Stale,
}

impl Role {
    pub fn leadership(&self) -> Option<&Leadership> {
        match self {
            Role::Leader(leadership) => Some(leadership),
            _ => None,
        }
    }
    pub fn leadership_mut(&mut self) -> Option<&mut Leadership> {
        match self {
            Role::Leader(leadership) => Some(leadership),
            _ => None,
        }
    }
    pub fn is_leader(&self) -> bool {
        matches!(self, Role::Leader(_))
    }
}

/// The log, in chunks that nodes, keyframes and the history share.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Log(pub SharedList<Entry>);

impl Log {
    pub fn last_index(&self) -> Index {
        self.0.len() as Index
    }
    pub fn last_term(&self) -> Term {
        self.0.last().map_or(0, |entry| entry.term)
    }
    pub fn get(&self, index: Index) -> Option<&Entry> {
        index.checked_sub(1).and_then(|at| self.0.get(at as usize))
    }
    /// The term of an entry; 0 before the first, nothing beyond the last.
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == 0 { Some(0) } else { self.get(index).map(|entry| entry.term) }
    }
    pub fn append(&mut self, entry: Entry) -> Index {
        self.0.push(entry);
        self.last_index()
    }
    /// Keeps the entries up to an index.
    pub fn truncate(&mut self, last: Index) {
        self.0.truncate(last as usize);
    }
    /// Entries from an index on, at most `most` of them.
    pub fn slice(&self, from: Index, most: u32) -> Vec<Entry> {
        self.0.iter_from(from.saturating_sub(1) as usize).take(most as usize).copied().collect()
    }
    /// Terms never decrease along a log, so the first entry of one is found by halving.
    pub fn first_of_term(&self, term: Term) -> Index {
        self.0.partition_point(|entry| entry.term < term) as Index + 1
    }
    /// The last entry of a term, if the log has one.
    pub fn last_of_term(&self, term: Term) -> Option<Index> {
        let last = self.0.partition_point(|entry| entry.term <= term) as Index;
        (self.term_at(last) == Some(term)).then_some(last)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            Some(command) => command.operation.fmt(f),
            None => f.write_str("no-op"),
        }
    }
}
