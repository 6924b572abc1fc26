//! The protocols, a folder each. This registry is the one place that names them all.

use synod_engine::protocol::LessonTitle;
use synod_engine::simulation::{Comparison, Entry, entry};
use synod_engine::text::text;

mod fields;
pub mod gossip;
pub mod lease;
pub mod locked_acceptor;
pub mod multi_paxos;
mod node_set;
pub mod nwr;
pub mod paxos;
mod propose;
pub mod raft;
mod reigns;
pub mod replica;
pub mod store;
pub mod three_phase_commit;
pub mod timers;
mod transactions;
pub mod two_phase_commit;
mod word;
pub mod zab;

/// Every protocol there is. Not a constant: whoever names one compiles all that it is made of once more.
pub static ALL: &[Entry] = &[
    entry::<raft::Raft>(),
    entry::<paxos::Paxos>(),
    entry::<locked_acceptor::LockedAcceptor>(),
    entry::<multi_paxos::MultiPaxos>(),
    entry::<gossip::Gossip>(),
    entry::<two_phase_commit::TwoPhaseCommit>(),
    entry::<three_phase_commit::ThreePhaseCommit>(),
    entry::<nwr::Nwr>(),
    entry::<lease::Lease>(),
    entry::<zab::Zab>(),
];

/// Every lesson, as the catalog lists it.
pub const LESSONS: &[LessonTitle] = include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// Runs that are told best side by side. Only the registry may name two protocols.
pub const COMPARISONS: &[Comparison] = &[
    Comparison {
        id: "raft-and-multi-paxos",
        title: text("Raft beside Multi-Paxos", "Raft 与 Multi-Paxos"),
        says: text(
            "The same commands, the same failure. Who may lead, what is repaired, and what it costs.",
            "相同的命令，相同的故障：谁能领导，如何恢复，代价多大。",
        ),
        sides: [("raft", "nodes=5 seed=7f3a"), ("multi-paxos", "nodes=5 seed=7f3a")],
        script: "+500ms\nrequest set x 1\n+100ms\nrequest add x 2\n+100ms\nrequest add x 3\n+200ms\ncrash A\n+500ms\nrestart A\n+300ms\nrequest add x 4",
    },
    Comparison {
        id: "paxos-and-multi-paxos",
        title: text("Single decisions beside a leader", "逐次决议与固定领导者"),
        says: text(
            "Both phases for one value, or one phase for each of many.",
            "一个值要两个阶段，还是每个值只要一个阶段。",
        ),
        sides: [("paxos", "nodes=3 seed=7f3a"), ("multi-paxos", "nodes=3 seed=7f3a")],
        script: "+400ms\nrequest propose olive\n+100ms\nrequest set x 1\n+100ms\nrequest set x 2\n+100ms\nrequest set x 3",
    },
    Comparison {
        id: "push-and-pull",
        title: text("Push beside pull", "推送与拉取"),
        says: text(
            "Push is quick at first and wasteful at the end; pull is the other way round.",
            "推送开始快、末尾多是无效接触；拉取则相反。",
        ),
        sides: [
            ("gossip", "nodes=60 seed=7f3a options.style=anti-entropy options.exchange=push"),
            ("gossip", "nodes=60 seed=7f3a options.style=anti-entropy options.exchange=pull"),
        ],
        script: "request A set x 1",
    },
    Comparison {
        id: "nobody-knows",
        title: text("Blocked, and the truth is another", "同样阻塞，真相不同"),
        says: text(
            "P2, P3 and P4 see the same on both sides. On the left nothing was decided, on the right it is committed.",
            "P2、P3、P4 在两边看到的一样。左边什么都没决定，右边已经提交。",
        ),
        sides: [("two-phase-commit", ASK_ALL), ("two-phase-commit", ASK_ALL)],
        script: "request T tx x=1\n+50ms\n1: crash T\n2: crash T after 1 send\n+30ms\ncrash P1\n+500ms\nrestart T\nrestart P1",
    },
    Comparison {
        id: "asking",
        title: text("Ask the coordinator, or everyone", "只问协调者，还是询问所有人"),
        says: text(
            "The coordinator has told one of four, and is down. Who is asked decides how long the others wait.",
            "协调者只通知了四个中的一个就宕机。询问谁，决定了其余的要等多久。",
        ),
        sides: [("two-phase-commit", ASK_ONE), ("two-phase-commit", ASK_ALL)],
        script: "request T tx x=1\n+50ms\ncrash T after 1 send\n+500ms\nrestart T",
    },
    Comparison {
        id: "two-and-three-phases",
        title: text("Two phases beside three", "两阶段与三阶段"),
        says: text(
            "The same transaction twice. The second time the coordinator crashes: two phases wait, three go on.",
            "同样的事务做两次。第二次协调者宕机：两阶段等待，三阶段继续。",
        ),
        sides: [("two-phase-commit", TWO), ("three-phase-commit", THREE)],
        script: "request T tx x=5\n+200ms\nrequest T tx x=6\n+50ms\ncrash T\n+400ms\nrestart T",
    },
    Comparison {
        id: "timeouts-and-quorums",
        title: text("Timeouts beside quorums", "超时与法定人数"),
        says: text(
            "The same cut between PreCommits. With timeouts both sides decide, each its own; with quorums one waits.",
            "同样在 PreCommit 之间切断。只靠超时，两边各自决定；有法定人数，一边等待。",
        ),
        sides: [
            ("three-phase-commit", "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40"),
            (
                "three-phase-commit",
                "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=quorum",
            ),
        ],
        script: "request T tx x=5\n+56ms\npartition T P1 | P2 P3\n+27ms\ncrash T\n+300ms\nheal",
    },
    Comparison {
        id: "e3pc-and-paxos",
        title: text("E3PC beside Paxos", "E3PC 与 Paxos"),
        says: text(
            "Who leads stands still, another takes over under a higher number, and the first finds nobody who obeys.",
            "领头者停住，另一个以更大的编号接替，先前那个回来后没有谁再听从它。",
        ),
        sides: [
            (
                "three-phase-commit",
                "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40 options.recovery=e3pc",
            ),
            ("paxos", "nodes.proposers=2 nodes.acceptors=3 nodes.learners=1 seed=3c41 network.latency=12..12"),
        ],
        script: "1: request T tx x=5\n2: request P1 propose commit\n+30ms\n2: pause P1\n+10ms\n1: pause T\n+72ms\n\
                 2: request P2 propose abort\n+58ms\n1: resume T\n2: resume P1",
    },
    Comparison {
        id: "raft-and-zab",
        title: text("Raft beside ZAB", "Raft 与 ZAB"),
        says: text(
            "The leader crashes when only A has its proposal. In Raft whoever stands first may win, and A drops it; in ZAB the best vote wins: A leads, and it is committed.",
            "领导者宕机时，只有 A 收到它的提议。Raft 中先参选的可以当选，A 丢弃它；ZAB 中最优的投票获胜：A 领导，它被提交。",
        ),
        sides: [("raft", "nodes=5 seed=7f3a"), ("zab", "nodes=5 seed=7f3a")],
        script: "+600ms\nrequest set x 1\n+100ms\nrequest add x 2\n+100ms\n1: request B add x 3\n2: request E add x 3\n\
                 1: crash B after 1 send\n2: crash E after 1 send\n+700ms\n1: restart B\n2: restart E\n+400ms\nrequest add x 4",
    },
    Comparison {
        id: "two-phase-commit-and-zab",
        title: text("All of them, or a majority", "所有人，还是多数"),
        says: text(
            "A proposal, answers, a commit, twice. With one down two-phase commit aborts and ZAB goes on; without who leads it waits and ZAB elects.",
            "两边都是提议、响应、提交。一个宕机时，两阶段提交中止，ZAB 继续；领头者宕机时，前者等待，ZAB 重新选举。",
        ),
        sides: [("two-phase-commit", TWO), ("zab", "nodes=5 seed=3c41 network.latency=12..12 options.finalizeWait=60")],
        script: "+350ms\n1: request T tx x=5\n2: request E set x 5\n+100ms\n1: crash P1\n2: crash A\n1: request T tx x=6\n\
                 2: request E set x 6\n+250ms\n1: restart P1\n2: restart A\n+150ms\n1: request T tx x=7\n2: request E set x 7\n\
                 +30ms\n1: crash T\n2: crash E\n+500ms\n1: restart T\n2: restart E",
    },
];

const TWO: &str = "seed=3c41 network.latency=12..12 disk=9 options.timeout=80";
const THREE: &str = "seed=3c41 network.latency=12..12 disk=9 options.timeout=40";
const ASK_ONE: &str = "seed=3c41 network.latency=12..12 disk=9 options.termination=coordinator";
const ASK_ALL: &str = "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative";
