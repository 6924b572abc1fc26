//! What holds: AC1 to AC5 of Bernstein, Hadzilacos and Goodman (1987), section 7.3; what of them each way of
//! recovering promises, and on what assumptions.

use synod_engine::names::NodeId;
use synod_engine::promise::{Assumption, Promise};
use synod_engine::protocol::{Breach, Evidence, Invariant, Observed, Seen};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::Micros;

use super::ThreePhaseCommit;
use super::history::{History, Slip, latest};
use super::state::*;

/// A record that was on a disk is there still.
const KEPT: &[Assumption] = &[Assumption::DisksKept];
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
    let open = latest(&history.windows).filter(|span| span.until.is_none());
    let times = open.flat_map(|span| [span.from + limit, span.from.max(history.calm) + limit]);
    times.filter(|time| *time > after).min()
}

fn nodes(slip: &Slip, seen: &Seen<ThreePhaseCommit>) -> Vec<NodeId> {
    match slip {
        Slip::Split(txn) => {
            let told = seen.history.transactions.get(txn);
            told.into_iter().flat_map(|told| told.commits.iter().chain(told.aborts.iter())).collect()
        }
        Slip::Reversed(node, _)
        | Slip::NoReason(node, _)
        | Slip::BeforeWriting(node, ..)
        | Slip::Data(node, _)
        | Slip::Unlocked(node, _) => vec![*node],
        Slip::WithoutYes(node, _, other) => vec![*node, *other],
    }
}

fn says(slip: &Slip, seen: &Seen<ThreePhaseCommit>) -> Says {
    let number = |n: &Txn| Says::same(n);
    match slip {
        Slip::Split(txn) => {
            let told = seen.history.transactions.get(txn).cloned().unwrap_or_default();
            let names =
                |set: crate::node_set::NodeSet| Says::list(&set.iter().map(|one| one.to_string()).collect::<Vec<_>>());
            text("{a} committed transaction {n}, {b} aborted it", "{a} 提交了事务 {n}，{b} 却中止了它").fill(&[
                ("n", number(txn)),
                ("a", names(told.commits)),
                ("b", names(told.aborts)),
            ])
        }
        Slip::Reversed(node, txn) => {
            text("{a} had decided transaction {n} and took it back", "{a} 已对事务 {n} 作出决定，又改了")
                .fill(&[("n", number(txn)), ("a", Says::same(node))])
        }
        Slip::WithoutYes(_, txn, other) => {
            text("transaction {n} commits, and {a} has no yes on its disk", "事务 {n} 提交，但 {a} 的磁盘上没有同意")
                .fill(&[("n", number(txn)), ("a", Says::same(other))])
        }
        Slip::NoReason(_, txn) => {
            text("transaction {n} is aborted for no reason", "事务 {n} 无故中止").fill(&[("n", number(txn))])
        }
        Slip::BeforeWriting(node, txn, word) => {
            text("{a} says \"{w}\" for transaction {n} before it is on its disk", "{a} 在落盘之前就对事务 {n} 说“{w}”")
                .fill(&[("n", number(txn)), ("a", Says::same(node)), ("w", Says::same(word))])
        }
        Slip::Data(node, key) => text("{k} at {a} is not what was committed", "{a} 上的 {k} 不是已提交的值")
            .fill(&[("k", Says::same(key)), ("a", Says::same(node))]),
        Slip::Unlocked(node, txn) => {
            text("{a} has not decided transaction {n} and holds no lock", "{a} 尚未决定事务 {n}，却没有持锁")
                .fill(&[("n", number(txn)), ("a", Says::same(node))])
        }
    }
}

fn slipped(seen: &Seen<ThreePhaseCommit>, kind: impl Fn(&Slip) -> bool) -> Option<Breach> {
    let slip = seen.history.slips.iter().find(|slip| kind(slip))?;
    Some(Breach { nodes: nodes(slip, seen), says: says(slip, seen) })
}

fn waited(node: NodeId, txn: Txn, time: Micros) -> Breach {
    let words = text("{a} has not decided transaction {n} for {t} ms", "{a} 对事务 {n} 未作决定已 {t} ms");
    let ms = synod_engine::units::print_decimal(synod_engine::units::micros_to_ms(time as i64));
    let with = [("a", Says::same(node)), ("n", Says::same(txn)), ("t", Says::same(ms))];
    Breach { nodes: vec![node], says: words.fill(&with) }
}

/// Somebody has been undecided for long.
fn waits_for_ever(seen: &Seen<ThreePhaseCommit>) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else { return None };
    let limit = LONG * seen.config.timeout;
    let span = latest(&seen.history.windows).find(|span| span.until.is_none() && span.from + limit <= *time)?;
    Some(waited(span.node, span.txn, *time - span.from))
}

/// A majority of the participants has been up for long, in a network that is whole, and one of them is undecided.
fn blocks(seen: &Seen<ThreePhaseCommit>) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else { return None };
    let (limit, cluster) = (LONG * seen.config.timeout, seen.cluster);
    let is_up = |node: NodeId| cluster.faults().down.get(node).is_none();
    if cluster.faults().cut.is_some() || seen.history.calm + limit > *time {
        return None;
    }
    let waits = |span: &&super::history::Span| {
        let told = seen.history.transactions.get(&span.txn);
        let majority = told.is_some_and(|told| {
            let up = told.participants.iter().filter(|one| is_up(*one)).count() as u32;
            2 * up > told.participants.count()
        });
        span.until.is_none() && is_up(span.node) && majority && span.from + limit <= *time
    };
    let span = latest(&seen.history.windows).find(waits)?;
    Some(waited(span.node, span.txn, *time - span.from))
}

