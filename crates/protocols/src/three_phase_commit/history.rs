//! What happened to each transaction and each disk, as three-phase commit is judged and drawn by it. No machine reads
//! it.

use rpds::RedBlackTreeMap;
use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::promise::Assumption;
use synod_engine::protocol::{Cause, Cluster, Node, Observed, Rule};
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::transactions::history::{self, Extra, note_log, note_safe, note_spans};
use crate::transactions::safety::judge_site;

use super::state::*;
use super::{ThreePhaseCommit, judge, rules};

type Machine = Node<ThreePhaseCommit>;
pub type History = history::History<Known>;
pub type Told = history::Told<Besides>;

#[derive(Clone, Default, Hash)]
pub struct Known {
    /// Where a machine decided by itself.
    pub reasons: RedBlackTreeMap<(NodeId, Txn), Reason>,
    /// What was broken of what promises rest on, as far as the protocol judges it.
    pub beyond: Vec<Assumption>,
    pub timing: judge::Timing,
    /// Since when nobody has fallen or come back and the network is whole: quorums are judged from then.
    pub calm: Micros,
}

impl Extra for Known {
    type Told = Besides;
}

#[derive(Clone, Default, Hash)]
pub struct Besides {
    /// Who holds a PreCommit; what a crash took does not count.
    pub prepared: NodeSet,
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

impl Known {
    pub fn breaks(&mut self, assumption: Assumption) {
        if !self.beyond.contains(&assumption) {
            self.beyond.push(assumption);
        }
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
    if let Some((machine, time)) = note(history, seen, cluster) {
        let stands = cluster.safe(machine.id).and_then(|safe| stands(machine, safe)).map(|(state, _)| state);
        history.note_standing(machine.id, stands, time);
    }
    if cluster.faults().cut.is_some() {
        history.own.calm = cluster.now();
    }
}

/// What happened, and to which machine.
fn note<'a>(
    history: &mut History,
    seen: &Observed<'a, ThreePhaseCommit>,
    cluster: Cluster<'a, ThreePhaseCommit>,
) -> Option<(&'a Machine, Micros)> {
    match seen {
        Observed::Asked { client, operation, .. } => {
            history.asks(*client, operation);
            None
        }
        Observed::Handled { after, said, cause, time, .. } => {
            for message in said.messages() {
                judge::message(history, after, message, cluster);
            }
            judge::sent_to_all(history, said);
            for (rule, noted) in said.rules_noting() {
                note_rule(history, after.id, (rule, noted), *time);
            }
            if matches!(cause, Cause::Boot) {
                reread(history, after);
                history.own.calm = *time;
            }
            note_log(history, after, *time, |history, txn, what| noted(history, after, txn, what));
            note_spans(history, after, *time, &doing(after));
            judge_site(history, after);
            Some((after, *time))
        }
        Observed::Written { node, time } => {
            let machine = &cluster.nodes()[node.at()];
            note_safe(history, machine, *time, cluster, |history, txn, what| safe(history, *node, (txn, what), *time));
            Some((machine, *time))
        }
        Observed::Fell { after, .. } => {
            fell(history, after, cluster.now());
            Some((after, cluster.now()))
        }
        _ => None,
    }
}

/// What rules tell: a reason to abort is given before the abort itself.
fn note_rule(history: &mut History, node: NodeId, (rule, noted): (&'static Rule, Noted), time: Micros) {
    let is = |one: &'static Rule| std::ptr::eq(rule, one);
    let txn = noted.epoch.unwrap_or_default();
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
        history.own.reasons.insert_mut((node, txn), reason);
    }
    if is(&rules::WAIT_FOR_LOCK) {
        history.wait(node, (txn, noted.a), time);
    }
    if is(&rules::TOTAL_FAILURE) {
        judge::last_back(history, txn, noted.nodes);
    }
}

/// A new record of a machine's log.
fn noted(history: &mut History, machine: &Machine, txn: Txn, what: &What) {
    if let Some((participants, _)) = what.begins() {
        history.change(txn, |told| told.own.operational = participants.iter().chain([machine.id]).collect());
    }
    if let Some(decided) = what.decision() {
        judge::decision(history, machine, txn, decided);
    }
}

/// A record came to be safe on a machine's disk.
fn safe(history: &mut History, node: NodeId, (txn, what): (Txn, &What), time: Micros) {
    match what {
        What::Yes { .. } => history.change(txn, |told| told.own.operational.add(node)),
        What::PreCommit(_) if node.0 > 0 => history.change(txn, |told| told.own.prepared.add(node)),
        What::PreAbort(_) => history.change(txn, |told| told.own.prepared = told.own.prepared.without(node)),
        _ => {}
    }
    let Some(decided) = what.decision() else { return };
    if history.transactions.get(&txn).is_none_or(|told| told.decided.is_none()) {
        history.moments.push((time, node, txn, decided));
    }
    history.change(txn, |told| {
        told.decided.get_or_insert(decided);
        if told.participants.has(node) || node.0 == 0 {
            told.own.operational.add(node);
        }
    });
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

/// A crash took what was not safe.
fn fell(history: &mut History, machine: &Machine, time: Micros) {
    history::fell(history, machine, time);
    history.own.calm = time;
    let node = machine.id;
    let in_it = |told: &Told| told.own.prepared.has(node) || told.own.operational.has(node);
    let open: Vec<Txn> = history.transactions.iter().filter_map(|(txn, told)| in_it(told).then_some(*txn)).collect();
    for txn in open {
        let keeps = machine.durable.stage(txn) == Some(Stage::Prepared);
        history.change(txn, |Told { own, .. }| {
            own.prepared = if keeps { own.prepared } else { own.prepared.without(node) };
            own.last = if own.operational == NodeSet::of(node) { Some(node) } else { own.last };
            own.operational = own.operational.without(node);
        });
    }
}

/// What is committed at a machine that is back. Whoever decided, or was the last to fail, knows.
fn reread(history: &mut History, machine: &Machine) {
    history::reread(history, machine);
    let node = machine.id;
    let knows = |(txn, told): (&Txn, &Told)| {
        let has = told.own.last == Some(node) || machine.durable.decision(*txn).is_some();
        (has && (node.0 == 0 || told.participants.has(node))).then_some(*txn)
    };
    let known: Vec<Txn> = history.transactions.iter().filter_map(knows).collect();
    for txn in known {
        history.change(txn, |told| told.own.operational.add(node));
    }
}
