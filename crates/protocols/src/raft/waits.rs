//! For whom the last commit waited, and how long: for the eye, in runs that have places. What is measured here no
//! rule and no property sees, so it is no part of a run's fingerprint.

use std::hash::{Hash, Hasher};

use synod_engine::names::NodeId;
use synod_engine::protocol::{Cause, LastCommit, Node, SetOf};
use synod_engine::text::text;
use synod_engine::units::Micros;

use super::Raft;
use super::history::Before;
use super::state::{Index, Term};

/// Entries whose acknowledgements are noted: those that are on their way, and the last that was committed.
const MOST: usize = 64;

#[derive(Clone, Default)]
pub struct Waits {
    /// Whose they are.
    leader: Option<(NodeId, Term)>,
    /// The oldest first.
    open: Vec<Wait>,
    last: Option<(Wait, Decided)>,
}

#[derive(Clone)]
struct Wait {
    index: Index,
    /// When it was asked of the leader.
    since: Micros,
    /// Who said that it holds the entry, and when; the leader at once.
    acks: Vec<(NodeId, Micros)>,
}

#[derive(Clone)]
struct Decided {
    by: Option<NodeId>,
    at: Micros,
    waited: Vec<NodeId>,
    term: Term,
}

impl Hash for Waits {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

impl PartialEq for Waits {
    fn eq(&self, _other: &Waits) -> bool {
        true
    }
}

impl Eq for Waits {}

impl Waits {
    /// What one event of a leader adds.
    pub fn observe(&mut self, before: &Before, after: &Node<Raft>, cause: &Cause<Raft>, now: Micros) {
        let Some(leadership) = after.volatile.role.leadership() else {
            return;
        };
        let leader = (after.id, after.durable.term);
        if self.leader != Some(leader) {
            (self.leader, self.open) = (Some(leader), Vec::new());
        }
        for index in before.log.last_index() + 1..=after.durable.log.last_index() {
            self.open.push(Wait { index, since: now, acks: vec![(after.id, now)] });
        }
        let from = match cause {
            Cause::Message { from, .. } => Some(*from),
            _ => None,
        };
        if let Some(from) = from {
            let reached = leadership.peers[from.at()].match_index;
            let last = self.last.iter_mut().filter(|(_, decided)| decided.term == leader.1).map(|(wait, _)| wait);
            for wait in self.open.iter_mut().chain(last).filter(|wait| wait.index <= reached) {
                wait.hear(from, now);
            }
        }
        self.decide(after, from, now);
        let more = self.open.len().saturating_sub(MOST);
        self.open.drain(..more);
    }

    /// The newest entry that this event committed is the last commit.
    fn decide(&mut self, after: &Node<Raft>, from: Option<NodeId>, now: Micros) {
        let commit = after.volatile.commit_index;
        let decided = self.open.iter().take_while(|wait| wait.index <= commit).count();
        if let Some(wait) = self.open.drain(..decided).next_back() {
            let waited = wait.acks.iter().map(|(node, _)| *node).collect();
            let decided = Decided { by: from, at: now, waited, term: after.durable.term };
            self.last = Some((wait, decided));
        }
    }

    pub fn last_commit(&self) -> Option<LastCommit> {
        let (wait, Decided { by, at, waited, .. }) = self.last.as_ref()?;
        let acks = wait.acks.iter().map(|(node, time)| (*node, time - wait.since)).collect();
        Some(LastCommit { waited: waited.clone(), decided_by: *by, took: at - wait.since, acks })
    }

    /// Those for whom it waited, as a set.
    pub fn set(&self) -> Option<SetOf> {
        let (_, Decided { waited, term, .. }) = self.last.as_ref()?;
        let label = text("waited for these", "等到了这些").says();
        let (members, epoch) = (waited.clone(), Some(*term));
        Some(SetOf { id: "waited".into(), label, members, epoch, client: None, kind: "quorum", meets: Vec::new() })
    }
}

impl Wait {
    fn hear(&mut self, from: NodeId, now: Micros) {
        if !self.acks.iter().any(|(node, _)| *node == from) {
            self.acks.push((from, now));
        }
    }
}
