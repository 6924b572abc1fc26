//! What happened to each transaction and each disk: what properties are judged by, and what the table, the disks
//! and the lanes are drawn from. No machine reads it.

use std::hash::Hash;
use std::rc::Rc;

use rpds::RedBlackTreeMap;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::protocol::{Cluster, Forced, Node};
use synod_engine::shared::SharedList;
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::store::Key;

use super::Commitment;
use super::log::{Decided, Record, Txn, Word};
use super::operation::Operation;
use super::safety::Slip;

/// What a protocol keeps besides, of the whole and of each transaction.
pub trait Extra: Clone + Default + Hash + 'static {
    type Told: Clone + Default + Hash + 'static;
}

#[derive(Clone, Default, Hash)]
pub struct History<X: Extra> {
    pub transactions: RedBlackTreeMap<Txn, Told<X::Told>>,
    /// What each client asked for last.
    asked: RedBlackTreeMap<ClientId, Rc<str>>,
    pub machines: Vec<Kept>,
    /// From a yes on a disk to a decision on it.
    pub windows: SharedList<Span>,
    pub waits: SharedList<Span>,
    pub phases: SharedList<Span>,
    /// When a decision first came to count, and where.
    pub moments: SharedList<(Micros, NodeId, Txn, Decided)>,
    /// What broke, once it has.
    pub slips: Vec<Slip>,
    pub own: X,
}

/// What became of one transaction.
#[derive(Clone, Default, Hash)]
pub struct Told<T> {
    pub writes: Rc<str>,
    pub participants: NodeSet,
    /// Whose yes was ever safe on its disk; and who said no, as the coordinator or its own disk knows.
    pub yes: NodeSet,
    pub no: NodeSet,
    /// Who holds which decision; what a crash took does not count.
    pub commits: NodeSet,
    pub aborts: NodeSet,
    /// The decision that counts, once there is one.
    pub decided: Option<Decided>,
    /// Whether there was a reason to abort: a no, a wait in vain, a restart.
    pub excused: bool,
    pub own: T,
}

impl<T> Told<T> {
    pub fn knows(&self, one: NodeId) -> bool {
        self.commits.has(one) || self.aborts.has(one)
    }
    /// Whether some committed what others aborted.
    pub fn is_split(&self) -> bool {
        self.commits.count() > 0 && self.aborts.count() > 0
    }
    /// Whether a participant said yes and does not know the decision.
    pub fn in_doubt(&self) -> bool {
        self.participants.iter().any(|one| self.yes.has(one) && !self.knows(one))
    }
}

/// What is known of one machine.
#[derive(Clone, Default, Hash)]
pub struct Kept {
    /// How much of its log was seen, and how much of it is safe.
    seen: usize,
    safe: usize,
    /// The first of `disk` that may not be safe yet.
    open: usize,
    /// Every record that it ever wrote, also those that a crash took.
    pub disk: SharedList<OnDisk>,
    /// What is committed here.
    pub values: RedBlackTreeMap<Key, i64>,
    /// What it decided while that was safe: decisions are not taken back.
    pub settled: RedBlackTreeMap<Txn, Decided>,
    pub stands: Option<&'static str>,
    pub since: Micros,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OnDisk {
    pub txn: Txn,
    pub word: &'static str,
    pub at: Micros,
    pub forced: Forced,
}

/// A stretch of time at a machine; open while it has no end. `holder` is what is waited for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub node: NodeId,
    pub txn: Txn,
    pub from: Micros,
    pub until: Option<Micros>,
    pub holder: Txn,
    pub word: &'static str,
}

impl Kept {
    /// The next records on the disk, so many of them, are safe.
    fn mark(&mut self, many: usize) {
        for _ in 0..many {
            let Some(one) = self.disk.get(self.open).copied() else { return };
            self.disk.replace(self.open, OnDisk { forced: Forced::Yes, ..one });
            self.open += 1;
        }
    }
    /// What is not safe is lost, or all of it.
    fn lose(&mut self, all: bool) {
        for at in if all { 0 } else { self.open }..self.disk.len() {
            if let Some(one) = self.disk.get(at).copied() {
                self.disk.replace(at, OnDisk { forced: Forced::Lost, ..one });
            }
        }
        self.open = self.disk.len();
    }
}

