//! What a server keeps, what it says, and what it waits for. Every server is proposer, acceptor
//! and learner at once.
//!
//! ```text
//! candidate -- Prepare(n, first) ---> everyone      phase 1, once for all later slots
//! candidate <- Promise(n, votes) ---- acceptor
//! leader ----- Accept(n, slot, v) --> everyone      phase 2, for each command
//! leader <---- Accepted(n, slot) ---- acceptor
//! leader ----- Heartbeat(n, chosen) -> everyone     and each answers how far it has come
//! leader ----- Chosen(slots) -------> who lags
//! client <---- answer --------------- leader
//! ```

use std::fmt;

use synod_engine::prelude::*;
use synod_engine::shared::SharedList;

use crate::node_set::NodeSet;

pub use crate::replica::{Answer, Command, Index as Slot, Replica};

/// A leader's number. 0 is none; server i of n has those congruent to i modulo n.
pub type Ballot = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    pub election_timeout: (Micros, Micros),
    pub heartbeat: Micros,
}

/// What an acceptor has on disk.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    /// It accepts nothing below this, in any slot.
    pub promised: Ballot,
    pub log: Log,
}

/// Nothing in a vote's command is a no-op.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    pub ballot: Ballot,
    pub command: Option<Command>,
}

/// The last vote in each slot, with holes, in chunks that nodes and messages share.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Log(pub SharedList<Option<Vote>>);

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    pub role: Role,
    pub leader: Option<NodeId>,
    /// The highest ballot that it has heard of.
    pub heard: Ballot,
    /// Every slot up to here is chosen and applied.
    pub applied: Slot,
    /// Slots beyond that which are known to be chosen, in order.
    pub chosen: Vec<Slot>,
    pub replica: Replica,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Follower,
    Candidate(Candidacy),
    Leader(Leadership),
}

/// Phase 1: who has promised, and the highest vote that was heard of in each slot.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Candidacy {
    pub promises: NodeSet,
    pub refused: NodeSet,
    pub votes: Log,
}

/// Phase 2.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Leadership {
    /// Who accepted each slot that is not chosen yet, in order of slots.
    pub open: Vec<(Slot, NodeSet)>,
    /// What was proposed up to here may be asked for again: it is older than a heartbeat.
    pub proposed_before: Slot,
    pub waiters: Vec<Waiter>,
}

/// A client whose command was proposed in this slot.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Waiter {
    pub slot: Slot,
    pub client: ClientId,
    pub serial: u32,
}

#[derive(Clone, Hash)]
pub enum Message {
    Prepare {
        ballot: Ballot,
        first: Slot,
    },
    Promise {
        ballot: Ballot,
        votes: Log,
    },
    Accept {
        ballot: Ballot,
        slot: Slot,
        command: Option<Command>,
        chosen: Slot,
    },
    Accepted {
        ballot: Ballot,
        slot: Slot,
    },
    Nack {
        ballot: Ballot,
        promised: Ballot,
    },
    Heartbeat {
        ballot: Ballot,
        chosen: Slot,
    },
    /// How far it has applied, and how far it was told that it could.
    HeartbeatReply {
        ballot: Ballot,
        applied: Slot,
        told: Slot,
    },
    Chosen {
        ballot: Ballot,
        first: Slot,
        commands: Vec<Option<Command>>,
        told: Slot,
    },
}

impl Log {
    pub fn last(&self) -> Slot {
        self.0.len() as Slot
    }
    pub fn get(&self, slot: Slot) -> Option<Vote> {
        slot.checked_sub(1).and_then(|at| self.0.get(at as usize).copied()).flatten()
    }
    pub fn set(&mut self, slot: Slot, vote: Vote) {
        self.0.set(slot as usize - 1, Some(vote));
    }
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
}

impl fmt::Display for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            Some(command) => command.operation.fmt(f),
            None => f.write_str("no-op"),
        }
    }
}
