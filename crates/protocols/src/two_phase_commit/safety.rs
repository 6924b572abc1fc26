//! What holds: AC1 to AC5 of Bernstein, Hadzilacos and Goodman (1987), section 7.3, and what carries them.

use synod_engine::names::NodeId;
use synod_engine::promise::{Assumption, Promise};
use synod_engine::protocol::{Breach, Cluster, Evidence, Invariant, Node, Observed, Seen};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::{Micros, micros_to_ms, print_decimal};

use super::history::{History, Slip, latest};
use super::state::*;
use super::{COORDINATOR, PARTICIPANTS, TwoPhaseCommit};

type Machine = Node<TwoPhaseCommit>;

/// A decision that was on a disk is there still: a coordinator without its disk answers "abort".
const KEPT: &[Assumption] = &[Assumption::DisksKept];

/// timeouts after which a machine that is still uncertain is said to wait for ever.
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
            _ if by.group == Some(PARTICIPANTS as u32) => {
                let safe = history.machines.iter().any(|kept| kept.settled.get(&txn) == Some(&decided));
                safe || history.transactions.get(&txn).is_some_and(|told| told.decided == Some(decided))
            }
            Decided::Commit => forgotten(),
            Decided::Abort => forgotten() || by.durable.decision(txn) != Some(Decided::Commit),
        }
}

/// A decision comes into a log.
pub fn judge_decision(history: &mut History, by: &Machine, txn: Txn, is_commit: bool) {
    let Some(told) = history.transactions.get(&txn).cloned() else { return };
    if told.commits.count() > 0 && told.aborts.count() > 0 {
        history.slips.push(Slip::Split(txn));
    }
    if by.group != Some(COORDINATOR as u32) {
        return;
    }
    if is_commit {
        let without = told.participants.iter().find(|one| !told.yes.has(*one) && !told.read.has(*one));
        history.slips.extend(without.map(|one| Slip::WithoutYes(by.id, txn, one)));
    } else if !told.excused {
        history.slips.push(Slip::NoReason(by.id, txn));
    }
}

/// Where nothing is under way, what was committed stands there; and what is uncertain is locked.
pub fn judge_machine(history: &mut History, machine: &Machine) {
    if machine.group != Some(PARTICIPANTS as u32) {
        return;
    }
    let Volatile { cache, locks, works, .. } = &machine.volatile;
    let Some(kept) = history.kept(machine.id) else { return };
    let stands = |key: &crate::store::Key| cache.get(key).map(|cell| cell.value) == kept.values.get(key).copied();
    let free = cache.keys().chain(kept.values.keys()).filter(|key| !locks.contains_key(key));
    let wrong = free.copied().find(|key| !stands(key));
    let loose = works.iter().find(|(txn, work)| {
        let held = |write: &Write| locks.get(&write.key).is_some_and(|lock| lock.holder == **txn);
        work.stage == Stage::Uncertain && !work.writes.iter().all(held)
    });
    let loose = loose.map(|(txn, _)| *txn);
    history.slips.extend(wrong.map(|key| Slip::Data(machine.id, key)));
    history.slips.extend(loose.map(|txn| Slip::Unlocked(machine.id, txn)));
}

/// The next time at which somebody has been uncertain for long.
pub fn deadline(config: &Config, history: &History, after: Micros) -> Option<Micros> {
    let open = latest(&history.windows).filter(|span| span.until.is_none());
    open.map(|span| span.from + LONG * config.timeout).filter(|time| *time > after).min()
}