impl<X: Extra> History<X> {
    pub fn kept(&self, node: NodeId) -> Option<&Kept> {
        self.machines.get(node.at())
    }
    pub fn change(&mut self, txn: Txn, how: impl FnOnce(&mut Told<X::Told>)) {
        let mut told = self.transactions.get(&txn).cloned().unwrap_or_default();
        how(&mut told);
        self.transactions.insert_mut(txn, told);
    }
    fn machine(&mut self, node: NodeId) -> &mut Kept {
        if self.machines.len() <= node.at() {
            self.machines.resize_with(node.at() + 1, Kept::default);
        }
        &mut self.machines[node.at()]
    }
    pub fn asks(&mut self, client: ClientId, operation: &Operation) {
        if let Operation::Tx(_) = operation {
            self.asked.insert_mut(client, operation.to_string()["tx ".len()..].into());
        }
    }
    /// From here on a machine may not decide alone.
    pub fn open_window(&mut self, node: NodeId, txn: Txn, time: Micros) {
        open(&mut self.windows, Span { node, txn, from: time, until: None, holder: 0, word: "uncertain" });
    }
    pub fn close_window(&mut self, node: NodeId, txn: Txn, time: Micros) {
        close(&mut self.windows, time, |span| span.node == node && span.txn == txn);
    }
    pub fn wait(&mut self, node: NodeId, (txn, holder): (Txn, Txn), time: Micros) {
        self.waits.push(Span { node, txn, from: time, until: None, holder, word: "lock" });
    }
    /// Those who are uncertain now.
    pub fn open_windows(&self) -> impl Iterator<Item = &Span> {
        latest(&self.windows).filter(|span| span.until.is_none())
    }
    pub fn decisions(&self) -> usize {
        self.machines.iter().map(|kept| kept.settled.size()).sum()
    }
    pub fn note_standing(&mut self, node: NodeId, stands: Option<&'static str>, time: Micros) {
        let kept = self.machine(node);
        if kept.stands != stands {
            (kept.stands, kept.since) = (stands, time);
        }
    }
}

/// So far back an open stretch is looked for.
const OPEN: usize = 64;

/// The newest stretches.
pub fn latest(spans: &SharedList<Span>) -> impl Iterator<Item = &Span> {
    spans.iter_from(spans.len().saturating_sub(OPEN))
}

/// Begins a stretch, unless it goes on already.
fn open(spans: &mut SharedList<Span>, new: Span) {
    let goes_on = |span: &Span| Span { from: new.from, ..*span } == new;
    if !latest(spans).any(goes_on) {
        spans.push(new);
    }
}

/// Ends those that are open and are to end.
fn close(spans: &mut SharedList<Span>, time: Micros, ends: impl Fn(&Span) -> bool) {
    for at in spans.len().saturating_sub(OPEN)..spans.len() {
        if let Some(span) = spans.get(at).copied().filter(|span| span.until.is_none() && ends(span)) {
            spans.replace(at, Span { until: Some(time), ..span });
        }
    }
}

/// New records of a machine's log, as they are written; `each` is what the protocol makes of one.
pub fn note_log<P: Commitment>(
    history: &mut P::History,
    machine: &Node<P>,
    time: Micros,
    mut each: impl FnMut(&mut P::History, Txn, &P::Record),
) {
    let (node, log) = (machine.id, &machine.durable.log);
    let from = history.machine(node).seen;
    history.machine(node).seen = log.len();
    for Record { txn, what } in log.iter_from(from) {
        let on_disk = OnDisk { txn: *txn, word: what.word(), at: time, forced: Forced::No };
        history.machine(node).disk.push(on_disk);
        if let Some((participants, (client, _))) = what.begins() {
            let writes = history.asked.get(&client).cloned().unwrap_or_default();
            history.change(*txn, |told| (told.participants, told.writes) = (participants, writes));
        }
        // Whoever has aborted has decided, and cannot say yes any more.
        if what.yes().is_some() && history.transactions.get(txn).is_some_and(|told| told.aborts.has(node)) {
            history.slips.push(Slip::Reversed(node, *txn));
        }
        match what.decision() {
            Some(Decided::Commit) => {
                commit(history, machine, *txn);
                history.change(*txn, |told| told.commits.add(node));
            }
            Some(Decided::Abort) => history.change(*txn, |told| told.aborts.add(node)),
            None => {}
        }
        each(history, *txn, what);
    }
}

