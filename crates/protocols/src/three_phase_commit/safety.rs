//! What holds: AC1 to AC5 of Bernstein, Hadzilacos and Goodman (1987), section 7.3; what of them each way of
//! recovering promises, and on what assumptions.

use synod_engine::names::NodeId;
use synod_engine::promise::{Assumption, Promise};
use synod_engine::protocol::{Breach, Evidence, Invariant, Observed, Seen};
use synod_engine::text::{Says, text};
use synod_engine::units::Micros;

use crate::transactions::history::Span;
use crate::transactions::safety::{
    KEPT, agreement, all_or_nothing, counted, locked, no_reversal, reasoned_abort, unanimity, waited, waits_for_ever,
    written_first,
};

use super::ThreePhaseCommit;
use super::history::History;
use super::state::*;

/// Silence means a crash, and a crash is the only thing that it means.
const SYNCHRONOUS: &[Assumption] = &[
    Assumption::DisksKept,
    Assumption::NoPartition,
    Assumption::NothingLost,
    Assumption::InTime,
    Assumption::SentToAll,
];
const TERMINATION: &[Assumption] = &[
    Assumption::DisksKept,
    Assumption::NoPartition,
    Assumption::NothingLost,
    Assumption::InTime,
    Assumption::LastBack,
];
const CALM: &[Assumption] = &[Assumption::NothingLost, Assumption::InTime];

/// Timeouts after which a machine that is still undecided is said to wait for ever.
const LONG: u64 = 20;

fn agrees(config: &Config) -> Promise {
    if !config.forced {
        return Promise::not(text(
            "a crash forgets a PreCommit that was not on the disk",
            "未落盘的 PreCommit 会因宕机丢失",
        ));
    }
    match config.recovery {
        Recovery::Timeouts => Promise::by(
            text(
                "silence is taken for a crash, and nobody falls between two sends of PreCommit",
                "没有响应即视为宕机，且没有人在两次发送 PreCommit 之间宕机",
            ),
            SYNCHRONOUS,
        ),
        Recovery::Termination => Promise::by(text("silence is taken for a crash", "没有响应即视为宕机"), TERMINATION),
        Recovery::Quorum | Recovery::E3pc => {
            Promise::by(text("any two majorities meet", "任意两个多数派必有交集"), KEPT)
        }
    }
}

fn goes_on(config: &Config) -> Promise {
    match config.recovery {
        Recovery::E3pc => Promise::by(text("a later attempt may go the other way", "后来的尝试可以改变方向"), CALM),
        _ => Promise::not(text("those who are there may have to wait for the others", "在场者可能必须等待其他人")),
    }
}

fn writes_first(config: &Config) -> Promise {
    match config.forced {
        true => Promise::always(&[]),
        false => Promise::not(text("a PreCommit is acknowledged from memory", "PreCommit 未落盘就确认")),
    }
}

/// The next time at which somebody has been undecided for long.
pub fn deadline(config: &Config, history: &History, after: Micros) -> Option<Micros> {
    let limit = LONG * config.timeout;
    let times = history.open_windows().flat_map(|span| [span.from + limit, span.from.max(history.own.calm) + limit]);
    times.filter(|time| *time > after).min()
}

/// A majority of the participants has been up for long, in a network that is whole, and one of them is undecided.
fn blocks(seen: &Seen<ThreePhaseCommit>) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else { return None };
    let (limit, cluster) = (LONG * seen.config.timeout, seen.cluster);
    let is_up = |node: NodeId| cluster.faults().down.get(node).is_none();
    if cluster.faults().cut.is_some() || seen.history.own.calm + limit > *time {
        return None;
    }
    let waits = |span: &&Span| {
        let told = seen.history.transactions.get(&span.txn);
        let majority = told.is_some_and(|told| {
            let up = told.participants.iter().filter(|one| is_up(*one)).count() as u32;
            2 * up > told.participants.count()
        });
        is_up(span.node) && majority && span.from + limit <= *time
    };
    seen.history.open_windows().find(waits).map(|span| waited(span, *time))
}

fn undecided(seen: &Evidence<ThreePhaseCommit>) -> Says {
    match seen.history.open_windows().count() {
        0 => Says::new("nobody is undecided", "没有人尚未决定"),
        n => counted(text("{n} undecided now", "{n} 台尚未决定"), n),
    }
}

pub const INVARIANTS: &[Invariant<ThreePhaseCommit>] = &[
    agreement(agrees),
    no_reversal(),
    unanimity(text(
        "Nobody commits what not all participants have said yes to.",
        "没有全体参与者的同意，谁也不会提交。",
    )),
    reasoned_abort(),
    Invariant {
        id: "everyone-decides",
        title: text("Everyone decides in the end", "最终都有决定"),
        says: text("Nobody stays undecided for twenty timeouts.", "没有人会在二十个超时之后仍未决定。"),
        source: "section 7.3, AC5",
        promise: |_| {
            Promise::not(text(
                "whoever is cut off, or was down with all others, waits",
                "被隔开的，或曾与所有人一同宕机的，要等待",
            ))
        },
        check: |seen| waits_for_ever(seen, LONG * seen.config.timeout),
        evidence: undecided,
    },
    Invariant {
        id: "quorum-decides",
        title: text("A connected majority decides", "连通的多数能决定"),
        says: text(
            "Where a majority of the participants has been up for twenty timeouts, in a whole network, those who are up have decided.",
            "网络完整、多数参与者持续运行二十个超时之后，其中的参与者都已决定。",
        ),
        source: "Keidar and Dolev 1998, section 1",
        promise: goes_on,
        check: blocks,
        evidence: undecided,
    },
    written_first(
        text(
            "A vote, a PreCommit, a decision and a number are on disk before they are said.",
            "表决、PreCommit、决定和编号都先落盘再发送。",
        ),
        "section 7.5",
        writes_first,
    ),
    all_or_nothing(),
    locked("undecided-is-locked", text("What is undecided is locked", "未决定则锁定")),
];
