//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::prelude::*;

/// Two proposers.
const TWO: &str = "nodes.proposers=2 seed=1a";

pub const ALL: &[Breaks] = &[
    Breaks {
        invariant: "decided-once",
        without: Some(Assumption::DisksKept),
        config: TWO,
        script: "request P1 propose olive\n+100ms\ncrash A1\nwipe A1\nrestart A1\nrequest P2 propose fig",
    },
    Breaks {
        invariant: "one-holder",
        without: Some(Assumption::DisksKept),
        config: TWO,
        script: "request P1 propose olive\n+32ms\ncrash A1\nwipe A1\nrestart A1\nrequest P2 propose fig",
    },
];
