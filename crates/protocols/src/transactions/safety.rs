//! What holds of atomic commitment: AC1 to AC5 of Bernstein, Hadzilacos and Goodman (1987), section 7.3, as far as
//! protocols differ only in what they promise of it.

use synod_engine::names::NodeId;
use synod_engine::promise::{Assumption, Promise};
use synod_engine::protocol::{Breach, Evidence, Invariant, Node, Observed, Seen};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::{Micros, micros_to_ms, print_decimal};

use crate::node_set::NodeSet;
use crate::store::Key;

use super::history::Span;
use super::log::{Decided, Txn};
use super::{Commitment, coordinates};

/// A decision that was on a disk is there still.
pub const KEPT: &[Assumption] = &[Assumption::DisksKept];

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

/// Some hold a commit where others hold an abort, once that is so.
pub fn judge_split<P: Commitment>(history: &mut P::History, txn: Txn) {
    let is_split = history.transactions.get(&txn).is_some_and(|told| told.is_split());
    if is_split && !history.slips.contains(&Slip::Split(txn)) {
        history.slips.push(Slip::Split(txn));
    }
}

/// Where nothing is under way, what was committed stands there; and what is undecided is locked.
pub fn judge_site<P: Commitment>(history: &mut P::History, machine: &Node<P>) {
    if coordinates(machine) {
        return;
    }
    let site = P::site(&machine.volatile);
    let Some(kept) = history.kept(machine.id) else { return };
    let stands = |key: &Key| site.cache.get(key).map(|cell| cell.value) == kept.values.get(key).copied();
    let free = site.cache.keys().chain(kept.values.keys()).filter(|key| !site.locks.contains_key(key));
    let wrong = free.copied().find(|key| !stands(key));
    let loose = P::undecided(&machine.volatile).find(|(txn, writes)| !site.holds_all(*txn, writes));
    let loose = loose.map(|(txn, _)| txn);
    history.slips.extend(wrong.map(|key| Slip::Data(machine.id, key)));
    history.slips.extend(loose.map(|txn| Slip::Unlocked(machine.id, txn)));
}

fn nodes<P: Commitment>(slip: &Slip, seen: &Seen<P>) -> Vec<NodeId> {
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

fn says<P: Commitment>(slip: &Slip, seen: &Seen<P>) -> Says {
    let number = |n: &Txn| Says::same(n);
    match slip {
        Slip::Split(txn) => {
            let told = seen.history.transactions.get(txn).cloned().unwrap_or_default();
            let names = |set: NodeSet| Says::list(&set.iter().map(|one| one.to_string()).collect::<Vec<_>>());
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
        Slip::WithoutYes(_, txn, other) => text(
            "transaction {n} is committed, and {a} has no yes on its disk",
            "事务 {n} 提交，但 {a} 的磁盘上没有同意",
        )
        .fill(&[("n", number(txn)), ("a", Says::same(other))]),
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

pub fn slipped<P: Commitment>(seen: &Seen<P>, kind: impl Fn(&Slip) -> bool) -> Option<Breach> {
    let slip = seen.history.slips.iter().find(|slip| kind(slip))?;
    Some(Breach { nodes: nodes(slip, seen), says: says(slip, seen) })
}

pub fn in_ms(time: Micros) -> String {
    print_decimal(micros_to_ms(time as i64))
}

pub fn waited(span: &Span, time: Micros) -> Breach {
    let words = text("{a} has not decided transaction {n} for {t} ms", "{a} 对事务 {n} 未作决定已 {t} ms");
    let with = [("a", Says::same(span.node)), ("n", Says::same(span.txn)), ("t", Says::same(in_ms(time - span.from)))];
    Breach { nodes: vec![span.node], says: words.fill(&with) }
}

/// Somebody has been undecided for so long: a timeout can end a wait, and cannot end this.
pub fn waits_for_ever<P: Commitment>(seen: &Seen<P>, limit: Micros) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else { return None };
    let span = seen.history.open_windows().find(|span| span.from + limit <= *time)?;
    Some(waited(span, *time))
}

pub fn counted(words: Text, n: usize) -> Says {
    words.fill(&[("n", Says::same(n))])
}

fn both(seen: &Evidence<impl Commitment>) -> Says {
    let count = |is: fn(bool, bool) -> bool| {
        let has = |set: NodeSet| set.count() > 0;
        seen.history.transactions.values().filter(|told| is(has(told.commits), has(told.aborts))).count()
    };
    match count(|commits, aborts| commits && aborts) {
        0 => text("committed {n}, aborted {m}, none both", "提交 {n} 个，中止 {m} 个，无一兼有")
            .fill(&[("n", Says::same(count(|commits, _| commits))), ("m", Says::same(count(|_, aborts| aborts)))]),
        n => counted(text("{n} committed by some and aborted by others", "{n} 个有人提交、有人中止"), n),
    }
}

pub const fn agreement<P: Commitment>(promise: fn(&P::Config) -> Promise) -> Invariant<P> {
    Invariant {
        id: "agreement",
        title: text("All that decide, decide alike", "决定一致"),
        says: text("No machine commits what another aborts.", "不会有机器提交了别的机器中止的事务。"),
        source: "section 7.3, AC1",
        promise,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Split(_))),
        evidence: |seen| both(seen),
    }
}

pub const fn no_reversal<P: Commitment>() -> Invariant<P> {
    Invariant {
        id: "no-reversal",
        title: text("No decision is taken back", "决定不反悔"),
        says: text("What is decided on a disk stays decided.", "磁盘上的决定不再改变。"),
        source: "section 7.3, AC2",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Reversed(..))),
        evidence: |seen| {
            let words = text("{n} {n:decision|decisions}, none reversed", "{n} 个决定，无一反悔");
            counted(words, seen.history.decisions())
        },
    }
}

pub const fn unanimity<P: Commitment>(says: Text) -> Invariant<P> {
    Invariant {
        id: "unanimity",
        title: text("Commit needs every yes", "提交需要全体同意"),
        says,
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
    }
}

pub const fn reasoned_abort<P: Commitment>() -> Invariant<P> {
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
    }
}

pub const fn written_first<P: Commitment>(
    says: Text,
    source: &'static str,
    promise: fn(&P::Config) -> Promise,
) -> Invariant<P> {
    Invariant {
        id: "written-first",
        title: text("Written before it is sent", "先落盘后发送"),
        says,
        source,
        promise,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::BeforeWriting(..))),
        evidence: |seen| {
            let yes: u32 = seen.history.transactions.values().map(|told| told.yes.count()).sum();
            counted(text("{n} {n:vote|votes} in favour, each on disk first", "{n} 张同意票，均先落盘"), yes as usize)
        },
    }
}

pub const fn all_or_nothing<P: Commitment>() -> Invariant<P> {
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
    }
}

/// Strict two-phase locking, under the id and the title that the protocol gives it.
pub const fn locked<P: Commitment>(id: &'static str, title: Text) -> Invariant<P> {
    Invariant {
        id,
        title,
        says: text("Nobody reads or writes what is not decided.", "未决定的数据不可读写。"),
        source: "section 7.4, strict two-phase locking",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Unlocked(..))),
        evidence: |seen| {
            let locks = seen.cluster.nodes().iter().map(|node| P::site(&node.volatile).locks.len());
            counted(text("{n} {n:key|keys} locked", "{n} 个键被锁定"), locks.sum())
        },
    }
}
