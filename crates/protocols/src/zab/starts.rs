//! Runs that are ready to be looked at: what becomes of a proposal when its leader crashes, and how newcomers catch up.

use synod_engine::prelude::*;

const fn start(
    id: &'static str,
    title: Text,
    says: Text,
    config: &'static str,
    (script, after): (&'static str, u64),
    expect: &'static [&'static str],
) -> Start {
    Start { id, title, says, config, script, after, expect }
}

/// The one of three with the greatest name leads; it takes 60 ms for better votes to show themselves.
const THREE: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60";
const FIVE: &str = "nodes=5 seed=5d0e network.latency=10..10 options.finalizeWait=60";
const SNAP: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.committedLog=2";
const ACTIVE_ONLY: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 mutants=propose-to-active";
const TWICE: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 mutants=take-twice";
const OLD: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 mutants=old-commit";
const ORACLE: &str =
    "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.election=oracle options.sync=paper";
const OBSERVERS: &str = "nodes=5 seed=5d0e network.latency=10..10 options.finalizeWait=60 options.observers=2";
const UNORDERED: &str = "nodes=3 seed=7 network.latency=2..30 options.finalizeWait=90 mutants=out-of-order";

pub const ALL: &[Start] = &[
    start(
        "broadcast",
        text("Elect, synchronise, broadcast", "选举、同步、广播"),
        text(
            "Three phases make one leader whose history all have. Then each write is a proposal, a majority, a commit.",
            "三个阶段产生一个领导者，大家都拥有它的历史。此后每次写入是提议、多数、提交。",
        ),
        FIVE,
        ("+265ms\nrequest set x 1\n+60ms\nrequest add x 2\n+60ms\nrequest B get x", 580),
        &["E.role = leader", "E.delivered = 2", "A.delivered = 2"],
    ),
    start(
        "survives",
        text("Proposed to one, and survives", "只提给一个，却保留下来"),
        text(
            "The leader crashes when one other has its proposal. That one has most, leads, and the proposal is committed.",
            "领导者宕机时，只有一个服务器收到提议。它拥有最多，成为领导者，提议被提交。",
        ),
        THREE,
        ("+265ms\nrequest C set x 1\ncrash C after 1 send\n+700ms\nrestart C", 1360),
        &["A.role = leader", "A.delivered = 1", "B.delivered = 1", "C.delivered = 1"],
    ),
    start(
        "discarded",
        text("Proposed to none, and discarded", "没有提给任何人，被丢弃"),
        text(
            "The same crash one arrow earlier. Nobody else has the proposal: the others go on, and it is cut off.",
            "同样的宕机，只早一个箭头。没有别人拥有该提议：其他服务器继续，它被截去。",
        ),
        THREE,
        ("+265ms\nrequest C set x 1\ncrash C after 0 sends\n+500ms\nrequest B set x 2\n+100ms\nrestart C", 1360),
        &["B.role = leader", "fired truncate >= 1", "C.delivered = 1", "A.last = 2.1", "C.last = 2.1"],
    ),
    start(
        "proposed-to-all",
        text("Proposed to all, acknowledged to none", "提给所有人，未及确认"),
        text(
            "The leader crashes after it has proposed to all. Whoever leads next has the proposal: it is not lost.",
            "领导者向所有服务器提出后宕机。下一任必然拥有该提议：它没有丢失。",
        ),
        FIVE,
        ("+265ms\nrequest E set x 1\n+15ms\ncrash E\n+600ms\nrestart E", 1265),
        &["D.role = leader", "A.delivered = 1", "E.delivered = 1"],
    ),
    start(
        "half-committed",
        text("Committed, and one of them told", "已提交，只通知了一个"),
        text(
            "The leader commits, tells one, and crashes. The others have the proposal, and commit it under the next leader.",
            "领导者提交并通知了一个就宕机。其余的都有该提议，在下一任之下提交。",
        ),
        FIVE,
        ("+265ms\nrequest E set x 1\n+15ms\ncrash E after 1 send\n+600ms\nrestart E", 1275),
        &["D.role = leader", "A.delivered = 1", "D.delivered = 1", "E.delivered = 1"],
    ),
    start(
        "trunc-diff",
        text("Back with too much and too little", "带着多余、缺着一些回来"),
        text(
            "E led alone for a while. The others went on: its tail is cut off, and it is sent what it lacks.",
            "E 曾独自领导了一阵，其余服务器已继续：它的尾部被截去，缺少的发给它。",
        ),
        FIVE,
        (
            "+265ms\nrequest E set x 1\n+60ms\npartition E\nrequest E set x 4\nrequest E set x 5\n+500ms\nrequest D set x 2\n+60ms\nrequest D set x 3\n+60ms\nheal",
            1640,
        ),
        &["D.role = leader", "fired truncate >= 1", "fired take-diff >= 1", "E.last = 2.2", "E.delivered = 3"],
    ),
    start(
        "snap",
        text("Too far behind for a difference", "落后太多，只能全量"),
        text(
            "The leader keeps two transactions apart. A lacks four, and is sent everything.",
            "领导者单独保留两个事务。A 缺四个，只能接收全部。",
        ),
        SNAP,
        (
            "+265ms\ncrash A\nrequest C set x 1\n+60ms\nrequest C set x 2\n+60ms\nrequest C set x 3\n+60ms\nrequest C set x 4\n+60ms\nrestart A",
            1000,
        ),
        &["fired take-snap >= 1", "A.delivered = 4"],
    ),
    start(
        "no-quorum",
        text("A leader without a quorum", "没有多数的领导者"),
        text(
            "Both followers are down. The leader waits for them, leaves, and answers nobody.",
            "两个跟随者都宕机了。领导者等待、退出，不再响应任何请求。",
        ),
        THREE,
        ("+265ms\ncrash A\ncrash B\nrequest C set x 1\n+400ms\nrequest C get x", 860),
        &["C.role = looking", "C.delivered = 0"],
    ),
    start(
        "oracle",
        text("Any leader, the best history", "谁领导都行，历史要最优"),
        text(
            "An oracle names B, which lacks the last proposal. It takes the history of A before it leads.",
            "预言机指定了 B，而它缺最后一个提议。它先采用 A 的历史，再领导。",
        ),
        ORACLE,
        (
            "+265ms\nrequest C set x 1\n+60ms\nrequest C set x 2\n+12ms\ndrop propose C -> B\n+4ms\ncrash C\n+600ms\nrestart C",
            1400,
        ),
        &["B.role = leader", "fired take-history >= 1", "B.delivered = 2", "C.role = follower", "C.delivered = 2"],
    ),
    start(
        "observers",
        text("Observers", "观察者"),
        text(
            "Three vote, two observe. A write is passed on by D and told to it once committed; then three of five crash.",
            "三台有选票，两台观察。D 转发一次写入，提交后才得知；随后五台宕机三台。",
        ),
        OBSERVERS,
        (
            "+265ms\nrequest D set x 1\n+80ms\ncrash D\ncrash E\ncrash A\n+10ms\nrequest C set x 2\n+60ms\nrestart D",
            1000,
        ),
        &["C.role = leader", "D.role = observer", "D.delivered = 2", "B.delivered = 2"],
    ),
    start(
        "stale-read",
        text("An old read, and sync", "旧的读取与同步"),
        text(
            "A has not heard of the commit and answers what it has. After a sync it has what the leader had.",
            "A 还没有得知提交，用自己拥有的响应。同步之后，它赶上了领导者当时的进度。",
        ),
        THREE,
        (
            "+265ms\nrequest C set x 1\n+15ms\nhold propose C -> A\n+30ms\nrequest by C2 A get x\n+20ms\ndeliver propose C -> A\nrequest by C2 A sync\n+60ms\nrequest by C2 A get x",
            585,
        ),
        &["C2.state = ok"],
    ),
    start(
        "propose-to-active",
        text("Broken: proposals pass a newcomer by", "破坏：提议绕过新来者"),
        text(
            "A proposal is made while A is being synchronised, and is not sent to it. Then its commit comes.",
            "A 正在同步时有了提议，却没有发给它。随后它收到提交。",
        ),
        ACTIVE_ONLY,
        ("+265ms\ncrash A\n+20ms\nrestart A\n+45ms\nrequest C set x 1", 615),
        &["broken nothing-unexpected = 1"],
    ),
    start(
        "take-twice",
        text("Broken: a proposal is taken twice", "破坏：重复接受提议"),
        text(
            "The network delivers a proposal twice, and A appends it twice.",
            "网络把一个提议送达两次，A 就追加了两次。",
        ),
        TWICE,
        ("+265ms\nrequest C set x 1\n+15ms\nduplicate propose C -> A\n+60ms\nrequest C set x 2", 520),
        &["broken total-order = 1"],
    ),
    start(
        "old-commit",
        text("Broken: a newcomer is told an old commit", "破坏：告知新来者旧的提交"),
        text(
            "While A took the history a transaction was committed. It is told of the one before, and then of the next.",
            "A 接收历史期间有事务提交。它只被告知之前的一个，随后又收到再下一个。",
        ),
        OLD,
        (
            "+265ms\nrequest C set x 1\n+60ms\ncrash A\n+20ms\nrestart A\n+48ms\nrequest C set x 2\n+17ms\ndelay ack-ld A -> C 40ms\n+16ms\nrequest C set x 3",
            677,
        ),
        &["broken nothing-unexpected = 1"],
    ),
    start(
        "out-of-order",
        text("Broken: links out of order", "破坏：链路乱序"),
        text(
            "Two proposals overtake each other on their way to A. Each line has to keep its order.",
            "两个提议在去往 A 的途中互相超越。每条链路都必须保持顺序。",
        ),
        UNORDERED,
        ("+250ms\nrequest set x 1\nrequest set x 2\nrequest set x 3\n+5ms\nrequest set y 1\nrequest set y 2", 555),
        &["broken nothing-unexpected = 1"],
    ),
];
