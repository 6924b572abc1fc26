//! What must hold, slot by slot, for what is applied, and for clients.

use synod_engine::prelude::*;

use super::MultiPaxos;
use super::history::Slip;

fn slipped(seen: &Seen<MultiPaxos>, of_this_kind: fn(&Slip) -> bool) -> Option<Breach> {
    let slip = seen.history.slip.filter(of_this_kind)?;
    let (node, words, n, b) = match slip {
        Slip::TwoChosen(slot) => (None, text("two values are chosen in slot {n}", "槽位 {n} 选定了两个值"), slot, 0),
        Slip::BelowPromise(node, ballot) => (
            Some(node),
            text("{node} went below its promise of ballot {n}", "{node} 违背了对编号 {n} 的承诺"),
            ballot,
            0,
        ),
        Slip::LostPromise(node, ballot) => {
            (Some(node), text("{node} has lost its promise of ballot {n}", "{node} 丢失了对编号 {n} 的承诺"), ballot, 0)
        }
        Slip::NotCarried(node, slot, ballot) => (
            Some(node),
            text(
                "{node} proposes for slot {n} in ballot {b} what no majority leaves it free to propose",
                "{node} 以编号 {b} 为槽位 {n} 提出了没有多数派允许的值",
            ),
            slot,
            ballot,
        ),
        Slip::NotChosen(node, slot) => (
            Some(node),
            text(
                "{node} counts slot {n} as applied, and what it holds there is not chosen",
                "{node} 把槽位 {n} 算作已应用，但它在那里持有的并未选定",
            ),
            slot,
            0,
        ),
        Slip::OutOfOrder(node, slot) => (
            Some(node),
            text(
                "{node} is not in the state that slots up to {n} lead to",
                "{node} 的状态与依次应用到槽位 {n} 的结果不符",
            ),
            slot,
            0,
        ),
        Slip::TooOld(client, slot) => {
            let says = text(
                "{c} was answered from slot {n}, though a later one had been answered before it asked",
                "{c} 的响应来自槽位 {n}，但在它提问之前已响应过更后的槽位",
            );
            let says = says.fill(&[("c", Says::same(client)), ("n", Says::same(slot))]);
            return Some(Breach { nodes: Vec::new(), says });
        }
    };
    let name = Says::same(node.map_or_else(String::new, |node| node.to_string()));
    let says = words.fill(&[("node", name), ("n", Says::same(n)), ("b", Says::same(b))]);
    Some(Breach { nodes: node.into_iter().collect(), says })
}

/// A disk that was written keeps it: where one is lost, promises that were written there are lost too.
const KEPT: &[Assumption] = &[Assumption::DisksKept];

/// Reads are commands as writes are, and stand in slots.
pub const LINEARIZABLE: Promise =
    Promise::by(text("reads are chosen into slots as writes are", "读取和写入一样被选定到槽位中"), KEPT);

pub const INVARIANTS: &[Invariant<MultiPaxos>] = &[
    Invariant {
        id: "agreement",
        title: text("Agreement", "一致性"),
        says: text("At most one value is ever chosen in a slot.", "每个槽位至多选定一个值。"),
        source: "Paxos Made Simple, 2.1, 3",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::TwoChosen(_))),
        evidence: |seen| {
            text("slots chosen, each once: {n}", "{n} 个槽位已选定，各只一次")
                .fill(&[("n", Says::same(seen.history.chosen))])
        },
    },
    Invariant {
        id: "promises-kept",
        title: text("Promises kept", "信守承诺"),
        says: text("No acceptor goes below what it has promised.", "接受者不会低于自己承诺的编号。"),
        source: "Paxos Made Simple, 2.2, P1a",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::BelowPromise(..) | Slip::LostPromise(..))),
        evidence: |seen| {
            let highest = seen.cluster.nodes().iter().map(|node| node.durable.promised).max().unwrap_or(0);
            text("the highest promise is ballot {n}", "最大的承诺是编号 {n}").fill(&[("n", Says::same(highest))])
        },
    },
    Invariant {
        id: "value-carried",
        title: text("Value carried", "沿用旧值"),
        says: text(
            "What a leader proposes in a slot is what some majority's highest vote there was for, if there was one.",
            "领导者在某槽位提出的值，必须是某个多数派在该槽位编号最大的投票的值（若有）。",
        ),
        source: "Paxos Made Simple, 2.2, P2c",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::NotCarried(..))),
        evidence: |seen| {
            let longest = seen.cluster.nodes().iter().map(|node| node.durable.log.last()).max().unwrap_or(0);
            text("slots proposed, each freely or carried on: {n}", "{n} 个槽位提出过值，或自由或沿用")
                .fill(&[("n", Says::same(longest))])
        },
    },
    Invariant {
        id: "applied-chosen",
        title: text("Applied is chosen", "应用的都已选定"),
        says: text("A server applies only what is chosen.", "服务器只应用被选定的值。"),
        source: "Paxos Made Simple, 3",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::NotChosen(..))),
        evidence: |seen| {
            text("slots applied, all of them chosen: {n}", "应用了 {n} 个槽位，都已选定")
                .fill(&[("n", Says::same(seen.history.sequence.len()))])
        },
    },
    Invariant {
        id: "applied-in-order",
        title: text("Applied in order", "按顺序应用"),
        says: text(
            "Slots are applied in order without a gap, and each command is done once.",
            "槽位按顺序应用、没有间隔，每条命令只应用一次。",
        ),
        source: "Paxos Made Simple, 3",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::OutOfOrder(..))),
        evidence: |seen| {
            let furthest = seen.cluster.nodes().iter().map(|node| node.volatile.applied).max().unwrap_or(0);
            text("up to slot {n}, without a gap", "到槽位 {n} 为止没有间隔").fill(&[("n", Says::same(furthest))])
        },
    },
    Invariant {
        id: "answers-in-order",
        title: text("Answers in order", "响应不倒退"),
        says: text(
            "A command that is asked after another was answered stands in a later slot.",
            "在别的命令得到响应之后才提出的命令，必在更后的槽位。",
        ),
        source: "Herlihy and Wing: Linearizability, 1990",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::TooOld(..))),
        evidence: |seen| {
            let (n, last) = (Says::same(seen.history.answers), Says::same(seen.history.answered));
            text("{n} {n:answer|answers}, the last from slot {last}", "{n} 次响应，最后一次来自槽位 {last}")
                .fill(&[("n", n), ("last", last)])
        },
    },
];
