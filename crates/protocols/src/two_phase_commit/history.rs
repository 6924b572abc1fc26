//! What happened to each transaction and each disk: what properties are judged by, and what the table, the disks
//! and the lanes are drawn from. No machine reads it.

use std::rc::Rc;

use rpds::RedBlackTreeMap;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::protocol::{Cause, Cluster, Forced, Node, Observed};
use synod_engine::shared::SharedList;
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::store::Key;

use super::operation::Operation;
use super::state::*;
use super::{TwoPhaseCommit, rules};

type Machine = Node<TwoPhaseCommit>;

#[derive(Clone, Default, Hash)]
pub struct History {
    pub transactions: RedBlackTreeMap<Txn, Told>,
    /// What each client asked for last.
    asked: RedBlackTreeMap<ClientId, Rc<str>>,
    pub machines: Vec<Kept>,
    pub windows: SharedList<Span>,
    pub waits: SharedList<Span>,
    pub phases: SharedList<Span>,
    /// When a commit or an abort came to stand on the coordinator's disk.
    pub moments: SharedList<(Micros, Txn, Decided)>,
    /// What broke, once it has.
    pub slips: Vec<Slip>,
}

/// What became of one transaction.
#[derive(Clone, Default, Hash)]
pub struct Told {
    pub writes: Rc<str>,
    pub participants: NodeSet,
    /// Whose yes was ever safe on its disk; and who said no, as the coordinator or its own disk knows.
    pub yes: NodeSet,
    pub no: NodeSet,
    /// Who read only, and left.
    pub read: NodeSet,
    /// Who holds which decision; what a crash took does not count.
    pub commits: NodeSet,
    pub aborts: NodeSet,
    /// What the coordinator's disk says; or, where it need not be forced, what it told.
    pub decided: Option<Decided>,
    pub cost: Cost,
    /// Whether there was a reason to abort: a no, a wait in vain, a restart.
    pub excused: bool,
}

/// What a transaction cost, as R* counts it: messages, and records at the coordinator and at the participants with how
/// many of them were forced. The start record is of Bernstein, Hadzilacos and Goodman, and is not counted.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Hash)]
pub struct Cost {
    pub messages: u32,
    pub coordinator: Records,
    pub participants: Records,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Hash)]
pub struct Records {
    pub written: u32,
    pub forced: u32,
}

impl Cost {
    fn of(&mut self, machine: &Machine) -> &mut Records {
        if coordinates(machine) { &mut self.coordinator } else { &mut self.participants }
    }
}