/// What a transaction wrote at a machine is what stands there.
fn commit<P: Commitment>(history: &mut P::History, machine: &Node<P>, txn: Txn) {
    let changes = machine.durable.changes(txn);
    for change in changes.into_iter().flat_map(|changes| changes.iter()) {
        history.machine(machine.id).values.insert_mut(change.key, change.after);
    }
}

/// What came to be safe on a machine's disk; `each` is what the protocol makes of a record.
pub fn note_safe<P: Commitment>(
    history: &mut P::History,
    machine: &Node<P>,
    time: Micros,
    cluster: Cluster<P>,
    mut each: impl FnMut(&mut P::History, Txn, &P::Record),
) {
    let Some(safe) = cluster.safe(machine.id) else { return };
    let node = machine.id;
    let from = history.machine(node).safe;
    history.machine(node).safe = safe.log.len();
    history.machine(node).mark(safe.log.len().saturating_sub(from));
    for Record { txn, what } in safe.log.iter_from(from) {
        if what.yes().is_some() {
            history.change(*txn, |told| told.yes.add(node));
            history.open_window(node, *txn, time);
        }
        if let Some(decided) = what.decision() {
            if history.machine(node).settled.get(txn).is_some_and(|before| *before != decided) {
                history.slips.push(Slip::Reversed(node, *txn));
            }
            history.machine(node).settled.insert_mut(*txn, decided);
            history.close_window(node, *txn, time);
        }
        each(history, *txn, what);
    }
}

/// Waits that are over, and what a machine does now that is a stretch on its lane.
pub fn note_spans<P: Commitment>(
    history: &mut P::History,
    machine: &Node<P>,
    time: Micros,
    doing: &[(Txn, &'static str)],
) {
    let node = machine.id;
    let waits = |txn: Txn| P::waits(&machine.volatile, txn) == Some(true);
    close(&mut history.waits, time, |span| span.node == node && !waits(span.txn));
    close(&mut history.phases, time, |span| span.node == node && !doing.contains(&(span.txn, span.word)));
    for (txn, word) in doing.iter().copied() {
        open(&mut history.phases, Span { node, txn, from: time, until: None, holder: 0, word });
    }
}

/// A crash took what was not safe; a lost disk took everything.
pub fn fell<P: Commitment>(history: &mut P::History, machine: &Node<P>, time: Micros) {
    let (node, left) = (machine.id, machine.durable.log.len());
    let kept = history.machine(node);
    let wiped = left < kept.safe;
    (kept.seen, kept.safe) = (left, kept.safe.min(left));
    kept.lose(wiped);
    let knew = |(txn, told): (&Txn, &Told<_>)| told.knows(node).then_some(*txn);
    let knew: Vec<Txn> = history.transactions.iter().filter_map(knew).collect();
    for txn in knew {
        let held = machine.durable.decision(txn);
        let keeps = |set: NodeSet, decided| if held == Some(decided) { set } else { set.without(node) };
        history.change(txn, |told| {
            told.commits = keeps(told.commits, Decided::Commit);
            told.aborts = keeps(told.aborts, Decided::Abort);
        });
    }
    close(&mut history.waits, time, |span| span.node == node);
    close(&mut history.phases, time, |span| span.node == node);
    if wiped {
        close(&mut history.windows, time, |span| span.node == node);
    }
}

/// What is committed at a machine that is back: what its log says.
pub fn reread<P: Commitment>(history: &mut P::History, machine: &Node<P>) {
    history.machine(machine.id).values = RedBlackTreeMap::default();
    let commits = |record: &&Record<P::Record>| record.what.decision() == Some(Decided::Commit);
    for record in machine.durable.log.iter().filter(commits) {
        commit(history, machine, record.txn);
    }
}
