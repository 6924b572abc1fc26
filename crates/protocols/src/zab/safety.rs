//! What must hold: the properties of Junqueira, Reed and Serafini (2011), and what carries them.

use synod_engine::prelude::*;

use super::Zab;
use super::history::Slip;
use super::options::Config;

fn slipped(seen: &Seen<Zab>, of_this_kind: fn(&Slip) -> bool) -> Option<Breach> {
    let slip = seen.history.slip.filter(of_this_kind)?;
    let same = |what: &dyn std::fmt::Display| Says::same(what);
    let (nodes, says) = match slip {
        Slip::TwoLeaders(epoch, a, b) => (
            vec![a, b],
            text("{a} and {b} both lead epoch {n}", "{a} 和 {b} 都领导纪元 {n}").fill(&[
                ("a", same(&a)),
                ("b", same(&b)),
                ("n", same(&epoch)),
            ]),
        ),
        Slip::NotBroadcast(node, zxid) => (
            vec![node],
            text("{a} delivered {z}, which no leader broadcast", "{a} 应用了 {z}，但没有领导者广播过它")
                .fill(&[("a", same(&node)), ("z", same(&zxid))]),
        ),
        Slip::OutOfOrder(node, at) => (
            vec![node],
            text("{a} delivered another {n}th transaction than others", "{a} 应用的第 {n} 个事务与其他服务器不同")
                .fill(&[("a", same(&node)), ("n", same(&at))]),
        ),
        Slip::Backwards(node, zxid) => (
            vec![node],
            text("{a} delivered {z} after a later one", "{a} 在更后的事务之后应用了 {z}")
                .fill(&[("a", same(&node)), ("z", same(&zxid))]),
        ),
        Slip::Lacks(node, epoch) => (
            vec![node],
            text(
                "{a} broadcasts in epoch {n} and has not delivered what others did before it",
                "{a} 在纪元 {n} 广播，却没有应用别人之前应用过的",
            )
            .fill(&[("a", same(&node)), ("n", same(&epoch))]),
        ),
        Slip::EpochFell(node, epoch) => (
            vec![node],
            text("an epoch that {a} had written fell, below {n}", "{a} 写下的纪元变小了，低于 {n}")
                .fill(&[("a", same(&node)), ("n", same(&epoch))]),
        ),
        Slip::NotCommitted(node, zxid) => (
            vec![node],
            text("{a} delivered {z}, which no majority has", "{a} 应用了 {z}，但没有多数拥有它")
                .fill(&[("a", same(&node)), ("z", same(&zxid))]),
        ),
        Slip::Missed(node, n) => (
            vec![node],
            text("{a} is told of number {n} and lacks it or one before it", "{a} 被告知第 {n} 个，而它或它之前的缺失")
                .fill(&[("a", same(&node)), ("n", same(&n))]),
        ),
        Slip::TooOld(client, n) => (
            Vec::new(),
            text(
                "{c} was answered as number {n}, though a later one had been answered before it asked",
                "{c} 的响应是第 {n} 个，但在它提问之前已响应过更后的",
            )
            .fill(&[("c", same(&client)), ("n", same(&n))]),
        ),
        Slip::WentBack(client, n, seen) => (
            Vec::new(),
            text(
                "{c} was answered from {n} {n:transaction|transactions}, and had seen {m}",
                "{c} 得到的响应只含 {n} 个事务，而它见过 {m} 个",
            )
            .fill(&[("c", same(&client)), ("n", same(&n)), ("m", same(&seen))]),
        ),
    };
    Some(Breach { nodes, says })
}

/// A disk that was written keeps it: an epoch that was accepted there, and what was acknowledged.
const KEPT: &[Assumption] = &[Assumption::DisksKept];
/// A line between two servers is one connection: it loses nothing, and keeps its order.
const CONNECTED: &[Assumption] =
    &[Assumption::DisksKept, Assumption::NoPartition, Assumption::NothingLost, Assumption::LinksInOrder];

