//! What happened, for properties that no state can decide: who led which epoch, what was broadcast and committed, and
//! what was delivered first in each place. No server reads it.

use rpds::RedBlackTreeMap;
use synod_engine::fingerprint::Fingerprint;
use synod_engine::order::SmallMap;
use synod_engine::prelude::*;
use synod_engine::shared::SharedList;

use super::state::*;
use super::{Zab, rules};

type Server = Node<Zab>;

/// A server before an event.
pub struct Before {
    accepted: Epoch,
    current: Epoch,
    delivered: usize,
    history: super::state::History,
    phase: Option<Phase>,
    leads: bool,
}

impl Before {
    pub fn of(node: &Server) -> Before {
        let Durable { accepted, current, history } = &node.durable;
        let (accepted, current, history) = (*accepted, *current, history.clone());
        let Volatile { delivered, role, .. } = &node.volatile;
        let (delivered, phase, leads) = (*delivered, role.phase(), role.leading().is_some());
        Before { accepted, current, delivered, history, phase, leads }
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// Who led each epoch, from synchronisation on.
    pub(super) leaders: RedBlackTreeMap<Epoch, NodeId>,
    /// What primaries broadcast.
    broadcast: RedBlackTreeMap<Zxid, u64>,
    /// What was delivered first in each place, and in which epoch it was known to be committed.
    pub(super) sequence: SharedList<(Zxid, u64)>,
    pub(super) committed: u32,
    asked: SharedList<(u32, u32)>,
    pub(super) answered: u32,
    pub(super) answers: u32,
    /// Of how much each client has been told, and what was told of less.
    seen: SharedList<u32>,
    pub(super) told: u32,
    pub(super) missed: u32,
    pub(super) slip: Option<Slip>,
    pub(super) phases: SharedList<Span>,
    /// What each that is being synchronised is to have, from when it is sent what it lacks until it has it.
    pub(super) handed: SmallMap<NodeId, Handed>,
}

/// What a follower has in common with its leader, and what it is to have.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Handed {
    pub same: usize,
    pub history: super::state::History,
}

/// A phase of a server.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Span {
    pub node: NodeId,
    pub phase: Option<Phase>,
    pub from: Micros,
    pub until: Option<Micros>,
}

/// What the last event did that was not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Slip {
    TwoLeaders(Epoch, NodeId, NodeId),
    NotBroadcast(NodeId, Zxid),
    OutOfOrder(NodeId, u32),
    Backwards(NodeId, Zxid),
    Lacks(NodeId, Epoch),
    EpochFell(NodeId, Epoch),
    NotCommitted(NodeId, Zxid),
    Missed(NodeId, u32),
    TooOld(ClientId, u32),
    WentBack(ClientId, u32, u32),
}

fn digest(txn: &Txn) -> u64 {
    Fingerprint::of(&txn.command)
}

pub fn observe(history: &mut History, seen: &Observed<Zab>, cluster: Cluster<Zab>) {
    history.slip = None;
    match seen {
        Observed::Asked { client, serial, .. } => history.asked.set(client.at(), (*serial, history.answered)),
        Observed::Handled { before, after, said, time, .. } => {
            for (rule, noted) in said.rules_noting() {
                if std::ptr::eq(rule, &rules::MISS) {
                    history.missed += 1;
                    history.slip(Slip::Missed(after.id, noted.a));
                }
                if std::ptr::eq(rule, &rules::COMMIT) {
                    history.committed += 1;
                }
            }
            history.note_handed(after, said.rules_noting(), cluster);
            history.handled(before, after, cluster);
            history.note_phase(after.id, after.volatile.role.phase(), *time);
        }
        Observed::Answered { client, serial, operation, answer } => history.answer(*client, *serial, operation, answer),
        Observed::Fell { before, after } => {
            if after.durable.accepted < before.accepted || after.durable.current < before.current {
                history.slip(Slip::EpochFell(after.id, before.accepted));
            }
            history.handed.remove(after.id);
            history.end_phase(after.id, cluster.now());
        }
        _ => {}
    }
}

impl History {
    fn slip(&mut self, slip: Slip) {
        self.slip.get_or_insert(slip);
    }

    /// Writes are done in an order that agrees with time; reads may be old, but for a client never older than before.
    fn answer(&mut self, client: ClientId, serial: u32, operation: &super::operation::Operation, answer: &Answer) {
        let seen = self.seen.get(client.at()).copied().unwrap_or_default();
        self.told += 1;
        if answer.index < seen {
            self.slip(Slip::WentBack(client, answer.index, seen));
        }
        self.seen.set(client.at(), seen.max(answer.index));
        let is_write = matches!(operation, super::operation::Operation::Store(one) if !one.is_read());
        if !is_write {
            return;
        }
        let floor = self.asked.get(client.at()).filter(|(asked, _)| *asked == serial).map_or(0, |(_, floor)| *floor);
        if answer.index <= floor && floor > 0 {
            self.slip(Slip::TooOld(client, answer.index));
        }
        self.answered = self.answered.max(answer.index);
        self.answers += 1;
    }

