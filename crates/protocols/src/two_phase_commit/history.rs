//! What happened to each transaction and each disk, as two-phase commit is judged and drawn by it. No machine reads it.

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::{Cause, Cluster, Node, Observed, Rule};
use synod_engine::units::Micros;

use crate::node_set::NodeSet;
use crate::transactions::coordinates;
use crate::transactions::history::{self, Extra, fell, note_log, note_safe, note_spans, reread};

use super::state::*;
use super::{TwoPhaseCommit, rules, safety};

type Machine = Node<TwoPhaseCommit>;
pub type History = history::History<Known>;
pub type Told = history::Told<Besides>;

#[derive(Clone, Default, Hash)]
pub struct Known;

impl Extra for Known {
    type Told = Besides;
}

#[derive(Clone, Default, Hash)]
pub struct Besides {
    /// Who read only, and left.
    pub read: NodeSet,
    pub cost: Cost,
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

/// The coordinator has decided: the first time that this is so.
fn decide(history: &mut History, node: NodeId, time: Micros, txn: Txn, decided: Decided) {
    if history.transactions.get(&txn).and_then(|told| told.decided) != Some(decided) {
        history.moments.push((time, node, txn, decided));
        history.change(txn, |told| told.decided = Some(decided));
    }
}

/// How many transactions waited behind one, and for how long in all, while it was uncertain; of the newest.
pub fn held_up(history: &History, txn: Txn, now: Micros) -> (usize, Micros) {
    let doubt = |wait: &history::Span| {
        let (from, until) = (wait.from, wait.until.unwrap_or(now));
        let windows = history::latest(&history.windows).filter(|span| span.node == wait.node && span.txn == txn);
        let overlap = |span: &history::Span| until.min(span.until.unwrap_or(now)).saturating_sub(from.max(span.from));
        windows.map(overlap).sum::<Micros>()
    };
    let waits: Vec<Micros> = history::latest(&history.waits).filter(|wait| wait.holder == txn).map(doubt).collect();
    (waits.iter().filter(|time| **time > 0).count(), waits.iter().sum())
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
    let (machine, time) = match seen {
        Observed::Asked { client, operation, .. } => return history.asks(*client, operation),
        Observed::Handled { after, said, cause, time, .. } => {
            for message in said.messages() {
                safety::judge_message(history, after, message, cluster);
                history.change(message.txn(), |told| told.own.cost.messages += 1);
            }
            for forced in said.forces().filter_map(Timer::written) {
                history.change(forced, |told| told.own.cost.of(after).forced += 1);
            }
            // A reason to abort is given before the abort itself.
            for (rule, noted) in said.rules_noting() {
                note_rule(history, after.id, (rule, noted), *time);
            }
            if matches!(cause, Cause::Boot) {
                reread(history, after);
            }
            let about = |rule| said.rules_noting().filter(move |(fired, _)| std::ptr::eq(*fired, rule));
            if let Some(presumed) = cluster.config().presumed() {
                for txn in about(&rules::PRESUME).filter_map(|(_, noted)| noted.epoch) {
                    let open = history.transactions.get(&txn).is_none_or(|told| told.decided.is_none());
                    open.then(|| decide(history, after.id, *time, txn, presumed));
                }
            }
            let lazily = said.forces().next().is_none();
            note_log(history, after, *time, |history, txn, what| noted(history, after, (txn, what), *time, lazily));
            for (rule, decided) in [(&rules::TELL_COMMIT, Decided::Commit), (&rules::TELL_ABORT, Decided::Abort)] {
                let told = about(rule).filter_map(|(_, noted)| noted.epoch);
                told.for_each(|txn| decide(history, after.id, *time, txn, decided));
            }
            note_spans(history, after, *time, &voting(after));
            crate::transactions::safety::judge_site(history, after);
            (*after, *time)
        }
        Observed::Written { node, time } => {
            let machine = &cluster.nodes()[node.at()];
            note_safe(history, machine, *time, cluster, |history, txn, what| {
                if let Some(decided) = what.decision().filter(|_| coordinates(machine)) {
                    decide(history, *node, *time, txn, decided);
                }
            });
            (machine, *time)
        }
        Observed::Fell { after, .. } => {
            fell(history, after, cluster.now());
            (*after, cluster.now())
        }
        _ => return,
    };
    let stands = cluster.safe(machine.id).and_then(|safe| stands(history, machine, safe)).map(|(state, _)| state);
    history.note_standing(machine.id, stands, time);
}

/// What rules tell.
fn note_rule(history: &mut History, node: NodeId, (rule, noted): (&'static Rule, Noted), time: Micros) {
    let is = |one: &'static Rule| std::ptr::eq(rule, one);
    let txn = noted.epoch.unwrap_or_default();
    let excuses =
        [&rules::GIVE_UP, &rules::ABORT_UNDECIDED, &rules::VOTE_NO, &rules::ABORT_INSTEAD, &rules::DECIDE_ALONE];
    if excuses.into_iter().any(is) {
        history.change(txn, |told| {
            told.excused = true;
            if is(&rules::VOTE_NO) {
                told.no.add(node);
            }
        });
    }
    if is(&rules::WAIT_FOR_LOCK) {
        history.wait(node, (txn, noted.a), time);
    }
    if is(&rules::VOTE_READ) {
        history.change(txn, |told| told.own.read.add(node));
    }
    // What a crash took had ended its window too.
    if is(&rules::UNCERTAIN_AGAIN) {
        history.open_window(node, txn, time);
    }
}

/// A new record of a machine's log; `lazily` if nothing forces it.
fn noted(history: &mut History, machine: &Machine, (txn, what): (Txn, &What), time: Micros, lazily: bool) {
    if !matches!(what, What::Start(..) | What::Heuristic | What::Mixed) {
        history.change(txn, |told| told.own.cost.of(machine).written += 1);
    }
    if let Some(decided) = what.decision() {
        safety::judge_decision(history, machine, txn, decided);
        if lazily {
            history.close_window(machine.id, txn, time);
        }
    }
}

/// The transactions for which a machine waits for votes.
fn voting(machine: &Machine) -> Vec<(Txn, &'static str)> {
    let voting = machine.volatile.tries.iter().filter(|(_, trying)| trying.phase == Phase::Voting);
    voting.map(|(txn, _)| (*txn, "voting")).collect()
}
