//! Runs that are ready to be looked at. With 12 ms a flight and 9 ms a disk write, a transaction that a client
//! asks for at 0 ms is asked about at 12, voted on at 33, counted and written at 45, decided at 54, and known at 66.

use synod_engine::protocol::Start;
use synod_engine::text::text;

const USUAL: &str = "seed=3c41 network.latency=12..12 disk=9";

pub const ALL: &[Start] = &[
    Start {
        id: "commits",
        title: text("All say yes", "全体同意"),
        says: text(
            "Four votes are counted, the decision is written, and everyone is told.",
            "四票齐全，决定落盘，通知所有人。",
        ),
        config: USUAL,
        script: "request T tx x=5",
        after: 200,
        expect: &["T.state = committed", "P1.state = committed", "P4.x = 5", "C1.answer = committed"],
    },
    Start {
        id: "vetoed",
        title: text("One says no", "一票反对"),
        says: text("P3 votes no. What the others wrote already is undone.", "P3 投了反对票，其他人已写的内容被撤销。"),
        config: USUAL,
        script: "request T tx x=5\n+200ms\nrequest P3 veto P3\n+40ms\nrequest T tx x=6",
        after: 500,
        expect: &["T.state = aborted", "P1.state = aborted", "P1.x = 5", "P3.x = 5"],
    },
    Start {
        id: "blocked",
        title: text("Nobody knows", "无人知晓"),
        says: text(
            "The coordinator falls before its decision is on its disk. Four have said yes, and none may decide.",
            "协调者在决定落盘前宕机。四个参与者都已同意，谁也不能决定。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative",
        script: "request T tx x=5\n+50ms\ncrash T",
        after: 600,
        expect: &["T.status = crashed", "P1.state = uncertain", "P4.state = uncertain", "T.disk.safe = 0"],
    },
    Start {
        id: "only-one-was-told",
        title: text("One was told, and is gone", "只有一个得知，又宕机了"),
        says: text(
            "The coordinator falls behind its first COMMIT, and so does P1, who heard it. The others see what they saw before: they cannot tell whether it is committed.",
            "协调者只发出一条 COMMIT 就宕机，收到它的 P1 也宕机。其余三个看到的和上一个场景一模一样：无从知道是否已提交。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative",
        script: "request T tx x=5\n+50ms\ncrash T after 1 send\n+30ms\ncrash P1",
        after: 600,
        expect: &["T.disk.text = 1 start, 1 commit", "P2.state = uncertain", "P4.state = uncertain"],
    },
    Start {
        id: "rescued",
        title: text("One was told, and tells", "只有一个得知，并转告"),
        says: text("The same, but P1 stays: whoever asks it is told.", "同样的情形，但 P1 还在：谁问它，它就告诉谁。"),
        config: "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative",
        script: "request T tx x=5\n+50ms\ncrash T after 1 send",
        after: 600,
        expect: &["T.status = crashed", "P2.state = committed", "P4.state = committed"],
    },
    Start {
        id: "queue",
        title: text("What a lock costs", "锁的代价"),
        says: text(
            "P2 has not heard what became of transaction 1. What has nothing to do with it waits for its lock.",
            "P2 还不知道事务 1 的结果。与它无关的事务也要等它的锁。",
        ),
        config: USUAL,
        script: "request T tx P1.x=5 P2.y=5\n+57ms\nhold commit T -> P2\nrequest T tx P2.y=7 P3.z=1\n+30ms\nrequest P2 get P2 y",
        after: 130,
        expect: &["P1.state = committed", "P2.y.lock = 1", "P2.waiting = 2", "C1.state = waiting"],
    },
    Start {
        id: "heuristic",
        title: text("Decided alone", "擅自决定"),
        says: text(
            "An operator waits no longer and lets P2 abort. The others had been told to commit: heuristic mixed.",
            "运维人员不愿再等，让 P2 中止；其他人却已提交：启发式混合。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.heuristic=abort",
        script: "request T tx x=5\n+57ms\npartition T P1 P3 P4 | P2",
        after: 700,
        expect: &["P1.state = committed", "P2.state = aborted"],
    },
];
