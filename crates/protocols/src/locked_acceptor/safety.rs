//! What must hold, and the rules broken on purpose. It is safe whatever fails; it is not live.

use synod_engine::prelude::*;

use crate::word::Word;

use super::LockedAcceptor;
use super::state::Phase;

pub struct Before {
    value: Option<Word>,
    lock: Option<NodeId>,
}

impl Before {
    pub fn of(node: &Node<LockedAcceptor>) -> Before {
        Before { value: node.durable.value, lock: node.durable.lock }
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct History {
    asked: Vec<Word>,
    /// Every value that was ever decided, in order.
    decided: Vec<Word>,
    told: u32,
    /// What was decided, and is gone from the acceptor's disk.
    lost: Option<Word>,
    /// Whom the lock was given last, until the acceptor freed it.
    given: Option<NodeId>,
    /// Who had the lock taken away unasked, and by whom.
    robbed: Option<(NodeId, NodeId)>,
    unlocked: bool,
}

pub fn observe(history: &mut History, seen: &Observed<LockedAcceptor>, cluster: Cluster<LockedAcceptor>) {
    (history.robbed, history.unlocked) = (None, false);
    match seen {
        Observed::Asked { operation, .. } if !history.asked.contains(&operation.0) => {
            history.asked.push(operation.0);
        }
        Observed::Handled { before, after, .. } => {
            let durable = &after.durable;
            if durable.lock != before.lock {
                // Who was given the lock by an acceptor that has forgotten it may use it still.
                let uses = |old: &NodeId| cluster.nodes()[old.at()].volatile.phase == Phase::Accepting;
                let old = before.lock.or(history.given.filter(uses));
                history.robbed = old.zip(durable.lock).filter(|(old, new)| old != new);
                history.given = durable.lock;
            }
            history.lost = history.lost.or(before.value.filter(|_| durable.value.is_none()));
            if let Some(value) = durable.value.filter(|value| before.value != Some(*value)) {
                history.unlocked = before.lock.is_none();
                history.decided.push(value);
            }
        }
        Observed::Answered { .. } => history.told += 1,
        Observed::Fell { before, after } => {
            history.lost = history.lost.or(before.value.filter(|_| after.durable.value.is_none()));
        }
        _ => {}
    }
}

fn breach(node: NodeId, says: Says) -> Option<Breach> {
    Some(Breach { nodes: vec![node], says })
}

fn decided_once(seen: &Seen<LockedAcceptor>) -> Option<Breach> {
    if let Some(lost) = seen.history.lost {
        let says = text("{v} was decided, and the acceptor has lost it", "曾确定 {v}，但接受者已丢失它");
        return breach(seen.cluster.nodes().last()?.id, says.fill(&[("v", Says::same(lost))]));
    }
    let [first, .., last] = seen.history.decided.as_slice() else {
        return None;
    };
    let says = text("{a} was decided, and then {b}", "先确定了 {a}，后来又是 {b}");
    breach(seen.cluster.nodes().last()?.id, says.fill(&[("a", Says::same(first)), ("b", Says::same(last))]))
}

fn validity(seen: &Seen<LockedAcceptor>) -> Option<Breach> {
    let strange = seen.history.decided.iter().find(|value| !seen.history.asked.contains(value))?;
    let says = text("{v} was decided, which nobody asked for", "确定了没有人请求的 {v}");
    breach(seen.cluster.nodes().last()?.id, says.fill(&[("v", Says::same(strange))]))
}

fn one_holder(seen: &Seen<LockedAcceptor>) -> Option<Breach> {
    let (old, new) = seen.history.robbed?;
    let says = text("{a} held the lock when {b} was given it", "{a} 还持有锁，{b} 又得到了锁");
    breach(new, says.fill(&[("a", Says::same(old)), ("b", Says::same(new))]))
}

fn lock_respected(seen: &Seen<LockedAcceptor>) -> Option<Breach> {
    let says = Says::new("a value was decided while nobody held the lock", "没有人持有锁时确定了取值");
    if seen.history.unlocked { breach(seen.cluster.nodes().last()?.id, says) } else { None }
}

/// A disk that was written keeps it: where one is lost, promises that were written there are lost too.
const KEPT: &[Assumption] = &[Assumption::DisksKept];

pub const INVARIANTS: &[Invariant<LockedAcceptor>] = &[
    Invariant {
        id: "validity",
        title: text("Validity", "有效性"),
        says: text("Only a value that a client proposed is decided.", "只有客户端提出过的值才会被确定。"),
        source: "Paxos Made Simple, 2.1",
        promise: |_| Promise::always(&[]),
        check: validity,
        evidence: |seen| {
            text("values proposed: {n}", "提出过 {n} 个值").fill(&[("n", Says::same(seen.history.asked.len()))])
        },
    },
    Invariant {
        id: "decided-once",
        title: text("Decided once", "取值不变"),
        says: text("What is decided never changes.", "一旦确定，取值不再改变。"),
        source: "Paxos Made Simple, 2.1",
        promise: |_| Promise::always(KEPT),
        check: decided_once,
        evidence: |seen| match seen.history.decided.first() {
            None => Says::new("nothing decided yet", "尚未确定"),
            Some(value) => text("{v} is decided", "取值为 {v}").fill(&[("v", Says::same(value))]),
        },
    },
    Invariant {
        id: "one-holder",
        title: text("One holder", "锁的互斥"),
        says: text("The lock is given to nobody while another holds it.", "有人持有锁时不会再交给别人。"),
        source: "mutual exclusion",
        promise: |_| Promise::always(KEPT),
        check: one_holder,
        evidence: |seen| match seen.cluster.nodes().iter().find_map(|node| node.durable.lock) {
            None => Says::new("the lock is free", "锁空闲"),
            Some(holder) => text("{a} holds the lock", "{a} 持有锁").fill(&[("a", Says::same(holder))]),
        },
    },
    Invariant {
        id: "lock-respected",
        title: text("Lock respected", "持锁才能写"),
        says: text("A value is decided only under the lock.", "只有持锁者才能确定取值。"),
        source: "mutual exclusion",
        promise: |_| Promise::always(&[]),
        check: lock_respected,
        evidence: |seen| {
            text("{n} decided, under the lock", "确定 {n} 次，均在持锁时")
                .fill(&[("n", Says::same(seen.history.decided.len()))])
        },
    },
];

pub mod mutants {
    //! Each is a guard taken away in place.
    use super::{Mutant, text};

    pub static GRANT_TWICE: Mutant = Mutant {
        id: "grant-twice",
        rule: text("One holder of the lock", "锁只给一个人"),
        title: text("Grants the lock twice", "锁给了两个人"),
        says: text(
            "The acceptor gives the lock away though somebody has it.",
            "锁还在别人手里，接受者又把它交了出去。",
        ),
        breaks: "one-holder",
        source: "mutual exclusion",
    };
    pub static NO_LOCK: Mutant = Mutant {
        id: "no-lock",
        rule: text("The lock comes first", "先取得锁"),
        title: text("Does without the lock", "不加锁"),
        says: text(
            "Proposers ask at once to accept, and the acceptor does not look at the lock.",
            "提议者直接请求接受，接受者也不检查锁。",
        ),
        breaks: "lock-respected",
        source: "mutual exclusion",
    };
    pub static OVERWRITE: Mutant = Mutant {
        id: "overwrite",
        rule: text("A decided value stays", "已决定的值不变"),
        title: text("Overwrites", "覆盖取值"),
        says: text(
            "A proposer ignores the decided value, and the acceptor takes another.",
            "提议者无视已定的取值，接受者也接受新的值。",
        ),
        breaks: "decided-once",
        source: "Paxos Made Simple, 2.1",
    };
    pub static FORGET: Mutant = Mutant {
        id: "forget-value",
        rule: text("The value is kept on disk", "取值写入磁盘"),
        title: text("Forgets the value", "忘记取值"),
        says: text("A restart clears what was decided.", "重启后丢失已确定的取值。"),
        breaks: "decided-once",
        source: "Paxos Made Simple, 2.5",
    };

    pub static ALL: &[&Mutant] = &[&GRANT_TWICE, &NO_LOCK, &OVERWRITE, &FORGET];
}