fn coordinates(machine: &Machine) -> bool {
    machine.group == Some(super::COORDINATOR as u32)
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

/// A stretch of time at a machine; open while it has no end. `key` is what is waited for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub node: NodeId,
    pub txn: Txn,
    pub from: Micros,
    pub until: Option<Micros>,
    pub holder: Txn,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slip {
    Split(Txn),
    Reversed(NodeId, Txn),
    WithoutYes(NodeId, Txn, NodeId),
    NoReason(NodeId, Txn),
    BeforeWriting(NodeId, Txn, &'static str),
    Data(NodeId, Key),
    Unlocked(NodeId, Txn),
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

impl History {
    pub fn kept(&self, node: NodeId) -> Option<&Kept> {
        self.machines.get(node.at())
    }
    fn change(&mut self, txn: Txn, how: impl FnOnce(&mut Told)) {
        let mut told = self.transactions.get(&txn).cloned().unwrap_or_default();
        how(&mut told);
        self.transactions.insert_mut(txn, told);
    }
    /// From here on a machine may not decide alone.
    fn open_window(&mut self, node: NodeId, txn: Txn, time: Micros) {
        let open = |span: &Span| span.node == node && span.txn == txn && span.until.is_none();
        if !latest(&self.windows).any(open) {
            self.windows.push(Span { node, txn, from: time, until: None, holder: 0 });
        }
    }
    /// The coordinator has decided: the first time that this is so.
    fn decide(&mut self, time: Micros, txn: Txn, decided: Decided) {
        if self.transactions.get(&txn).and_then(|told| told.decided) != Some(decided) {
            self.moments.push((time, txn, decided));
            self.change(txn, |told| told.decided = Some(decided));
        }
    }
    /// How many transactions waited behind one, and for how long in all, while it was uncertain; of the newest.
    pub fn held_up(&self, txn: Txn, now: Micros) -> (usize, Micros) {
        let doubt = |wait: &Span| {
            let (from, until) = (wait.from, wait.until.unwrap_or(now));
            let windows = latest(&self.windows).filter(|span| span.node == wait.node && span.txn == txn);
            let overlap = |span: &Span| until.min(span.until.unwrap_or(now)).saturating_sub(from.max(span.from));
            windows.map(overlap).sum::<Micros>()
        };
        let waits: Vec<Micros> = latest(&self.waits).filter(|wait| wait.holder == txn).map(doubt).collect();
        (waits.iter().filter(|time| **time > 0).count(), waits.iter().sum())
    }
    fn machine(&mut self, node: NodeId) -> &mut Kept {
        if self.machines.len() <= node.at() {
            self.machines.resize_with(node.at() + 1, Kept::default);
        }
        &mut self.machines[node.at()]
    }
}

/// A coordinator whose decision is on its way to its disk: to others it is working still.
pub const DECIDING: &str = "deciding";

/// How a machine stands with its newest transaction, by what is safe on its disk.
pub fn stands(history: &History, node: &Machine, safe: &Durable) -> Option<(&'static str, Txn)> {
    let Volatile { newest, decided, works, tries, .. } = &node.volatile;
    if *newest == 0 {
        let newest = Some(safe.newest()).filter(|newest| *newest > 0)?;
        let state = match safe.records(newest).find(|what| **what != What::End) {
            Some(What::Commit) => "committed",
            Some(What::Abort) => "aborted",
            Some(What::Yes { .. }) => "uncertain",
            _ => "working",
        };
        return Some((state, newest));
    }
    let voted = |work: &Work| match work.stage {
        Stage::Uncertain => true,
        Stage::Deciding(..) => safe.changes(*newest).is_some(),
        _ => false,
    };
    // A coordinator forgets what everyone knows.
    let forgotten = coordinates(node) && !tries.contains_key(newest);
    let forgotten = history.transactions.get(newest).and_then(|told| told.decided).filter(|_| forgotten);
    let state = match (decided.get(newest).copied().or(forgotten), works.get(newest)) {
        (Some(Decided::Commit), _) => "committed",
        (Some(Decided::Abort), _) => "aborted",
        (None, Some(work)) if voted(work) => "uncertain",
        (None, _) if tries.get(newest).is_some_and(|trying| matches!(trying.phase, Phase::Deciding(_))) => DECIDING,
        _ => "working",
    };
    Some((state, *newest))
}

pub fn observe(history: &mut History, seen: &Observed<TwoPhaseCommit>, cluster: Cluster<TwoPhaseCommit>) {
    match seen {
        Observed::Asked { client, operation: operation @ Operation::Tx(_), .. } => {
            history.asked.insert_mut(*client, operation.to_string()["tx ".len()..].into());
        }
        Observed::Handled { after, said, cause, time, .. } => {
            for message in said.messages() {
                super::safety::judge_message(history, after, message, cluster);
                history.change(message.txn(), |told| told.cost.messages += 1);
            }
            for forced in said.forces().filter_map(Timer::written) {
                history.change(forced, |told| told.cost.of(after).forced += 1);
            }
            // A reason to abort is given before the abort itself.
            let about = |rule| said.rules_noting().filter(move |(fired, _)| std::ptr::eq(*fired, rule));
            for rule in
                [&rules::GIVE_UP, &rules::ABORT_UNDECIDED, &rules::VOTE_NO, &rules::ABORT_INSTEAD, &rules::DECIDE_ALONE]
            {
                for txn in about(rule).filter_map(|(_, noted)| noted.epoch) {
                    history.change(txn, |told| {
                        told.excused = true;
                        if std::ptr::eq(rule, &rules::VOTE_NO) {
                            told.no.add(after.id);
                        }
                    });
                }
            }
            for (_, noted) in about(&rules::WAIT_FOR_LOCK) {
                let txn = noted.epoch.unwrap_or_default();
                history.waits.push(Span { node: after.id, txn, from: *time, until: None, holder: noted.a });
            }
            for (_, noted) in about(&rules::VOTE_READ) {
                history.change(noted.epoch.unwrap_or_default(), |told| told.read.add(after.id));
            }
            if matches!(cause, Cause::Boot) {
                reread(history, after);
            }
            // What a crash took had ended its window too.
            for txn in about(&rules::UNCERTAIN_AGAIN).filter_map(|(_, noted)| noted.epoch) {
                history.open_window(after.id, txn, *time);
            }
            if let Some(presumed) = cluster.config().presumed() {
                for txn in about(&rules::PRESUME).filter_map(|(_, noted)| noted.epoch) {
                    let open = history.transactions.get(&txn).is_none_or(|told| told.decided.is_none());
                    open.then(|| history.decide(*time, txn, presumed));
                }
            }
            note_log(history, after, *time, said.forces().next().is_none());
            for (rule, decided) in [(&rules::TELL_COMMIT, Decided::Commit), (&rules::TELL_ABORT, Decided::Abort)] {
                about(rule).filter_map(|(_, noted)| noted.epoch).for_each(|txn| history.decide(*time, txn, decided));
            }
            note_spans(history, after, *time);
            super::safety::judge_machine(history, after);
            note_standing(history, after, *time, cluster);
        }
        Observed::Written { node, time } => {
            let machine = &cluster.nodes()[node.at()];
            note_safe(history, machine, *time, cluster);
            note_standing(history, machine, *time, cluster);
        }
        Observed::Fell { after, .. } => {
            fell(history, after, cluster.now());
            note_standing(history, after, cluster.now(), cluster);
        }
        _ => {}
    }
}

/// New records of a machine's log, as they are written; `lazily` if nothing forces them.
fn note_log(history: &mut History, machine: &Machine, time: Micros, lazily: bool) {
    let (node, log) = (machine.id, &machine.durable.log);
    let from = history.machine(node).seen;
    history.machine(node).seen = log.len();
    for Record { txn, what } in log.iter_from(from) {
        let on_disk = OnDisk { txn: *txn, word: what.word(), at: time, forced: Forced::No };
        history.machine(node).disk.push(on_disk);
        if !matches!(what, What::Start(..) | What::Heuristic | What::Mixed) {
            history.change(*txn, |told| told.cost.of(machine).written += 1);
        }
        match what {
            What::Start(participants, (client, _)) | What::Collecting(participants, (client, _)) => {
                let writes = history.asked.get(client).cloned();
                history.change(*txn, |told| {
                    told.participants = *participants;
                    told.writes = writes.unwrap_or_default();
                });
            }
            What::Commit | What::Abort => {
                let is_commit = *what == What::Commit;
                if is_commit {
                    commit(history, machine, *txn);
                }
                history.change(*txn, |told| if is_commit { &mut told.commits } else { &mut told.aborts }.add(node));
                super::safety::judge_decision(history, machine, *txn, is_commit);
                if lazily {
                    close(&mut history.windows, time, |span| span.node == node && span.txn == *txn);
                }
            }
            // Whoever has aborted has decided, and cannot say yes any more.
            What::Yes { .. } if history.transactions.get(txn).is_some_and(|told| told.aborts.has(node)) => {
                history.slips.push(Slip::Reversed(node, *txn));
            }
            What::Yes { .. } | What::Heuristic | What::Mixed | What::End => {}
        }
    }
}

/// What a transaction wrote at a machine is what stands there.
fn commit(history: &mut History, machine: &Machine, txn: Txn) {
    let changes = machine.durable.changes(txn);
    for change in changes.iter().flat_map(|changes| changes.iter()) {
        history.machine(machine.id).values.insert_mut(change.key, change.after);
    }
}

/// What came to be safe on a machine's disk.
fn note_safe(history: &mut History, machine: &Machine, time: Micros, cluster: Cluster<TwoPhaseCommit>) {
    let Some(safe) = cluster.safe(machine.id) else { return };
    let node = machine.id;
    let from = history.machine(node).safe;
    history.machine(node).safe = safe.log.len();
    history.machine(node).mark(safe.log.len().saturating_sub(from));
    for Record { txn, what } in safe.log.iter_from(from) {
        if let What::Yes { .. } = what {
            history.change(*txn, |told| told.yes.add(node));
            history.open_window(node, *txn, time);
        }
        if let Some(decided) = what.decision() {
            if history.machine(node).settled.get(txn).is_some_and(|before| *before != decided) {
                history.slips.push(Slip::Reversed(node, *txn));
            }
            history.machine(node).settled.insert_mut(*txn, decided);
            close(&mut history.windows, time, |span| span.node == node && span.txn == *txn);
            if coordinates(machine) {
                history.decide(time, *txn, decided);
            }
        }
    }
}

/// So far back an open stretch is looked for.
const OPEN: usize = 64;

/// The newest stretches.
pub fn latest(spans: &SharedList<Span>) -> impl Iterator<Item = &Span> {
    spans.iter_from(spans.len().saturating_sub(OPEN))
}

/// Ends those that are open and are to end.
fn close(spans: &mut SharedList<Span>, time: Micros, ends: impl Fn(&Span) -> bool) {
    for at in spans.len().saturating_sub(OPEN)..spans.len() {
        if let Some(span) = spans.get(at).copied().filter(|span| span.until.is_none() && ends(span)) {
            spans.replace(at, Span { until: Some(time), ..span });
        }
    }
}

fn note_spans(history: &mut History, machine: &Machine, time: Micros) {
    let node = machine.id;
    let waits = |txn: Txn| machine.volatile.works.get(&txn).is_some_and(|work| work.stage == Stage::Waiting);
    close(&mut history.waits, time, |span| span.node == node && !waits(span.txn));
    let votes = |txn: Txn| machine.volatile.tries.get(&txn).is_some_and(|trying| trying.phase == Phase::Voting);
    close(&mut history.phases, time, |span| span.node == node && !votes(span.txn));
    for txn in machine.volatile.tries.keys().copied().filter(|txn| votes(*txn)) {
        let known = |span: &Span| span.node == node && span.txn == txn && span.until.is_none();
        if !latest(&history.phases).any(known) {
            history.phases.push(Span { node, txn, from: time, until: None, holder: 0 });
        }
    }
}

fn note_standing(history: &mut History, machine: &Machine, time: Micros, cluster: Cluster<TwoPhaseCommit>) {
    let state = cluster.safe(machine.id).and_then(|safe| stands(history, machine, safe)).map(|(state, _)| state);
    let kept = history.machine(machine.id);
    if kept.stands != state {
        (kept.stands, kept.since) = (state, time);
    }
}

/// A crash took what was not safe; a lost disk took everything.
fn fell(history: &mut History, machine: &Machine, time: Micros) {
    let (node, left) = (machine.id, machine.durable.log.len());
    let kept = history.machine(node);
    let wiped = left < kept.safe;
    (kept.seen, kept.safe) = (left, kept.safe.min(left));
    kept.lose(wiped);
    let undone =
        |told: &NodeSet, txn: Txn, decided: Decided| told.has(node) && machine.durable.decision(txn) != Some(decided);
    let open: Vec<Txn> = history.transactions.keys().copied().collect();
    for txn in open {
        let Some(told) = history.transactions.get(&txn) else { continue };
        let (commit, abort) = (undone(&told.commits, txn, Decided::Commit), undone(&told.aborts, txn, Decided::Abort));
        if commit || abort {
            history.change(txn, |told| {
                told.commits = if commit { told.commits.without(node) } else { told.commits };
                told.aborts = if abort { told.aborts.without(node) } else { told.aborts };
            });
        }
    }
    close(&mut history.waits, time, |span| span.node == node);
    close(&mut history.phases, time, |span| span.node == node);
    if wiped {
        close(&mut history.windows, time, |span| span.node == node);
    }
}

/// What is committed at a machine that is back: what its log says.
fn reread(history: &mut History, machine: &Machine) {
    history.machine(machine.id).values = RedBlackTreeMap::default();
    for record in machine.durable.log.iter().filter(|record| record.what == What::Commit) {
        commit(history, machine, record.txn);
    }
}