/// Any server answers a read, from what it has delivered.
const LOCAL_READS: Promise = Promise::not(text(
    "any server answers reads, from what it has delivered so far",
    "任何服务器都用自己已应用的数据响应读取",
));
/// All deliver one sequence: no later write is anywhere without the earlier ones.
const ONE_SEQUENCE: Promise =
    Promise::by(text("all servers deliver one sequence in its order", "所有服务器都按顺序应用同一个序列"), KEPT);

/// Each client goes through that sequence, and never back: no server answers it that has delivered less than it has seen.
const IN_SESSIONS: Promise = Promise::by(
    text(
        "no server answers a client that has seen more than the server has delivered",
        "见过更多的客户端，服务器一律拒绝",
    ),
    KEPT,
);
const WITHOUT_SESSIONS: Promise = Promise::not(text(
    "without sessions a client may be answered by a server that has delivered less than the last one had",
    "没有会话时，响应客户端的服务器可能比上一个应用得少",
));

fn by_sessions(config: &Config) -> Promise {
    if config.sessions { IN_SESSIONS } else { WITHOUT_SESSIONS }
}

/// What clients may rely on, whichever server they ask each time.
pub fn levels(config: &Config) -> Vec<(&'static str, Promise)> {
    let sessions = by_sessions(config);
    vec![
        ("linearizable", LOCAL_READS),
        ("sequential", sessions),
        ("causal", sessions),
        ("pram", sessions),
        ("read-your-writes", sessions),
        ("monotonic-reads", sessions),
        ("monotonic-writes", ONE_SEQUENCE),
        ("writes-follow-reads", ONE_SEQUENCE),
    ]
}

const fn property(
    id: &'static str,
    title: Text,
    says: Text,
    source: &'static str,
    check: fn(&Seen<Zab>) -> Option<Breach>,
    evidence: fn(&Evidence<Zab>) -> Says,
) -> Invariant<Zab> {
    Invariant { id, title, says, source, promise: |_| Promise::always(KEPT), check, evidence }
}

fn counted(words: Text, n: usize) -> Says {
    words.fill(&[("n", Says::same(n))])
}

fn delivered(seen: &Evidence<Zab>, words: Text) -> Says {
    counted(words, seen.history.sequence.len())
}

