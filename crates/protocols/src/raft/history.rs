//! What happened, for invariants that no state can decide. "Leader of term t" and "committed" are
//! facts of the history: the votes for either need not exist all at one time.

use synod_engine::fingerprint::Fingerprint;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::protocol::{Node, Observed, Told};
use synod_engine::shared::SharedList;
use synod_engine::units::Micros;

use super::Raft;
use super::rules;
use super::state::*;
use super::waits::Waits;
use crate::store::Store;

/// A server before an event. Its log is shared, so this costs O(1).
pub struct Before {
    pub(super) leads: bool,
    pub(super) term: Term,
    pub(super) last_applied: Index,
    pub(super) log: Log,
}

impl Before {
    pub fn of(node: &Node<Raft>) -> Before {
        let (durable, volatile) = (&node.durable, &node.volatile);
        let (leads, last_applied) = (volatile.role.is_leader(), volatile.last_applied);
        Before { leads, term: durable.term, last_applied, log: durable.log.clone() }
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// How much of the log the event that was observed last left as it was; nothing if all.
    pub(super) kept: Option<Index>,
    /// The first leader that each term had, and its log when it was elected, in order of election.
    pub(super) leaders: SharedList<(Term, NodeId, Log)>,
    /// The first entry that was ever seen at each index.
    pub(super) first: SharedList<Known>,
    /// Entries of other terms that were seen there too.
    pub(super) others: SharedList<Known>,
    /// What was applied first at each index.
    pub(super) committed: SharedList<Committed>,
    /// The store as it is when each command is done once, in order.
    pub(super) model: Store,
    /// What each client's commands have come to.
    pub(super) clients: SharedList<Seat>,
    /// The last write that was answered.
    pub(super) answered: Index,
    pub(super) answers: u32,
    /// No read that begins now may be answered from an earlier index.
    pub(super) floor: Index,
    pub(super) reads: u32,
    pub(super) stale: u32,
    /// The last lease of each server that has held one, in order of their first.
    pub(super) leases: Vec<Held>,
    /// Whether the command answered last read what was too old, and from where to where.
    pub(super) went_back: Option<(ClientId, Index, Index)>,
    pub(super) waits: Waits,
}

/// A lease in true time.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Held {
    pub(super) holder: NodeId,
    /// Rounds since the one that it rests on: when each began, on the holder's clock and truly.
    rounds: Vec<(i64, Micros)>,
    /// When the round that it rests on truly began.
    pub(super) began: Option<Micros>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Seat {
    /// The last command that was applied for it.
    pub(super) done: u32,
    /// The present command, and the floor when it was asked.
    pub(super) asked: u32,
    pub(super) floor: Index,
}

/// What index and term of an entry must determine.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Known {
    pub(super) index: Index,
    pub(super) term: Term,
    pub(super) prev_term: Term,
    pub(super) digest: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Committed {
    pub(super) term: Term,
    /// The term of the server that applied it first.
    pub(super) in_term: Term,
    pub(super) digest: u64,
    /// What its key holds after it; nothing for a no-op.
    pub(super) after: Option<i64>,
}

impl History {
    /// The first leader of a term. Terms mostly rise from election to election, so the search
    /// goes back from the newest, and no further than where no leader of this term could be.
    pub(super) fn leader(&self, term: Term) -> Option<NodeId> {
        self.leaders_from_newest().find(|(known, _, _)| *known == term).map(|(_, node, _)| *node)
    }

    pub(super) fn leaders_after(&self, term: Term) -> impl Iterator<Item = &(Term, NodeId, Log)> {
        self.leaders_from_newest().filter(move |(known, _, _)| *known > term)
    }

    /// A term so far behind has no message in flight any more, and nobody can be elected in it.
    fn leaders_from_newest(&self) -> impl Iterator<Item = &(Term, NodeId, Log)> {
        let newest = self.leaders.len();
        (newest.saturating_sub(64)..newest).rev().filter_map(|at| self.leaders.get(at))
    }

    pub(super) fn known(&self, index: Index, term: Term) -> Option<Known> {
        let first = self.first.get(index as usize - 1).filter(|known| known.term == term);
        let others = || self.others.iter().find(|known| known.index == index && known.term == term);
        first.or_else(others).copied()
    }

    fn remember(&mut self, known: Known) {
        if self.known(known.index, known.term).is_some() {
            return;
        }
        if self.first.len() as Index == known.index - 1 {
            self.first.push(known);
        } else {
            self.others.push(known);
        }
    }