    fn handled(&mut self, before: &Before, after: &Server, cluster: Cluster<Zab>) {
        let (id, Durable { accepted, current, history }) = (after.id, &after.durable);
        if *accepted < before.accepted || *current < before.current || current > accepted {
            self.slip(Slip::EpochFell(id, *accepted));
        }
        let Volatile { role, delivered, .. } = &after.volatile;
        if let Some(leading) = role.leading().filter(|leading| leading.phase > Phase::Discovery) {
            match self.leaders.get(&leading.epoch) {
                None => self.leaders.insert_mut(leading.epoch, id),
                Some(known) if *known != id => self.slip(Slip::TwoLeaders(leading.epoch, *known, id)),
                Some(_) => {}
            }
            self.broadcasts(before, after, leading);
        }
        for at in before.delivered..*delivered {
            if let Some(txn) = history.get(at) {
                self.delivers(id, at, txn, cluster);
            }
        }
    }

    /// What the leader appended it broadcasts. It has delivered by then all that anybody delivered of older epochs.
    fn broadcasts(&mut self, before: &Before, after: &Server, leading: &Leading) {
        let history = &after.durable.history;
        if !before.leads || before.phase < Some(Phase::Synchronisation) || history.untouched(&before.history) {
            return;
        }
        for txn in history.iter_from(before.history.len()) {
            self.broadcast.insert_mut(txn.zxid, digest(txn));
            let older = self.sequence.iter().take_while(|(zxid, _)| zxid.epoch < leading.epoch).count();
            let has =
                |at: usize| history.get(at).is_some_and(|own| Some(&(own.zxid, digest(own))) == self.sequence.get(at));
            if after.volatile.delivered < older || !(0..older).all(has) {
                self.slip(Slip::Lacks(after.id, leading.epoch));
            }
        }
    }

    fn delivers(&mut self, id: NodeId, at: usize, txn: &Txn, cluster: Cluster<Zab>) {
        let known = (txn.zxid, digest(txn));
        if self.broadcast.get(&txn.zxid) != Some(&known.1) {
            self.slip(Slip::NotBroadcast(id, txn.zxid));
        }
        match self.sequence.get(at) {
            Some(first) if *first != known => self.slip(Slip::OutOfOrder(id, at as u32 + 1)),
            Some(_) => {}
            None => {
                if self.sequence.last().is_some_and(|(zxid, _)| *zxid >= txn.zxid) {
                    self.slip(Slip::Backwards(id, txn.zxid));
                }
                let config = cluster.config();
                let holds = |node: &&Server| {
                    config.votes(node.id) && node.durable.history.get(at).is_some_and(|own| own == txn)
                };
                let many = cluster.nodes().iter().filter(holds).count() as u32;
                if many < config.majority() {
                    self.slip(Slip::NotCommitted(id, txn.zxid));
                }
                self.sequence.push(known);
            }
        }
    }

    fn note_handed(
        &mut self,
        after: &Server,
        fired: impl Iterator<Item = (&'static Rule, Noted)>,
        cluster: Cluster<Zab>,
    ) {
        if after.volatile.role.following().is_none_or(|following| following.phase > Phase::Discovery) {
            self.handed.remove(after.id);
        }
        let sends = [&rules::SEND_TRUNC, &rules::SEND_DIFF, &rules::SEND_SNAP];
        for (_, noted) in fired.filter(|(rule, _)| sends.iter().any(|sends| std::ptr::eq(*sends, *rule))) {
            let Some(peer) = noted.peer.and_then(|peer| cluster.nodes().get(peer.0 as usize)) else { continue };
            let mut history = after.durable.history.clone();
            if peer.volatile.observes && after.volatile.role.phase() == Some(Phase::Broadcast) {
                history.truncate(after.volatile.delivered);
            }
            let same = after.durable.up_to(peer.durable.last()).min(history.len());
            self.handed.insert(peer.id, Handed { same, history });
        }
    }

    fn end_phase(&mut self, node: NodeId, time: Micros) {
        for at in (0..self.phases.len()).rev().take(64) {
            if let Some(span) = self.phases.get(at).copied().filter(|span| span.node == node && span.until.is_none()) {
                return self.phases.replace(at, Span { until: Some(time), ..span });
            }
        }
    }

    fn note_phase(&mut self, node: NodeId, phase: Option<Phase>, time: Micros) {
        let open = (0..self.phases.len()).rev().take(64).filter_map(|at| self.phases.get(at));
        let now = open.filter(|span| span.node == node && span.until.is_none()).map(|span| span.phase).next();
        if now != Some(phase) {
            self.end_phase(node, time);
            self.phases.push(Span { node, phase, from: time, until: None });
        }
    }
}
