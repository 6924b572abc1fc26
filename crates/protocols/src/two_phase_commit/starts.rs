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
    Start {
        id: "saved-by-a-stranger",
        title: text("One has not voted", "有一个尚未表决"),
        says: text(
            "P4 was never asked. P1 asks it what was decided: it aborts by itself, and everyone is free.",
            "P4 从未收到表决请求。P1 问它决定是什么，它自行中止，所有人得以解脱。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative",
        script: "request T tx x=5\n+12ms\ndrop vote-request T -> P4\n+30ms\ncrash T",
        after: 400,
        expect: &["T.status = crashed", "P4.state = aborted", "P1.state = aborted", "P3.state = aborted"],
    },
    Start {
        id: "some-were-told",
        title: text("Only some were told", "只有一部分得知"),
        says: text(
            "P3 and P4 are cut off from the commit. They are uncertain, not aborted: heal the cut, and they commit.",
            "P3 和 P4 收不到提交。它们是未决，而不是已中止：恢复网络，它们便会提交。",
        ),
        config: USUAL,
        script: "request T tx x=5\n+55ms\npartition T P1 P2 | P3 P4",
        after: 350,
        expect: &["P1.state = committed", "P3.state = uncertain", "P4.state = uncertain", "P4.x.lock = 1"],
    },
    Start {
        id: "late-request",
        title: text("The request comes last", "请求最后才到"),
        says: text(
            "P3 hears of the abort before it is asked to vote. It has decided, and says no.",
            "P3 先得知中止，之后才收到表决请求。它已作出决定，只能反对。",
        ),
        config: USUAL,
        script: "request T tx x=5\n+13ms\ndelay vote-request T -> P3 200ms",
        after: 320,
        expect: &["T.state = aborted", "P3.state = aborted", "P3.disk.text = 1 abort"],
    },
    Start {
        id: "presumed-abort",
        title: text("No record means abort", "没有记录即中止"),
        says: text(
            "The coordinator forgets what it aborts: the abort is forced nowhere and acknowledged by nobody. P2 missed it and asks: of what has no record the answer is abort.",
            "协调者中止后立即遗忘：中止不强制写盘，也无人确认。P2 没收到，便去询问：没有记录的事务，得到的就是中止。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.logging=presumed-abort",
        script: "request P3 veto P3\n+30ms\nrequest T tx x=5\n+40ms\ndrop abort T -> P2",
        after: 500,
        expect: &["P2.state = aborted", "P2.disk.unforced = 1", "T.disk.safe = 0"],
    },
    Start {
        id: "presumed-commit",
        title: text("No record means commit", "没有记录即提交"),
        says: text(
            "Whom it asks is on the coordinator's disk first. A commit needs no acknowledgement, and participants need not force it.",
            "参与者名单先写上协调者的磁盘。提交不必确认，参与者也不必强制写盘。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.logging=presumed-commit",
        script: "request T tx x=5",
        after: 200,
        expect: &["T.disk.text = 1 collecting, 1 commit", "P1.state = committed", "P1.disk.unforced = 1"],
    },
    Start {
        id: "readers-leave",
        title: text("Who only reads leaves", "只读者先退出"),
        says: text(
            "P3 and P4 only read: they vote so, write nothing, and the second phase is without them.",
            "P3 和 P4 只读：投只读票，不写日志，第二阶段与它们无关。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 options.readOnly=true options.logging=presumed-abort",
        script: "request T tx P1.x=5 P2.x=5 P3.x P4.x",
        after: 200,
        expect: &["T.state = committed", "P1.x = 5", "fired vote-read = 2"],
    },
    Start {
        id: "told-before-written",
        title: text("Told before it was written", "未落盘就通知"),
        says: text(
            "COMMIT leaves before its record is on disk. The coordinator falls between, comes back, finds nothing and aborts what P1 has committed.",
            "COMMIT 在记录落盘之前就发出。协调者在这之间宕机，恢复后一无所获，于是中止了 P1 已提交的事务。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 mutants=commit-before-writing",
        script: "request T tx x=5\n+46ms\ndrop commit T -> P2\n+2ms\ncrash T\n+40ms\nrestart T",
        after: 300,
        expect: &["P1.state = committed", "P2.state = aborted", "broken agreement = 1"],
    },
    Start {
        id: "forgotten-yes",
        title: text("A yes that nobody wrote", "没写下的同意"),
        says: text(
            "P2 says yes, writes nothing, falls, and knows nothing of it when it is back. The others commit.",
            "P2 表示同意却没有写下，宕机恢复后毫不知情；其他人却提交了。",
        ),
        config: "seed=3c41 network.latency=12..12 disk=9 mutants=yes-unwritten",
        script: "request T tx x=5\n+30ms\ncrash P2\n+5ms\nrestart P2",
        after: 200,
        expect: &["P1.state = committed", "broken unanimity = 1"],
    },
    Start {
        id: "counted-twice",
        title: text("One yes counted twice", "一票计了两次"),
        says: text(
            "The network delivers P1's yes twice, and the coordinator counts messages: it commits without P2.",
            "网络把 P1 的同意票送达两次，协调者按消息计票：没有 P2 就提交了。",
        ),
        config: "nodes.participants=2 seed=3c41 network.latency=12..12 disk=9 mutants=count-messages",
        script: "request T tx x=5\n+13ms\ndrop vote-request T -> P2\n+21ms\nduplicate yes P1 -> T",
        after: 200,
        expect: &["T.state = committed", "broken unanimity = 1"],
    },
];
