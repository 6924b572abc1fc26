//! Runs that are ready to be looked at. With 12 ms a flight and 9 ms a disk write, a transaction that a client asks
//! for at 0 ms is asked about at 12, voted on at 33, prepared at the coordinator at 54, at the participants at 75,
//! decided at 96 and known at 117. A participant waits 80 ms: from its yes until 113, from its PreCommit until 155.

use synod_engine::protocol::Start;
use synod_engine::text::text;

const USUAL: &str = "seed=3c41 network.latency=12..12 disk=9 options.timeout=40";
const THREE: &str = "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40";

/// PreCommit has reached P1, and a cut keeps it from the others.
const CUT: &str = "request T tx x=5\n+56ms\npartition T P1 | P2 P3\n+27ms\ncrash T";
/// P1 is prepared to commit, P2 to abort, and P3, who would make the difference, is gone.
const OPPOSITE: &str =
    "request T tx x=5\n+50ms\ncrash T after 1 send\n+28ms\npartition P1 | P2 P3 T\n+66ms\ncrash P3\n+1ms\nheal";

pub const ALL: &[Start] = &[
    Start {
        id: "commits",
        title: text("Three phases", "三个阶段"),
        says: text(
            "CanCommit, PreCommit, DoCommit: nobody commits before all know that all said yes.",
            "CanCommit、PreCommit、DoCommit：人人都知道全体同意之后，才有人提交。",
        ),
        config: USUAL,
        script: "request T tx x=5",
        after: 200,
        expect: &["T.state = committed", "P1.state = committed", "P4.x = 5", "C1.answer = committed"],
    },
    Start {
        id: "vetoed",
        title: text("One says no", "一票反对"),
        says: text("P3 votes no. There is no second phase.", "P3 投了反对票：没有第二阶段。"),
        config: USUAL,
        script: "request T tx x=5\n+200ms\nrequest P3 veto P3\n+40ms\nrequest T tx x=6",
        after: 500,
        expect: &["T.state = aborted", "P1.state = aborted", "P1.x = 5", "P3.x = 5"],
    },
    Start {
        id: "coordinator-gone",
        title: text("The coordinator is gone, and nobody waits", "协调者宕机，无人等待"),
        says: text(
            "All have PreCommit when the coordinator crashes. Each waits for DoCommit, and commits without it.",
            "协调者宕机时人人都已收到 PreCommit。各自等不到 DoCommit，便自行提交。",
        ),
        config: USUAL,
        script: "request T tx x=5\n+80ms\ncrash T",
        after: 300,
        expect: &["T.status = crashed", "P1.state = committed", "P4.state = committed"],
    },
    Start {
        id: "split-by-a-cut",
        title: text("Two islands, two answers", "两座孤岛，两个答案"),
        says: text(
            "PreCommit reaches P1, and a cut keeps it from P2 and P3. Each side does what its timeouts say.",
            "PreCommit 到达 P1，却被切断，到不了 P2 和 P3。两边都照各自的超时规则行事。",
        ),
        config: THREE,
        script: CUT,
        after: 200,
        expect: &["P1.state = committed", "P2.state = aborted", "P3.state = aborted", "broken agreement = 1"],
    },
    Start {
        id: "split-by-a-crash",
        title: text("Half-way through PreCommit", "PreCommit 发到一半"),
        says: text(
            "No cut at all: the coordinator crashes behind its first PreCommit. P1 commits, the others abort.",
            "没有任何网络切断：协调者发出第一条 PreCommit 就宕机。P1 提交，其余中止。",
        ),
        config: THREE,
        script: "request T tx x=5\n+50ms\ncrash T after 1 send",
        after: 200,
        expect: &["P1.state = committed", "P2.state = aborted", "P3.state = aborted", "broken agreement = 1"],
    },
    Start {
        id: "termination",
        title: text("The others ask each other", "其余人互相询问"),
        says: text(
            "The same crash under the termination protocol: P1 takes over, and as it is prepared, all commit.",
            "同样的宕机，但用终止协议：P1 接替协调者；它已预备，于是全体提交。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=termination",
        script: "request T tx x=5\n+50ms\ncrash T after 1 send",
        after: 500,
        expect: &["P1.state = committed", "P2.state = committed", "P3.state = committed"],
    },
    Start {
        id: "termination-cut",
        title: text("Two elections", "两次选举"),
        says: text(
            "A cut, and each side elects a coordinator of its own: P1 finds somebody prepared, P2 finds nobody.",
            "网络被切断，两边各选一个协调者：P1 那边有人已预备，P2 那边没有。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=termination",
        script: CUT,
        after: 500,
        expect: &["P1.state = committed", "P2.state = aborted", "P3.state = aborted", "broken agreement = 1"],
    },
    Start {
        id: "paused-coordinator",
        title: text("The coordinator was only asleep", "协调者只是暂停了"),
        says: text(
            "T stands still, the others take over and abort. T goes on where it stood, hears nothing, and commits.",
            "T 停住不动，其他人接替并中止。T 恢复后接着原来的步骤，没有人响应，于是提交。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=termination",
        script: "request T tx x=5\n+40ms\npause T\n+260ms\nresume T",
        after: 600,
        expect: &["T.state = committed", "P1.state = aborted", "broken agreement = 1"],
    },
    Start {
        id: "not-on-disk",
        title: text("PreCommit in memory only", "PreCommit 只在内存中"),
        says: text(
            "All acknowledged PreCommit and kept it in memory. The coordinator has committed when all crash and forget.",
            "人人都确认了 PreCommit，却只记在内存。协调者已提交，其余全部宕机并忘记。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=termination options.precommitForced=false",
        script: "request T tx x=5\n+60ms\ncrash T after 0 sends\n+20ms\ncrash P1\ncrash P2\ncrash P3\n+1ms\nrestart P1\nrestart P2\nrestart P3\n+300ms\nrestart T",
        after: 700,
        expect: &["T.state = committed", "P1.state = aborted"],
    },
    Start {
        id: "last-to-fail",
        title: text("The last to fail is not back", "最后宕机者没有恢复"),
        says: text(
            "All participants crash before PreCommit, T commits and crashes last. They end it without T, who knew.",
            "参与者在 PreCommit 之前全部宕机，T 提交后最后宕机。他们在知情的 T 缺席时了结了事务。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=termination",
        script: "request T tx x=5\n+60ms\ncrash P1\ncrash P2\ncrash P3\n+80ms\ncrash T\n+20ms\nrestart P1\nrestart P2\nrestart P3",
        after: 600,
        expect: &["T.disk.text = 1 start, 1 pre-commit, 1 commit", "P1.state = aborted", "broken agreement = 1"],
    },
    Start {
        id: "quorum",
        title: text("The smaller side waits", "少数一侧等待"),
        says: text(
            "The cut of before, and a quorum is needed: P2 and P3 abort, P1 alone may not commit.",
            "与前面相同的切断，但需要多数：P2 和 P3 中止，单独的 P1 不得提交。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=quorum",
        script: CUT,
        after: 600,
        expect: &["P1.state = prepared", "P2.state = aborted", "P3.state = aborted"],
    },
    Start {
        id: "quorum-blocks",
        title: text("Two of three, connected, and stuck", "三台中的两台连通，却阻塞"),
        says: text(
            "P1 is prepared to commit, P2 to abort. Together they are a majority, and neither side is one.",
            "P1 准备提交，P2 准备中止。合起来是多数，哪一边都不是。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=quorum",
        script: OPPOSITE,
        after: 800,
        expect: &["P1.state = prepared", "P2.state = pre-aborted"],
    },
    Start {
        id: "e3pc-goes-on",
        title: text("The same two, and they decide", "同样的两台，却能决定"),
        says: text(
            "With attempts numbered, the newer one counts: P1 follows P2's attempt, and both abort.",
            "给尝试编号之后，以较新的为准：P1 跟随 P2 的那次尝试，两台都中止。",
        ),
        config: "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=e3pc",
        script: "request T tx x=5\n+50ms\ncrash T after 1 send\n+28ms\npartition P1 | P2 P3 T\n+135ms\ncrash P3\n+1ms\nheal",
        after: 800,
        expect: &["P1.state = aborted", "P2.state = aborted"],
    },
];
