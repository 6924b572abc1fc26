//! Runs in which a promise does not hold, since what it rests on was broken or is not promised. A flight takes 10 ms
//! and a disk 5: what is asked at 0 ms is voted on at 25, prepared at the coordinator at 40 and at the participants at
//! 55, and decided at 70.

use synod_engine::promise::Assumption;
use synod_engine::protocol::Breaks;

const TIMEOUTS: &str = "nodes.participants=2 seed=7 network.latency=10..10 disk=5";
const TERMINATION: &str = "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.recovery=termination";

/// The coordinator forgets that it committed, and tells one that comes back that it never began.
const WIPED: &str = "request T tx x=5\n+75ms\ncrash P2\ncrash T\nwipe T\nrestart T\nrestart P2";
/// PreCommit reaches one side of a cut.
const CUT: &str = "request T tx x=5\n+39ms\npartition T P1 | P2";

const fn agreement(without: Assumption, config: &'static str, script: &'static str) -> Breaks {
    Breaks { invariant: "agreement", without: Some(without), config, script }
}

const fn watched(invariant: &'static str, config: &'static str, script: &'static str) -> Breaks {
    Breaks { invariant, without: None, config, script }
}

pub const ALL: &[Breaks] = &[
    agreement(Assumption::DisksKept, TIMEOUTS, WIPED),
    agreement(Assumption::DisksKept, TERMINATION, WIPED),
    agreement(
        Assumption::DisksKept,
        "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.recovery=quorum",
        WIPED,
    ),
    agreement(
        Assumption::DisksKept,
        "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.recovery=e3pc",
        WIPED,
    ),
    Breaks { invariant: "no-reversal", without: Some(Assumption::DisksKept), config: TIMEOUTS, script: WIPED },
    // B1: each side does what its timeouts say; and under the termination protocol, B2.
    agreement(Assumption::NoPartition, TIMEOUTS, CUT),
    agreement(Assumption::NoPartition, TERMINATION, CUT),
    agreement(Assumption::SentToAll, TIMEOUTS, "request T tx x=5\n+39ms\ncrash T after 1 send"),
    agreement(Assumption::NothingLost, TIMEOUTS, "request T tx x=5\n+41ms\ndrop pre-commit T -> P2\n+20ms\ncrash T"),
    agreement(
        Assumption::NothingLost,
        TERMINATION,
        "request T tx x=5\n+41ms\ndrop pre-commit T -> P2\n+60ms\ncrash T after 0 sends\n+99ms\ncrash P1",
    ),
    agreement(Assumption::InTime, TIMEOUTS, "request T tx x=5\n+41ms\nhold pre-commit T -> P2\n+20ms\ncrash T"),
    // B3: the coordinator stands still, others take over and abort, and it goes on where it stood.
    agreement(Assumption::InTime, TERMINATION, "request T tx x=5\n+33ms\npause T\n+400ms\nresume T"),
    // The coordinator commits without those who are down, and is not back when they are.
    agreement(
        Assumption::LastBack,
        TERMINATION,
        "request T tx x=5\n+39ms\ncrash P1\ncrash P2\n+200ms\ncrash T\nrestart P1\nrestart P2",
    ),
    // B4: a PreCommit that was in memory only is forgotten by all who acknowledged it.
    watched(
        "agreement",
        "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.recovery=termination options.precommitForced=false",
        "request T tx x=5\n+52ms\ncrash T after 0 sends\n+10ms\ncrash P1\ncrash P2\nrestart P1\nrestart P2\n+400ms\nrestart T",
    ),
    watched(
        "written-first",
        "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.precommitForced=false",
        "request T tx x=5\n+60ms\nrequest P1 get P1 x",
    ),
    watched(
        "everyone-decides",
        "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.timeout=40",
        "request T tx x=5\n+60ms\ncrash T\ncrash P1\ncrash P2\nrestart P1\nrestart P2\n+900ms\nrequest P1 veto P1",
    ),
    // One is prepared to commit and one to abort: two of three, connected, and neither side has a quorum.
    watched(
        "quorum-decides",
        "nodes.participants=3 seed=7 network.latency=10..10 disk=5 options.recovery=quorum options.timeout=40",
        "request T tx x=5\n+38ms\ncrash T after 1 send\n+18ms\npartition P1 | P2 P3 T\n+76ms\ncrash P3\nheal\n+900ms\nrequest P1 veto P1",
    ),
    Breaks {
        invariant: "quorum-decides",
        without: Some(Assumption::NothingLost),
        config: "nodes.participants=3 seed=7 network.latency=10..10 disk=5 options.recovery=e3pc options.timeout=40",
        script: "request T tx x=5\n+38ms\ncrash T\nloss 100%\n+900ms\nrequest P1 veto P1",
    },
    Breaks {
        invariant: "quorum-decides",
        without: Some(Assumption::InTime),
        config: "nodes.participants=3 seed=7 network.latency=10..10 disk=5 options.recovery=e3pc options.timeout=40",
        script: "request T tx x=5\n+38ms\ncrash T\npause P1\n+900ms\nrequest P1 veto P1",
    },
];
