//! Ready runs: what N, W and R promise, and what they do not.

use synod_engine::prelude::*;

pub const STARTS: &[Start] = &[
    Start {
        id: "overlap",
        title: text("Two of three meet two of three", "三取二必相交"),
        says: text(
            "C is down. A write is stored by A and B; a read hears from two, and one of them has it.",
            "C 宕机。写入由 A、B 保存；读取等两个副本，其中必有一个存有它。",
        ),
        config: "nodes.replicas=3 seed=3d08 network.latency=10..10",
        script: "crash C\nrequest by C1 put x 7\n+60ms\nrestart C\ncrash A\nrequest by C2 get x",
        after: 200,
        expect: &["C1.answer = ok", "C2.answer = 7", "C.values = none"],
    },
    Start {
        id: "stale-read",
        title: text("R + W = N: a stale read", "R + W = N：读到旧值"),
        says: text(
            "One replica is enough to write, one to read. C2 asks the one that has not heard.",
            "写一个、读一个就够。C2 问的正是还没收到的那个副本。",
        ),
        config: "nodes.replicas=2 seed=3d08 network.latency=10..10 options.w=1 options.r=1",
        script: "request by C1 put x 1\n+100ms\npartition C1 A | C2 B\nrequest by C1 put x 2\n+60ms\nrequest by C2 get x",
        after: 260,
        expect: &["A.values = x=2", "B.values = x=1", "C1.answer = ok", "C2.answer = 1"],
    },
    Start {
        id: "inversion",
        title: text("Overlap is not order", "相交不等于有序"),
        says: text(
            "A write has reached A alone. C2 reads A and B and sees it; C3 asks later, reads B and C, and does not.",
            "写入只到了 A。C2 读 A、B，看到了它；C3 更晚读 B、C，却没看到。",
        ),
        config: "nodes.replicas=3 seed=3d08 network.latency=10..10",
        script: "request by C1 put x 3\n+100ms\nrequest by C1 put x 7\n+5ms\ndelay put C1 -> B 300ms\ndelay put C1 -> C 300ms\n+20ms\nrequest by C2 A get x\n+40ms\nrequest by C3 B get x",
        after: 220,
        expect: &["C1.state = waiting", "C2.answer = 7", "C3.answer = 3"],
    },
    Start {
        id: "failed-write",
        title: text("A write that failed is read", "失败的写入被读到"),
        says: text(
            "Only A can be reached, so C1 is told that its write failed. A has stored it all the same.",
            "只有 A 可达，C1 被告知写入失败。但 A 已保存了它。",
        ),
        config: "nodes.replicas=3 seed=3d08 network.latency=10..10",
        script: "request by C1 put x 1\n+100ms\npartition C1 A | B C\nrequest by C1 put x 2\n+600ms\nheal\nrequest by C2 A get x\n+60ms\nrequest by C3 B get x",
        after: 900,
        expect: &["C1.state = failed", "C2.answer = 2", "C3.answer = 1"],
    },
    Start {
        id: "clock",
        title: text("The clock ate my write", "时钟吞掉了写入"),
        says: text(
            "The clock of C1 is 5 s ahead. C2 writes later, is told ok, and every replica keeps what C1 wrote.",
            "C1 的时钟快 5 s。C2 之后写入并得到 ok，但所有副本都留着 C1 的值。",
        ),
        config: "nodes.replicas=3 seed=3d08 network.latency=10..10",
        script: "offset C1 +5000ms\nrequest by C1 put x 1\n+60ms\nrequest by C2 put x 2",
        after: 160,
        expect: &["C1.answer = ok", "C2.answer = ok", "A.values = x=1", "B.values = x=1", "C.values = x=1"],
    },
];