    fn commit(&mut self, node: &Node<Raft>) {
        let from = self.committed.len() as Index + 1;
        for index in from..=node.volatile.last_applied {
            let Some(entry) = node.durable.log.get(index) else {
                return;
            };
            let mut after = None;
            if let Some(command) = entry.command {
                let seat = self.clients.get(command.client.at()).copied().unwrap_or_default();
                if command.serial > seat.done {
                    self.clients.set(command.client.at(), Seat { done: command.serial, ..seat });
                    self.model.apply(command.operation);
                }
                after = self.model.get(command.operation.key());
            }
            let (term, in_term, digest) = (entry.term, node.durable.term, Fingerprint::of(entry));
            self.committed.push(Committed { term, in_term, digest, after });
        }
    }

    /// Notes when the rounds of a leader truly begin, and which of them its lease rests on.
    fn hold(&mut self, leader: &Node<Raft>, now: Micros) {
        let Some(leadership) = leader.volatile.role.leadership() else {
            return;
        };
        if leadership.rounds.is_empty() && leadership.lease.is_none() {
            return;
        }
        let at = self.leases.iter().position(|held| held.holder == leader.id).unwrap_or_else(|| {
            self.leases.push(Held { holder: leader.id, rounds: Vec::new(), began: None });
            self.leases.len() - 1
        });
        let Held { rounds, began: held, .. } = &mut self.leases[at];
        if let Some((_, began)) = leadership.rounds.last()
            && rounds.last().is_none_or(|(last, _)| last != began)
        {
            rounds.push((*began, now));
        }
        let rests_on = |lease: &Lease| rounds.iter().position(|(began, _)| *began == lease.began);
        if let Some(at) = leadership.lease.as_ref().and_then(rests_on) {
            *held = Some(rounds[at].1);
            rounds.drain(..at);
        }
    }

    fn answer(&mut self, told: &Told<Raft>) {
        let index = told.answer.index;
        let is_write = self.committed.get((index as usize).wrapping_sub(1)).is_some_and(|c| c.after.is_some());
        if is_write && index > self.answered {
            self.answered = index;
        }
        self.answers = self.answers.wrapping_add(1);
    }
}

/// `placed` says that the run has places: there it is of interest for whom commits wait.
pub fn observe(history: &mut History, seen: &Observed<Raft>, placed: bool) {
    match seen {
        Observed::Asked { client, serial, .. } => {
            let seat = history.clients.get(client.at()).copied().unwrap_or_default();
            history.clients.set(client.at(), Seat { asked: *serial, floor: history.floor, ..seat });
        }
        Observed::Handled { before, after, cause, answers, said, time } => {
            let log = &after.durable.log;
            history.kept = kept(before, after);
            if let Some(kept) = history.kept {
                for index in kept + 1..=log.last_index() {
                    history.remember(known(log, index));
                }
            }
            if said.fired(&rules::BECOME_LEADER) {
                history.leases.retain(|held| held.holder != after.id);
                if history.leader(after.durable.term).is_none() {
                    history.leaders.push((after.durable.term, after.id, log.clone()));
                }
            }
            if placed {
                history.waits.observe(before, after, cause, *time);
            }
            history.hold(after, *time);
            history.commit(after);
            answers.iter().for_each(|told| history.answer(told));
        }
        Observed::Answered { client, serial, operation, answer } => {
            let floor =
                history.clients.get(client.at()).filter(|seat| seat.asked == *serial).map_or(0, |seat| seat.floor);
            history.went_back = None;
            if operation.is_read() {
                history.reads = history.reads.wrapping_add(1);
                if answer.index < floor {
                    history.stale = history.stale.wrapping_add(1);
                    history.went_back = Some((*client, floor, answer.index));
                }
            }
            history.floor = history.floor.max(answer.index);
        }
        Observed::Fell { before, after } => history.kept = kept(before, after),
        _ => {}
    }
}

/// How much of its log an event left a server as it was; nothing if all.
fn kept(before: &Before, after: &Node<Raft>) -> Option<Index> {
    let log = &after.durable.log;
    (!log.0.untouched(&before.log.0)).then(|| log.0.common_prefix(&before.log.0) as Index)
}

pub(super) fn known(log: &Log, index: Index) -> Known {
    let (term, prev_term) = (log.term_at(index).unwrap_or(0), log.term_at(index - 1).unwrap_or(0));
    Known { index, term, prev_term, digest: log.get(index).map_or(0, Fingerprint::of) }
}

pub(super) fn newly_leads(before: &Before, after: &Node<Raft>) -> bool {
    let same = before.leads && before.term == after.durable.term;
    after.volatile.role.is_leader() && !same
}

pub(super) fn holds(log: &Log, index: Index, committed: &Committed) -> bool {
    log.get(index).is_some_and(|entry| entry.term == committed.term && Fingerprint::of(entry) == committed.digest)
}
