//! What happened to each transaction and each disk: what properties are judged by, and what the table, the disks
//! and the lanes are drawn from. No machine reads it.

use std::rc::Rc;

use rpds::RedBlackTreeMap;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::promise::Assumption;
use synod_engine::protocol::{Cause, Cluster, Forced, Node, Observed};
use synod_engine::shared::SharedList;
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::store::Key;
use crate::two_phase_commit::operation::Operation;

use super::state::*;
use super::{ThreePhaseCommit, judge, rules};

type Machine = Node<ThreePhaseCommit>;

#[derive(Clone, Default, Hash)]
pub struct History {
    pub transactions: RedBlackTreeMap<Txn, Told>,
    /// What each client asked for last.
    asked: RedBlackTreeMap<ClientId, Rc<str>>,
    pub machines: Vec<Kept>,
    pub windows: SharedList<Span>,
    pub waits: SharedList<Span>,
    pub phases: SharedList<Span>,
    /// When a commit or an abort came to stand on the first disk.
    pub moments: SharedList<(Micros, NodeId, Txn, Decided)>,
    /// What broke, once it has.
    pub slips: Vec<Slip>,
    /// What was broken of what promises rest on, as far as the protocol judges it.
    pub beyond: Vec<Assumption>,
    pub timing: judge::Timing,
    /// Since when nobody has fallen or come back and the network is whole: quorums are judged from then.
    pub calm: Micros,
}

/// What became of one transaction.
#[derive(Clone, Default, Hash)]
pub struct Told {
    pub writes: Rc<str>,
    pub participants: NodeSet,
    /// Whose yes was ever safe on its disk; and who said no.
    pub yes: NodeSet,
    pub no: NodeSet,
    /// Who holds which; what a crash took does not count.
    pub prepared: NodeSet,
    pub commits: NodeSet,
    pub aborts: NodeSet,
    /// The first decision that was safe on any disk.
    pub decided: Option<Decided>,
    /// Whether there was a reason to abort: a no, a wait in vain, a restart.
    pub excused: bool,
    /// Who takes part and was never down, or has decided; and who was the last of these to fall.
    pub operational: NodeSet,
    pub last: Option<NodeId>,
}

/// Why a machine decided as it did.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    NoPreCommit,
    NoDoCommit,
    Vetoed,
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
    /// Where it decided by itself.
    pub reasons: RedBlackTreeMap<Txn, Reason>,
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
    pub fn change(&mut self, txn: Txn, how: impl FnOnce(&mut Told)) {
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
    pub fn breaks(&mut self, assumption: Assumption) {
        if !self.beyond.contains(&assumption) {
            self.beyond.push(assumption);
        }
    }
    /// Transactions that are not decided everywhere yet, as far as anybody began them.
    pub fn open(&self) -> impl Iterator<Item = (Txn, &Told)> {
        let done = |told: &Told| told.participants.iter().all(|one| told.commits.has(one) || told.aborts.has(one));
        self.transactions.iter().filter(move |(_, told)| !done(told)).map(|(txn, told)| (*txn, told))
    }
}

pub const fn id_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Waiting => "waiting",
        Stage::Uncertain => "uncertain",
        Stage::Prepared => "prepared",
        Stage::PreAborted => "pre-aborted",
    }
}

/// How a machine stands with its newest transaction, by what is safe on its disk.
pub fn stands(node: &Machine, safe: &Durable) -> Option<(&'static str, Txn)> {
    let Volatile { newest, decided, works, tries, .. } = &node.volatile;
    if *newest == 0 {
        let newest = safe.newest();
        safe.log.last()?;
        let state = match safe.decision(newest) {
            Some(Decided::Commit) => "committed",
            Some(Decided::Abort) => "aborted",
            None => safe.stage(newest).map_or("waiting", id_of),
        };
        return Some((state, newest));
    }
    let state = match (decided.get(newest), works.get(newest), tries.get(newest)) {
        (Some(Decided::Commit), ..) => "committed",
        (Some(Decided::Abort), ..) => "aborted",
        (None, Some(work), _) => id_of(work.stage),
        (None, None, Some(trying)) => match trying.phase {
            Phase::Prepared | Phase::Asking | Phase::Deciding(Decided::Commit, _) => "prepared",
            _ => "waiting",
        },
        _ => "waiting",
    };
    Some((state, *newest))
}

/// The same of a machine that takes part. Whoever was down, and has not been told, stands where it fell: it is no part
/// of what is going on (Skeen 1981 counts operational sites).
pub fn takes_part(node: &Machine, safe: &Durable) -> Option<(&'static str, Txn)> {
    let (state, txn) = stands(node, safe)?;
    let asks = node.volatile.tries.get(&txn).is_some_and(|trying| trying.phase == Phase::Asking);
    let back = node.volatile.works.get(&txn).is_some_and(|work| work.back);
    (!asks && !back).then_some((state, txn))
}

