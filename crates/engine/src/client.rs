//! The engine's clients: each makes one command at a time, finds the node to ask, is
//! redirected, retries under the same serial number, and times out. They are never nodes.

use std::hash::{Hash, Hasher};

use crate::cx::Verdict;
use crate::erased::{Opaque, Operation};
use crate::names::{ClientId, NodeId};
use crate::trace::Seq;
use crate::units::{MS, Micros};
use crate::world::Origin;

/// How long a client waits for an answer beyond four of the slowest flights.
pub const PATIENCE: Micros = 500 * MS;
/// How long it waits before it asks another node, when none could take the command.
pub const PAUSE: Micros = 50 * MS;
/// Redirections followed at once; after these it pauses first.
const REDIRECTIONS: u32 = 4;

/// How a client's command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was asked and has not ended.
    Waiting,
    /// A node answered it.
    Ok,
    /// A node could not take it, so whoever asked was told that it failed. It may have been done all the same.
    Failed,
    /// No answer came in time: it may have been done, be done later, or never.
    Unknown,
}

impl Outcome {
    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            Outcome::Waiting => "waiting",
            Outcome::Ok => "ok",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
        }
    }
}

/// The greatest [`crate::protocol::Protocol::receipt`] of a client's answers. Of one that keeps nothing a fingerprint
/// has nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt(pub u64);

impl Hash for Receipt {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.0 != 0 {
            self.0.hash(state);
        }
    }
}

#[derive(Clone, Hash)]
pub(crate) struct Client {
    pub id: ClientId,
    pub serial: u32,
    pub operation: Operation,
    pub outcome: Outcome,
    /// The one node that it asks, if the request named it.
    pub only: Option<NodeId>,
    /// The node that it asks, or asked last: where it begins next time.
    pub asking: NodeId,
    pub since: Micros,
    pub finished: Micros,
    pub answer: Option<Opaque>,
    pub(crate) receipt: Receipt,
    pub(crate) redirections: u32,
    pub(crate) draws: u32,
    /// Outdates the wake-ups that were set before.
    pub(crate) alarm: u64,
    pub(crate) cause: Seq,
    /// Its present command, among those whose costs are counted.
    pub(crate) origin: Origin,
}

/// What a client does next.
pub(crate) enum Next {
    Finish(Outcome),
    Ask(NodeId),
    /// Ask this node, after a pause.
    Pause(NodeId),
}

impl Client {
    pub fn waiting(&self) -> bool {
        self.outcome == Outcome::Waiting
    }

    /// What it makes of an answer to its present command.
    pub(crate) fn hear(&mut self, from: NodeId, verdict: &Verdict, nodes: u32) -> Next {
        match verdict {
            Verdict::Done(answer) => {
                self.answer = Some(answer.clone());
                self.asking = from;
                Next::Finish(Outcome::Ok)
            }
            _ if self.only.is_some() => Next::Finish(Outcome::Failed),
            Verdict::Redirect(to) if self.redirections < REDIRECTIONS => {
                self.redirections += 1;
                Next::Ask(*to)
            }
            Verdict::Redirect(to) => Next::Pause(*to),
            Verdict::Refused => Next::Pause(NodeId((from.0 + 1) % nodes)),
        }
    }

    /// What it does when no answer came in time, or a pause is over.
    pub(crate) fn wake(&mut self, paused: bool, nodes: u32) -> Next {
        if self.only.is_some() {
            return Next::Finish(Outcome::Unknown);
        }
        self.redirections = 0;
        Next::Ask(if paused { self.asking } else { NodeId((self.asking.0 + 1) % nodes) })
    }
}
