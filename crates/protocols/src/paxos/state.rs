//! What each role keeps, what it says, and what it waits for.
//!
//! ```text
//! client -- propose v --> proposer
//!   proposer -- Prepare(n) ---------> acceptors          phase 1a
//!   proposer <- Promise(n, accepted) - acceptor          phase 1b
//!   proposer -- Accept(n, v) -------> acceptors          phase 2a
//!   proposer <- Accepted(n, v) ------ acceptor           phase 2b, to learners too
//! client <- v ----------- proposer
//!   learner -- Ask -----> acceptors, and each answers with what it accepted
//! ```

use std::fmt;

use synod_engine::prelude::*;

use crate::node_set::NodeSet;
use crate::word::Word;

pub use crate::propose::{Chosen, Propose};

/// A proposal's number. 0 is none; proposer i of p has those congruent to i modulo p.
pub type Ballot = u32;
pub type Value = Word;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    pub refusal: Refusal,
    pub backoff: Backoff,
    pub backoff_time: Micros,
    /// A proposer that waits so long for a majority tries again.
    pub retry: Micros,
    /// How long a proposer takes from its promises to its proposal.
    pub propose_after: Micros,
    /// A learner that knows nothing asks this often.
    pub ask_every: Micros,
    /// Acceptors tell one learner, which tells the others (section 2.3).
    pub distinguished: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    Nack,
    Silent,
    /// Silent to a prepare, answered to an accept.
    AcceptOnly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backoff {
    None,
    Fixed,
    Random,
}

/// What is on disk: section 2.5.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    /// The proposer's highest ballot.
    pub highest: Ballot,
    /// The acceptor's promise: it accepts nothing below it.
    pub promised: Ballot,
    pub accepted: Option<Proposal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Proposal {
    pub ballot: Ballot,
    pub value: Value,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    pub proposer: Proposer,
    pub learner: Learner,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Proposer {
    pub phase: Phase,
    /// Who promised its present ballot.
    pub promises: NodeSet,
    /// The highest ballot that it has heard of.
    pub heard: Ballot,
    /// Clients that wait, and what the first of them wants.
    pub clients: Vec<(ClientId, u32)>,
    pub wants: Option<Value>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    #[default]
    Idle,
    /// Waits for promises; `carried` is the highest proposal that came with one.
    Preparing {
        refused: NodeSet,
        carried: Option<Proposal>,
    },
    /// Has its promises, and is about to propose.
    Ready {
        carried: Option<Proposal>,
    },
    Accepting {
        value: Value,
        accepts: NodeSet,
        refused: NodeSet,
    },
    /// Overtaken by a higher ballot: it tries again when its timer goes off.
    Overtaken,
}

/// What a learner knows: who accepted what last, and what it holds to be chosen.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Learner {
    pub votes: Vec<(Proposal, NodeSet)>,
    pub chosen: Option<Proposal>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Message {
    Prepare {
        ballot: Ballot,
    },
    Promise {
        ballot: Ballot,
        accepted: Option<Proposal>,
    },
    Accept(Proposal),
    Accepted(Proposal),
    /// A refusal: it has promised a higher ballot than the one it was asked for.
    Nack {
        ballot: Ballot,
        promised: Ballot,
    },
    Ask,
    /// The distinguished learner tells the others.
    Chosen(Proposal),
}

timers! {
    pub enum Timer {
        Retry => ring("retry", text("timeout", "超时"), text("{node} has waited long enough.", "{node} 已等待足够久。")),
        Ask => timer(
            "ask",
            text("learner's timeout", "学习者超时"),
            text("{node} still knows no chosen value.", "{node} 仍不知道被选定的值。"),
        ),
        Propose => timer(
            "propose",
            text("proposal", "提出"),
            text("{node} is ready to propose.", "{node} 准备好提出提案。"),
        ),
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.ballot, self.value)
    }
}