pub const INVARIANTS: &[Invariant<Zab>] = &[
    property(
        "leadership",
        text("One leader an epoch", "每个纪元一个领导者"),
        text("No epoch has two leaders.", "没有哪个纪元有两个领导者。"),
        "Zab.tla, Leadership1 and 2",
        |seen| slipped(seen, |slip| matches!(slip, Slip::TwoLeaders(..))),
        |seen| {
            counted(
                text("{n} {n:epoch|epochs}, each led by one", "{n} 个纪元，各由一个领导"),
                seen.history.leaders.size(),
            )
        },
    ),
    property(
        "integrity",
        text("Integrity", "完整性"),
        text("Only what a leader broadcast is delivered.", "只应用领导者广播过的。"),
        "Junqueira, Reed and Serafini 2011, section III",
        |seen| slipped(seen, |slip| matches!(slip, Slip::NotBroadcast(..))),
        |seen| delivered(seen, text("{n} delivered, each of them broadcast", "应用了 {n} 个，都广播过")),
    ),
    property(
        "total-order",
        text("Total order, agreement", "全序与一致"),
        text("All deliver the same, in the same order.", "所有服务器以相同顺序应用相同的事务。"),
        "Junqueira, Reed and Serafini 2011, section III",
        |seen| slipped(seen, |slip| matches!(slip, Slip::OutOfOrder(..))),
        |seen| delivered(seen, text("{n} in one order at all", "{n} 个，处处顺序相同")),
    ),
    property(
        "primary-order",
        text("Primary order", "主序"),
        text(
            "Transactions are delivered in the order of their epochs, and within one in the order of its leader.",
            "事务按纪元先后应用，同一纪元内按领导者的顺序。",
        ),
        "local and global primary order, for all transactions",
        |seen| slipped(seen, |slip| matches!(slip, Slip::Backwards(..))),
        |seen| match seen.history.sequence.last() {
            None => Says::new("nothing is delivered yet", "还没有应用"),
            Some((zxid, _)) => text("the last is {z}", "最后一个是 {z}").fill(&[("z", Says::same(zxid))]),
        },
    ),
    property(
        "primary-integrity",
        text("Primary integrity", "主完整性"),
        text(
            "A leader that broadcasts has delivered all that anybody delivered of older epochs.",
            "广播的领导者已应用别人在旧纪元应用过的一切。",
        ),
        "Junqueira, Reed and Serafini 2011, section III",
        |seen| slipped(seen, |slip| matches!(slip, Slip::Lacks(..))),
        |seen| delivered(seen, text("{n} delivered, none forgotten", "应用了 {n} 个，无一遗忘")),
    ),
    property(
        "committed-only",
        text("Only what a majority has", "只应用多数拥有的"),
        text("What is delivered is on the disks of a majority.", "应用的事务都在多数的磁盘上。"),
        "phase 3, step l.3.2",
        |seen| slipped(seen, |slip| matches!(slip, Slip::NotCommitted(..))),
        |seen| counted(text("{n} committed", "提交了 {n} 个"), seen.history.committed as usize),
    ),
    property(
        "epochs-grow",
        text("Epochs grow", "纪元递增"),
        text(
            "What a server accepted and whose history it has never falls, and the second is not above the first.",
            "服务器接受的纪元和历史所属的纪元从不变小，后者不大于前者。",
        ),
        "f.p and f.a",
        |seen| slipped(seen, |slip| matches!(slip, Slip::EpochFell(..))),
        |seen| {
            let greatest = seen.cluster.nodes().iter().map(|node| node.durable.accepted).max().unwrap_or(0);
            counted(text("the greatest accepted is {n}", "接受的最大纪元是 {n}"), greatest as usize)
        },
    ),
    property(
        "writes-in-order",
        text("Writes in order", "写入不倒退"),
        text(
            "A write that is asked after another was answered is delivered after it. Reads may be old.",
            "在别的写入得到响应之后才提出的写入，在它之后应用。读取可能是旧的。",
        ),
        "ZooKeeper, linearizable writes",
        |seen| slipped(seen, |slip| matches!(slip, Slip::TooOld(..))),
        |seen| counted(text("{n} {n:write|writes} answered", "响应了 {n} 次写入"), seen.history.answers as usize),
    ),
    Invariant {
        promise: by_sessions,
        ..property(
            "sessions-in-order",
            text("Sessions never go back", "会话不倒退"),
            text(
                "No client is answered from less than it has been told before, whichever server it asks.",
                "无论客户端问哪台服务器，响应都不会比它之前得知的更旧。",
            ),
            "ZooKeeper, ordered sessions",
            |seen| slipped(seen, |slip| matches!(slip, Slip::WentBack(..))),
            |seen| {
                counted(
                    text("{n} {n:answer|answers}, none of them from less", "{n} 次响应，没有变旧"),
                    seen.history.told as usize,
                )
            },
        )
    },
    Invariant {
        id: "nothing-unexpected",
        title: text("Nothing unexpected", "没有意外"),
        says: text(
            "A follower that is synchronised is told of nothing that it lacks.",
            "已同步的跟随者不会被告知它缺少的事务。",
        ),
        source: "Zab.tla, ShouldNotBeTriggered",
        promise: |_| Promise::always(CONNECTED),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Missed(..))),
        evidence: |seen| match seen.history.missed {
            0 => Says::new("no follower missed anything", "没有跟随者缺失什么"),
            n => counted(text("missed {n} times", "缺失 {n} 次"), n as usize),
        },
    },
];
