//! What holds: AC1 to AC5 of Bernstein, Hadzilacos and Goodman (1987), section 7.3, and what carries them.

use synod_engine::promise::Promise;
use synod_engine::protocol::{Cluster, Evidence, Invariant, Node};
use synod_engine::text::{Says, text};
use synod_engine::units::Micros;

use crate::transactions::coordinates;
use crate::transactions::safety::{
    KEPT, Slip, agreement, all_or_nothing, counted, in_ms, judge_split, locked, no_reversal, reasoned_abort, unanimity,
    waits_for_ever, written_first,
};

use super::TwoPhaseCommit;
use super::history::{History, held_up};
use super::state::*;

type Machine = Node<TwoPhaseCommit>;

/// Timeouts after which a machine that is still uncertain is said to wait for ever.
const LONG: u64 = 10;

/// What a message says must be on the disk of whoever says it, or be what the absence of a record means.
pub fn judge_message(history: &mut History, by: &Machine, message: &Message, cluster: Cluster<TwoPhaseCommit>) {
    let Some(safe) = cluster.safe(by.id) else { return };
    let (txn, presumed) = (message.txn(), cluster.config().presumed());
    let decided =
        |decided: Decided| safe.decision(txn) == Some(decided) || is_presumed(history, by, txn, decided, presumed);
    let (written, word) = match message {
        Message::Yes(_) => (safe.changes(txn).is_some(), "yes"),
        Message::Commit(_) => (decided(Decided::Commit), "commit"),
        Message::Abort(_) => (decided(Decided::Abort), "abort"),
        // A no is heard by the coordinator only, who aborts then; a reader's needs no record at all.
        Message::No(_) => {
            let free = presumed == Some(Decided::Abort) || cluster.config().read_only;
            (free || safe.decision(txn) == Some(Decided::Abort), "abort")
        }
        Message::Ack(_) => (safe.decision(txn).is_some(), "ack"),
        Message::VoteReq { .. } | Message::DecisionReq(_) | Message::Read(_) => return,
    };
    if !written {
        history.slips.push(Slip::BeforeWriting(by.id, txn, word));
    }
}

/// Whether a decision may be told without a record of it. A participant tells what is settled already: by
/// the coordinator, or on the disk of one who aborted alone.
/// A coordinator presumes commit only of what it forgot, since everyone has its decision then; and abort of all but what
/// it has committed and not forgotten.
fn is_presumed(history: &History, by: &Machine, txn: Txn, decided: Decided, presumed: Option<Decided>) -> bool {
    let forgotten = || by.durable.records(txn).next() == Some(&What::End);
    presumed == Some(decided)
        && match decided {
            _ if !coordinates(by) => {
                let safe = history.machines.iter().any(|kept| kept.settled.get(&txn) == Some(&decided));
                safe || history.transactions.get(&txn).is_some_and(|told| told.decided == Some(decided))
            }
            Decided::Commit => forgotten(),
            Decided::Abort => forgotten() || by.durable.decision(txn) != Some(Decided::Commit),
        }
}

/// A decision comes into a log.
pub fn judge_decision(history: &mut History, by: &Machine, txn: Txn, decided: Decided) {
    judge_split::<TwoPhaseCommit>(history, txn);
    let Some(told) = history.transactions.get(&txn).filter(|_| coordinates(by)) else { return };
    let slip = match decided {
        Decided::Commit => {
            let without = told.participants.iter().find(|one| !told.yes.has(*one) && !told.own.read.has(*one));
            without.map(|one| Slip::WithoutYes(by.id, txn, one))
        }
        Decided::Abort => (!told.excused).then_some(Slip::NoReason(by.id, txn)),
    };
    history.slips.extend(slip);
}

/// The next time at which somebody has been uncertain for long.
pub fn deadline(config: &Config, history: &History, after: Micros) -> Option<Micros> {
    history.open_windows().map(|span| span.from + LONG * config.timeout).filter(|time| *time > after).min()
}

/// Who is uncertain, and what waits behind it.
fn uncertain(seen: &Evidence<TwoPhaseCommit>) -> Says {
    let (many, txns) = seen.history.open_windows().fold((0, Vec::new()), |(n, mut txns), span| {
        if !txns.contains(&span.txn) {
            txns.push(span.txn);
        }
        (n + 1, txns)
    });
    let now = seen.cluster.now();
    let held = txns.iter().map(|txn| held_up(seen.history, *txn, now));
    let (waiting, time) = held.fold((0, 0), |(n, all), (one, time)| (n + one, all + time));
    match (many, waiting) {
        (0, _) => Says::new("nobody is uncertain", "无人未决"),
        (n, 0) => counted(text("{n} uncertain now", "{n} 台未决"), n),
        (n, waiting) => text(
            "{n} uncertain now; behind their locks {w} waited {t} ms",
            "{n} 台未决；等它们锁的有 {w} 个，共 {t} ms",
        )
        .fill(&[("n", Says::same(n)), ("w", Says::same(waiting)), ("t", Says::same(in_ms(time)))]),
    }
}

pub const INVARIANTS: &[Invariant<TwoPhaseCommit>] = &[
    agreement(|config: &Config| match config.heuristic {
        Heuristic::None => Promise::always(KEPT),
        _ => Promise::not(text("uncertain machines decide alone", "未决的机器会擅自决定")),
    }),
    no_reversal(),
    unanimity(text(
        "The coordinator commits only what all participants have said yes to.",
        "只有全体参与者都同意，协调者才会提交。",
    )),
    reasoned_abort(),
    Invariant {
        id: "everyone-decides",
        title: text("Everyone decides in the end", "最终都有决定"),
        says: text("Nobody stays uncertain for ten timeouts.", "没有人会在十个超时之后仍然未决。"),
        source: "section 7.3, AC5",
        promise: |_| {
            Promise::not(text("while the coordinator is down, nobody else may decide", "协调者宕机时，其他人不得决定"))
        },
        check: |seen| waits_for_ever(seen, LONG * seen.config.timeout),
        evidence: uncertain,
    },
    written_first(
        text(
            "A vote, a decision and an acknowledgement are on disk before they are said, unless no record means the same.",
            "表决、决定和确认都先落盘再发送，除非没有记录时的推定与之相同。",
        ),
        "section 7.4",
        |_| Promise::always(&[]),
    ),
    all_or_nothing(),
    locked("uncertain-is-locked", text("What is uncertain is locked", "未决则锁定")),
];
