//! What the history finds to be broken: of what holds, and of what promises rest on.

use rpds::RedBlackTreeMap;
use synod_engine::names::NodeId;
use synod_engine::promise::Assumption;
use synod_engine::protocol::{Cause, Cluster, Node, Observed, Said};
use synod_engine::timers::Timers;
use synod_engine::units::Micros;

use crate::transactions::coordinates;
use crate::transactions::safety::{Slip, judge_split};

use super::history::History;
use super::state::*;
use super::{ThreePhaseCommit, rules};

type Machine = Node<ThreePhaseCommit>;

/// Timers that somebody waits by: when each was set, and for how long.
#[derive(Clone, Default, Hash)]
pub struct Timing {
    set: RedBlackTreeMap<(NodeId, u16, u32), (Micros, Micros)>,
}

/// A message, a disk and a timer are in time if a round trip with a write in it fits into a timeout, and no clock runs
/// more than a tenth fast or slow. Participants wait twice as long as coordinators: that covers votes or
/// acknowledgements of others, a write, and the way back.
pub fn in_time(history: &mut History, seen: &Observed<ThreePhaseCommit>, cluster: Cluster<ThreePhaseCommit>) {
    if let Observed::Handled { after, said, cause, time, .. } = seen {
        if let Cause::Timer(timer) = cause {
            let code = timer.code();
            let set = history.own.timing.set.get(&(after.id, code.kind, code.key)).copied();
            if let Some((since, wanted)) = set {
                history.own.timing.set.remove_mut(&(after.id, code.kind, code.key));
                if (*time - since).abs_diff(wanted) * 10 > wanted {
                    history.own.breaks(Assumption::InTime);
                }
            }
        }
        for (timer, wanted) in said.timers() {
            let code = timer.code();
            if !matches!(timer, Timer::Lock(_) | Timer::Again(_)) {
                history.own.timing.set.insert_mut((after.id, code.kind, code.key), (*time, wanted));
            }
        }
    }
    let slowest = cluster.faults().slowest_flight.max(cluster.faults().slowest_write);
    if slowest * 10 > cluster.config().timeout * 3 {
        history.own.breaks(Assumption::InTime);
    }
}

/// The coordinator was cut short when some had its PreCommit and others never get it.
pub fn sent_to_all(history: &mut History, said: &Said<ThreePhaseCommit>) {
    let fired = said.rules_noting().find(|(rule, _)| std::ptr::eq(*rule, &rules::PRE_COMMIT));
    let Some((_, noted)) = fired else { return };
    let txn = noted.epoch.unwrap_or_default();
    let sent = said.messages().filter(|one| matches!(one, Message::PreCommit { txn: of, .. } if *of == txn)).count();
    let of = history.transactions.get(&txn).map_or(0, |told| told.participants.count() as usize);
    if 0 < sent && sent < of {
        history.own.breaks(Assumption::SentToAll);
    }
}

/// Those who were down end a transaction among themselves, and the last to fail is not among them.
pub fn last_back(history: &mut History, txn: Txn, nodes: u64) {
    let Some(told) = history.transactions.get(&txn) else { return };
    if !told.own.operational.iter().any(|one| nodes >> one.0 & 1 == 1) {
        history.own.breaks(Assumption::LastBack);
    }
}

/// What a message says must be on the disk of whoever says it.
pub fn message(history: &mut History, by: &Machine, message: &Message, cluster: Cluster<ThreePhaseCommit>) {
    let Some(safe) = cluster.safe(by.id) else { return };
    let txn = message.txn();
    let participates = !coordinates(by);
    let number = |txn: Txn| {
        let found = safe.records(txn).find_map(|what| match what {
            What::Elected(number) => Some(*number),
            _ => None,
        });
        found.unwrap_or(FIRST)
    };
    let moved = || safe.stage(txn).is_some_and(|stage| stage != Stage::Uncertain);
    let (written, word) = match message {
        Message::Yes(_) => (safe.changes(txn).is_some(), "yes"),
        Message::DoCommit(_) => (safe.decision(txn) == Some(Decided::Commit), "commit"),
        Message::Abort(_) | Message::No(_) => (safe.decision(txn) == Some(Decided::Abort), "abort"),
        Message::Done(_) => (safe.decision(txn).is_some(), "done"),
        Message::State { known, .. } if participates => (known.elected <= number(txn), "elected"),
        Message::Ack { .. } => (moved(), "ack"),
        _ => return,
    };
    if !written {
        history.slips.push(Slip::BeforeWriting(by.id, txn, word));
    }
}

/// A decision comes into a log.
pub fn decision(history: &mut History, by: &Machine, txn: Txn, decided: Decided) {
    judge_split::<ThreePhaseCommit>(history, txn);
    let Some(told) = history.transactions.get(&txn) else { return };
    let slip = match decided {
        Decided::Commit => {
            let without = told.participants.iter().find(|one| !told.yes.has(*one));
            without.map(|one| Slip::WithoutYes(by.id, txn, one))
        }
        Decided::Abort => (coordinates(by) && !told.excused).then_some(Slip::NoReason(by.id, txn)),
    };
    history.slips.extend(slip);
}
