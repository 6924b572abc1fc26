//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::promise::Assumption;
use synod_engine::protocol::Breaks;

/// The coordinator's disk is lost when one participant was told to commit and the other was not.
const WIPED: &str = "request T tx x=5\n+38ms\npartition T P1 | P2\n+40ms\ncrash T\nwipe T\nrestart T\nheal";

pub const ALL: &[Breaks] = &[
    Breaks {
        invariant: "agreement",
        without: Some(Assumption::DisksKept),
        config: "nodes.participants=2 seed=7 network.latency=10..10 disk=5",
        script: WIPED,
    },
    Breaks {
        invariant: "no-reversal",
        without: Some(Assumption::DisksKept),
        config: "nodes.participants=2 seed=7 network.latency=10..10 disk=5",
        script: WIPED,
    },
    Breaks {
        invariant: "agreement",
        without: None,
        config: "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.heuristic=abort",
        script: "request T tx x=5\n+38ms\npartition T P1 | P2",
    },
    Breaks {
        invariant: "everyone-decides",
        without: None,
        config: "nodes.participants=2 seed=7 network.latency=10..10 disk=5 options.timeout=60",
        script: "request T tx x=5\n+37ms\ncrash T\n+700ms\nrequest P1 veto P1",
    },
];