fn decisions(seen: &Evidence<ThreePhaseCommit>) -> usize {
    seen.history.machines.iter().map(|kept| kept.settled.size()).sum()
}

fn counted(words: Text, n: usize) -> Says {
    words.fill(&[("n", Says::same(n))])
}

fn undecided(seen: &Evidence<ThreePhaseCommit>) -> Says {
    match latest(&seen.history.windows).filter(|span| span.until.is_none()).count() {
        0 => Says::new("nobody is undecided", "没有人尚未决定"),
        n => counted(text("{n} undecided now", "{n} 台尚未决定"), n),
    }
}

pub const INVARIANTS: &[Invariant<ThreePhaseCommit>] = &[
    Invariant {
        id: "agreement",
        title: text("All that decide, decide alike", "决定一致"),
        says: text("No machine commits what another aborts.", "不会有机器提交了别的机器中止的事务。"),
        source: "section 7.3, AC1",
        promise: agrees,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Split(_))),
        evidence: |seen| {
            let told = || seen.history.transactions.values();
            let (commits, aborts) = (
                told().filter(|one| one.commits.count() > 0).count(),
                told().filter(|one| one.aborts.count() > 0).count(),
            );
            let both = told().filter(|one| one.commits.count() > 0 && one.aborts.count() > 0).count();
            match both {
                0 => text("committed {n}, aborted {m}, none both", "提交 {n} 个，中止 {m} 个，无一兼有")
                    .fill(&[("n", Says::same(commits)), ("m", Says::same(aborts))]),
                _ => text("{n} committed by some and aborted by others", "{n} 个有人提交、有人中止")
                    .fill(&[("n", Says::same(both))]),
            }
        },
    },
    Invariant {
        id: "no-reversal",
        title: text("No decision is taken back", "决定不反悔"),
        says: text("What is decided on a disk stays decided.", "磁盘上的决定不再改变。"),
        source: "section 7.3, AC2",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Reversed(..))),
        evidence: |seen| {
            counted(text("{n} {n:decision|decisions}, none reversed", "{n} 个决定，无一反悔"), decisions(seen))
        },
    },
    Invariant {
        id: "unanimity",
        title: text("Commit needs every yes", "提交需要全体同意"),
        says: text(
            "Nobody commits what not all participants have said yes to.",
            "没有全体参与者的同意，谁也不会提交。",
        ),
        source: "section 7.3, AC3",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::WithoutYes(..))),
        evidence: |seen| {
            let commits = seen.history.transactions.values().filter(|one| one.decided == Some(Decided::Commit));
            match commits.max_by_key(|told| told.yes.count()) {
                None => Says::new("nothing is committed yet", "还没有提交"),
                Some(told) => text("yes on disk at a commit: {n} of {m}", "一次提交时已落盘的同意票：{n}/{m}")
                    .fill(&[("n", Says::same(told.yes.count())), ("m", Says::same(told.participants.count()))]),
            }
        },
    },
    Invariant {
        id: "reasoned-abort",
        title: text("No abort without a reason", "不无故中止"),
        says: text(
            "A transaction that all can do is committed, unless something failed or came later than a timeout.",
            "人人都能完成的事务会提交，除非出了故障或超时。",
        ),
        source: "section 7.3, AC4",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::NoReason(..))),
        evidence: |seen| {
            let aborts = seen.history.transactions.values().filter(|one| one.decided == Some(Decided::Abort));
            counted(text("{n} aborted, each for a reason", "中止 {n} 个，均有原因"), aborts.count())
        },
    },
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
        check: waits_for_ever,
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
    Invariant {
        id: "written-first",
        title: text("Written before it is sent", "先落盘后发送"),
        says: text(
            "A vote, a PreCommit, a decision and a number are on disk before they are said.",
            "表决、PreCommit、决定和编号都先落盘再发送。",
        ),
        source: "section 7.5",
        promise: writes_first,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::BeforeWriting(..))),
        evidence: |seen| {
            let yes: u32 = seen.history.transactions.values().map(|told| told.yes.count()).sum();
            counted(text("{n} {n:vote|votes} in favour, each on disk first", "{n} 张同意票，均先落盘"), yes as usize)
        },
    },
    Invariant {
        id: "all-or-nothing",
        title: text("All or nothing", "全有或全无"),
        says: text(
            "Where nothing is under way, exactly what was committed stands: the rest is undone, also after a crash.",
            "没有事务进行时，数据恰好是已提交的内容：其余都被撤销，宕机之后也一样。",
        ),
        source: "sections 1.2 and 6.4, undo and redo",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Data(..))),
        evidence: |seen| {
            let values: usize = seen.history.machines.iter().map(|kept| kept.values.size()).sum();
            counted(text("{n} {n:value|values} as committed", "{n} 个值，均为已提交的值"), values)
        },
    },
    Invariant {
        id: "undecided-is-locked",
        title: text("What is undecided is locked", "未决定则锁定"),
        says: text("Nobody reads or writes what is not decided.", "未决定的数据不可读写。"),
        source: "section 7.4, strict two-phase locking",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Unlocked(..))),
        evidence: |seen| {
            let locks = seen.cluster.nodes().iter().map(|node| node.volatile.locks.len());
            counted(text("{n} {n:key|keys} locked", "{n} 个键被锁定"), locks.sum())
        },
    },
];
