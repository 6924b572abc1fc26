//! Ready runs: what N, W and R promise, and what they do not. Every message takes 10 ms.

use synod_engine::prelude::*;

const fn start(
    id: &'static str,
    title: Text,
    says: Text,
    config: &'static str,
    script: &'static str,
    after: u64,
    expect: &'static [&'static str],
) -> Start {
    Start { id, title, says, config, script, after, expect }
}

const USUAL: &str = "nodes.replicas=3 seed=3d08 network.latency=10..10";
/// The same with nobody to stand in.
const THREE: &str = "nodes.replicas=3 nodes.fallbacks=0 seed=3d08 network.latency=10..10";
const COMMENT: &str = "request by C1 put post 1\n+1ms\ndelay put C1 -> C 600ms\n+40ms\nrequest by C2 A get post\n+40ms\nrequest by C2 put comment 2\n+40ms\nrequest by C3 C get comment\n+40ms\nrequest by C3 C get post";
const REHASHED: &str = "request by C1 put x 1\n+100ms\nrequest by C1 put x 2\n+1ms\ndelay put C1 -> A 2000ms\ndelay put C1 -> C 2000ms\n+40ms\nrequest by C2 get x\n+60ms\ncrash B\nrequest by C2 get x";

pub const STARTS: &[Start] = &[
    start(
        "overlap",
        text("Two of three meet two of three", "三取二必相交"),
        text(
            "C is down. A write is stored by A and B; a read hears from two, and one of them has it.",
            "C 宕机。写入由 A、B 保存；读取等两个副本，其中必有一个存有它。",
        ),
        USUAL,
        "crash C\nrequest by C1 put x 7\n+60ms\nrestart C\ncrash A\nrequest by C2 get x",
        200,
        &["C1.answer = ok", "C2.answer = 7", "C.values = none"],
    ),
    start(
        "stale-read",
        text("R + W = N: a stale read", "R + W = N：读到旧值"),
        text(
            "One replica is enough to write, one to read. C2 asks the one that has not heard.",
            "写一个、读一个就够。C2 问的正是还没收到的那个副本。",
        ),
        "nodes.replicas=2 nodes.fallbacks=0 seed=3d08 network.latency=10..10 options.w=1 options.r=1",
        "request by C1 put x 1\n+100ms\npartition C1 A | C2 B\nrequest by C1 put x 2\n+60ms\nrequest by C2 get x",
        260,
        &["A.values = x=2", "B.values = x=1", "C1.answer = ok", "C2.answer = 1"],
    ),
    start(
        "inversion",
        text("Overlap is not order", "相交不等于有序"),
        text(
            "A write has reached A alone. C2 reads A and B and sees it; C3 asks later, reads B and C, and does not.",
            "写入只到了 A。C2 读 A、B，看到了它；C3 更晚读 B、C，却没看到。",
        ),
        USUAL,
        "request by C1 put x 3\n+100ms\nrequest by C1 put x 7\n+5ms\ndelay put C1 -> B 300ms\ndelay put C1 -> C 300ms\n+20ms\nrequest by C2 A get x\n+40ms\nrequest by C3 B get x",
        220,
        &["C1.state = waiting", "C2.answer = 7", "C3.answer = 3"],
    ),
    start(
        "write-back",
        text("A read that writes back", "读取先写回"),
        text(
            "The same, but C2 is answered only when two replicas have what it found: C3 finds it too.",
            "同样的情形，但读到的值存到两个副本之后，C2 才得到响应：C3 也读到了它。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.repair=wait",
        "request by C1 put x 3\n+100ms\nrequest by C1 put x 7\n+5ms\ndelay put C1 -> B 300ms\ndelay put C1 -> C 300ms\n+20ms\nrequest by C2 A get x\n+50ms\nrequest by C3 B get x",
        240,
        &["C1.state = waiting", "C2.answer = 7", "C3.answer = 7", "B.values = x=7"],
    ),
    start(
        "failed-write",
        text("A write that failed is read", "失败的写入被读到"),
        text(
            "Only A can be reached, so C1 is told that its write failed. A has stored it all the same.",
            "只有 A 可达，C1 被告知写入失败。但 A 已保存了它。",
        ),
        THREE,
        "request by C1 put x 1\n+100ms\npartition C1 A | B C\nrequest by C1 put x 2\n+600ms\nheal\nrequest by C2 A get x\n+60ms\nrequest by C3 B get x",
        900,
        &["C1.state = failed", "C2.answer = 2", "C3.answer = 1"],
    ),
    start(
        "sloppy",
        text("Not the quorum that is read", "写的和读的不是同一组"),
        text(
            "B and C are cut off, so D and E stand in for them: W = 2 is reached. C2 reads B and C, and sees the old value.",
            "B、C 被隔开，由 D、E 代存，凑够了 W = 2。C2 读 B、C，读到旧值。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.sloppy=true",
        "request by C1 put x 1\n+100ms\npartition C1 A D E | C2 B C\nrequest by C1 put x 2\n+200ms\nrequest by C2 B get x",
        380,
        &["C1.answer = ok", "C2.answer = 1", "D.hints = x=2 B", "E.hints = x=2 C"],
    ),
    start(
        "hand-over",
        text("Hints go home", "代存的值归还"),
        text(
            "When the partition heals, D and E hand over what they kept for B and C, and forget it.",
            "网络分区恢复后，D、E 把替 B、C 代存的值移交回去，自己不再保留。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.sloppy=true",
        "request by C1 put x 1\n+100ms\npartition C1 A D E | C2 B C\nrequest by C1 put x 2\n+200ms\nheal",
        700,
        &["B.values = x=2", "C.values = x=2", "D.hints = none", "E.hints = none"],
    ),
    start(
        "clock",
        text("The clock ate my write", "时钟吞掉了写入"),
        text(
            "The clock of C1 is 5 s ahead. C2 writes later, is told ok, and every replica keeps what C1 wrote.",
            "C1 的时钟快 5 s。C2 之后写入并得到 ok，但所有副本都留着 C1 的值。",
        ),
        USUAL,
        "offset C1 +5000ms\nrequest by C1 put x 1\n+60ms\nrequest by C2 put x 2",
        160,
        &["C1.answer = ok", "C2.answer = ok", "A.values = x=1", "B.values = x=1", "C.values = x=1"],
    ),
    start(
        "siblings",
        text("Siblings keep both", "并发版本都保留"),
        text(
            "Clocks are as wrong as before, but versions know what they follow. Neither follows the other, and C3 is told both.",
            "时钟同样不准，但版本记得自己接在谁之后。两者互不相接，C3 两个都读到。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.conflict=siblings",
        "offset C1 +5000ms\nrequest by C1 put x 1\n+60ms\nrequest by C2 put x 2\n+60ms\nrequest by C3 get x\n+60ms\nrequest by C3 put x 3",
        240,
        &["C3.answer = ok", "A.values = x=3", "B.values = x=3"],
    ),
    start(
        "restored",
        text("The restored replica", "换了新盘的副本"),
        text(
            "A and B have stored version 2. B's disk is lost and B gets from C what C has: B and C know of version 1 only.",
            "版本 2 存在 A、B 上。B 的磁盘丢失，又从 C 补回它有的值：B、C 只知道版本 1。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.repair=async",
        "request by C1 put x 1\n+60ms\nrequest by C1 A put x 2\n+60ms\ncrash B\nwipe B\nrestart B\nrequest by C2 B get x",
        200,
        &[
            "C2.answer = 1",
            "A.values = x=2",
            "B.values = x=1",
            "broken reads-see-writes = 1",
            "broken never-goes-back = 1",
        ],
    ),
    start(
        "resurrected",
        text("The deleted value comes back", "已删除的值又回来了"),
        text(
            "C is down when x is deleted, and comes back when A and B have forgotten the tombstone. A read finds the value, and repairs B with it.",
            "删除 x 时 C 宕机，等它恢复，A、B 已清除墓碑。读取找到旧值，还把它写回了 B。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.repair=async options.tombstones=300",
        "request by C1 put x 1\n+60ms\ncrash C\nrequest by C1 delete x\n+400ms\nrestart C\nrequest by C2 B get x",
        520,
        &["C1.answer = ok", "C2.answer = 1", "A.values = none", "B.values = x=1"],
    ),
    start(
        "increments",
        text("Two additions make one", "两次相加只算一次"),
        text(
            "C1 and C2 both read 5 and both write 6. Quorums make a register, and no compare-and-set.",
            "C1 和 C2 都读到 5，都写入 6。法定人数给出的是寄存器，而不是比较并交换。",
        ),
        USUAL,
        "request by C1 put x 5\n+60ms\nrequest by C1 add x 1\nrequest by C2 add x 1",
        160,
        &["C1.answer = 6", "C2.answer = 6", "A.values = x=6"],
    ),
    start(
        "anti-entropy",
        text("What was missed comes by itself", "错过的值会自己补上"),
        text(
            "C was down and nobody reads. Replicas compare digests every 200 ms, and send only what differs.",
            "C 曾宕机，也没有人读取。副本每 200 ms 比对摘要，只发不同的值。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.antiEntropy=200",
        "crash C\nrequest by C1 put x 7\n+60ms\nrestart C",
        700,
        &["A.values = x=7", "C.values = x=7"],
    ),
    start(
        "rehashed",
        text("A client's own replica is down", "固定副本宕机"),
        text(
            "C2 reads from B alone, by its number. B is down, the others are asked, and time goes back for C2.",
            "C2 按编号只读 B。B 宕机后改问其他副本，C2 读到的值倒退了。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1 options.r=1 options.routing=hash",
        REHASHED,
        420,
        &["B.status = crashed", "C2.answer = 1"],
    ),
    start(
        "session-waits",
        text("The session would rather wait", "会话宁可等待"),
        text(
            "The same, but C2 remembers what it has read. Nobody who is up has it, and its read fails.",
            "同样的情形，但 C2 记得读过的版本。在线的副本都没有它，读取失败。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1 options.r=1 options.routing=hash options.monotonicReads=true",
        REHASHED,
        900,
        &["B.status = crashed", "C2.state = failed"],
    ),
    start(
        "comment-first",
        text("The comment before the post", "评论先于帖子"),
        text(
            "C2 reads the post at A and comments on it. C has heard of the comment, and not of the post.",
            "C2 在 A 读到帖子并发表评论。C 收到了评论，却没有收到帖子。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1 options.r=1",
        COMMENT,
        240,
        &["C.values = comment=2", "C3.answer = none"],
    ),
    start(
        "comment-waits",
        text("The comment waits for the post", "评论等待帖子"),
        text(
            "Writes follow reads: C holds the comment back until it has the post.",
            "写随读后：C 先不保存评论，等有了帖子再说。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1 options.r=1 options.writesFollowReads=true",
        COMMENT,
        240,
        &["C.values = none", "C3.answer = none", "A.values = post=1 comment=2"],
    ),
    start(
        "reversed",
        text("Two changes in reverse", "两次修改颠倒了"),
        text(
            "C1 changes its password, and then its address. B hears of the second and not of the first.",
            "C1 先改密码，再改邮箱。B 收到了后一个，没有收到前一个。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1",
        "request by C1 put password 1\n+1ms\ndelay put C1 -> B 600ms\n+40ms\nrequest by C1 put email 2",
        120,
        &["A.values = email=2 password=1", "B.values = email=2"],
    ),
    start(
        "short-window",
        text("The window is too short", "时间窗口太短"),
        text(
            "For a second after its write C1 reads from A too. The copies take longer: then it does not find what it wrote.",
            "写入后一秒内，C1 的读取都包括 A。复制却更慢：之后它读不到自己写的值。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1 options.r=1 options.routing=window",
        "request by C1 put x 1\n+100ms\nrequest by C1 put x 2\n+1ms\ndelay put C1 -> B 1500ms\ndelay put C1 -> C 1500ms\n+100ms\nrequest by C1 B get x\n+1000ms\nrequest by C1 B get x",
        1_260,
        &["A.values = x=2", "C1.answer = 1"],
    ),
    start(
        "newer-but-without",
        text("Newer, and without it", "够新，却没有它"),
        text(
            "Only replicas that hold something as new as the last write of C1 answer. B has something newer of y, and nothing of x.",
            "存有不旧于 C1 上次写入的值的副本才响应。B 有更新的 y，却没有 x。",
        ),
        "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1 options.r=1 options.routing=stamp",
        "request by C1 put x 1\n+1ms\ndelay put C1 -> B 600ms\ndelay put C1 -> C 600ms\n+40ms\nrequest by C2 put y 2\n+40ms\nrequest by C1 B get x",
        160,
        &["A.values = x=1 y=2", "B.values = y=2", "C1.answer = none"],
    ),
];
