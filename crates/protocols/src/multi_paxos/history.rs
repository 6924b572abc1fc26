//! What happened, for properties that no state can decide: every promise and every vote that was
//! ever made, and what was applied first in each slot.

use synod_engine::fingerprint::Fingerprint;
use synod_engine::prelude::*;
use synod_engine::shared::SharedList;

use crate::node_set::NodeSet;
use crate::replica::Replica;

use super::MultiPaxos;
use super::state::*;

/// A server before an event. Its log is shared, so this costs O(1).
pub struct Before {
    promised: Ballot,
    applied: Slot,
    log: Log,
}

impl Before {
    pub fn of(node: &Node<MultiPaxos>) -> Before {
        let (durable, volatile) = (&node.durable, &node.volatile);
        Before { promised: durable.promised, applied: volatile.applied, log: durable.log.clone() }
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// The highest ballot that each server ever promised.
    promised: Vec<Ballot>,
    slots: SharedList<SlotVotes>,
    pub(super) chosen: u32,
    /// What was applied first in each slot.
    pub(super) sequence: SharedList<Applied>,
    /// The state machine when every slot is applied in order and each command is done once.
    model: Replica,
    /// For each client the slot below which its present command cannot stand.
    asked: SharedList<(u32, Slot)>,
    pub(super) answered: Slot,
    pub(super) answers: u32,
    pub(super) slip: Option<Slip>,
}

/// Every vote that was ever cast in a slot: who, in which ballot, for what.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct SlotVotes {
    votes: Vec<(Ballot, u64, NodeSet)>,
    chosen: Option<u64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Applied {
    digest: u64,
    /// What the key of its command holds after it; nothing for a no-op.
    after: Option<i64>,
}

/// What the last event did that was not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Slip {
    TwoChosen(Slot),
    BelowPromise(NodeId, Ballot),
    LostPromise(NodeId, Ballot),
    NotCarried(NodeId, Slot, Ballot),
    NotChosen(NodeId, Slot),
    OutOfOrder(NodeId, Slot),
    TooOld(ClientId, Slot),
}

fn digest(vote: Vote) -> u64 {
    Fingerprint::of(&vote.command)
}

pub fn observe(history: &mut History, seen: &Observed<MultiPaxos>, servers: u32) {
    history.slip = None;
    match seen {
        Observed::Asked { client, serial, .. } => {
            history.asked.set(client.at(), (*serial, history.answered));
        }
        Observed::Handled { before, after, .. } => history.handled(before, after, servers),
        Observed::Answered { client, serial, answer, .. } => {
            let floor =
                history.asked.get(client.at()).filter(|(asked, _)| asked == serial).map_or(0, |(_, floor)| *floor);
            if answer.index <= floor && floor > 0 {
                history.slip(Slip::TooOld(*client, answer.index));
            }
            history.answered = history.answered.max(answer.index);
            history.answers += 1;
        }
        Observed::Fell { before, after } if after.durable.promised < before.promised => {
            history.slip(Slip::LostPromise(after.id, before.promised));
        }
        _ => {}
    }
}

impl History {
    fn slip(&mut self, slip: Slip) {
        self.slip.get_or_insert(slip);
    }

    fn handled(&mut self, before: &Before, after: &Node<MultiPaxos>, servers: u32) {
        let (id, durable) = (after.id, &after.durable);
        self.promised.resize(servers as usize, 0);
        let promised = self.promised[id.at()];
        if durable.promised != before.promised && durable.promised < promised {
            self.slip(Slip::BelowPromise(id, promised));
        }
        self.promised[id.at()] = promised.max(durable.promised);
        if !durable.log.0.untouched(&before.log.0) {
            let first = durable.log.0.common_prefix(&before.log.0) as Slot + 1;
            for slot in first..=durable.log.last() {
                let old = before.log.get(slot);
                if let Some(vote) = durable.log.get(slot).filter(|vote| old != Some(*vote)) {
                    self.voted(id, slot, vote, promised, servers);
                }
            }
        }
        for slot in before.applied + 1..=after.volatile.applied {
            self.applied(after, slot, slot == after.volatile.applied);
        }
    }