pub fn observe(history: &mut History, seen: &Observed<ThreePhaseCommit>, cluster: Cluster<ThreePhaseCommit>) {
    judge::in_time(history, seen, cluster);
    match seen {
        Observed::Asked { client, operation: operation @ Operation::Tx(_), .. } => {
            history.asked.insert_mut(*client, operation.to_string()["tx ".len()..].into());
        }
        Observed::Handled { after, said, cause, time, .. } => {
            for message in said.messages() {
                judge::message(history, after, message, cluster);
            }
            judge::sent_to_all(history, said);
            for (rule, noted) in said.rules_noting() {
                note_rule(history, after.id, rule, noted.epoch.unwrap_or_default(), noted, *time);
            }
            if matches!(cause, Cause::Boot) {
                reread(history, after);
                history.calm = *time;
            }
            note_log(history, after, *time);
            note_spans(history, after, *time);
            judge::machine(history, after);
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
    if cluster.faults().cut.is_some() {
        history.calm = cluster.now();
    }
}

/// What rules tell: a reason to abort is given before the abort itself.
fn note_rule(
    history: &mut History,
    node: NodeId,
    rule: &'static synod_engine::protocol::Rule,
    txn: Txn,
    noted: synod_engine::cx::Noted,
    time: Micros,
) {
    let is = |one: &'static synod_engine::protocol::Rule| std::ptr::eq(rule, one);
    let excuses = [
        &rules::GIVE_UP,
        &rules::ABORT_UNDECIDED,
        &rules::VOTE_NO,
        &rules::ABORT_INSTEAD,
        &rules::ABORT_ALONE,
        &rules::TAKE_OVER,
    ];
    if excuses.into_iter().any(is) {
        history.change(txn, |told| {
            told.excused = true;
            if is(&rules::VOTE_NO) {
                told.no.add(node);
            }
        });
    }
    let reason = match () {
        () if is(&rules::ABORT_ALONE) => Some(Reason::NoPreCommit),
        () if is(&rules::COMMIT_ALONE) => Some(Reason::NoDoCommit),
        () if is(&rules::VOTE_NO) => Some(Reason::Vetoed),
        () => None,
    };
    if let Some(reason) = reason {
        history.machine(node).reasons.insert_mut(txn, reason);
    }
    if is(&rules::WAIT_FOR_LOCK) {
        let (until, holder) = (None, noted.a);
        history.waits.push(Span { node, txn, from: time, until, holder, word: "lock" });
    }
    if is(&rules::TOTAL_FAILURE) {
        judge::last_back(history, txn, noted.nodes);
    }
}

/// New records of a machine's log, as they are written.
fn note_log(history: &mut History, machine: &Machine, time: Micros) {
    let (node, log) = (machine.id, &machine.durable.log);
    let from = history.machine(node).seen;
    history.machine(node).seen = log.len();
    for Record { txn, what } in log.iter_from(from) {
        let on_disk = OnDisk { txn: *txn, word: what.word(), at: time, forced: Forced::No };
        history.machine(node).disk.push(on_disk);
        match what {
            What::Start(participants, (client, _)) => {
                let writes = history.asked.get(client).cloned();
                history.change(*txn, |told| {
                    told.participants = *participants;
                    told.writes = writes.unwrap_or_default();
                    told.operational = participants.iter().chain([node]).collect();
                });
            }
            What::Commit | What::Abort => {
                let is_commit = *what == What::Commit;
                if is_commit {
                    commit(history, machine, *txn);
                }
                history.change(*txn, |told| if is_commit { &mut told.commits } else { &mut told.aborts }.add(node));
                judge::decision(history, machine, *txn, is_commit);
            }
            // Whoever has aborted has decided, and cannot say yes any more.
            What::Yes { .. } if history.transactions.get(txn).is_some_and(|told| told.aborts.has(node)) => {
                history.slips.push(Slip::Reversed(node, *txn));
            }
            _ => {}
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
fn note_safe(history: &mut History, machine: &Machine, time: Micros, cluster: Cluster<ThreePhaseCommit>) {
    let Some(safe) = cluster.safe(machine.id) else { return };
    let node = machine.id;
    let from = history.machine(node).safe;
    history.machine(node).safe = safe.log.len();
    history.machine(node).mark(safe.log.len().saturating_sub(from));
    for Record { txn, what } in safe.log.iter_from(from) {
        match what {
            What::Yes { .. } => {
                history.change(*txn, |told| {
                    told.yes.add(node);
                    told.operational.add(node);
                });
                let (until, holder, word) = (None, 0, "uncertain");
                history.windows.push(Span { node, txn: *txn, from: time, until, holder, word });
            }
            What::PreCommit(_) if node.0 > 0 => history.change(*txn, |told| told.prepared.add(node)),
            What::PreAbort(_) => history.change(*txn, |told| told.prepared = told.prepared.without(node)),
            _ => {}
        }
        if let Some(decided) = what.decision() {
            decided_safely(history, node, *txn, decided, time);
        }
    }
}

fn decided_safely(history: &mut History, node: NodeId, txn: Txn, decided: Decided, time: Micros) {
    if history.machine(node).settled.get(&txn).is_some_and(|before| *before != decided) {
        history.slips.push(Slip::Reversed(node, txn));
    }
    history.machine(node).settled.insert_mut(txn, decided);
    close(&mut history.windows, time, |span| span.node == node && span.txn == txn);
    let first = history.transactions.get(&txn).is_none_or(|told| told.decided.is_none());
    history.change(txn, |told| {
        told.decided.get_or_insert(decided);
        if told.participants.has(node) || node.0 == 0 {
            told.operational.add(node);
        }
    });
    if first {
        history.moments.push((time, node, txn, decided));
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

/// What a machine does for a transaction, where that is a stretch on its lane.
fn doing(machine: &Machine) -> Vec<(Txn, &'static str)> {
    let trying = machine.volatile.tries.iter().filter_map(|(txn, trying)| match trying.phase {
        Phase::Voting => Some((*txn, "voting")),
        Phase::Prepared => Some((*txn, "preparing")),
        _ => None,
    });
    let leading = machine.volatile.works.iter().filter_map(|(txn, work)| match work.round.as_ref()?.step {
        Step::Moving(_) => Some((*txn, "moving")),
        _ => Some((*txn, "asking")),
    });
    trying.chain(leading).collect()
}

fn note_spans(history: &mut History, machine: &Machine, time: Micros) {
    let node = machine.id;
    let waits = |txn: Txn| {
        machine.volatile.works.get(&txn).is_some_and(|work| work.stage == Stage::Waiting && work.writing.is_none())
    };
    close(&mut history.waits, time, |span| span.node == node && !waits(span.txn));
    let doing = doing(machine);
    close(&mut history.phases, time, |span| span.node == node && !doing.contains(&(span.txn, span.word)));
    for (txn, word) in doing {
        let known = |span: &Span| span.node == node && (span.txn, span.word) == (txn, word) && span.until.is_none();
        if !latest(&history.phases).any(known) {
            history.phases.push(Span { node, txn, from: time, until: None, holder: 0, word });
        }
    }
}

fn note_standing(history: &mut History, machine: &Machine, time: Micros, cluster: Cluster<ThreePhaseCommit>) {
    let state = cluster.safe(machine.id).and_then(|safe| stands(machine, safe)).map(|(state, _)| state);
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
    history.calm = time;
    let open: Vec<Txn> = history.transactions.keys().copied().collect();
    for txn in open {
        let Some(told) = history.transactions.get(&txn) else { continue };
        let held = machine.durable.decision(txn);
        let keeps = |set: NodeSet, decided| if held == Some(decided) { set } else { set.without(node) };
        let new = Told {
            commits: keeps(told.commits, Decided::Commit),
            aborts: keeps(told.aborts, Decided::Abort),
            prepared: match machine.durable.stage(txn) {
                Some(Stage::Prepared) => told.prepared,
                _ => told.prepared.without(node),
            },
            operational: told.operational.without(node),
            last: if told.operational == NodeSet::of(node) { Some(node) } else { told.last },
            ..told.clone()
        };
        if (new.commits, new.aborts, new.prepared, new.operational)
            != (told.commits, told.aborts, told.prepared, told.operational)
        {
            history.transactions.insert_mut(txn, new);
        }
    }
    close(&mut history.waits, time, |span| span.node == node);
    close(&mut history.phases, time, |span| span.node == node);
    if wiped {
        close(&mut history.windows, time, |span| span.node == node);
    }
}

/// What is committed at a machine that is back: what its log says. Whoever decided, or was the last to fail, knows.
fn reread(history: &mut History, machine: &Machine) {
    let node = machine.id;
    history.machine(node).values = RedBlackTreeMap::default();
    for record in machine.durable.log.iter().filter(|record| record.what == What::Commit) {
        commit(history, machine, record.txn);
    }
    let knows = |(txn, told): (&Txn, &Told)| {
        let has = told.last == Some(node) || machine.durable.decision(*txn).is_some();
        (has && (node.0 == 0 || told.participants.has(node))).then_some(*txn)
    };
    let known: Vec<Txn> = history.transactions.iter().filter_map(knows).collect();
    for txn in known {
        history.change(txn, |told| told.operational.add(node));
    }
}
