//! Ready runs: the cases that textbooks draw.

use synod_engine::prelude::*;

pub const STARTS: &[Start] = &[
    Start {
        id: "no-failure",
        title: text("Without a failure", "无故障"),
        says: text(
            "One proposer, three acceptors: two phases, and every learner knows.",
            "一个提议者，三个接受者：两个阶段之后，学习者都知道了。",
        ),
        config: "nodes.proposers=1 nodes.acceptors=3 nodes.learners=2 seed=11c9",
        script: "request P1 propose olive",
        after: 200,
        expect: &["L1.chosen = olive", "L2.chosen = olive", "C1.answer = olive"],
    },
    Start {
        id: "acceptor-fails",
        title: text("An acceptor fails", "接受者故障"),
        says: text("A3 is down. Two of three are still a majority.", "A3 宕机，三者中的两个仍是多数派。"),
        config: "nodes.proposers=1 nodes.acceptors=3 nodes.learners=2 seed=11c9",
        script: "crash A3\nrequest P1 propose olive",
        after: 200,
        expect: &["A3.status = crashed", "L1.chosen = olive"],
    },
    Start {
        id: "proposer-fails",
        title: text("A proposer fails half-way", "提议者中途故障"),
        says: text(
            "P1 reaches one acceptor and crashes. P2 finds the value there, and must propose it.",
            "P1 只写到一个接受者就宕机；P2 发现了这个值，必须沿用它。",
        ),
        config: "nodes.proposers=2 nodes.acceptors=3 nodes.learners=2 seed=11c9 network.latency=15..15",
        script: "request P1 propose olive\n+45ms\ndrop accept P1 -> A2\ndrop accept P1 -> A3\n+16ms\ncrash P1\n+20ms\nrequest P2 propose fig\n+15ms\ndrop prepare P2 -> A3",
        after: 400,
        expect: &["P1.status = crashed", "L1.chosen = olive"],
    },
    Start {
        id: "duel",
        title: text("A duel of proposers", "提议者的对决"),
        says: text(
            "Each overtakes the other's ballot, and neither waits: this can last for ever.",
            "双方不停地用更大的编号超越对方，谁也不等待：可能永远持续。",
        ),
        config: "nodes.proposers=2 nodes.acceptors=3 nodes.learners=2 seed=11c9 network.latency=15..15 options.backoff=none options.proposeAfter=20",
        script: "request P1 propose olive\n+40ms\nrequest P2 propose fig",
        after: 1000,
        expect: &["L1.chosen = none", "fired prepare >= 10"],
    },
    Start {
        id: "duel-ended",
        title: text("The duel, with a random pause", "随机停顿结束对决"),
        says: text(
            "Who is overtaken waits for a random time. One of them gets through.",
            "被超越者随机等待一段时间，其中一个便能完成。",
        ),
        config: "nodes.proposers=2 nodes.acceptors=3 nodes.learners=2 seed=11c9 network.latency=15..15 options.backoff=random options.proposeAfter=20",
        script: "request P1 propose olive\n+40ms\nrequest P2 propose fig",
        after: 2000,
        expect: &["L1.chosen != none"],
    },
    Start {
        id: "three-and-five",
        title: text("Three servers: 3 or 5", "三节点示例：3 还是 5"),
        says: text(
            "A proposes 3 under ballot 1, B proposes 5 under ballot 2; C hears of B first. 5 is chosen.",
            "A 以编号 1 提出 3，B 以编号 2 提出 5，C 先收到 B。选定 5。",
        ),
        config: "nodes=3 seed=11c9 network.latency=10..10 options.refusal=accept-only options.backoff=fixed",
        script: THREE_AND_FIVE,
        after: 600,
        expect: &["A.chosen = 5"],
    },
    Start {
        id: "six-carried",
        title: text("3,6 becomes 4,6", "3,6 变成 4,6"),
        says: text(
            "P3 has written 6 to A1 alone when P1 prepares ballot 4. P1 wanted 7, and must propose 6.",
            "P3 只把 6 写到 A1，P1 就以编号 4 发起准备请求。P1 想要 7，却必须提出 6。",
        ),
        config: "nodes.proposers=3 nodes.acceptors=3 nodes.learners=1 seed=11c9 network.latency=10..10 options.backoff=fixed",
        script: SIX_CARRIED,
        after: 600,
        expect: &["L1.chosen = 6"],
    },
];

/// The seeds' first worked example. A and B promise number 1 and then 2; C hears of 2 first and
/// refuses 1 in silence. Each proposer has a majority of promises; then A's accept is refused
/// everywhere. A few messages are held so that they arrive in the order of the text.
const THREE_AND_FIVE: &str = "
request A propose 3
+10ms
hold prepare A -> C
request B propose 5
+10ms
hold promise B -> A
+10ms
deliver prepare A -> C
deliver promise B -> A
";

/// The seeds' second worked example. Their proposer B, with number 3, is P3 here, and their
/// proposer A, with number 4, is P1: with three proposers these have 3, 6, 9 and 1, 4, 7. P1 first
/// tries 1, and learns from its refusal that it must go above 3.
const SIX_CARRIED: &str = "
request P3 propose 6
+5ms
request P1 propose 7
+25ms
hold accept P3 -> A2
hold accept P3 -> A3
+116ms
deliver accept P3 -> A2
deliver accept P3 -> A3
";