    fn voted(&mut self, id: NodeId, slot: Slot, vote: Vote, promised: Ballot, servers: u32) {
        if vote.ballot < promised {
            self.slip(Slip::BelowPromise(id, promised));
        }
        // Server i has the ballots congruent to i: its own vote is its proposal.
        if (vote.ballot + servers - 1) % servers == id.0 && !self.may_propose(slot, vote, servers) {
            self.slip(Slip::NotCarried(id, slot, vote.ballot));
        }
        let mut votes = self.slots.get(slot as usize - 1).cloned().unwrap_or_default();
        let same = |known: &&mut (Ballot, u64, NodeSet)| known.0 == vote.ballot && known.1 == digest(vote);
        let count = match votes.votes.iter_mut().find(same) {
            Some((_, _, voters)) => {
                voters.add(id);
                voters.count()
            }
            None => {
                votes.votes.push((vote.ballot, digest(vote), NodeSet::of(id)));
                1
            }
        };
        if count > servers / 2 {
            match votes.chosen {
                None => {
                    votes.chosen = Some(digest(vote));
                    self.chosen += 1;
                }
                Some(chosen) if chosen != digest(vote) => self.slip(Slip::TwoChosen(slot)),
                Some(_) => {}
            }
        }
        self.slots.set(slot as usize - 1, votes);
    }

    /// P2c (section 2.2) in one slot: some majority has promised this ballot, and of its votes
    /// below it the highest is for this value, or there is none.
    fn may_propose(&self, slot: Slot, vote: Vote, servers: u32) -> bool {
        let votes = self.slots.get(slot as usize - 1).map_or(&[][..], |slot| &slot.votes);
        let last_vote = |id: NodeId| {
            let below = votes.iter().filter(|(ballot, _, voters)| *ballot < vote.ballot && voters.has(id));
            below.max_by_key(|(ballot, _, _)| *ballot).map_or((0, 0), |(ballot, value, _)| (*ballot, *value))
        };
        let promised = (0..servers).map(NodeId).filter(|id| self.promised[id.at()] >= vote.ballot);
        let last: Vec<(Ballot, u64)> = promised.map(last_vote).collect();
        let up_to = |most: Ballot| last.iter().filter(|(ballot, _)| *ballot <= most).count() as u32 > servers / 2;
        up_to(0) || last.iter().any(|(ballot, value)| *ballot > 0 && *value == digest(vote) && up_to(*ballot))
    }

    fn applied(&mut self, node: &Node<MultiPaxos>, slot: Slot, newest: bool) {
        let vote = node.durable.log.get(slot);
        let chosen = self.slots.get(slot as usize - 1).and_then(|votes| votes.chosen);
        let Some(vote) = vote.filter(|vote| chosen == Some(digest(*vote))) else {
            return self.slip(Slip::NotChosen(node.id, slot));
        };
        if self.sequence.len() as Slot + 1 == slot {
            let mut after = None;
            if let Some(command) = vote.command {
                if command.serial > self.model.done(command.client) {
                    self.model.apply(&command, slot);
                }
                after = self.model.store.get(command.operation.key());
            }
            self.sequence.push(Applied { digest: digest(vote), after });
        }
        // Earlier slots of the same event may have been overwritten by later ones.
        let Some(model) = self.sequence.get(slot as usize - 1).filter(|_| newest) else {
            return;
        };
        let holds = vote.command.map(|command| node.volatile.replica.store.get(command.operation.key()));
        if model.digest != digest(vote) || holds.is_some_and(|holds| holds != model.after) {
            self.slip(Slip::OutOfOrder(node.id, slot));
        }
    }
}