fn nodes(slip: &Slip, seen: &Seen<TwoPhaseCommit>) -> Vec<NodeId> {
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

fn says(slip: &Slip, seen: &Seen<TwoPhaseCommit>) -> Says {
    let number = |n: &Txn| Says::same(n);
    let fill = |words: Text, with: &[(&str, Says)]| words.fill(with);
    match slip {
        Slip::Split(txn) => {
            let told = seen.history.transactions.get(txn).cloned().unwrap_or_default();
            let names =
                |set: crate::node_set::NodeSet| Says::list(&set.iter().map(|one| one.to_string()).collect::<Vec<_>>());
            let words = text("{a} committed transaction {n}, {b} aborted it", "{a} 提交了事务 {n}，{b} 却中止了它");
            fill(words, &[("n", number(txn)), ("a", names(told.commits)), ("b", names(told.aborts))])
        }
        Slip::Reversed(node, txn) => {
            let words = text("{a} had decided transaction {n} and took it back", "{a} 已对事务 {n} 作出决定，又改了");
            fill(words, &[("n", number(txn)), ("a", Says::same(node))])
        }
        Slip::WithoutYes(_, txn, other) => {
            let words = text(
                "transaction {n} is committed, and {a} has no yes on its disk",
                "事务 {n} 提交，但 {a} 的磁盘上没有同意",
            );
            fill(words, &[("n", number(txn)), ("a", Says::same(other))])
        }
        Slip::NoReason(_, txn) => {
            fill(text("transaction {n} is aborted for no reason", "事务 {n} 无故中止"), &[("n", number(txn))])
        }
        Slip::BeforeWriting(node, txn, word) => {
            let words = text(
                "{a} says \"{w}\" for transaction {n} before it is on its disk",
                "{a} 在落盘之前就对事务 {n} 说“{w}”",
            );
            fill(words, &[("n", number(txn)), ("a", Says::same(node)), ("w", Says::same(word))])
        }
        Slip::Data(node, key) => {
            let words = text("{k} at {a} is not what was committed", "{a} 上的 {k} 不是已提交的值");
            fill(words, &[("k", Says::same(key)), ("a", Says::same(node))])
        }
        Slip::Unlocked(node, txn) => {
            let words =
                text("{a} is uncertain about transaction {n} and holds no lock", "{a} 对事务 {n} 未决，却没有持锁");
            fill(words, &[("n", number(txn)), ("a", Says::same(node))])
        }
    }
}

fn slipped(seen: &Seen<TwoPhaseCommit>, kind: impl Fn(&Slip) -> bool) -> Option<Breach> {
    let slip = seen.history.slips.iter().find(|slip| kind(slip))?;
    Some(Breach { nodes: nodes(slip, seen), says: says(slip, seen) })
}

fn in_ms(time: Micros) -> String {
    print_decimal(micros_to_ms(time as i64))
}

/// Somebody has been uncertain for long: a timeout can end a wait, and cannot end this.
fn waits_for_ever(seen: &Seen<TwoPhaseCommit>) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else { return None };
    let limit = LONG * seen.config.timeout;
    let span = latest(&seen.history.windows).find(|span| span.until.is_none() && span.from + limit <= *time)?;
    let words = text("{a} has been uncertain about transaction {n} for {t} ms", "{a} 对事务 {n} 未决已 {t} ms");
    let ms = in_ms(*time - span.from);
    let with = [("a", Says::same(span.node)), ("n", Says::same(span.txn)), ("t", Says::same(ms))];
    Some(Breach { nodes: vec![span.node], says: words.fill(&with) })
}

fn decisions(seen: &Evidence<TwoPhaseCommit>) -> usize {
    seen.history.machines.iter().map(|kept| kept.settled.size()).sum()
}

fn counted(words: Text, n: usize) -> Says {
    words.fill(&[("n", Says::same(n))])
}

pub const INVARIANTS: &[Invariant<TwoPhaseCommit>] = &[
    Invariant {
        id: "agreement",
        title: text("All that decide, decide alike", "决定一致"),
        says: text("No machine commits what another aborts.", "不会有机器提交了别的机器中止的事务。"),
        source: "section 7.3, AC1",
        promise: |config| match config.heuristic {
            Heuristic::None => Promise::always(KEPT),
            _ => Promise::not(text("uncertain machines decide alone", "未决的机器会擅自决定")),
        },
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Split(_))),
        evidence: |seen| {
            let told = || seen.history.transactions.values();
            let (commits, aborts) = (
                told().filter(|one| one.commits.count() > 0).count(),
                told().filter(|one| one.aborts.count() > 0).count(),
            );
            text("committed {n}, aborted {m}, none both", "提交 {n} 个，中止 {m} 个，无一兼有")
                .fill(&[("n", Says::same(commits)), ("m", Says::same(aborts))])
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
            "The coordinator commits only what all participants have said yes to.",
            "只有全体参与者都同意，协调者才会提交。",
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
        says: text("Nobody stays uncertain for ten timeouts.", "没有人会在十个超时之后仍然未决。"),
        source: "section 7.3, AC5",
        promise: |_| {
            Promise::not(text("while the coordinator is down, nobody else may decide", "协调者宕机时，其他人不得决定"))
        },
        check: waits_for_ever,
        evidence: |seen| {
            let open = latest(&seen.history.windows).filter(|span| span.until.is_none());
            let (many, txns) = open.fold((0, Vec::new()), |(n, mut txns), span| {
                if !txns.contains(&span.txn) {
                    txns.push(span.txn);
                }
                (n + 1, txns)
            });
            let now = seen.cluster.now();
            let held = txns.iter().map(|txn| seen.history.held_up(*txn, now));
            let (waiting, time) = held.fold((0, 0), |(n, all), (one, time)| (n + one, all + time));
            match (many, waiting) {
                (0, _) => Says::new("nobody is uncertain", "无人未决"),
                (n, 0) => counted(text("{n} uncertain now", "{n} 台未决"), n),
                (n, waiting) => text(
                    "{n} uncertain now; behind their locks {w} waited {t} ms",
                    "{n} 台未决；等它们锁的有 {w} 个，共 {t} ms",
                )
                .fill(&[
                    ("n", Says::same(n)),
                    ("w", Says::same(waiting)),
                    ("t", Says::same(in_ms(time))),
                ]),
            }
        },
    },
    Invariant {
        id: "written-first",
        title: text("Written before it is sent", "先落盘后发送"),
        says: text(
            "A vote, a decision and an acknowledgement are on disk before they are said, unless no record means the same.",
            "表决、决定和确认都先落盘再发送，除非没有记录时的推定与之相同。",
        ),
        source: "section 7.4",
        promise: |_| Promise::always(&[]),
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
        id: "uncertain-is-locked",
        title: text("What is uncertain is locked", "未决则锁定"),
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
